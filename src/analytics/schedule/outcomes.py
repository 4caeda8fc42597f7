"""What a tick did, step by step and package by package, for people and for machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from analytics.calendar import STOCKHOLM
from analytics.errors import AnalyticsError, MissingDataError, ReportError, StorageError
from analytics.periods import Period
from analytics.schedule import words
from analytics.schedule.looking import Outlook

StepOutcome = Literal["nothing", "done", "failed", "waiting", "busy"]
MadeOutcome = Literal["published", "unchanged", "failed", "busy", "done_elsewhere"]


@dataclass(frozen=True, slots=True)
class Step:
    """Fetching or loading.

    ``waiting``: it failed before and is tried again at ``next``; ``busy``: another run is at it. ``lines`` tell what
    was done.
    """

    name: str
    outcome: StepOutcome
    lines: tuple[str, ...] = ()
    problem: str = ""
    exit_code: int = 0
    next: datetime | None = None

    def as_record(self) -> dict[str, Any]:
        return {**asdict(self), "next": self.next.isoformat() if self.next else None}


@dataclass(frozen=True, slots=True)
class Made:
    """What became of one package that was due. ``attempt`` is its number in the history, 0 if nothing was begun."""

    period: Period
    unit: str
    outcome: MadeOutcome
    problem: str = ""
    attempt: int = 0
    package: str = ""

    def as_record(self) -> dict[str, Any]:
        return {**asdict(self), "period": str(self.period)}

    def __str__(self) -> str:
        said = {
            "published": f"published {self.package}",
            "unchanged": "made again, and nothing would change",
            "failed": f"FAILED: {self.problem}",
            "busy": f"left to {self.problem}",
            "done_elsewhere": "published by another run meanwhile",
        }
        return f"{self.period} {self.unit}: {said[self.outcome]}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that someone must look at."""

    what: str
    text: str
    exit_code: int


class TickFailedError(AnalyticsError):
    """Not all that was due is done. The exit code is that of the first problem."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        more = "".join(f"\n{problem.what}: {problem.text}" for problem in problems[1:])
        super().__init__(
            f"{first.what}: {first.text}{more}",
            action="See analytics status, and the attempts in reports/.history (docs/operations.md).",
        )
        self.exit_code = first.exit_code


@dataclass(frozen=True, slots=True)
class TickReport:
    """One tick. ``outlook`` is how everything stands when it has ended."""

    began: datetime
    seconds: float
    steps: tuple[Step, ...]
    made: tuple[Made, ...]
    outlook: Outlook
    troubles: tuple[Problem, ...] = field(default=())
    """What went wrong outside the steps and packages: calendar, storage, portal, notices."""

    @property
    def ended(self) -> datetime:
        """When it ended; told from its length, since a clock may be set while it runs."""
        return self.began + timedelta(seconds=self.seconds)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that keeps the exit code from being 0."""
        found = [Problem(step.name, step.problem, step.exit_code) for step in self.steps if step.problem]
        found += self.troubles
        failed = {(each.period, each.unit) for each in self.made if each.outcome == "failed"}
        found += [
            Problem(f"{each.period} {each.unit}", each.problem, ReportError.exit_code)
            for each in self.made
            if each.outcome == "failed"
        ]
        found += [
            Problem(f"{each.period} {each.unit}", each.detail, ReportError.exit_code)
            for each in self.outlook.asked
            if each.state == "failed" and (each.period, each.unit) not in failed
        ]
        found += [
            Problem(f"{each.period} {each.unit}", each.detail, MissingDataError.exit_code)
            for each in self.outlook.asked
            if each.state == "missing"
        ]
        without_calendar = self.outlook.problem()
        if without_calendar is not None:
            found.append(Problem("calendar", str(without_calendar), without_calendar.exit_code))
        return tuple(found)

    def as_record(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "began": self.began.isoformat(),
            "seconds": round(self.seconds, 3),
            "ok": not self.problems,
            "steps": [step.as_record() for step in self.steps],
            "made": [each.as_record() for each in self.made],
            "problems": [asdict(problem) for problem in self.problems],
            **words.record(self.outlook),
        }

    def __str__(self) -> str:
        lines = [f"Tick {self.began.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}, {self.seconds:.1f} s"]
        for step in self.steps:
            lines += [f"{step.name}: {step.outcome}", *(f"  {line}" for line in step.lines)]
        lines += [str(each) for each in self.made] or ["nothing was made"]
        return "\n".join(lines)

    def raise_if_failed(self) -> None:
        """Raise TickFailedError unless all that is due is done or waits for what it may wait for."""
        if self.problems:
            raise TickFailedError(self.problems)


def trouble(what: str, error: Exception, text: str) -> Problem:
    """An error outside the steps as a problem."""
    return Problem(what, text, error.exit_code if isinstance(error, AnalyticsError) else StorageError.exit_code)
