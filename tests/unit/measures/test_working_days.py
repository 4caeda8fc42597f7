"""Swedish working days against calendars of the years."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from measure_frames import scope

from analytics.measures.forecast.working_days import easter, working_days
from analytics.periods import Period, PeriodRange


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(2000, 4, 23), (2008, 3, 23), (2011, 4, 24), (2016, 3, 27), (2017, 4, 16), (2018, 4, 1), (2024, 3, 31)],
)
def test_easter(year: int, month: int, day: int) -> None:
    assert easter(year) == date(year, month, day)


@given(st.integers(1900, 2200))
def test_easter_is_a_sunday_in_its_span(year: int) -> None:
    day = easter(year)
    assert day.weekday() == 6
    assert date(year, 3, 22) <= day <= date(year, 4, 25)


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2018-01", "2018-01", 22),  # New Year's Day is a Monday, Epiphany a Saturday
        ("2017-01", "2017-01", 21),  # Epiphany is a Friday
        ("2018-03", "2018-03", 21),  # Good Friday is the 30th
        ("2017-03", "2017-03", 23),
        ("2018-01", "2018-03", 63),
        ("2017-01", "2017-03", 64),
        ("2018-05", "2018-05", 21),  # first of May on a Tuesday, Ascension Day
        ("2018-06", "2018-06", 19),  # national day on a Wednesday, Midsummer's Eve
        ("2018-12", "2018-12", 17),  # 24, 25, 26 and 31 are weekdays
        ("2018-01", "2018-12", 250),  # 261 weekdays, of which eleven are free
        ("2016-12", "2017-01", 42),
    ],
)
def test_working_days(first: str, last: str, days: int) -> None:
    assert working_days(PeriodRange(Period.parse(first), Period.parse(last))) == days


def test_the_months_of_a_year_add_up() -> None:
    year = scope().period.full_year
    assert working_days(year) == sum(working_days(PeriodRange(month, month)) for month in year)
