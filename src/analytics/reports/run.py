"""``analytics run``: notebooks → packages → portal, for one month and one audience.

A unit's package is published when all its reports are made. If one of them fails, nothing of that unit is published
(what was published before stays), the executed notebook with the failing cell marked lies in ``reports/.failed``, the
other units go on, and the run ends with an error. A run of single reports also remakes those which the unit's package
already holds, so that a package never mixes data versions.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from analytics import __version__
from analytics.errors import ReportError, UsageError
from analytics.measures.catalogue import REPORTS
from analytics.organisation import Organisation, Unit
from analytics.periods import Period
from analytics.progress import Progress
from analytics.reports import html, inputs, manifest, package, parameters, portal
from analytics.reports.inputs import Inputs
from analytics.reports.jobs import NotebookFailed, PackageTask, ReportMade, ReportTask
from analytics.reports.manifest import Identity, ReportEntry
from analytics.reports.table_data import TableData
from analytics.reports.workers import Done, Job, Pool
from analytics.settings import Settings

PRELOAD = (
    "papermill",
    "nbconvert",
    "IPython",
    "polars",
    "altair",
    "babel.numbers",
    "xlsxwriter",
    "analytics.workbench",
    "analytics.tables",
    "analytics.charts",
    "analytics.sentences",
    "analytics.reports.jobs:prepare",
)


@dataclass(frozen=True, slots=True)
class ReportResult:
    """How one report of one unit ended. ``failed_copy`` is given for a notebook that failed."""

    unit: str
    report: str
    status: str
    seconds: float
    cpu_seconds: float
    problem: str = ""
    failed_copy: Path | None = None

    def as_record(self) -> dict[str, Any]:
        record = dataclasses.asdict(self)
        record["failed_copy"] = str(self.failed_copy) if self.failed_copy else None
        return record


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run made."""

    period: str
    audience: str
    reports: tuple[ReportResult, ...]
    packages: tuple[Path, ...]
    portal: Path

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
            "portal": str(self.portal),
            "reports": [result.as_record() for result in self.reports],
        }

    def __str__(self) -> str:
        made = [f"Published {folder}" for folder in self.packages]
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


@dataclass(slots=True)
class _UnitRun:
    unit: Unit
    reports: tuple[str, ...]
    draft: Path
    target: Path
    entries: dict[str, ReportEntry]
    tables: dict[str, tuple[TableData, ...]]
    failed: bool = False


class _Bar(Protocol):
    def start(self, total: int, text: str) -> None: ...
    def step(self, text: str = "") -> None: ...


def run(
    settings: Settings,
    *,
    period: Period,
    units: tuple[str, ...],
    reports: tuple[str, ...],
    audience: str,
    now: datetime,
    jobs: int = 2,
    time_limit: float = 600,
    code_version: str = __version__,
    progress: _Bar | None = None,
) -> RunReport:
    """Make and publish the packages of one month.

    ``units`` and ``reports`` empty mean all. ``now`` is printed as the time of making. Notebook failures do not raise:
    call ``raise_if_failed`` on the result.

    Raises UsageError for an unknown unit, report or audience and for wrong parameters, MissingDataError if nothing is
    loaded, StorageError if the folder of reports cannot be written; then nothing was published.
    """
    return _Run(settings, period, audience, now, code_version, progress or Progress()).execute(
        units, reports, jobs=jobs, time_limit=time_limit
    )


