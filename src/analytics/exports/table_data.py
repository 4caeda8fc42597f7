"""A protected table as plain data: what crosses from the notebook's process to the files of the package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analytics.errors import DisclosureError

STATUSES = ("ok", "suppressed", "missing")
Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class TableData:
    """``rows`` hold the keys, the text if the table has texts, then value (None unless the status is ok) and status."""

    table_id: str
    title: str
    keys: tuple[str, ...]
    unit: str
    change_unit: str
    decimals: int
    definition: str
    source: str
    headings: dict[str, str]
    period_label: str
    notes: tuple[str, ...]
    mark: str
    rows: tuple[tuple[Value, ...], ...]
    texts: bool = False
    protection: str = "staff"
    """Whose limits decided what is suppressed; ``none`` if the table is about no persons."""

    def unit_of(self, row: tuple[Value, ...]) -> str:
        """The unit of one row: changes of percentages are percentage points."""
        if self.change_unit and "column" in self.keys and row[self.keys.index("column")] == "change":
            return self.change_unit
        return self.unit


def from_protected(table: Any) -> TableData:
    """The plain form of a ``ProtectedTable``.

    Raises DisclosureError for anything else, and if the frame holds a count of persons or a value behind a mark.
    """
    from analytics.disclosure import ProtectedTable

    if not isinstance(table, ProtectedTable):
        raise DisclosureError(
            f"{type(table).__name__} is not a protected table", action="Use wb.protected(…) in the notebook."
        )
    spec, frame = table.spec, table.frame
    texts = ("text",) if spec.texts else ()
    expected = (*spec.keys, *texts, "value", "status")
    if tuple(frame.columns) != expected:
        raise DisclosureError(
            f"table {spec.table_id} has the columns {', '.join(frame.columns)}",
            action=f"A published table has exactly: {', '.join(expected)}.",
        )
    rows = tuple(frame.rows())
    for row in rows:
        given = any(part is not None for part in row[len(spec.keys) : -1])
        if row[-1] not in STATUSES or given != (row[-1] == "ok"):
            raise DisclosureError(f"table {spec.table_id} has a row whose value and status contradict each other")
    return TableData(
        spec.table_id,
        spec.title,
        tuple(spec.keys),
        spec.unit,
        spec.change_unit,
        spec.decimals,
        spec.definition,
        spec.source,
        dict(table.headings),
        table.period_label,
        tuple(table.notes),
        table.mark,
        rows,
        spec.texts,
        spec.protection,
    )
