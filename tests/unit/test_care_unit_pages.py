"""Charts, sentences and key figures of the care units: nothing hidden is in them, and shape and words tell the signals."""

from __future__ import annotations

import json
from typing import Any

import pytest
from made_tables import protected

from analytics import charts, sentences
from analytics.disclosure import ProtectedTable
from analytics.measures.catalogue.care_units import MISSING_MONTHS
from analytics.sentences import key_figures

FUNNEL = "care_unit_funnel_vaccinated"
SERIES = "care_unit_series_same_day"
HARD = "\u00a0"
LIMITS = {"low_95": 70.0, "high_95": 80.0, "low_998": 65.0, "high_998": 85.0}


def unit(code: str, label: str) -> dict[str, object]:
    return {"care_unit": code, "care_unit_label": label, "row_type": "row" if code else "total"}


def funnel_rows(code: str, label: str, share: float, place: str, *, n: int = 100) -> list[dict[str, object]]:
    cells = [("denominator", 400.0, "400", 400), ("share", share, None, n), ("place", None, place, n)]
    cells += [(name, value, None, 400) for name, value in LIMITS.items()]
    return [
        {**unit(code, label), "column": column, "value": value, "text": text, "n": count}
        for column, value, text, count in cells
    ]


def funnel(*, hidden: float = 3.33) -> ProtectedTable:
    rows = [
        *funnel_rows("V01", "Asken (offentlig)", 75.0, "inom gränserna"),
        *funnel_rows("V02", "Björken (offentlig)", 61.04, "under 99,8\u00a0%-gränsen"),
        *funnel_rows("V08", "Tallen (privat)", 81.0, "över 95\u00a0%-gränsen"),
        *funnel_rows("V09", "Boken (privat)", hidden, "över 99,8\u00a0%-gränsen", n=3),
        {**unit("", "Alla jämförda enheter"), "column": "denominator", "value": 1200.0, "text": "1 200"},
        {**unit("", "Alla jämförda enheter"), "column": "share", "value": 75.0},
    ]
    return protected(FUNNEL, rows)


def series_rows(
    code: str, label: str, values: dict[str, tuple[float, str | None]], *, n: int = 100
) -> list[dict[str, object]]:
    lines = {"centre": 88.0, "low": 85.0, "high": 91.0}
    return [
        {
            "period": period,
            "care_unit": code,
            "care_unit_label": label,
            "column": column,
            "value": value,
            "text": text,
            "n": n,
        }
        for period, (share, signal) in values.items()
        for column, value, text in (
            ("value", share, None),
            *((name, line, None) for name, line in lines.items()),
            ("signal", None, signal),
        )
    ]


def series(**options: Any) -> ProtectedTable:
    return protected(
        SERIES,
        [
            *series_rows("V01", "Asken (offentlig)", {"2018-02": (88.0, None), "2018-03": (91.5, "över gränsen")}),
            *series_rows("V08", "Tallen (privat)", {"2018-02": (80.0, "under gränsen"), "2018-03": (88.0, None)}),
            *series_rows("V09", "Boken (privat)", {"2018-02": (13.37, "under gränsen"), "2018-03": (88.0, None)}, n=3),
        ],
        **options,
    )


def values(spec: dict[str, Any], ending: str) -> list[dict[str, Any]]:
    sources = [spec.get("data", {}), *(layer.get("data", {}) for layer in spec["layer"])]
    found: list[dict[str, Any]] = next(each["values"] for each in sources if each.get("name", "").endswith(ending))
    return found


def test_no_layer_of_names_is_drawn_without_a_name() -> None:
    """Vega writes a warning for each, and a page that warns is no clean page."""
    figure = charts.of(funnel())
    assert isinstance(figure, charts.Figure)
    sides = {row["sida"] for row in values(figure.spec, "-data")} - {""}
    filters = [step["filter"] for layer in figure.spec["layer"] for step in layer.get("transform", [])]
    assert sides == {side for side in ("vänster", "höger", "över", "under") if f"datum.sida === '{side}'" in filters}
    assert len(sides) < 4


def test_a_chart_says_which_months_its_series_lacks() -> None:
    rows = series_rows("V01", "Asken (offentlig)", {"2018-02": (88.0, None), "2018-03": (91.5, "över gränsen")})
    note = f"{MISSING_MONTHS} december 2017."
    figure = charts.of(protected(SERIES, rows, notes=("En serie visas hel.", note)))
    assert isinstance(figure, charts.Figure)
    assert figure.caption.endswith(note)
    assert MISSING_MONTHS not in str(getattr(charts.of(series()), "caption", ""))


