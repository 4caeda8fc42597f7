"""``analytics run``: notebooks → packages → portal, for one month and one audience.

A unit's package is published when all its reports are made. If one of them fails, nothing of that unit is published
(what was published before stays), the executed notebook with the failing cell marked lies in ``reports/.failed``, the
other units go on, and the run ends with an error. A run of single reports also remakes those which the unit's package
already holds, so that a package never mixes data versions.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from analytics import __version__
from analytics.comments import reading
from analytics.companions import Said
from analytics.errors import AnalyticsError, UsageError
from analytics.measures.catalogue.summary import TELLER
from analytics.organisation import Organisation, Unit
from analytics.periods import Period
from analytics.progress import Progress
from analytics.reports import (
    choices,
    exposure,
    html,
    inputs,
    ledger,
    links,
    manifest,
    package,
    parameters,
    portal,
    unprinted,
    versions,
)
from analytics.reports.inputs import Inputs
from analytics.reports.jobs import NotebookFailed, Others, ReportMade, ReportTask
from analytics.reports.limits import Limits
from analytics.reports.manifest import Identity, ReportEntry
from analytics.reports.results import ReportResult, RunReport, Watch
from analytics.reports.table_data import TableData
from analytics.reports.tasks import DIFFERENCES, QUALITY, PackageTask
from analytics.reports.workers import Done, Job, Pool
from analytics.settings import Audience, Settings

MAKE_REPORT = "analytics.reports.jobs:make_report"
MAKE_PACKAGE = "analytics.reports.assembly:make_package"
PRELOAD = (
    "papermill",
    "nbconvert",
    "IPython",
    "polars",
    "altair",
    "xlsxwriter",
    "analytics.workbench",
    "analytics.reports.jobs:prepare",
)
MOST_LINES = 200
"""Of what the process of a failed notebook printed."""


@dataclass(slots=True)
class _UnitRun:
    """One unit on its way to a package."""

    unit: Unit
    reports: tuple[str, ...]
    draft: Path
    target: Path
    inputs: Inputs
    version: int
    entries: dict[str, ReportEntry] = field(default_factory=dict)
    tables: dict[str, tuple[TableData, ...]] = field(default_factory=dict)
    shown: dict[str, tuple[str, ...]] = field(default_factory=dict)
    commented: dict[str, None] = field(default_factory=dict)
    said: dict[str, tuple[Said, ...]] = field(default_factory=dict)
    ended: int = 0
    failed: bool = False

    @property
    def places(self) -> dict[str, str]:
        """Table → link to it; of two reports that show it the first in the order of the package."""
        found: dict[str, str] = {}
        for name in self.reports:
            for table_id in self.shown.get(name, ()):
                found.setdefault(table_id, links.to_table(name, table_id))
        return found

    @property
    def waits(self) -> bool:
        """Whether all reports have ended but the one that tells of the others."""
        return TELLER in self.reports and self.ended == len(self.reports) - 1


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
    progress: Progress | None = None,
    watch: Watch | None = None,
) -> RunReport:
    """Make and publish the packages of one month.

    ``units`` and ``reports`` empty mean all. ``now`` is printed as the time of making; ``jobs`` notebooks run at the
    same time, each for at most ``time_limit`` seconds and, if given, with at most ``memory_limit_mb`` of memory.
    ``watch`` hears of every result and may hinder that a unit is published. Failing notebooks do not raise: call
    ``raise_if_failed`` on the result.

    Raises UsageError for an unknown unit, report or audience and for wrong parameters, SettingsError for folders that
    do not keep the audiences apart, MissingDataError if nothing is loaded, CommentError for comments that no report
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
    given = inputs.read(settings, period)
    administrations = [unit.code for unit in organisation.at("administration", period)]
    reading.refuse_strays(settings.paths.comments, str(period), administrations)
    lacking = inputs.not_made(settings, organisation, period=period, units=[unit.code for unit in chosen])
    choices.refuse_reports_without_data(lacking, asked=reports, units=units)
    with package.workspace(settings.paths.reports) as workspace:
        made = _Run(
            settings=settings,
            period=period,
            audience=audience,
            limits=limits,
            now=now,
            code_version=code_version,
            progress=progress or Progress(),
            notebooks=notebooks,
            inputs=given,
            lacking=lacking,
            workspace=workspace,
            watch=watch or Watch(),
        )
        plans = [made.plan(unit, reports) for unit in chosen]
        made.execute(plans, jobs=jobs, limits=Limits(time_limit, memory_limit_mb))
    home = portal.write(made.portal(), reports=settings.paths.reports)
    return RunReport(
        str(period),
        audience,
        tuple(made.results),
        tuple(sorted(made.published)),
        home,
        lacking,
        tuple(sorted(made.unchanged)),
    )


