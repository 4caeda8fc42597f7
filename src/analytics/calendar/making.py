"""Entry of a calendar file + rules → occasion, with every contradiction refused."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, datetime
from difflib import get_close_matches
from typing import cast

from analytics.calendar.model import STOCKHOLM, Body, Kind, Occasion, Unreported
from analytics.calendar.reading import Document, Entry, UnreportedEntry
from analytics.calendar.rules import Rules
from analytics.calendar.workdays import day_off
from analytics.errors import SettingsError
from analytics.periods import Period

UnitsOf = Callable[[Period], Collection[str]]
"""Codes of the administrations that are valid in a month."""

_LATEST = 12
"""No day of an occasion lies more than so many months after its month: a wrong year would never come due."""


def occasion_of(document: Document, entry: Entry, rules: Rules, units_of: UnitsOf) -> Occasion:
    """The occasion of one entry.

    Raises SettingsError with file and key: a day that is no working day, a closing before the month's end, an embargo
    before the opening, a limit of waiting before the opening or after the first meeting, an unknown unit or body, or
    something else than the rules say without an ``exception``.
    """
    place = f"occasion {entry.period}:"
    kind = cast("Kind", entry.kind) if entry.kind else rules.kind(entry.period)
    with_forecast = rules.with_forecast(entry.period) if entry.with_forecast is None else entry.with_forecast
    _check_body_ids(document, place, entry, rules)
    differences = _differences(entry, kind, rules, with_forecast=with_forecast)
    _check_exception(document, place, entry.exception, differences)
    _check_units(document, place, entry, units_of(entry.period))
    occasion = Occasion(
        period=entry.period,
        kind=kind,
        with_forecast=with_forecast,
        ledger_closes=entry.ledger_closes or rules.ledger_closes(entry.period),
        time_complete=entry.time_complete or rules.time_complete(entry.period),
        wait_until=entry.wait_until or rules.wait_until(entry.period),
        embargo_until=entry.embargo_until,
        units=entry.units,
        bodies=(),
        exception=entry.exception,
    )
    _check_days(document, place, entry, occasion)
    _check_order(document, place, entry, occasion)
    bodies = _bodies(document, place, entry, occasion, rules)
    return replace(occasion, bodies=bodies)


def unreported_of(document: Document, entry: UnreportedEntry, rules: Rules) -> Unreported:
    """A month without a report. Raises SettingsError where the rules have one and the file does not say why not."""
    differences = ["the rules have a report of this month"] if rules.is_reported(entry.period) else []
    _check_exception(document, f"not_reported {entry.period}:", entry.exception, differences)
    return Unreported(entry.period, entry.exception or entry.why)


def _differences(entry: Entry, kind: Kind, rules: Rules, *, with_forecast: bool) -> list[str]:
    """What the entry says otherwise than the rules, in the words of the error."""
    found = []
    if not rules.is_reported(entry.period):
        found.append("the rules have no report of this month")
    if kind != rules.kind(entry.period):
        found.append(f"kind is {kind}, the rules say {rules.kind(entry.period)}")
    if with_forecast != rules.with_forecast(entry.period):
        found.append(f"with_forecast is {_word(with_forecast)}, the rules say {_word(not with_forecast)}")
    recipients = {each.body: each for each in rules.recipients(kind, with_forecast=with_forecast)}
    for name, day in entry.meetings.items():
        if name not in recipients:
            found.append(f"meetings.{name}: the rules do not give this report to {name}")
            continue
        if recipients[name].kind == "forecast":
            found.append(f"meetings.{name}: reports with forecast go to {name} without a meeting")
            continue
        month = entry.period.plus(recipients[name].months_after)
        if recipients[name].months_after and Period.of(day) != month:
            found.append(f"meetings.{name} is {day}, the rules say {month}")
    return found


def _word(value: bool) -> str:  # noqa: FBT001 - the value itself is asked about
    return "true" if value else "false"


def _check_exception(document: Document, place: str, exception: str, differences: list[str]) -> None:
    if differences and not exception:
        raise document.wrong(
            place, differences[0], 'Correct it, or say why in exception = "…"; the rules stand in [calendar].'
        )
    if exception and not differences:
        raise document.wrong(
            place, "exception stands although nothing differs from the rules", "Remove it: it would hide a later error."
        )


def _check_units(document: Document, place: str, entry: Entry, known: Collection[str]) -> None:
    for code in entry.units:
        if code not in known:
            listing = ", ".join(sorted(known))
            raise document.wrong(
                place, f"units: there is no administration {code!r} in {entry.period}", f"Units: {listing}."
            )


def _check_body_ids(document: Document, place: str, entry: Entry, rules: Rules) -> None:
    for name in entry.meetings:
        if name not in rules.body_ids:
            near = get_close_matches(name, rules.body_ids, n=1)
            hint = f"Nearest: {near[0]}. " if near else ""
            raise document.wrong(
                place, f"meetings.{name} is an unknown body", f"{hint}Known: {', '.join(rules.body_ids)}."
            )


def _check_days(document: Document, place: str, entry: Entry, occasion: Occasion) -> None:
    """Every day is a working day, after the month, and not years later."""
    days = {
        "ledger_closes": occasion.ledger_closes,
        "time_complete": occasion.time_complete,
        "wait_until": occasion.wait_until,
        **({"embargo_until": occasion.embargo_until.date()} if occasion.embargo_until else {}),
        **{f"meetings.{name}": day for name, day in entry.meetings.items()},
    }
    last = occasion.period.plus(_LATEST).last_day
    for key, day in days.items():
        if day < occasion.period.last_day:
            raise document.wrong(place, f"{key} is {day}, before {occasion.period} has ended")
        if day > last:
            raise document.wrong(place, f"{key} is {day}, more than a year after {occasion.period}")
        off = day_off(day)
        if off:
            raise document.wrong(place, f"{key} is {day}, which is no working day ({off})")


def _check_order(document: Document, place: str, entry: Entry, occasion: Occasion) -> None:
    if occasion.embargo_until is not None and occasion.embargo_until <= occasion.complete:
        raise document.wrong(
            place,
            f"embargo_until is {_moment(occasion.embargo_until)}, but the month is complete first "
            f"{_moment(occasion.complete)}: the embargo would hold nothing back",
        )
    if occasion.wait_until < occasion.opens.date():
        raise document.wrong(
            place, f"wait_until is {occasion.wait_until}, before the report may be made ({_moment(occasion.opens)})"
        )
    for name, day in entry.meetings.items():
        if day < occasion.wait_until:
            raise document.wrong(
                place,
                f"meetings.{name} is {day}, but late data are waited for until {occasion.wait_until}: "
                "the report could come after the meeting",
            )


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}"


def _bodies(document: Document, place: str, entry: Entry, occasion: Occasion, rules: Rules) -> tuple[Body, ...]:
    recipients = rules.recipients(occasion.kind, with_forecast=occasion.with_forecast)
    found = []
    for recipient in recipients:
        month = occasion.period.plus(recipient.months_after) if recipient.months_after else None
        day = entry.meetings.get(recipient.body)
        known_from = day or (month.first_day if month else occasion.opens.date())
        name = _body_name(document, place, rules, recipient.body, known_from)
        found.append(Body(name, day, recipient.note, recipient.body, month, meets=recipient.kind != "forecast"))
    expected = {recipient.body for recipient in recipients}
    for identity, day in entry.meetings.items():
        if identity not in expected:
            name = _body_name(document, place, rules, identity, day)
            found.append(Body(name, day, occasion.exception, identity))
    return tuple(found)


def _body_name(document: Document, place: str, rules: Rules, identity: str, day: date) -> str:
    name = rules.body_name(identity, day)
    if name is None:
        raise document.wrong(place, f"the body {identity} has no name on {day}", "Add it to [[calendar.body]].")
    return name


def check_order_of_openings(document_of: Callable[[int], Document], occasions: Collection[Occasion]) -> None:
    """Months open one after the other: a report is compared with the one before, and made oldest first."""
    earlier: Occasion | None = None
    for occasion in sorted(occasions, key=lambda each: each.period):
        if earlier is not None and occasion.opens <= earlier.opens:
            raise _too_early(document_of(occasion.period.year), earlier, occasion)
        earlier = occasion


def _too_early(document: Document, earlier: Occasion, occasion: Occasion) -> SettingsError:
    return document.wrong(
        f"occasion {occasion.period}:",
        f"may be made from {_moment(occasion.opens)}, not after {earlier.period} ({_moment(earlier.opens)})",
        "Let the months open in order: a report is compared with the one before it.",
    )
