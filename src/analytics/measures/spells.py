"""Continuous sick leave: parts of absence joined into spells, and how long each spell was."""

from __future__ import annotations

from datetime import date, timedelta

import narwhals as nw
import polars as pl

from analytics.measures.scope import Data, Lazy, Scope, Slices, lazy
from analytics.periods import Period, PeriodRange

EPOCH = date(1970, 1, 1)
MINUTES_PER_DAY = 24 * 60


def sick_rows(data: Data, scope: Scope) -> Lazy:
    """All absence rows of the absence groups that count as sick leave."""
    return lazy(data.absence).filter(nw.col("absence_group").is_in(sorted(scope.reference.sick_leave_groups)))


def month_ends(months: list[str]) -> pl.LazyFrame:
    """The last day of each month: where a part of a spell that still runs ends."""
    starts = pl.Series("period", months, dtype=pl.String)
    days = (starts + "-01").str.to_date("%Y-%m-%d").dt.month_end()
    return pl.LazyFrame({"period": starts, "month_end": days})


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
    last_day = nw.lit(months.last.last_day)
    parts = (
        sick_rows(data, scope)
        .filter(nw.col("period").is_in(history))
        .join(persons, on="employee_key", how="semi")
        .join(nw.from_native(month_ends(history)), on="period", how="left")
        .with_columns(end=nw.coalesce("end_date", "month_end"))
        .with_columns(end=nw.when(nw.col("end") > last_day).then(last_day).otherwise(nw.col("end")))
        # A part that runs since before its month and has no end yet still lasts at least its first day.
        .with_columns(
            end=nw.when(nw.col("end") < nw.col("start_date")).then(nw.col("start_date")).otherwise(nw.col("end"))
        )
        .select("period", "employee_key", "start_date", "end", "hours")
        .with_columns(
            first=(nw.col("start_date") - nw.lit(EPOCH)).dt.total_minutes() // MINUTES_PER_DAY,
            last=(nw.col("end") - nw.lit(EPOCH)).dt.total_minutes() // MINUTES_PER_DAY,
        )
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
