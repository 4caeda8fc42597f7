"""The engine runs in a process of its own here, as in production: a shell changes interpreter-wide hooks."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

RUN = """\
import json, sys, papermill
from papermill.exceptions import PapermillExecutionError
from analytics.reports import engine
engine.register()
source, target, name = sys.argv[1:4]
seen = []
options = {"on_cell": lambda index, total: seen.append((index, total)), "namespace": {}} if name == "analytics" else {}
error = None
try:
    papermill.execute_notebook(source, target, parameters={"number": 5}, engine_name=None if name == "kernel" else name,
                               kernel_name="python3", progress_bar=False, **options)
except PapermillExecutionError as failure:
    error = [failure.cell_index, failure.exec_count, failure.ename, failure.evalue]
left = options.get("namespace", {}).get("number")
print(json.dumps({"error": error, "seen": seen, "number": left}))
"""
CELLS = [
    "number: int = 1",
    'import sys\nprint("one")\nprint("two")',
    'print("wrong", file=sys.stderr)',
    'from IPython.display import HTML, Image, clear_output, display, update_display\ndisplay(HTML("<b>1</b>"))\nprint(2)\nHTML("<i>å</i>")',
    "number",
    "_ + 1",
    "number;",
    "None",
    'display(1, display_id="k")',
    'update_display(2, display_id="k")',
    "print(1)\nclear_output(wait=True)\nprint(2)",
    "print(1)\nclear_output()",
    'display(Image(data=b"\\x89PNG\\r\\n\\x1a\\n0000", format="png"))',
    "await __import__('asyncio').sleep(0)\n7",
    "%%capture kept\nprint('caught')",
    "kept.stdout",
    "!echo hej",
    "import polars as pl\npl.DataFrame({'a': [1.5, None]})",
    "class Two:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n        return {'text/html': '<p>x</p>', 'text/plain': 'x', 'application/vnd.x+json': {'a': [1]}}\nTwo()",
    "print(__name__, len(In), number)",
    "",
    "   ",
    "def ratio(x):\n    return 1 / x\nratio(0)",
    "print('never')",
]
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def execute(folder: Path, name: str, cells: list[str]) -> tuple[dict, nbformat.NotebookNode]:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# Rapport"), *(nbformat.v4.new_code_cell(cell) for cell in cells)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    notebook.cells[1].metadata["tags"] = ["parameters"]
    source, target = folder / "in.ipynb", folder / f"{name}.ipynb"
    nbformat.write(notebook, source)
    done = subprocess.run(
        [sys.executable, "-c", RUN, source, target, name], capture_output=True, text=True, check=False, cwd=folder
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]), nbformat.read(target, as_version=4)


def comparable(notebook: nbformat.NotebookNode) -> list[object]:
    text = json.dumps([[cell.get("execution_count"), cell.get("outputs"), cell.source] for cell in notebook.cells])
    outputs = json.loads(text)
    for _, cell_outputs, _ in outputs:
        for output in cell_outputs or []:
            if "traceback" in output:
                output["traceback"] = [ANSI.sub("", line) for line in output["traceback"]]
    return outputs


def test_outputs_errors_and_counts_are_those_of_a_real_kernel(tmp_path: Path):
    ours, our_notebook = execute(tmp_path, "analytics", CELLS)
    theirs, kernel_notebook = execute(tmp_path, "kernel", CELLS)

    assert ours["error"] == theirs["error"]
    assert ours["error"][2:] == ["ZeroDivisionError", "division by zero"]
    for mine, real in zip(comparable(our_notebook), comparable(kernel_notebook), strict=True):
        assert mine == real
    assert "An Exception was encountered at" in our_notebook.cells[0].source
    nbformat.validate(our_notebook)


def test_the_caller_hears_of_each_cell_and_gets_the_variables(tmp_path: Path):
    ours, _ = execute(tmp_path, "analytics", ["number: int = 1", "number += 1"])

    # Papermill puts a cell with the given parameters after the declared ones.
    assert ours["seen"] == [[0, 4], [1, 4], [2, 4], [3, 4]]
    assert ours["number"] == 6


def test_a_cell_may_fail_if_it_says_so_and_input_is_refused(tmp_path: Path):
    cells = ["number: int = 1", "input('Namn?')"]
    ours, notebook = execute(tmp_path, "analytics", cells)

    assert ours["error"][2] == "StdinNotImplementedError"
    assert notebook.cells[-1].outputs[0].output_type == "error"


@pytest.mark.parametrize("name", ["papermill", "IPython", "nbconvert", "polars", "altair"])
def test_importing_the_run_loads_nothing_heavy(name: str):
    code = f"import sys, analytics.reports.run; print({name!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
