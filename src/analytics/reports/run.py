"""``analytics run``: notebooks → packages → portal, for one month and one audience.

A unit's package is published when all its reports are made. If one of them fails, nothing of that unit is published
(what was published before stays), the executed notebook with the failing cell marked lies in ``reports/.failed``, the
other units go on, and the run ends with an error. A run of single reports also remakes those which the unit's package
already holds, so that a package never mixes data versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from analytics import __version__
from analytics.comments import reading
from analytics.errors import AnalyticsError, UsageError
from analytics.measures.catalogue.summary import TELLER
from analytics.needs import Missing
from analytics.organisation import Organisation
from analytics.periods import Period
from analytics.progress import Progress
from analytics.reports import asking, choices, failures, inputs, package, portal, unprinted
from analytics.reports.jobs import ReportMade
from analytics.reports.limits import Limits
from analytics.reports.manifest import ReportEntry
from analytics.reports.plans import Basis, UnitPlan
from analytics.reports.results import ReportResult, RunReport, Watch
from analytics.reports.workers import Done, Pool
from analytics.settings import Settings


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
) -> RunReport:
    """Make and publish the packages of one month.

    ``units`` and ``reports`` empty mean all. ``now`` is printed as the time of making; ``jobs`` notebooks run at the
    same time, each for at most ``time_limit`` seconds and, if given, with at most ``memory_limit_mb`` of memory.
    ``missing`` gives unit → deliveries that its package has to do without: reports that need them are left out, and
    every page says so. ``watch`` hears of every result and may hinder that a unit is published. Failing notebooks do
    not raise: call ``raise_if_failed`` on the result.

    Raises UsageError for an unknown unit, report or audience and for wrong parameters, SettingsError for folders that
    do not keep the audiences apart, MissingDataError if nothing is loaded, if a critical delivery is missing or if a
    report that was asked for cannot be made, CommentError for comments that no report
    would look at, StorageError if the folder of reports cannot be written; then nothing was published.
    """
    limits = settings.disclosure.for_audience(audience)
    choices.refuse_mixed_folders(settings.disclosure)
    organisation = Organisation.read(settings.paths.reference)
    chosen = (
        [organisation.administration(code, period) for code in dict.fromkeys(units)]
        if units
        else organisation.at("administration", period)
    )
    notebooks = choices.find_notebooks(settings.paths.notebooks)
    for name in reports:
        if name not in notebooks:
            raise UsageError(f"there is no report {name!r}", action=f"Reports: {', '.join(notebooks)}.")
    missing = missing or {}
    choices.refuse_critical({unit.code: missing.get(unit.code, ()) for unit in chosen})
    given = inputs.read(settings, period)
    administrations = [unit.code for unit in organisation.at("administration", period)]
    reading.refuse_strays(settings.paths.comments, str(period), administrations)
    lacking = inputs.not_made(settings, organisation, period=period, units=[unit.code for unit in chosen])
    with package.workspace(settings.paths.reports) as workspace:
        basis = Basis(
            settings=settings,
            period=period,
            audience=audience,
            limits=limits,
            now=now,
            code_version=code_version,
            notebooks=notebooks,
            inputs=given,
            lacking=lacking,
            missing=missing,
            workspace=workspace,
        )
        without = {unit.code: {**lacking[unit.code], **basis.left_out(unit.code)} for unit in chosen}
        choices.refuse_reports_without_data(without, asked=reports, units=units)
        made = _Run(basis, progress or Progress(), watch or Watch())
        plans = [basis.plan(unit, reports) for unit in chosen]
        made.execute(plans, jobs=jobs, limits=Limits(time_limit, memory_limit_mb))
    home = portal.write(_portal(basis), reports=settings.paths.reports)
    return RunReport(
        str(period),
        audience,
        tuple(made.results),
        tuple(sorted(made.published)),
        home,
        without,
        tuple(sorted(made.unchanged)),
        {plan.code: basis.sentences(plan.code) for plan in plans if plan.missing},
    )


def _portal(basis: Basis) -> portal.Portal:
    """The portal of this audience."""
    region = basis.settings.region
    base = basis.reports / basis.limits.folder
    return portal.Portal(base, region.name, region.synthetic, basis.internal_label)


@dataclass(slots=True)
class _Run:
    """The state of one run."""

    basis: Basis
    progress: Progress
    watch: Watch
    results: list[ReportResult] = field(default_factory=list)
    published: list[Path] = field(default_factory=list)
    unchanged: list[Path] = field(default_factory=list)

    def execute(self, plans: list[UnitPlan], *, jobs: int, limits: Limits) -> None:
        """Run everything that is planned and publish each unit as soon as it is complete."""
        total = sum(len(plan.reports) + 1 for plan in plans)
        self.progress.start(total, f"Rapporter {self.basis.period}")
        by_code = {plan.code: plan for plan in plans}
        pool_of = Pool(
            jobs=jobs,
            time_limit=limits.seconds,
            memory_limit_mb=limits.megabytes,
            preload=asking.PRELOAD,
            log=self.basis.workspace / "output",
        )
        with pool_of as pool:
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
        order = {(plan.code, name): index for index, plan in enumerate(plans) for name in plan.reports}
        self.results.sort(key=lambda result: order.get((result.unit, result.report), len(order)))

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
        problem, cause = failures.keep(done, notebook=self.basis.notebooks[name], draft=draft, kept=kept)
        self._add(
            ReportResult(
                plan.code,
                name,
                "failed",
                done.seconds,
                done.cpu_seconds,
                problem,
                kept,
                cause,
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
