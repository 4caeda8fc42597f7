"""What the summary tells of the last version of a package, and the tables of the month before (decision 017).

Figures are compared as they are printed, so that dust below the last decimal is no change. What is suppressed in
either version is never compared; a table in which not the same figures are suppressed is not compared at all, because
the figures around a mark could give it away. Which figures about persons may be told is decided by ``telling``.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from analytics.companions import Change, Changes, Earlier, StoredRow
from analytics.exports.table_data import TableData
from analytics.measures.catalogue.summary import TELLER
from analytics.reports import differences, manifest, telling
from analytics.reports.differences import FigureChange, TableDifference
from analytics.reports.manifest import Manifest
from analytics.settings import Audience

MOST: Final = 6


def since_last_version(
    published: Path, tables: Sequence[TableData], *, limits: Audience, version: int
) -> Changes | None:
    """How the tables differ from the package that is published now; None if ``version`` is the first.

    Raises ReportError if its manifest is damaged.
    """
    record = manifest.read(published)
    if record is None:
        return None if version == 1 else Changes("", 0, 0, 0, 0, 0)
    found = differences.of_tables(stored(published, record), tables, limits=limits)
    return Changes(
        made_at(record),
        sum(each.compared for each in found),
        sum(each.changed for each in found),
        sum(each.hidden for each in found),
        sum(each.state == "apart" for each in found),
        sum(each.state in ("new", "removed", "redone") for each in found),
        _largest(found, {table.table_id: table for table in tables}),
        sum(each.untold for each in found),
    )


def made_at(record: Manifest) -> str:
    """When a package was made, as it is printed."""
    return record.identity.created[:16].replace("T", " ")


def stored(published: Path, record: Manifest) -> dict[str, tuple[StoredRow, ...] | None]:
    """The tables of a published package but those that the summary alone holds, which is made last.

    None for a table whose file is not the one that was published.
    """
    names = [table for entry in record.reports for table in entry.tables]
    others = {table for entry in record.reports if entry.name != TELLER for table in entry.tables}
    return {name: _stored(published, record, name) for name in dict.fromkeys(names) if name in others}


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
            found = {table_id: _stored(folder, record, table_id) for table_id in table_ids}
            return Earlier(record.identity.period, {name: rows for name, rows in found.items() if rows is not None})
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


def _largest(found: Sequence[TableDifference], tables: dict[str, TableData]) -> tuple[Change, ...]:
    """The largest step of each table in the order of the reports, by turns of the units of measure.

    So what is booked and worked stands before what is computed from it, and kronor do not crowd out persons. A step
    that an earlier table has told is not told again.
    """
    by_unit: dict[str, list[tuple[TableDifference, list[FigureChange]]]] = {}
    for each in found:
        figures = [figure for figure in each.figures if _is_news(tables[each.table_id], figure)]
        if figures:
            by_unit.setdefault(tables[each.table_id].unit, []).append((each, figures))
    told = {unit: _one_of_each(ones) for unit, ones in by_unit.items()}
    turns = max((len(ones) for ones in told.values()), default=0)
    mixed = [ones[turn] for turn in range(turns) for ones in told.values() if turn < len(ones)]
    return tuple(mixed[:MOST])


def _is_news(table: TableData, figure: FigureChange) -> bool:
    """Neither what follows from other figures, nor words with numbers in them, which follow from figures elsewhere."""
    if telling.is_derived(table, tuple(figure.keys.values())):
        return False
    in_words = figure.before_value is None and figure.after_value is None
    return not in_words or not any(character.isdigit() for character in figure.before + figure.after)


def _one_of_each(ones: Iterable[tuple[TableDifference, list[FigureChange]]]) -> list[Change]:
    told: list[Change] = []
    steps: set[str] = set()
    for table, figures in ones:
        new = [figure for figure in figures if _rounded(figure) not in steps]
        if new:
            figure = min(new, key=lambda each: (-_step(each), each.keys.get("origin", "total") != "total"))
            steps.add(_rounded(figure))
            what = dict.fromkeys(part for part in (table.title, figure.row, figure.column) if part)
            told.append(Change(table.table_id, ", ".join(what), figure.before, figure.after))
    return told


def _step(figure: FigureChange) -> float:
    return abs((figure.after_value or 0) - (figure.before_value or 0))


def _rounded(figure: FigureChange) -> str:
    """The step without the dust of subtraction."""
    return f"{_step(figure):.6g}"
