"""What the forked processes do: run one notebook and render its page, or assemble one unit's package."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape, unescape
from pathlib import Path
from typing import Any, Final

from analytics import companions, durable
from analytics.comments import scheduled
from analytics.companions import Companions
from analytics.errors import DisclosureError, ReportError
from analytics.reports import (
    content,
    exposure,
    html,
    links,
    manifest,
    quality,
    stripping,
    tables_files,
    versions,
    workbook,
)
from analytics.reports.inputs import Inputs
from analytics.reports.manifest import Identity, ReportEntry
from analytics.reports.table_data import TableData, from_protected

Tell = Callable[[str], None]
QUALITY: Final = "datakvalitet.html"
INDEX: Final = "index.html"
_FIRST_HEADING = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Others:
    """What the report that tells of the others is given: their tables and where they stand.

    ``published`` is the folder of the unit's package as it was before this run; it may not exist.
    """

    tables: tuple[TableData, ...]
    places: dict[str, str]
    published: Path


@dataclass(frozen=True, slots=True)
class ReportTask:
    """One notebook to run for one unit. ``draft`` is the folder of the unit's package under ``.work``."""

    name: str
    notebook: Path
    parameters: dict[str, Any]
    draft: Path
    failed_copy: Path
    frame: html.Page
    vega_cache: Path
    private_folders: tuple[Path, ...]
    others: Others | None = None


@dataclass(frozen=True, slots=True)
class ReportMade:
    """Page, executed notebook and CSV files lie in the draft; these are for the workbook and the manifest.

    ``shown`` are the ids of the tables that stand on the page, ``commented`` those whose comments it prints.
    """

    title: str
    tables: tuple[TableData, ...]
    shown: tuple[str, ...]
    commented: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotebookFailed:
    """The notebook raised an error; ``failed_copy`` holds it with the cell marked."""

    cell: int
    error: str


@dataclass(frozen=True, slots=True)
class PackageTask:
    """The files beside the reports, for a unit whose reports are all made.

    ``published`` is the folder of the unit's package as it was before this run; it may not exist.
    """

    draft: Path
    published: Path
    identity: Identity
    unit_title: str
    period_label: str
    reports: tuple[ReportEntry, ...]
    tables: tuple[TableData, ...]
    inputs: Inputs
    frame: html.Page
    created: datetime
    not_made: dict[str, str]


def prepare() -> None:
    """Done once in the process that all others are forked from. Nothing is computed with polars here."""
    from analytics.reports import engine

    logging.getLogger("papermill").setLevel(logging.ERROR)
    engine.register()
    html.warm()


def make_report(task: ReportTask, tell: Tell) -> ReportMade | NotebookFailed:
    """Run the notebook, write page, executed notebook and tables into the draft.

    Raises DisclosureError if the notebook shows a raw frame or its tables are not protected.
    """
    import papermill
    from papermill.exceptions import PapermillExecutionError

    namespace: dict[str, Any] = {}
    task.failed_copy.parent.mkdir(parents=True, exist_ok=True)
    around = _companions(task)
    try:
        with companions.among(around), scheduled.run():
            notebook = papermill.execute_notebook(
                task.notebook,
                task.failed_copy,
                parameters=task.parameters,
                engine_name="analytics",
                kernel_name="python3",
                progress_bar=False,
                request_save_on_cell_execute=False,
                cwd=task.notebook.parent,
                on_cell=lambda index, total: tell(f"cell {index + 1} of {total}"),
                namespace=namespace,
            )
    except PapermillExecutionError as error:
        said = str(error.evalue)
        return NotebookFailed(
            error.cell_index + 1, f"{error.ename}: {exposure.WITHHELD if exposure.is_exposed(said) else said}"
        )
    task.failed_copy.unlink()
    tell("the page")
    _refuse_raw_frames(notebook)
    tables = tuple(from_protected(table) for table in recorded_tables(namespace, audience=task.parameters["audience"]))
    text = stripping.text_of(notebook, private_folders=task.private_folders)
    _write(task.draft / "notebooks" / f"{task.name}.ipynb", text)
    body = html.report_body(notebook)
    heading = _FIRST_HEADING.search(body)
    title = unescape(re.sub(r"<[^>]+>", "", heading[1])).strip() if heading else task.name
    name = f"{task.name}.html"
    _write(task.draft / name, html.page(_titled(task.frame, title, name), body, vega_cache=task.vega_cache))
    for table in tables:
        _write(task.draft / "tables" / f"{table.table_id}.csv", tables_files.csv_text(table))
    if around is not None:
        from analytics.reports import changes

        changes.write(task.draft, around.changes)
    commented = dict.fromkeys(name for bench in _benches(namespace) for name in getattr(bench, "commented", ()))
    return ReportMade(title, tables, links.tables_on(body), tuple(commented))


