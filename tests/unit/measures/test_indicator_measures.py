"""Status, history and comparison of indicators, from outcomes by hand and the register of the repository."""

from __future__ import annotations

import dataclasses
import shutil

import pytest
from measure_frames import budget, cells, data, months, posting, scope

from analytics import sentences, tables
from analytics.charts import targets
from analytics.disclosure import ProtectedTable, protect
from analytics.errors import SettingsError
from analytics.measures import registry
from analytics.measures.catalogue import MeasureTable
from analytics.reference import Reference


def outcome(indicator: str, period: str, value: float | None = None, unit: str = "17", **more: object):
    return {
        "period": period,
        "source": "stratsys",
        "indicator": indicator,
        "indicator_label": "",
        "administration": unit,
        "observed_unit": unit,
        "observed_label": f"Enhet {unit}",
        "sex": "T",
        "value": value,
        **more,
    }


def of(table_id: str, *rows: dict[str, object], period: str = "2018-03", unit: str = "17") -> MeasureTable:
    return registry.compute(table_id, data(indicators=list(rows)), scope(period, unit))


def shown(table: MeasureTable) -> ProtectedTable:
    limits = scope().settings.disclosure
    return protect(table, limits.public, limits.mark)


def texts(table: MeasureTable, column: str) -> dict[str, str]:
    rows = table.frame.filter(table.frame["column"] == column)
    return dict(rows.select("indicator", "text").rows())


def test_every_indicator_of_the_plan_in_force_is_listed_under_its_goal_area() -> None:
    table = of("indicator_status", outcome("2018-08", "2018-03", 10.0))
    codes = table.frame["indicator"].unique(maintain_order=True).to_list()
    assert [code for code in codes if code.startswith("area")] == ["area-1", "area-2", "area-3", "area-4"]
    assert len([code for code in codes if code.startswith("2018-")]) == 22
    assert codes[:4] == ["area-1", "goal-1", "2018-01", "2018-02"]
    headings = table.frame.filter(table.frame["level"] == 2)["indicator_label"].unique(maintain_order=True).to_list()
    assert headings[:2] == [
        "3.1 God tillgänglighet till besök och behandling",
        "3.2 Bättre folkhälsa avspeglas i en ökad jämlik hälsa",
    ]
    assert len(headings) == 11
    assert table.notes[0] == "Plan: Verksamhetsplan 2018. Indelning: målområde."
    assert texts(table, "status")["area-1"] == "1 av 9 uppfyllda"


@pytest.mark.parametrize(
    ("value", "status"),
    [(10.0, "● Uppfyllt"), (5.0, "◐ På väg"), (2.0, "○ Ej uppfyllt"), (None, "– Ej mätt")],
)
def test_status_follows_rule_outcome_and_trend(value: float | None, status: str) -> None:
    # Target 10, started at 2 (year not said): the first observation of the year is where the line starts.
    table = of("indicator_status", outcome("2018-08", "2018-01", 2.0), outcome("2018-08", "2018-03", value))
    if value is None:
        table = of("indicator_status", outcome("2018-08", "2018-03"))
    assert texts(table, "status")["2018-08"] == status
    assert "minst 10" in texts(table, "reason")["2018-08"]


def test_a_target_that_is_not_printed_is_blank_and_not_the_name() -> None:
    table = of("indicator_status", outcome("2015-38", "2016-12", 50.0), period="2016-12")
    assert texts(table, "target")["2015-05"] == ""
    assert texts(table, "target")["2015-38"] == "100 %"


def test_an_answer_in_words_is_compared_with_the_state_of_the_plan() -> None:
    table = of("indicator_status", outcome("2018-11", "2018-03", state="infört"))
    assert texts(table, "status")["2018-11"] == "● Uppfyllt"
    assert texts(table, "outcome")["2018-11"] == "Infört, mars 2018"


