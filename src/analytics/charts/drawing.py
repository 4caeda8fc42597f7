"""Which chart suits a protected table."""

from __future__ import annotations

from collections.abc import Callable

from analytics.charts.bars import changes, deviations
from analytics.charts.control import control
from analytics.charts.figure import Figure
from analytics.charts.funnel import funnel
from analytics.charts.lines import monthly
from analytics.charts.paired import cost_bars, share_bars
from analytics.charts.spans import spans
from analytics.charts.steps import has_parts, steps
from analytics.disclosure import ProtectedTable
from analytics.errors import UsageError
from analytics.grid import require_protected
from analytics.sentences import Text

__all__ = ["changes", "deviations", "monthly", "of"]

DRAWERS: dict[str, Callable[[ProtectedTable], Figure]] = {
    "control": control,
    "cost_bars": cost_bars,
    "funnel": funnel,
    "share_bars": share_bars,
    "spans": spans,
    "steps": steps,
}
"""``spec.chart`` → what draws it; tables without one are drawn by their keys."""
NOTHING = "Det finns inga uppgifter som kan visas i diagrammet {title}."


def of(protected: ProtectedTable, *, column: str | None = None) -> Figure | Text:
    """The chart that suits a table, or a sentence where no value but zero is left to draw.

    Monthly tables become lines, tables by group bars of the change, ledger tables bars of the deviation ``column``
    (default: against budget). Raises DisclosureError unless the table is protected, UsageError for an unknown column.
    """
    table = require_protected(protected)
    if column is not None and column not in table.headings:
        drawn = f"Columns of {table.spec.table_id}: {', '.join(table.headings)}."
        raise UsageError(
            f"{table.spec.table_id} has no column {column!r} to draw",
            action=drawn if table.headings else "Leave column out.",
        )
    if table.spec.chart:
        if (table.frame["status"] != "ok").all() or (table.spec.chart == "steps" and not has_parts(table)):
            return Text(NOTHING.format(title=table.spec.title))
        return DRAWERS[table.spec.chart](table)
    drawable = table.frame.filter(table.frame["status"] == "ok")
    if "column" in table.spec.keys:
        wanted = column or ("change" if "change" in table.headings else _budget_column(table))
        drawable = drawable.filter(drawable["column"] == wanted)
    if "row_type" in table.spec.keys:
        drawable = drawable.filter(drawable["row_type"] == "row")
    if (drawable["value"] == 0).all():  # nothing, or nothing but zeros
        return Text(NOTHING.format(title=table.spec.title))
    if "period" in table.spec.keys:
        return monthly(table)
    return changes(table) if wanted == "change" else deviations(table, column=wanted)


def _budget_column(table: ProtectedTable) -> str:
    return "outcome_vs_budget" if "outcome_vs_budget" in table.headings else "vs_budget"
