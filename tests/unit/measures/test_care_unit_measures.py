"""Shares, funnels, series, care plans and costs of small care units, against values computed by hand."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from measure_frames import care_unit, cells, data, months, scope

from analytics.disclosure import protect
from analytics.errors import MissingDataError
from analytics.measures import registry
from analytics.measures.care_units.counts import smallest_told
from analytics.measures.catalogue import MeasureTable
from analytics.sentences import main_change

QUARTER = months("2018-01", "2018-03")
BEFORE = months("2017-01", "2017-03")
ALL = months("2016-01", "2018-03")


def table(table_id: str, *rows: list[dict[str, object]]) -> MeasureTable:
    return registry.compute(table_id, data(care_units=[row for part in rows for row in part]), scope())


def test_events_are_summed_from_january_and_persons_counted_as_they_stand() -> None:
    rows = [
        *care_unit("V01", periods=QUARTER[:2], contacts=100.0, contacts_same_day=50.0, doctor=100.0),
        *care_unit("V01", periods=QUARTER[2:], contacts=300.0, contacts_same_day=290.0, doctor=540.0),
    ]
    values = cells(table("care_unit_shares", rows), "share", "care_unit", "column")
    assert values["same_day", "V01", "numerator"] == 390
    assert values["same_day", "V01", "denominator"] == 500
    assert values["same_day", "V01", "share"] == pytest.approx(78.0)
    assert values["doctor", "V01", "numerator"] == 540
    assert values["doctor", "V01", "share"] == pytest.approx(54.0)


@pytest.mark.parametrize(
    ("quantities", "share", "met"),
    [
        # The target of 80 % is reached by exactly 80 %, and by no share that only prints as 80,0 %.
        ({"diabetes": 50.0, "diabetes_register": 40.0}, "diabetes", "ja"),
        ({"listed": 10_000.0, "diabetes": 5000.0, "diabetes_register": 3999.0}, "diabetes", "nej"),
        ({"listed_75": 100.0, "vaccinated_75": 75.0}, "vaccinated", "ja"),
        ({"nursing_home": 20.0, "nursing_home_doctor": 15.0}, "nursing_home", "nej"),
        ({"listed": 1000.0, "doctor": 550.0}, "doctor", "ja"),
        ({"contacts": 400.0, "contacts_same_day": 400.0}, "same_day", "ja"),
        ({"contacts": 40_000.0, "contacts_same_day": 39_999.0}, "same_day", "nej"),
    ],
)
def test_targets_are_those_of_the_follow_up_and_judged_on_exact_shares(
    quantities: dict[str, float], share: str, met: str
) -> None:
    made = table("care_unit_shares", care_unit("V01", periods=QUARTER, **quantities))
    assert cells(made, "share", "care_unit", "column", column="text")[share, "V01", "met"] == met


def test_a_share_that_shall_rise_is_judged_against_the_year_before() -> None:
    before = care_unit("V01", periods=BEFORE, visits_primary=180.0, visits_all=300.0)
    same = table("care_unit_shares", before, care_unit("V01", periods=QUARTER))
    more = table("care_unit_shares", before, care_unit("V01", periods=QUARTER, visits_primary=181.0))
    key = ("coverage", "V01", "met")
    assert cells(same, "share", "care_unit", "column", column="text")[key] == "nej"
    assert cells(more, "share", "care_unit", "column", column="text")[key] == "ja"
    alone = table("care_unit_shares", care_unit("V01", periods=QUARTER))
    assert cells(alone, "share", "care_unit", "column", column="text")[key] is None
    assert cells(more, "share", "care_unit", "column")["coverage", "V01", "change"] == pytest.approx(1 / 3)


def test_the_smallest_group_behind_a_share_decides_what_may_be_shown() -> None:
    made = table("care_unit_shares", care_unit("V01", periods=QUARTER, nursing_home=20.0, nursing_home_doctor=17.0))
    n = cells(made, "share", "care_unit", "column", column="n")
    # Three are left over, and that is what the share would tell; the denominator is about twenty.
    assert n["nursing_home", "V01", "share"] == n["nursing_home", "V01", "numerator"] == 3
    assert n["nursing_home", "V01", "denominator"] == 20
    shown = protect(made, scope().settings.disclosure.public, "..").frame
    status = {(row["share"], row["column"]): row["status"] for row in shown.iter_rows(named=True) if row["care_unit"]}
    assert status["nursing_home", "share"] == status["nursing_home", "met"] == "suppressed"
    assert status["nursing_home", "denominator"] == "ok"


def test_a_hidden_unit_is_in_no_sum_that_would_give_it_away() -> None:
    rows = [
        care_unit("V01", periods=QUARTER, nursing_home=60.0, nursing_home_doctor=45.0),
        care_unit("V02", periods=QUARTER, nursing_home=40.0, nursing_home_doctor=35.0),
        care_unit("V07", periods=QUARTER, nursing_home=7.0, nursing_home_doctor=5.0),
    ]
    shares = cells(table("care_unit_shares", *rows), "share", "care_unit", "column")
    assert shares["nursing_home", "", "denominator"] == 100
    assert shares["nursing_home", "", "share"] == pytest.approx(80.0)
    overview = cells(table("care_unit_overview", *rows), "care_unit", "column")
    assert overview["", "nursing_home"] == pytest.approx(80.0)
    funnel = cells(table("care_unit_funnel_nursing_home", *rows), "care_unit", "column")
    assert funnel["", "share"] == pytest.approx(80.0)


def test_a_unit_with_nobody_in_the_denominator_has_no_share() -> None:
    rows = care_unit("V01", periods=QUARTER, nursing_home=0.0, nursing_home_doctor=0.0)
    made = cells(table("care_unit_overview", rows), "care_unit", "column")
    assert made["V01", "nursing_home"] is None
    assert table("care_unit_funnel_nursing_home", rows).frame.is_empty()


def test_public_and_private_units_stand_alike_with_who_runs_them_and_the_targets_last() -> None:
    rows = [care_unit("V08", periods=QUARTER, ownership="private"), care_unit("V01", periods=QUARTER)]
    made = table("care_unit_overview", *rows).frame
    labels = made["care_unit_label"].unique(maintain_order=True).to_list()
    assert labels == ["Vårdcentral Asken (offentlig)", "Läkarhuset Tallen (privat)", "Alla jämförda enheter", "Mål"]
    texts = {row["column"]: row["text"] for row in made.iter_rows(named=True) if row["care_unit"] == "target"}
    hard = "\u00a0"
    assert texts == {
        "same_day": f"minst 100{hard}%",
        "assessed": f"minst 100{hard}%",
        "doctor": f"minst 55{hard}%",
        "nursing_home": f"minst 80{hard}%",
        "vaccinated": f"minst 75{hard}%",
        "diabetes": f"minst 80{hard}%",
        "coverage": "ska öka",
    }


def test_a_month_that_is_missing_stops_the_table_and_a_new_unit_does_not() -> None:
    with pytest.raises(MissingDataError, match="2018-02"):
        table("care_unit_shares", care_unit("V01", periods=["2018-01", "2018-03"]))
    rows = [care_unit("V01", periods=QUARTER), care_unit("V12", periods=["2018-03"], ownership="private")]
    made = cells(table("care_unit_overview", *rows), "care_unit", "column")
    assert made["V12", "same_day"] == pytest.approx(90.0)


def test_a_unit_that_the_register_does_not_know_stops_the_table() -> None:
    with pytest.raises(MissingDataError, match="V99"):
        table("care_unit_overview", care_unit("V99", periods=QUARTER))


def test_funnel_places_units_by_exact_limits_around_the_group() -> None:
    """The group has 200 of 400; of 100 and a half chance 40–60 is within 95 %, and 35–65 within 99,8 %."""
    counted = {"V01": 52.0, "V02": 51.0, "V03": 36.0, "V08": 61.0}
    rows = [
        care_unit(unit, periods=QUARTER, nursing_home=100.0, nursing_home_doctor=count)
        for unit, count in counted.items()
    ]
    made = table("care_unit_funnel_nursing_home", *rows)
    values, texts = (cells(made, "care_unit", "column", column=column) for column in ("value", "text"))
    assert values["", "share"] == pytest.approx(50.0)
    assert (values["V01", "low_95"], values["V01", "high_95"]) == (40, 60)
    assert (values["V01", "low_998"], values["V01", "high_998"]) == (35, 65)
    assert [texts[unit, "place"] for unit in counted] == [
        "inom gränserna",
        "inom gränserna",
        "under 95\u00a0%-gränsen",
        "över 95\u00a0%-gränsen",
    ]


def test_a_funnel_says_when_its_limits_are_widened() -> None:
    counted = [30, 35, 40, 45, 48, 52, 55, 60, 65, 70]
    rows = [
        care_unit(f"V{number:02d}", periods=QUARTER, nursing_home=100.0, nursing_home_doctor=float(count))
        for number, count in enumerate(counted, start=1)
    ]
    made = table("care_unit_funnel_nursing_home", *rows)
    # Standard scores 3 3 2 1 0,4 and the same upwards, the outermost pulled in to 3: mean square 4,632, root 2,152.
    assert any("vidgade 2,2 gånger" in note for note in made.notes)
    half = 1.959964 * 5 * 4.632**0.5
    assert cells(made, "care_unit", "column")["V01", "low_95"] == pytest.approx(50 - half, abs=1e-3)


def test_series_take_their_limits_from_the_months_before_the_last_year() -> None:
    ordinary = [
        row
        for place, month in enumerate(ALL)
        for row in care_unit("V01", periods=[month], contacts_same_day=360.0 + 4 * (place % 2))
    ]
    changed = ("2018-03", "contacts_same_day")
    late = [row | {"value": 300.0} if (row["period"], row["quantity"]) == changed else row for row in ordinary]
    made = table("care_unit_series_same_day", late)
    values, texts = (cells(made, "period", "care_unit", "column", column=column) for column in ("value", "text"))
    # 90 and 91 % in turn over fifteen months that begin with 90; every move is one percentage point.
    centre, sigma = 90 + 7 / 15, 1 / 1.128
    assert values["2018-03", "V01", "centre"] == pytest.approx(centre)
    assert values["2018-03", "V01", "low"] == pytest.approx(centre - 3 * sigma)
    assert values["2018-03", "V01", "value"] == pytest.approx(75.0)
    assert texts["2018-03", "V01", "signal"] == "under gränsen"
    assert texts["2018-02", "V01", "signal"] is None
    signals = cells(table("care_unit_signals", late), "care_unit", "column", column="text")
    assert signals["V01", "same_day"] == "mars 2018: under gränsen"
    assert signals["V01", "assessed"] == "ingen signal"


def test_a_series_is_hidden_whole_when_one_month_is_small() -> None:
    rows = [
        *care_unit("V01", periods=ALL[:-1]),
        *care_unit("V01", periods=ALL[-1:], assessments=100.0, assessments_3_days=98.0),
    ]
    made = table("care_unit_series_assessed", rows)
    assert set(made.frame["n"]) == {2}
    shown = protect(made, scope().settings.disclosure.public, "..").frame
    assert set(shown["status"]) == {"suppressed"}
    hidden = protect(table("care_unit_signals", rows), scope().settings.disclosure.public, "..").frame
    status = dict(hidden.select("column", "status").rows())
    assert status == {"same_day": "ok", "assessed": "suppressed", "coverage": "ok"}


def test_too_few_months_give_no_limits() -> None:
    made = table("care_unit_signals", care_unit("V01", periods=months("2017-05", "2018-03")))
    assert set(cells(made, "care_unit", "column", column="text").values()) == {"för få månader"}


def test_costs_are_compared_with_what_units_of_the_same_ages_cost() -> None:
    """Weights 1 / 2,4 / 3,4: V01 has 800 + 100 · 2,4 + 100 · 3,4 = 1 380, V02 600 + 200 · 2,4 + 200 · 3,4 = 1 760."""
    made = table(
        "care_unit_costs",
        care_unit("V01", periods=QUARTER),
        care_unit("V02", periods=QUARTER, listed_65=400.0, listed_75=200.0),
    )
    values = cells(made, "care_unit", "column")
    rate = 160_000 / (1380 + 1760)
    assert values["V01", "medicine"] == pytest.approx(240.0)
    assert values["V01", "medicine_expected"] == pytest.approx(3 * rate * 1.380)
    assert values["V02", "medicine_expected"] == pytest.approx(3 * rate * 1.760)
    assert values["V01", "medicine_index"] == pytest.approx(80_000 / (rate * 1380) * 100)
    assert values["V02", "medicine_index"] == pytest.approx(80_000 / (rate * 1760) * 100)
    assert values["", "medicine"] == pytest.approx(240.0)
    assert cells(made, "care_unit", "column", column="n")["V01", "medicine"] == 1000
    # What is expected of all together is what they cost together.
    assert values["V01", "medicine_expected"] + values["V02", "medicine_expected"] == pytest.approx(480.0)


def test_a_unit_with_few_listed_is_in_no_comparison_of_costs() -> None:
    alone = cells(table("care_unit_costs", care_unit("V01", periods=QUARTER)), "care_unit", "column")
    few = {"listed": 4.0, "listed_65": 1.0, "listed_75": 0.0, "medicine_cost": 900_000.0}
    made = table("care_unit_costs", care_unit("V01", periods=QUARTER), care_unit("V07", periods=QUARTER, **few))
    values = cells(made, "care_unit", "column")
    assert {key: value for key, value in values.items() if key[0] != "V07"} == alone
    shown = protect(made, scope().settings.disclosure.public, "..").frame
    assert set(shown.filter(shown["care_unit"] == "V07")["status"]) == {"suppressed"}


def test_care_plans_are_counted_against_the_year_before_without_a_sum() -> None:
    made = table(
        "care_unit_care_plans",
        care_unit("V01", periods=BEFORE, care_plans=5.0),
        care_unit("V01", periods=QUARTER, care_plans=7.0),
        care_unit("V12", periods=QUARTER, ownership="private", care_plans=1.0),
    )
    values = cells(made, "care_unit", "column")
    assert (values["V01", "previous"], values["V01", "current"], values["V01", "change"]) == (15, 21, 6)
    assert (values["V12", "current"], values["V12", "previous"], values["V12", "change"]) == (3, None, None)
    assert "" not in made.frame["care_unit"].to_list()
    shown = protect(made, scope().settings.disclosure.public, "..").frame
    hidden = shown.filter(shown["status"] == "suppressed").select("care_unit", "column").rows()
    assert hidden == [("V12", "current"), ("V12", "change")]


def statuses(made: MeasureTable, *keys: str) -> dict[object, object]:
    shown = protect(made, scope().settings.disclosure.public, "..").frame
    return {row[:-1]: row[-1] for row in shown.select(*keys, "status").rows()}


def test_a_small_month_cannot_be_worked_out_from_the_report_before() -> None:
    """Eight in January, four in February, one in March: February's report would tell four, and so may not stand."""
    rows = [
        row
        for month, count in zip(QUARTER, (8.0, 4.0, 1.0), strict=True)
        for row in care_unit("V01", periods=[month], care_plans=count)
    ]
    n = [registry.compute("care_unit_care_plans", data(care_units=rows), scope(month)) for month in QUARTER]
    found = [(cells(each, "column")["current"], cells(each, "column", column="n")["current"]) for each in n]
    # March shows thirteen: it adds five to the eight that January has shown.
    assert found == [(8, 8), (12, 4), (13, 5)]


