"""Finds Swedish personal identity numbers in text: personnummer, samordningsnummer and temporary T-numbers."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable

import polars as pl

from analytics.errors import PersonalDataError
from analytics.sources.model import LINE
from analytics.sources.problems import Problems

_BETWEEN = r"[\s/.-]?"
_BEFORE_SERIAL = r"[\s/.:_+\u2010-\u2015\u2212-]{0,3}"
# Loose on purpose, for the regex engine of polars (no look-around); the few hits are then judged exactly.
_LOOSE = rf"\d{{2}}{_BETWEEN}\d{{2}}{_BETWEEN}\d{{2}}{_BEFORE_SERIAL}[\dTt]\d{{3}}"
_CANDIDATE = re.compile(
    # Looked at from every number on: one that is none may begin with digits that stand before a real one.
    rf"(?<!\d)(?=(?P<century>18|19|20)?(?P<year>\d{{2}}){_BETWEEN}(?P<month>\d{{2}}){_BETWEEN}(?P<day>\d{{2}})"
    rf"{_BEFORE_SERIAL}(?P<serial>[\dTt]\d{{3}})(?!\d))"
)
_VAT_NUMBER = re.compile(r"SE\s?(\d{6}-?\d{4})\s?01(?!\d)", re.IGNORECASE)
"""The VAT number of a sole trader is the personal identity number between two marks."""
_COORDINATION = 60
"""Samordningsnummer have 60 added to the day."""


def holds_identity_number(text: str) -> bool:
    """Whether a personal identity number stands anywhere in the text (date and check digit must fit)."""
    return any(_is_real(match) for match in _CANDIDATE.finditer(_VAT_NUMBER.sub(r" \1 ", text)))


def _is_real(match: re.Match[str]) -> bool:
    month, day = int(match["month"]), int(match["day"])
    day -= _COORDINATION if day > _COORDINATION else 0
    years = [int((match["century"] or century) + match["year"]) for century in ("19", "20")]
    if not 1 <= month <= 12 or not any(1 <= day <= calendar.monthrange(year, month)[1] for year in years):
        return False
    serial = match["serial"].upper()
    if serial.startswith("T"):
        return True
    digits = match["year"] + match["month"] + match["day"] + serial
    return _luhn_sum(digits) % 10 == 0


def _luhn_sum(digits: str) -> int:
    doubled = (int(digit) * (2 - index % 2) for index, digit in enumerate(digits))
    return sum(value - 9 if value > 9 else value for value in doubled)


def check(frame: pl.DataFrame, columns: Iterable[str], problems: Problems) -> None:
    """Note every one of the columns that holds an identity number, never its value."""
    for column in columns:
        suspects = frame.filter(pl.col(column).str.contains(_LOOSE)).select(LINE, column)
        if suspects.is_empty():
            continue
        values = suspects[column].unique().to_list()
        guilty = [value for value in values if holds_identity_number(value)]
        problems.note_lines(
            suspects.filter(pl.col(column).is_in(guilty))[LINE],
            PersonalDataError,
            "a personal identity number stands where none may be",
            column=column,
            action="Ask the supplier for a file without it, and delete this one where it lies; nothing was taken.",
        )
