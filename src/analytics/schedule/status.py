"""``analytics status``: where every package stands and why, versions, attempts, and whether the schedule lives."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from analytics.calendar import STOCKHOLM
from analytics.errors import AnalyticsError, MissingDataError, ReportError, StorageError
from analytics.periods import Period
from analytics.reports import versions
from analytics.schedule import last_tick, positions
from analytics.schedule.due import STATE_LABELS
from analytics.schedule.history import Attempt
from analytics.schedule.last_tick import LastTick
from analytics.schedule.looking import Outlook, Project
from analytics.schedule.outcomes import Problem
from analytics.schedule.plain import length
from analytics.schedule.positions import Position

MOST: Final = 3
"""So many attempts of a place are told, if nobody asks about one package alone."""


class NeedsSomeoneError(AnalyticsError):
    """Something will not mend itself. The exit code is that of the first problem."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        more = f"\nAnd {len(problems) - 1} more, told above." if len(problems) > 1 else ""
        super().__init__(
            f"{first.what}: {first.text}{more}",
            action="Mend the cause; the next tick goes on by itself, and analytics schedule --once --again at once.",
        )
        self.exit_code = first.exit_code


@dataclass(frozen=True, slots=True)
class Place:
    """Loading, or fetching from one source: its attempts, newest first, and who is at it."""

    name: str
    attempts: tuple[Attempt, ...]
    running: str


@dataclass(frozen=True, slots=True)
class Status:
    """How it stands at a moment. ``narrowed``: one month or unit was asked about, and all is told of it."""

    outlook: Outlook
    tick: LastTick | None
    packages: tuple[Position, ...]
    places: tuple[Place, ...]
    narrowed: bool

    @property
    def is_late(self) -> bool:
        """Whether the schedule has ticked, and should have ticked again by now."""
        return self.tick is not None and self.outlook.now > self.tick.expected

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What will not mend itself: failures not tried again, missing deliveries, problems of the last tick."""
        found = [*self.tick.problems] if self.tick is not None and not self.narrowed else []
        without_calendar = self.outlook.problem()
        if without_calendar is not None and not self.narrowed:
            found.append(Problem("calendar", str(without_calendar), without_calendar.exit_code))
        for each in self.packages:
            name = f"{each.due.period} {each.due.unit}"
            if each.due.state == "failed" and each.due.next is None:
                found.append(Problem(name, each.due.detail, ReportError.exit_code))
            elif each.due.state == "missing":
                found.append(Problem(name, each.due.detail, MissingDataError.exit_code))
            if not each.is_readable:
                found.append(Problem(name, "a record of its attempts is damaged", StorageError.exit_code))
        return tuple(found)

    def raise_if_wanting(self) -> None:
        """Raise NeedsSomeoneError if something will not mend itself."""
        if self.problems:
            raise NeedsSomeoneError(self.problems)

    def as_record(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "at": self.outlook.now.isoformat(),
            "ok": not self.problems,
            "last_tick": self.tick.as_record() if self.tick else None,
            "late": self.is_late,
            "packages": [each.as_record() for each in self.packages],
            "places": [
                {"place": each.name, "running": each.running, "attempts": [one.as_record() for one in each.attempts]}
                for each in self.places
            ],
            "years_without_calendar": list(self.outlook.years_without_calendar),
            "problems": [{"what": each.what, "text": each.text, "exit_code": each.exit_code} for each in self.problems],
        }

    def __str__(self) -> str:
        lines = [f"Status {_moment(self.outlook.now)} (Swedish time)", *self._last()]
        for period in dict.fromkeys(each.due.period for each in self.packages):
            lines += ["", period.label.capitalize()]
            lines += self._month([each for each in self.packages if each.due.period == period])
        if not self.packages:
            lines += ["", "The calendar asks for no packages yet."]
        for place in self.places:
            lines += ["", place.name, *self._attempts(place.attempts)]
            lines += [f"    running now: {place.running}"] if place.running else []
        return "\n".join(lines)

    def _last(self) -> list[str]:
        if self.tick is None:
            return ["Last tick: none is known; analytics schedule has not run here."]
        expected = f"the next should have ended by {_moment(self.tick.expected)}"
        late = f"{expected}: the schedule may have stopped" if self.is_late else expected
        problems = [textwrap.indent(f"{each.what}: {each.text}", "  ") for each in self.tick.problems]
        return [f"Last tick: {_moment(self.tick.began)}, {length(self.tick.seconds)}; {late}", *problems]

    def _month(self, positions: Sequence[Position]) -> list[str]:
        """Units of which the same is to be told are told together."""
        groups: dict[tuple[str, ...], list[str]] = {}
        for each in positions:
            groups.setdefault(tuple(self._package(each)), []).append(f"{each.due.unit} {each.due.unit_label}")
        return [line for (head, *rest), units in groups.items() for line in (f"  {', '.join(units)}: {head}", *rest)]

    def _package(self, position: Position) -> list[str]:
        due = position.due
        lines = [f"{STATE_LABELS[due.state]}. {due.detail}"]
        if due.next:
            lines.append(f"    next: {_moment(due.next)}")
        if position.holder:
            lines.append(f"    running now: {position.holder}")
        lines += [
            f"    version {each.number}, {_moment(_aware(each.created))}: {versions.in_words(each.reason)}"
            f"{' (incomplete)' if each.is_incomplete else ''}"
            for each in position.versions
        ]
        if position.deaths:
            lines.append(f"    killed: {position.deaths} of {len(position.attempts)} attempts")
        return [*lines, *self._attempts(position.attempts)]

    def _attempts(self, attempts: Sequence[Attempt]) -> list[str]:
        told = attempts if self.narrowed else attempts[:MOST]
        lines = [line for each in told for line in _attempt(each)]
        left = len(attempts) - len(told)
        return [*lines, f"    and {left} earlier attempts"] if left else lines


def read(project: Project, now: datetime, *, period: Period | None = None, unit: str | None = None) -> Status:
    """How it stands at ``now``; of one month or unit alone if asked.

    Raises SettingsError for the calendar or a reference file, StorageError for a damaged catalog or history.
    """
    outlook = project.look(now)
    asked = [
        due for due in outlook.asked if (period is None or due.period == period) and (unit is None or due.unit == unit)
    ]
    narrowed = period is not None or unit is not None
    places = () if narrowed else positions.other_places(project)
    return Status(
        outlook=outlook,
        tick=last_tick.read(project.settings.paths.reports),
        packages=positions.of_packages(project, asked),
        places=tuple(Place(name, *positions.of_place(project, name)) for name in places),
        narrowed=narrowed,
    )


def _attempt(attempt: Attempt) -> list[str]:
    took = f", {length(attempt.seconds)}" if attempt.seconds else ""
    cause = f" ({attempt.cause})" if attempt.cause else ""
    published = f", published {attempt.package}" if attempt.package else ""
    without = f", without {', '.join(attempt.missing)}" if attempt.missing else ""
    head = (
        f"    attempt {attempt.number}, {_moment(attempt.started)}{took}: {attempt.outcome}{cause}{published}{without}"
    )
    problem = [f"      {line}" for line in attempt.problem.splitlines()]
    return [head, *problem, *(f"      kept: {name}" for name in attempt.notebooks)]


def _aware(created: str) -> datetime:
    moment = datetime.fromisoformat(created)
    return moment if moment.tzinfo else moment.replace(tzinfo=STOCKHOLM)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}"
