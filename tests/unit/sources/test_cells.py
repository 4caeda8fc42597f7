"""Numbers, hours, amounts and days as the suppliers write them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.sources import cells

MINUS_SIGNS = ("-", "\u2212", "\u2013")
SPACES = ("", " ", "\u00a0", "\u202f", "\u2009")


def read(expression, *texts):
    return pl.DataFrame({"cell": list(texts)}).select(expression("cell").alias("value"))["value"].to_list()


@pytest.mark.parametrize(
    ("text", "kronor"),
    [
        ("0", 0),
        ("-1\u00a0257\u00a0342,50", -125734250),
        ("1257342,50-", -125734250),
        ("\u22121\u202f257\u202f342,5", -125734250),
        ("\u20137", -700),
        ("- 7,05", -705),
        ("7,05 \u2212", -705),
        ("900 000,25", 90000025),
        ("999999999999999,99", 99999999999999999),
    ],
)
def test_amounts(text, kronor):
    assert read(cells.ore, text) == [kronor]


@pytest.mark.parametrize(
    "text",
    ["", "-", "1.5", "1,234", "1 23", "1  234", "12 34,5", "--1", "-1-", "1,", ",5", "1e3", "tre", "1:30", "9" * 30],
)
def test_texts_that_are_no_amounts(text):
    assert read(cells.ore, text) == [None]


@given(
    ore=st.integers(-(10**12), 10**12),
    space=st.sampled_from(SPACES),
    minus=st.sampled_from(MINUS_SIGNS),
    trailing=st.booleans(),
)
def test_any_amount_comes_back_exactly(ore, space, minus, trailing):
    whole = f"{abs(ore) // 100:,}".replace(",", space)
    text = f"{whole},{abs(ore) % 100:02d}"
    if ore < 0:
        text = f"{text}{minus}" if trailing else f"{minus}{text}"
    assert read(cells.ore, text) == [ore]


@given(value=st.decimals(min_value=-(10**6), max_value=10**6, places=4), space=st.sampled_from(SPACES))
def test_any_number_comes_back(value, space):
    text = f"{value:,}".replace(",", space).replace(".", ",")
    assert read(cells.number, text) == [float(value)]


def test_zero_carries_no_sign():
    assert str(read(cells.number, "-0,00")[0]) == "0.0"


@given(minutes=st.integers(-60 * 1000, 60 * 1000))
def test_hours_and_minutes_equal_their_decimal_form(minutes):
    sign = "-" if minutes < 0 else ""
    clock = f"{sign}{abs(minutes) // 60}:{abs(minutes) % 60:02d}"
    assert read(cells.hours, clock)[0] == pytest.approx(float(Decimal(minutes) / 60))


@pytest.mark.parametrize(("text", "hours"), [("152,25", 152.25), ("152:15", 152.25), ("1 152:15", 1152.25)])
def test_hours_in_both_forms(text, hours):
    assert read(cells.hours, text) == [hours]


@pytest.mark.parametrize("text", ["152:60", "152:5", ":30", "1:30:00", "", "152.25"])
def test_texts_that_are_no_hours(text):
    assert read(cells.hours, text) == [None]


@given(day=st.integers(0, 80000))
def test_any_day_comes_back(day):
    value = date(1900, 1, 1) + timedelta(days=day)
    assert read(cells.day, value.isoformat()) == [value]


@pytest.mark.parametrize("text", ["2018-02-29", "2018-13-01", "18-02-01", "2018-2-1", "20180201", "", "2018-02-01 "])
def test_texts_that_are_no_days(text):
    assert read(cells.day, text) == [None]


def test_whole_numbers():
    assert read(cells.integer, "31", "31,00", "31,5", "-1", "", "1 000") == [31, 31, None, None, None, None]


@given(text=st.text(max_size=12))
def test_no_text_makes_an_expression_fail(text):
    for expression in (cells.ore, cells.number, cells.hours, cells.integer, cells.day, cells.text_or_null):
        assert len(read(expression, text)) == 1
