"""What Papermill and the clock leave in a notebook is taken out before the notebook is published or committed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from analytics.errors import DisclosureError

INJECTED = "injected-parameters"
TRACES = ("papermill", "execution", "ExecuteTime")


def stripped(notebook: Any) -> Any:
    """A copy without Papermill and timing metadata and without the installed kernel's particulars."""
    clean = json.loads(json.dumps(notebook))
    for key in TRACES:
        clean["metadata"].pop(key, None)
    clean["metadata"]["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    clean["metadata"]["language_info"] = {"name": "python"}
    for cell in clean["cells"]:
        if INJECTED in cell["metadata"].get("tags", []):
            # Papermill gives its cell another id each time.
            cell["id"] = INJECTED
        for key in TRACES:
            cell["metadata"].pop(key, None)
        if not cell["metadata"].get("tags", True):
            del cell["metadata"]["tags"]
    return clean


def text_of(notebook: Any, *, private_folders: tuple[Path, ...] = ()) -> str:
    """The notebook as JSON text as Jupyter writes it.

    Raises DisclosureError if it names one of ``private_folders``: a reader has no use for a path of this machine.
    """
    text = json.dumps(stripped(notebook), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    for folder in private_folders:
        if folder != Path("/") and str(folder) in text:
            raise DisclosureError(
                "the executed notebook names a folder of this machine",
                action="Find the output that prints a path (a warning, perhaps) and remove it from the notebook.",
            )
    return text


def main() -> None:
    """Strip the notebooks named on the command line in place, as ``make notebooks`` does after running them."""
    for name in sys.argv[1:]:
        file = Path(name)
        file.write_text(text_of(json.loads(file.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    main()
