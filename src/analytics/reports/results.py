"""What a run made and what failed, for people and machines."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analytics.errors import ReportError


@dataclass(frozen=True, slots=True)
class ReportResult:
    """How one report of one unit ended. ``failed_copy`` is given for a notebook that failed.

    ``cause`` of a failure is the class of its error, or timeout, memory or killed. ``output`` is the end of what a
    failed notebook's process printed, without what disclosure control has not seen.
    """

    unit: str
    report: str
    status: str
    seconds: float
    cpu_seconds: float
    problem: str = ""
    failed_copy: Path | None = None
    cause: str = ""
    output: str = ""

    def as_record(self) -> dict[str, Any]:
        record = dataclasses.asdict(self)
        record["failed_copy"] = str(self.failed_copy) if self.failed_copy else None
        del record["output"]
        return record


@dataclass(frozen=True, slots=True)
class Watch:
    """Who looks after a run. ``hear`` is told every result as it comes.

    ``permit`` is asked, with the code of the unit, right before its package is published; it raises an AnalyticsError
    or OSError to hinder that.
    """

    hear: Callable[[ReportResult], None] = field(default=lambda _: None)
    permit: Callable[[str], None] = field(default=lambda _: None)


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run made."""

    period: str
    audience: str
    reports: tuple[ReportResult, ...]
    packages: tuple[Path, ...]
    portal: Path
    not_made: dict[str, dict[str, str]] = field(default_factory=dict)
    """Unit → report → why the unit does not get it."""
    unchanged: tuple[Path, ...] = ()
    """Packages that were left as they are: nothing in them would have changed (decision 021)."""
    missing: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Unit → what its pages say that the package is made without."""
    skipped: tuple[Path, ...] = ()
    """Packages that were not made: they are published from the same inputs by the same code."""
    unlisted: tuple[str, ...] = ()
    """Notebooks that lie beside the reports but are none (``package_list``)."""

    @property
    def failures(self) -> tuple[ReportResult, ...]:
        return tuple(result for result in self.reports if result.status != "ok")

    def as_record(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "period": self.period,
            "audience": self.audience,
            "ok": not self.failures,
            "packages": [str(folder) for folder in self.packages],
            "unchanged": [str(folder) for folder in self.unchanged],
            "skipped": [str(folder) for folder in self.skipped],
            "portal": str(self.portal),
            "reports": [result.as_record() for result in self.reports],
            "not_made": self.not_made,
            "missing": {unit: list(lines) for unit, lines in self.missing.items()},
            "unlisted": list(self.unlisted),
        }

    def __str__(self) -> str:
        made = [f"Published {folder}" for folder in self.packages]
        made += [f"Unchanged {folder}: the package would be the same" for folder in self.unchanged]
        made += [f"Not complete, unit {unit}: {' '.join(lines)}" for unit, lines in self.missing.items()]
        made += [f"Skipped {folder}: it is published from the same data by the same code" for folder in self.skipped]
        made += [f"Not a report, so not made: {name}. Add it with analytics promote." for name in self.unlisted]
        return "\n".join([*made, f"Portal {self.portal}"])

    def raise_if_failed(self) -> None:
        """Raise ReportError that lists every report which failed and where its notebook lies."""
        if not self.failures:
            return
        lines = [f"unit {result.unit}, {result.report}: {result.problem}" for result in self.failures]
        copies = sorted({str(result.failed_copy) for result in self.failures if result.failed_copy})
        units = ", ".join(sorted({result.unit for result in self.failures}))
        raise ReportError(
            f"{len(self.failures)} of {len(self.reports)} reports failed:\n  " + "\n  ".join(lines),
            action=f"Nothing new was published for unit {units}; an older package stays as it was."
            + (f" The executed notebooks with the error marked: {', '.join(copies)}." if copies else ""),
        )