def test_an_outcome_from_before_the_plan_is_where_it_started_and_no_outcome() -> None:
    table = of("indicator_status", outcome("2018-16", "2017-12", 57.9))
    assert texts(table, "status")["2018-16"] == "– Ej mätt"
    assert texts(table, "outcome")["2018-16"] == ""


def test_a_yearly_indicator_is_not_missing_in_march() -> None:
    table = of("indicator_status", outcome("2015-38", "2015-12", 45.0), period="2016-03")
    said = texts(table, "reason")["2015-39"]
    assert "Mäts nästa gång i december 2016" in said


def test_the_units_own_words_stand_beside_and_decide_nothing() -> None:
    table = of("indicator_status", outcome("2018-09", "2018-03", forecast="Målet förväntas kunna uppnås."))
    assert texts(table, "own")["2018-09"] == "Målet förväntas kunna uppnås."
    assert texts(table, "status")["2018-09"] == "– Ej mätt"


def test_a_persons_judgement_stands_beside_the_computed_one_and_counts(tmp_path) -> None:
    place = scope()
    shutil.copytree(place.reference.folder, tmp_path / "reference")
    (tmp_path / "reference/indicator_judgements.csv").write_text(
        "indicator;administration;period;status;role;date;reason\n"
        "2018-08;17;2018-03;Uppfyllt;Controller;2018-04-10;Tionde enheten började i april.\n",
        encoding="utf-8",
    )
    held = data(indicators=[outcome("2018-08", "2018-03", 9.0)])
    own = dataclasses.replace(place, reference=Reference(tmp_path / "reference"))
    table = registry.compute("indicator_status", held, own)
    assert texts(table, "status")["2018-08"] == "○ Ej uppfyllt"
    assert texts(table, "person")["2018-08"] == (
        "● Uppfyllt. Tionde enheten började i april. Controller, 10 april 2018"
    )
    overview = registry.compute("indicator_overview", held, own)
    assert cells(overview, "row_type", "column")["total", "met"] == 1.0
    assert any("En indikator räknas efter en persons bedömning" in note for note in overview.notes)


def with_judgement(tmp_path, row: str):
    place = scope()
    shutil.copytree(place.reference.folder, tmp_path / "reference")
    (tmp_path / "reference/indicator_judgements.csv").write_text(
        f"indicator;administration;period;status;role;date;reason\n{row}\n", encoding="utf-8"
    )
    return dataclasses.replace(place, reference=Reference(tmp_path / "reference"))


def test_a_judgement_of_what_the_unit_has_not_reported_is_shown_all_the_same(tmp_path) -> None:
    place = with_judgement(tmp_path, "2018-06;20;2018-03;Ej uppfyllt;Controller;2018-04-10;Ingen klassning är gjord.")
    held = data(indicators=[outcome("2018-03", "2018-03", 7.5, unit="20")])
    table = registry.compute("indicator_status", held, dataclasses.replace(place, unit="20"))
    assert texts(table, "status")["2018-06"] == "– Ej mätt"
    assert texts(table, "person")["2018-06"].startswith("○ Ej uppfyllt. Ingen klassning är gjord.")
    said = str(sentences.main_change(shown(table)))
    assert "Ej uppfyllda är ”Andel patienter" in said
    assert "säkerhetsklassats" in said


def test_the_sentence_follows_the_person_and_not_the_rule(tmp_path) -> None:
    place = with_judgement(tmp_path, "2018-08;17;2018-03;Uppfyllt;Controller;2018-04-10;Tionde enheten började.")
    held = data(indicators=[outcome("2018-08", "2018-03", 9.0)])
    table = registry.compute("indicator_status", held, place)
    assert texts(table, "status")["2018-08"] == "○ Ej uppfyllt"
    assert str(sentences.main_change(shown(table))) == "Ingen indikator är bedömd som ej uppfylld."


