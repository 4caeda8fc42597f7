"""Rules for every report notebook: it loads, measures, protects and draws, and holds no logic and no typed numbers."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from analytics.measures.catalogue import REPORTS
from analytics.measures.catalogue.summary import TELLER
from analytics.reports import completion, notebook_rules

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
EXPLORATIONS = sorted((FOLDER / "explore").glob("*.ipynb"))
# Every report is about the staff office, but only the hospital has care contacts.
UNITS = {"kpp": "10"}


@pytest.fixture(params=NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def trees(notebook):
    return [ast.parse(cell.source) for cell in code(notebook)]


def test_every_report_has_its_notebook():
    assert {path.stem for path in NOTEBOOKS} == set(REPORTS)


def test_the_notebook_is_valid_and_its_metadata_minimal(notebook):
    nbformat.validate(notebook)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


def test_it_keeps_the_rules(notebook):
    assert notebook_rules.faults(notebook) == []


def test_parameters_are_typed_literals_in_one_tagged_cell(notebook, request):
    tagged = [cell for cell in code(notebook) if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    names = {}
    for statement in ast.parse(tagged[0].source).body:
        assert isinstance(statement, ast.AnnAssign)
        assert statement.annotation.id == type(ast.literal_eval(statement.value)).__name__
        names[statement.target.id] = ast.literal_eval(statement.value)
    unit = UNITS.get(request.node.callspec.params["notebook"].stem, "17")
    assert names == {"period": "2018-03", "unit": unit, "audience": "public"}


def test_prose_holds_no_numbers_at_all(notebook):
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert re.findall(r"\d+", re.sub(r"\bFR1\b", "", prose)) == []


@pytest.mark.parametrize("report", REPORTS)
def test_every_table_of_the_report_is_part_of_it(report):
    notebook = nbformat.read(FOLDER / f"{report}.ipynb", as_version=4)
    mentioned = {
        node.value
        for tree in trees(notebook)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(REPORTS[report]) <= mentioned


@pytest.mark.parametrize("report", [name for name in REPORTS if name != TELLER])
def test_every_table_of_the_report_has_a_place_for_its_comments(report):
    """Tables of focus areas are declared in the settings; ``wb.focus`` prints their comments."""
    notebook = nbformat.read(FOLDER / f"{report}.ipynb", as_version=4)
    commented = set(re.findall(r'wb\.comments\("(\w+)"\)', "\n".join(cell.source for cell in code(notebook))))
    assert {table for table in REPORTS[report] if not table.startswith("focus_")} == commented


@pytest.mark.parametrize("file", EXPLORATIONS, ids=[file.stem for file in EXPLORATIONS])
def test_an_exploration_is_stored_without_results_and_holds_no_logic(file):
    exploration = nbformat.read(file, as_version=4)
    nbformat.validate(exploration)
    assert exploration.metadata["kernelspec"]["name"] == "analytics"
    assert exploration.cells[0].source.startswith("# ")
    cells = code(exploration)
    assert cells[0].source == completion.KERNEL_CHECK
    assert [cell.outputs for cell in cells] == [[]] * len(cells)
    assert {cell.execution_count for cell in cells} == {None}
    assert [fault for cell in cells[1:] for fault in notebook_rules.code_faults(cell.source)] == []
    assert all(len(cell.source.splitlines()) <= notebook_rules.LONGEST_CELL for cell in cells)


def test_every_exploration_is_reached_from_the_start_page():
    start = nbformat.read(FOLDER / "explore/start.ipynb", as_version=4)
    linked = set(re.findall(r"\]\((\w+)\.ipynb\)", start.cells[0].source))
    assert linked == {file.stem for file in EXPLORATIONS} - {"start"}


def test_a_python_without_the_workbench_is_told_what_to_do():
    """Without ``site`` no installed package is found, as in a kernel that the workbench is not installed for."""
    program = (
        "import runpy\n"
        "try:\n"
        f"    runpy.run_path({str(FOLDER / 'explore/kontroll.py')!r})\n"
        "except Exception as error:\n"
        "    print('\\n'.join(error._render_traceback_()))\n"
    )
    said = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=True)
    assert "saknar arbetsbänken" in said.stdout
    assert "make lab" in said.stdout
    assert "Traceback" not in said.stdout
