"""Tidy CSV files for machines: UTF-8, comma, LF, decimal point, unrounded values, one row per figure.

Columns: the table's keys, ``text`` where the table has figures in words, ``value`` (empty unless the status is ``ok``),
``status`` (``ok``, ``suppressed``, ``missing``) and ``unit``. A table that is shared by itself says what it is
in columns after them: title, period, audience, source and so on, the same in every row.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from analytics.exports.table_data import TableData

HEADER_TAIL = ("value", "status", "unit")


def csv_text(table: TableData, *, about: Mapping[str, str] | None = None) -> str:
    """The table as CSV. The same table gives the same bytes. ``about``: names and values of the columns at the end."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    facts = about or {}
    writer.writerow((*table.keys, *(("text",) if table.texts else ()), *HEADER_TAIL, *facts))
    for row in table.rows:
        writer.writerow((*(_cell(value) for value in row), table.unit_of(row), *facts.values()))
    return stream.getvalue()


def _cell(value: object) -> object:
    if value is None:
        return ""
    # A negative zero is an accident of subtraction.
    return 0.0 if isinstance(value, float) and value == 0 else value