def year_of_ledger(*more: dict[str, object]) -> list[dict[str, object]]:
    """Pay of one krona a month, with a budget of two."""
    return [*(posting("40110", month, 1) for month in months("2017-01", "2018-03")), *budget("40110", 2), *more]


@pytest.mark.parametrize(
    ("more", "status", "said"),
    [
        ([], "● Uppfyllt", "lika med budget"),
        ([posting("40110", "2018-03", 9000)], "○ Ej uppfyllt", "9\u00a0tkr sämre än budget"),
        (
            [posting("40110", "2018-03", 9000), posting("40110", "2018-03", 24, kind="forecast")],
            "◐ På väg",
            "Helårsprognosen är lika med budget.",
        ),
    ],
)
def test_the_budget_is_judged_by_the_ledger(more: list[dict[str, object]], status: str, said: str) -> None:
    held = data(indicators=[outcome("2018-08", "2018-03", 4.0)], ledger=year_of_ledger(*more))
    table = registry.compute("indicator_status", held, scope())
    assert texts(table, "status")["2018-19"] == status
    assert said in texts(table, "reason")["2018-19"]
    assert texts(table, "outcome")["2018-19"].endswith("budget, mars 2018")
    total = cells(registry.compute("indicator_overview", held, scope()), "row_type", "column")
    # The demonstration has a person's judgement of one more.
    assert total["total", "not_measured"] == 22 - 2 - 1


def test_without_a_ledger_the_budget_is_not_measured() -> None:
    table = of("indicator_status", outcome("2018-08", "2018-03", 4.0))
    assert texts(table, "status")["2018-19"] == "– Ej mätt"
    assert "skulle ha mätts i mars 2018" in texts(table, "reason")["2018-19"]


def test_that_other_units_have_outcomes_is_said_where_the_unit_has_none() -> None:
    table = of(
        "indicator_status",
        outcome("2018-03", "2018-03", forecast="PV 7,5 %"),
        outcome("2018-03", "2018-03", 7.5, unit="20"),
    )
    assert texts(table, "reason")["2018-03"].startswith(
        "Inget utfall är inrapporterat. Andra enheter har rapporterat utfall, se jämförelsen."
    )
    assert "Andra enheter" not in texts(table, "reason")["2018-01"]


def test_reported_as_not_measured_is_not_measured() -> None:
    table = of("indicator_status", outcome("2018-03", "2018-03", unit="30", state="uppföljning saknas"), unit="30")
    assert texts(table, "status")["2018-03"] == "– Ej mätt"
    assert texts(table, "outcome")["2018-03"] == "Uppföljning saknas, mars 2018"


def test_own_words_are_forecast_comment_and_status_with_the_month_they_are_of() -> None:
    table = of(
        "indicator_status",
        outcome(
            "2018-09", "2018-03", forecast="Löper\nenligt plan.", comment="En av två klar.", reported_status="Grön"
        ),
        outcome("2018-10", "2018-02", forecast="Påbörjat."),
    )
    assert texts(table, "own")["2018-09"] == "Löper enligt plan. Kommentar: En av två klar. Egen status: Grön"
    assert texts(table, "own")["2018-10"] == "Påbörjat. (februari 2018)"


def test_a_baseline_is_the_outcome_of_the_same_indicator_in_the_earlier_plan() -> None:
    before = outcome("2018-15", "2018-12", 74.0)
    table = of("indicator_status", before, outcome("2019-11", "2019-12", 73.0), period="2019-12")
    assert texts(table, "status")["2019-11"] == "○ Ej uppfyllt"
    assert "målet minst 74" in texts(table, "reason")["2019-11"]
    # Another indicator of the earlier plan that is only similar says nothing.
    apart = of("indicator_status", outcome("2018-10", "2018-12", 3.0), period="2019-12")
    assert texts(apart, "status")["2019-10"] == "– Ej mätt"


