"""The panel of deviations without a browser: what is selected decides what is told, listed and copied."""

from __future__ import annotations

import altair as alt
import made_findings
import polars as pl
import pytest
from made_store import fill, new_project

import analytics
from analytics import explore
from analytics.charts import linked_widget
from analytics.comments import scheduled
from analytics.errors import DisclosureError, MissingDataError
from analytics.explore.found import NONE_HERE, Found, picked
from analytics.periods import Period, PeriodRange


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    made = new_project(tmp_path_factory.mktemp("region") / "project")
    fill(made)
    # Making the script for the browser takes seconds and is tested where a browser is.
    cache = made / "reports/.cache"
    cache.mkdir(parents=True)
    return made


@pytest.fixture
def panel(root, monkeypatch):
    monkeypatch.setattr(linked_widget, "script", lambda _: "export default {}")
    return explore.deviations(analytics.open(period="2018-03", unit="17", root=root))


def text(said):
    return said.replace("\u00a0", " ")


def test_it_opens_with_the_whole_unit_against_budget(panel):
    # 470 000 kr a month against the budget, and 1, 2 and 3 thousand more on each of five accounts.
    assert text(panel.sentence).startswith(
        "Hela Landstingsdirektörens stab, januari–mars 2018: utfall 1 440 tkr, budget 1 410 tkr, avvikelse −30 tkr"
    )
    assert [line[0] for line in panel._numbers.rows][-1] == "Summa"
    assert len(panel._posted.rows) == 15


def test_a_click_narrows_sentence_numbers_postings_and_lists(panel):
    panel.chart._vl_selections = {
        **panel.chart._vl_selections,
        "vald_account": {"value": {"account": ["68110"]}, "store": [{"values": ["68110"]}]},
    }
    assert panel.selected == {"account": ("68110",)}
    assert text(panel.sentence).startswith("68110 ")
    assert "utfall 36 tkr, budget 30 tkr, avvikelse −6 tkr (ogynnsam)" in text(panel.sentence)
    assert {row[3][:5] for row in panel._posted.rows} == {"68110"}
    assert text(panel._posted.note) == "3 verifikationsrader, tillsammans 36 000,00 kr."
    assert panel._lists["account"].value == "68110"


def test_the_lists_do_what_a_click_does_and_the_drawing_follows(panel):
    panel._lists["month"].value = "2018-02"
    assert panel.selected == {"month": ("2018-02",)}
    assert "februari 2018" in panel.sentence
    drawn = {param["name"]: param for param in panel.chart.spec["params"]}
    assert drawn["vald_month"]["value"] == [{"month": "2018-02"}]
    panel.select({})
    drawn = {param["name"]: param for param in panel.chart.spec["params"]}
    assert "value" not in drawn["vald_month"]


def test_a_choice_that_is_let_go_after_a_click_is_drawn_anew(panel):
    sent = []
    panel.chart.observe(lambda change: sent.append(change["new"]), names="spec")
    panel._clicked({"account": ("68110",)})
    panel.reset.click()
    # The drawing is as at first, and the browser must get it all the same: the click stands in the browser alone.
    assert len(sent) == 1
    assert panel.selected == {}


def test_what_is_copied_is_unrounded_with_decimal_commas(panel):
    panel.select({"account": ("30110",), "month": ("2018-01",)})
    head, *rows = panel._numbers.copied.split("\n")
    assert head == "Ansvar\tUtfall, kr\tBudget, kr\tAvvikelse, kr"
    assert rows[-1] == "Summa\t-89000\t-90000\t-1000"


def test_the_comparison_is_picked_by_the_control(panel):
    panel._compared.value = "forecast"
    assert "prognos 5 640 tkr, årsbudget 5 640 tkr" in text(panel.sentence)
    assert panel.chart.spec["params"][0] == {"name": "jamforelse", "value": "forecast"}