class _Run:
    def __init__(
        self, settings: Settings, period: Period, audience: str, now: datetime, code_version: str, progress: _Bar
    ) -> None:
        self._settings = settings
        self._period = period
        self._audience = audience
        self._limits = settings.disclosure.for_audience(audience)
        self._now = now
        self._code_version = code_version
        self._progress = progress
        self._reports_folder = settings.paths.reports
        self._base = self._reports_folder / self._limits.folder
        self._results: list[ReportResult] = []
        self._published: list[Path] = []
        self._inputs: Inputs

    def execute(self, units: tuple[str, ...], reports: tuple[str, ...], *, jobs: int, time_limit: float) -> RunReport:
        chosen_units = self._units(units)
        notebooks = self._notebooks()
        for name in reports:
            if name not in notebooks:
                raise UsageError(f"there is no report {name!r}", action=f"Reports: {', '.join(notebooks)}.")
        self._inputs = inputs.read(self._settings.paths.processed)
        with package.workspace(self._reports_folder) as workspace:
            runs = [self._unit_run(unit, reports or tuple(notebooks), notebooks, workspace) for unit in chosen_units]
            tasks = [
                Job(
                    f"{index}/{name}", "analytics.reports.jobs:make_report", self._task(unit_run, name, notebooks[name])
                )
                for index, unit_run in enumerate(runs)
                for name in unit_run.reports
            ]
            for task in tasks:
                parameters.check(task.argument.notebook, task.argument.parameters)
            self._progress.start(len(tasks) + len(runs), f"Rapporter {self._period}")
            log = self._reports_folder / package.WORK / f"{workspace.name}.log"
            with Pool(jobs=jobs, time_limit=time_limit, preload=PRELOAD, log=log) as pool:
                for task in tasks:
                    pool.add(task)
                for done in pool.results():
                    index, _, name = done.key.partition("/")
                    self._take(runs[int(index)], name, done, pool, int(index), workspace)
            log.unlink(missing_ok=True)
        home = portal.write(self._portal(), reports=self._reports_folder)
        order = {unit.code: place for place, unit in enumerate(chosen_units)}
        self._results.sort(key=lambda result: (order[result.unit], result.report))
        return RunReport(str(self._period), self._audience, tuple(self._results), tuple(sorted(self._published)), home)

    def _units(self, codes: tuple[str, ...]) -> list[Unit]:
        organisation = Organisation.read(self._settings.paths.reference)
        if not codes:
            return organisation.at("administration", self._period)
        return [organisation.administration(code, self._period) for code in dict.fromkeys(codes)]

    def _notebooks(self) -> dict[str, Path]:
        """Reports by name: those of the catalogue first, in its order, then others by name."""
        files = {file.stem: file for file in sorted(self._settings.paths.notebooks.glob("*.ipynb"))}
        if not files:
            raise UsageError(f"there are no notebooks in {self._settings.paths.notebooks}")
        names = [name for name in REPORTS if name in files] + [name for name in files if name not in REPORTS]
        return {name: files[name] for name in names}

    def _unit_run(self, unit: Unit, asked: tuple[str, ...], notebooks: dict[str, Path], workspace: Path) -> _UnitRun:
        target = package.folder_of(
            self._reports_folder, audience_folder=self._limits.folder, period=str(self._period), unit=unit.code
        )
        existing = manifest.read(target)
        held = {entry.name for entry in existing.reports} if existing else set()
        names = tuple(name for name in notebooks if name in asked or name in held)
        return _UnitRun(unit, names, workspace / unit.code, target, {}, {})

    def _task(self, unit_run: _UnitRun, name: str, notebook: Path) -> ReportTask:
        given = {"period": str(self._period), "unit": unit_run.unit.code, "audience": self._audience}
        return ReportTask(
            name=name,
            notebook=notebook,
            parameters=given,
            draft=unit_run.draft,
            failed_copy=unit_run.draft.parent / "failed" / unit_run.unit.code / f"{name}.ipynb",
            frame=self._frame(unit_run),
            vega_cache=self._reports_folder / package.CACHE,
            private_folders=(self._settings.root, Path.home()),
        )

    def _frame(self, unit_run: _UnitRun) -> html.Page:
        siblings = tuple(html.Link(name.capitalize(), f"{name}.html") for name in unit_run.reports)
        summary = self._inputs.summary()
        return html.Page(
            title=f"{unit_run.unit.label}, {self._period.label}",
            sender=self._settings.region.name,
            kind="rapport",
            links=(
                html.Link("Alla rapporter", "../../index.html"),
                *siblings,
                html.Link("Datakvalitet", "datakvalitet.html"),
                html.Link("Tabeller (Excel)", "tabeller.xlsx"),
            ),
            footer=(
                f"{self._settings.region.name}. Framställd {self._now:%Y-%m-%d %H:%M}.",
                f"Dataversion {self._inputs.version}. Kontroller: {summary['passed']} av {summary['checks']} godkända. "
                f"Kodversion {self._code_version}.",
            ),
            synthetic=self._settings.region.synthetic,
            internal_label=self._internal_label,
        )

    @property
    def _internal_label(self) -> str:
        return self._limits.label if self._limits.folder else ""

    def _portal(self) -> portal.Portal:
        region = self._settings.region
        return portal.Portal(self._base, region.name, region.synthetic, self._internal_label)

    def _take(self, unit_run: _UnitRun, name: str, done: Done, pool: Pool, index: int, workspace: Path) -> None:
        self._progress.step(f"{unit_run.unit.code} {name or 'paket'}")
        if not name:
            self._take_package(unit_run, done, workspace)
            return
        self._results.append(self._judge(unit_run, name, done))
        if self._results[-1].status != "ok":
            unit_run.failed = True
        elif isinstance(done.value, ReportMade):
            made = done.value
            unit_run.tables[name] = made.tables
            unit_run.entries[name] = ReportEntry(
                name,
                made.title,
                "ok",
                round(done.seconds, 2),
                round(done.cpu_seconds, 2),
                {"period": str(self._period), "unit": unit_run.unit.code, "audience": self._audience},
                tuple(table.table_id for table in made.tables),
            )
        ended = [result for result in self._results if result.unit == unit_run.unit.code]
        if len(ended) < len(unit_run.reports):
            return
        if unit_run.failed:
            self._progress.step()
        else:
            pool.add(Job(f"{index}/", "analytics.reports.jobs:make_package", self._package_task(unit_run)))

    def _judge(self, unit_run: _UnitRun, name: str, done: Done) -> ReportResult:
        unit = unit_run.unit.code
        kept = self._reports_folder / package.FAILED / self._limits.folder / str(self._period) / unit / f"{name}.ipynb"
        made = unit_run.draft.parent / "failed" / unit / f"{name}.ipynb"
        if isinstance(done.value, ReportMade):
            kept.unlink(missing_ok=True)
            return ReportResult(unit, name, "ok", done.seconds, done.cpu_seconds)
        if isinstance(done.value, NotebookFailed):
            problem = f"cell {done.value.cell}: {done.value.error}"
        else:
            problem = done.problem
            if not made.exists():
                _mark(self._notebooks()[name], made, problem)
        kept.parent.mkdir(parents=True, exist_ok=True)
        made.replace(kept)
        return ReportResult(unit, name, "failed", done.seconds, done.cpu_seconds, problem, kept)

    def _package_task(self, unit_run: _UnitRun) -> PackageTask:
        unit = unit_run.unit
        identity = Identity(
            str(self._period),
            unit.code,
            unit.label,
            self._audience,
            self._limits.label,
            self._settings.region.synthetic,
            self._now.isoformat(timespec="seconds"),
            self._code_version,
        )
        return PackageTask(
            unit_run.draft,
            identity,
            f"{unit.code} {unit.label}",
            self._period.label,
            tuple(unit_run.entries[name] for name in unit_run.reports),
            tuple(table for name in unit_run.reports for table in unit_run.tables[name]),
            self._inputs,
            self._frame(unit_run),
            self._now,
        )

    def _take_package(self, unit_run: _UnitRun, done: Done, workspace: Path) -> None:
        if done.status != "ok":
            result = ReportResult(unit_run.unit.code, "paket", "failed", done.seconds, done.cpu_seconds, done.problem)
            self._results.append(result)
            return
        package.publish(unit_run.draft, unit_run.target, reports=self._reports_folder, workspace_folder=workspace)
        self._published.append(unit_run.target)


def _mark(notebook: Path, target: Path, problem: str) -> None:
    """A copy of a notebook whose process was killed before it could write one: the source with the reason on top."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    note = {"cell_type": "markdown", "id": "stopped", "metadata": {}, "source": f"**Stopped: {problem}.**"}
    content["cells"].insert(0, note)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
