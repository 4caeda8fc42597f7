"""Rules for every report notebook: it loads, measures, protects and draws, and holds no logic and no typed numbers."""

import ast
import itertools
import re
from pathlib import Path

import nbformat
import pytest

from analytics.measures.catalogue import REPORTS
from analytics.measures.catalogue.summary import TELLER

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
# Every report is about the staff office, but only the hospital has care contacts.
UNITS = {"kpp": "10"}
FORBIDDEN = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.For,
    ast.While,
    ast.ListComp,
    ast.DictComp,
    ast.SetComp,
    ast.GeneratorExp,
    ast.With,
    ast.Try,
    ast.If,
)
READERS = re.compile(r"^(read_|scan_|open_|load)|^(to_csv|Path|eval|exec|getattr|__import__)$")
UNIT_WORDS = r"(%|kr|tkr|mnkr|kronor|procent|procentenheter|årsarbetare|anställda|personer|timmar|miljoner)"
NUMBER_WITH_UNIT = re.compile(rf"\d[\d\s,.]*{UNIT_WORDS}\b|\d[\d\s,.]*%", re.IGNORECASE)
ABSOLUTE_PATH = re.compile(r"(^|[\s\"'(])(/[A-Za-z]|[A-Za-z]:\\|~/|file:)")


@pytest.fixture(params=NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def trees(notebook):
    return [ast.parse(cell.source) for cell in code(notebook)]


def faults(source):
    """What in a piece of code a report notebook may not have."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, FORBIDDEN):
            found.append(type(node).__name__)
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            found.append("star import")
        if isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if READERS.search(name):
                found.append(name)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and ABSOLUTE_PATH.search(node.value):
            found.append("path")
    return found


def test_every_report_has_its_notebook():
    assert {path.stem for path in NOTEBOOKS} == set(REPORTS)


def test_the_notebook_is_valid_and_its_metadata_minimal(notebook):
    nbformat.validate(notebook)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


def test_it_begins_with_title_and_purpose(notebook):
    first = notebook.cells[0]
    assert first.cell_type == "markdown"
    title, _, purpose = first.source.partition("\n\n")
    assert title.startswith("# ")
    assert purpose.strip()
    assert sum(bool(re.match(r"# ", cell.source)) for cell in notebook.cells if cell.cell_type == "markdown") == 1


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


def test_imports_stand_in_one_cell(notebook):
    with_imports = [
        tree
        for tree in trees(notebook)
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(tree))
    ]
    assert len(with_imports) == 1
    assert all(isinstance(node, ast.Import | ast.ImportFrom) for node in with_imports[0].body)


def test_there_is_no_logic(notebook):
    assert [fault for cell in code(notebook) for fault in faults(cell.source)] == []


@pytest.mark.parametrize(
    "source",
    [
        "def f(): pass",
        "class A: pass",
        "for row in rows: pass",
        "[row for row in rows]",
        "from analytics import *",
        "pl.read_csv(name)",
        "pl.scan_parquet(name)",
        "Path(name)",
        'wb.root = "/srv/data"',
        "lambda: 1",
    ],
)
def test_the_rules_find_what_they_forbid(source):
    assert faults(source)


def test_cells_are_short(notebook):
    assert all(len(cell.source.splitlines()) <= 5 for cell in code(notebook))


def test_prose_holds_no_typed_numbers(notebook):
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert NUMBER_WITH_UNIT.findall(prose) == []
    assert re.findall(r"\d+", re.sub(r"\bFR1\b", "", prose)) == []


@pytest.mark.parametrize("text", ["27 % lägre", "30,1 mnkr", "ökat med 4,2 årsarbetare", "237 tkr"])
def test_the_rule_finds_typed_numbers(text):
    assert NUMBER_WITH_UNIT.search(text)


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


def test_every_table_has_its_sentence(notebook):
    calls = [
        (node.func.attr, node.args[0].value)
        for tree in trees(notebook)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args
    ]
    shown = {table for name, table in calls if name == "show"}
    said = {table for name, table in calls if name == "say"}
    assert shown <= said


@pytest.mark.parametrize("report", [name for name in REPORTS if name != TELLER])
def test_every_table_of_the_report_has_a_place_for_its_comments(report):
    """Tables of focus areas are declared in the settings; ``wb.focus`` prints their comments."""
    notebook = nbformat.read(FOLDER / f"{report}.ipynb", as_version=4)
    commented = set(re.findall(r'wb\.comments\("(\w+)"\)', "\n".join(cell.source for cell in code(notebook))))
    assert {table for table in REPORTS[report] if not table.startswith("focus_")} == commented


def test_headings_go_down_one_level_at_a_time(notebook):
    levels = [
        len(marks)
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for marks in re.findall(r"^(#+) ", cell.source, flags=re.MULTILINE)
    ]
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))
