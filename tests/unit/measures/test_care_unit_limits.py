"""Limits of the funnel against values known from tables of the binomial distribution, and against exact fractions."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.measures.care_units.funnel import (
    SIGNAL_TAIL,
    WARNING_TAIL,
    Limits,
    binomial,
    dispersion,
    limits,
    widened,
)


@pytest.mark.parametrize(
    ("n", "share", "tail", "low", "high"),
    [
        # P(X ≤ 1) = 0,0107 and P(X ≤ 2) = 0,0547 of ten throws of a coin.
        (10, 0.5, WARNING_TAIL, 2, 8),
        # P(X = 0) = 0,00098.
        (10, 0.5, SIGNAL_TAIL, 1, 9),
        # P(X ≤ 5) = 0,0207 and P(X ≤ 6) = 0,0577.
        (20, 0.5, WARNING_TAIL, 6, 14),
        # P(X ≤ 4) = 0,0237 and P(X ≤ 5) = 0,0576; P(X ≥ 17) = 0,0206 and P(X ≥ 16) = 0,0399.
        (100, 0.1, WARNING_TAIL, 5, 16),
        (50, 0.0, WARNING_TAIL, 0, 0),
        (50, 1.0, SIGNAL_TAIL, 50, 50),
    ],
)
def test_exact_limits_are_those_of_the_tables(n: int, share: float, tail: float, low: float, high: float) -> None:
    assert binomial(n, share, tail) == Limits(low, high)


@given(st.integers(1, 60), st.integers(1, 19), st.sampled_from([WARNING_TAIL, SIGNAL_TAIL]))
def test_limits_agree_with_exact_fractions(n: int, twentieths: int, tail: float) -> None:
    share = Fraction(twentieths, 20)
    chance = [comb(n, count) * share**count * (1 - share) ** (n - count) for count in range(n + 1)]
    low = next(count for count in range(n + 1) if sum(chance[: count + 1]) > Fraction(str(tail)))
    high = next(count for count in range(n, -1, -1) if sum(chance[count:]) > Fraction(str(tail)))
    assert binomial(n, float(share), tail) == Limits(low, high)


def test_large_units_have_limits_too_and_they_are_near_the_normal_curve() -> None:
    exact, normal = binomial(45_000, 0.61, SIGNAL_TAIL), widened(45_000, 0.61, SIGNAL_TAIL, 1.0)
    assert exact.low == pytest.approx(normal.low, abs=2)
    assert exact.high == pytest.approx(normal.high, abs=2)


def test_the_ends_of_the_limits_are_inside() -> None:
    held = Limits(2, 8)
    assert [held.place(count) for count in (1, 2, 8, 9)] == [-1, 0, 0, 1]


def spread(scores: list[float]) -> list[tuple[float, int]]:
    """Units of a hundred, half of whom are expected: one standard deviation is five."""
    return [(50 + 5 * score, 100) for score in scores]


def test_units_that_differ_more_than_chance_widen_the_limits() -> None:
    # The outermost tenth is pulled in to ±2: (4 · 4 + 4 · 1) / 10 = 2, which is above 1 + 2 √(2 / 10) = 1,894.
    assert dispersion(spread([-3, -2, -1, -1, 0, 0, 1, 1, 2, 3]), 0.5) == pytest.approx(2.0)
    # (4 · 3,24 + 4 · 1) / 10 = 1,696 could be chance.
    assert dispersion(spread([-3, -1.8, -1, -1, 0, 0, 1, 1, 1.8, 3]), 0.5) == 1.0
    half = 1.959964 * 5 * 2**0.5
    assert limits(100, 0.5, WARNING_TAIL, 2.0) == Limits(
        pytest.approx(50 - half, abs=1e-4), pytest.approx(50 + half, abs=1e-4)
    )


def test_one_deviating_unit_does_not_widen_the_limits_that_shall_find_it() -> None:
    assert dispersion(spread([0.5, -0.5, 0.2, -0.2, 0, 0, 0.1, -0.1, 0.3, -9]), 0.5) == 1.0


def test_nothing_is_made_of_nothing() -> None:
    with pytest.raises(ValueError, match="no binomial limits"):
        binomial(0, 0.5, WARNING_TAIL)
    with pytest.raises(ValueError, match="no binomial limits"):
        binomial(10, 1.5, WARNING_TAIL)
    assert dispersion([(5, 10)], 0.5) == 1.0
    assert dispersion(spread([0, 1]), 1.0) == 1.0
