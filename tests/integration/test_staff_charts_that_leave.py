"""Every bar of a staff chart that leaves the panel is a figure that its readers may have, by report or by wb.share."""

from __future__ import annotations

import itertools

import polars as pl
import pytest

import analytics
from analytics import explore, swedish
from analytics.charts import linked_widget
from analytics.errors import DisclosureError
from analytics.explore.staff_cubes import MEASURES, REST
from analytics.explore.staff_panel import CHANGE, LEVEL

pytestmark = pytest.mark.slow
UNITS = ("10", "17", "18", "20", "30", "40")


@pytest.fixture
def bench(region, monkeypatch):
    monkeypatch.setattr(linked_widget, "script", lambda _: "export default {}")
    return lambda unit: analytics.open(period="2018-03", unit=unit, root=region.root)


def drawn(figure):
    """Chart → name → text of its bars."""
    charts = itertools.chain.from_iterable(column["vconcat"] for column in figure.spec["hconcat"])
    return {
        chart["title"]: {bar["lines"].replace("|", " "): bar["text"] for bar in chart["data"]["values"]}
        for chart in charts
    }


def texts(wb, table_id, audience, column="current", **keys):
    """Name → printed figure of the cells that are shown to an audience."""
    frame = wb.share(table_id, audience=audience).table.frame.filter(status="ok", column=column)
    frame = frame.filter(*(pl.col(key) == code for key, code in keys.items()))
    label = next((name for name in frame.columns if name.endswith("_group_label")), "sex")
    places = wb.table(table_id).spec.decimals
    return {name: swedish.number(value, places) for name, value in frame.select(label, "value").rows()}


@pytest.mark.parametrize("unit", UNITS)
def test_every_bar_is_a_cell_of_a_protected_table(bench, unit):
    wb = bench(unit)
    panel = explore.staff(wb)
    panel.show(LEVEL)
    seen = 0
    for measure, audience in itertools.product(MEASURES, ("public", "internal")):
        panel.show_measure(measure)
        try:
            figure = panel.for_audience(audience)
        except DisclosureError:
            continue
        charts = drawn(figure)
        assert REST not in figure.table_html
        assert "små grupper" not in figure.table_html.lower()
        assert ("Basenhet" in charts) <= (audience == "internal")
        if measure != "sick_leave_pct":
            groups = texts(wb, measure, audience, sex="T", row_type="row")
            of_group = charts.get("Personalgrupp", {}) | charts.get("Frånvarogrupp", {})
            assert of_group.items() <= groups.items()
            for name, text in charts.get("Basenhet", {}).items():
                part = wb.children[name.split(" ")[0]]
                assert texts(part, measure, "internal", sex="T", row_type="total") == {"Total": text}
        whole = {} if measure == "sick_leave_pct" else {"row_type": "total"}
        for sex, name in (("K", "Kvinnor"), ("M", "Män")):
            told = list(texts(wb, measure, audience, sex=sex, **whole).values())
            assert [charts["Kvinnor och män"][name]] == told if name in charts.get("Kvinnor och män", {}) else True
        seen += len(charts)
    assert seen > len(MEASURES)


def test_the_absence_of_two_does_not_follow_from_a_saved_chart_and_the_report(bench):
    """In unit 40 the groups of absence that lack small units were too near the groups of the public report."""
    wb = bench("40")
    panel = explore.staff(wb)
    panel.show_measure("absence_fte")
    panel.show(LEVEL)
    incomplete = {name.removesuffix(REST) for name in panel.frame["group_label"] if name.endswith(REST)}
    report = texts(wb, "absence_fte", "public", sex="T", row_type="row")
    assert incomplete & set(report), "nothing to tell apart, so this test proves nothing"
    bars = drawn(panel.for_audience("public"))["Frånvarogrupp"]
    shown = {name.removesuffix(REST): text for name, text in bars.items()}
    assert incomplete & set(shown)
    assert {name: shown[name] for name in incomplete & set(shown)}.items() <= report.items()


def test_what_is_chosen_is_drawn_from_its_own_cells(bench):
    wb = bench("10")
    panel = explore.staff(wb)
    panel.select({"base_unit": ("101",), "sex": ("K",)})
    with pytest.raises(DisclosureError, match="interna läsare"):
        panel.for_audience("public")
    panel.show(LEVEL)
    figure = panel.for_audience("internal")
    part = wb.children["101"]
    charts = drawn(figure)
    assert charts["Personalgrupp"].items() <= texts(part, "worked_fte", "internal", sex="K", row_type="row").items()
    months = part.share("worked_fte_monthly", audience="internal").table.frame.filter(sex="K", period="2018-01")
    assert charts["Månad"]["Januari 2018"] == swedish.number(months["value"].item(), 1)
    assert "101" in figure.title
    assert "Kvinnor" in figure.title
    panel.show(CHANGE)
    panel.select({"group": ("1.1",)})
    assert "Månad" not in drawn(panel.for_audience("internal"))


@pytest.mark.parametrize(
    ("selected", "said"),
    [
        ({"month": ("2018-01",)}, "En del av månaderna"),
        ({"group": ("1.1", "1.2")}, "Flera staplar"),
        ({"group": ("små",)}, "för liten för läsekretsen"),
    ],
)
def test_a_choice_that_no_table_tells_is_refused_in_swedish(bench, selected, said):
    panel = explore.staff(bench("17"))
    panel.select(selected)
    panel.saving.save("svg")
    assert said in panel.saving.said.value


def test_all_months_are_no_choice_and_what_is_hidden_is_counted(bench):
    panel = explore.staff(bench("17"))
    plain = panel.for_audience("internal")
    panel.select({"month": panel.cube.months})
    assert panel.for_audience("internal").spec["hconcat"] == plain.spec["hconcat"]
    assert "staplar visas inte: få personer" in plain.caption
    assert "bland det som visas" in plain.text
