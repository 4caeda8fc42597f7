"""P3: absence per person, group and month (Heroma), spells split at month ends."""

from __future__ import annotations

import polars as pl

from analytics import pseudonyms
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
    checks.within(frame, "extent_pct", "Omfattning", (0, 100), problems)
    checks.within(frame, "hours", "Frånvarotimmar", (0, 24 * days), problems, said="impossible hours: the value")
    checks.within(frame, "calendar_days", "Kalenderdagar", (0, days), problems)
    checks.spell(frame, "spell", period, problems, outside=f"the absence lies outside {period}")
    problems.raise_if_any()
    frame = frame.with_columns(
        pl.lit(str(period)).alias("delivery"),
        pseudonyms.employee_keys(frame["Anstnr"], context.secret).alias("employee_key"),
        pl.col("Frånvarogrupp").alias("absence_group"),
    )
    return Reading(frame, raw.taken)
