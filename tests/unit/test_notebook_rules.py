"""Rules for every report notebook: it loads, measures, protects and draws, and holds no logic and no typed numbers."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

from analytics.measures.catalogue import REPORTS
from analytics.measures.catalogue.summary import TELLER
from analytics.reports import notebook_rules

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
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
