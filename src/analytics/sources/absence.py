"""P3: absence per person, group and month (Heroma), spells split at month ends."""

from __future__ import annotations

import polars as pl

from analytics import pseudonyms
from analytics.errors import CellValueError, DeliveryPeriodError
from analytics.sources import cells, checks, codes, personal
from analytics.sources.model import Context, Layout, RawRows, Reading
from analytics.sources.problems import Problems

_OPEN = "9999-12-31"


def read(raw: RawRows, layout: Layout, context: Context) -> Reading:
    """Absence with keyed employee numbers; ``Orsak`` is checked and left behind.

    Raises the DeliveryError of the first kind of problem, with the others told in it.
    """
    period = raw.delivery.period
    problems = Problems(raw.delivery.name, raw.frame.height)
    personal.check(raw.frame, layout.text_columns, problems)
    checks.employee_numbers(raw.frame, problems)
    frame = checks.row_months(raw.frame, [period], problems).with_columns(
        pl.when(pl.col("Tom") == _OPEN).then(pl.lit("")).otherwise(pl.col("Tom")).alias("Tom")
    )
    groups = context.reference.absence_groups
    codes.check(frame, "Frånvarogrupp", groups.keys(), problems, what="absence group", file="absence_groups.csv")
    frame = checks.typed(
        frame,
        {
            "start_date": ("From", cells.day("From")),
            "end_date": ("Tom", cells.day("Tom")),
            "extent_pct": ("Omfattning", cells.number("Omfattning")),
            "hours": ("Frånvarotimmar", cells.hours("Frånvarotimmar")),
            "calendar_days": ("Kalenderdagar", cells.integer("Kalenderdagar")),
        },
        problems,
        optional=("Tom",),
    )
    days = period.last_day.day
    for name, column, highest in (
        ("extent_pct", "Omfattning", 100.0),
        ("hours", "Frånvarotimmar", 24.0 * days),
        ("calendar_days", "Kalenderdagar", float(days)),
    ):
        problems.flag(
            frame,
            ~pl.col(name).is_between(0, highest),
            CellValueError,
            f"{'impossible hours: ' if name == 'hours' else ''}the value is not between 0 and {highest:g}",
            column=column,
            action=checks.CORRECT,
        )
    problems.flag(
        frame,
        pl.col("end_date") < pl.col("start_date"),
        CellValueError,
        "the spell ends before it begins",
        column="Tom",
        action=checks.CORRECT,
    )
    problems.flag(
        frame,
        (pl.col("start_date") > period.last_day) | (pl.col("end_date") < period.first_day),
        DeliveryPeriodError,
        f"wrong period inside the file: the absence lies outside {period}",
        column="From",
        action="Check that the right month was exported and that the file has the right name.",
    )
    problems.raise_if_any()
    frame = frame.with_columns(
        pl.lit(str(period)).alias("delivery"),
        pseudonyms.employee_keys(frame["Anstnr"], context.secret).alias("employee_key"),
        pl.col("Frånvarogrupp").alias("absence_group"),
    )
    return Reading(frame, raw.taken)
