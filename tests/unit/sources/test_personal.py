"""Personal identity numbers are found in every form, and amounts, accounts and dates are not taken for them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.sources.personal import holds_identity_number


def check_digit(digits: str) -> str:
    total = sum(sum(divmod(int(digit) * (2 - index % 2), 10)) for index, digit in enumerate(digits))
    return str(-total % 10)


@given(
    born=st.dates(date(1900, 1, 1), date(2018, 12, 31)),
    serial=st.integers(0, 999),
    between=st.sampled_from(["", "-", "+", " ", "\u2013"]),
    long=st.booleans(),
    coordination=st.booleans(),
    around=st.sampled_from(["{}", "Lön {} mars", "({})", "nr:{};"]),
)
def test_every_form_is_found(*, born, serial, between, long, coordination, around):
    day = born.day + (60 if coordination else 0)
    short = f"{born:%y%m}{day:02d}"
    number = f"{serial:03d}" + check_digit(f"{short}{serial:03d}")
    century = f"{born:%Y}"[:2] if long else ""
    assert holds_identity_number(around.format(f"{century}{short}{between}{number}"))


@pytest.mark.parametrize(
    "text",
    [
        "850101-T123",
        "19850101T123",
        "121212-1212",
        "701063-2391",
        "1912-12-12-1212",
        "1912-12-12 1212",
        "12 12 12 1212",
        "121212/1212",
        "121212.1212",
        "121212_1212",
        "121212 - 1212",
        "121212--1212",
        "121212\u20111212",
        "121212\u00a01212",
        "SE121212121201",
        "se 121212-1212 01",
    ],
)
def test_known_ones_are_found(text):
    assert holds_identity_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "121212-1213",
        "851301-1234",
        "850132-1234",
        "556036-0793",
        "-1 257 342,50",
        "40110",
        "2018-03-05",
        "201803",
        "12345678901234567890",
        "Sjuk dag 1-14",
        "0455-73 10 00",
    ],
)
def test_others_are_not(text):
    assert not holds_identity_number(text)


@given(day=st.integers(0, 40000), month=st.integers(0, 400))
def test_dates_and_months_are_not(day, month):
    assert not holds_identity_number((date(1950, 1, 1) + timedelta(days=day)).isoformat())
    assert not holds_identity_number(f"{1990 + month // 12}{month % 12 + 1:02d}")