def test_the_overview_counts_every_indicator_once() -> None:
    table = of("indicator_overview", outcome("2018-08", "2018-03", 10.0), outcome("2018-09", "2018-03", 0.0))
    total = cells(table, "row_type", "column")
    assert total["total", "all"] == 22.0
    assert (total["total", "met"], total["total", "not_met"]) == (1.0, 1.0)
    counted = [value for (kind, column), value in total.items() if kind == "total" and column != "all"]
    assert sum(value or 0 for value in counted) == 22.0
    rows = table.frame.filter((table.frame["row_type"] == "row") & (table.frame["column"] == "all"))
    assert rows["value"].sum() == 22.0


def test_a_later_delivery_replaces_an_earlier_one() -> None:
    first = outcome("2018-08", "2018-01", 3.0, delivery="2018-01")
    again = outcome("2018-08", "2018-01", 10.0, delivery="2018-03")
    assert texts(of("indicator_status", again, first), "outcome")["2018-08"] == "10, januari 2018"


def test_later_months_are_not_known_yet() -> None:
    table = of("indicator_status", outcome("2018-08", "2018-04", 10.0), outcome("2018-09", "2018-03", 1.0))
    assert texts(table, "status")["2018-08"] == "– Ej mätt"


def test_history_joins_what_the_crosswalk_calls_the_same_and_draws_the_target() -> None:
    table = of(
        "indicator_history",
        outcome("2015-38", "2016-12", numerator=10.0, denominator=20.0),
        outcome("2018-17", "2017-12", 50.0),
        outcome("2018-08", "2018-03", 4.0),
    )
    rows = table.frame.filter(table.frame["column"] == "outcome").select("indicator", "period", "text", "value", "n")
    assert rows.rows() == [
        ("2018-17", "2016-12", "50\u00a0% (10 av 20)", 50.0, 10),
        ("2018-17", "2017-12", "50\u00a0%", 50.0, 0),
    ]
    aims = table.frame.filter(table.frame["column"] == "target")["text"].to_list()
    # The last stands in the report month, which has no outcome.
    assert aims == ["100\u00a0%"] * 3
    assert "tidigare plans" in table.notes[0]


def test_each_outcome_stands_beside_the_target_of_the_plan_that_was_in_force() -> None:
    table = of(
        "indicator_history",
        outcome("2015-41", "2016-12", 77.0),
        outcome("2018-15", "2017-12", 79.0),
    )
    aims = table.frame.filter(table.frame["column"] == "target").select("period", "text").rows()
    # 80 by the plan of 2015; from 2018 no lower than 2017 was.
    assert aims == [("2016-12", "80"), ("2017-12", "80"), ("2018-03", "79")]
    (figure,) = targets.histories(shown(table)).values()
    assert "målet är 79" in figure.alternative
    assert figure.spec["layer"][0]["encoding"]["x"]["scale"]["domain"][0] == "december 2016"
    assert len(figure.spec["layer"][0]["encoding"]["x"]["scale"]["domain"]) == 16


def test_a_target_that_tells_of_few_persons_is_hidden_with_them() -> None:
    held = [
        outcome("2018-15", "2017-12", numerator=3.0, denominator=20.0),
        outcome("2018-15", "2018-03", 50.0),
    ]
    history = shown(of("indicator_history", *held)).frame
    hidden = history.filter(history["status"] == "suppressed").select("period", "column").rows()
    assert hidden == [("2017-12", "outcome"), ("2018-03", "target")]
    status = shown(of("indicator_status", *held)).frame
    told = status.filter((status["indicator"] == "2018-15") & (status["status"] == "suppressed"))["column"].to_list()
    assert told == ["reason"]
    assert "15\u00a0" not in str(status["text"].to_list())


def test_units_stand_side_by_side_with_their_latest_outcome() -> None:
    table = of(
        "indicator_units",
        outcome("2018-03", "2018-02", 5.0, unit="10"),
        outcome("2018-03", "2018-03", 7.5, unit="20"),
        outcome("2018-03", "2018-03", 2.6, unit="10"),
    )
    rows = table.frame.filter(table.frame["column"] == "outcome").select("observed_unit", "value").rows()
    assert rows == [("10", 2.6), ("20", 7.5)]


