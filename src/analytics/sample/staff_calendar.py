"""Working days of the demonstration region: Monday to Friday that are no public holiday."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np
import numpy.typing as npt

from analytics.periods import Period, PeriodRange

STAFF_RANGE = PeriodRange(Period(2016, 1), Period(2018, 2))
"""Months with staff, time and absence extracts."""
OPEN_END = date(9999, 12, 31)
_EASTER_SUNDAYS = {2015: date(2015, 4, 5), 2016: date(2016, 3, 27), 2017: date(2017, 4, 16), 2018: date(2018, 4, 1)}
_FIXED = ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31))

Days = npt.NDArray[np.int64]


def _holidays(year: int) -> set[date]:
    easter = _EASTER_SUNDAYS[year]
    moving = {easter + timedelta(days=step) for step in (-2, 1, 39)}
    midsummer_eve = next(day for day in (date(year, 6, 19 + step) for step in range(7)) if day.weekday() == 4)
    return {date(year, month, day) for month, day in _FIXED} | moving | {midsummer_eve}


@cache
def working_days(period: Period) -> tuple[int, ...]:
    """Ordinals (``date.toordinal``) of the working days of a month."""
    free = _holidays(period.year)
    days = (period.first_day + timedelta(days=step) for step in range(period.last_day.day))
    return tuple(day.toordinal() for day in days if day.weekday() < 5 and day not in free)


def working_days_within(period: Period, first: Days, last: Days) -> Days:
    """Number of working days of the month that lie in each span of ordinals, both ends included."""
    days = np.array(working_days(period))
    inside = np.searchsorted(days, last, side="right") - np.searchsorted(days, first, side="left")
    within: Days = np.maximum(inside, 0)
    return within
