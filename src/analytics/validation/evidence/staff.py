"""Evidence about employments, time and absence. Frames of persons live only while the suite is tried."""

from __future__ import annotations

import polars as pl

from analytics.validation.evidence.facts import Facts, days_between, first_day


def employment_rows(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:  # noqa: ARG001
    """Codes and plausible values, row by row: ``age`` is reached on 31 December of the year."""
    month_start = first_day("period")
    return frame.select(
        "sex",
        "birth_year",
        "administration",
        "base_unit",
        "cost_centre",
        "personnel_group",
        "aid_label",
        "employment_form",
        "leave_kind",
        "employment_rate_pct",
        # Staff paid by the hour have no full-time measure of their own.
        pl.when(pl.col("employment_form") != "hourly").then("full_time_hours").alias("monthly_full_time_hours"),
        (pl.col("period").str.slice(0, 4).cast(pl.Int64, strict=False) - pl.col("birth_year")).alias("age"),
        days_between(pl.col("start_date"), pl.col("end_date")).alias("days_employed"),
        days_between(pl.col("start_date"), month_start.dt.month_end()).alias("days_since_start"),
        days_between(month_start, pl.col("end_date")).alias("days_to_end"),
    )


def employment_person_months(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:  # noqa: ARG001
    """One row per month: persons, and persons with two sexes, two birth years, several or no main employments."""
    return (
        frame.group_by("period", "employee_key")
        .agg(
            pl.col("sex").n_unique().alias("sexes"),
            pl.col("birth_year").n_unique().alias("birth_years"),
            pl.col("is_main").sum().alias("mains"),
        )
        .group_by("period")
        .agg(
            pl.len().alias("persons"),
            (pl.col("sexes") > 1).sum().alias("several_sexes"),
            (pl.col("birth_years") > 1).sum().alias("several_birth_years"),
            (pl.col("mains") > 1).sum().alias("several_mains"),
            (pl.col("mains") == 0).sum().alias("no_main"),
        )
        .sort("period")
    )


def aid_labels(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """One row per AID label and personnel group, with the group that the reference table gives the label."""
    return (
        frame.group_by("aid_label", "personnel_group")
        .agg(pl.len().alias("rows"))
        .with_columns(
            pl.col("aid_label")
            .replace_strict(facts.reference.aid_labels, default=None, return_dtype=pl.String)
            # A label that no table knows is the business of the code list.
            .fill_null(pl.col("personnel_group"))
            .alias("declared_group")
        )
        .sort("aid_label", "personnel_group")
    )


def time_rows(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:  # noqa: ARG001
    """Codes and hours; ``own_month_hours`` only where the row is about the month of its delivery."""
    return frame.select(
        "administration",
        "base_unit",
        "cost_centre",
        "time_type",
        "hours",
        pl.when(pl.col("period") == pl.col("delivery")).then("hours").alias("own_month_hours"),
    )


def absence_rows(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:  # noqa: ARG001
    """Codes, extent, hours and days; days are counted against the month of the row."""
    month_start = first_day("period")
    month_end = month_start.dt.month_end()
    return frame.select(
        "absence_group",
        "extent_pct",
        "hours",
        "calendar_days",
        days_between(pl.col("start_date"), pl.col("end_date")).alias("days_absent"),
        days_between(pl.col("start_date"), month_end).alias("days_since_start"),
        days_between(month_start, pl.col("end_date")).alias("days_to_end"),
        (pl.col("calendar_days") - month_end.dt.day().cast(pl.Int64)).alias("days_beyond_month"),
    )


def hours_by_person_month(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:  # noqa: ARG001
    """Hours per delivery, person and month, without the person."""
    return frame.group_by("delivery", "period", "employee_key").agg(pl.col("hours").sum()).select("hours")
