"""What is saved from a panel is drawn again for its readers, and holds the bars and nothing behind them."""

from __future__ import annotations

import json

import polars as pl
import pytest

import analytics
from analytics import explore
from analytics.charts import linked_widget
from analytics.explore import places, saving


@pytest.fixture
def wb(root, monkeypatch):
    monkeypatch.setattr(linked_widget, "script", lambda _: "export default {}")
    return analytics.open(period="2018-03", unit="17", root=root)


def test_a_saved_chart_says_what_it_is_and_lies_outside_the_reports(wb, root):
    panel = explore.deviations(wb)
    panel.select({"account": ("68110",)})
    for kind in saving.KINDS:
        panel.saving.save(kind)
        assert "Sparat: exploration/2018-03/17/" in panel.saving.said.value
    files = {file.suffix: file for file in (root / "exploration/2018-03/17").iterdir()}
    assert set(files) == {".png", ".svg", ".html"}
    assert files[".png"].read_bytes().startswith(b"\x89PNG")
    drawn = files[".svg"].read_text(encoding="utf-8").replace("\u00a0", " ")
    for said in ("Avvikelse mot budget", "januari–mars 2018", "Läsekrets: Offentlig", "ekonomisystemet", "SYNTETISKA"):
        assert said in drawn, said


def test_only_what_is_drawn_leaves(wb):
    panel = explore.deviations(wb)
    spec = json.dumps(panel.for_audience("public").spec, ensure_ascii=False)
    assert "amount_ore" not in spec
    assert '"params"' not in spec
    assert '"outcome"' not in spec


def test_a_place_where_few_work_is_not_told_to_others():
    frame = pl.DataFrame(
        {
            "base_unit": ["1", "2", "3", "4"],
            "cost_centre": ["11", "21", "31", "41"],
            "base_unit_label": ["A", "B", "C", "D"],
            "cost_centre_label": ["A", "B", "C", "D"],
        }
    )
    persons = {"base_unit": {"1": 2, "2": 30, "3": 6}, "cost_centre": {"11": 2, "21": 30, "31": 6}}
    merged = places.merged(frame, persons, least=5)
    # Two are too few, and a hidden one alone could be told by subtraction: the next smallest goes with it.
    assert merged["base_unit"].to_list() == [places.FEW, "2", places.FEW, "4"]
    assert merged["cost_centre"].to_list() == [places.FEW, "21", places.FEW, "41"]


def test_the_choice_of_too_small_a_place_is_refused_in_swedish(wb, monkeypatch):
    panel = explore.deviations(wb)
    panel.select({"cost_centre": ("1310",)})
    monkeypatch.setattr(places, "employees", lambda *_: {"cost_centre": {"1310": 2}, "base_unit": {"171": 2}})
    panel.saving.save("png")
    assert "arbetar färre än 5 personer" in panel.saving.said.value


def test_staff_charts_are_saved_with_the_limits_of_their_readers(wb, root):
    panel = explore.staff(wb)
    panel.saving.save("svg")
    [file] = (root / "exploration/2018-03/17").glob("personal-*.svg")
    assert "personalsystemet" in file.read_text(encoding="utf-8")
    figure = panel.for_audience("public")
    assert "Handläggare" in figure.table_html


def test_bars_of_the_picture_are_those_of_the_numbers(wb):
    panel = explore.deviations(wb)
    figure = panel.for_audience("internal")
    lines = figure.spec["hconcat"][0]["vconcat"][1]["data"]["values"]
    # Five accounts on five lines, each 6 000 kr over budget from January to March.
    assert [round(each["value"], 6) for each in lines] == [-6.0] * 5