def _companions(task: ReportTask) -> Companions | None:
    """The package around the report that tells of the others; any other report knows only itself."""
    from analytics.reports import changes
    from analytics.sentences import summary

    others = task.others
    if others is None:
        return None
    return Companions(
        others.places,
        f"{QUALITY}#anmarkningar",
        changes.since_last_version(others.published, others.tables),
        changes.earlier_month(
            others.published,
            audience=task.parameters["audience"],
            table_ids=(*summary.TABLES, summary.GOALS),
        ),
    )


def make_package(task: PackageTask, tell: Tell) -> None:
    """Write quality page, workbook and manifest into the draft and the whole draft through to the disk."""
    tell(QUALITY)
    body = quality.body(task.inputs, unit=task.unit_title, period=task.period_label)
    _write(task.draft / QUALITY, html.page(_titled(task.frame, "Datakvalitet", QUALITY), body))
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
    )
    workbook.write(task.draft / "tabeller.xlsx", task.tables, about, created=task.created)
    _write(task.draft / INDEX, _leading_to(task))
    tell("links")
    broken = links.broken(task.draft)
    if broken:
        raise ReportError(
            f"{len(broken)} links in the package lead nowhere: {'; '.join(broken[:5])}",
            action="Mend the link in the notebook or in what it shows; a table can be linked to where it is shown.",
        )
    tell("manifest.json")
    _write_manifest(task)
    durable.sync_tree(task.draft)


def _leading_to(task: PackageTask) -> str:
    """The page that a package's address opens: it leads on to the first report."""
    first = task.reports[0]
    frame = replace(task.frame, leads_to=f"{first.name}.html")
    name = f"{task.unit_title}, {task.period_label}"
    body = f'<h1>{escape(name)}</h1><p><a href="{escape(first.name)}.html">{escape(first.title)}</a></p>'
    return html.page(frame, body)


def _write_manifest(task: PackageTask) -> None:
    """The manifest says how the package differs from the published one, which decides whether it is a new version."""
    current = manifest.read(task.published)
    names = tuple(entry.name for entry in task.reports)
    pages = content.of(task.draft, (*(f"{name}.html" for name in names), QUALITY), task.frame)

    def write(*reason: str) -> None:
        identity = replace(task.identity, reason=reason)
        manifest.write(task.draft, identity, task.reports, task.inputs, not_made=task.not_made, content=pages)

    write(
        *versions.reasons(
            current,
            data_version=task.inputs.version,
            reports=names,
            code_version=task.identity.code_version,
            number=task.identity.version,
        )
    )
    made = manifest.read(task.draft)
    if current is None or made is None or not versions.is_same(made, current):
        return
    if manifest.checksums(task.published) != current.files:
        write(versions.RESTORED)


def recorded_tables(namespace: dict[str, Any], *, audience: str) -> list[Any]:
    """The protected tables that the notebook took from its workbench, in that order, each once.

    A workbench is what has ``used`` (ids of tables) and ``protected(table_id)``. Raises ReportError if the notebook
    left none behind, DisclosureError if it opened one for another audience than the run's.
    """
    benches = _benches(namespace)
    if not benches:
        raise ReportError(
            "the notebook has no workbench, so it has no tables",
            action="Open one with: wb = analytics.open(period=period, unit=unit, audience=audience).",
        )
    if any(getattr(bench, "audience", audience) != audience for bench in benches):
        raise DisclosureError(
            f"the notebook opened a workbench for another audience than {audience}",
            action="Open it with the parameter of the notebook: analytics.open(…, audience=audience).",
        )
    return list({name: bench.protected(name) for bench in benches for name in bench.used}.values())


def _benches(namespace: dict[str, Any]) -> list[Any]:
    return list({id(value): value for value in namespace.values() if _is_bench(value)}.values())


def _is_bench(value: Any) -> bool:
    # Classes, and polars' col, answer to any attribute name; only a tuple of ids is an answer here.
    return not isinstance(value, type) and isinstance(getattr(value, "used", None), tuple)


def _refuse_raw_frames(notebook: Any) -> None:
    exposed = exposure.exposed_cells(notebook)
    if exposed:
        raise DisclosureError(
            f"cell {exposed[0]} of the notebook shows a data frame or a person's key that disclosure control has not "
            "seen",
            action="Show tables with wb.protected(…) and analytics.tables.show(…).",
        )


def _titled(frame: html.Page, title: str, name: str) -> html.Page:
    """The frame for one page of the package: its own title, and its own link marked in the menu."""
    menu = tuple(replace(link, is_current=link.href == name) for link in frame.links)
    return replace(frame, title=f"{title} – {frame.title}", links=menu, about=frame.title)


def _write(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
