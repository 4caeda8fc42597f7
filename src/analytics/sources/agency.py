"""P7: hours and cost of agency staff by invoice; the month of a row is that of the Thursday of its ISO week."""

from __future__ import annotations

import polars as pl

from analytics.errors import CellValueError, DeliveryPeriodError
from analytics.sources import cells, checks, codes, personal, places
from analytics.sources.model import LINE, Context, Layout, RawRows, Reading
from analytics.sources.problems import Problems

_WEEK = r"^(\d{4})-[Vv](\d{2})$"
_MONTHS_LATE = 24
"""Invoices lag, but a row this far back is a wrong file rather than a late invoice."""

_MOST_HOURS = 168 * 100
"""A hundred persons around the clock for a week."""


def read(raw: RawRows, layout: Layout, context: Context) -> Reading:
    """Agency rows, all versions kept.

    Raises the DeliveryError of the first kind of problem, with the others told in it.
    """
    period = raw.delivery.period
    problems = Problems(raw.delivery.name, raw.frame.height)
    personal.check(raw.frame, layout.text_columns, problems)
    places.check_administration(raw.frame, period, context.organisation, problems)
    professions = {code: label.code for code, label in context.reference.professions.items()}
    codes.check(raw.frame, "Yrke", professions.keys(), problems, what="profession", file="professions.csv")
    frame = raw.frame.with_columns(
        pl.col("Vecka").str.extract(_WEEK, 1).cast(pl.Int64).alias("iso_year"),
        pl.col("Vecka").str.extract(_WEEK, 2).cast(pl.Int64).alias("iso_week"),
    ).with_columns(_thursday().alias("thursday"))
    # Week 53 of a year that has 52 has its Thursday in the next year.
    is_week = pl.col("iso_week").is_between(1, 53) & (pl.col("thursday").dt.iso_year() == pl.col("iso_year"))
    frame = checks.typed(
        frame,
        {
            "thursday": ("Vecka", pl.when(is_week).then(pl.col("thursday")).otherwise(None)),
            "hours": ("Timmar", cells.hours("Timmar")),
            "invoice_date": ("Fakturadatum", cells.day("Fakturadatum")),
            "amount_ore": ("Belopp", cells.ore("Belopp")),
            "version": ("Version", cells.integer("Version")),
        },
        problems,
    )
    problems.flag(
        frame,
        pl.col("hours").abs() > _MOST_HOURS,
        CellValueError,
        f"impossible hours: more than {_MOST_HOURS} in one week of one supplier",
        column="Timmar",
        action=checks.CORRECT,
    )
    problems.flag(
        frame,
        pl.col("version") < 1,
        CellValueError,
        "versions are counted from 1",
        column="Version",
        action=checks.CORRECT,
    )
    checks.days_near(frame, {"invoice_date": "Fakturadatum"}, period, problems)
    problems.flag(
        frame,
        cells.is_blank("Leverantör"),
        CellValueError,
        "the supplier is blank",
        column="Leverantör",
        action=checks.CORRECT,
    )
    problems.flag(
        frame,
        (pl.col("hours") < 0) & (pl.col("version") == 1),
        CellValueError,
        "impossible hours: negative in the first version of a row, which corrects nothing",
        column="Timmar",
        action=checks.CORRECT,
    )
    problems.flag(
        frame,
        (pl.col("thursday") > period.last_day) | (pl.col("thursday") < period.plus(-_MONTHS_LATE).first_day),
        DeliveryPeriodError,
        f"wrong period inside the file: the week is after {period} or more than {_MONTHS_LATE} months before it",
        column="Vecka",
        action="Check that the right month was exported and that the file has the right name.",
    )
    own = pl.col("thursday", "invoice_date").is_between(period.first_day, period.last_day)
    if not frame.is_empty() and frame.filter(pl.any_horizontal(own)).is_empty():
        problems.note_lines(
            frame[LINE],
            DeliveryPeriodError,
            f"wrong period inside the file: no week and no invoice is of {period}",
            column="Fakturadatum",
            action="Check that the right month was exported and that the file has the right name.",
        )
    problems.raise_if_any()
    frame = frame.with_columns(
        pl.lit(str(period)).alias("delivery"),
        pl.col("thursday").dt.strftime("%Y-%m").alias("period"),
        pl.col("Leverantör").alias("supplier"),
        pl.col("Förvaltning").alias("administration"),
        pl.col("Yrke").replace_strict(professions, default=None, return_dtype=pl.String).alias("profession"),
    )
    return Reading(frame, raw.taken)


def _thursday() -> pl.Expr:
    """Thursday of the ISO week: 4 January always lies in week 1."""
    fourth = pl.date(pl.col("iso_year"), 1, 4)
    monday = fourth - pl.duration(days=fourth.dt.weekday().cast(pl.Int64) - 1)
    return monday + pl.duration(days=(pl.col("iso_week") - 1) * 7 + 3)
