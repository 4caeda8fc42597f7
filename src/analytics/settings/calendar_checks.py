"""Rules of the reporting calendar that have the right type and are wrong all the same."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from analytics.errors import SettingsError, UsageError
from analytics.periods import Period
from analytics.settings.model import FILE_NAME, Calendar, CalendarBody

RECIPIENT_KINDS = ("month", "quarter", "interim", "year", "forecast")
_MONTH_LISTS = ("not_reported", "forecast_after", "quarter_after", "interim_after", "year_after")
_WORKDAYS = ("time_complete_workday", "ledger_closes_workday", "wait_until_workday")


def check_calendar(calendar: Calendar) -> None:
    """Raise SettingsError for the first rule that cannot be used or contradicts another."""
    try:
        Period.parse(calendar.enabled_from)
    except UsageError:
        raise SettingsError(f"calendar.enabled_from in {FILE_NAME} must be a month such as 2018-01") from None
    _check_months(calendar)
    for name in _WORKDAYS:
        if not 1 <= getattr(calendar, name) <= 60:
            raise SettingsError(f"calendar.{name} in {FILE_NAME} must be 1 to 60")
    if calendar.wait_until_workday <= max(calendar.time_complete_workday, calendar.ledger_closes_workday):
        raise SettingsError(f"calendar.wait_until_workday in {FILE_NAME} must be later than the other two working days")
    _check_bodies(calendar.body)
    _check_recipients(calendar)


def _check_months(calendar: Calendar) -> None:
    for name in _MONTH_LISTS:
        months: tuple[int, ...] = getattr(calendar, name)
        if len(set(months)) != len(months) or not all(1 <= month <= 12 for month in months):
            raise SettingsError(f"calendar.{name} in {FILE_NAME} must be months 1 to 12, each once")
    kinds = [month for name in _MONTH_LISTS[2:] for month in getattr(calendar, name)]
    for month in sorted({*kinds, *calendar.forecast_after}):
        if kinds.count(month) > 1:
            raise SettingsError(f"month {month} has two kinds of report in [calendar] of {FILE_NAME}")
        if month in calendar.not_reported:
            raise SettingsError(f"month {month} of calendar.not_reported in {FILE_NAME} has a report in another list")


def _check_bodies(bodies: tuple[CalendarBody, ...]) -> None:
    spans: dict[str, list[tuple[date, date]]] = {}
    for index, body in enumerate(bodies):
        key = f"calendar.body[{index}]"
        for name in ("id", "name"):
            if not getattr(body, name).strip():
                raise SettingsError(f"{key}.{name} in {FILE_NAME} is empty")
        first = _day(body.valid_from, date.min, f"{key}.valid_from")
        last = _day(body.valid_to, date.max, f"{key}.valid_to")
        if last < first:
            raise SettingsError(f"{key} in {FILE_NAME} ends before it begins")
        spans.setdefault(body.id, []).append((first, last))
    for identity, days in spans.items():
        for (_, earlier), (later, _) in pairwise(sorted(days)):
            if later <= earlier:
                raise SettingsError(
                    f"the body {identity!r} in [[calendar.body]] of {FILE_NAME} has two names at a time"
                )


def _day(text: str, otherwise: date, key: str) -> date:
    try:
        day = date.fromisoformat(text) if text else otherwise
    except ValueError:
        day = None
    if day is None or (text and day.isoformat() != text):
        raise SettingsError(f"{key} in {FILE_NAME} must be a day as YYYY-MM-DD, or empty")
    return day


def _check_recipients(calendar: Calendar) -> None:
    known = sorted({body.id for body in calendar.body})
    seen = set()
    for index, recipient in enumerate(calendar.recipient):
        key = f"calendar.recipient[{index}]"
        if recipient.kind not in RECIPIENT_KINDS:
            raise SettingsError(f"{key}.kind in {FILE_NAME} must be one of {', '.join(RECIPIENT_KINDS)}")
        if recipient.body not in known:
            raise SettingsError(f"{key}.body in {FILE_NAME} must be one of {', '.join(known)}")
        if not 0 <= recipient.months_after <= 12:
            raise SettingsError(f"{key}.months_after in {FILE_NAME} must be 0 to 12")
        if not recipient.note.strip():
            raise SettingsError(f"{key}.note in {FILE_NAME} is empty")
        if (recipient.kind, recipient.body) in seen:
            raise SettingsError(f"{key} in {FILE_NAME}: {recipient.body} gets {recipient.kind} twice")
        seen.add((recipient.kind, recipient.body))
