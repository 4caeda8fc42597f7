"""One attempt at a place: its lease is taken, those that died are closed, it is recorded before and after."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from analytics import leases
from analytics.errors import AnalyticsError
from analytics.leases import Heart, Holder, Lease, Owner
from analytics.reports.exposure import without_exposed
from analytics.schedule import retries
from analytics.schedule.clock import Clock
from analytics.schedule.history import Attempt, History, Outcome, closed


@dataclass(frozen=True, slots=True)
class Attempts:
    """Where attempts are recorded and who keeps their leases alive."""

    history: History
    clock: Clock
    heart: Heart
    lease_seconds: float
    code_version: str

    def take(self, place: str, folder: Path) -> Lease | Holder:
        """Take the lease of a place, or say who holds it; what died there is then known to be dead.

        Raises StorageError if lease or history cannot be written.
        """
        taken = leases.acquire(folder, seconds=self.lease_seconds)
        if isinstance(taken, Lease):
            self.heart.keep(taken)
            for attempt in self.history.attempts(place):
                if attempt.outcome == "running":
                    (dead,) = closed([attempt], living="")
                    self.history.end(replace(dead, ended=self.clock.now(), problem="the process was killed"))
        return taken

    def begin(self, place: str, lease: Lease, *, input_version: str, missing: tuple[str, ...] = ()) -> Running:
        """Record that an attempt begins. Raises StorageError; then nothing has begun."""
        owner = Owner.this_process()
        attempt = Attempt(
            place=place,
            number=0,
            started=self.clock.now(),
            input_version=input_version,
            code_version=self.code_version,
            owner=f"process {owner.pid} on {owner.host}",
            lease=lease.ticket.token,
            missing=missing,
        )
        return Running(self, self.history.begin(attempt), lease)


@dataclass(slots=True)
class Running:
    """An attempt that has begun."""

    attempts: Attempts
    attempt: Attempt
    lease: Lease
    notebooks: list[str] = field(default_factory=list)
    _began: float = 0.0

    def __post_init__(self) -> None:
        self._began = self.attempts.clock.seconds()

    def log(self, text: str) -> None:
        """Add lines to the log of the attempt, each with its time. A log that cannot be written stops nothing."""
        lines = without_exposed(text).splitlines()
        now = self.attempts.clock.now()
        try:
            with self.attempts.history.log_of(self.attempt).open("a", encoding="utf-8") as stream:
                stream.writelines(f"{_stamp(now)} {line}\n" for line in lines)
        except OSError:
            return

    def log_error(self, error: BaseException) -> None:
        """Where an error happened. Its words are left out if nobody foresaw it: they may hold data."""
        if isinstance(error, AnalyticsError):
            self.log(str(error))
            return
        frames = traceback.extract_tb(error.__traceback__)
        places = [f"  {Path(frame.filename).name}, line {frame.lineno}, in {frame.name}" for frame in frames]
        self.log("\n".join([retries.in_words(error), *places]))

    def keep_notebook(self, failed: Path) -> None:
        """Keep a notebook that failed with its attempt."""
        try:
            self.notebooks.append(self.attempts.history.keep_notebook(self.attempt, failed))
        except OSError as error:
            self.log(f"{failed.name} could not be kept: {error.strerror}")

    def end(self, outcome: Outcome, **changes: Any) -> Attempt:
        """Record how it ended and give the lease back; ``changes`` are fields of the attempt.

        Raises StorageError; it then shows as killed.
        """
        ended = replace(
            self.attempt,
            ended=self.attempts.clock.now(),
            outcome=outcome,
            notebooks=tuple(self.notebooks),
            seconds=round(self.attempts.clock.seconds() - self._began, 3),
            **changes,
        )
        self.log(f"ended: {outcome}")
        try:
            self.attempts.history.end(ended)
        finally:
            self.attempts.heart.release(self.lease)
        return ended


def _stamp(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="seconds")
