"""What a forked process does with one notebook: run it and render its page (``assembly`` makes the package)."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

from analytics import companions
from analytics.comments import scheduled
from analytics.companions import Companions, Said
from analytics.errors import DisclosureError, ReportError
from analytics.exports import csv_tables
from analytics.exports.table_data import TableData, from_protected
from analytics.reports import drafts, exposure, html, links, stripping
from analytics.reports.tasks import DIFFERENCES, QUALITY
from analytics.settings import Audience

Tell = Callable[[str], None]
_FIRST_HEADING = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Others:
    """What the report that tells of the others is given: their tables and where they stand.

    ``published`` is the folder of the unit's package as it was before this run; it may not exist. ``version`` is the
    number that this one gets. ``left_out`` gives report → why it is not in the package.
    """

    tables: tuple[TableData, ...]
    places: dict[str, str]
    published: Path
    version: int
    limits: Audience
    left_out: dict[str, str] = field(default_factory=dict)


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

    ``shown`` are the ids of the tables that stand on the page, ``said`` is what it says in words and ``commented`` are
    the tables whose comments it prints, each with how many of its rows lack one that they must have.
    """

    title: str
    tables: tuple[TableData, ...]
    shown: tuple[str, ...]
    said: tuple[Said, ...]
    commented: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotebookFailed:
    """The notebook raised an error of the class ``cause``; ``failed_copy`` holds it with the cell marked."""

    cell: int
    error: str
    cause: str


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
            error.cell_index + 1,
            f"{error.ename}: {exposure.WITHHELD if exposure.is_exposed(said) else said}",
            str(error.ename),
        )
    task.failed_copy.unlink()
    tell("the page")
    _refuse_raw_frames(notebook)
    tables = tuple(from_protected(table) for table in recorded_tables(namespace, audience=task.parameters["audience"]))
    text = stripping.text_of(notebook, private_folders=task.private_folders)
    drafts.write(task.draft / "notebooks" / f"{task.name}.ipynb", text)
    body = html.report_body(notebook)
    heading = _FIRST_HEADING.search(body)
    title = unescape(re.sub(r"<[^>]+>", "", heading[1])).strip() if heading else task.name
    name = f"{task.name}.html"
    page = html.page(drafts.titled(task.frame, title, name), body, vega_cache=task.vega_cache)
    drafts.write(task.draft / name, page)
    for table in tables:
        drafts.write(task.draft / "tables" / f"{table.table_id}.csv", csv_tables.csv_text(table))
    commented: dict[str, int] = {}
    for bench in _benches(namespace):
        commented |= getattr(bench, "commented", {})
    return ReportMade(title, tables, links.tables_on(body), recorded_texts(namespace), commented)


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
        changes.since_last_version(others.published, others.tables, limits=others.limits, version=others.version),
        changes.earlier_month(
            others.published,
            audience=task.parameters["audience"],
            table_ids=(*summary.TABLES, summary.GOALS),
        ),
        DIFFERENCES,
        others.left_out,
    )


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


def recorded_texts(namespace: dict[str, Any]) -> tuple[Said, ...]:
    """What the notebook's workbenches were asked to say, in that order, each once."""
    said = (each for bench in _benches(namespace) for each in getattr(bench, "said", ()))
    return tuple(dict.fromkeys(said))


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
