"""Status, history and comparison of indicators, from outcomes by hand and the register of the repository."""

from __future__ import annotations

import dataclasses
import shutil

import pytest
from measure_frames import cells, data, scope

from analytics.charts import targets
from analytics.disclosure import protect
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


def texts(table: MeasureTable, column: str) -> dict[str, str]:
    rows = table.frame.filter(table.frame["column"] == column)
    return dict(rows.select("indicator", "text").rows())


def test_every_indicator_of_the_plan_in_force_is_listed_under_its_goal_area() -> None:
    table = of("indicator_status", outcome("2018-08", "2018-03", 10.0))
    codes = table.frame["indicator"].unique(maintain_order=True).to_list()
    assert [code for code in codes if code.startswith("area")] == ["area-1", "area-2", "area-3", "area-4"]
    assert len([code for code in codes if code.startswith("2018-")]) == 22
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
    assert aims == ["100\u00a0%", "100\u00a0%"]
    assert "tidigare plans" in table.notes[0]


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
