"""Which tables another range of months or a part of a unit has, declared once, and how they say so."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from analytics.errors import UsageError
from analytics.measures.catalogue import MeasureTable
from analytics.measures.catalogue.focus import MONTHLY, PREFIX
from analytics.measures.scope import Scope
from analytics.periods import SPANS

RANGED: Final = frozenset(
    {
        "worked_fte",
        "overtime_fte",
        "additional_fte",
        "hourly_fte",
        "absence_fte",
        "headcount",
        "sick_leave_pct",
        "sick_leave_disclosure",
        "turnover_pct",
        "agency_staff_fte",
        "agency_staff_cost",
        "agency_share_pct",
        "fr1_outcome",
        "result_by_class",
        "staff_cost_by_group",
        "operations_by_class",
        "seasonal_budget",
    }
)
"""Tables that follow the range of months; those of focus areas do too."""
OF_MONTHS: Final = frozenset(
    {
        "worked_fte_monthly",
        "absence_fte_monthly",
        "sick_leave_pct_monthly",
        "headcount_monthly",
        "net_monthly",
        "staff_cost_monthly",
        "agency_fte_monthly",
    }
)
"""Tables month by month, the same whatever the range; those of focus areas are too."""
OF_PARTS: Final = frozenset(
    {
        "worked_fte",
        "overtime_fte",
        "additional_fte",
        "hourly_fte",
        "absence_fte",
        "headcount",
        "sick_leave_pct",
        "sick_leave_disclosure",
        "turnover_pct",
        "worked_fte_monthly",
        "absence_fte_monthly",
        "sick_leave_pct_monthly",
        "headcount_monthly",
        "fr1_outcome",
        "fr1_forecast",
        "fr1_summary",
        "result_by_class",
        "staff_cost_by_group",
        "operations_by_class",
        "seasonal_budget",
        "projects",
        "net_monthly",
        "staff_cost_monthly",
    }
)
"""Tables that exist below the administration; those of focus areas do too. The others are about whole administrations:
goals, care units, clinics, agency staff, the plan and what a unit's own forecast and comments are bound to."""


def is_monthly(table_id: str) -> bool:
    """Whether a table is a series of months."""
    return table_id in OF_MONTHS or (table_id.startswith(PREFIX) and table_id.endswith(MONTHLY))


def follows_range(table_id: str) -> bool:
    """Whether a table is measured over the range of months."""
    return table_id in RANGED or (table_id.startswith(PREFIX) and not table_id.endswith(MONTHLY))


def exists_below(table_id: str) -> bool:
    """Whether a table can be measured for a base unit or a cost centre."""
    return table_id in OF_PARTS or table_id.startswith(PREFIX)


def refuse(table_id: str, scope: Scope) -> None:
    """Raise UsageError where the table has no meaning for the range or the part of the scope."""
    if scope.part is not None and not exists_below(table_id):
        raise UsageError(
            f"{table_id} exists per administration only, not for {scope.part.code} {scope.part.label}",
            action=f"Ask the bench of the whole unit: wb.{table_id}.",
        )
    if scope.span == "accumulated" or is_monthly(table_id):
        return
    if not follows_range(table_id):
        raise UsageError(
            f"{table_id} has its own months and cannot be given for the range {scope.span!r}",
            action=f"Ask the bench without a range: wb.{table_id}.",
        )
    if table_id == "seasonal_budget" and scope.ledger_range.first.year != scope.period.year:
        raise UsageError(
            f"the seasonal budget is that of one year, and {scope.ledger_range.label} is in two",
            action='Ask for a range within the year: wb.range("accumulated"), wb.range("quarter").',
        )


def named(table: MeasureTable, scope: Scope) -> MeasureTable:
    """The table with title and headings that say its part and its range."""
    spec, headings = table.spec, table.headings
    if scope.part is not None:
        spec = replace(spec, title=f"{spec.title} – {scope.part.code} {scope.part.label}")
    if scope.span != "accumulated" and follows_range(spec.table_id):
        spec = replace(spec, definition=spec.definition.replace("ackumulerat", SPANS[scope.span]))
        headings = {code: text.removesuffix(" hittills") for code, text in headings.items()}
    return table if spec is table.spec and headings is table.headings else replace(table, spec=spec, headings=headings)
