"""Shares of persons in registers month by month: how a unit has moved, without limits of chance (decision 014)."""

from __future__ import annotations

from analytics.care_follow_up import SHARES
from analytics.measures.care_units.counts import Counts
from analytics.measures.care_units.tables import Cell, finish, row, unit_head
from analytics.measures.catalogue import MeasureTable
from analytics.measures.catalogue.care_units import REGISTER_MONTHS
from analytics.measures.scope import Data, Scope

SAME_PERSONS = "Det är nästan samma personer varje månad. Influensavaccinationerna börjar om varje höst."


def care_unit_registers(data: Data, scope: Scope) -> MeasureTable:
    """Each share of persons of every unit as it stood at the end of the latest months, and a year before.

    Columns: share, share_label, care_unit, care_unit_label, row_type, column (``year_ago``, ``before_5`` …
    ``before_1``, ``now``), value (per cent), n. A month that the unit lacks has no cell value.
    There is no row of all units: not the same units can be shown every month. Source: 003:98-147, 193-211.
    """
    counts = Counts.of(data, scope)
    months = {code: str(scope.period.plus(-back)) for code, back in REGISTER_MONTHS.items()}
    rows: list[dict[str, object]] = []
    for share in SHARES:
        if share.is_summed:
            continue
        parts = {code: counts.parts(share, [month]) for code, month in months.items()}
        for unit, label in counts.units.items():
            cells = {
                code: Cell(of_month[unit].pct, of_month[unit].n) if unit in of_month else Cell()
                for code, of_month in parts.items()
            }
            head = {"share": share.code, "share_label": share.label, **unit_head(unit, label)}
            rows += row(head, cells)
    headings = {code: scope.period.plus(-back).label for code, back in REGISTER_MONTHS.items()}
    return finish(
        "care_unit_registers",
        rows,
        period_label=scope.period.label,
        notes=(SAME_PERSONS,),
        headings=headings,
    )
