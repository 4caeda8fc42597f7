"""What is saved from a panel is drawn again for its readers, and holds the bars and nothing behind them."""

from __future__ import annotations

import json
from dataclasses import replace

import polars as pl
import pytest

import analytics
from analytics import explore
from analytics.charts import linked_widget
from analytics.charts.linked import View, spec_of
from analytics.charts.still import Bar, Told, still
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


def cube_of(*pairs):
    units, centres = zip(*pairs, strict=True)
    named = {"base_unit": units, "cost_centre": centres}
    return pl.DataFrame({**named, **{f"{column}_label": codes for column, codes in named.items()}})


def test_a_place_where_few_work_is_told_together_with_enough_others():
    frame = cube_of(("1", "11"), ("2", "21"), ("3", "31"), ("4", "41"))
    persons = {"base_unit": {"1": 2, "2": 30, "3": 6}, "cost_centre": {"11": 2, "21": 30, "31": 6}}
    merged = places.merged(frame, persons, least=5)
    # Two are too few, and a hidden one alone could be told by subtraction: the next smallest goes with it.
    assert merged["base_unit"].to_list() == [places.FEW, "2", places.FEW, "4"]
    assert merged["cost_centre"].to_list() == [places.FEW, "21", places.FEW, "41"]


def test_a_small_cost_centre_does_not_follow_from_its_base_unit_and_the_others():
    frame = cube_of(("1", "11"), ("1", "12"), ("1", "13"), ("2", "21"), ("2", "22"))
    persons = {"base_unit": {"1": 27, "2": 6}, "cost_centre": {"11": 2, "12": 18, "13": 7, "21": 3, "22": 3}}
    merged = places.merged(frame, persons, least=5)
    # Not with those of base unit 2: chosen by itself, base unit 1 less 12 and 13 would be the two of 11.
    assert merged["base_unit"].to_list() == ["1", "1", "1", "2", "2"]
    assert merged["cost_centre"].to_list() == [places.FEW, "12", places.FEW, places.FEW, places.FEW]


def test_parts_of_the_organisation_leave_for_those_inside_alone(wb):
    panel = explore.deviations(wb)
    drawn = {code: json.dumps(panel.for_audience(code).spec, ensure_ascii=False) for code in saving.AUDIENCES}
    assert "Basenhet" in drawn["internal"]
    assert "Ansvar" in drawn["internal"]
    assert "Kontoslag" in drawn["public"]
    for place in ("Basenhet", "Ansvar", *panel.frame["base_unit_label"], *panel.frame["cost_centre_label"]):
        assert place not in drawn["public"]
    [account] = panel.frame.filter(account="68110")["account"].unique()
    panel.select({"account": (account,)})
    assert not any(place in panel.for_audience("public").text for place in panel.frame["cost_centre_label"])
    panel.select({"base_unit": (panel.frame["base_unit"][0],)})
    panel.saving.save("png")
    assert "Delar av en förvaltning lämnas bara till interna läsare" in panel.saving.said.value


def test_the_choice_of_too_small_a_place_is_refused_in_swedish(wb, monkeypatch):
    panel = explore.deviations(wb)
    panel.select({"cost_centre": ("1310",)})
    monkeypatch.setattr(places, "employees", lambda *_: {"cost_centre": {"1310": 2}, "base_unit": {"171": 2}})
    panel.saving.audience.value = "internal"
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


def test_a_chart_that_leaves_small_bars_out_says_so(wb):
    panel = explore.deviations(wb)
    few = replace(panel.linked(), columns=((View("account", "Konto", (), most=2),),))
    bars = [Bar("A", 1.0, "1"), Bar("B", -3.0, "−3"), Bar("C", 2.0, "2")]
    told = Told(figure_id="f", title="Titel", sentence="Sagt.", caption="Under.", unit="tkr", source="källa")
    figure = still(few, [bars], told)
    [chart] = figure.spec["hconcat"][0]["vconcat"]
    assert chart["title"] == "Konto (högst 2, de största)"
    assert [bar["lines"] for bar in chart["data"]["values"]] == ["B", "C"]
    assert "Konto (högst 2, de största)" in figure.table_html
    assert spec_of(few)["hconcat"][0]["vconcat"][0]["title"] == "Konto (högst 2, de största)"


def test_the_caption_stands_in_the_file(wb, tmp_path):
    file = wb.share(explore.staff(wb), file=tmp_path / "tid.svg")
    assert "En årsarbetare är" in file.read_text(encoding="utf-8").replace("\u00a0", " ")
