"""Everything that is known of each package that the calendar asks for: where it stands, its versions, its attempts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analytics import leases
from analytics.errors import StorageError
from analytics.schedule import history, published
from analytics.schedule.due import Due
from analytics.schedule.history import Attempt
from analytics.schedule.looking import Project
from analytics.schedule.published import Version


@dataclass(frozen=True, slots=True)
class Position:
    """A package. ``versions`` and ``attempts`` newest first; ``holder`` says who makes it right now, or nothing.

    ``is_readable`` is False where an attempt's record is damaged; then there are no attempts to tell of.
    """

    due: Due
    versions: tuple[Version, ...]
    attempts: tuple[Attempt, ...]
    holder: str = ""
    is_readable: bool = True

    @property
    def deaths(self) -> int:
        """How many attempts were killed."""
        return sum(1 for each in self.attempts if each.outcome == "died")

    def as_record(self) -> dict[str, Any]:
        return {
            **self.due.as_record(),
            "versions": [each.as_record() for each in self.versions],
            "attempts": [each.as_record() for each in self.attempts],
            "died": self.deaths,
            "running": self.holder,
            "history_readable": self.is_readable,
        }


def of_packages(project: Project, asked: Sequence[Due]) -> tuple[Position, ...]:
    """The packages that are asked for, newest month first, then by unit."""
    newest_first = sorted(asked, key=lambda due: due.period, reverse=True)
    return tuple(_position(project, due) for due in newest_first)


def of_place(project: Project, place: str) -> tuple[tuple[Attempt, ...], str]:
    """The attempts of a place, newest first, and who is at it right now. Raises StorageError if one is damaged."""
    holder = leases.holder(project.lease_folder(place))
    attempts = history.closed(project.history.attempts(place), living=holder.token if holder else "")
    running = str(holder) if holder and attempts and attempts[-1].outcome == "running" else ""
    return tuple(reversed(attempts)), running


def other_places(project: Project) -> tuple[str, ...]:
    """Loading, and every source that was ever fetched from with a result."""
    places = project.history.places()
    return tuple(each for each in places if each == history.LOAD or each.startswith(f"{history.PULL}/"))


def _position(project: Project, due: Due) -> Position:
    versions = published.versions(project.folder / str(due.period) / due.unit)
    try:
        attempts, holder = of_place(project, history.place_of(due.period, due.unit))
    except StorageError:
        return Position(due, versions, (), due.running, is_readable=False)
    return Position(due, versions, attempts, holder)