def test_a_small_group_left_over_in_one_month_cannot_be_worked_out_either() -> None:
    rows = [
        row
        for month, count in zip(QUARTER, (90.0, 97.0, 99.0), strict=True)
        for row in care_unit("V01", periods=[month], assessments_3_days=count)
    ]
    made = table("care_unit_shares", rows)
    n = cells(made, "share", "care_unit", "column", column="n")
    # Ten were left over in January, and three and one since: only January's report may be had.
    assert n["assessed", "V01", "share"] == 4
    assert statuses(made, "share", "care_unit", "column")["assessed", "V01", "numerator"] == "suppressed"
    assert ("assessed", "", "share") not in cells(made, "share", "care_unit", "column")


@pytest.mark.parametrize(
    ("monthly", "limits", "told"),
    [
        ([(5.0,)], (5,), 5),
        ([(4.0,)], (5,), 4),
        ([(0.0,)], (5,), 0),
        ([(4.0,), (4.0,)], (5,), 8),
        ([(6.0,), (4.0,)], (5,), 4),
        ([(6.0,), (0.0,)], (5,), 0),
        ([(6.0,), (4.0,), (1.0,)], (5,), 5),
        ([(60.0, 6.0), (60.0, 2.0)], (5,), 2),
        # Readers of the internal report have seen four, those of the public one have not: neither may subtract.
        ([(4.0,), (0.0,)], (5, 3), 4),
        ([(3.0,), (2.0,)], (5, 3), 2),
        ([], (5,), 0),
    ],
)
def test_what_a_sum_tells_is_what_it_adds_to_the_last_sum_shown(
    monthly: list[tuple[float, ...]], limits: tuple[int, ...], told: int
) -> None:
    assert smallest_told(monthly, limits) == told


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=12), st.integers(2, 8))
def test_no_two_shown_sums_differ_by_a_small_group(monthly: list[tuple[int, int]], limit: int) -> None:
    counted = [(float(one), float(other)) for one, other in monthly]
    shown = [(0, 0)]
    for month in range(1, len(counted) + 1):
        if not 0 < smallest_told(counted[:month], (limit,)) < limit:
            one, other = (sum(int(pair[place]) for pair in counted[:month]) for place in (0, 1))
            shown.append((one, other))
    steps = [later[place] - earlier[place] for earlier, later in combinations(shown, 2) for place in (0, 1)]
    assert all(step == 0 or step >= limit for step in steps)


