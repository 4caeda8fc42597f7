"""Swedish public holidays and working days, from the library ``holidays``.

Saturdays, Sundays, public holidays (law 1989:253) and the three eves that the Annual Leave Act treats as Sundays
(law 1977:480, 7 §: Midsummer, Christmas and New Year's Eve) are no working days.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from analytics.periods import Period

_WEEKEND = {5: "en lördag", 6: "en söndag"}


@lru_cache(maxsize=64)
def holidays_of(year: int) -> dict[date, str]:
    """Day → Swedish name of every public holiday and equal eve of one year. Sundays count only by their names."""
    import holidays  # a tenth of a second that only the calendar needs

    found = holidays.country_holidays("SE", years=year, categories=("public", "de_facto"), language="sv", expand=False)
    return dict(sorted(found.items()))


def day_off(day: date) -> str:
    """Why a day is no working day, in Swedish (``Långfredagen``, ``en lördag``); empty for a working day."""
    return holidays_of(day.year).get(day) or _WEEKEND.get(day.weekday(), "")


def working_day_after(period: Period, number: int) -> date:
    """The ``number``-th working day after a month has ended (1 is the first)."""
    day = period.last_day
    left = number
    while left > 0:
        day += timedelta(days=1)
        left -= not day_off(day)
    return day
