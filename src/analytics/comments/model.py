"""What a comment is, and the tables where one is required."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

COMMENT: Final = "comment"
ACTION_PLAN: Final = "action_plan"
DRAFT: Final = "draft"
READY: Final = "ready"
APPROVED: Final = "approved"
KINDS: Final = {COMMENT: "Kommentar", ACTION_PLAN: "Åtgärdsplan"}
STATES: Final = (DRAFT, READY, APPROVED)
KEYS: Final = ("about", "period", "unit", "kind", "author_role", "date", "state", "figure")
"""Keys of the front matter, in the order in which they are written. ``figure`` is empty until approval."""


@dataclass(frozen=True, slots=True)
class About:
    """The cell that a comment is about: its table and as many of the table's keys as single it out."""

    table: str
    keys: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, table: str, keys: Mapping[str, str]) -> About:
        """With the column that comments of the table are about, where the keys name none."""
        if table in REQUIRED:
            keys = {"column": REQUIRED[table].column, **keys}
        return cls(table, tuple(keys.items()))

    @property
    def as_record(self) -> dict[str, str]:
        return {"table": self.table, **dict(self.keys)}

    def __str__(self) -> str:
        return ", ".join((self.table, *(f"{name} {value}" for name, value in self.keys)))


@dataclass(frozen=True, slots=True)
class Comment:
    """One file. ``figure`` is the figure as it was printed when the comment was approved; ``date`` is ÅÅÅÅ-MM-DD."""

    file: Path
    about: About
    period: str
    unit: str
    kind: str
    author_role: str
    date: str
    state: str
    figure: str
    text: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """Which rows of a table must have a comment (``kind``) about their cell in ``column``.

    ``rows`` names a column and the words in it that ask for one; without it every row does.
    """

    kind: str
    column: str
    rows: tuple[str, str] | None = None


REQUIRED: Final[Mapping[str, Requirement]] = {
    "deviations": Requirement(COMMENT, "amount"),
    "action_plan_required": Requirement(ACTION_PLAN, "vs_budget", ("plan", "Åtgärdsplan krävs")),
}
"""Table → what it asks for. The rows of ``deviations`` are those above the thresholds of the settings."""