def test_the_change_of_all_units_is_not_one_of_who_is_counted() -> None:
    def units(periods: list[str], second: float) -> list[dict[str, object]]:
        return [
            *care_unit("V01", periods=periods, nursing_home=60.0, nursing_home_doctor=45.0),
            *care_unit("V02", periods=periods, nursing_home=40.0, nursing_home_doctor=second),
        ]

    alike = cells(table("care_unit_shares", units(BEFORE, 30.0), units(QUARTER, 35.0)), "share", "care_unit", "column")
    assert alike["nursing_home", "", "change"] == pytest.approx(5.0)
    # Two are left over at V02 the year before, so it is not among those compared then.
    other = cells(table("care_unit_shares", units(BEFORE, 38.0), units(QUARTER, 35.0)), "share", "care_unit", "column")
    assert other["nursing_home", "", "share"] == pytest.approx(80.0)
    assert other["nursing_home", "", "previous"] is None
    assert other["nursing_home", "", "change"] is None


def test_two_costs_do_not_tell_how_many_of_an_age_a_unit_has() -> None:
    """Three of a hundred are 75 or older; both comparable costs together would give that number."""
    few = {"listed": 100.0, "listed_65": 30.0, "listed_75": 3.0, "vaccinated_75": 2.0}
    rows = [care_unit("V01", periods=QUARTER), care_unit("V02", periods=QUARTER)]
    made = table("care_unit_costs", *rows, care_unit("V07", periods=QUARTER, **few))
    status = statuses(made, "care_unit", "column")
    hidden = {column for (unit, column), found in status.items() if unit == "V07" and found == "suppressed"}
    assert hidden == {"medicine_expected", "medicine_index", "service_expected", "service_index"}
    alone = cells(table("care_unit_costs", *rows), "care_unit", "column")
    with_it = cells(made, "care_unit", "column")
    assert {key: value for key, value in with_it.items() if key[0] != "V07"} == alone
    assert with_it["V07", "medicine"] == pytest.approx(2400.0)


