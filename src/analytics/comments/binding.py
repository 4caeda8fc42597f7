"""A comment and the figure it is about: whether the figure is there, may be shown, and is what was approved."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from analytics import grid, swedish
from analytics.comments.model import APPROVED, REQUIRED, About, Comment
from analytics.disclosure import ProtectedTable
from analytics.errors import CommentError, Location
from analytics.measures.catalogue import ORIGINS, SERIES, SEXES

State = Literal["missing", "draft", "ready", "approved", "stale", "hidden"]
NO_FIGURE: Final = "ingen uppgift"
"""What is printed for a figure that is missing, or whose row is no longer in the table."""
_HYPHENS: Final = str.maketrans({"-": swedish.MINUS, "\u2010": swedish.MINUS, "\u2013": swedish.MINUS})
_AXES: Final = {"origin": ORIGINS, "series": SERIES, "sex": SEXES}


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed cell: its place in the frame (-1 if it is not there), which it is in words, and its text.

    A suppressed cell has no text.
    """

    place: int
    row: str
    column: str
    text: str
    is_suppressed: bool = False

    @property
    def title(self) -> str:
        """``Personal, avvikelse mot budget``: the heading of the column goes on after the row."""
        if not self.row or not self.column:
            return self.row or self.column
        return f"{self.row}, {swedish.inline(self.column)}"


@dataclass(frozen=True, slots=True)
class Bound:
    """A comment (None: required, but not written) at its cell."""

    about: About
    cell: Cell
    comment: Comment | None
    is_required: bool = False

    @property
    def state(self) -> State:
        """``hidden`` where the figure is suppressed; ``stale`` where an approved figure is printed differently now."""
        if self.cell.is_suppressed:
            return "hidden"
        if self.comment is None:
            return "missing"
        if self.comment.state != APPROVED:
            return "ready" if self.comment.state == "ready" else "draft"
        return "approved" if same_figure(self.comment.figure, self.cell.text) else "stale"


def same_figure(one: str, other: str) -> bool:
    """Whether two printed figures are the same, however spaces and the minus sign were typed."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(_HYPHENS)


def find(table: ProtectedTable, about: About, *, file: Path | None = None) -> Cell | None:
    """The cell that a comment names; None if the table does not have it.

    Raises CommentError, with the file, if the keys fit more than one cell.
    """
    keys = dict(about.keys)
    fitting = [
        (place, record)
        for place, record in enumerate(_records(table))
        if all(str(record[name]) == value for name, value in keys.items())
    ]
    if len(fitting) > 1:
        apart = _telling_apart([record for _, record in fitting], table, keys)
        raise CommentError(
            f"{about} fits {len(fitting)} cells of the table",
            where=Location(file),
            action=f"Name more of its keys: {', '.join(apart)}.",
        )
    return cell_of(table, *fitting[0]) if fitting else None


def _telling_apart(fitting: Sequence[dict[str, Any]], table: ProtectedTable, keys: dict[str, str]) -> list[str]:
    names = [name for name in table.spec.keys if name not in keys and not name.endswith("label")]
    return [name for name in names if len({record[name] for record in fitting}) > 1]


def cell_of(table: ProtectedTable, place: int, record: dict[str, Any]) -> Cell:
    """One row of a protected frame as a printed cell."""
    row = " ".join(grid.row_head(record, key) for key in table.spec.keys if key in grid.ROW_HEADINGS)
    axes = [labels[record[key]] for key, labels in _AXES.items() if key in table.spec.keys]
    heading = table.headings.get(record.get("column", ""), "")
    column = ", ".join(part for part in [*axes, swedish.inline(heading) if axes else heading] if part)
    printed = grid.printed(table, record)
    if printed.status == "suppressed":
        return Cell(place, row, column, "", is_suppressed=True)
    if printed.status == "missing":
        return Cell(place, row, column, NO_FIGURE)
    text = printed.text if printed.in_words else grid.with_unit(printed.text, grid.printed_unit(table))
    return Cell(place, row, column, text)


def bind(table: ProtectedTable, comments: Sequence[Comment]) -> list[Bound]:
    """The comments about a table at their cells, in the order of the table, and what is required but not there.

    A comment whose row is gone comes last. Raises CommentError if one fits several cells.
    """
    asked = required(table)
    places = {cell.place for _, cell in asked}
    kind = REQUIRED[table.spec.table_id].kind if asked else ""
    bound = []
    for comment in comments:
        if comment.about.table != table.spec.table_id:
            continue
        row = ", ".join(value for name, value in comment.about.keys if name != "column")
        cell = find(table, comment.about, file=comment.file) or Cell(-1, row, "", NO_FIGURE)
        bound.append(Bound(comment.about, cell, comment, cell.place in places and comment.kind == kind))
    _refuse_two(bound)
    answered = {item.cell.place for item in bound if item.is_required}
    bound += [Bound(about, cell, None, is_required=True) for about, cell in asked if cell.place not in answered]
    return sorted(bound, key=lambda item: (item.cell.place < 0, item.cell.place))


def _refuse_two(bound: Sequence[Bound]) -> None:
    """Two approved texts on one figure, though their keys may be written differently."""
    seen: dict[tuple[int, str], Comment] = {}
    for item in bound:
        comment = item.comment
        if comment is None or comment.state != APPROVED or item.cell.place < 0:
            continue
        other = seen.setdefault((item.cell.place, comment.kind), comment)
        if other is not comment:
            raise CommentError(
                f"{other.file.name} is approved and about the same figure",
                where=Location(comment.file),
                action="Keep one of them; put both texts in it if both are needed.",
            )


def _records(table: ProtectedTable) -> list[dict[str, Any]]:
    return list(table.frame.iter_rows(named=True))


def required(table: ProtectedTable) -> list[tuple[About, Cell]]:
    """The cells of a table that must have a comment or an action plan, in the order of the table."""
    requirement = REQUIRED.get(table.spec.table_id)
    if requirement is None:
        return []
    key = next(key for key in table.spec.keys if key in grid.ROW_HEADINGS)
    records = _records(table)
    asking = None
    if requirement.rows is not None:
        column, words = requirement.rows
        asking = {record[key] for record in records if record["column"] == column and record["text"] == words}
    return [
        (
            About(table.spec.table_id, ((key, record[key]), ("column", requirement.column))),
            cell_of(table, place, record),
        )
        for place, record in enumerate(records)
        if record["column"] == requirement.column and (asking is None or record[key] in asking)
    ]
