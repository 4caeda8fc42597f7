"""What is left of a notebook that failed: a copy with the error marked, and the end of what its process printed."""

from __future__ import annotations

import json
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


def keep(done: Done, *, notebook: Path, draft: Path, kept: Path) -> tuple[str, str]:
    """Put the copy where it stays after the run; gives what went wrong, and its cause."""
    if isinstance(done.value, NotebookFailed):
        problem, cause = f"cell {done.value.cell}: {done.value.error}", done.value.cause
    else:
        problem, cause = done.problem, done.cause
        if not draft.exists():
            _write_marked(notebook, draft, problem)
    kept.parent.mkdir(parents=True, exist_ok=True)
    exposure.withhold(draft)
    draft.replace(kept)
    return problem, cause


def end_of(log: Path) -> str:
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
