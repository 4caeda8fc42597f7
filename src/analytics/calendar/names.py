"""Names of reports, old and new, in the words of the documents → from, to and with-forecast.

Sources: monthly, quarterly, interim and yearly reports 004:302-340; "tertialbokslut mars och augusti" and
"helårsbokslut" 000:1467-1468; "månadsbokslut", "delårsbokslut" 000:141; "årsbokslut" 001:144; "årsrapport" 002:519.
A report adds its figures up from January; only a name that says two months starts with the first of them
("delårsrapport april–augusti", 004:323), and :attr:`Named.accumulated` is from January even then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Final, NamedTuple

from analytics.calendar.model import KIND_LABELS, Kind
from analytics.errors import UsageError
from analytics.periods import MONTH_NAMES, Period, PeriodRange

UNREPORTED: Final = (6,)
WITH_FORECAST: Final = (3, 5, 8)
KINDS: Final[dict[int, Kind]] = {3: "quarter", 8: "interim", 12: "year"}
"""After which month which kind of report was made; a monthly report after every other (004:302-340)."""

_MONTHLY = ("månadsrapport", "månadsbokslut", "bokslutsrapport")
_FORECAST = ("prognosrapport", "prognos")
_QUARTERLY = ("kvartalsrapport", "kvartalsbokslut")
_INTERIM = ("delårsrapport", "delårsbokslut")
_TERTIAL = ("tertialbokslut", "tertialrapport")
_YEARLY = ("årsredovisning", "verksamhetsberättelse", "årsbokslut", "helårsbokslut", "årsrapport", "bokslutsrapport")
_STARTS = tuple(dict.fromkeys((*_MONTHLY, *_FORECAST, *_TERTIAL, *_QUARTERLY, *_INTERIM, *_YEARLY)))
_YEAR = re.compile(r"(?:19|20)\d\d")
_DASHES = re.compile(r"\s*[-‐‑–—]\s*")
_SHORT = {name[:3]: name for name in MONTH_NAMES} | {"sept": "september"}


class _Span(NamedTuple):
    first: int
    last: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Named:
    """What a report's name means: its months (both included), whether it has a forecast, and its kind."""

    first: Period
    last: Period
    with_forecast: bool
    kind: Kind

    @property
    def accumulated(self) -> PeriodRange:
        """The months whose figures the report adds up: January to its last month."""
        return self.last.accumulated

    def as_record(self) -> dict[str, object]:
        """For ``--json``."""
        return {
            "from": str(self.first),
            "to": str(self.last),
            "with_forecast": self.with_forecast,
            "kind": self.kind,
            "accumulated_from": str(self.accumulated.first),
        }

    def __str__(self) -> str:
        """Swedish: ``Delårsrapport: april–augusti 2018 (siffrorna från januari), med prognos``."""
        months = PeriodRange(self.first, self.last)
        added = "" if self.first == self.accumulated.first else " (siffrorna från januari)"
        return f"{KIND_LABELS[self.kind]}: {months.label}{added}, {'med' if self.with_forecast else 'utan'} prognos"


def resolve(text: str, year: int | None = None) -> Named:
    """The report that a name means: ``tertialbokslut mars`` of 2018 → January to March 2018, with forecast.

    ``year`` is the year that the report is about; it may stand in the name instead. Capital letters, spaces, kinds of
    dashes and months cut to three letters do not matter. Raises UsageError for a name that is not known, with the
    nearest ones, for a report that was never made (after June), and without or with two different years.
    """
    name, named_year = _normalised(text)
    span = _known().get(name)
    if span is None:
        raise _unknown(text, name)
    if named_year is not None and year is not None and named_year != year:
        raise UsageError(f"{text!r} is a report of {named_year}, not of {year}", action="Give one year.")
    about = named_year if named_year is not None else year
    if about is None:
        raise UsageError(f"{text!r} does not say of which year", action=f"Add the year: “{name} 2018”.")
    return Named(Period(about, span.first), Period(about, span.last), span.last in WITH_FORECAST, span.kind)


def names() -> tuple[str, ...]:
    """Every known name, without a year."""
    return tuple(_known())


def _normalised(text: str) -> tuple[str, int | None]:
    """The name in small letters with full months and short dashes, and the year that stands in it."""
    words = _DASHES.sub(" - ", " ".join(text.casefold().split())).split()
    years = [int(word) for word in words if _YEAR.fullmatch(word)]
    if len(set(years)) > 1:
        raise UsageError(f"{text!r} names more than one year", action="Give one year.")
    kept = [_SHORT.get(word.rstrip("."), word) for word in words if not _YEAR.fullmatch(word)]
    return " ".join(kept).replace(" - ", "–"), years[0] if years else None


def _unknown(text: str, name: str) -> UsageError:
    if any(name == f"{start} {MONTH_NAMES[month - 1]}" for month in UNREPORTED for start in (*_MONTHLY, *_FORECAST)):
        return UsageError(f"{text!r}: no report is made after June", action="The report of July covers both months.")
    near = get_close_matches(name, _known(), n=3)
    hint = f"Nearest: {', '.join(near)}." if near else f"Known, with a month where one is needed: {', '.join(_STARTS)}."
    return UsageError(f"{text!r} is not the name of a report", action=hint)


@cache
def _known() -> dict[str, _Span]:
    return dict(_all_names())


def _all_names() -> Iterator[tuple[str, _Span]]:
    for month in range(1, 13):
        if month in UNREPORTED:
            continue
        span = _Span(1, month, KINDS.get(month, "month"))
        starts = (*_MONTHLY, *_FORECAST) if month in WITH_FORECAST else _MONTHLY
        yield from _dated(starts, span)
    yield from _dated(_TERTIAL, _Span(1, 3, "quarter"))
    yield from _dated(_TERTIAL, _Span(1, 8, "interim"))
    yield from _dated(_QUARTERLY, _Span(1, 3, "quarter"))
    yield from _dated(_INTERIM, _Span(1, 8, "interim"))
    yield from _dated(_INTERIM, _Span(4, 8, "interim"))
    yield from _dated(_YEARLY, _Span(1, 12, "year"))
    for name in _QUARTERLY:
        yield name, _Span(1, 3, "quarter")
    for name in _INTERIM:
        yield name, _Span(1, 8, "interim")
    for name in _YEARLY:
        yield name, _Span(1, 12, "year")


def _dated(starts: tuple[str, ...], span: _Span) -> Iterator[tuple[str, _Span]]:
    """``kvartalsrapport mars`` (from January) and ``kvartalsrapport januari–mars``."""
    first, last = MONTH_NAMES[span.first - 1], MONTH_NAMES[span.last - 1]
    for start in starts:
        if span.first == 1:
            yield f"{start} {last}", span
        if span.first != span.last:
            yield f"{start} {first}–{last}", span
