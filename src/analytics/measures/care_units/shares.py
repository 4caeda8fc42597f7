"""Shares of the care units with their targets, side by side and against the year before, and care plans."""

from __future__ import annotations

from fractions import Fraction

from analytics import swedish
from analytics.care_follow_up import SHARES, Share
from analytics.goals import Register, Relative, Target, Threshold
from analytics.measures import comparisons
from analytics.measures.care_units.counts import Counts, Part, together
from analytics.measures.care_units.tables import ALL, TARGET, Cell, finish, row, unit_head
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.scope import Data, Scope

YES, NO = "ja", "nej"
RISE = "ska öka"
ALIKE = f"För ”{ALL}” jämförs åren bara där samma enheter kan visas båda åren."
_WORDS = {">=": "minst", ">": "mer än", "<=": "högst", "<": "mindre än"}


def targets(scope: Scope) -> dict[str, Target]:
    """Share → the target that its indicator has in the register of indicators."""
    read = {indicator.id: indicator.target for indicator in Register.read(scope.settings.paths.reference).indicators}
    return {share.code: read[share.indicator] for share in SHARES}


def target_cell(target: Target) -> Cell:
    """The target in words, with its value where it has one."""
    if isinstance(target, Threshold):
        decimals = 0 if target.value.denominator == 1 else 1
        text = f"{_WORDS[target.comparison]} {swedish.percent(float(target.value), decimals)}"
        return Cell(float(target.value), 0, text)
    return Cell(None, 0, RISE if target == Relative("higher") else "kan inte bedömas")


def is_met(target: Target, part: Part, previous: Part | None) -> bool | None:
    """Whether the exact share reaches the target; None where that cannot be judged."""
    if not part.denominator:
        return None
    share = _exact(part)
    if isinstance(target, Threshold) and target.comparison == ">=":
        return share >= target.value
    if target == Relative("higher") and previous is not None and previous.denominator:
        return share > _exact(previous)
    return None


def _exact(part: Part) -> Fraction:
    return Fraction(part.numerator) / Fraction(part.denominator) * 100


def _smallest(*parts: Part | None) -> int:
    return min((part.n for part in parts if part is not None and part.n), default=0)


def compared_note(counts: Counts) -> str:
    """Which units the comparison is made of."""
    return (
        f"”{ALL}” är de enheter vars egen andel kan visas. En enhet med färre än {counts.least} i någon av grupperna, "
        "eller i det som har kommit till sedan en tidigare rapport, ingår inte i jämförelsen, så att den inte kan "
        "räknas fram."
    )


def care_unit_shares(data: Data, scope: Scope) -> MeasureTable:
    """Every share of every unit: numerator, denominator, per cent, a year before, target and whether it is met.

    Columns: share, share_label, care_unit, care_unit_label, row_type, column, text, value, n. Counts are printed as
    text; ``met`` is text alone. Source: 003:86-211.
    """
    counts = Counts.of(data, scope)
    aims = targets(scope)
    now, before = scope.ledger_range.months, scope.ledger_range.previous_year.months
    rows: list[dict[str, object]] = []
    for share in SHARES:
        parts, earlier = counts.parts(share, now), counts.parts(share, before)
        for unit, label in counts.units.items():
            if unit in parts:
                cells = _cells(parts[unit], earlier.get(unit), aims[share.code])
                rows += row({**_head(share), **unit_head(unit, label)}, cells)
        compared = counts.compared(parts)
        if compared:
            last = counts.compared(earlier)
            # With other units in the two years the change would be one of who is counted.
            alike = together(last.values()) if set(last) == set(compared) else None
            cells = _cells(together(compared.values()), alike, aims[share.code])
            rows += row({**_head(share), **unit_head("", ALL)}, cells)
    return finish(
        "care_unit_shares",
        rows,
        period_label=scope.ledger_range.label,
        notes=(compared_note(counts), ALIKE, "Förändringen räknas på oavrundade andelar."),
    )


def _head(share: Share) -> dict[str, str]:
    return {"share": share.code, "share_label": share.label}


def _cells(part: Part, previous: Part | None, target: Target) -> dict[str, Cell]:
    met = is_met(target, part, previous)
    n, whole = part.n, int(part.denominator)
    was = previous.pct if previous else None
    change = None if part.pct is None or was is None else part.pct - was
    both = _smallest(part, previous)
    return {
        "numerator": Cell(part.numerator, n, swedish.number(part.numerator)),
        "denominator": Cell(part.denominator, whole, swedish.number(part.denominator)),
        "share": Cell(part.pct, n),
        "previous": Cell(was, previous.n if previous else 0),
        "change": Cell(change, both),
        "target": target_cell(target),
        "met": Cell(None, both if target == Relative("higher") else n, None if met is None else YES if met else NO),
    }


def care_unit_overview(data: Data, scope: Scope) -> MeasureTable:
    """Units as rows and shares as columns, with the group and the targets below.

    Columns: care_unit, care_unit_label, row_type, column (share), text, value (per cent), n. Source: 003:86-211.
    """
    counts = Counts.of(data, scope)
    months = scope.ledger_range.months
    parts = {share.code: counts.parts(share, months) for share in SHARES}
    rows: list[dict[str, object]] = []
    for unit, label in counts.units.items():
        cells = {
            code: Cell(of_share[unit].pct, of_share[unit].n) if unit in of_share else Cell()
            for code, of_share in parts.items()
        }
        rows += row(unit_head(unit, label), cells)
    sums = {code: together(counts.compared(of_share).values()) for code, of_share in parts.items()}
    rows += row(unit_head("", ALL), {code: Cell(part.pct, part.n) for code, part in sums.items()})
    aims = {code: target_cell(target) for code, target in targets(scope).items()}
    rows += row({"care_unit": "target", "care_unit_label": TARGET, "row_type": "total"}, aims)
    return finish("care_unit_overview", rows, period_label=scope.ledger_range.label, notes=(compared_note(counts),))


def care_unit_care_plans(data: Data, scope: Scope) -> MeasureTable:
    """Care plans (SIP) carried out from January, both years and the change.

    Columns: care_unit, care_unit_label, row_type, column, value (number), n. There is no row of all units: a hidden
    number could be worked out from it. Source: 003:127-137.
    """
    counts = Counts.of(data, scope)
    now, before = scope.ledger_range.months, scope.ledger_range.previous_year.months
    rows: list[dict[str, object]] = []
    for unit, label in counts.units.items():
        current = counts.total(unit, "care_plans", now)
        own = set(counts.months_of(unit))
        previous = counts.total(unit, "care_plans", before) if own.issuperset(before) else None
        change = None if current is None or previous is None else current - previous
        told = {"current": counts.told(unit, "care_plans", now), "previous": counts.told(unit, "care_plans", before)}
        cells = {
            "current": Cell(current, told["current"]),
            "previous": Cell(previous, told["previous"] if previous is not None else 0),
            "change": Cell(change, min((group for group in told.values() if group), default=0)),
        }
        rows += row(unit_head(unit, label), cells)
    spec = TABLES["care_unit_care_plans"]
    return finish(
        spec.table_id,
        rows,
        period_label=scope.ledger_range.label,
        notes=(
            "Målet är att antalet ska öka.",
            f"Ett antal visas inte om färre än {counts.least} har kommit till sedan en rapport som visade det.",
        ),
        headings=comparisons.year_headings(spec, scope.ledger_range),
    )
