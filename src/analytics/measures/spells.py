"""Continuous sick leave: parts of absence joined into spells, and how long each spell was."""

from __future__ import annotations

from datetime import date, timedelta

import narwhals as nw

from analytics.measures.scope import Data, Lazy, Scope, Slices, lazy
from analytics.periods import Period, PeriodRange

EPOCH = date(1970, 1, 1)
FIRST_DAY = 719_468
"""Days from 1 March of the year 0 to 1970-01-01."""


def sick_rows(data: Data, scope: Scope) -> Lazy:
    """All absence rows of the absence groups that count as sick leave."""
    return lazy(data.absence).filter(nw.col("absence_group").is_in(sorted(scope.reference.sick_leave_groups)))


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def month_end() -> nw.Expr:
    """The number of the last day of the row's month (``period``): where a part of a spell that still runs ends.

    Days are counted from 1 March, so that the leap day is the last of its year: the day before the first of the next
    month, in the calendar's own arithmetic, which every engine has.
    """
    month = nw.col("period").str.slice(5, 2).cast(nw.Int64)
    following = month % 12 + 1
    since_march = (following + 9) % 12
    year = nw.col("period").str.slice(0, 4).cast(nw.Int64) + month // 12 - (following <= 2).cast(nw.Int64)
    days = year * 365 + year // 4 - year // 100 + year // 400 + (since_march * 153 + 2) // 5
    return days - FIRST_DAY - 1


def days_of(column: str) -> nw.Expr:
    """A date as :func:`day_number`, by the rules of the calendar: no engine is asked for the length of an interval."""
    year = nw.col(column).dt.year().cast(nw.Int64)
    leap_days = (year - 1969) // 4 - (year - 1901) // 100 + (year - 1601) // 400
    return (year - 1970) * 365 + leap_days + nw.col(column).dt.ordinal_day().cast(nw.Int64) - 1


def missing_history(slices: Slices, *, known: list[str], days: int) -> dict[str, list[str]]:
    """Months that a slice needs before its start and the absence table does not have; slices with none are left out.

    A spell that is long on the first day of the slice began up to ``days`` − 1 days before it. Without those months
    it looks short, and the share of long spells would come out too low.
    """
    missing = {}
    for code, months in slices.ranges.items():
        first_day = months.first.first_day
        history = PeriodRange(Period.of(first_day - timedelta(days=days - 1)), months.first).months
        missing[code] = [month for month in history if month not in known]
    return {code: months for code, months in missing.items() if months}


def sick_hours_by_spell(data: Data, scope: Scope, months: PeriodRange, *, known: list[str]) -> Lazy:
    """Sick-leave rows inside the range with the length of the spell that each belongs to.

    Parts of one person's sick leave are one spell when they overlap or follow on each other without a free day
    (next start ≤ latest end so far + 1 day), over month ends and over the start of the range. The length counts
    calendar days up to the end of the range, so that later knowledge does not make one year longer than the other.

    Args:
        data: the processed tables.
        scope: which absence groups are sick leave.
        months: the range; rows of later months are not used.
        known: all months of the absence table, so that earlier months give spells their true start.

    Returns:
        ``period``, ``employee_key``, ``hours``, ``spell_days``.

    Source: lag 1997:614 4 kap. 1 a §; SKR, Definition av nyckeltal 2024-03-04.
    """
    history = [month for month in known if month <= str(months.last)]
    inside = sick_rows(data, scope).filter(nw.col("period").is_in(months.months))
    persons = inside.select("employee_key").unique()
    last_day = day_number(months.last.last_day)
    parts = (
        sick_rows(data, scope)
        .filter(nw.col("period").is_in(history))
        .join(persons, on="employee_key", how="semi")
        .with_columns(first=days_of("start_date"), given=days_of("end_date"), month_end=month_end())
        .with_columns(end=nw.coalesce("given", "month_end"))
        .with_columns(end=nw.when(nw.col("end") > last_day).then(nw.lit(last_day)).otherwise(nw.col("end")))
        # A part that runs since before its month and has no end yet still lasts at least its first day.
        .with_columns(last=nw.when(nw.col("end") < nw.col("first")).then(nw.col("first")).otherwise(nw.col("end")))
        .select("period", "employee_key", "first", "last", "hours")
    )
    order = ("first", "last", "period", "hours")
    numbered = (
        parts.with_columns(reach=nw.col("last").cum_max().over("employee_key", order_by=order))
        .with_columns(before=nw.col("reach").shift(1).over("employee_key", order_by=order))
        .with_columns(
            begins=(nw.col("before").is_null() | (nw.col("first") > nw.col("before") + 1)).cast(nw.Int64),
        )
        .with_columns(spell=nw.col("begins").cum_sum().over("employee_key", order_by=order))
    )
    lengths = (
        numbered.group_by("employee_key", "spell")
        .agg(nw.col("first").min().alias("spell_first"), nw.col("last").max().alias("spell_last"))
        .with_columns(spell_days=nw.col("spell_last") - nw.col("spell_first") + 1)
        .select("employee_key", "spell", "spell_days")
    )
    return (
        numbered.filter(nw.col("period").is_in(months.months))
        .join(lengths, on=["employee_key", "spell"], how="left")
        .select("period", "employee_key", "hours", "spell_days")
    )
