"""The files of a package beside its reports: quality, differences, workbook, its address and its manifest."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

from analytics import durable, needs
from analytics.errors import ReportError
from analytics.exports import workbook
from analytics.measures.catalogue.summary import TELLER
from analytics.reports import (
    changes,
    content,
    differences,
    differences_page,
    drafts,
    html,
    links,
    manifest,
    quality,
    texts,
    versions,
)
from analytics.reports.differences import Differences
from analytics.reports.manifest import Manifest
from analytics.reports.tasks import DIFFERENCES, INDEX, QUALITY, PackageTask
from analytics.reports.work import Tell


def make_package(task: PackageTask, tell: Tell) -> None:
    """Write all files beside the reports into the draft, the manifest last, and the whole draft through to the disk.

    Raises ReportError for links within the package that lead nowhere and for a damaged manifest of the published one.
    """
    tell(QUALITY)
    body = quality.body(task.inputs, unit=task.unit_title, period=task.period_label)
    drafts.write(task.draft / QUALITY, html.page(drafts.titled(task.frame, "Datakvalitet", QUALITY), body))
    texts.write(task.draft, task.texts)
    tell(DIFFERENCES)
    current = manifest.read(task.published)
    reason = _reason(task, current)
    found = _differences(task, current, reason)
    differences.write(task.draft, found)
    page = differences_page.body(found, _names(task))
    drafts.write(task.draft / DIFFERENCES, html.page(drafts.titled(task.frame, "Ändringar", DIFFERENCES), page))
    drafts.write(task.draft / INDEX, _leading_on(task))
    tell("tabeller.xlsx")
    identity = task.identity
    about = workbook.About(
        task.unit_title,
        task.period_label,
        identity.audience_label,
        identity.synthetic,
        identity.code_version,
        task.inputs.version,
        identity.version,
        task.frame.about_missing,
    )
    workbook.write(task.draft / "tabeller.xlsx", task.tables, about, created=task.created)
    tell("links")
    broken = links.broken(task.draft)
    if broken:
        raise ReportError(
            f"{len(broken)} links in the package lead nowhere: {'; '.join(broken[:5])}",
            action="Mend the link in the notebook or in what it shows; a table can be linked to where it is shown.",
        )
    tell("manifest.json")
    _write_manifest(task, reason)
    durable.sync_tree(task.draft)


def _reason(task: PackageTask, current: Manifest | None) -> tuple[str, ...]:
    """How the package differs from the published one, as codes of ``versions.REASONS``."""
    found = versions.reasons(
        current,
        data_version=task.inputs.version,
        reports=[entry.name for entry in task.reports],
        missing=_records(task),
        code_version=task.identity.code_version,
        number=task.identity.version,
    )
    _write_manifest(task, found)
    made = manifest.read(task.draft)
    if current is None or made is None or not versions.is_same(made, current):
        return found
    return found if manifest.checksums(task.published) == current.files else (versions.RESTORED,)


def _write_manifest(task: PackageTask, reason: tuple[str, ...]) -> None:
    pages = (*(f"{entry.name}.html" for entry in task.reports), QUALITY)
    manifest.write(
        task.draft,
        replace(task.identity, reason=reason),
        task.reports,
        task.inputs,
        not_made=task.not_made,
        content=content.of(task.draft, pages, task.frame),
        missing=_records(task),
        missing_in_words=task.frame.missing,
        whole=task.whole,
    )


def _records(task: PackageTask) -> list[dict[str, Any]]:
    return [each.as_record() for each in task.missing]


def _differences(task: PackageTask, current: Manifest | None, reason: tuple[str, ...]) -> Differences | None:
    """Against the published package; None for the first version."""
    number = task.identity.version
    if current is None:
        return None if number == 1 else Differences(number, None, "", reason)
    arrived = needs.resolved(current.missing, task.missing)
    held = {table for entry in task.reports if entry.name != TELLER for table in entry.tables}
    others = [table for table in task.tables if table.table_id in held]
    tables = differences.of_tables(changes.stored(task.published, current), others, limits=task.limits)
    before = texts.read(task.published, current)
    told, untold = texts.compare(before or {}, task.texts, tellable=differences.tellable(tables, task.tables))
    return Differences(
        number,
        current.identity.version,
        changes.made_at(current),
        reason,
        tables,
        () if before is None else told,
        0 if before is None else untold,
        before is not None,
        differences.of_deliveries(current.deliveries, task.inputs.deliveries),
        (*arrived, *_now_made(task, current)),
    )


def _now_made(task: PackageTask, current: Manifest) -> list[str]:
    """Reports that were left out before, in words."""
    before = {str(name) for record in current.missing for name in record["reports"]}
    return [f"Rapporten {entry.title} är med." for entry in task.reports if entry.name in before]


def _names(task: PackageTask) -> differences_page.Names:
    return differences_page.Names(
        task.places,
        {table.table_id: table.title for table in task.tables},
        {entry.name: entry.title for entry in task.reports},
    )


def _leading_on(task: PackageTask) -> str:
    """The page that a package's address opens: it leads on to the first report."""
    first = task.reports[0]
    frame = replace(task.frame, leads_to=f"{first.name}.html")
    name = f"{task.unit_title}, {task.period_label}"
    body = f'<h1>{escape(name)}</h1><p><a href="{escape(first.name)}.html">{escape(first.title)}</a></p>'
    return html.page(frame, body)
