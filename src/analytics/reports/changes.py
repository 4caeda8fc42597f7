"""What changed since the last version of a package, and the tables of the month before (decision 017).

Figures are compared as they are printed, so that dust below the last decimal is no change. What is suppressed in
either version is never compared; a table in which not the same figures are suppressed is not compared at all, because
the figures around a mark could give it away. Of figures about persons only the unit's totals are told with old and
new; the rest are counted, since the difference between two versions of a small group is one person's correction.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from analytics import grid, swedish
from analytics.companions import Change, Changes, Earlier, StoredRow
from analytics.measures.catalogue import ORIGINS, SERIES, SEXES, TABLES
from analytics.measures.catalogue.model import APART
from analytics.measures.catalogue.summary import TELLER
from analytics.reports import manifest
from analytics.reports.manifest import Manifest
from analytics.reports.table_data import TableData, Value

FILE_NAME: Final = "changes.json"
MOST: Final = 6
NOTHING: Final = "ingen uppgift"
_AXES = {"sex": SEXES, "origin": ORIGINS, "series": SERIES}

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Cell:
    """One figure of either version; ``printed`` is what a reader saw."""

    status: str
    printed: str
    value: float | None


@dataclass(frozen=True, slots=True)
class _Found:
    table: TableData
    key: Key
    before: _Cell
    after: _Cell

    @property
    def step(self) -> float:
        return abs((self.after.value or 0) - (self.before.value or 0))

    @property
    def rounded(self) -> str:
        """The step without the dust of subtraction."""
        return f"{self.step:.6g}"

    @property
    def is_total(self) -> bool:
        """Of external, internal and both together: both."""
        return self.key[_key_names(self.table).index("origin")] == "total" if "origin" in self.table.keys else True

    def in_words(self) -> Change:
        what = _what(self.table, self.key)
        return Change(self.table.table_id, what, self.before.printed, self.after.printed)


def since_last_version(published: Path, tables: Sequence[TableData]) -> Changes | None:
    """How the tables differ from the package that is published now; None if there is none.

    Raises ReportError if its manifest is damaged.
    """
    record = manifest.read(published)
    if record is None:
        return None
    return _compared(published, record, tables)


def write(folder: Path, changes: Changes | None) -> None:
    """Keep the record in the package. The first version keeps that it is the first."""
    text = json.dumps(None if changes is None else asdict(changes), ensure_ascii=False, indent=2) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).write_text(text, encoding="utf-8")


def earlier_month(published: Path, *, audience: str, table_ids: Sequence[str]) -> Earlier | None:
    """Tables of the unit's latest package before this month, as they were published; None if there is none.

    ``published`` is where this month's package lies. Raises ReportError if a manifest is damaged.
    """
    months = published.parent.parent
    folders = [
        folder
        for folder in sorted(months.glob(f"[12][0-9][0-9][0-9]-[01][0-9]/{published.name}"), reverse=True)
        if folder.parent.name < published.parent.name
    ]
    for folder in folders:
        record = manifest.read(folder)
        if record is not None and record.identity.audience == audience:
            stored = {table_id: _stored(folder, record, table_id) for table_id in table_ids}
            return Earlier(record.identity.period, {name: rows for name, rows in stored.items() if rows is not None})
    return None


def _stored(folder: Path, record: Manifest, table_id: str) -> tuple[StoredRow, ...] | None:
    """One published table; None if the package lacks it or if the file is not the one that was published."""
    name = f"tables/{table_id}.csv"
    file = folder / name
    content = file.read_bytes() if file.is_file() else b""
    if record.files.get(name) != hashlib.sha256(content).hexdigest():
        return None
    rows = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""))
    return tuple({**row, "value": float(row["value"]) if row["value"] else None} for row in rows)


def _compared(published: Path, record: Manifest, tables: Sequence[TableData]) -> Changes:
    since = record.identity.created[:16].replace("T", " ")
    compared = changed = hidden = apart = redone = 0
    found: list[_Found] = []
    for table in tables:
        then, now = _then(table, _stored(published, record, table.table_id)), _now(table)
        if then is None or len(now) != len(table.rows) or _columns(table, now) != _columns(table, then):
            redone += 1
            continue
        marked = [key for key, cell in now.items() if cell.status == "suppressed"]
        if set(marked) != {key for key, cell in then.items() if cell.status == "suppressed"}:
            apart += 1
            continue
        hidden += len(marked)
        missing = _Cell("missing", NOTHING, None)
        for key in dict.fromkeys((*now, *then)):
            before, after = then.get(key, missing), now.get(key, missing)
            if "suppressed" in (before.status, after.status):
                continue
            compared += 1
            if before.printed != after.printed:
                changed += 1
                if _is_told(table, key) and _is_figure(before, after):
                    found.append(_Found(table, key, before, after))
    held = {table for entry in record.reports for table in entry.tables}
    redone += len(held - {table.table_id for table in tables} - _of_the_teller(record))
    return Changes(since, compared, changed, hidden, apart, redone, _largest(found))


def _of_the_teller(record: Manifest) -> set[str]:
    """Tables that only the report with the changes holds: it is made last and is not compared with itself."""
    teller = {table for entry in record.reports if entry.name == TELLER for table in entry.tables}
    return teller - {table for entry in record.reports if entry.name != TELLER for table in entry.tables}


def _now(table: TableData) -> dict[Key, _Cell]:
    places = _key_places(table)
    cells = {}
    for row in table.rows:
        value = row[-2] if isinstance(row[-2], int | float) else None
        text = (row[-3] or None) if table.texts else None
        key = tuple(_key_text(row[place]) for place in places)
        cells[key] = _cell(table, key, value, text, str(row[-1]))
    return cells


def _then(table: TableData, rows: tuple[StoredRow, ...] | None) -> dict[Key, _Cell] | None:
    """The stored figures; None if they cannot be laid beside the new ones one by one."""
    if rows is None or (rows and not {*table.keys, "value", "status"} <= set(rows[0])):
        return None
    names = [table.keys[place] for place in _key_places(table)]
    cells = {}
    for row in rows:
        value = row["value"] if isinstance(row["value"], float) else None
        key = tuple(str(row[name]) for name in names)
        cells[key] = _cell(table, key, value, row.get("text") or None, str(row["status"]))
    return cells if len(cells) == len(rows) else None


def _columns(table: TableData, cells: Mapping[Key, _Cell]) -> set[str]:
    """A table with a new column is another table; a new row is a change."""
    if "column" not in table.keys or not cells:
        return set()
    place = _key_names(table).index("column")
    return {key[place] for key in cells}


def _key_places(table: TableData) -> list[int]:
    """Names may be rewritten between two versions; the codes decide which figure is which."""
    return [place for place, key in enumerate(table.keys) if key != "label" and not key.endswith("_label")]


def _key_text(value: Value) -> str:
    return "" if value is None else str(value)


def _cell(table: TableData, key: Key, value: float | None, text: object, status: str) -> _Cell:
    if status == "suppressed":
        return _Cell(status, table.mark, None)
    if text is not None:
        return _Cell("ok", str(text), value)
    if value is None:
        return _Cell("missing", NOTHING, None)
    return _Cell("ok", _printed(table, key, value), value)


def _printed(table: TableData, key: Key, value: float) -> str:
    named = dict(zip(_key_names(table), key, strict=True))
    unit = table.change_unit if table.change_unit and named.get("column") == "change" else table.unit
    if unit == "kr" and not _in_kr(table):
        return swedish.thousands(value)
    number = swedish.number(value, table.decimals)
    return number if unit == "antal" else f"{number}{swedish.HARD_SPACE}{unit}"


def _in_kr(table: TableData) -> bool:
    return table.table_id in TABLES and TABLES[table.table_id].in_kr


def _key_names(table: TableData) -> list[str]:
    return [table.keys[place] for place in _key_places(table)]


def _is_told(table: TableData, key: Key) -> bool:
    """Not what follows from other figures, nor what is about a part of the unit's staff or patients."""
    named = dict(zip(_key_names(table), key, strict=True))
    column = named.get("column", "")
    derived = column == "change" or column.startswith("vs_") or "_vs_" in column
    return not derived and (table.protection == "none" or _is_whole(table, named))