def test_kolada_is_named_where_its_figures_stand() -> None:
    regions = [
        outcome("kolada:N1", "2017-12", value, unit=unit, source="kolada", administration="", indicator_label="Andel")
        for unit, value in (("0010", 60.0), ("0000", 58.0))
    ]
    table = of("indicator_units", *regions)
    assert any("Kolada (RKA)" in note for note in table.notes)
    assert table.frame["indicator_label"].unique().to_list() == ["Andel"]
    assert table.frame.filter(table.frame["column"] == "when")["text"].to_list() == ["2017", "2017"]


def test_kolada_shows_women_and_men_and_what_is_missing_after_the_latest() -> None:
    def region(period: str, sex: str, value: float | None, unit: str = "0010", **more: object):
        return outcome(
            "kolada:N1", period, value, unit=unit, source="kolada", administration="", indicator_label="Andel",
            **{"sex": sex, **more},
        )  # fmt: skip

    table = of(
        "indicator_units",
        region("2016-12", "T", 58.25),
        region("2016-12", "K", 60.0),
        region("2016-12", "M", 56.5),
        region("2017-12", "T", None, missing_status="Missing"),
        region("2017-12", "K", 61.0),
        region("2017-12", "T", None, unit="0008", missing_status="Private"),
    )
    rows = {
        (unit, column): (text, value)
        for unit, column, text, value in table.frame.select("observed_unit", "column", "text", "value").rows()
    }
    assert rows == {
        ("0008", "outcome"): ("Saknas", None),
        ("0008", "when"): ("(2017 saknas: Private)", None),
        ("0010", "outcome"): ("58,25", 58.25),
        ("0010", "women"): ("60", 60.0),
        ("0010", "men"): ("56,5", 56.5),
        ("0010", "when"): ("2016 (2017 saknas: Missing)", None),
    }
    html = tables.show(shown(table)).html
    assert "Kvinnor" in html
    assert "Källa: Kolada (RKA)" in html


def test_the_drawing_of_kolada_names_its_source_and_the_years_that_differ() -> None:
    regions = [
        outcome("kolada:N1", period, value, unit=unit, source="kolada", administration="", indicator_label="Andel")
        for unit, period, value in (("0010", "2017-12", 60.0), ("0000", "2016-12", 58.0))
    ]
    (figure,) = targets.comparisons(shown(of("indicator_units", *regions)), unit="17").values()
    assert figure.caption == "Källa: Kolada (RKA)."
    assert {bar["namn"] for bar in figure.spec["data"]["values"]} == {"Enhet 0010, 2017", "Enhet 0000, 2016"}


def test_outcomes_of_one_time_say_it_once() -> None:
    rows = [outcome("2018-05", "2018-03", value, unit=unit) for unit, value in (("17", 3.0), ("20", 4.0))]
    (figure,) = targets.comparisons(shown(of("indicator_units", *rows)), unit="17").values()
    assert figure.caption == "Utfallen är från mars 2018."
    assert {bar["namn"] for bar in figure.spec["data"]["values"]} == {"Enhet 17", "Enhet 20"}


@pytest.mark.parametrize(
    ("values", "domain"), [((-2.0, -4.0), [-5.2, 1.2]), ((3.0, -1.0), [-2.2, 4.2]), ((0.0, 0.0), [0, 0.3])]
)
def test_bars_of_decreases_and_of_nothing_have_room(values: tuple[float, float], domain: list[float]) -> None:
    rows = [outcome("2018-05", "2018-03", value, unit=unit) for unit, value in zip(("17", "20"), values, strict=True)]
    (figure,) = targets.comparisons(shown(of("indicator_units", *rows)), unit="17").values()
    bars, *numbers = figure.spec["layer"]
    assert bars["encoding"]["x"]["scale"]["domain"] == pytest.approx(domain)
    sides = {layer["mark"]["align"] for layer in numbers}
    assert sides == {"right" if value < 0 else "left" for value in values}


