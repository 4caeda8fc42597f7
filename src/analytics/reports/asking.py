"""What a run asks of its processes: each report of a unit, then the rest of the package."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from analytics.measures.catalogue.summary import TELLER
from analytics.reports import choices, failures, html, package
from analytics.reports.jobs import Others, ReportTask
from analytics.reports.manifest import Identity
from analytics.reports.plans import Basis, UnitPlan
from analytics.reports.tasks import DIFFERENCES, QUALITY, PackageTask
from analytics.reports.work import Job

MAKE_REPORT: Final = "analytics.reports.jobs:make_report"
MAKE_PACKAGE: Final = "analytics.reports.assembly:make_package"
PRELOAD: Final = (
    "papermill",
    "nbconvert",
    "IPython",
    "polars",
    "analytics.charts.drawing",
    "analytics.charts.targets",
    "xlsxwriter",
    "analytics.workbench",
    "analytics.reports.jobs:prepare",
)


NOT_COMPLETE: Final = "Rapporten är inte komplett"
CAN_CHANGE: Final = "Siffrorna kan komma att rättas"


def report_job(basis: Basis, plan: UnitPlan, name: str) -> Job:
    """To run one notebook."""
    return Job(f"{plan.code}/{name}", MAKE_REPORT, _report_task(basis, plan, name))


def package_job(basis: Basis, plan: UnitPlan) -> Job:
    """To complete the package of a unit whose reports are all made."""
    return Job(f"{plan.code}/", MAKE_PACKAGE, _package_task(basis, plan))


def asked_of(job_key: str) -> tuple[str, str]:
    """The unit and the report of a job; no report where it completes the package."""
    code, _, name = job_key.partition("/")
    return code, name


def _report_task(basis: Basis, plan: UnitPlan, name: str) -> ReportTask:
    others = None
    if name == TELLER:
        tables = {table.table_id: table for other in plan.reports for table in plan.tables.get(other, ())}
        others = Others(tuple(tables.values()), plan.places, plan.target, plan.version, basis.limits, plan.left_out)
    return ReportTask(
        name=name,
        notebook=basis.notebooks[name],
        parameters=basis.parameters(plan.unit),
        draft=plan.draft,
        failed_copy=failures.draft_of(basis.workspace, plan.code, name),
        frame=replace(_frame(basis, plan), kind="rapport kort") if others else _frame(basis, plan),
        vega_cache=basis.reports / package.CACHE,
        private_folders=(basis.settings.root, Path.home()),
        others=others,
    )


def _frame(basis: Basis, plan: UnitPlan) -> html.Page:
    region = basis.settings.region
    name = region.name_in(basis.period)
    summary = plan.inputs.summary()
    versions = (
        f"Dataversion {plan.inputs.version}. Kontroller: {summary['passed']} av {summary['checks']} godkända. "
        f"Kodversion {basis.code_version}."
    )
    return html.Page(
        title=f"{plan.unit.label}, {basis.period.label}",
        sender=name,
        kind="rapport",
        links=(
            html.Link("Alla rapporter", "../../index.html"),
            *(html.Link(choices.title_of(basis.notebooks[name]), f"{name}.html") for name in plan.reports),
            html.Link("Datakvalitet", QUALITY),
            html.Link("Ändringar", DIFFERENCES),
            html.Link("Tabeller (Excel)", "tabeller.xlsx"),
        ),
        footer=(f"{name}. Framställd {basis.now:%Y-%m-%d %H:%M}.", versions),
        synthetic=region.synthetic,
        internal_label=basis.internal_label,
        version=f"Version {plan.version}, framställd {basis.now:%Y-%m-%d %H:%M}",
        missing_heading=_heading(plan),
        missing=basis.sentences(plan.code),
    )


def _heading(plan: UnitPlan) -> str:
    """What stands above the sentences on what is missing."""
    if not plan.missing:
        return ""
    return CAN_CHANGE if all(each.superseded for each in plan.missing) else NOT_COMPLETE


def _package_task(basis: Basis, plan: UnitPlan) -> PackageTask:
    identity = Identity(
        str(basis.period),
        plan.code,
        plan.unit.label,
        basis.audience,
        basis.limits.label,
        basis.settings.region.synthetic,
        basis.created,
        basis.code_version,
        plan.version,
    )
    tables = {table.table_id: table for name in plan.reports for table in plan.tables[name]}
    return PackageTask(
        plan.draft,
        plan.target,
        identity,
        f"{plan.code} {plan.unit.label}",
        basis.period.label,
        tuple(plan.entries[name] for name in plan.reports),
        tuple(tables.values()),
        plan.inputs,
        _frame(basis, plan),
        basis.now,
        {
            name: why
            for name, why in {**basis.lacking.get(plan.code, {}), **plan.left_out}.items()
            if name in basis.notebooks
        },
        {name: plan.said[name] for name in plan.reports},
        plan.places,
        basis.limits,
        plan.missing,
        plan.whole,
    )