def _is_figure(before: _Cell, after: _Cell) -> bool:
    """A number, or words such as a status; words with numbers in them follow from figures elsewhere."""
    in_words = before.value is None and after.value is None
    return not in_words or not any(character.isdigit() for character in before.printed + after.printed)


def _is_whole(table: TableData, named: Mapping[str, str]) -> bool:
    if named.get("sex", "T") != "T":
        return False
    if named.get("row_type", "row") not in ("row", APART):
        return True
    parts = set(named) - {"sex", "column", "row_type", "period", "level", "parent"}
    if parts == {"measure"}:
        place = table.keys.index("measure")
        return len({row[place] for row in table.rows}) == 1
    return not parts


def _what(table: TableData, key: Key) -> str:
    """``Antal anställda, Total, 2018``: table, row and column as they are printed."""
    row = next((row for row in table.rows if tuple(_key_text(row[place]) for place in _key_places(table)) == key), None)
    named: dict[str, Value] = dict(zip(table.keys, row, strict=False)) if row else {}
    named |= dict(zip(_key_names(table), key, strict=True))
    parts = [table.title]
    if named.get("row_type", "row") == "row" or "measure" not in table.keys:
        parts += [grid.row_head(named, name) for name in table.keys if name in grid.ROW_HEADINGS]
    for axis, labels in _AXES.items():
        if axis in named and named[axis] not in ("T", "total"):
            parts.append(labels.get(str(named[axis]), str(named[axis])).lower())
    if "column" in named:
        parts.append(table.headings.get(str(named["column"]), str(named["column"])))
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _largest(found: Sequence[_Found]) -> tuple[Change, ...]:
    """The largest step of each table in the order of the reports, by turns of the units of measure.

    So what is booked and worked stands before what is computed from it, and kronor do not crowd out persons. A step
    that an earlier table has told is not told again.
    """
    by_unit: dict[str, dict[str, list[_Found]]] = {}
    for each in found:
        by_unit.setdefault(each.table.unit, {}).setdefault(each.table.table_id, []).append(each)
    told = {unit: _one_of_each(tables.values()) for unit, tables in by_unit.items()}
    turns = max((len(ones) for ones in told.values()), default=0)
    mixed = [ones[turn] for turn in range(turns) for ones in told.values() if turn < len(ones)]
    return tuple(each.in_words() for each in mixed[:MOST])


def _one_of_each(tables: Iterable[Sequence[_Found]]) -> list[_Found]:
    ones: list[_Found] = []
    for found in tables:
        steps = {each.rounded for each in ones}
        new = [each for each in found if each.rounded not in steps]
        if new:
            ones.append(min(new, key=lambda each: (-each.step, not each.is_total)))
    return ones
