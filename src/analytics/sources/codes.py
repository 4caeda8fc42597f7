"""Checks codes against the reference tables and tells codes that a spreadsheet has damaged from unknown ones."""

from __future__ import annotations

import re
from collections.abc import Collection

import polars as pl

from analytics.errors import CodeError
from analytics.sources.model import LINE
from analytics.sources.problems import Problems

_SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?E[+-]?\d+", re.IGNORECASE)
_AS_DATE = re.compile(
    r"\d{1,2}[-/ ](?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)\w*|\d{4}-\d{2}-\d{2}", re.IGNORECASE
)
_SHOWABLE = re.compile(r"[A-ZÅÄÖ0-9.,-]*\d[A-ZÅÄÖ0-9.,-]*|[A-ZÅÄÖ]{1,4}|[A-ZÅÄÖ]+-[A-ZÅÄÖ]+")
_MOST_CODES = 5


def damage(code: str, known: Collection[str]) -> str:  # noqa: PLR0911
    """How a spreadsheet probably made ``code`` out of a known one; empty if it does not look like that."""
    if code in known:
        return ""
    width = _width(known)
    if _SCIENTIFIC.fullmatch(code):
        return "turned into scientific notation"
    if _AS_DATE.fullmatch(code):
        return "turned into a date"
    if "," in code and code.replace(",", ".") in known:
        return "its point turned into a comma"
    if code.isdigit() and code.zfill(width) in known:
        return "a leading zero lost"
    if re.fullmatch(r"\d+", code) and f"{code}.0" in known:
        return "its decimal lost"
    if re.fullmatch(r"\d+[.,]0+", code) and re.split(r"[.,]", code)[0].zfill(width) in known:
        return "a decimal added"
    return ""


def check(  # noqa: PLR0913
    frame: pl.DataFrame, column: str, known: Collection[str], problems: Problems, *, what: str, file: str
) -> None:
    """Note codes of ``column`` that are not known: damaged and unknown ones apart, each with its first line and count.

    Codes are shown only if they are as short as the known ones and look like codes; others could be a name or a number
    that belongs to a person.
    """
    strange = frame.filter(~pl.col(column).is_in(list(known))).select(LINE, column)
    if strange.is_empty():
        return
    values = strange[column].unique(maintain_order=True).to_list()
    damages = {value: damage(value, known) for value in values}
    damaged = [value for value in values if damages[value]]
    if damaged:
        how = ", ".join(sorted({damages[value] for value in damaged}))
        problems.note_lines(
            strange.filter(pl.col(column).is_in(damaged))[LINE],
            CodeError,
            f"{what} {_listed(damaged, known)}: a spreadsheet has probably damaged the code ({how})",
            column=column,
            action="Ask for the file as exported from the source system, never opened and saved in a spreadsheet.",
        )
    unknown = [value for value in values if not damages[value]]
    if unknown:
        problems.note_lines(
            strange.filter(pl.col(column).is_in(unknown))[LINE],
            CodeError,
            f"unknown {what} {_listed(unknown, known)}",
            column=column,
            action=f"Correct the delivery, or add the code to data/raw/reference/{file} if it is right.",
        )


def _width(known: Collection[str]) -> int:
    return max((len(other) for other in known), default=0)


def _listed(values: list[str], known: Collection[str]) -> str:
    longest = _width(known) + 1
    shown = [_shown(value, longest) for value in values[:_MOST_CODES]]
    more = f" and {len(values) - _MOST_CODES} more" if len(values) > _MOST_CODES else ""
    return ", ".join(dict.fromkeys(shown)) + more


def _shown(value: str, longest: int) -> str:
    if not value:
        return "(blank)"
    return value if len(value) <= longest and _SHOWABLE.fullmatch(value) else "(not shown: no code)"
