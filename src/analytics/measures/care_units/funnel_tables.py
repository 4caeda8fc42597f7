"""One funnel per share: where each unit lies against the limits of chance around the group's share."""

from __future__ import annotations

from analytics import swedish
from analytics.care_follow_up import SHARE_OF
from analytics.measures.care_units.counts import Counts, Part, together
from analytics.measures.care_units.funnel import SIGNAL_TAIL, WARNING_TAIL, dispersion, limits
from analytics.measures.care_units.tables import ALL, Cell, finish, row, unit_head
from analytics.measures.catalogue import MeasureTable
from analytics.measures.catalogue.care_units import FUNNEL
from analytics.measures.scope import Data, Scope

INSIDE = "inom gränserna"
PLACES = {
    (0, -1): "under 95\u00a0%-gränsen",
    (0, 1): "över 95\u00a0%-gränsen",
    (-1, -1): "under 99,8\u00a0%-gränsen",
    (1, 1): "över 99,8\u00a0%-gränsen",
}
"""(place against the outer limits, against the inner) → words; anything else is inside."""


def care_unit_funnel(table_id: str, data: Data, scope: Scope) -> MeasureTable:
    """One share of every unit with limits of 95 % and 99.8 % around the group's share, and the place in words.

    Columns: care_unit, care_unit_label, row_type, column, text, value (per cent; ``denominator`` a number), n. The
    total row holds the group's share, which the limits are drawn around. Source: 003:86-211; decision 014.
    """
    share = SHARE_OF[table_id.removeprefix(FUNNEL)]
    counts = Counts.of(data, scope)
    parts = {unit: part for unit, part in counts.parts(share, scope.ledger_range.months).items() if part.denominator}
    compared = counts.compared(parts)
    group = together(compared.values())
    notes = []
    rows: list[dict[str, object]] = []
    if group.denominator:
        centre = group.numerator / group.denominator
        factor = dispersion([(part.numerator, int(part.denominator)) for part in compared.values()], centre)
        if factor > 1:
            notes.append(
                "Enheterna skiljer sig tydligt mer än slumpen ger, så gränserna är vidgade "
                f"{swedish.number(factor**0.5, 1)} gånger. De visar den som avviker även från den spridningen."
            )
        for unit, part in parts.items():
            rows += row(unit_head(unit, counts.units[unit]), _cells(part, centre, factor))
        cells = {"denominator": _count(group), "share": Cell(group.pct, group.n)}
        rows += row(unit_head("", ALL), cells)
    return finish(table_id, rows, period_label=scope.ledger_range.label, notes=notes)


def _count(part: Part) -> Cell:
    return Cell(part.denominator, int(part.denominator), swedish.number(part.denominator))


def _cells(part: Part, centre: float, factor: float) -> dict[str, Cell]:
    whole = int(part.denominator)
    inner, outer = (limits(whole, centre, tail, factor) for tail in (WARNING_TAIL, SIGNAL_TAIL))
    place = PLACES.get((outer.place(part.numerator), inner.place(part.numerator)), INSIDE)
    bounds = {
        "low_95": inner.low, "high_95": inner.high, "low_998": outer.low, "high_998": outer.high,
    }  # fmt: skip
    return {
        "denominator": _count(part),
        "share": Cell(part.pct, part.n),
        **{name: Cell(count / whole * 100, whole) for name, count in bounds.items()},
        "place": Cell(None, part.n, place),
    }
