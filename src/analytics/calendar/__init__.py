"""The reporting calendar: when each month's report may be made, how long late data are waited for, who gets it."""

from __future__ import annotations

from analytics.calendar.model import (
    KIND_LABELS,
    STOCKHOLM,
    Body,
    CalendarYear,
    Kind,
    Occasion,
    Unreported,
)
from analytics.calendar.register import ReportingCalendar
from analytics.calendar.workdays import day_off, holidays_of, working_day_after

__all__ = [
    "KIND_LABELS",
    "STOCKHOLM",
    "Body",
    "CalendarYear",
    "Kind",
    "Occasion",
    "ReportingCalendar",
    "Unreported",
    "day_off",
    "holidays_of",
    "working_day_after",
]
