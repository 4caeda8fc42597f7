"""The sentence that states the main change of a table: direction, magnitude, unit and comparison, all computed.

Changes come from the table's own change columns, which are unrounded. A percentage is of the absolute value of the
comparison and is not given when that is zero, missing, suppressed or of the other sign. A suppressed figure is said
to be suppressed and is never derived from the figures around it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from analytics.disclosure import ProtectedTable
from analytics.grid import require_protected
from analytics.sentences import (
    care_units,
    deviations,
    focus,
    forecast,
    indicators,
    kpp,
    ledger,
    monthly,
    plan,
    staff,
    summary,
)

__all__ = ["Text", "main_change"]

_WRITERS: dict[str, Callable[[ProtectedTable], str]] = {
    "worked_fte": staff.by_group,
    "overtime_fte": staff.by_group,
    "additional_fte": staff.by_group,
    "hourly_fte": staff.by_group,
    "absence_fte": staff.by_group,
    "headcount": staff.by_group,
    "sick_leave_pct": staff.rate,
    "turnover_pct": staff.rate,
    "sick_leave_disclosure": staff.disclosure,
    "agency_staff_fte": staff.agency,
    "agency_staff_cost": staff.agency,
    "fr1_outcome": ledger.fr1_outcome,
    "fr1_forecast": ledger.fr1_forecast,
    "fr1_summary": ledger.fr1_summary,
    "seasonal_budget": ledger.seasonal,
    "projects": ledger.projects,
    "result_by_class": ledger.pivot,
    "staff_cost_by_group": ledger.pivot,
    "operations_by_class": ledger.pivot,
    "worked_fte_monthly": monthly.staff,
    "headcount_monthly": monthly.staff,
    "sick_leave_pct_monthly": monthly.staff,
    "absence_fte_monthly": monthly.absence,
    "net_monthly": monthly.ledger,
    "staff_cost_monthly": monthly.ledger,
    **deviations.WRITERS,
    **forecast.WRITERS,
    **plan.WRITERS,
    **focus.WRITERS,
    **indicators.WRITERS,
    **care_units.WRITERS,
    **kpp.WRITERS,
    **summary.WRITERS,
}


@dataclass(frozen=True, slots=True)
class Text:
    """One or a few finished sentences. Shows itself as a paragraph."""

    text: str

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f'<p class="huvudbudskap">{escape(self.text)}</p>'

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        del include, exclude
        return {"text/html": self._repr_html_(), "text/plain": self.text}


def main_change(protected: ProtectedTable, *, line: str | None = None) -> Text:
    """The main change of a table in Swedish, or of one line of ``fr1_outcome`` (income, staff, operations, capital).

    Raises DisclosureError unless the table is protected and UsageError for a line without a sentence.
    """
    table = require_protected(protected)
    if line is not None:
        return Text(ledger.line(table, line))
    table_id = table.spec.table_id
    if table_id.startswith("focus_"):  # areas are declared in the settings
        return Text(monthly.ledger(table) if table_id.endswith("_monthly") else ledger.pivot(table))
    return Text(_WRITERS[table_id](table))