@dataclass(kw_only=True, slots=True)
class _Run:
    """The state of one run."""

    settings: Settings
    period: Period
    audience: str
    limits: Audience
    now: datetime
    code_version: str
    progress: Progress
    notebooks: dict[str, Path]
    inputs: Inputs
    lacking: dict[str, dict[str, str]]
    workspace: Path
    watch: Watch
    results: list[ReportResult] = field(default_factory=list)
    published: list[Path] = field(default_factory=list)
    unchanged: list[Path] = field(default_factory=list)

    def plan(self, unit: Unit, asked: tuple[str, ...]) -> _UnitRun:
        """Which reports a unit gets and where. Raises UsageError if a notebook's parameters do not fit."""
        target = package.folder_of(
            self.settings.paths.reports, audience_folder=self.limits.folder, period=str(self.period), unit=unit.code
        )
        existing = manifest.read(target)
        held = {entry.name for entry in existing.reports} if existing else set()
        entries = ledger.read(ledger.file_of(self.settings.paths.reports, target))
        lacking = self.lacking.get(unit.code, {})
        wanted = [name for name in self.notebooks if name not in lacking]
        names = tuple(name for name in wanted if not asked or name in asked or name in held)
        for name in names:
            parameters.check(self.notebooks[name], self._parameters(unit))
        number = versions.next_number(existing, entries)
        return _UnitRun(unit, names, self.workspace / unit.code, target, self._inputs(unit), number)

    def _inputs(self, unit: Unit) -> Inputs:
        return inputs.with_comments(
            self.inputs, self.settings, period=self.period, unit=unit.code, audience=self.audience
        )

    def execute(self, plans: list[_UnitRun], *, jobs: int, limits: Limits) -> None:
        """Run everything that is planned and publish each unit as soon as it is complete."""
        total = sum(len(plan.reports) + 1 for plan in plans)
        self.progress.start(total, f"Rapporter {self.period}")
        by_code = {plan.unit.code: plan for plan in plans}
        log = self.workspace / "output"
        pool_of = Pool(
            jobs=jobs,
            time_limit=limits.seconds,
            memory_limit_mb=limits.megabytes,
            preload=PRELOAD,
            log=log,
        )
        with pool_of as pool:
            for plan in plans:
                for name in plan.reports:
                    if name != TELLER or plan.waits:
                        pool.add(self._report_job(plan, name))
            for done in pool.results():
                code, _, name = done.key.partition("/")
                plan = by_code[code]
                self.progress.step(f"{plan.unit.code} {name or 'paket'}")
                if not name:
                    self._take_package(plan, done)
                    continue
                self._take_report(plan, name, done)
                if plan.waits and name != TELLER:
                    pool.add(self._report_job(plan, TELLER))
                if plan.ended < len(plan.reports):
                    continue
                if plan.failed or self._is_refused(plan):
                    self.progress.step()
                else:
                    pool.add(Job(f"{code}/", MAKE_PACKAGE, self._package_task(plan)))
        order = {(plan.unit.code, name): index for index, plan in enumerate(plans) for name in plan.reports}
        self.results.sort(key=lambda result: order.get((result.unit, result.report), len(order)))

    def portal(self) -> portal.Portal:
        """The portal of this audience."""
        region = self.settings.region
        base = self.settings.paths.reports / self.limits.folder
        return portal.Portal(base, region.name, region.synthetic, self._internal_label)

    @property
    def _internal_label(self) -> str:
        return self.limits.label if self.audience == "internal" else ""

    def _parameters(self, unit: Unit) -> dict[str, parameters.Literal]:
        return {"period": str(self.period), "unit": unit.code, "audience": self.audience}

    def _report_job(self, plan: _UnitRun, name: str) -> Job:
        return Job(f"{plan.unit.code}/{name}", MAKE_REPORT, self._report_task(plan, name))

    def _report_task(self, plan: _UnitRun, name: str) -> ReportTask:
        others = None
        if name == TELLER:
            tables = {table.table_id: table for other in plan.reports for table in plan.tables.get(other, ())}
            others = Others(tuple(tables.values()), plan.places, plan.target, plan.version, self.limits)
        return ReportTask(
            name=name,
            notebook=self.notebooks[name],
            parameters=self._parameters(plan.unit),
            draft=plan.draft,
            failed_copy=self._draft_of_failure(plan, name),
            frame=replace(self._frame(plan), kind="rapport kort") if others else self._frame(plan),
            vega_cache=self.settings.paths.reports / package.CACHE,
            private_folders=(self.settings.root, Path.home()),
            others=others,
        )

    def _draft_of_failure(self, plan: _UnitRun, name: str) -> Path:
        return self.workspace / "failed" / plan.unit.code / f"{name}.ipynb"

    def _frame(self, plan: _UnitRun) -> html.Page:
        region = self.settings.region
        name = region.name_in(self.period)
        summary = plan.inputs.summary()
        versions = (
            f"Dataversion {plan.inputs.version}. Kontroller: {summary['passed']} av {summary['checks']} godkända. "
            f"Kodversion {self.code_version}."
        )
        return html.Page(
            title=f"{plan.unit.label}, {self.period.label}",
            sender=name,
            kind="rapport",
            links=(
                html.Link("Alla rapporter", "../../index.html"),
                *(html.Link(choices.title_of(self.notebooks[name]), f"{name}.html") for name in plan.reports),
                html.Link("Datakvalitet", QUALITY),
                html.Link("Ändringar", DIFFERENCES),
                html.Link("Tabeller (Excel)", "tabeller.xlsx"),
            ),
            footer=(f"{name}. Framställd {self.now:%Y-%m-%d %H:%M}.", versions),
            synthetic=region.synthetic,
            internal_label=self._internal_label,
            version=f"Version {plan.version}, framställd {self.now:%Y-%m-%d %H:%M}",
        )

    def _take_report(self, plan: _UnitRun, name: str, done: Done) -> None:
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
                self._parameters(plan.unit),
                tuple(table.table_id for table in done.value.tables),
            )
            self._add(ReportResult(plan.unit.code, name, "ok", done.seconds, done.cpu_seconds))
            return
        plan.failed = True
        draft = self._draft_of_failure(plan, name)
        if isinstance(done.value, NotebookFailed):
            problem, cause = f"cell {done.value.cell}: {done.value.error}", done.value.cause
        else:
            problem, cause = done.problem, done.cause
            if not draft.exists():
                _write_marked(self.notebooks[name], draft, problem)
        kept.parent.mkdir(parents=True, exist_ok=True)
        exposure.withhold(draft)
        draft.replace(kept)
        self._add(
            ReportResult(
                plan.unit.code,
                name,
                "failed",
                done.seconds,
                done.cpu_seconds,
                problem,
                kept,
                cause,
                _end_of(done.log),
            )
        )

    def _add(self, result: ReportResult) -> None:
        self.results.append(result)
        self.watch.hear(result)

    def _kept_failure(self, plan: _UnitRun, name: str) -> Path:
        folder = self.settings.paths.reports / package.FAILED / self.limits.folder / str(self.period) / plan.unit.code
        return folder / f"{name}.ipynb"

    def _package_task(self, plan: _UnitRun) -> PackageTask:
        identity = Identity(
            str(self.period),
            plan.unit.code,
            plan.unit.label,
            self.audience,
            self.limits.label,
            self.settings.region.synthetic,
            self.now.isoformat(timespec="seconds"),
            self.code_version,
            plan.version,
        )
        tables = {table.table_id: table for name in plan.reports for table in plan.tables[name]}
        return PackageTask(
            plan.draft,
            plan.target,
            identity,
            f"{plan.unit.code} {plan.unit.label}",
            self.period.label,
            tuple(plan.entries[name] for name in plan.reports),
            tuple(tables.values()),
            plan.inputs,
            self._frame(plan),
            self.now,
            {name: why for name, why in self.lacking.get(plan.unit.code, {}).items() if name in self.notebooks},
            {name: plan.said[name] for name in plan.reports},
            plan.places,
            self.limits,
        )

    def _is_refused(self, plan: _UnitRun) -> bool:
        """Whether a unit whose reports are made gets no package because of its comments; then it is said why.

        The manifest must name the comments that were printed, and every approved one must be.
        """
        if self._inputs(plan.unit).version != plan.inputs.version:
            self._refuse(plan, "comments were changed while the reports were made; run the unit again")
            return True
        lacking = self.lacking.get(plan.unit.code, {})
        lost = unprinted.unprinted(
            self.settings,
            period=self.period,
            unit=plan.unit.code,
            made=plan.reports,
            possible=[name for name in self.notebooks if name not in lacking],
            commented=plan.commented,
        )
        if lost:
            self._refuse(plan, "; ".join(lost))
        return bool(lost)

    def _refuse(self, plan: _UnitRun, problem: str) -> None:
        self._add(ReportResult(plan.unit.code, "paket", "failed", 0.0, 0.0, problem, cause="comments"))

    def _take_package(self, plan: _UnitRun, done: Done) -> None:
        problem, cause = (done.problem, done.cause) if done.status != "ok" else self._publish(plan)
        if problem:
            code, output = plan.unit.code, _end_of(done.log)
            failure = ReportResult(
                code, "paket", "failed", done.seconds, done.cpu_seconds, problem, cause=cause, output=output
            )
            self._add(failure)

    def _publish(self, plan: _UnitRun) -> tuple[str, str]:
        """What hindered it, and the class of the error; one unit that cannot be published does not stop the others."""
        reports = self.settings.paths.reports
        try:
            is_new = package.publish(
                plan.draft,
                plan.target,
                reports=reports,
                workspace_folder=self.workspace,
                permit=partial(self.watch.permit, plan.unit.code),
            )
        except AnalyticsError as error:
            return error.problem, type(error).__name__
        except OSError as error:
            return f"it could not be published: {error.strerror or error}", type(error).__name__
        (self.published if is_new else self.unchanged).append(plan.target)
        return "", ""


def _end_of(log: Path) -> str:
    """The last lines that a process printed, without what disclosure control has not seen."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-MOST_LINES:]
    except OSError:
        return ""
    return exposure.without_exposed("\n".join(lines))


def _write_marked(notebook: Path, target: Path, problem: str) -> None:
    """A copy of a notebook whose process could not write one: the source with the reason on top."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    note = {"cell_type": "markdown", "id": "stopped", "metadata": {}, "source": f"**Stopped: {problem}**"}
    content["cells"].insert(0, note)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
