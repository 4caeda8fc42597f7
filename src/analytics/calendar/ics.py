"""The reporting calendar as iCalendar (RFC 5545): for the calendars that people have open anyway.

Days are all-day events, moments are events with Swedish time. A UID is made of region, month and what the event is, so
a calendar that is imported again moves its events instead of doubling them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from analytics.calendar.model import KIND_LABELS, CalendarYear, Occasion

if TYPE_CHECKING:
    from icalendar import Calendar, Timezone

ZONE = "Europe/Stockholm"


@dataclass(frozen=True, slots=True)
class Event:
    """One event: ``start`` is a day (all day) or a moment; ``name`` makes its UID together with the month."""

    occasion: Occasion
    name: str
    start: date | datetime
    summary: str
    description: str = ""


def write(years: Iterable[CalendarYear], region: str, *, now: datetime) -> bytes:
    """The years as one iCalendar object, UTF-8 with CRLF; ``now`` (aware) is when it was made (DTSTAMP)."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//analytics//Rapportkalender//SV")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", f"Rapportkalender – {region}")
    calendar.add("x-wr-calname", f"Rapportkalender – {region}")
    calendar.add("x-wr-timezone", ZONE)
    calendar.add_component(_swedish_time())
    for year in years:
        mark = "DEMONSTRATION – påhittade dagar. " if year.status == "demonstration" else ""
        for occasion in year.occasions:
            for event in events(occasion):
                _add(calendar, event, region, now, mark)
    return bytes(calendar.to_ical())


def events(occasion: Occasion) -> Iterator[Event]:
    """What of an occasion stands in a calendar: time complete, ledger closes, may be made, waiting ends, meetings."""
    month = occasion.period.label
    yield Event(occasion, "time-complete", occasion.time_complete, f"Tidrapporter klara: {month}")
    yield Event(occasion, "ledger-closes", occasion.ledger_closes, f"Bokföringen stänger: {month}")
    why = "Embargo till denna tid." if occasion.embargo_until else ""
    yield Event(occasion, "opens", occasion.opens, f"{occasion.label} {occasion.months_label} får göras", why)
    yield Event(occasion, "wait-until", occasion.wait_until, f"Sista dag att vänta på data: {month}")
    for body in occasion.bodies:
        if body.meeting_day:
            summary = f"{body.name}: {body.note}, {occasion.months_label}"
            yield Event(occasion, f"meeting-{body.id}", body.meeting_day, summary)


def _add(calendar: Calendar, event: Event, region: str, now: datetime, mark: str) -> None:
    from icalendar import Event as Component

    component = Component()
    component.add("uid", f"{event.occasion.period}-{event.name}@rapportkalender.{_slug(region)}")
    component.add("dtstamp", now.astimezone(UTC))
    component.add("summary", event.summary)
    component.add("dtstart", event.start)
    if not isinstance(event.start, datetime):  # an end must be later than its start, so a moment has none
        component.add("dtend", event.start + timedelta(days=1))
    if mark or event.description:
        component.add("description", f"{mark}{event.description}".strip())
    component.add("transp", "TRANSPARENT")
    component.add("categories", [KIND_LABELS[event.occasion.kind]])
    calendar.add_component(component)


def _slug(region: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", region).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-") or "region"


def _swedish_time() -> Timezone:
    """Swedish time since October 1996 (directive 2000/84/EC and the one before it): last Sundays, 01:00 UTC.

    The library can make a time zone of its own, but dates its spring change an hour late.
    """
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

    winter, summer = timedelta(hours=1), timedelta(hours=2)
    zone = Timezone()
    zone.add("tzid", ZONE)
    for kind, name, start, month, before, after in (
        (TimezoneDaylight, "CEST", datetime(1997, 3, 30, 2), 3, winter, summer),  # noqa: DTZ001 - local by definition
        (TimezoneStandard, "CET", datetime(1996, 10, 27, 3), 10, summer, winter),  # noqa: DTZ001 - local by definition
    ):
        part = kind()
        part.add("dtstart", start)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        part.add("tzname", name)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        zone.add_component(part)
    return zone
