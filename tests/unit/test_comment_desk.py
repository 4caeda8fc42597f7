"""Comments from a workbench and the command line: written as drafts, approved for the printed figure, listed."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from comment_files import GOOD, put
from made_store import fill, new_project
from typer.testing import CliRunner

import analytics
from analytics import swedish
from analytics.cli import app
from analytics.comments import inventory, reading, scheduled
from analytics.errors import CommentError, StorageError, UsageError
from analytics.periods import Period
from analytics.processed import Store
from analytics.reports import inputs, manifest
from analytics.reports.comment_list import comments

ABOUT = {"table": "fr1_summary", "report_line": "staff", "column": "outcome_vs_budget"}
TEXT = "Fler **anställda** än planerat."
# 40110 and 46110 rise by 1 000 kr a month each, against a flat budget: 2 × (1 + 2 + 3).
FIGURE = "−12\u00a0tkr"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = new_project(tmp_path_factory.mktemp("region") / "project")
    fill(root)
    settings = root / "analytics.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("amount_tkr = 1000", "amount_tkr = 6"), "utf-8")
    return root


@pytest.fixture
def root(made, tmp_path):
    """A project whose comments are this test's own."""
    for name in ("analytics.toml", "data"):
        (tmp_path / name).symlink_to(made / name)
    shutil.rmtree(made / "data/comments", ignore_errors=True)
    return tmp_path


def folder(root):
    return root / "data/comments"


def test_a_draft_is_written_with_the_printed_figure_and_reads_back(root, wb):
    file = wb.comment(about=ABOUT, text=TEXT, author_role="Controller")
    assert file == folder(root) / "2018-03/17/fr1-summary-staff.md"
    found = reading.read(file, period="2018-03", unit="17")
    assert (found.state, found.figure, found.kind, found.text) == ("draft", FIGURE, "comment", TEXT)
    assert wb.comments("fr1_summary").html == ""


def test_nothing_else_than_the_file_is_left_in_the_folder(wb):
    file = wb.comment(about=ABOUT, text=TEXT, author_role="Controller")
    assert list(file.parent.iterdir()) == [file]


def test_a_file_that_is_there_is_never_replaced(wb):
    file = wb.comment(about=ABOUT, text=TEXT, author_role="Controller")
    before = file.read_bytes()
    with pytest.raises(CommentError, match="already a file"):
        wb.comment(about=ABOUT, text="Annat.", author_role="Controller")
    assert file.read_bytes() == before
    assert wb.comment(about=ABOUT, text="Annat.", author_role="Controller", name="staff-2").name == "staff-2.md"


def test_a_file_that_another_writes_in_the_same_instant_is_not_replaced(wb, monkeypatch):
    wb.comment(about=ABOUT, text=TEXT, author_role="Controller")
    monkeypatch.setattr(Path, "exists", lambda _: False)
    with pytest.raises(CommentError, match="already a file"):
        wb.comment(about=ABOUT, text="Annat.", author_role="Controller")


def test_a_full_disk_leaves_no_half_file(root, wb, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        wb.comment(about=ABOUT, text=TEXT, author_role="Controller")
    assert list(folder(root).rglob("*.*")) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"about": {"table": "fr1_sumary", "report_line": "staff"}}, "does not exist"),
        ({"about": {**ABOUT, "sex": "K"}}, "has the key 'sex'"),
        ({"about": {**ABOUT, "report_line": "stuff"}}, "is not in the table"),
        ({"about": {"table": "fr1_summary", "report_line": "staff"}}, "fits 6 cells"),
        ({"author_role": "19121212-1212"}, "personal identity number"),
        ({"author_role": "Controller\nstate: approved"}, "one line of text"),
        ({"text": "Anställd 121212-1212 slutade."}, "personal identity number"),
        ({"text": "   "}, "no text"),
        ({"kind": "remark"}, "comment, action_plan"),
        ({"name": "../../../x"}, "cannot be that of a comment file"),
        ({"name": "x/y"}, "cannot be that of a comment file"),
        ({"name": "Ö"}, "cannot be that of a comment file"),
    ],
)
def test_what_would_not_be_a_comment_is_not_written(root, wb, wrong, said):
    with pytest.raises(CommentError, match=said):
        wb.comment(**{"about": ABOUT, "text": TEXT, "author_role": "Controller", **wrong})
    assert list(folder(root).rglob("*.md")) == []


def test_a_suppressed_figure_cannot_be_commented(root, made):
    settings = (made / "analytics.toml").read_text(encoding="utf-8")
    (root / "analytics.toml").unlink()
    strict = settings.replace("staff_fewer_than = 5", "staff_fewer_than = 500")
    (root / "analytics.toml").write_text(strict, encoding="utf-8")
    wb = analytics.open(period="2018-03", unit="17", root=root)
    about = {"table": "worked_fte", "personnel_group": "1.2", "sex": "T", "column": "current"}
    with pytest.raises(CommentError, match="is not shown to these readers"):
        wb.comment(about=about, text=TEXT, author_role="Controller")


