"""What the reporting calendar says: occasions, who gets the report, and months without one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from analytics.periods import Period, PeriodRange

STOCKHOLM: Final = ZoneInfo("Europe/Stockholm")
"""Every day and time of the calendar is Swedish time."""

Kind = Literal["month", "quarter", "interim", "year"]
KIND_LABELS: Final[dict[Kind, str]] = {
    "month": "Månadsrapport",
    "quarter": "Kvartalsrapport",
    "interim": "Delårsrapport",
    "year": "Årsredovisning",
}

Status = Literal["demonstration", "decided"]
STATUSES: Final[tuple[Status, ...]] = ("demonstration", "decided")


@dataclass(frozen=True, slots=True)
class Body:
    """One body that gets a report.

    ``name`` is the name that it has on the day of the meeting. ``meeting_day`` is None if no day is set; ``month`` is
    then the month that the rules give, or None for "the next meeting". ``note`` says what the body gets, in Swedish.
    ``meets`` is false where reports go to an office without any meeting.
    """

    name: str
    meeting_day: date | None
    note: str
    id: str = ""
    month: Period | None = None
    meets: bool = True


@dataclass(frozen=True, slots=True)
class Occasion:
    """One reported month: which report, from when it may be made, how long late data are waited for, who gets it.

    Days count to their end: the ledger takes postings on ``ledger_closes`` and is closed when that day is over; time
    and absence are complete when ``time_complete`` is over; data are waited for until ``wait_until`` is over.
    ``embargo_until`` (Swedish time, or None) is a moment before which the report may not be made. ``units`` holds codes
    of administrations; empty means all that are valid in the month. ``exception`` is why the occasion differs from the
    rules of ``[calendar]``; empty where it does not.
    """

    period: Period
    kind: Kind
    with_forecast: bool
    ledger_closes: date
    time_complete: date
    wait_until: date
    embargo_until: datetime | None
    units: tuple[str, ...]
    bodies: tuple[Body, ...]
    exception: str = ""

    @property
    def complete(self) -> datetime:
        """The first moment when ledger and time reports are both complete: the midnight after the later day."""
        return day_after(max(self.ledger_closes, self.time_complete))

    @property
    def opens(self) -> datetime:
        """The first moment when the package may be made: complete, and not under embargo."""
        return self.complete if self.embargo_until is None else max(self.complete, self.embargo_until)

    @property
    def waiting_ends(self) -> datetime:
        """The first moment when late data are no longer waited for: the midnight after ``wait_until``."""
        return day_after(self.wait_until)

    @property
    def accumulated(self) -> PeriodRange:
        """The months whose figures the report adds up: January to the month."""
        return self.period.accumulated

    @property
    def label(self) -> str:
        """Swedish: ``Månadsrapport med prognos``."""
        return f"{KIND_LABELS[self.kind]}{' med prognos' if self.with_forecast else ''}"

    @property
    def months_label(self) -> str:
        """What the report is about, Swedish: ``maj 2018``, ``januari–mars 2018`` or, for the year, ``2018``."""
        if self.kind == "year":
            return str(self.period.year)
        return self.period.label if self.kind == "month" else self.accumulated.label


@dataclass(frozen=True, slots=True)
class Unreported:
    """A month for which no report is made, and why."""

    period: Period
    why: str


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One calendar file: twelve months, each an occasion or unreported, in order of month."""

    year: int
    status: Status
    source: str
    occasions: tuple[Occasion, ...]
    unreported: tuple[Unreported, ...]


def day_after(day: date) -> datetime:
    """The first moment of the next day, Swedish time."""
    return datetime.combine(day + timedelta(days=1), time(), STOCKHOLM)
