"""What a pool of processes is asked, and how it ended."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from analytics.reports.limits import Limits

FORGET: Final = "forget"
"""Asked of a pool, and answered by it: drop what was asked before."""

Tell = Callable[[str], None]
Work = Callable[[Any, Tell], Any]


@dataclass(frozen=True, slots=True)
class Job:
    """``work(argument, tell)`` in a child of its own; ``tell`` says where the child is, for the message of a hang.

    ``work`` is the dotted name of a function (``module:function``), so that asking for it imports nothing here.
    """

    key: str
    work: str
    argument: Any


@dataclass(frozen=True, slots=True)
class Done:
    """How a job ended. ``value`` is what the work returned; ``problem`` says what went wrong instead.

    ``cause`` is the class of the error, or the status where there was none; ``log`` holds what the children printed.
    """

    key: str
    status: Literal["ok", "error", "killed", "timeout", "memory"]
    value: Any
    problem: str
    seconds: float
    cpu_seconds: float
    attempts: int
    cause: str
    log: Path


@dataclass(frozen=True, slots=True)
class Asked:
    """A job with what holds for it, and the number of the attempt."""

    job: Job
    limits: Limits
    folder: Path | None
    attempt: int = 1

    @property
    def log(self) -> Path:
        return self.folder / f"{self.job.key.replace('/', '-')}.log" if self.folder else Path(os.devnull)