def test_a_share_of_few_persons_is_hidden_in_every_cell_that_tells_it() -> None:
    rows = [outcome("2018-17", "2018-03", numerator=3.0, denominator=20.0)]
    table = of("indicator_status", *rows)
    limits = scope().settings.disclosure
    frame = protect(table, limits.public, limits.mark).frame.filter(table.frame["indicator"] == "2018-17")
    hidden = set(frame.filter(frame["status"] == "suppressed")["column"])
    assert hidden == {"outcome", "status", "reason"}
    assert "15" not in str(frame["text"].to_list())


def test_a_unit_without_a_plan_gets_no_rows() -> None:
    assert of("indicator_overview", outcome("2015-38", "2016-12", 50.0, unit="10"), unit="10").frame.is_empty()


def test_the_indicators_of_a_base_unit_are_those_of_its_administration() -> None:
    table = of("indicator_status", outcome("2024-02", "2024-12", state="Ja"), period="2024-12")
    codes = [code for code in table.frame["indicator"].unique(maintain_order=True) if code.startswith("2024-")]
    assert len(codes) == 24
    assert texts(table, "status")["2024-02"] == "● Uppfyllt"
    assert texts(table, "target")["2024-02"].startswith("Vårdenheterna ska vara miljöcertifierade")


def test_an_indicator_that_nobody_answers_for_is_refused(tmp_path) -> None:
    place = scope()
    shutil.copytree(place.reference.folder, tmp_path / "reference")
    file = tmp_path / "reference/indicators.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(";17;002:147", ";71;002:147"), encoding="utf-8")
    astray = dataclasses.replace(place, reference=Reference(tmp_path / "reference"))
    with pytest.raises(SettingsError, match=r"2018-02 is not in organisation\.csv"):
        registry.compute("indicator_status", data(indicators=[outcome("2018-08", "2018-03", 4.0)]), astray)


def test_drawings_hold_the_shown_outcomes_alone() -> None:
    limits = scope().settings.disclosure
    table = of(
        "indicator_history",
        outcome("2018-17", "2017-12", numerator=2.0, denominator=20.0),
        outcome("2018-17", "2018-01", 60.0),
        outcome("2018-17", "2018-03", 70.0),
    )
    (figure,) = targets.histories(protect(table, limits.public, limits.mark)).values()
    drawn = figure.spec["data"]["values"]
    values = [row["text"] for row in drawn if row["serie"] == "Utfall"]
    assert values == ["60\u00a0%", "70\u00a0%"]
    assert "10\u00a0%" not in figure.html
    assert "sekretesskäl" in figure.caption


def test_a_comparison_marks_the_own_unit_and_names_the_time_where_times_differ() -> None:
    limits = scope().settings.disclosure
    rows = [outcome("2018-15", "2017-12", 79.0), outcome("2018-15", "2017-12", 84.0, unit="18")]
    for more, names in (
        ([], {"Enhet 18": "Andra enheter", "Enhet 17": "Förvaltningen"}),
        (
            [outcome("2018-15", "2018-03", 80.0)],
            {
                "Enhet 18, december 2017": "Andra enheter",
                "Enhet 17, mars 2018": "Förvaltningen",
            },
        ),
    ):
        table = protect(of("indicator_units", *rows, *more), limits.public, limits.mark)
        (figure,) = targets.comparisons(table, unit="17").values()
        assert {row["namn"]: row["vem"] for row in figure.spec["data"]["values"]} == names
        # The name of the indicator stands in the heading above; a screen reader hears it with the title.
        assert figure.title == "Jämförelse mellan enheter"
        assert f'<span class="dold">{figure.about}: </span>Jämförelse mellan enheter' in figure.html
