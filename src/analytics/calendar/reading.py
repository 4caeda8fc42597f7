"""``calendar_<year>.toml`` → entries, strictly: what stands in the file, before any rule fills in the rest."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from analytics.calendar.model import STATUSES, STOCKHOLM, Status
from analytics.errors import Location, SettingsError, UsageError
from analytics.periods import Period

PATTERN = "calendar_*.toml"
_NAME = re.compile(r"calendar_(?P<year>\d{4})\.toml")
_TYPES: Mapping[type, str] = {
    str: "a text in quotes",
    bool: "true or false",
    int: "a whole number",
    date: "a day as 2018-04-10, without quotes",
    datetime: "a day and time as 2018-04-16T08:00:00, without quotes and without offset",
    list: "a list",
    dict: "a table",
}
_KINDS = ("month", "quarter", "interim", "year")


@dataclass(frozen=True, slots=True)
class Entry:
    """One ``[[occasion]]`` as it stands; None and empty where the file says nothing and the rules decide."""

    period: Period
    kind: str | None
    with_forecast: bool | None
    ledger_closes: date | None
    time_complete: date | None
    wait_until: date | None
    embargo_until: datetime | None
    units: tuple[str, ...]
    meetings: Mapping[str, date]
    exception: str


@dataclass(frozen=True, slots=True)
class UnreportedEntry:
    """One ``[[not_reported]]``: ``why`` is the reason, ``exception`` why it differs from the rules."""

    period: Period
    why: str
    exception: str


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read."""

    file: Path
    year: int
    status: Status
    source: str
    entries: tuple[Entry, ...]
    unreported: tuple[UnreportedEntry, ...]

    def wrong(self, place: str, problem: str, action: str = "") -> SettingsError:
        """An error about one key of this file."""
        return SettingsError(f"{place} {problem}", where=Location(self.file), action=action)


def year_of(file: Path) -> int:
    """The year in a file's name. Raises SettingsError for a name that would leave the file unread."""
    match = _NAME.fullmatch(file.name)
    if match is None:
        raise SettingsError("the name of a calendar file must be calendar_<year>.toml", where=Location(file))
    return int(match["year"])


def read(file: Path) -> Document:
    """Read one calendar file.

    Raises SettingsError with file and key: not readable, not TOML, an unknown or missing key, a wrong type, another
    year than the file's name, a month twice, or a time that does not exist (or exists twice) in Sweden.
    """
    year = year_of(file)
    top = _Keys(file, "", _parse(file))
    if top.must("year", int) != year:
        raise top.wrong("year", f"is {top.must('year', int)}, but the file's name says {year}")
    status = next((known for known in STATUSES if known == top.must("status", str)), None)
    if status is None:
        raise top.wrong("status", f"must be {' or '.join(STATUSES)}")
    source = top.text("source")
    entries = tuple(_entry(file, raw, index) for index, raw in enumerate(top.may("occasion", list) or ()))
    unreported = tuple(_unreported(file, raw, index) for index, raw in enumerate(top.may("not_reported", list) or ()))
    top.done()
    document = Document(file, year, status, source, entries, unreported)
    _check_months(document)
    return document


