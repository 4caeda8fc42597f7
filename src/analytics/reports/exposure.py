"""Outputs of a notebook that disclosure control has not seen: raw frames and employee keys, shown or printed.

Such a notebook is not published; where it is kept because it failed, those outputs are taken out of the copy.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from analytics.errors import DisclosureError

WITHHELD: Final = "(withheld: rows that disclosure control has not seen)"
# A pandas or polars frame as HTML, polars as text, and the form of a pseudonym.
_EXPOSED = re.compile(r"""class=["'][^"']*\bdataframe\b|^shape: \(|\b[0-9a-f]{32}\b""", re.MULTILINE)


def is_exposed(text: str) -> bool:
    """Whether a text shows a raw frame or an employee key."""
    return _EXPOSED.search(text) is not None


def without_exposed(text: str) -> str:
    """The text with every line that shows a raw frame or an employee key taken out."""
    if not is_exposed(text):
        return text
    if re.search(r"^shape: \(", text, re.MULTILINE):
        # Rows of a frame follow the line that gives it away.
        return WITHHELD
    return "\n".join(WITHHELD if is_exposed(line) else line for line in text.splitlines())


def exposed_cells(notebook: Mapping[str, Any]) -> list[int]:
    """Numbers (from 1) of the cells with such an output."""
    return [
        number
        for number, cell in enumerate(notebook["cells"], start=1)
        if any(is_exposed(_text_of(output)) or _is_refused(output) for output in cell.get("outputs", []))
    ]


def _is_refused(output: Mapping[str, Any]) -> bool:
    """Whether something unprotected was to be shown. IPython notes the error of a display and goes on."""
    return bool(output["output_type"] == "error" and output["ename"] == DisclosureError.__name__)


def withhold(file: Path) -> None:
    """Take such outputs out of a notebook on disk; an error keeps its kind."""
    notebook = json.loads(file.read_text(encoding="utf-8"))
    if not exposed_cells(notebook):
        return
    for cell in notebook["cells"]:
        if "outputs" in cell:
            cell["outputs"] = [
                _without_content(output) if is_exposed(_text_of(output)) else output for output in cell["outputs"]
            ]
        # Papermill repeats the message of the error in a cell of its own.
        source = _joined(cell["source"])
        if cell["cell_type"] == "markdown" and is_exposed(source):
            cell["source"] = WITHHELD
    file.write_text(json.dumps(notebook, ensure_ascii=False, indent=1), encoding="utf-8")


def _without_content(output: Mapping[str, Any]) -> dict[str, Any]:
    if output["output_type"] == "error":
        return {"output_type": "error", "ename": output["ename"], "evalue": WITHHELD, "traceback": []}
    return {"output_type": "stream", "name": "stderr", "text": WITHHELD}


def _text_of(output: Mapping[str, Any]) -> str:
    parts = [output.get("text", ""), output.get("evalue", ""), output.get("traceback", [])]
    parts += [text for kind, text in output.get("data", {}).items() if kind.startswith("text/")]
    return "\n".join(_joined(part) for part in parts)


def _joined(text: Any) -> str:
    # On disk a text may be a list of its lines.
    return text if isinstance(text, str) else "".join(str(line) for line in text)
