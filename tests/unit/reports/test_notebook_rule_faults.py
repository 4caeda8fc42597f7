"""What a report notebook may not have is found, in the right cell."""

import copy

import nbformat
import pytest

from analytics.reports import notebook_rules

GOOD = [
    ("markdown", "# Resor\n\nRapporten visar resor."),
    ("code", "import analytics"),
    ("code", "wb = analytics.open(period=period, unit=unit, audience=audience)"),
    ("markdown", "## Utfall\n\nSiffrorna är från bokföringen."),
    ("code", 'wb.say("fr1_outcome")'),
    ("code", 'wb.show("fr1_outcome")'),
]


def notebook(cells):
    made = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    return nbformat.v4.new_notebook(cells=[made[kind](text) for kind, text in cells])


def test_a_good_notebook_has_no_fault():
    assert notebook_rules.faults(notebook(GOOD)) == []


@pytest.mark.parametrize(
    ("place", "cell", "word"),
    [
        (0, ("markdown", "Resor"), "title"),
        (0, ("markdown", "# Resor"), "what the report is for"),
        (3, ("markdown", "# Utfall"), "second title"),
        (3, ("markdown", "### Utfall"), "more than one level"),
        (3, ("markdown", "## Utfall\n\nDet är 27 % lägre."), "typed number"),
        (3, ("markdown", "## Utfall\n\nDet är 30,1 mnkr."), "typed number"),
        (2, ("code", "for row in rows: pass"), "logic (For)"),
        (2, ("code", "def f(): pass"), "logic (FunctionDef)"),
        (2, ("code", "class A: pass"), "logic (ClassDef)"),
        (2, ("code", "[row for row in rows]"), "logic (ListComp)"),
        (2, ("code", "lambda: 1"), "logic (Lambda)"),
        (2, ("code", "pl.read_csv(name)"), "read_csv"),
        (2, ("code", "pl.scan_parquet(name)"), "scan_parquet"),
        (2, ("code", "Path(name)"), "Path"),
        (2, ("code", 'wb.root = "/srv/data"'), "a path"),
        (2, ("code", "a = 1\nb = 1\nc = 1\nd = 1\ne = 1\nf = 1"), "more than 5 lines"),
        (2, ("code", "wb = ("), "not Python"),
        (2, ("code", "import polars"), "more than one cell"),
        (1, ("code", "import analytics\nanalytics.open"), "something else"),
        (1, ("code", "from analytics import *"), "star import"),
        (5, ("code", 'wb.show("fr1_summary")'), "without its sentence"),
    ],
)
def test_every_rule_finds_what_it_forbids(place, cell, word):
    cells = copy.copy(GOOD)
    cells[place] = cell
    found = notebook_rules.faults(notebook(cells))
    assert [fault.cell for fault in found if word in fault.problem] == [place + 1]
    assert f"cell {place + 1}" in str(found[0])