def test_a_unit_outside_the_funnel_has_a_shape_and_a_name_of_its_own() -> None:
    figure = charts.of(funnel())
    assert isinstance(figure, charts.Figure)
    drawn = {row["namn"]: (row["märke"], row["kort"], row["andel"]) for row in values(figure.spec, "-data")}
    assert drawn == {
        "Asken (offentlig)": ("inom gränserna", "", 75.0),
        "Björken (offentlig)": ("utanför 99,8\u00a0%-gränsen", "Björken", 61.0),
        "Tallen (privat)": ("utanför 95\u00a0%-gränsen", "Tallen", 81.0),
    }
    [points] = [layer for layer in figure.spec["layer"] if layer["mark"]["type"] == "point"]
    assert len(set(points["encoding"]["shape"]["scale"]["range"])) == 3
    assert {row["linje"] for row in values(figure.spec, "-granser")} == {
        "gruppens andel",
        "95\u00a0%-gräns",
        "99,8\u00a0%-gräns",
    }


@pytest.mark.parametrize("make", [funnel, series])
def test_what_is_hidden_is_nowhere_in_chart_sentence_or_numbers(make: Any) -> None:
    table = make() if make is series else funnel(hidden=13.37)
    figure = charts.of(table)
    assert isinstance(figure, charts.Figure)
    everything = (
        figure.html + json.dumps(figure._repr_mimebundle_(), ensure_ascii=False) + str(sentences.main_change(table))
    )
    for trace in ("13,3", "13.3", "13,4", "13.4"):
        assert trace not in everything
    assert all(row["namn"] != "Boken (privat)" for row in values(figure.spec, "-data") if "namn" in row)


def test_the_funnel_says_who_is_outside_and_on_which_side() -> None:
    assert str(sentences.main_change(funnel())) == (
        f"Influensavaccinerade 75 år och äldre: gruppens andel är 75,0{HARD}%. Utanför de yttre gränserna, alltså en "
        "tydlig avvikelse: Björken (under). Utanför bara de inre gränserna, alltså värd att följa: Tallen (över). "
        "1 av 3 enheter ligger inom gränserna."
    )


def test_a_funnel_without_deviation_and_one_without_units_say_so() -> None:
    rows = [
        *funnel_rows("V01", "Asken", 75.0, "inom gränserna"),
        {**unit("", "Alla"), "column": "share", "value": 75.0},
    ]
    assert str(sentences.main_change(protected(FUNNEL, rows))).endswith("Ingen enhet avviker mer än slumpen kan ge.")
    nothing = protected(FUNNEL, [])
    assert "inga uppgifter" in str(sentences.main_change(nothing))
    assert "inga uppgifter" in str(charts.of(nothing))


def test_the_control_chart_draws_the_unit_with_the_clearest_signal() -> None:
    figure = charts.of(series())
    assert isinstance(figure, charts.Figure)
    assert "Tallen (privat)" in figure.title
    drawn = [(row["plats"], row["värde"], row["märke"], row["signal"]) for row in values(figure.spec, "-data")]
    assert drawn == [
        ("feb 2018", 80.0, "månad med signal", "under gränsen"),
        ("mar 2018", 88.0, "månad utan signal", "ingen"),
    ]
    assert {row["linje"]: row["gräns"] for row in values(figure.spec, "-granser")} == {
        "Övre gräns": 91.0,
        "Medel": 88.0,
        "Nedre gräns": 85.0,
    }
    assert "under gränsen" in figure.table_html


def test_signals_are_named_with_month_and_rule_and_calm_series_are_called_calm() -> None:
    assert str(sentences.main_change(series())) == (
        "Signal det senaste året: Asken (mars 2018: över gränsen) och Tallen (februari 2018: under gränsen)."
    )
    calm = protected(SERIES, series_rows("V01", "Asken", {"2018-03": (88.0, None)}))
    assert str(sentences.main_change(calm)).startswith("Ingen vårdenhet har haft en signal")
    for table, caption in ((calm, "Ingen enhet har haft en signal"), (series(), "Visad enhet är den med den tydlig")):
        figure = charts.of(table)
        assert isinstance(figure, charts.Figure)
        assert figure.caption.startswith(caption)


def test_too_few_months_are_not_called_calm() -> None:
    rows = [row for row in series_rows("V01", "Asken", {"2018-03": (88.0, None)}) if row["column"] == "value"]
    table = protected(SERIES, rows)
    assert "för få" in str(sentences.main_change(table))
    figure = charts.of(table)
    assert isinstance(figure, charts.Figure)
    assert figure.caption.startswith("Månaderna är ännu för få")
    cells = [
        {**unit("V01", "Asken"), "column": "same_day", "text": "för få månader"},
        {**unit("V02", "Björken"), "column": "same_day", "text": "ingen signal"},
    ]
    assert str(sentences.main_change(protected("care_unit_signals", cells[:1]))).startswith("Månaderna är ännu för få")
    assert str(sentences.main_change(protected("care_unit_signals", cells))).startswith("0 av 1 serier")


