"""The computed methods, their trials and the interval, against figures worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from measure_frames import budget, cells, data, months, posting, scope

from analytics.measures import registry
from analytics.measures.catalogue import MeasureTable
from analytics.measures.forecast.backtest import Case, case, interval, window, years_to_try
from analytics.measures.forecast.methods import METHODS, Limits, compute

WITHIN = Limits(least=0.05)
FLAT = (100,) * 12
EARLY = (200, 200, 200, *((100,) * 9))
"""Three months make 600 of 1 500."""


def test_each_method_by_hand() -> None:
    years = {2016: FLAT, 2017: EARLY, 2018: (150, 150, 150, *((0,) * 9))}
    found = {method: compute(method, years, year=2018, month=3, limits=WITHIN).ore for method in METHODS}
    assert found["run_rate"] == 450 * 4
    assert found["previous_share"] == pytest.approx(450 / 0.4)
    assert found["seasonal"] == pytest.approx(450 / ((0.25 + 0.4) / 2))


@pytest.mark.parametrize(
    ("previous", "reason"),
    [
        (None, "tidigare år saknas"),
        ((0,) * 12, "föregående år är noll"),
        ((10, 10, 10, *((1000,) * 9)), "för liten"),
        ((-10, 0, 0, *((100,) * 9)), "omvänt tecken"),
        ((500, 500, 500, *((-100,) * 9)), "större än hela året"),
    ],
)
def test_a_share_that_would_mislead_gives_a_reason_and_no_figure(previous: tuple[int, ...] | None, reason: str) -> None:
    years = {2018: FLAT} | ({} if previous is None else {2017: previous})
    found = compute("previous_share", years, year=2018, month=3, limits=WITHIN)
    assert found.ore is None
    assert reason in found.reason


@given(
    st.lists(st.integers(-(10**9), 10**9), min_size=12, max_size=12), st.integers(1, 12), st.sampled_from(list(METHODS))
)
def test_a_trial_uses_nothing_that_was_not_known_that_month(later: list[int], month: int, method: str) -> None:
    known = {2015: FLAT, 2016: EARLY}
    whole = {**known, 2017: EARLY}
    changed = {**known, 2017: (*EARLY[:month], *later[month:]), 2018: tuple(later)}
    before = case(whole, method, year=2017, month=month, within=WITHIN)
    after = case(changed, method, year=2017, month=month, within=WITHIN)
    assert before is not None
    assert after is not None
    assert before.forecast == after.forecast


@given(st.integers(1, 12), st.sampled_from(list(METHODS)))
def test_a_year_like_the_ones_before_is_met_exactly(month: int, method: str) -> None:
    years = dict.fromkeys((2015, 2016, 2017), FLAT)
    found = case(years, method, year=2017, month=month, within=WITHIN)
    assert found is not None
    assert found.miss == pytest.approx(0)


def test_what_can_be_tried() -> None:
    assert years_to_try((2016, 2017), "run_rate") == (2016, 2017)
    assert years_to_try((2016, 2017), "previous_share") == (2017,)
    assert years_to_try((2016, 2017), "seasonal") == ()
    assert years_to_try((2014, 2016, 2017), "seasonal") == ()


@pytest.mark.parametrize(
    ("month", "expected"),
    [(1, [1, 2, 3]), (3, [2, 3, 4]), (10, [9, 10, 11]), (11, [9, 10, 11]), (12, [])],
)
def test_the_months_that_an_interval_rests_on(month: int, expected: list[int]) -> None:
    assert list(window(month)) == expected


def trials(*pairs: tuple[float, int]) -> list[Case]:
    return [Case(2016 + place % 2, 3, forecast, outcome) for place, (forecast, outcome) in enumerate(pairs)]


def test_the_interval_is_the_range_of_the_trials_misses() -> None:
    found = interval(1000, trials((110, 100), (80, 100)), least_cases=2, least_years=2)
    assert (found.low, found.high) == pytest.approx((1000 / 1.1, 1250))
    income = interval(-1000, trials((-110, -100), (-80, -100)), least_cases=2, least_years=2)
    assert (income.low, income.high) == pytest.approx((-1250, -1000 / 1.1))


@pytest.mark.parametrize(
    ("forecast", "tried", "reason"),
    [
        (None, trials((1, 1), (1, 1)), "kan inte beräknas"),
        (1000, trials((1, 1)), "för få prov"),
        (1000, [Case(2016, 2, 1, 1), Case(2016, 3, 1, 1)], "bara från 1 år"),
        (1000, trials((1, 1), (-1, 1)), "omvänt tecken"),
        (1000, trials((1, 1), (0, 1)), "omvänt tecken"),
    ],
)
def test_too_little_ground_gives_no_interval(forecast: float | None, tried: list[Case], reason: str) -> None:
    found = interval(forecast, tried, least_cases=2, least_years=2)
    assert found.low is None
    assert found.high is None
    assert reason in found.reason


def rows() -> list[dict[str, object]]:
    """Staff 100 a month in 2016; 200 in the first quarter of 2017, then 100; 150 in 2018. Budget 120, forecast 1 700."""
    return [
        *(posting("40110", month, 100) for month in months("2016-01", "2016-12")),
        *(posting("40110", month, 200 if month <= "2017-03" else 100) for month in months("2017-01", "2017-12")),
        *(posting("40110", month, 150) for month in months("2018-01", "2018-03")),
        *budget("40110", 120),
        posting("40110", "2018-03", 1700, kind="forecast"),
        posting("40110", "2018-03", 99_000, cost_centre="1771", is_project=True),
    ]


def table(table_id: str, *, period: str = "2018-03", ledger: list[dict[str, object]] | None = None) -> MeasureTable:
    return registry.compute(table_id, data(ledger=ledger or rows()), scope(period))


def test_the_methods_side_by_side_without_projects() -> None:
    values = cells(table("forecast_methods"), "report_line", "column")
    for line in ("staff", "staff_employees", "total_cost", "net"):
        assert values[line, "own"] == 1700.0
        assert values[line, "run_rate"] == 1800.0
        assert values[line, "previous_share"] == pytest.approx(1125.0)
        assert values[line, "seasonal"] == pytest.approx(450 / 0.325)
        assert values[line, "budget"] == 1440.0
    assert values["operations_travel", "run_rate"] == 0.0
    assert values["operations_travel", "previous_share"] is None


def test_without_a_forecast_of_its_own_the_unit_has_none() -> None:
    values = cells(
        table("forecast_methods", ledger=[row for row in rows() if row.get("kind") != "forecast"]),
        "report_line",
        "column",
    )
    assert values["net", "own"] is None
    assert values["net", "run_rate"] == 1800.0


def test_the_back_test_says_how_far_each_method_missed() -> None:
    found = table("forecast_backtest")
    values = cells(found, "report_line", "test", "column")
    assert values["staff", "run_rate-2016", "miss"] == 0.0
    assert values["staff", "run_rate-2017", "forecast"] == 2400.0
    assert values["staff", "run_rate-2017", "outcome"] == 1500.0
    assert values["staff", "run_rate-2017", "miss"] == 900.0
    assert values["staff", "previous_share-2017", "miss"] == 900.0
    texts = cells(found, "report_line", "test", "column", column="text")
    assert texts["staff", "run_rate-2017", "miss_pct"] == "60,0\u00a0%"
    assert not any(str(test).startswith("seasonal") for _, test, _ in values)
    assert any("Säsong över två år kan inte provas" in note for note in found.notes)


def test_the_units_own_forecast_is_tried_as_it_was_given() -> None:
    given = [
        posting("40110", "2016-02", 1500, kind="forecast"),
        posting("40110", "2017-03", 1400, kind="forecast"),
        posting("40110", "2017-05", 9999, kind="forecast"),
        posting("40110", "2017-03", 9999, kind="forecast", cost_centre="1771", is_project=True),
    ]
    found = table("forecast_backtest", ledger=[*rows(), *given])
    values = cells(found, "report_line", "test", "column")
    # What was given after the report month of the year is not used; what the projects gave neither.
    assert values["staff", "own-2016", "miss"] == 300.0
    assert values["staff", "own-2017", "miss"] == -100.0
    assert values["net", "own-2017", "forecast"] == 1400.0
    assert values["operations", "own-2017", "forecast"] == 0.0
    assert any("Den senaste var då från februari 2016." in note for note in found.notes)
    assert not any(str(test).startswith("own") for _, test, _ in cells(table("forecast_backtest"), *KEYS))


KEYS = ("report_line", "test", "column")


def test_trials_that_all_missed_on_one_side_say_so() -> None:
    # Every year begins with 200, 200, 200, 200 and has 100 a month after that: the run rate is always too high.
    ledger = [
        posting(account, month, kr * (2 if month[5:] <= "04" else 1))
        for account, kr in (("40110", 100), ("31110", -10))
        for month in months("2016-01", "2018-03")
    ]
    texts = cells(table("forecast_interval", ledger=ledger), "report_line", "column", column="text")
    assert texts["staff", "basis"] == "6 prov, 2 år; alla gav för hög kostnad"
    assert texts["income", "basis"] == "6 prov, 2 år; alla gav för hög intäkt"
    less = [{**row, "amount_ore": 1200_00 - int(str(row["amount_ore"]))} for row in ledger if row["account"] == "40110"]
    texts = cells(table("forecast_interval", ledger=less), "report_line", "column", column="text")
    assert texts["staff", "basis"] == "6 prov, 2 år; alla gav för låg kostnad"


def test_the_interval_of_a_line() -> None:
    found = table("forecast_interval")
    values = cells(found, "report_line", "column")
    # After February, March and April 2017 the run rate would have said 2 400, 2 400 and 2 100 of 1 500; 2016 exactly.
    assert values["staff", "low"] == pytest.approx(1800 * 1500 / 2400)
    assert values["staff", "high"] == pytest.approx(1800)
    texts = cells(found, "report_line", "column", column="text")
    assert texts["staff", "basis"] == "6 prov, 2 år"
    assert texts["capital", "basis"] == "inget intervall: prov med omvänt tecken eller noll"


def test_after_december_nothing_is_left_to_forecast() -> None:
    found = table("forecast_interval", period="2017-12")
    assert cells(found, "report_line", "column")["net", "low"] is None
    assert cells(found, "report_line", "column", column="text")["net", "basis"] == "inget intervall: året är slut"
    assert any("Året är slut" in note for note in found.notes)
    trials = table("forecast_backtest", period="2017-12")
    assert trials.frame.is_empty()
    assert "Året är slut" in trials.notes[0]


def test_the_miss_of_the_net_after_every_month_and_its_mean() -> None:
    found = table("forecast_accuracy")
    values = cells(found, "test", "column")
    assert {test for test, _ in values} == {"run_rate-2016", "run_rate-2017", "previous_share-2017"}
    # 2017: 200, 200, 200, then 100 a month, 1 500 in all.
    assert values["run_rate-2017", "m01"] == pytest.approx((2400 - 1500) / 1500 * 100)
    assert values["run_rate-2017", "m06"] == pytest.approx((900 * 2 - 1500) / 1500 * 100)
    misses = [values["run_rate-2017", f"m{month:02d}"] for month in range(1, 12)]
    assert values["run_rate-2017", "mean"] == pytest.approx(sum(misses) / 11)  # type: ignore[arg-type]
    assert values["run_rate-2016", "mean"] == 0.0
    assert set(found.frame["text"]) == {None}


def test_a_trial_without_a_forecast_leaves_no_mean() -> None:
    ledger = [row for row in rows() if str(row["period"]) > "2016-12"]
    ledger += [posting("40110", month, 1 if month < "2016-06" else 500) for month in months("2016-01", "2016-12")]
    texts = cells(table("forecast_accuracy", ledger=ledger), "test", "column", column="text")
    assert texts["previous_share-2017", "m03"] == "ingen"
    assert texts["previous_share-2017", "mean"] == "ingen"


def test_without_budget_and_forecast_only_the_computed_ones_are_there() -> None:
    found = table("forecast_methods", ledger=[row for row in rows() if "kind" not in row])
    values = cells(found, "report_line", "column")
    assert (values["net", "own"], values["net", "budget"]) == (None, None)
    assert values["net", "run_rate"] == 1800.0
