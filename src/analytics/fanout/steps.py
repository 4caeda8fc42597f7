"""What goes from machine to machine: names of a unit one way, a state and the path of a record the other way.

Everything else is on the shared storage, which each machine has mounted at the same path. The record of how a step
ended lies in the asker's workspace and goes with it. So messages of a notebook, which may hold what it worked on, pass
neither the network nor the memory of the scheduler.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from analytics import durable
from analytics.errors import AnalyticsError, Location, StorageError
from analytics.fanout.installation import Installation
from analytics.leases import Ticket
from analytics.needs import Missing
from analytics.periods import Period
from analytics.reports.limits import Limits
from analytics.reports.results import ReportResult, RunReport


@dataclass(frozen=True, slots=True)
class Claim:
    """Who asks, and by what. The asker holds a lock on the file ``lock`` as long as it asks."""

    run: str
    root: Path
    lock: Path
    installation: Installation

    @property
    def workspace(self) -> Path:
        """The asker's own folder on the shared storage."""
        return self.lock.with_suffix("")


@dataclass(frozen=True, slots=True)
class UnitStep:
    """The package of one unit and month, to be made and published.

    A step may be done twice, by a machine that died and by the one after it: the second finds what the first published.
    ``now`` is printed as the time of making and tells one run from another. ``ticket`` is a lease that must still be
    held when the package is published.
    """

    period: Period
    unit: str
    audience: str
    now: datetime
    code_version: str
    reports: tuple[str, ...]
    limits: Limits
    leave: Literal["own", "published"]
    missing: tuple[Missing, ...]
    ticket: Ticket | None

    def __str__(self) -> str:
        return f"{self.period}/{self.unit}"


@dataclass(frozen=True, slots=True)
class UnitDone:
    """How a step ended. At most one of the folders is given; none if nothing is published of this run."""

    results: tuple[ReportResult, ...]
    published: Path | None = None
    unchanged: Path | None = None
    skipped: Path | None = None
    not_made: dict[str, str] | None = None
    missing: tuple[str, ...] = ()


def done(step: UnitStep, report: RunReport) -> UnitDone:
    """The part of a run that a step asked for."""
    return UnitDone(
        report.reports,
        published=next(iter(report.packages), None),
        unchanged=next(iter(report.unchanged), None),
        skipped=next(iter(report.skipped), None),
        not_made=report.not_made.get(step.unit),
        missing=report.missing.get(step.unit, ()),
    )


def failed(step: UnitStep, error: AnalyticsError | OSError) -> UnitDone:
    """A step that could not be made, for a reason that none of its reports has."""
    problem = str(error)
    if isinstance(error, OSError):
        problem = f"{error.strerror or type(error).__name__}{f': {error.filename}' if error.filename else ''}"
    return UnitDone((ReportResult(step.unit, "paket", "failed", 0.0, 0.0, problem, cause=type(error).__name__),))


def write(found: UnitDone, step: UnitStep, claim: Claim) -> Path:
    """Write down how a step ended, and say where. Raises OSError."""
    file = claim.workspace / f"{step.period}-{step.unit}.json"
    durable.replace(file, json.dumps(asdict(found), default=str).encode())
    return file


def read(file: Path, step: UnitStep) -> UnitDone:
    """How a step ended, from the record of it. Raises StorageError if that cannot be read."""
    try:
        record: dict[str, Any] = json.loads(file.read_bytes())
        results = tuple(
            ReportResult(**{**each, "failed_copy": _path(each["failed_copy"])}) for each in record["results"]
        )
        folders = {kind: _path(record[kind]) for kind in ("published", "unchanged", "skipped")}
        return UnitDone(tuple(results), not_made=record["not_made"], missing=tuple(record["missing"]), **folders)
    except (OSError, ValueError, KeyError, TypeError):
        raise StorageError(
            f"unit {step.unit} was done on another machine, but the record of it cannot be read",
            where=Location(file),
            action="See whether the folder of reports is the same on all machines, and run the unit again.",
        ) from None


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None
