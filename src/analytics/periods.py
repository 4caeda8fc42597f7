"""Months and ranges of months: the only calendar arithmetic in the product."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from analytics.errors import UsageError

Span = Literal["month", "quarter", "tertial", "half_year", "accumulated", "rolling12"]
SPANS: Final[dict[Span, str]] = {
    "month": "månad",
    "quarter": "kvartal",
    "tertial": "tertial",
    "half_year": "halvår",
    "accumulated": "ackumulerat från januari",
    "rolling12": "rullande tolv månader",
}
"""Range of months that ends with a month → what it is called in Swedish."""

MONTH_NAMES = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
_PERIOD = re.compile(r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One calendar month."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1900 <= self.year <= 2200 and 1 <= self.month <= 12):
            raise UsageError(f"{self.year}-{self.month} is not a month", action="Give the period as YYYY-MM.")

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read ``2018-03``. Raises UsageError on anything else."""
        match = _PERIOD.fullmatch(text)
        if match is None:
            raise UsageError(f"{text!r} is not a period", action="Give a month as YYYY-MM, for example 2018-03.")
        return cls(int(match["year"]), int(match["month"]))

    @classmethod
    def of(cls, day: date) -> Period:
        """The month that a day lies in."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def label(self) -> str:
        """Swedish, as in running text: ``mars 2018``."""
        return f"{MONTH_NAMES[self.month - 1]} {self.year}"

    @property
    def compact(self) -> str:
        """As in file names and source systems: ``201803``."""
        return f"{self.year:04d}{self.month:02d}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def plus(self, months: int) -> Period:
        """The month so many months later (negative: earlier)."""
        index = self.year * 12 + self.month - 1 + months
        return Period(index // 12, index % 12 + 1)

    @property
    def previous_year(self) -> Period:
        return Period(self.year - 1, self.month)

    @property
    def accumulated(self) -> PeriodRange:
        """From January of the year to this month."""
        return PeriodRange(Period(self.year, 1), self)

    @property
    def quarter(self) -> PeriodRange:
        """The quarter that ends with or contains this month, up to this month."""
        return PeriodRange(Period(self.year, (self.month - 1) // 3 * 3 + 1), self)

    @property
    def tertial(self) -> PeriodRange:
        """The tertial (four months) that contains this month, up to this month."""
        return PeriodRange(Period(self.year, (self.month - 1) // 4 * 4 + 1), self)

    @property
    def half_year(self) -> PeriodRange:
        """The half of the year that contains this month, up to this month."""
        return PeriodRange(Period(self.year, (self.month - 1) // 6 * 6 + 1), self)

    @property
    def rolling12(self) -> PeriodRange:
        """The twelve months that end with this month."""
        return PeriodRange(self.plus(-11), self)

    def span(self, name: Span) -> PeriodRange:
        """The range of that name that ends with this month."""
        if name == "month":
            return PeriodRange(self, self)
        found: PeriodRange = getattr(self, name)
        return found

    @property
    def full_year(self) -> PeriodRange:
        return PeriodRange(Period(self.year, 1), Period(self.year, 12))


@dataclass(frozen=True, slots=True)
class PeriodRange:
    """An unbroken run of months, both ends included."""

    first: Period
    last: Period

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise UsageError(f"the range {self.first}–{self.last} ends before it begins")

    def __iter__(self) -> Iterator[Period]:
        return (self.first.plus(step) for step in range(len(self)))

    def __len__(self) -> int:
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    def __contains__(self, period: Period) -> bool:
        return self.first <= period <= self.last

    @property
    def previous_year(self) -> PeriodRange:
        """The same months one year earlier."""
        return PeriodRange(self.first.previous_year, self.last.previous_year)

    @property
    def months(self) -> list[str]:
        """The months as the processed tables hold them."""
        return [str(period) for period in self]

    @property
    def label(self) -> str:
        """Swedish: ``januari–februari 2018``; over a year's end ``december 2017–januari 2018``."""
        if self.first == self.last:
            return self.first.label
        if self.first.year == self.last.year:
            return f"{MONTH_NAMES[self.first.month - 1]}–{self.last.label}"
        return f"{self.first.label}–{self.last.label}"


def day_label(day: date) -> str:
    """Swedish, as in running text: ``28 februari 2018``."""
    return f"{day.day} {Period.of(day).label}"
