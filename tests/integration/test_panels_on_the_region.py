"""Every panel on the demonstration region: a choice in one place, and all the others follow."""

from __future__ import annotations

import pytest

import analytics
from analytics import explore
from analytics.charts import linked_widget
from analytics.errors import DisclosureError
from analytics.explore.query_page import EXAMPLES

pytestmark = pytest.mark.slow


@pytest.fixture
def bench(region, monkeypatch):
    monkeypatch.setattr(linked_widget, "script", lambda _: "export default {}")
    return lambda unit: analytics.open(period="2018-03", unit=unit, root=region.root)


def test_staff_cost_is_4_6_mnkr_over_budget_and_the_panel_says_on_what(bench):
    panel = explore.deviations(bench("17"))
    panel.select({"report_line": ("staff_employees",)})
    said = panel.sentence.replace("\u00a0", " ")
    assert "avvikelse −4 680 tkr (ogynnsam)" in said
    assert "41110 Semesterlön (−1 790 tkr)" in said


@pytest.mark.parametrize("unit", ["10", "17", "18", "20", "30", "40"])
def test_every_panel_opens_for_every_unit(bench, unit):
    wb = bench(unit)
    for name in ("deviations", "staff", "indicators", "care_units", "sql"):
        assert getattr(explore, name)(wb).children


def test_a_care_unit_that_is_picked_is_shown_by_table_and_series(bench):
    panel = explore.care_units(bench("17"))
    panel._clicked({"care_unit": ("V02",)})
    assert "Vårdcentral Björken" in panel.said.value
    assert panel._numbers.caption == "Andelar: Vårdcentral Björken (offentlig)"
    assert "Vårdcentral Björken" in panel.control._title.value
    panel._clicked({"care_unit": ("V02",), "share": ("diabetes",)})
    assert "Diabetes" in panel.said.value
    assert "inte månad för månad" in panel.control._title.value


def test_an_indicator_that_is_picked_is_shown_with_history_and_units(bench):
    panel = explore.indicators(bench("17"))
    panel.list.value = "2018-15"
    assert ["Landstingsdirektörens stab", "79"] in panel.beside.rows
    assert panel.history.chart is not None
    panel.list.value = "2018-01"
    assert "för få utfall" in panel.history._title.value


def test_a_unit_a_status_and_an_area_narrow_the_indicators(bench):
    panel = explore.indicators(bench("17"))
    everything = {code for _, code in panel.list.options}
    assert len(everything) == panel.frame["indicator"].n_unique()
    panel._clicked({"observed_unit": ("20",)})
    assert "Primärvården: 3 indikatorer." in panel.said.value
    narrowed = {code for _, code in panel.list.options}
    assert narrowed == set(panel.frame.filter(observed_unit="20")["indicator"]) < everything
    assert {row[1] for row in panel.narrowed.rows} == {"Primärvården"}
    panel.list.value = "2018-03"
    assert "Primärvården: 7,5\xa0%" in panel.told.value
    panel._clicked({"state": ("På väg",)})
    assert [code for _, code in panel.list.options] == ["2018-19"]
    assert panel.code == "2018-19"
    assert "◐ På väg" in panel.told.value
    panel._clicked({})
    assert {code for _, code in panel.list.options} == everything
    assert panel.code == "2018-19"


def test_an_indicator_counts_once_without_a_unit_and_for_each_of_its_units(bench):
    panel = explore.indicators(bench("17"))
    assert panel.frame.filter("is_first").height == panel.frame["indicator"].n_unique()
    assert panel.frame.height > panel.frame["indicator"].n_unique()
    drawn = panel.linked()
    tests = {view.column: view.test for view in drawn.views}
    assert tests["observed_unit"] == ""
    assert tests["area"] == tests["state"] != ""


def test_staff_sums_are_those_of_the_report_for_every_measure(bench):
    wb = bench("10")
    panel = explore.staff(wb)
    for measure in ("worked_fte", "overtime_fte", "absence_fte", "headcount"):
        panel.show_measure(measure)
        rows = wb.table(measure).frame.filter(sex="T", row_type="total", column="change")
        shown = panel._numbers.copied.split("\n")[-1].split("\t")[-1].replace(",", ".")
        assert float(shown) == pytest.approx(rows["value"].item(), abs=1e-5)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_the_answer_of_every_example_is_drawn_and_saved_where_it_tells_nobody_apart(bench, tmp_path, number):
    wb = bench("17")
    page = explore.sql(wb)
    page.examples.value = EXAMPLES[number][1]
    page.answer()
    assert page.picture.chart is not None
    file = tmp_path / "svar.svg"
    if any(word in EXAMPLES[number][1] for word in ("cost_centre", "from time")):
        with pytest.raises(DisclosureError):
            wb.share(page, file=file, audience="internal")
        assert not file.exists()
    else:
        wb.share(page, file=file, audience="internal")
        drawn = file.read_text(encoding="utf-8")
        for said in (EXAMPLES[number][0], "till och med mars 2018", "Källa: fri fråga i SQL till"):
            assert said in drawn
