"""Comments in a run: part of what the package was made from, never written by it, never changed under it."""

from __future__ import annotations

import json
import os

import nbformat
import pytest
from small_project import MAKE_TABLE, NOW, PARAMETERS, SHOW, notebook

from analytics.errors import CommentError
from analytics.periods import Period
from analytics.reports import run as reports

COMMENT = """---
about:
  table: deviations
  deviation: budget-income
period: 2018-03
unit: 17
kind: comment
author_role: Controller
date: 2018-04-20
state: approved
figure: "1 tkr"
---

Därför.
"""


def make(settings):
    return reports.run(
        settings, period=Period(2018, 3), units=("17",), reports=("personal",), audience="public", now=NOW
    )


def put(settings, text=COMMENT):
    place = settings.paths.comments / "2018-03/17"
    place.mkdir(parents=True, exist_ok=True)
    (place / "a.md").write_text(text, encoding="utf-8")
    return place / "a.md"


def manifest_of(settings):
    return json.loads((settings.paths.reports / "2018-03/17/manifest.json").read_text(encoding="utf-8"))["inputs"]


def with_cell(settings, cell):
    made = notebook(MAKE_TABLE.replace("@ID@", "worked_fte"), cell, SHOW, heading="Personal", parameters=PARAMETERS)
    nbformat.write(made, settings.paths.notebooks / "personal.ipynb")


def test_a_changed_comment_makes_a_new_version_of_the_package(project):
    make(project).raise_if_failed()
    without = manifest_of(project)
    assert without["comments"] == []
    put(project)
    make(project).raise_if_failed()
    first = manifest_of(project)
    assert [item["file"] for item in first["comments"]] == ["a.md"]
    put(project, COMMENT.replace("Därför.", "Därför att."))
    make(project).raise_if_failed()
    assert len({without["version"], first["version"], manifest_of(project)["version"]}) == 3
    page = (project.paths.reports / "2018-03/17/personal.html").read_text(encoding="utf-8")
    assert f"Dataversion {manifest_of(project)['version']}" in page


WORKED = COMMENT.replace("table: deviations", "table: worked_fte").replace(
    "  deviation: budget-income", '  personnel_group: "1.1"\n  sex: K\n  column: current'
)


def test_an_approved_comment_that_no_page_prints_stops_the_package(project):
    put(project, WORKED)
    result = make(project)
    (failure,) = result.failures
    assert failure.problem == "a.md is about worked_fte, whose comments no page prints: add wb.comments(…)"
    assert result.packages == ()
    put(project, WORKED.replace("state: approved", "state: ready"))
    make(project).raise_if_failed()
    put(project, WORKED)
    with_cell(project, 'wb.commented = {"worked_fte": 0}')
    make(project).raise_if_failed()


def test_a_comment_that_no_report_of_the_unit_can_print_stops_the_package(project):
    text = COMMENT.replace("table: deviations", "table: care_unit_costs").replace(
        "deviation: budget-income", "care_unit: V01\n  column: medicine"
    )
    put(project, text)
    (failure,) = make(project).failures
    assert failure.problem == "a.md is about care_unit_costs, which no report of the unit shows"


def test_comments_where_no_report_looks_stop_the_run(project):
    (project.paths.comments / "2018-03/117").mkdir(parents=True)
    with pytest.raises(CommentError, match="117 is no unit"):
        make(project)
    assert not (project.paths.reports / "2018-03").exists()


def test_a_report_knows_that_a_run_makes_it(project):
    with_cell(project, "from analytics.comments import scheduled\nassert scheduled.is_running()")
    make(project).raise_if_failed()


def test_a_comment_that_changes_while_the_reports_are_made_stops_the_package(project):
    file = put(project)
    place = os.path.relpath(file, project.paths.notebooks)
    with_cell(project, f"from pathlib import Path\n_ = Path({place!r}).write_text({COMMENT + 'Mer.'!r}, 'utf-8')")
    result = make(project)
    (failure,) = result.failures
    assert failure.report == "paket"
    assert "comments were changed" in failure.problem
    assert result.packages == ()
    assert not (project.paths.reports / "2018-03/17").exists()
