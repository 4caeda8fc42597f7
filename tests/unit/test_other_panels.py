"""The panels of indicators and care units, and what a unit without them is told."""

from __future__ import annotations

import pytest
from made_store import fill, new_project

import analytics
from analytics import explore
from analytics.charts import linked_widget
from analytics.comments import scheduled
from analytics.errors import DisclosureError


@pytest.fixture
def wb(tmp_path, monkeypatch):
    monkeypatch.setattr(linked_widget, "script", lambda _: "export default {}")
    root = new_project(tmp_path / "project")
    fill(root)
    return analytics.open(period="2018-03", unit="17", root=root)


def said(panel):
    return " ".join(str(getattr(child, "value", "")) for child in panel.children)


def test_a_unit_without_care_units_is_told_in_words(wb):
    assert "inga vårdenheter inom Hälsovalet" in said(explore.care_units(wb))


def test_a_unit_without_outcomes_still_shows_its_goals_or_says_that_there_are_none(wb):
    panel = explore.indicators(wb)
    if "har inga indikatorer" not in said(panel):
        assert panel.list.options
        assert panel.facts.rows


@pytest.mark.parametrize("name", ["deviations", "staff", "indicators", "care_units", "sql"])
def test_no_panel_is_made_in_a_run(wb, name):
    with scheduled.run(), pytest.raises(DisclosureError):
        getattr(explore, name)(wb)