def test_the_same_data_give_the_same_bytes() -> None:
    for make in (funnel, series):
        first, second = charts.of(make()), charts.of(make())
        assert isinstance(first, charts.Figure)
        assert isinstance(second, charts.Figure)
        assert first.html == second.html


def overview() -> ProtectedTable:
    rows: list[dict[str, object]] = [
        {**unit("V01", "Asken"), "column": "doctor", "value": 55.0},
        {**unit("V02", "Björken"), "column": "doctor", "value": 54.99},
        {**unit("V09", "Boken"), "column": "doctor", "value": 99.0, "n": 2},
        {**unit("", "Alla"), "column": "doctor", "value": 54.995},
        {**unit("target", "Mål"), "row_type": "total", "column": "doctor", "value": 55.0, "text": "minst 55 %", "n": 0},
        {**unit("", "Alla"), "column": "coverage", "value": 61.0},
        {**unit("target", "Mål"), "row_type": "total", "column": "coverage", "text": "ska öka", "n": 0},
    ]
    return protected("care_unit_overview", rows)


def test_units_are_counted_against_the_target_by_unrounded_shares_and_hidden_ones_not_at_all() -> None:
    assert str(sentences.main_change(overview())) == (
        "Så många av vårdenheterna når målet: fast läkarkontakt 1 av 2. Enheter vars andel inte får visas räknas inte."
    )
    figures = {figure.label: figure for figure in key_figures.care_units({"care_unit_overview": overview()}).figures}
    doctor, coverage = figures["Fast läkarkontakt"], figures["Besök på primärvårdsnivå"]
    assert (doctor.value, doctor.comparison) == (f"55,0{HARD}%", "Mål minst 55 %, nås av 1 av 2 enheter")
    assert (coverage.value, coverage.comparison) == (f"61,0{HARD}%", "Målet: andelen ska öka")
    assert figures["Kontakt samma dag"].value == "–"


def test_costs_name_the_highest_and_lowest_index() -> None:
    rows = [
        {**unit(code, label), "column": column, "value": value}
        for code, label, value in (("V01", "Asken (offentlig)", 118.4), ("V08", "Tallen (privat)", 95.5))
        for column in ("medicine_index",)
    ]
    assert str(sentences.main_change(protected("care_unit_costs", rows))) == (
        "Läkemedel per listad kostar mest i förhållande till åldern vid Asken (index 118) och minst vid Tallen (96)."
    )


def test_the_largest_changes_of_shares_are_named_with_their_unit() -> None:
    rows = [
        {"share": share, "share_label": label, **unit("V01", "Asken (offentlig)"), "column": "change", "value": value}
        for share, label, value in (
            ("doctor", "Fast läkarkontakt", 2.06),
            ("coverage", "Besök på primärvårdsnivå", -1.5),
        )
    ]
    assert str(sentences.main_change(protected("care_unit_shares", rows))) == (
        f"Mest har fast läkarkontakt ökat vid Asken (2,1{HARD}procentenheter), och mest har besök på primärvårdsnivå "
        f"minskat vid Asken (1,5{HARD}procentenheter)."
    )


def test_a_funnel_has_no_layer_without_data_and_names_its_lines_in_the_legend() -> None:
    """An empty layer makes Vega warn in the reader's browser; names beside the lines would cross them."""
    calm = protected(
        FUNNEL,
        [
            *funnel_rows("V01", "Asken", 75.0, "inom gränserna"),
            {**unit("", "Alla"), "column": "share", "value": 75.0},
        ],
    )
    for table, layers in ((calm, ["line", "point"]), (funnel(), ["line", "text", "point", "text"])):
        figure = charts.of(table)
        assert isinstance(figure, charts.Figure)
        assert [layer["mark"]["type"] for layer in figure.spec["layer"]] == layers
        scale = figure.spec["layer"][0]["encoding"]["strokeDash"]["scale"]
        assert scale["domain"] == ["gruppens andel", "95\u00a0%-gräns", "99,8\u00a0%-gräns"]
        assert len({json.dumps(dash) for dash in scale["range"]}) == 3


def test_limits_at_a_hundred_per_cent_are_not_drawn_above_it() -> None:
    rows = funnel_rows("V01", "Asken", 99.0, "inom gränserna")
    rows = [{**row, "value": 100.0} if row["column"] in ("high_95", "high_998") else row for row in rows]
    figure = charts.of(protected(FUNNEL, [*rows, {**unit("", "Alla"), "column": "share", "value": 99.0}]))
    assert isinstance(figure, charts.Figure)
    assert figure.spec["layer"][0]["encoding"]["y"]["scale"]["domainMax"] == 100