def _parse(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as stream:
            return tomllib.load(stream)
    except OSError as error:
        raise SettingsError(f"the calendar cannot be read: {error.strerror}", where=Location(file)) from None
    except UnicodeDecodeError:
        raise SettingsError("the calendar is not UTF-8", where=Location(file), action="Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"the calendar is not valid TOML: {error}", where=Location(file), action="Mend the line that is named."
        ) from None


def _entry(file: Path, raw: object, index: int) -> Entry:
    keys = _Keys.of_month(file, "occasion", raw, index)
    kind = keys.may("kind", str)
    if kind is not None and kind not in _KINDS:
        raise keys.wrong("kind", f"must be one of {', '.join(_KINDS)}")
    meetings = _Keys(file, f"{keys.place}.meetings", keys.may("meetings", dict) or {})
    entry = Entry(
        period=keys.period("period"),
        kind=kind,
        with_forecast=keys.may("with_forecast", bool),
        ledger_closes=keys.may("ledger_closes", date),
        time_complete=keys.may("time_complete", date),
        wait_until=keys.may("wait_until", date),
        embargo_until=keys.moment("embargo_until"),
        units=keys.codes("units"),
        meetings={name: meetings.must(name, date) for name in meetings.names},
        exception=keys.text("exception", required=False),
    )
    keys.done()
    return entry


def _unreported(file: Path, raw: object, index: int) -> UnreportedEntry:
    keys = _Keys.of_month(file, "not_reported", raw, index)
    entry = UnreportedEntry(keys.period("period"), keys.text("why"), keys.text("exception", required=False))
    keys.done()
    return entry


def _check_months(document: Document) -> None:
    """Each month of the year once; a month that is forgotten would be a report that nobody misses."""
    seen: set[Period] = set()
    periods = [entry.period for entry in document.entries] + [entry.period for entry in document.unreported]
    for period in periods:
        if period.year != document.year:
            raise document.wrong(f"period {period}", f"does not belong in the calendar of {document.year}")
        if period in seen:
            raise document.wrong(f"period {period}", "stands twice")
        seen.add(period)
    for month in range(1, 13):
        if Period(document.year, month) not in seen:
            raise document.wrong(
                f"period {Period(document.year, month)}",
                "is missing",
                "Give it as [[occasion]], or as [[not_reported]] with the reason.",
            )


class _Keys:
    """The keys of one table of the file; each is asked for by name and type, and those left over are unknown."""

    def __init__(self, file: Path, place: str, raw: object) -> None:
        self.file = file
        self.place = place
        if not isinstance(raw, dict):
            raise SettingsError(f"{place} must be a table", where=Location(file))
        self._raw = raw
        self._asked: list[str] = []

    @classmethod
    def of_month(cls, file: Path, name: str, raw: object, index: int) -> _Keys:
        """Keys of a month's table, which errors call by its month where it has one."""
        period = raw.get("period") if isinstance(raw, dict) else None
        return cls(file, f"{name} {period}" if isinstance(period, str) else f"{name}[{index}]", raw)

    @property
    def names(self) -> list[str]:
        return list(self._raw)

    def wrong(self, name: str, problem: str) -> SettingsError:
        return SettingsError(f"{self.place}{': ' if self.place else ''}{name} {problem}", where=Location(self.file))

    def may[T](self, name: str, kind: type[T]) -> T | None:
        self._asked.append(name)
        value = self._raw.get(name)
        if value is None:
            return None
        if type(value) is not kind:  # a datetime is a date, and true a number; neither is meant
            raise self.wrong(name, f"must be {_TYPES[kind]}")
        return value

    def must[T](self, name: str, kind: type[T]) -> T:
        value = self.may(name, kind)
        if value is None:
            raise self.wrong(name, "is missing")
        return value

    def text(self, name: str, *, required: bool = True) -> str:
        value = self.must(name, str) if required else self.may(name, str)
        if value is not None and not value.strip():
            raise self.wrong(name, "is empty")
        return value or ""

    def period(self, name: str) -> Period:
        try:
            return Period.parse(self.must(name, str))
        except UsageError:
            raise self.wrong(name, 'must be a month in quotes, as "2018-03"') from None

    def codes(self, name: str) -> tuple[str, ...]:
        codes = self.may(name, list)
        if codes is None:
            return ()
        if not codes or not all(isinstance(code, str) for code in codes):
            raise self.wrong(name, 'must be a list of codes in quotes, as ["17"]; leave it out for all units')
        if len(set(codes)) != len(codes):
            raise self.wrong(name, "names a unit twice")
        return tuple(codes)

    def moment(self, name: str) -> datetime | None:
        """A local time of Sweden. Refused in the hour that is left out in spring and that comes twice in autumn."""
        value = self.may(name, datetime)
        if value is None:
            return None
        if value.tzinfo is not None:
            raise self.wrong(name, "must stand without offset: times of the calendar are Swedish time")
        first, second = (value.replace(tzinfo=STOCKHOLM, fold=fold).utcoffset() for fold in (0, 1))
        if first != second:
            raise self.wrong(name, "lies in the hour when the clock is changed; choose another hour")
        return value.replace(tzinfo=STOCKHOLM)

    def done(self) -> None:
        for name in self._raw:
            if name not in self._asked:
                near = get_close_matches(name, self._asked, n=1)
                hint = f"; the nearest is {near[0]}" if near else f"; known are {', '.join(self._asked)}"
                raise self.wrong(name, f"is an unknown key{hint}")
