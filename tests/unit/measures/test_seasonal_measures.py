from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from measure_frames import budget, cells, data, months, posting, scope

from analytics.measures import registry
from analytics.measures.seasonal import pattern

FLAT = [100] * 12


def test_pattern_is_the_mean_of_each_years_shares() -> None:
    first = [200, *([100] * 10), 0]
    found = pattern([first, [n * 7 for n in FLAT]])
    assert found is not None
    assert found.shares[0] == pytest.approx((200 / 1200 + 1 / 12) / 2)
    assert found.shares[11] == pytest.approx((0 + 1 / 12) / 2)


def test_income_has_a_pattern_like_cost() -> None:
    found = pattern([[-n for n in FLAT]])
    assert found is not None
    assert found.shares == pytest.approx([1 / 12] * 12)


@pytest.mark.parametrize(
    "years",
    [[], [[0] * 12], [FLAT, [-n for n in FLAT]], [[1300, *([0] * 10), -100]], [[-100, *([0] * 10), 200]]],
    ids=["no years", "nothing posted", "signs differ", "month larger than the year", "reversal larger than the year"],
)
def test_years_without_a_usable_pattern(years: list[list[int]]) -> None:
    assert pattern(years) is None


@given(st.lists(st.lists(st.integers(0, 10**9), min_size=12, max_size=12).filter(any), min_size=1, max_size=3))
def test_shares_sum_to_one(years: list[list[int]]) -> None:
    found = pattern(years)
    assert found is not None
    assert sum(found.shares) == pytest.approx(1)


def two_years(account: str, first_quarter: float, rest: float) -> list[dict[str, object]]:
    return [
        posting(account, month, first_quarter if month[5:] <= "03" else rest) for month in months("2016-01", "2017-12")
    ]


def test_seasonal_budget_stands_beside_the_twelfths() -> None:
    rows = [
        *two_years("40110", 200, 100),  # the first quarter is 600 of 1 500
        *two_years("30110", -48, -16),  # half of the year
        *(posting("40110", month, 190) for month in months("2018-01", "2018-03")),
        *budget("40110", 150),
        *budget("30110", -20),
    ]
    table = registry.compute("seasonal_budget", data(ledger=rows), scope())
    values = cells(table, "report_line", "column")
    assert len(values) == 16 * 5
    assert values["staff", "outcome"] == 570.0
    assert values["staff", "budget"] == 450.0
    assert values["staff", "vs_budget"] == -120.0
    assert values["staff", "seasonal"] == pytest.approx(1800 * 0.4)
    assert values["staff", "vs_seasonal"] == pytest.approx(150.0)
    assert values["total_income", "seasonal"] == pytest.approx(-240 * 0.5)
    # Net by its own pattern, not the sum of the lines (600).
    assert values["net", "seasonal"] == pytest.approx((1800 - 240) * (600 - 144) / (1500 - 288))
    # A line that was never posted on follows the net.
    assert values["operations_travel", "seasonal"] == 0.0
    notes = " ".join(table.notes)
    assert "2016 och 2017" in notes
    assert "raderna summerar därför inte" in notes
    assert "Drift: Resor" in notes


def test_without_a_whole_earlier_year_there_is_no_seasonal_budget() -> None:
    rows = [
        *(posting("40110", month, 1) for month in months("2017-02", "2018-03")),
        *budget("40110", 1),
    ]
    table = registry.compute("seasonal_budget", data(ledger=rows), scope())
    values = cells(table, "report_line", "column")
    assert values["net", "seasonal"] is None
    assert values["net", "vs_seasonal"] is None
    assert values["net", "vs_budget"] == 0.0
    assert any("Säsongsfördelad budget saknas" in note for note in table.notes)


def test_one_of_two_years_is_said() -> None:
    rows = [*(posting("40110", month, 1) for month in months("2017-01", "2018-03")), *budget("40110", 1)]
    table = registry.compute("seasonal_budget", data(ledger=rows), scope())
    assert "Bara 1 av de 2 föregående åren finns helt i data." in table.notes
    assert cells(table, "report_line", "column")["net", "seasonal"] == pytest.approx(3.0)


def test_monthly_series() -> None:
    rows = [
        *two_years("40110", 200, 100),
        *two_years("46110", 20, 10),
        *(posting("40110", month, 190) for month in months("2018-01", "2018-03")),
        *budget("40110", 150),
        *budget("46110", 15),
    ]
    tables = data(ledger=rows)
    net = cells(registry.compute("net_monthly", tables, scope()), "period", "series")
    assert len(net) == 27 + 12 + 12
    assert net["2016-01", "outcome"] == 220.0
    assert net["2018-03", "outcome"] == 190.0
    assert ("2018-04", "outcome") not in net
    assert net["2018-12", "budget"] == 165.0
    assert net["2018-01", "seasonal"] == pytest.approx(165 * 12 * 220 / 1650)
    assert sum(value for (_, series), value in net.items() if series == "seasonal") == pytest.approx(165 * 12)
    training = cells(registry.compute("focus_training_monthly", tables, scope()), "period", "series")
    assert training["2017-12", "outcome"] == 10.0
    assert training["2018-02", "outcome"] == 0.0
    assert training["2018-02", "seasonal"] == pytest.approx(15 * 12 * 20 / 150)
    staff = cells(registry.compute("staff_cost_monthly", tables, scope()), "period", "series")
    assert staff["2016-01", "outcome"] == 220.0


def test_month_without_delivery_is_empty_in_the_series() -> None:
    rows = [posting("40110", month, 1) for month in months("2017-01", "2018-03")]
    net = cells(registry.compute("net_monthly", data(ledger=rows), scope()), "period", "series")
    assert net["2016-12", "outcome"] is None
    assert net["2017-01", "outcome"] == 1.0
    assert net["2018-01", "budget"] is None
