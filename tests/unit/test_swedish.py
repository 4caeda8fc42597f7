from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import swedish


@pytest.mark.parametrize(
    ("value", "decimals", "printed"),
    [
        (-1257342.5, 0, "−1\u00a0257\u00a0343"),
        (0.5, 0, "1"),
        (-0.5, 0, "−1"),
        (2.5, 0, "3"),
        (1.005, 2, "1,01"),
        (-0.04, 1, "0,0"),
        (0.0, 2, "0,00"),
        (1000, 0, "1\u00a0000"),
        (999.95, 1, "1\u00a0000,0"),
        (0.1 + 0.2, 1, "0,3"),
    ],
)
def test_numbers_as_printed(value, decimals, printed):
    assert swedish.number(value, decimals) == printed


@given(st.integers(-(10**11), 10**11), st.integers(0, 2))
def test_rounding_is_half_away_from_zero(ore, decimals):
    kronor = ore / 100
    unit = Fraction(1, 10**decimals)
    exact = Fraction(ore, 100)
    steps = abs(exact) / unit
    whole = steps.numerator // steps.denominator
    away = whole + (1 if steps - whole >= Fraction(1, 2) else 0)
    expected = away * unit * (-1 if exact < 0 else 1)
    assert Fraction(swedish.round_half_away(kronor, decimals)) == expected


@given(st.floats(-1e9, 1e9), st.integers(0, 3))
def test_a_printed_number_reads_back_as_the_rounded_one(value, decimals):
    text = swedish.number(value, decimals).replace("\u00a0", "").replace(",", ".").replace("−", "-")
    assert Decimal(text) == swedish.round_half_away(value, decimals)
    assert not text.startswith("-0") or Decimal(text) != 0


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_a_number_is_never_printed(value):
    with pytest.raises(ValueError, match="finite"):
        swedish.number(value)


def test_amounts_carry_their_unit_behind_a_hard_space():
    assert swedish.thousands(30_133_000) == "30\u00a0133\u00a0tkr"
    assert swedish.millions(30_133_000) == "30,1\u00a0mnkr"
    assert swedish.percent(27.1) == "27\u00a0%"
