"""Makes the packages of one month that are due: each under its lease, recorded, confirmed before it is published."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from analytics.errors import AnalyticsError, StorageError
from analytics.fanout import Maker, Order
from analytics.leases import Holder
from analytics.progress import Progress
from analytics.reports.limits import Limits
from analytics.reports.results import ReportResult
from analytics.schedule import history, published, retries
from analytics.schedule.attempting import Attempts, Running
from analytics.schedule.due import Due
from analytics.schedule.looking import Project
from analytics.schedule.outcomes import Made, MadeOutcome
from analytics.schedule.published import Published

NOT_PUBLISHED: Final = "the run ended without publishing it"
STILL_DUE: Final = "the package is the same as the published one, and that does not count as made from these inputs"


def make(project: Project, attempts: Attempts, asked: Sequence[Due], *, maker: Maker, progress: Progress) -> list[Made]:
    """Make the packages of one month, and say of each what became of it. Only an interruption is raised."""
    batch = _Batch(project, attempts)
    for each in asked:
        batch.take(each)
    if batch.running:
        batch.run(maker, progress)
    return batch.made


class _Batch:
    def __init__(self, project: Project, attempts: Attempts) -> None:
        self.made: list[Made] = []
        self.running: dict[str, Running] = {}
        self._due: dict[str, Due] = {}
        self._before: dict[str, Published | None] = {}
        self._project = project
        self._attempts = attempts

    def take(self, due: Due) -> None:
        """Take the lease of a package and record that its attempt begins, unless someone else was faster."""
        place = history.place_of(due.period, due.unit)
        try:
            taken = self._attempts.take(place, self._project.lease_folder(place))
            if isinstance(taken, Holder):
                self._say(due, "busy", str(taken))
                return
            before = published.read(self._folder(due))
            if isinstance(before, Published) and before.is_of(due.input_version, due.missing):
                self._attempts.heart.release(taken)
                self._say(due, "done_elsewhere")
                return
            lacking = tuple(f"{each.need.layout} {month}" for each in due.missing for month in each.months)
            try:
                begun = self._attempts.begin(place, taken, input_version=due.input_version, missing=lacking)
            except BaseException:
                self._attempts.heart.release(taken)
                raise
        except (AnalyticsError, OSError) as error:
            self._say(due, "failed", retries.in_words(error))
            return
        self.running[due.unit] = begun
        self._due[due.unit] = due
        self._before[due.unit] = before if isinstance(before, Published) else None

    def run(self, maker: Maker, progress: Progress) -> None:
        """Make what was taken."""
        project, first = self._project, next(iter(self._due.values()))
        limits = project.settings.schedule
        order = Order(
            settings=project.settings,
            period=first.period,
            units=tuple(self.running),
            audience=project.settings.disclosure.audience,
            now=self._attempts.clock.now(),
            code_version=project.code_version,
            limits=Limits(limits.time_limit_seconds, limits.memory_limit_mb),
            jobs=limits.jobs or len(os.sched_getaffinity(0)),
            missing={unit: due.missing for unit, due in self._due.items()},
            tickets={unit: running.lease.ticket for unit, running in self.running.items()},
            hear=self._hear,
            progress=progress,
        )
        try:
            report = maker(order)
        except Exception as error:  # noqa: BLE001 - whatever happened to one month, the others are still to be made
            for unit in list(self.running):
                self.running[unit].log_error(error)
                self._end(unit, (), retries.in_words(error), type(error).__name__)
            return
        except BaseException:
            for running in self.running.values():
                running.end("stopped")
            raise
        for unit in list(self.running):
            failures = [result for result in report.failures if result.unit == unit]
            unchanged = self._folder(self._due[unit]) in (*report.unchanged, *report.skipped)
            self._end(unit, failures, "" if unchanged else NOT_PUBLISHED, "", unchanged=unchanged)

    def _hear(self, result: ReportResult) -> None:
        running = self.running.get(result.unit)
        if running is None:
            return
        running.log(f"{result.report}: {result.status}, {result.seconds:.1f} s {result.problem}".rstrip())
        if result.output:
            running.log(result.output)
        if result.failed_copy is not None:
            running.keep_notebook(result.failed_copy)

    def _end(
        self, unit: str, failures: Sequence[ReportResult], problem: str, cause: str, *, unchanged: bool = False
    ) -> None:
        """Record how a unit's attempt ended; what is published now decides, whatever the run says.

        ``problem`` and ``cause`` are told where nothing was published and no report failed.
        """
        running, due = self.running.pop(unit), self._due[unit]
        after = published.read(self._folder(due))
        is_new = isinstance(after, Published) and after != self._before[unit]
        outcome: MadeOutcome = "published" if is_new else "unchanged"
        changes: dict[str, object] = {}
        if isinstance(after, Published) and is_new:
            changes = {"package": f"{due.period}/{unit}/v{after.version}", "input_version": after.input_version}
        elif failures:
            lasting = [each for each in failures if not retries.may_pass(each.cause)]
            problem = "; ".join(f"{each.report}: {each.problem}" for each in failures)
            changes = {"problem": problem, "cause": (lasting or failures)[0].cause, "passing": not lasting}
        elif unchanged:
            changes = {"problem": STILL_DUE, "cause": "unchanged"}
        else:
            changes = {"problem": problem, "cause": cause, "passing": retries.may_pass(cause)}
        if "problem" in changes:
            outcome = "failed"
        try:
            running.end("failed" if outcome == "failed" else "done", **changes)
        except StorageError as error:
            self._say(due, "failed", str(error), running)
            return
        self._say(due, outcome, str(changes.get("problem", "")), running, str(changes.get("package", "")))

    def _say(
        self, due: Due, outcome: MadeOutcome, problem: str = "", running: Running | None = None, package: str = ""
    ) -> None:
        number = running.attempt.number if running else 0
        self.made.append(Made(due.period, due.unit, outcome, problem, number, package))

    def _folder(self, due: Due) -> Path:
        return self._project.folder / str(due.period) / due.unit
