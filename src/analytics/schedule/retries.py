"""What may pass by itself is tried again, later and later; what cannot is not, until its input or the code changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Final, Literal

from analytics.errors import AnalyticsError, MachineError, ServiceError, StorageError
from analytics.schedule.history import Attempt

PASSING: Final = (OSError, StorageError, ServiceError, MachineError)
"""Full disks, locks, storage, networks and machines that are away. Bad data and failing notebooks are not."""


KILLED: Final = "killed"
"""The cause of a report whose process died, twice."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a place may be tried now. ``at`` is when it may, or None for never with this input and code."""

    verdict: Literal["try", "wait", "never"]
    at: datetime | None = None
    last: Attempt | None = None


def may_pass(cause: str) -> bool:
    """Whether a failure may pass by itself: by the class of its error, or because its process was killed."""
    return cause == KILLED or cause in _names(PASSING)


def _names(classes: Iterable[type[BaseException]]) -> set[str]:
    return {name for each in classes for name in (each.__name__, *_names(each.__subclasses__()))}


def in_words(error: BaseException) -> str:
    """A failure for the history. An error that nobody foresaw is told by its kind: its words may hold data."""
    if isinstance(error, AnalyticsError):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.strerror or type(error).__name__}{f': {error.filename}' if error.filename else ''}"
    return f"{type(error).__name__} (unforeseen; the log says where)"


def judge(  # noqa: PLR0913 - the caller says all that it depends on
    attempts: Sequence[Attempt],
    *,
    input_version: str,
    code_version: str,
    now: datetime,
    steps: Sequence[timedelta],
    most_deaths: int,
) -> Judgement:
    """Whether a place may be tried now, by its attempts so far (oldest first).

    Args:
        attempts: none that is running.
        input_version: what it would be made from now.
        code_version: what it would be made by now.
        now: the time.
        steps: how long to wait after the first failure in a row, the second and so on; the last holds for all further.
        most_deaths: so many attempts in a row that were killed are enough. What kills them may kill others too.
    """
    in_a_row = list(
        takewhile(
            lambda each: (
                each.outcome in ("failed", "died")
                and (each.input_version, each.code_version) == (input_version, code_version)
            ),
            reversed(attempts),
        )
    )
    if not in_a_row:
        return Judgement("try")
    last = in_a_row[0]
    deaths = sum(1 for _ in takewhile(lambda each: each.outcome == "died" or each.cause == KILLED, in_a_row))
    if (last.outcome == "failed" and not last.passing) or deaths >= most_deaths:
        return Judgement("never", last=last)
    ended = last.ended or last.started
    at = ended + steps[min(len(in_a_row), len(steps)) - 1]
    # An attempt that ends in the future tells that the clock was set back, and nothing about how long to wait.
    return Judgement("wait", at, last) if ended <= now < at else Judgement("try", last=last)
