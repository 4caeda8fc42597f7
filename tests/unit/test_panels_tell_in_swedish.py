"""What goes wrong in a panel is told in Swedish, whatever raised it."""

import re
from html import unescape

import pytest
from made_store import fill, new_project

import analytics
from analytics import explore
from analytics.charts import linked_widget
from analytics.errors import CommentError, MissingDataError, SettingsError, StorageError
from analytics.explore.problems import told

ENGLISH = re.compile(r"\b(the|there|is|file|written|not|has|Load|Give|Check|Remove|Write|for|of)\b")


@pytest.fixture
def wb(tmp_path, monkeypatch):
    root = new_project(tmp_path / "project")
    fill(root)
    cache = root / "reports/.cache"
    cache.mkdir(parents=True)
    (cache / "vega.js").write_text("")
    monkeypatch.setattr(linked_widget, "script", lambda _: "export default {}")
    return analytics.open(period="2018-03", unit="17", root=root)


def text(html):
    return unescape(re.sub("<[^>]+>", " ", html)).strip()


def begun(wb):
    page = explore.sql(wb)
    page.writing.starts["comment"].click()
    assert page.writing.text.value
    return page.writing


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda form: setattr(form.role, "value", ""), "Rollen skrivs med bokstäver"),
        (lambda form: setattr(form.role, "value", "Anna 12"), "Rollen skrivs med bokstäver"),
        (lambda form: setattr(form.role, "value", "Controller\nav"), "Rollen ska stå på en enda rad"),
        (lambda form: setattr(form.text, "value", "  "), "Det finns ingen text"),
        (lambda form: setattr(form.text, "value", "x" * 200_000), "Texten är för lång"),
        (lambda form: setattr(form.text, "value", "Se 19121212-1212."), "personnummer"),
        (lambda form: setattr(form.text, "value", "En\u200bdag"), "tecken som inte syns"),
    ],
)
def test_what_a_comment_may_not_hold(wb, change, said):
    form = begun(wb)
    change(form)
    form.save.click()
    shown = text(form.said.value)
    assert shown.startswith("Utkastet är inte sparat.")
    assert said in shown
    assert not ENGLISH.search(shown)


def test_a_comment_that_is_there_already(wb):
    begun(wb).save.click()
    again = begun(wb)
    again.save.click()
    assert "Det finns redan en kommentar till siffran" in text(again.said.value)


def test_a_folder_that_cannot_be_written_is_told_and_no_trace(wb):
    folder = wb.scope.settings.paths.comments
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        folder.rename(folder.with_name("away"))
    folder.write_text("in the way")
    form = begun(wb)
    form.save.click()
    assert "går inte att skriva" in text(form.said.value)
    with pytest.raises(StorageError, match="cannot be written"):
        wb.comment(
            about={"table": "fr1_outcome", "report_line": "net", "origin": "total", "column": "vs_budget"},
            text="Hej",
            author_role="Controller",
        )
    page = explore.sql(wb)
    page.query.value = "select account, sum(amount_ore) as ore from ledger group by account"
    page.run.click()
    (wb.scope.settings.paths.reports.parent / "exploration").write_text("in the way")
    page.saving.starts["svg"].click()
    shown = text(page.saving.said.value)
    assert "går inte att skriva" in shown
    assert not ENGLISH.search(shown)


def test_a_panel_of_care_units_says_in_swedish_that_there_are_none(wb):
    panel = explore.care_units(wb)
    shown = text(panel.children[1].value)
    assert "Förvaltningen har inga vårdenheter inom Hälsovalet" in shown
    assert not ENGLISH.search(shown)


@pytest.mark.parametrize("kind", [MissingDataError, StorageError])
def test_an_error_without_a_text_of_its_own_is_told_by_its_kind(kind):
    assert not ENGLISH.search(told(kind("the file is not there", action="Load it.")))


def test_an_error_of_settings_keeps_its_own_words_to_mend_by():
    assert told(SettingsError("engine.name is wrong")).endswith("”engine.name is wrong”")
    assert told(CommentError("Flera är valda.", action="Välj en.")) == "Flera är valda. Välj en."
