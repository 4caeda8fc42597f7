"""Evidence over the whole store: months, units and forecasts. Everything is aggregated before it is collected."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from analytics.organisation import Organisation
from analytics.periods import Period
from analytics.validation.evidence.facts import Facts, scan

Frames = Mapping[str, pl.LazyFrame]
STAFF_TABLES = ("employments", "time", "absence")
_LINE = ["administration", "report_line", "origin"]


def _months(frames: Frames, table: str) -> pl.LazyFrame:
    frame = scan(frames, table)
    return frame.filter(pl.col("kind") == "outcome") if table == "ledger" else frame


def periods(frames: Frames, facts: Facts) -> pl.DataFrame:  # noqa: ARG001
    """One row per table and month that has rows; of the ledger only outcome."""
    found = [
        _months(frames, table).select(pl.lit(table).alias("table"), "period").unique().collect(engine="streaming")
        for table in (*STAFF_TABLES, "ledger", "agency", "care_units", "care_contacts", "care_costs")
    ]
    return pl.concat(found).sort("table", "period")


def coverage(frames: Frames, facts: Facts) -> pl.DataFrame:
    """One row per month that any staff table has: how many of the three lack it, and which."""
    found = periods(frames, facts).filter(pl.col("table").is_in(STAFF_TABLES))
    lacking = [pl.when(~(pl.col("table") == table).any()).then(pl.lit(table)) for table in sorted(STAFF_TABLES)]
    return (
        found.group_by("period")
        .agg(
            pl.concat_str(lacking, separator=", ", ignore_nulls=True).alias("lacking"),
            (pl.len() < len(STAFF_TABLES)).cast(pl.Int64).alias("incomplete"),
            pl.lit(1, dtype=pl.Int64).alias("months"),
        )
        .sort("period")
    )


def units(frames: Frames, facts: Facts) -> pl.DataFrame:
    """One row per table, month and unit: its rows, and the same number again where the unit is not valid then."""
    path = ["administration", "base_unit", "cost_centre"]
    found = [
        scan(frames, table)
        .group_by("period", *path)
        .agg(pl.len().cast(pl.Int64).alias("rows"))
        .with_columns(pl.lit(table).alias("table"))
        .collect(engine="streaming")
        for table in ("employments", "time", "ledger", "care_costs")
    ]
    every = pl.concat(found)
    valid = [_is_valid(facts.organisation, *row) for row in every.select("period", *path).iter_rows()]
    return every.with_columns(
        pl.when(pl.Series(valid, dtype=pl.Boolean)).then(0).otherwise(pl.col("rows")).alias("misplaced")
    ).sort("table", "period", "cost_centre")


def _is_valid(organisation: Organisation, period: str, administration: str, base_unit: str, cost_centre: str) -> bool:
    path = organisation.path_of(cost_centre, Period.parse(period))
    return path is not None and (path[0].code, path[1].code) == (administration, base_unit)


def forecasts(frames: Frames, facts: Facts) -> pl.DataFrame:
    """One row per forecast month, administration, FR1 row and origin: forecast and booked so far in the year (öre).

    Projects are left out, as the reports do. ``marks`` holds the activity and project codes of the forecast rows. A
    line that is booked but has no forecast in a month when the administration has others counts as a forecast of 0.
    """
    ledger = scan(frames, "ledger").filter(~pl.col("is_project"))
    codes = pl.concat_str(pl.col("activity").fill_null(""), pl.col("project").fill_null(""), separator=",")
    forecast = (
        ledger.filter(pl.col("kind") == "forecast")
        .group_by("period", *_LINE)
        .agg(
            pl.col("amount_ore").sum().alias("forecast"),
            codes.unique().sort().str.to_uppercase().str.join(",").alias("marks"),
        )
        .collect(engine="streaming")
    )
    booked = (
        ledger.filter(pl.col("kind") == "outcome")
        .group_by("period", *_LINE)
        .agg(pl.col("amount_ore").sum().alias("month"))
        .collect(engine="streaming")
    )
    so_far = (
        forecast.select("period", "administration")
        .unique()
        .join(booked.rename({"period": "booked_in"}), on="administration")
        .filter(
            (pl.col("booked_in").str.slice(0, 4) == pl.col("period").str.slice(0, 4))
            & (pl.col("booked_in") <= pl.col("period"))
        )
        .group_by("period", *_LINE)
        .agg(pl.col("month").sum().alias("booked"))
    )
    labels = {code: line.label for code, line in facts.reference.report_lines.items()}
    origins = {"external": "externt", "internal": "internt"}
    return (
        so_far.join(forecast, on=["period", *_LINE], how="full", coalesce=True)
        .with_columns(pl.col("booked", "forecast").fill_null(0), pl.col("marks").fill_null(""))
        .with_columns(
            pl.col("report_line").replace(labels).alias("line"), pl.col("origin").replace(origins).alias("from")
        )
        .sort("period", *_LINE)
    )
