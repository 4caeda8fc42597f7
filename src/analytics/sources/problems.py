"""What is wrong with one delivery: the first place and the count of each kind, told in one error."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analytics.errors import DeliveryError, LayoutError, Location
from analytics.sources.model import LINE

MOST_SHOWN = 5
"""Kinds of problem told at once; a person corrects the first ones and loads again."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of problem: the first line it stands on and how many rows have it."""

    error: type[DeliveryError]
    text: str
    where: Location
    action: str


class Problems:
    """Collects problems of one file. No text given to it may hold a cell value that could be personal."""

    def __init__(self, file: Path, rows: int) -> None:
        self._file = file
        self._rows = rows
        self._found: list[Problem] = []

    def flag(  # noqa: PLR0913
        self, frame: pl.DataFrame, bad: pl.Expr, error: type[DeliveryError], text: str, *, column: str, action: str
    ) -> bool:
        """Note the rows of ``frame`` (with their line numbers) where ``bad`` holds; says whether there were any."""
        return self.note_lines(frame.filter(bad)[LINE], error, text, column=column, action=action)

    def note_lines(
        self, lines: pl.Series, error: type[DeliveryError], text: str, *, column: str | None, action: str
    ) -> bool:
        """Note a problem on these lines; says whether there were any."""
        if lines.is_empty():
            return False
        first = lines.min()
        where = Location(self._file, int(str(first)), column, len(lines))
        self._found.append(Problem(error, text, where, action))
        return True

    def raise_if_any(self) -> None:
        """Raise one error for all that was noted. Two columns that are wrong nearly throughout are swapped ones."""
        if not self._found:
            return
        self._raise_if_swapped()
        first, *others = self._found[:MOST_SHOWN]
        lines = [first.text]
        lines += [f"Also {problem.where}: {problem.text}" for problem in others]
        if len(self._found) > MOST_SHOWN:
            lines.append(f"Also {len(self._found) - MOST_SHOWN} more kinds of problem.")
        raise first.error("\n".join(lines), where=first.where, action=first.action)

    def _raise_if_swapped(self) -> None:
        wrong = {
            problem.where.column: problem.where
            for problem in reversed(self._found)
            if problem.where.column and self._rows > 1 and (problem.where.count or 0) * 2 > self._rows
        }
        if len(wrong) < 2:
            return
        names = ", ".join(sorted(wrong))
        where = next(iter(wrong.values()))
        raise LayoutError(
            f"the contents of the columns {names} do not fit their headings in most rows: they are probably swapped",
            where=Location(self._file, where.line, names, where.count),
            action="Ask the supplier for a file whose columns stand in the agreed order.",
        )
