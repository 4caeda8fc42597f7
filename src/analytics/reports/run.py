"""``analytics run``: notebooks → packages → portal, for one month and one audience.

A unit's package is published when all its reports are made. If one of them fails, nothing of that unit is published
(what was published before stays), the executed notebook with the failing cell marked lies in ``reports/.failed``, the
other units go on, and the run ends with an error. A run of single reports also remakes those which the unit's package
already holds, so that a package never mixes data versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal

from analytics import __version__
from analytics.errors import AnalyticsError
from analytics.measures.catalogue.summary import TELLER
from analytics.needs import Missing
from analytics.periods import Period
from analytics.progress import Progress
from analytics.reports import asking, choices, failures, package, package_list, portal, unprinted
from analytics.reports.jobs import ReportMade
from analytics.reports.limits import Limits
from analytics.reports.manifest import ReportEntry
from analytics.reports.plans import Basis, UnitPlan
from analytics.reports.results import ReportResult, RunReport, Watch
from analytics.reports.workers import Done, Pool
from analytics.settings import Settings

Leave = Literal["nothing", "own", "published"]
"""Which packages a run leaves as they are: none; those that this very run has published, in a process that died since;
or all that are published from the same inputs by the same code."""


def run(  # noqa: PLR0913 - the caller says everything that a run depends on
    settings: Settings,
    *,
    period: Period,
    units: tuple[str, ...],
    reports: tuple[str, ...],
    audience: str,
    now: datetime,
    jobs: int = 2,
    time_limit: float = 600,
    memory_limit_mb: int = 0,
    code_version: str = __version__,
    missing: Mapping[str, tuple[Missing, ...]] | None = None,
    progress: Progress | None = None,
    watch: Watch | None = None,
    leave: Leave = "nothing",
    pool: Pool | None = None,
    with_portal: bool = True,
) -> RunReport:
    """Make and publish the packages of one month.

    ``units`` and ``reports`` empty mean all. ``now`` is printed as the time of making; ``jobs`` notebooks run at the
    same time, each for at most ``time_limit`` seconds and, if given, with at most ``memory_limit_mb`` of memory.
    ``missing`` gives unit → deliveries that its package has to do without: reports that need them are left out, and
    every page says so. ``watch`` hears of every result and may hinder that a unit is published. ``leave`` says which
    packages are left as they are. A ``pool`` from :func:`warm_pool` may be lent, with jobs of its own number. Failing
    notebooks do not raise: call ``raise_if_failed`` on the result.

    Raises UsageError for an unknown unit, report or audience and for wrong parameters, SettingsError for folders that
    do not keep the audiences apart, MissingDataError if nothing is loaded, if a critical delivery is missing or if a
    report that was asked for cannot be made, CommentError for comments that no report
    would look at, StorageError if the folder of reports cannot be written; then nothing was published.
    """
    limits = settings.disclosure.for_audience(audience)
    missing = missing or {}
    checked = choices.check(settings, period, units, reports, missing)
    with package.workspace(settings.paths.reports) as workspace:
        basis = Basis(
            settings=settings,
            period=period,
            audience=audience,
            limits=limits,
            now=now,
            code_version=code_version,
            notebooks=checked.notebooks,
            inputs=checked.inputs,
            lacking=checked.lacking,
            missing=missing,
            workspace=workspace,
        )
        without = {unit.code: {**checked.lacking[unit.code], **basis.left_out(unit.code)} for unit in checked.units}
        choices.refuse_reports_without_data(without, asked=reports, units=units)
        made = _Run(basis, progress or Progress(), watch or Watch())
        plans = [basis.plan(unit, reports) for unit in checked.units]
        todo = [plan for plan in plans if not made.leaves(plan, leave)]
        with nullcontext(pool) if pool else warm_pool(jobs) as used:
            made.execute(todo, used, Limits(time_limit, memory_limit_mb))
    home = write_portal(settings, audience) if with_portal else _portal(settings, audience).file
    return RunReport(
        str(period),
        audience,
        tuple(made.results),
        tuple(sorted(made.published)),
        home,
        without,
        tuple(sorted(made.unchanged)),
        {plan.code: basis.sentences(plan.code) for plan in plans if plan.missing},
        tuple(sorted(made.skipped)),
        package_list.unlisted(settings.paths.notebooks),
    )


def warm_pool(jobs: int) -> Pool:
    """A pool that has imported what notebooks need; ``jobs`` of them run at the same time."""
    return Pool(jobs=jobs, preload=asking.PRELOAD)


def write_portal(settings: Settings, audience: str) -> Path:
    """Rewrite the portal of an audience and the addresses that lead on to the newest packages."""
    return portal.write(_portal(settings, audience), reports=settings.paths.reports)


def _portal(settings: Settings, audience: str) -> portal.Portal:
    region, limits = settings.region, settings.disclosure.for_audience(audience)
    label = limits.label if audience == "internal" else ""
    return portal.Portal(settings.paths.reports / limits.folder, region.name, region.synthetic, label)


@dataclass(slots=True)
class _Run:
    """The state of one run."""

    basis: Basis
    progress: Progress
    watch: Watch
    results: list[ReportResult] = field(default_factory=list)
    published: list[Path] = field(default_factory=list)
    unchanged: list[Path] = field(default_factory=list)
    skipped: list[Path] = field(default_factory=list)

    def leaves(self, plan: UnitPlan, leave: Leave) -> bool:
        """Whether a unit's package is left as it is. One that this run has published itself counts as published."""
        if leave == "nothing" or not self.basis.is_made(plan, own=leave == "own"):
            return False
        (self.published if self.basis.is_own(plan) else self.skipped).append(plan.target)
        return True

    def execute(self, plans: list[UnitPlan], pool: Pool, limits: Limits) -> None:
        """Run everything that is planned and publish each unit as soon as it is complete."""
        total = sum(len(plan.reports) + 1 for plan in plans)
        self.progress.start(total, f"Rapporter {self.basis.period}")
        pool.use(limits, self.basis.workspace / "output")
        try:
            self._run_all(plans, pool)
        finally:
            pool.forget()
        order = {(plan.code, name): index for index, plan in enumerate(plans) for name in plan.reports}
        self.results.sort(key=lambda result: order.get((result.unit, result.report), len(order)))

    def _run_all(self, plans: list[UnitPlan], pool: Pool) -> None:
        by_code = {plan.code: plan for plan in plans}
        for plan in plans:
            if not plan.reports:
                self._refuse(plan, "none of the reports can be made from what has come", "MissingDataError")
            for name in plan.reports:
                if name != TELLER or plan.waits:
                    pool.add(asking.report_job(self.basis, plan, name))
        for done in pool.results():
            code, name = asking.asked_of(done.key)
            plan = by_code[code]
            self.progress.step(f"{plan.code} {name or 'paket'}")
            if not name:
                self._take_package(plan, done)
                continue
            self._take_report(plan, name, done)
            if plan.waits and name != TELLER:
                pool.add(asking.report_job(self.basis, plan, TELLER))
            if plan.ended < len(plan.reports):
                continue
            if plan.failed or self._is_refused(plan):
                self.progress.step()
            else:
                pool.add(asking.package_job(self.basis, plan))

    def _take_report(self, plan: UnitPlan, name: str, done: Done) -> None:
        plan.ended += 1
        kept = self._kept_failure(plan, name)
        if isinstance(done.value, ReportMade):
            kept.unlink(missing_ok=True)
            plan.tables[name] = done.value.tables
            plan.shown[name] = done.value.shown
            plan.commented |= dict.fromkeys(done.value.commented)
            plan.said[name] = done.value.said
            plan.entries[name] = ReportEntry(
                name,
                done.value.title,
                "ok",
                round(done.seconds, 2),
                round(done.cpu_seconds, 2),
                self.basis.parameters(plan.unit),
                tuple(table.table_id for table in done.value.tables),
                {table: rows for table, rows in done.value.commented.items() if rows},
            )
            self._add(ReportResult(plan.code, name, "ok", done.seconds, done.cpu_seconds))
            return
        plan.failed = True
        draft = failures.draft_of(self.basis.workspace, plan.code, name)
        failure = failures.keep(done, notebook=self.basis.notebooks[name], draft=draft, kept=kept)
        self._add(
            ReportResult(
                plan.code,
                name,
                "failed",
                done.seconds,
                done.cpu_seconds,
                failure.problem,
                failure.kept,
                failure.cause,
                failures.end_of(done.log),
            )
        )

    def _add(self, result: ReportResult) -> None:
        self.results.append(result)
        self.watch.hear(result)

    def _kept_failure(self, plan: UnitPlan, name: str) -> Path:
        folder = self.basis.reports / package.FAILED / self.basis.limits.folder / str(self.basis.period) / plan.code
        return folder / f"{name}.ipynb"

    def _is_refused(self, plan: UnitPlan) -> bool:
        """Whether a unit whose reports are made gets no package because of its comments; then it is said why.

        The manifest must name the comments that were printed, and every approved one must be.
        """
        if self.basis.inputs_of(plan.unit).version != plan.inputs.version:
            self._refuse(plan, "comments were changed while the reports were made; run the unit again")
            return True
        lacking = self.basis.lacking.get(plan.code, {})
        lost = unprinted.unprinted(
            self.basis.settings,
            period=self.basis.period,
            unit=plan.code,
            made=plan.reports,
            possible=[name for name in self.basis.notebooks if name in plan.left_out or name not in lacking],
            commented=plan.commented,
        )
        if lost:
            self._refuse(plan, "; ".join(lost))
        return bool(lost)

    def _refuse(self, plan: UnitPlan, problem: str, cause: str = "comments") -> None:
        self._add(ReportResult(plan.code, "paket", "failed", 0.0, 0.0, problem, cause=cause))

    def _take_package(self, plan: UnitPlan, done: Done) -> None:
        problem, cause = (done.problem, done.cause) if done.status != "ok" else self._publish(plan)
        if problem:
            code, output = plan.code, failures.end_of(done.log)
            failure = ReportResult(
                code, "paket", "failed", done.seconds, done.cpu_seconds, problem, cause=cause, output=output
            )
            self._add(failure)

    def _publish(self, plan: UnitPlan) -> tuple[str, str]:
        """What hindered it, and the class of the error; one unit that cannot be published does not stop the others."""
        reports = self.basis.reports
        try:
            is_new = package.publish(
                plan.draft,
                plan.target,
                reports=reports,
                workspace_folder=self.basis.workspace,
                permit=partial(self.watch.permit, plan.code),
            )
        except AnalyticsError as error:
            return error.problem, type(error).__name__
        except OSError as error:
            return f"it could not be published: {error.strerror or error}", type(error).__name__
        (self.published if is_new else self.unchanged).append(plan.target)
        return "", ""