def test_a_run_may_not_write_or_approve(root, wb):
    with scheduled.run():
        with pytest.raises(CommentError, match="a run may not write"):
            wb.comment(about=ABOUT, text=TEXT, author_role="Controller")
        with pytest.raises(CommentError, match="a run may not write"):
            wb.approve_comment("a")
    assert not scheduled.is_running()
    assert list(folder(root).rglob("*.md")) == []


def test_an_action_plan_is_the_kind_that_its_table_asks_for(wb):
    about = {"table": "action_plan_required", "report_line": "staff"}
    file = wb.comment(about=about, text=TEXT, author_role="Controller")
    assert reading.read(file, period="2018-03", unit="17").kind == "action_plan"


def test_from_draft_to_ready_to_approved_to_stale(wb):
    file = wb.comment(about=ABOUT, text=TEXT, author_role="Controller")
    with pytest.raises(CommentError, match="is a draft"):
        wb.approve_comment(file.stem)
    file.write_text(file.read_text(encoding="utf-8").replace('"draft"', '"ready"'), encoding="utf-8")
    assert wb.comments("fr1_summary").html == ""
    assert wb.approve_comment(file.name) == file
    shown = wb.comments("fr1_summary").html
    assert "Fler <strong>anställda</strong> än planerat." in shown
    assert "har ändrats" not in shown
    changed = file.read_text(encoding="utf-8").replace(FIGURE, "−13\u00a0tkr")
    file.write_text(changed, encoding="utf-8")
    assert f"var −13\u00a0tkr, nu {FIGURE}" in wb.comments("fr1_summary").html
    wb.approve_comment(file.stem)
    assert "har ändrats" not in wb.comments("fr1_summary").html
    assert list(file.parent.iterdir()) == [file]


def test_every_step_can_be_taken_in_a_notebook(wb):
    file = wb.comment(about=ABOUT, text=TEXT, author_role="Controller")
    assert wb.ready_comment(file.stem) == file
    found = reading.read(file, period="2018-03", unit="17")
    assert (found.state, found.text, found.figure) == ("ready", TEXT, FIGURE)
    assert wb.ready_comment(file.name) == file
    wb.approve_comment(file.stem)
    with pytest.raises(CommentError, match="approved already"):
        wb.ready_comment(file.stem)
    with pytest.raises(CommentError, match="no comment 'b'"):
        wb.ready_comment("b")
    with scheduled.run(), pytest.raises(CommentError, match="a run may not write"):
        wb.ready_comment(file.stem)


TOTAL = {"table": "worked_fte", "row_type": "total", "sex": "T", "column": "current"}


@pytest.fixture
def hidden(wb):
    """A figure of the working-time table that is hidden from the public: four women of one group."""
    keys = {"personnel_group": "1.1", "sex": "K", "column": "current"}
    rows = {tuple(row[key] for key in keys): row for row in wb.table("worked_fte").frame.iter_rows(named=True)}
    shown = {
        tuple(row[key] for key in keys): row["status"] for row in wb.protected("worked_fte").frame.iter_rows(named=True)
    }
    assert shown[tuple(keys.values())] == "suppressed"
    return swedish.number(rows[tuple(keys.values())]["value"], 1)


def test_a_text_beside_a_table_may_not_repeat_a_figure_that_it_hides(wb, hidden):
    text = f"Kvinnorna arbetade {hidden} årsarbetare."
    with pytest.raises(CommentError, match="repeats a figure") as caught:
        wb.comment(about=TOTAL, text=text, author_role="Controller")
    assert hidden not in str(caught.value)
    file = wb.comment(about=TOTAL, text="Fler timmar.", author_role="Controller")
    ready = file.read_text(encoding="utf-8").replace('"draft"', '"ready"').replace("Fler timmar.", text)
    file.write_text(ready, encoding="utf-8")
    with pytest.raises(CommentError, match="repeats a figure"):
        wb.approve_comment(file.stem)
    file.write_text(ready.replace('"ready"', '"approved"'), encoding="utf-8")
    with pytest.raises(CommentError, match="repeats a figure"):
        wb.comments("worked_fte")


def test_a_text_may_repeat_what_the_table_shows(wb):
    total = next(
        row
        for row in wb.protected("worked_fte").frame.iter_rows(named=True)
        if (row["row_type"], row["sex"], row["column"]) == ("total", "T", "current")
    )
    text = f"Totalen är {swedish.number(total['value'], 1)} och har ökat i 2 år."
    file = wb.comment(about=TOTAL, text=text, author_role="Controller")
    wb.ready_comment(file.stem)
    wb.approve_comment(file.stem)
    assert "Totalen är" in wb.comments("worked_fte").html


def test_approving_what_is_not_there_names_what_is(root, wb):
    put(folder(root), GOOD, "b.md")
    with pytest.raises(CommentError, match="no comment 'a'") as caught:
        wb.approve_comment("a")
    assert caught.value.action == "There are: b.md."


def test_a_bad_file_stops_the_page_with_file_and_line(root, wb):
    put(folder(root), GOOD.replace("state: approved", "state: aproved"), "bad.md")
    with pytest.raises(CommentError) as caught:
        wb.comments("fr1_summary")
    assert str(caught.value).startswith("bad.md, line 10: state must be one of")


