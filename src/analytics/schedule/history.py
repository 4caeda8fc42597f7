"""Every attempt as files: ``reports/.history/<place>/<number>/``, with record, log and the notebooks that failed.

A place is a package (``2018-03/17``), ``load`` or ``pull``. The record is written before the work begins and again when
it has ended, so an attempt that was killed shows as begun and never ended. Attempts are numbered, not ordered by their
times: a clock that was set back does not shuffle them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal, get_args

from analytics import durable
from analytics.errors import StorageError
from analytics.periods import Period

FOLDER: Final = ".history"
RECORD: Final = "attempt.json"
LOG: Final = "log.txt"
NOTEBOOKS: Final = "notebooks"
LOAD: Final = "load"
PULL: Final = "pull"
Outcome = Literal["running", "done", "failed", "died", "stopped"]
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt.

    ``outcome``: running (or killed and not yet seen), done, failed, died (killed, seen by a later tick) or stopped (by
    an operator). ``cause`` is the class of the error, or timeout, memory or killed; ``passing`` says that it may pass
    by itself. ``input_version`` is what it was made from: the version of a package's inputs, or the fingerprint of the
    inbox. ``package`` is the folder that was published.
    ``notes`` is what else a place remembers, such as the deliveries that were refused.
    """

    place: str
    number: int
    started: datetime
    input_version: str
    code_version: str
    owner: str
    lease: str
    ended: datetime | None = None
    outcome: Outcome = "running"
    passing: bool = False
    cause: str = ""
    problem: str = ""
    package: str = ""
    missing: tuple[str, ...] = ()
    notebooks: tuple[str, ...] = ()
    seconds: float = 0.0
    notes: Mapping[str, Any] = field(default_factory=dict)

    def as_record(self) -> dict[str, Any]:
        record = asdict(self)
        record["started"] = self.started.isoformat()
        record["ended"] = self.ended.isoformat() if self.ended else None
        return record

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Attempt:
        """Raises KeyError, TypeError or ValueError for anything that is not a record."""
        if record["outcome"] not in OUTCOMES:
            raise ValueError
        return cls(
            **{
                **record,
                "started": datetime.fromisoformat(record["started"]),
                "ended": datetime.fromisoformat(record["ended"]) if record["ended"] else None,
                "missing": tuple(record["missing"]),
                "notebooks": tuple(record["notebooks"]),
            }
        )


def place_of(period: Period, unit: str) -> str:
    """The place of a package's attempts."""
    return f"{period}/{unit}"


@dataclass(frozen=True, slots=True)
class History:
    """The folder of attempts, beside the reports and never listed."""

    folder: Path

    def attempts(self, place: str) -> tuple[Attempt, ...]:
        """The attempts of a place, oldest first.

        Raises StorageError for a record that is damaged: a failure that is forgotten would be tried for ever.
        """
        found = []
        for number in self._numbers(place):
            file = self.folder_of(place, number) / RECORD
            try:
                found.append(Attempt.from_record(json.loads(file.read_text(encoding="utf-8"))))
            except FileNotFoundError:
                continue  # killed between making the folder and writing into it: nothing had begun
            except (OSError, ValueError, KeyError, TypeError):
                raise StorageError(f"{file} cannot be read", action="Remove its folder; the attempt is lost.") from None
        return tuple(found)

    def last(self, place: str) -> Attempt | None:
        """The newest attempt of a place."""
        return next(iter(self.attempts(place)[-1:]), None)

    def begin(self, attempt: Attempt) -> Attempt:
        """Record that an attempt begins; its number is given here. Raises StorageError if that cannot be written."""
        number = max(self._numbers(attempt.place), default=0)
        try:
            while True:
                number += 1
                try:
                    self.folder_of(attempt.place, number).mkdir(parents=True)
                    break
                except FileExistsError:
                    continue
            begun = replace(attempt, number=number)
            self._write(begun)
            durable.sync_folder(self.folder_of(attempt.place, number).parent)
        except OSError as error:
            raise StorageError(
                f"the history {self.folder} cannot be written: {error.strerror}",
                action="Check free space and permissions of the folder of reports; nothing was begun.",
            ) from None
        return begun

    def end(self, attempt: Attempt) -> None:
        """Record how an attempt ended. Raises StorageError; it then shows as killed."""
        try:
            self._write(attempt)
        except OSError as error:
            raise StorageError(
                f"the history {self.folder} cannot be written: {error.strerror}",
                action="Check free space and permissions of the folder of reports.",
            ) from None

    def folder_of(self, place: str, number: int) -> Path:
        return self.folder / place / f"{number:06d}"

    def log_of(self, attempt: Attempt) -> Path:
        return self.folder_of(attempt.place, attempt.number) / LOG

    def keep_notebook(self, attempt: Attempt, failed: Path) -> str:
        """Copy a failed notebook to its attempt; the path relative to the attempt's folder."""
        kept = self.folder_of(attempt.place, attempt.number) / NOTEBOOKS / failed.name
        kept.parent.mkdir(exist_ok=True)
        shutil.copyfile(failed, kept)
        return kept.relative_to(self.folder_of(attempt.place, attempt.number)).as_posix()

    def places(self) -> list[str]:
        """Every place that has attempts."""
        records = self.folder.glob(f"**/{RECORD}")
        return sorted({file.parent.parent.relative_to(self.folder).as_posix() for file in records})

    def prune(self, *, now: datetime, days: int) -> int:
        """Remove attempts that ended more than ``days`` ago; the newest of each place stays. How many went."""
        gone = 0
        for place in self.places():
            for attempt in self.attempts(place)[:-1]:
                if attempt.ended is not None and attempt.ended < now - timedelta(days=days):
                    shutil.rmtree(self.folder_of(place, attempt.number), ignore_errors=True)
                    gone += 1
        return gone

    def _numbers(self, place: str) -> list[int]:
        folder = self.folder / place
        if not folder.is_dir():
            return []
        return sorted(int(each.name) for each in folder.iterdir() if each.name.isdecimal() and len(each.name) == 6)

    def _write(self, attempt: Attempt) -> None:
        folder = self.folder_of(attempt.place, attempt.number)
        # Logs and notebooks that failed are for those who run the reports, not for their readers.
        folder.chmod(0o700)
        content = json.dumps(attempt.as_record(), ensure_ascii=False, indent=1)
        durable.replace(folder / RECORD, f"{content}\n".encode())


def closed(attempts: Sequence[Attempt], *, living: str) -> tuple[Attempt, ...]:
    """Attempts as they are known now: one that is running, and is not the one of lease ``living``, has died."""
    return tuple(
        replace(each, outcome="died", passing=True) if each.outcome == "running" and each.lease != living else each
        for each in attempts
    )
