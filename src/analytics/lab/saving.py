"""What JupyterLab may write to a notebook file: code and text, never what a cell printed.

Exploration shows unprotected figures. A file with them would be copied, committed and exported past disclosure control,
so outputs are left out of every save, autosave, checkpoint and export. Reports are the exception that keeps their
published look: a notebook directly in ``notebooks/`` keeps the outputs that ``make notebooks`` stored in it, as long as
its code is what it was; what was run in JupyterLab never enters it either.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

SESSION_METADATA = ("execution", "ExecuteTime", "collapsed", "scrolled")
"""What a session leaves in the metadata of a cell; times and folds are no part of the notebook."""
Refuse = Callable[[str], Exception]


def hook(root: Path, reports: Path, closed: Sequence[Path], refuse: Refuse) -> Callable[..., None]:
    """A pre-save hook for Jupyter's contents manager.

    ``reports`` is the folder of the report notebooks, ``closed`` are folders in which JupyterLab saves nothing
    (packages, processed data). ``refuse`` makes the error that stops a save: any other error would let it through.
    """

    def before_saving(*, model: dict[str, Any], path: str, **_: object) -> None:
        file = root / PurePosixPath(path.strip("/"))
        if any(file.is_relative_to(folder) for folder in closed):
            raise refuse(
                "Filer i den här mappen görs av analytics och ändras inte i JupyterLab. Spara någon annanstans."
            )
        if model.get("content") is None or not _holds_notebook(model, path):
            return
        try:
            stored = _stored(file) if file.parent == reports else None
            _clean(model, stored)
        except Exception as error:
            raise refuse(
                "Anteckningsboken sparades inte: det gick inte att ta bort resultaten ur den, och de kan vara skyddade "
                f"siffror ({type(error).__name__})."
            ) from error

    return before_saving


def _holds_notebook(model: Mapping[str, Any], path: str) -> bool:
    return model.get("type") == "notebook" or (model.get("type") == "file" and path.endswith(".ipynb"))


def _clean(model: dict[str, Any], stored: Mapping[str, Any] | None) -> None:
    """Take the outputs out of a model, which is changed in place; text of a file is read and written again."""
    if model["type"] == "notebook":
        model["content"] = without_outputs(model["content"], stored)
        return
    if model.get("format") == "base64":
        raise ValueError("a notebook as base64")
    text = model["content"]
    model["content"] = json.dumps(without_outputs(json.loads(text), stored), ensure_ascii=False, indent=1) + "\n"


def without_outputs(notebook: Mapping[str, Any], stored: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The notebook without outputs, execution counts and the state of widgets.

    ``stored`` is the same notebook as it lies on disk: where the code of both is the same, its outputs are kept.
    """
    metadata = {key: value for key, value in notebook.get("metadata", {}).items() if key != "widgets"}
    kept = _outputs(stored) if stored is not None and _code(stored) == _code(notebook) else None
    cells = []
    for cell in notebook.get("cells", ()):
        cleaned = dict(cell)
        cleaned["metadata"] = {
            key: value for key, value in cell.get("metadata", {}).items() if key not in SESSION_METADATA
        }
        if cell.get("cell_type") == "code":
            cleaned["outputs"], cleaned["execution_count"] = kept.pop(0) if kept is not None else ([], None)
        cells.append(cleaned)
    return {**notebook, "metadata": metadata, "cells": cells}


def _stored(file: Path) -> Mapping[str, Any] | None:
    """The notebook on disk; None if there is none, or it is not one."""
    try:
        read = json.loads(file.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return read if isinstance(read, dict) else None


def _code(notebook: Mapping[str, Any]) -> list[str]:
    return [_text(cell.get("source", "")) for cell in notebook.get("cells", ()) if cell.get("cell_type") == "code"]


def _outputs(notebook: Mapping[str, Any]) -> list[tuple[list[Any], int | None]]:
    return [
        (cell.get("outputs", []), cell.get("execution_count"))
        for cell in notebook.get("cells", ())
        if cell.get("cell_type") == "code"
    ]


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)
