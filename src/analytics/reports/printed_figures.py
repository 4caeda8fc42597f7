"""The figures of a table as a reader saw them, by the codes of rows and columns: of this run and of a stored CSV."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from analytics import grid, swedish
from analytics.companions import StoredRow
from analytics.exports.table_data import TableData, Value
from analytics.measures.catalogue import ORIGINS, SERIES, SEXES, TABLES

NOTHING: Final = "ingen uppgift"
_AXES: Final = {"sex": SEXES, "origin": ORIGINS, "series": SERIES}
_BARE: Final = ("antal", "i indikatorns enhet", "i ord")
"""Units that say nothing beside a number."""

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of either version; ``printed`` is what a reader saw."""

    status: str
    printed: str
    value: float | None


MISSING: Final = Cell("missing", NOTHING, None)


def now(table: TableData) -> dict[Key, Cell]:
    """The figures of a table that was just made."""
    places = _key_places(table)
    cells = {}
    for row in table.rows:
        value = row[-2] if isinstance(row[-2], int | float) else None
        # A blank among words says nothing, here as in the file.
        text = (row[-3] or None) if table.texts else None
        key = tuple(_key_text(row[place]) for place in places)
        cells[key] = _cell(table, key, value, text, str(row[-1]))
    return cells


def then(table: TableData, rows: tuple[StoredRow, ...] | None) -> dict[Key, Cell] | None:
    """The stored figures; None if they cannot be laid beside the new ones one by one."""
    if rows is None or (rows and not {*table.keys, "value", "status"} <= set(rows[0])):
        return None
    names = key_names(table)
    cells = {}
    for row in rows:
        value = row["value"] if isinstance(row["value"], float) else None
        key = tuple(str(row[name]) for name in names)
        cells[key] = _cell(table, key, value, row.get("text") or None, str(row["status"]))
    return cells if len(cells) == len(rows) else None


def columns(table: TableData, cells: Mapping[Key, Cell]) -> set[str]:
    """Codes of the columns that have figures. A table with a new column is another table; a new row is a change."""
    if "column" not in table.keys or not cells:
        return set()
    place = key_names(table).index("column")
    return {key[place] for key in cells}


def key_names(table: TableData) -> list[str]:
    """Names may be rewritten between two versions; the codes decide which figure is which."""
    return [table.keys[place] for place in _key_places(table)]


def _key_places(table: TableData) -> list[int]:
    return [place for place, key in enumerate(table.keys) if key != "label" and not key.endswith("_label")]


def _key_text(value: Value) -> str:
    return "" if value is None else str(value)


def _cell(table: TableData, key: Key, value: float | None, text: object, status: str) -> Cell:
    if status == "suppressed":
        return Cell(status, table.mark, None)
    if text is not None:
        return Cell("ok", str(text), value)
    if value is None:
        return MISSING
    return Cell("ok", _printed(table, key, value), value)


def _printed(table: TableData, key: Key, value: float) -> str:
    named = dict(zip(key_names(table), key, strict=True))
    unit = table.change_unit if table.change_unit and named.get("column") == "change" else table.unit
    if unit == "kr" and not _in_kr(table):
        return swedish.thousands(value)
    number = swedish.number(value, table.decimals)
    return number if unit in _BARE else f"{number}{swedish.HARD_SPACE}{unit}"


def _in_kr(table: TableData) -> bool:
    return table.table_id in TABLES and TABLES[table.table_id].in_kr


def place_of(table: TableData, key: Key, old: tuple[StoredRow, ...] = ()) -> tuple[str, str]:
    """Row and column of a figure as they are printed; ``old`` gives the names of a row that is no longer there."""
    named = _named(table, key, old)
    parts = []
    if named.get("row_type", "row") == "row" or "measure" not in table.keys:
        parts += [grid.row_head(named, name) for name in table.keys if name in grid.ROW_HEADINGS]
    for axis, labels in _AXES.items():
        if axis in named and named[axis] not in ("T", "total"):
            parts.append(labels.get(str(named[axis]), str(named[axis])).lower())
    column = table.headings.get(str(named["column"]), str(named["column"])) if "column" in named else ""
    return ", ".join(dict.fromkeys(part for part in parts if part)), column


def _named(table: TableData, key: Key, old: tuple[StoredRow, ...]) -> dict[str, Value]:
    names, places = key_names(table), _key_places(table)
    codes: dict[str, Value] = dict(zip(names, key, strict=True))
    for row in table.rows:
        if tuple(_key_text(row[place]) for place in places) == key:
            return {**dict(zip(table.keys, row, strict=False)), **codes}
    for stored in old:
        if tuple(str(stored[name]) for name in names) == key:
            return {**{name: stored[name] for name in table.keys}, **codes}
    return codes
