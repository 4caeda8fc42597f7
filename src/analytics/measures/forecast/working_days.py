"""Working days: Monday to Friday without Swedish public holidays and the eves that the agreements make free."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from analytics.periods import PeriodRange

FRIDAY = 4
_FIXED = ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31))
"""New Year's Day, Epiphany, first of May, national day; Christmas and New Year with their eves."""
_FROM_EASTER = (-2, 1, 39)
"""Good Friday, Easter Monday and Ascension Day, in days from Easter Day; the other feasts are Sundays."""


def easter(year: int) -> date:
    """Easter Day of the Gregorian calendar (the anonymous computus, Nature 1876)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap, off = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * off + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def free_days(year: int) -> frozenset[date]:
    """Days that are free although they may be weekdays.

    Public holidays by law 1989:253; Midsummer, Christmas and New Year's Eve are free by the collective agreements.
    """
    midsummer_eve = next(day for day in (date(year, 6, 19 + n) for n in range(7)) if day.weekday() == FRIDAY)
    moving = {easter(year) + timedelta(days=days) for days in _FROM_EASTER}
    return frozenset({date(year, month, day) for month, day in _FIXED} | moving | {midsummer_eve})


def working_days(months: PeriodRange) -> int:
    """Working days from the first day of a range of months to its last."""
    first, last = months.first.first_day, months.last.last_day
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sum(day.weekday() <= FRIDAY and day not in free_days(day.year) for day in days)
