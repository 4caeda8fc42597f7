"""Which measure answers a published cell: file kind → table, column → code, row → keys. Data, not code paths.

A staff table is published for the last month with complete time and absence, so its file bears an earlier month than
the report (``staff.lag_months``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.measures.catalogue import MeasureTable
from analytics.periods import Period
from analytics.reconciliation.published import Cell, Row, Table
from analytics.reconciliation.vocabulary import (
    FR1_KINDS,
    LEDGER_KINDS,
    PIVOT_KINDS,
    QUARTERLY_KINDS,
    RATE_KINDS,
    STAFF_KINDS,
    is_total_label,
)

_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "fr1_forecast": {
        "forecast": "forecast",
        "budget_year": "budget",
        "previous_year": "previous",
        "forecast_vs_budget": "vs_budget",
        "forecast_vs_previous": "vs_previous",
    },
    "fr1_summary": {"vs_budget": "outcome_vs_budget"},
}
"""Published column code → column of the measure, where the two differ."""
_ROW_KEY = {"absence_fte": "absence_group", **dict.fromkeys(STAFF_KINDS[:-1], "personnel_group")}

Key = tuple[str, ...]


def belongs(table: Table, *, period: Period, lag_months: int) -> bool:
    """Whether a published table is one of the report of ``period``."""
    if table.kind not in QUARTERLY_KINDS:
        return False
    month = period if table.kind in LEDGER_KINDS else period.plus(-lag_months)
    return table.period == f"{month.year:04d}_{month.month:02d}"


def published_key(table: Table, cell: Cell) -> Key:
    """Row, part and column of a published cell in the words of the measures."""
    row = next(each for each in table.rows if each.key == cell.row)
    column = _COLUMNS.get(table.kind, {}).get(cell.column, cell.column)
    return (*_published_row(table, row), cell.part, column)


def _published_row(table: Table, row: Row) -> Key:
    if table.kind in RATE_KINDS:
        return ("rate",)
    if table.kind in STAFF_KINDS:
        return ("", "total") if row.is_total else (row.code, "row")
    if table.kind in FR1_KINDS:
        return (row.parent.casefold(), row.label.casefold())
    if table.kind == "projects":
        return ("" if is_total_label(row.parent) else row.parent, row.code)
    if row.is_total:
        return ("total", "0")
    return (row.code, str(_occurrence(table.rows, row)))


def _occurrence(rows: Sequence[Row], row: Row) -> int:
    """How many rows with the same code stand above: a class is printed both as a heading and as itself."""
    same = [each.key for each in rows if each.code == row.code and not each.is_total]
    return same.index(row.key)


def measured_values(table: MeasureTable, records: Sequence[Mapping[str, Any]]) -> dict[Key, Mapping[str, Any]]:
    """The records of a measure (or of its protected form) by the same keys."""
    kind = table.spec.table_id
    names = {record.get("report_line", ""): str(record.get("report_line_label", "")) for record in records}
    positions: dict[tuple[str, str], int] = {}
    counts: dict[str, int] = {}
    found: dict[Key, Mapping[str, Any]] = {}
    for record in records:
        row: Key
        if kind in RATE_KINDS:
            row, part = ("rate",), record["sex"]
        elif kind in STAFF_KINDS:
            total = record["row_type"] == "total"
            row, part = (("", "total") if total else (record[_ROW_KEY[kind]], "row")), record["sex"]
        elif kind in FR1_KINDS:
            parent = names.get(record["parent"] or "", "") if record["parent"] else ""
            row, part = (parent.casefold(), record["report_line_label"].casefold()), record.get("origin", "total")
        elif kind in PIVOT_KINDS:
            row, part = _pivot_row(record, positions, counts), ""
        else:
            row, part = (record["cost_centre"], record["account_class"]), ""
        found[*row, part, record["column"]] = record
    return found


def _pivot_row(record: Mapping[str, Any], positions: dict[tuple[str, str], int], counts: dict[str, int]) -> Key:
    if record["row_type"] == "total":
        return ("total", "0")
    code = record["code"]
    same = (code, f"{record['level']} {record['label']}")
    if same not in positions:
        positions[same] = counts.get(code, 0)
        counts[code] = positions[same] + 1
    return (code, str(positions[same]))


def absent_is_zero(kind: str) -> bool:
    """Staff tables list only groups with anything in them; projects and FR1 print 0. A pivot leaves a blank."""
    return kind not in PIVOT_KINDS
