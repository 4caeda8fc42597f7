"""What is shown in the panels of indicators and care units is saved as a chart and begun as a comment."""

from __future__ import annotations

import pytest

import analytics
from analytics import explore
from analytics.charts import linked_widget

pytestmark = pytest.mark.slow


@pytest.fixture
def wb(own_region, monkeypatch):
    monkeypatch.setattr(linked_widget, "script", lambda _: "export default {}")
    return analytics.open(period="2018-03", unit="17", root=own_region.root)


def saved(own_region, panel, kind):
    folder = own_region.root / "exploration/2018-03/17"
    before = set(folder.glob("*"))
    panel.saving.save(kind)
    assert "Sparat: " in panel.saving.said.value
    [file] = set(folder.glob("*")) - before
    return file


def test_the_chart_of_a_care_unit_is_saved_and_a_comment_begun(own_region, wb):
    panel = explore.care_units(wb)
    assert saved(own_region, panel, "png").read_bytes().startswith(b"\x89PNG")
    panel.select({"share": ("same_day",), "care_unit": ("V02",)})
    page = saved(own_region, panel, "html").read_text(encoding="utf-8")
    assert "Vårdcentral Björken" in page
    assert "mars 2018" in page
    panel.writing.begin("comment")
    assert panel.writing.text.value.startswith(panel.sentence)
    assert "Kommentar till tabellen ”Alla andelar med antal och mål”: Kontakt samma dag" in panel.writing.about.value
    assert "care_unit" not in panel.writing.about.value
    panel.writing.write()
    [line] = [each for each in wb.comment_lines() if "care_unit_shares" in each.about]
    assert (line.state, "Vårdcentral Björken" in line.title) == ("draft", True)


def test_the_chart_of_an_indicator_is_saved_and_a_comment_begun(own_region, wb):
    panel = explore.indicators(wb)
    panel.list.value = "2018-15"
    page = saved(own_region, panel, "svg").read_text(encoding="utf-8")
    assert "<svg" in page
    panel.writing.begin("comment")
    assert panel.writing.text.value.startswith("Index för hållbart medarbetarengagemang")
    panel.writing.write()
    assert [each.state for each in wb.comment_lines() if "2018-15" in each.about] == ["draft"]
    panel.list.value = "2018-01"
    panel.saving.save("svg")
    assert "Diagrammet är inte sparat" in panel.saving.said.value


def test_the_groups_of_the_whole_unit_are_told_as_the_report_prints_them(wb):
    panel = explore.staff(wb)
    panel.show_measure("absence_fte")
    assert "Semester (+2,75), Utbildning (+1,52), Flexledighet (+0,65)." in panel.sentence.replace("\u00a0", " ")
    # Sick leave of small units is told among the small groups, so its bar is not the whole and does not look like it.
    assert "Sjukfrånvaro (utom små grupper)" in set(panel.frame["group_label"])
    assert "Sjukfrånvaro" not in set(panel.frame["group_label"])
