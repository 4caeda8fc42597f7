"""What is left of a notebook that failed: a copy with the error marked, and the end of what its process printed."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analytics.reports import exposure
from analytics.reports.jobs import NotebookFailed
from analytics.reports.work import Done

MOST_LINES: Final = 200
"""Of what the process of a failed notebook printed."""


def draft_of(workspace: Path, unit: str, name: str) -> Path:
    """Where the process of a notebook leaves the copy while the run lasts."""
    return workspace / "failed" / unit / f"{name}.ipynb"


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, the class of the error, and where the copy stays (None if it could not be kept)."""

    problem: str
    cause: str
    kept: Path | None


def keep(done: Done, *, notebook: Path, draft: Path, kept: Path) -> Failure:
    """Put the copy where it stays after the run. A copy that cannot be kept is said and stops nothing.

    What a full disk has cut off cannot be looked through for what must not be shown, and is not kept.
    """
    if isinstance(done.value, NotebookFailed):
        problem, cause = f"cell {done.value.cell}: {done.value.error}", done.value.cause
    else:
        problem, cause = done.problem, done.cause
    try:
        if not _is_notebook(draft):
            _write_marked(notebook, draft, problem)
        exposure.withhold(draft)
        kept.parent.mkdir(parents=True, exist_ok=True)
        draft.replace(kept)
    except OSError as error:
        for file in (draft, kept):  # an older copy would be taken for this one's
            with suppress(OSError):
                file.unlink(missing_ok=True)
        return Failure(f"{problem} (no copy of the notebook: {error.strerror})", cause, None)
    return Failure(problem, cause, kept)


def end_of(log: Path) -> str:
    """The last lines that a process printed, without what disclosure control has not seen."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-MOST_LINES:]
    except OSError:
        return ""
    return exposure.without_exposed("\n".join(lines))


def _is_notebook(file: Path) -> bool:
    try:
        return "cells" in json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return False


def _write_marked(notebook: Path, target: Path, problem: str) -> None:
    """A copy of a notebook whose process could not write one: the source with the reason on top."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    note = {"cell_type": "markdown", "id": "stopped", "metadata": {}, "source": f"**Stopped: {problem}**"}
    content["cells"].insert(0, note)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
