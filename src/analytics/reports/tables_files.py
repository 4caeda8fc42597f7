"""Tidy CSV files for machines: UTF-8, comma, LF, decimal point, unrounded values, one row per figure.

Columns: the table's keys, ``text`` where the table has figures in words, ``value`` (empty unless the status is ``ok``),
``status`` (``ok``, ``suppressed``, ``missing``) and ``unit``.
"""

from __future__ import annotations

import csv
import io

from analytics.reports.table_data import TableData

HEADER_TAIL = ("value", "status", "unit")


def csv_text(table: TableData) -> str:
    """The table as CSV. The same table gives the same bytes."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow((*table.keys, *(("text",) if table.texts else ()), *HEADER_TAIL))
    for row in table.rows:
        writer.writerow((*(_cell(value) for value in row), table.unit_of(row)))
    return stream.getvalue()


def _cell(value: object) -> object:
    if value is None:
        return ""
    # A negative zero is an accident of subtraction.
    return 0.0 if isinstance(value, float) and value == 0 else value
