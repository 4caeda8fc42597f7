"""Checks that several layouts share: values that could not be read, months of rows, employee numbers."""

from __future__ import annotations

import re

import polars as pl

from analytics.errors import CellValueError, CodeError, DeliveryPeriodError
from analytics.periods import Period
from analytics.sources import cells
from analytics.sources.model import LINE
from analytics.sources.problems import Problems

_MONTH = re.compile(r"(?:19|20)\d{2}(?:0\d|1[0-3])")
_YEARS_NEAR = 10
CORRECT = "Ask the supplier to correct the value in the source system and to deliver the file again."


def typed(
    frame: pl.DataFrame, values: dict[str, tuple[str, pl.Expr]], problems: Problems, *, optional: tuple[str, ...] = ()
) -> pl.DataFrame:
    """Add typed columns (new name → delivered column and expression); note cells that could not be read.

    A blank cell is refused too unless the delivered column is in ``optional``.
    """
    result = frame.with_columns(expression.alias(name) for name, (_, expression) in values.items())
    for name, (column, _) in values.items():
        bad = pl.col(name).is_null()
        if column in optional:
            bad &= ~cells.is_blank(column)
        problems.flag(
            result,
            bad,
            CellValueError,
            "the cell cannot be read as what its column says",
            column=column,
            action=CORRECT,
        )
    return result


def row_months(frame: pl.DataFrame, allowed: list[Period], problems: Problems) -> pl.DataFrame:
    """Add ``period`` from ``Period`` (ÅÅÅÅMM); note rows of other months than the allowed ones."""
    months = [period.compact for period in allowed]
    names = pl.Series([str(period) for period in allowed])
    placed = frame.with_columns(
        pl.col("Period").replace_strict(pl.Series(months), names, default=None, return_dtype=pl.String).alias("period")
    )
    wrong = placed.filter(pl.col("period").is_null())
    if not wrong.is_empty():
        found = [value for value in wrong["Period"].unique().sort().to_list() if _MONTH.fullmatch(value)]
        spoken = f": {', '.join(found[:5])}" if found else ""
        span = str(allowed[0]) if len(allowed) == 1 else f"{allowed[0]} to {allowed[-1]}"
        problems.note_lines(
            wrong[LINE],
            DeliveryPeriodError,
            f"wrong period inside the file{spoken} (the file may hold {span})",
            column="Period",
            action="Check that the right month was exported and that the file has the right name.",
        )
    return placed


def employee_numbers(frame: pl.DataFrame, problems: Problems) -> None:
    """Note employee numbers that are blank, damaged by a spreadsheet or no numbers at all."""
    running_numbers(frame, "Anstnr", "employee number", problems)


def running_numbers(frame: pl.DataFrame, column: str, what: str, problems: Problems) -> None:
    """Note numbers of persons or contacts that are blank, damaged by a spreadsheet or no numbers at all."""
    damaged = pl.col(column).str.contains(r"(?i)^\d+([.,]\d+)?E\+?\d+$")
    problems.flag(
        frame,
        damaged,
        CodeError,
        f"a spreadsheet has probably damaged the {what} (scientific notation)",
        column=column,
        action="Ask for the file as exported, never opened and saved in a spreadsheet.",
    )
    problems.flag(
        frame,
        ~damaged & ~pl.col(column).str.contains(r"^[A-Za-z-]{0,8}[0-9][0-9A-Za-z-]{0,15}$"),
        CellValueError,
        f"the {what} is blank or no number",
        column=column,
        action=CORRECT,
    )


def normalised(column: str) -> pl.Expr:
    """A number as it is hashed: two that differ in leading zeros or letter case are the same."""
    return pl.col(column).str.to_uppercase().str.strip_chars_start("0")


def days_near(frame: pl.DataFrame, days: dict[str, str], period: Period, problems: Problems) -> None:
    """Note days (typed name → delivered column) so far from the month of the file that they must be mistyped."""
    lowest, highest = period.plus(-12 * _YEARS_NEAR).first_day, period.plus(12 * _YEARS_NEAR).last_day
    for name, column in days.items():
        problems.flag(
            frame,
            ~pl.col(name).is_between(lowest, highest),
            CellValueError,
            f"the date lies more than {_YEARS_NEAR} years from {period}",
            column=column,
            action=CORRECT,
        )


def whole_hours_of(period: Period) -> int:
    """Hours that the month has."""
    return 24 * period.last_day.day


def within(  # noqa: PLR0913, PLR0917 - a column by its two names, its limits, and what is said of it
    frame: pl.DataFrame,
    name: str,
    column: str,
    limits: tuple[float, float],
    problems: Problems,
    said: str = "the value",
) -> None:
    """Flag values outside the limits; both ends are allowed."""
    lowest, highest = limits
    problems.flag(
        frame,
        ~pl.col(name).is_between(lowest, highest),
        CellValueError,
        f"{said} is not between {lowest:g} and {highest:g}",
        column=column,
        action=CORRECT,
    )


def spell(frame: pl.DataFrame, what: str, period: Period, problems: Problems, *, outside: str) -> None:
    """Flag spells (``start_date``, ``end_date``) that end before they begin, or touch no day of the period."""
    problems.flag(
        frame,
        pl.col("end_date") < pl.col("start_date"),
        CellValueError,
        f"the {what} ends before it begins",
        column="Tom",
        action=CORRECT,
    )
    problems.flag(
        frame,
        (pl.col("start_date") > period.last_day) | (pl.col("end_date") < period.first_day),
        DeliveryPeriodError,
        f"wrong period inside the file: {outside}",
        column="From",
        action="Check that the right month was exported and that the file has the right name.",
    )
