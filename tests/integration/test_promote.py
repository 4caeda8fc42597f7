"""From an exploration to a report of every package, with the real command."""

from __future__ import annotations

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

OPEN = "wb = analytics.open(period=period, unit=unit)"
PARAMETERS = 'period: str = "2018-03"\nunit: str = "17"'


@pytest.fixture(scope="module")
def lab(own_region):
    (own_region.root / "notebooks/explore").mkdir(exist_ok=True)
    return own_region


def exploration(lab, name, *code, parameters=PARAMETERS):
    """An exploration as an analyst leaves it: with outputs, an own kernel and an empty last cell."""
    cells = [
        new_markdown_cell("# Resor i förvaltningen\n\nRapporten visar vad resorna kostar."),
        new_code_cell(parameters, metadata={"tags": ["parameters"]}),
        new_code_cell("import analytics"),
        new_code_cell(OPEN),
        new_markdown_cell("## Resor"),
        *(new_code_cell(source, outputs=[new_output("stream", text="oskyddat")]) for source in code),
        new_code_cell(""),
    ]
    kernel = {"name": "analytics", "display_name": "Analys", "language": "python"}
    file = lab.root / f"notebooks/explore/{name}.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), file)
    return f"notebooks/explore/{name}.ipynb"


def snapshot(lab):
    folder = lab.root / "notebooks"
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def refused(lab, *arguments):
    before = snapshot(lab)
    done = lab.analytics("promote", *arguments, check=False)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert snapshot(lab) == before
    assert [file.name for file in lab.root.iterdir() if file.name.startswith(".promote-")] == []
    return done.stderr


def test_an_exploration_becomes_a_report_of_the_package(lab):
    file = exploration(lab, "resor", "wb.focus_travel", 'wb.draw("focus_travel_monthly")')
    before = (lab.root / file).read_bytes()
    said = lab.analytics_json("promote", file)
    assert said["name"] == "resor"
    assert said["tables"] == ["focus_travel", "focus_travel_monthly"]
    assert (lab.root / file).read_bytes() == before

    made = nbformat.read(lab.root / "notebooks/resor.ipynb", as_version=4)
    nbformat.validate(made)
    assert made.metadata["kernelspec"]["name"] == "python3"
    assert [cell.source for cell in made.cells if cell.cell_type == "code"] == [
        f'{PARAMETERS}\naudience: str = "public"',
        "import analytics",
        "wb = analytics.open(period=period, unit=unit, audience=audience)",
        "wb.header()",
        'wb.say("focus_travel")',
        'wb.show("focus_travel")',
        'wb.comments("focus_travel")',
        'wb.draw("focus_travel_monthly")',
        "wb.footer()",
    ]
    assert not any(cell.get("outputs") for cell in made.cells)

    lab.analytics("run", "2018-03", "--unit", "17", "--report", "resor", "--report", "ekonomi")
    package = lab.root / "reports/2018-03/17"
    manifest = json.loads((package / "manifest.json").read_text(encoding="utf-8"))
    assert [report["name"] for report in manifest["reports"]] == ["ekonomi", "resor"]
    page = (package / "resor.html").read_text(encoding="utf-8")
    assert "<title>Resor i förvaltningen" in page
    assert 'href="resor.html"' in (package / "ekonomi.html").read_text(encoding="utf-8")

    again = refused(lab, file)
    assert "there is a report 'resor' already" in again


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("logik", ["for row in wb.used: print(row)"], ["cell 6", "logic (For)"]),
        ("oskyddad", ['wb.table("fr1_outcome").frame'], ["cell 6", "unprotected"]),
        ("panel", ['wb.explore("avvikelser")'], ["cell 6", "interactive panel"]),
        ("barn", ["wb.children"], ["cell 6", "wb.children is for explorations"]),
        ("ensam", ['wb.show("fr1_outcome")'], ["cell 6", "without its sentence"]),
        ("stopp", ['wb.say("finns_inte")', 'wb.show("finns_inte")'], ["it failed", "finns_inte"]),
        ("tom", ["wb.scope.unit"], ["it prints no table"]),
    ],
)
def test_what_breaks_a_rule_is_told_with_its_cell_and_nothing_is_changed(lab, name, code, words):
    said = refused(lab, exploration(lab, name, *code))
    assert [word for word in words if word not in said] == []


def test_parameters_must_be_those_of_reports(lab):
    file = exploration(lab, "fler", "wb.fr1_outcome", parameters=f"{PARAMETERS}\nyears: int = 2")
    assert "the parameters must be period, unit, audience" in refused(lab, file)
    file = exploration(lab, "otypad", "wb.fr1_outcome", parameters='period = "2018-03"')
    assert "the parameters cell must hold only lines such as" in refused(lab, file)


def test_a_name_must_be_new_and_a_name(lab):
    file = exploration(lab, "personal", "wb.fr1_outcome")
    assert "there is a report 'personal' already" in refused(lab, file)
    assert "cannot be the name of a report" in refused(lab, file, "--name", "Mina resor")
    assert "no notebook" in refused(lab, "notebooks/explore/borta.ipynb", "--name", "borta")
