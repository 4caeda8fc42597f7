"""What a reader of the forecast sees: key figures, sentences and the chart of the intervals."""

from __future__ import annotations

from measure_frames import budget, data, months, posting, scope

from analytics import charts, sentences
from analytics.disclosure import ProtectedTable, protect
from analytics.measures import registry
from analytics.sentences import forecast_figures

STEADY = [posting("40110", month, 1_000_000) for month in months("2016-01", "2018-03")]


def shown(table_id: str, *more: dict[str, object], period: str = "2018-03") -> ProtectedTable:
    chosen = scope(period)
    found = registry.compute(table_id, data(ledger=[*STEADY, *more]), chosen)
    return protect(found, chosen.settings.disclosure.public, "..")


def planned(forecast: float) -> list[dict[str, object]]:
    return [*budget("40110", 1_000_000), posting("40110", "2018-03", forecast, kind="forecast")]


def figures(*more: dict[str, object]) -> dict[str, tuple[str, str]]:
    tables = {name: shown(name, *more) for name in forecast_figures.TABLES}
    return {figure.label: (figure.value, figure.comparison) for figure in forecast_figures.figures(tables).figures}


def test_key_figures_of_an_overspend() -> None:
    assert figures(*planned(13_000_000)) == {
        "Egen helårsprognos, nettokostnad": ("13,0\u00a0mnkr", "1,0\u00a0mnkr högre än budget"),
        "Beräknat ur utfallet, nettokostnad": (
            "12,0\u00a0mnkr",
            "Mellan 12,0\u00a0mnkr och 12,0\u00a0mnkr, om beräkningen slår lika fel som i tidigare prov",
        ),
        "Åtgärdsplaner som krävs": ("2", "För personal och nettoresultat, enligt den egna prognosen"),
    }


def test_key_figures_without_a_forecast_of_its_own() -> None:
    found = figures()
    assert found["Egen helårsprognos"] == ("–", "Ingen prognos är lämnad")
    assert found["Åtgärdsplaner som krävs"] == ("–", "Kan inte bedömas utan egen prognos och budget")


def test_the_sentence_says_where_the_own_forecast_lies() -> None:
    for forecast, where in ((11_000_000, "under"), (12_000_000, "inom"), (13_000_000, "över")):
        text = str(sentences.main_change(shown("forecast_interval", *planned(forecast))))
        assert f"ligger {where} intervallet" in text


EARLY = [
    posting("40110", month, 2_000_000 if month[5:] <= "04" else 1_000_000) for month in months("2016-01", "2018-03")
]
"""Every year begins high, so the run rate has been too high in every trial."""


def test_a_forecast_outside_its_interval_says_why() -> None:
    chosen = scope()
    made = registry.compute("forecast_interval", data(ledger=EARLY), chosen)
    table = protect(made, chosen.settings.disclosure.public, "..")
    text = str(sentences.main_change(table))
    assert "på 24,0\u00a0mnkr. Alla tidigare prov gav för hög kostnad; slår den lika fel hamnar helåret mellan" in text
    assert any("utanför intervallet" in note for note in table.notes)
    plans = protect(
        registry.compute("action_plan_required", data(ledger=EARLY), chosen), chosen.settings.disclosure.public, ".."
    )
    figure = forecast_figures.figures({"action_plan_required": plans, "forecast_interval": table}).figures[1]
    assert figure.comparison.startswith("Alla tidigare prov gav för hög kostnad: mellan")


def test_after_december_the_outcome_stands_where_a_forecast_stood() -> None:
    text = str(sentences.main_change(shown("forecast_methods", period="2017-12")))
    assert text.endswith("Utfallet för året är en nettokostnad på 12,0\u00a0mnkr.")
    assert "Året är slut" in str(sentences.main_change(shown("forecast_backtest", period="2017-12")))
    more = [
        *budget("40110", 1_100_000, year=2017),
        posting("40110", "2017-08", 14_000_000, kind="forecast"),
    ]
    text = str(sentences.main_change(shown("action_plan_required", *more, period="2017-12")))
    assert text.endswith("Utfallet är nu känt: nettokostnaden blev 1,2\u00a0mnkr lägre än budget.")
    tables = {name: shown(name, *more, period="2017-12") for name in forecast_figures.TABLES}
    outcome = forecast_figures.figures(tables).figures[1]
    assert (outcome.label, outcome.comparison) == ("Utfall helår, nettokostnad", "Året är slut")


def test_a_single_month_is_said_to_decide_everything() -> None:
    text = str(sentences.main_change(shown("forecast_methods", period="2018-01")))
    assert "Bara en månad av året är känd" in text
    assert "Bara en månad" not in str(sentences.main_change(shown("forecast_methods", period="2018-02")))


def test_the_chart_has_a_span_and_two_marks_for_each_line() -> None:
    figure = charts.of(shown("forecast_interval", *planned(13_000_000)))
    assert isinstance(figure, charts.Figure)
    spans, points = (layer["data"]["values"] for layer in figure.spec["layer"])
    assert {row["namn"] for row in spans} == {"Personal", "TOTALA KOSTNADER", "NETTORESULTAT"}
    assert all((row["lägst"], row["högst"]) == (12_000, 12_000) for row in spans)
    net = {row["serie"]: row["värde"] for row in points if row["namn"] == "NETTORESULTAT"}
    assert net == {"Beräknad prognos": 12_000, "Egen prognos": 13_000}
    assert ">13\u00a0000</td>" in figure.table_html


def test_the_chart_leaves_out_what_the_unit_has_not_given() -> None:
    figure = charts.of(shown("forecast_interval"))
    assert isinstance(figure, charts.Figure)
    assert {row["serie"] for row in figure.spec["layer"][1]["data"]["values"]} == {"Beräknad prognos"}


def test_a_net_income_is_called_so_and_more_of_it_is_more() -> None:
    earned = [posting("33110", month, -2_000_000) for month in months("2016-01", "2018-03")]
    planned_income = [*budget("33110", -2_000_000), posting("33110", "2018-03", -25_000_000, kind="forecast")]
    rows = [*earned, *planned_income, posting("40110", "2018-03", 11_000_000, kind="forecast"), *budget("40110", 1e6)]
    found = figures(*rows)
    assert found["Egen helårsprognos, nettointäkt"] == ("14,0\u00a0mnkr", "2,0\u00a0mnkr högre än budget")
    text = str(sentences.main_change(shown("action_plan_required", *rows)))
    assert text.startswith(
        "Åtgärdsplan krävs inte: i förvaltningens egen prognos ryms varje kontoslag i budgeten, och "
    )
    assert "nettointäkten blir 2,0\u00a0mnkr högre än budget" in text
    methods = str(sentences.main_change(shown("forecast_methods", *rows)))
    assert "är en nettointäkt på 14,0\u00a0mnkr, vilket är 2,0\u00a0mnkr högre än budget" in methods
    assert "Beräknat ur utfallet blir nettointäkten 12,0\u00a0mnkr med rak uppräkning" in methods
