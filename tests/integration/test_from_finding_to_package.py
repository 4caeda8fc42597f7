"""From a selection in a panel to the summary report: draft, ready, approved, run."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

import analytics
from analytics import explore
from analytics.charts import linked_widget

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def own(region, tmp_path_factory):
    """The demonstration region without packages, for comments of its own."""
    root = tmp_path_factory.mktemp("from_finding") / "project"
    shutil.copytree(region.root, root, ignore=shutil.ignore_patterns("reports", ".snapshots"))
    return replace(region, root=root)


@pytest.fixture
def wb(own, monkeypatch):
    monkeypatch.setattr(linked_widget, "script", lambda _: "export default {}")
    return analytics.open(period="2018-03", unit="17", root=own.root)


def file_of(said):
    return said.split("Utkastet är sparat: ")[1].split(".md")[0]


def test_a_comment_started_from_a_bar_stands_in_the_summary_when_it_is_approved(own, wb):
    economy = explore.deviations(wb)
    # The summary tells of the five largest deviations; this is the fourth.
    economy.compare("forecast")
    economy.select({"report_line": ("operations_other",), "base_unit": ("172",)})
    economy.writing.starts["comment"].click()
    assert economy.writing.text.value.replace("\u00a0", " ").startswith("Drift – Övrigt, helåret 2018: prognos")
    assert "172 Planering och utveckling" in economy.writing.text.value
    economy.writing.text.value += "upphandlingen är försenad."
    economy.writing.save.click()
    name = file_of(economy.writing.said.value)

    staff = explore.staff(wb)
    staff.writing.starts["comment"].click()
    staff.writing.text.value += "fler handläggare."
    staff.writing.save.click()
    other = file_of(staff.writing.said.value)

    written = own.analytics_json("comments", "2018-03", "--unit", "17")["units"]["17"]
    states = {item["file"]: (item["about"], item["state"]) for item in written}
    assert states[f"{name}.md"] == ("deviations, deviation forecast-operations_other, column amount", "draft")
    for each in (name, other):
        own.analytics("comments", "2018-03", "--unit", "17", "--ready", each)
        own.analytics("comments", "2018-03", "--unit", "17", "--approve", each)
    own.analytics("run", "2018-03", "--unit", "17")
    package = own.root / "reports/2018-03/17"
    assert "upphandlingen är försenad." in (package / "sammanfattning.html").read_text(encoding="utf-8")
    assert "upphandlingen är försenad." in (package / "ekonomi.html").read_text(encoding="utf-8")
    assert "fler handläggare." in (package / "personal.html").read_text(encoding="utf-8")


def test_an_action_plan_is_about_the_forecast_that_requires_it(wb):
    panel = explore.deviations(wb)
    panel.compare("forecast")
    panel.select({"report_line": ("staff_employees",)})
    panel.writing.starts["action_plan"].click()
    assert panel.writing._draft.kind == "action_plan"
    assert "årsbudget" in panel.writing.text.value
    assert "Ansvarig (roll):" in panel.writing.text.value


def test_what_the_package_hides_or_does_not_print_is_told_and_nothing_is_written(own, wb):
    before = set((own.root / "data/comments").rglob("*.md"))
    panel = explore.deviations(wb)
    panel.select({"report_line": ("income", "capital")})
    panel.writing.starts["comment"].click()
    assert "en enda siffra" in panel.writing.said.value
    panel.writing.save.click()
    staff = explore.staff(wb)
    staff.show_measure("overtime_fte")
    staff.writing.starts["comment"].click()
    assert set((own.root / "data/comments").rglob("*.md")) == before


def test_another_choice_closes_the_form_so_that_no_figure_is_saved_for_the_wrong_row(wb):
    panel = explore.deviations(wb)
    panel.select({"report_line": ("income",)})
    panel.writing.starts["comment"].click()
    panel.select({"report_line": ("capital",)})
    panel.writing.save.click()
    assert panel.writing.said.value == ""
    assert panel.writing._draft is None
