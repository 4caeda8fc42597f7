"""From an exploration to a scheduled report: ``analytics promote``.

The notebook is looked through by the rules of reports, completed with what every report has (audience, head, foot),
made once for real without publishing anything, and only then put beside the other reports and on their list.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from analytics import durable
from analytics.errors import Location, ReportError, UsageError
from analytics.measures.catalogue import REPORTS
from analytics.periods import Period
from analytics.reports import completion, package_list, parameters, stripping
from analytics.reports.run import run
from analytics.settings import Settings


@dataclass(frozen=True, slots=True)
class Promoted:
    """A notebook that is a report now: its file, what was completed in it, and the tables that it prints."""

    name: str
    file: Path
    completed: tuple[str, ...]
    tables: tuple[str, ...]

    def as_record(self) -> dict[str, object]:
        """For ``--json``."""
        return {
            "name": self.name,
            "file": str(self.file),
            "completed": list(self.completed),
            "tables": list(self.tables),
        }

    def __str__(self) -> str:
        lines = [f"{self.file} is a report of every package from now on."]
        lines += [f"Completed: {text}" for text in self.completed]
        lines.append("It was made once for real; nothing was published. To take it back, remove it and its entry in")
        lines.append(f"{self.file.with_name(package_list.FILE_NAME)}.")
        return "\n".join(lines)


def promote(  # noqa: PLR0913 - the caller says everything that the trial depends on
    settings: Settings,
    notebook: Path,
    *,
    name: str,
    period: Period,
    unit: str,
    now: datetime,
    code_version: str,
) -> Promoted:
    """Check a notebook, make its report once for ``unit`` and ``period``, and add it to the reports of a package.

    Completed where it lacks them: the parameter ``audience`` and its use, ``wb.header()`` and ``wb.footer()``; a
    measure that stands alone in a cell (``wb.fr1_outcome``) becomes its sentence, its protected table and its comments.
    Outputs are left behind. Nothing is changed unless everything holds.

    Raises UsageError for a name that is taken or not a name, ReportError that lists every rule which is broken, with
    the cell, or says why the trial failed.
    """
    folder = settings.paths.notebooks
    listed = package_list.read(folder)
    target = folder / f"{name}.ipynb"
    _refuse_name(name, target, [report.name for report in listed])
    made = completion.complete(_read(notebook))
    found = made.faults()
    if found:
        raise ReportError(
            f"{len(found)} rules of reports are broken:\n  " + "\n  ".join(str(fault) for fault in found),
            where=Location(notebook),
            action="Mend the cells and save; the rules stand in docs/exploration.md. Nothing was changed.",
        )
    text = stripping.text_of(made.content)
    tables = _tried(settings, text, name=name, period=period, unit=unit, now=now, code_version=code_version)
    durable.replace(target, text.encode())
    try:
        source = notebook.resolve().relative_to(settings.root).as_posix()
    except ValueError:
        source = notebook.name
    package_list.write(folder, (*listed, package_list.Listed(name, source, now.date().isoformat())))
    return Promoted(name, target, made.done, tables)


def _refuse_name(name: str, target: Path, listed: list[str]) -> None:
    if not package_list.is_name(name):
        raise UsageError(
            f"{name!r} cannot be the name of a report", action="Give one of a-z, 0-9 and _ with --name, a letter first."
        )
    if name in REPORTS or name in listed or target.exists():
        raise UsageError(
            f"there is a report {name!r} already",
            action="Give the new one another name with --name. To replace a report, first remove it and its entry in "
            f"{target.with_name(package_list.FILE_NAME).name}.",
        )


def _read(notebook: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(notebook.read_text(encoding="utf-8"))
        cells = content["cells"]
        whole = all(isinstance(cell["source"], str | list) and cell["cell_type"] for cell in cells)
    except FileNotFoundError:
        raise UsageError(f"there is no notebook {notebook}") from None
    except (OSError, ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise ReportError(
            "the notebook cannot be read", where=Location(notebook), action="Save it again in JupyterLab."
        )
    parameters.read(notebook)
    return content


def _tried(  # noqa: PLR0913 - see promote
    settings: Settings, text: str, *, name: str, period: Period, unit: str, now: datetime, code_version: str
) -> tuple[str, ...]:
    """Make the report in a folder that is thrown away; give the tables that it prints. Raises ReportError."""
    # In the project: a notebook finds its settings above the folder that it lies in.
    with tempfile.TemporaryDirectory(prefix=".promote-", dir=settings.root) as place:
        notebooks, reports = Path(place) / "notebooks", Path(place) / "reports"
        notebooks.mkdir()
        (notebooks / f"{name}.ipynb").write_text(text, encoding="utf-8")
        package_list.write(notebooks, (package_list.Listed(name, "", ""),))
        # Comments of tables that other reports print would stop a package of this report alone.
        paths = replace(settings.paths, notebooks=notebooks, reports=reports, comments=Path(place) / "comments")
        trial = replace(settings, paths=paths)
        made = run(
            trial,
            period=period,
            units=(unit,),
            reports=(name,),
            audience="public",
            now=now,
            jobs=1,
            code_version=code_version,
        )
        if made.failures:
            failure = made.failures[0]
            raise ReportError(
                f"made once for unit {unit} and {period}, it failed: {failure.problem}",
                action="Mend the notebook and save. Nothing was changed and nothing was published.",
            )
        tables = sorted(file.stem for file in made.packages[0].glob("tables/*.csv"))
    if not tables:
        raise ReportError("it prints no table", action='Show at least one: wb.say("…"), wb.show("…").')
    return tuple(tables)
