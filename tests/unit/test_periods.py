from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import UsageError
from analytics.periods import Period, PeriodRange

periods = st.builds(Period, st.integers(1990, 2100), st.integers(1, 12))


@given(periods)
def test_printed_periods_are_read_back(period):
    assert Period.parse(str(period)) == period


@given(periods, st.integers(-600, 600))
def test_adding_months_can_be_undone(period, months):
    assert period.plus(months).plus(-months) == period


@given(periods, st.integers(0, 60))
def test_a_range_holds_exactly_its_months(first, length):
    months = PeriodRange(first, first.plus(length))
    assert len(list(months)) == len(months) == length + 1
    assert list(months)[-1] == months.last
    assert first.plus(-1) not in months
    assert months.last in months


@given(periods)
def test_last_day_is_followed_by_the_next_month(period):
    following = date.fromordinal(period.last_day.toordinal() + 1)
    assert Period.of(following) == period.plus(1)


@pytest.mark.parametrize("text", ["2018-13", "2018-00", "201803", "2018-3", "mars 2018", "", " 2018-03", "2018-03\n"])
def test_anything_but_a_month_is_refused_with_advice(text):
    with pytest.raises(UsageError) as caught:
        Period.parse(text)
    assert "2018-03" in caught.value.action


def test_ranges_of_march():
    march = Period(2018, 3)
    assert march.accumulated.months == ["2018-01", "2018-02", "2018-03"]
    assert march.quarter == march.accumulated
    assert march.accumulated.previous_year.months == ["2017-01", "2017-02", "2017-03"]
    assert march.tertial.first == Period(2018, 1)
    assert len(march.full_year) == 12


def test_swedish_labels():
    assert Period(2018, 3).label == "mars 2018"
    assert PeriodRange(Period(2018, 1), Period(2018, 2)).label == "januari–februari 2018"
    assert PeriodRange(Period(2017, 12), Period(2018, 1)).label == "december 2017–januari 2018"
    assert PeriodRange(Period(2018, 1), Period(2018, 1)).label == "januari 2018"


def test_a_range_cannot_end_before_it_begins():
    with pytest.raises(UsageError):
        PeriodRange(Period(2018, 2), Period(2018, 1))
