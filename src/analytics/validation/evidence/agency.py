"""Evidence about agency staff: weeks, versions and the price of an hour."""

from __future__ import annotations

import polars as pl

from analytics.validation.evidence.declared import repeated
from analytics.validation.evidence.facts import Facts, days_between

_KEY = ["supplier", "administration", "profession", "iso_year", "iso_week", "invoice_date", "version"]


def rows(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:  # noqa: ARG001
    """Codes and values; the Thursday of the ISO week decides the month (ISO 8601)."""
    # 4 January is always in week 1; its Monday begins the ISO year.
    fourth = pl.date(pl.col("iso_year"), 1, 4)
    monday = fourth - pl.duration(days=fourth.dt.weekday() - 1) + pl.duration(weeks=pl.col("iso_week") - 1)
    thursday = monday + pl.duration(days=3)
    return frame.select(
        "administration",
        "profession",
        "iso_week",
        "hours",
        "version",
        "period",
        thursday.dt.strftime("%Y-%m").alias("month_of_week"),
        days_between(monday, pl.col("invoice_date")).alias("days_to_invoice"),
        pl.when(pl.col("hours") != 0).then(pl.col("amount_ore") / 100 / pl.col("hours")).alias("kr_per_hour"),
    )


def keys(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:  # noqa: ARG001
    """One row per delivery: rows and how many of them state the same week, invoice day and version again."""
    return repeated(frame, _KEY)
