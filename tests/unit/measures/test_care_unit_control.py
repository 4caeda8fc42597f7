"""The XmR chart against values computed by hand, and each rule with the shortest series that fires it."""

from __future__ import annotations

import pytest

from analytics.measures.care_units.control import Rule, chart

CALM = [10.0, 11.0] * 6
"""Mean 10,5; every move is 1, so one standard deviation is 1 / 1,128 = 0,8865."""


def last(*values: float) -> tuple[Rule, ...]:
    """The rules at the last of the values that follow the calm months."""
    return chart([*CALM, *values], baseline=len(CALM)).signals[-1]


def test_centre_and_limits_are_those_computed_by_hand() -> None:
    # Mean 58 / 5; moves 2, 1, 2, 1 with mean 1,5.
    made = chart([10, 12, 11, 13, 12], baseline=5)
    assert made.centre == pytest.approx(11.6)
    assert made.sigma == pytest.approx(1.5 / 1.128)
    assert (made.low, made.high) == (pytest.approx(7.6106, abs=1e-4), pytest.approx(15.5894, abs=1e-4))
    assert made.signals == ((), (), (), (), ())


def test_later_months_do_not_move_the_limits_they_are_judged_by() -> None:
    assert chart([*CALM, 30.0, 40.0], baseline=12).centre == pytest.approx(10.5)
    assert chart([*CALM, 30.0, 40.0], baseline=14).centre > 13


def test_a_share_has_no_limits_beyond_none_and_all() -> None:
    made = chart([99.0, 95.0, 99.0, 96.0], baseline=4)
    assert made.high == 100
    assert chart([1.0, 5.0, 1.0, 4.0], baseline=4).low == 0


def test_a_month_beyond_three_standard_deviations_is_outside() -> None:
    assert last(10.5 + 3 * 0.8865 + 0.01) == ("outside",)
    assert last(10.5 + 3 * 0.8865 - 0.01) == ()


def test_eight_months_on_one_side_are_a_run_and_seven_are_not() -> None:
    low = [10.2, 10.4] * 4
    assert last(*low[:7], 11.0) == ()
    assert last(10.7, *low[:7]) == ()
    assert last(10.7, *low) == ("run",)
    # A month on the line breaks the run.
    assert last(10.7, *low[:4], 10.5, *low[5:]) == ()


def test_six_months_in_one_direction_are_a_trend_and_five_are_not() -> None:
    assert last(10.6, 10.0, 10.2, 10.4, 10.6, 10.8) == ()
    assert last(10.6, 10.0, 10.2, 10.4, 10.6, 10.8, 11.0) == ("trend",)
    assert last(10.6, 11.0, 10.8, 10.6, 10.4, 10.2, 10.0) == ("trend",)
    assert last(10.6, 10.0, 10.2, 10.4, 10.4, 10.8, 11.0) == ()


def test_two_of_three_months_beyond_two_standard_deviations_on_one_side() -> None:
    far = 10.5 + 2 * 0.8865 + 0.01
    assert last(far, 10.4, far) == ("near",)
    assert last(far, 10.4, 10.6) == ()
    assert last(far, 10.4, 21 - far) == ()
    assert last(10.4, far) == ()


@pytest.mark.parametrize("value", [100 * 2 / 3, 100 * 7 / 9, 0.1, 88.28455351960865])
def test_the_last_bit_of_a_mean_is_no_signal(value: float) -> None:
    assert set(chart([value] * 20, baseline=12).signals) == {()}


def test_what_leaves_a_series_without_variation_is_outside() -> None:
    assert chart([100.0] * 12 + [96.0], baseline=12).signals[-1] == ("outside",)


def test_no_move_and_no_row_of_months_goes_across_a_gap() -> None:
    # The step from 10 to 20 lies over the missing month: the moves are 1 and 1.
    made = chart([10.0, 11.0, 20.0, 21.0], baseline=4, after_gap=[2])
    assert made.sigma == pytest.approx(1 / 1.128)
    low = [10.2, 10.4] * 4
    assert chart([*CALM, 10.7, *low], baseline=12, after_gap=[15]).signals[-1] == ()
    assert chart([*CALM, 10.7, *low], baseline=12, after_gap=[13]).signals[-1] == ("run",)
    with pytest.raises(ValueError, match="in a row"):
        chart([10.0, 11.0], baseline=2, after_gap=[1])


def test_a_series_without_any_variation_has_no_signal_and_one_month_no_chart() -> None:
    assert set(chart([5.0] * 12, baseline=12).signals) == {()}
    with pytest.raises(ValueError, match="at least two"):
        chart([5.0, 6.0], baseline=1)