def test_the_drawing_is_vega_lite_and_has_no_menu_that_saves(panel):
    with alt.data_transformers.enable("default", max_rows=None):
        alt.Chart.from_dict(panel.chart.chart.to_dict())
    assert panel.chart.embed_options["actions"] is False


def test_a_large_cube_is_summed_beside_python_and_stays_out_of_the_browser(panel, monkeypatch):
    monkeypatch.setattr(linked_widget, "ROWS_IN_BROWSER", 3)
    panel.compare("previous")
    assert panel.chart._chart_state is not None
    watched = {each["name"] for each in panel.chart._js_watch_plan}
    assert {"vald_base_unit_store", "vald_account_store", "vald_month_store"} <= watched
    rows = [held for held in panel.chart.spec["data"] if "outcome" in str(held.get("values", ""))[:2000]]
    assert rows == []


def test_a_package_never_holds_the_panel(root):
    wb = analytics.open(period="2018-03", unit="17", root=root)
    with scheduled.run(), pytest.raises(DisclosureError, match="avvikelser"):
        explore.deviations(wb)


def test_a_unit_without_ledger_is_told(root):
    with pytest.raises(MissingDataError, match="unit 40"):
        explore.deviations(analytics.open(period="2018-03", unit="40", root=root))


def finding(**changed):
    amounts = {"comparison": "expected", "outcome": 1.0, "expected": 2.0, "deviation": 1.0}
    places = {"keys": {"administration": "17", "report_line": "operations"}}
    places["labels"] = {"administration": "Staben", "report_line": "Drift"}
    return made_findings.finding(**{**amounts, **places, **changed})


def test_a_finding_sets_what_the_panel_shows(panel):
    panel.show(finding())
    assert panel.comparison == "previous"
    assert panel.selected == {"report_line": ("operations_purchased", "operations_travel")}
    month = PeriodRange(Period(2018, 2), Period(2018, 2))
    keys = {"administration": "17", "account_group": "68"}
    panel.show(finding(keys=keys, months=month, comparison="budget"))
    assert panel.comparison == "budget"
    assert panel.selected == {"account": ("68110",), "month": ("2018-02",)}
    assert "februari 2018" in panel.sentence


def test_a_click_in_the_list_of_findings_tells_and_shows_it():
    shown = []
    listed = Found([finding(), finding(id="b", measure="worked_fte", unit="årsarbetare")], shown.append)
    assert next(label for label, _ in listed.list.options).startswith("Staben, Drift")
    assert len(listed.list.options) == 1
    listed.list.value = 0
    assert [each.id for each in shown] == ["f1"]
    assert listed.said.value


def test_a_finding_chooses_what_of_it_the_panel_has_and_nothing_that_it_hides():
    frame = pl.DataFrame({"base_unit": ["171", "172"], "group": ["1.1", "2.4"], "month": ["2018-02", "2018-03"]})
    month = PeriodRange(Period(2018, 2), Period(2018, 2))
    keys = {"administration": "17", "base_unit": "171", "personnel_group": "2.4"}
    columns = {"base_unit": "base_unit", "personnel_group": "group"}
    told = finding(keys=keys, months=month, measure="headcount", unit="personer")
    assert picked(told, frame, columns) == {"base_unit": ("171",), "group": ("2.4",), "month": ("2018-02",)}
    hidden = finding(keys={**keys, "personnel_group": "9.9"}, months=month, measure="headcount", unit="personer")
    assert picked(hidden, frame, columns) == {"base_unit": ("171",), "month": ("2018-02",)}


def test_a_list_of_other_measures_is_in_their_units_and_says_if_there_are_none():
    told = finding(measure="headcount", unit="personer", deviation=-8.0)
    listed = Found([finding(), told], print, measures=("headcount",), none=NONE_HERE)
    ((label, _),) = listed.list.options
    assert "−8\N{NO-BREAK SPACE}personer" in label
    assert NONE_HERE in Found([], print, measures=("headcount",), none=NONE_HERE).children[0].value