def test_the_comments_of_another_unit_and_month_are_not_printed(root, wb):
    file = wb.comment(about=ABOUT, text=TEXT, author_role="Controller")
    for period, unit in (("2018-02", "17"), ("2018-03", "10")):
        place = folder(root) / period / unit
        place.mkdir(parents=True)
        (place / "other.md").write_bytes(b"not a comment at all")
    file.unlink()
    assert wb.comments("fr1_summary").html == ""


def test_what_is_missing_is_listed_with_what_is_there(wb):
    wb.comment(about=ABOUT, text=TEXT, author_role="Controller")
    lines = wb.comment_lines()
    states = {line.about: line.state for line in lines}
    assert states["fr1_summary, report_line staff, column outcome_vs_budget"] == "draft"
    assert states["deviations, deviation budget-operations_travel, column amount"] == "missing"
    assert {line.figure for line in lines if line.state == "draft"} == {FIGURE}


def test_the_list_of_the_command_line(root, monkeypatch):
    monkeypatch.chdir(root)
    wb = analytics.open(period="2018-03", unit="17", root=root)
    file = wb.comment(about=ABOUT, text=TEXT, author_role="Controller", name="staff")
    marked = CliRunner().invoke(app, ["comments", "2018-03", "--unit", "17", "--ready", "staff"])
    assert marked.exit_code == 0, marked.output
    assert marked.output.startswith(f"Ready: {file.name}\n")
    shown = CliRunner().invoke(app, ["comments", "2018-03", "--unit", "17"])
    assert shown.exit_code == 0, shown.output
    assert "ready     staff.md  Personal, avvikelse mot budget hittills: −12" in shown.output
    assert " missing" in shown.output.splitlines()[0]
    approved = CliRunner().invoke(app, ["comments", "2018-03", "--unit", "17", "--approve", "staff", "--json"])
    record = json.loads(approved.output)
    assert record["approved"] == "staff.md"
    assert [line["file"] for line in record["units"]["17"] if line["state"] == "approved"] == ["staff.md"]


def test_units_without_data_are_named_in_the_list_of_all(root):
    settings = analytics.settings.load(root)
    found = comments(settings, period=Period.parse("2018-03"), unit=None, audience="public")
    assert list(found.units) == ["17"]
    assert "10" in found.skipped
    assert "Unit 10: no data" in str(found)


@pytest.mark.parametrize("step", ["ready", "approve"])
def test_a_step_needs_a_unit(root, step):
    settings = analytics.settings.load(root)
    with pytest.raises(UsageError, match=f"--{step} needs --unit"):
        comments(settings, period=Period.parse("2018-03"), unit=None, audience="public", **{step: "a"})


def test_the_list_refuses_comments_where_no_report_would_look(root):
    settings = analytics.settings.load(root)
    (folder(root) / "2018-03/171").mkdir(parents=True)
    with pytest.raises(CommentError, match="171 is no unit"):
        comments(settings, period=Period.parse("2018-03"), unit="17", audience="public")


def version(root, audience="public"):
    settings = analytics.settings.load(root)
    given = inputs.Inputs(Store(settings.paths.processed).catalog().version, (), ())
    return inputs.with_comments(given, settings, period=Period.parse("2018-03"), unit="17", audience=audience)


def test_the_version_of_the_inputs_changes_with_every_byte_of_an_approved_comment(root):
    data = version(root).version
    assert data == analytics.open(period="2018-03", unit="17", root=root).version
    put(folder(root), GOOD)
    first = version(root)
    assert first.version.startswith(f"{data}-")
    put(folder(root), GOOD.replace("kommit", "kommit än"))
    second = version(root)
    assert second.version not in (data, first.version)
    assert analytics.open(period="2018-03", unit="17", root=root).version == second.version
    put(folder(root), GOOD)
    assert version(root).version == first.version
    put(folder(root), GOOD, "b.md")
    assert version(root).version != first.version


def test_drafts_are_inputs_of_internal_packages_alone(root):
    put(folder(root), GOOD.replace("state: approved", "state: draft"))
    assert version(root).comments == ()
    assert [item.state for item in version(root, "internal").comments] == ["draft"]


def test_a_file_that_cannot_be_read_is_an_input_all_the_same(root):
    put(folder(root), b"\xff")
    assert [item.state for item in version(root).comments] == [""]


def test_the_manifest_lists_the_comments_with_their_checksums(root, tmp_path):
    put(folder(root), GOOD)
    package = tmp_path / "package"
    package.mkdir()
    who = manifest.Identity("2018-03", "17", "Stab", "public", "Offentlig", True, "2018-04-20T08:00:00", "0")
    manifest.write(package, who, (), version(root))
    written = json.loads((package / "manifest.json").read_text(encoding="utf-8"))["inputs"]
    (expected,) = inventory.inventory(folder(root), "2018-03", "17", (), approved_only=True)
    assert written["comments"] == [{"file": "a.md", "state": "approved", "sha256": expected.sha256}]
    assert written["version"] == version(root).version
