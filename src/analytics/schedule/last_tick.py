"""What is kept of the last tick, so that a reader sees that the schedule lives and what it could not do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from analytics import durable
from analytics.reports.situation import FOLDER
from analytics.schedule.outcomes import Problem, TickReport

FILE_NAME: Final = "tick.json"
PATIENCE: Final = timedelta(minutes=10)
"""A tick that is so much later than it should be has not come. What is due at one may take long: see ``expected``."""


@dataclass(frozen=True, slots=True)
class LastTick:
    """When a tick began, how long it took, when the next is due, and what went wrong outside the packages."""

    began: datetime
    seconds: float
    every: timedelta
    problems: tuple[Problem, ...]

    @property
    def expected(self) -> datetime:
        """When the next tick should have ended, if nothing is due at it."""
        return self.began + timedelta(seconds=self.seconds) + self.every + PATIENCE

    def as_record(self) -> dict[str, Any]:
        return {
            "began": self.began.isoformat(),
            "seconds": round(self.seconds, 3),
            "every_minutes": self.every.total_seconds() / 60,
            "problems": [{"what": each.what, "text": each.text, "exit_code": each.exit_code} for each in self.problems],
        }


def of(report: TickReport, *, every: timedelta) -> LastTick:
    """What is kept of a tick. Problems of packages are not among it: the packages tell themselves."""
    found = [Problem(step.name, step.problem, step.exit_code) for step in report.steps if step.problem]
    return LastTick(report.began, report.seconds, every, (*found, *report.troubles))


def write(reports: Path, tick: LastTick) -> None:
    """Keep it. Raises OSError."""
    file = reports / FOLDER / FILE_NAME
    file.parent.mkdir(parents=True, exist_ok=True)
    # Texts of problems are for those who run the reports.
    durable.replace(file, f"{json.dumps(tick.as_record(), ensure_ascii=False, indent=1)}\n".encode())
    file.chmod(0o600)


def read(reports: Path) -> LastTick | None:
    """The last tick that was kept; None if there is none, or it cannot be read."""
    try:
        record = json.loads((reports / FOLDER / FILE_NAME).read_bytes())
        return LastTick(
            datetime.fromisoformat(record["began"]),
            float(record["seconds"]),
            timedelta(minutes=record["every_minutes"]),
            tuple(Problem(str(each["what"]), str(each["text"]), int(each["exit_code"])) for each in record["problems"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
