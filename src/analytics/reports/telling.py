"""Which figures may stand side by side as they were and as they are (decisions 017 and 021).

Figures about no persons always may. Of figures about persons only the totals of the unit may, and only where the step
between the two versions is as large as the smallest group that may be shown: a smaller one can be the correction of one
person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from analytics.exports.table_data import TableData
from analytics.measures.catalogue.model import APART
from analytics.reports.printed_figures import Cell, Key, key_names
from analytics.settings import Audience

NO_PERSONS: Final = "none"
HEADCOUNT: Final = "headcount"
_PERSONS: Final = ("antal", "årsarbetare")


def is_derived(table: TableData, key: Key) -> bool:
    """Whether a figure follows from others of its table: changes and deviations."""
    column = _named(table, key).get("column", "")
    return column == "change" or column.startswith("vs_") or "_vs_" in column


def is_whole(table: TableData, key: Key) -> bool:
    """Whether a figure is about all of the unit and not about a part of its staff or patients."""
    named = _named(table, key)
    if named.get("sex", "T") != "T":
        return False
    if named.get("row_type", "row") not in ("row", APART):
        return True
    parts = set(named) - {"sex", "column", "row_type", "period", "level", "parent"}
    if parts == {"measure"}:
        place = table.keys.index("measure")
        return len({row[place] for row in table.rows}) == 1
    return not parts


def may_tell(  # noqa: PLR0913 - both figures, what they are and who reads them
    table: TableData, key: Key, before: Cell, after: Cell, *, limits: Audience, headcount: float | None
) -> bool:
    """Whether both figures may be told. ``headcount`` is the unit's staff, the smaller of both versions, if known."""
    if table.protection == NO_PERSONS:
        return True
    if is_derived(table, key) or not is_whole(table, key):
        return False
    if any(cell.value is None for cell in (before, after) if cell.status != "missing"):
        return False  # words
    if before.value is None or after.value is None:
        return True
    persons = _in_persons(table, abs(after.value - before.value), headcount)
    return persons is not None and round(persons, 6) >= _least(table, limits)


def headcount_of(cells: Mapping[Key, Cell], table: TableData) -> float | None:
    """How many the unit employs: the smallest of the totals of the table of headcount."""
    values = [
        cell.value
        for key, cell in cells.items()
        if cell.value is not None and is_whole(table, key) and not is_derived(table, key)
    ]
    return min(values, default=None)


def _in_persons(table: TableData, step: float, headcount: float | None) -> float | None:
    """The fewest persons (or full-time equivalents) whose figures can make such a step; None if that is not known."""
    if table.unit in _PERSONS:
        return step
    if table.unit == "%" and table.protection != "patients" and headcount:
        return step / 100 * headcount
    return None


def _least(table: TableData, limits: Audience) -> int:
    if table.protection == "sick_leave":
        return limits.sick_leave_at_most + 1
    return limits.patients_fewer_than if table.protection == "patients" else limits.staff_fewer_than


def _named(table: TableData, key: Key) -> dict[str, str]:
    return dict(zip(key_names(table), key, strict=True))
