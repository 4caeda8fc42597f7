"""Printed figures and their rounding intervals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.reconciliation import printed


@pytest.mark.parametrize(
    ("text", "value", "half"),
    [
        ("-1 257", "-1257", "0.5"),
        ("6,69", "6.69", "0.005"),
        ("0,6%", "0.6", "0.05"),
        ("−3 400,0", "-3400.0", "0.05"),
        ("117\u00a0019,9", "117019.9", "0.05"),
        ("2.5", "2.5", "0.05"),
    ],
)
def test_the_number_and_its_half_unit(text: str, value: str, half: str) -> None:
    figure = printed.parse(text)
    assert figure is not None
    assert (figure.value, figure.half) == (Decimal(value), Decimal(half))


@pytest.mark.parametrize("text", ["", "Saknas", "motsvarande 2 mnkr", "10 / 000", "1 2"])
def test_what_is_not_one_number_is_none(text: str) -> None:
    assert printed.parse(text) is None


def test_numbers_inside_a_phrase() -> None:
    assert [figure.value for figure in printed.numbers_in("innebär 10,1 mnkr av 675 630")] == [
        Decimal("10.1"),
        Decimal(675630),
    ]


@given(st.decimals(min_value=-(10**8), max_value=10**8, places=2))
def test_swedish_print_is_read_back(value: Decimal) -> None:
    text = f"{value:,.2f}".replace(",", " ").replace(".", ",")
    figure = printed.parse(text)
    assert figure is not None
    assert figure.value == value