def test_months_that_are_missing_are_said_and_not_jumped_over() -> None:
    """Six falling months with one of them missing are no six in a row."""
    months_of = [month for month in ALL if month != "2017-12"]
    falling = dict(zip(["2017-10", "2017-11", "2018-01", "2018-02", "2018-03"], range(359, 349, -2), strict=True))
    rows = [
        row
        for place, month in enumerate(months_of)
        for row in care_unit("V01", periods=[month], contacts_same_day=float(falling.get(month, 360 + place % 2)))
    ]
    made = table("care_unit_series_same_day", rows)
    assert any("december 2017" in note for note in made.notes)
    texts = cells(made, "period", "care_unit", "column", column="text")
    assert "sex i rad" not in str(texts["2018-03", "V01", "signal"])
    assert any("december 2017" in note for note in table("care_unit_signals", rows).notes)
    whole = table("care_unit_series_same_day", care_unit("V01", periods=ALL))
    assert not any("saknas" in note for note in whole.notes)


def test_registers_stand_month_by_month_beside_the_year_before_and_small_ones_are_hidden() -> None:
    rows = [
        *care_unit("V01", periods=ALL[:-1]),
        *care_unit("V01", periods=ALL[-1:], doctor=600.0, diabetes_register=47.0),
        *care_unit("V12", periods=QUARTER, ownership="private"),
    ]
    made = table("care_unit_registers", rows)
    assert made.headings["year_ago"] == "mars 2017"
    assert (made.headings["before_5"], made.headings["now"]) == ("oktober 2017", "mars 2018")
    values = cells(made, "share", "care_unit", "column")
    assert [values["doctor", "V01", column] for column in ("year_ago", "before_1", "now")] == pytest.approx(
        [55, 55, 60]
    )
    assert values["doctor", "V12", "year_ago"] is None
    assert values["doctor", "V12", "before_2"] == pytest.approx(55.0)
    assert {share for share, _, _ in values} == {"doctor", "nursing_home", "vaccinated", "diabetes"}
    status = statuses(made, "share", "care_unit", "column")
    # Three with diabetes are not in the register in March.
    assert status["diabetes", "V01", "now"] == "suppressed"
    assert status["diabetes", "V01", "before_1"] == "ok"


def test_the_sentence_of_the_registers_counts_rises_and_falls_as_they_are_printed() -> None:
    rows = [
        *care_unit("V01", periods=ALL[:-1]),
        *care_unit("V01", periods=ALL[-1:], doctor=600.0),
        *care_unit("V02", periods=ALL[:-1], listed=100_000.0, doctor=55_000.0),
        *care_unit("V02", periods=ALL[-1:], listed=100_000.0, doctor=55_001.0),
    ]
    shown = protect(table("care_unit_registers", rows), scope().settings.disclosure.public, "..")
    assert "fast läkarkontakt har ökat vid 1 och minskat vid 0 av 2 enheter" in str(main_change(shown)).lower()
