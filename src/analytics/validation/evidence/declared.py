"""Evidence that every table has, made from its declaration in :mod:`analytics.schemas`."""

from __future__ import annotations

import polars as pl

from analytics import schemas
from analytics.validation.evidence.facts import Facts, month_number

_KINDS: dict[str, str] = {"String": "text", "Categorical": "text", "Enum": "text", "Date": "date", "Boolean": "flag"}


def header(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:  # noqa: ARG001 (all evidence has this form)
    """The columns of the frame and at most one row, with every value taken away."""
    return frame.head(1).with_columns(pl.lit(None, dtype=pl.Boolean).alias(name) for name in frame.columns)


def columns(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """One row per declared column: its type, the declared type, and empty cells where none may be."""
    table = schemas.TABLES[facts.table]
    present = [column for column in table.columns if column.name in frame.columns]
    empty = frame.select(pl.col(column.name).null_count() for column in present).row(0)
    return pl.DataFrame(
        {
            "column": [column.name for column in present],
            "type": [_kind(frame.schema[column.name]) for column in present],
            "declared_type": [column.type for column in present],
            "cells": [frame.height] * len(present),
            "empty": [0 if column.nullable else count for column, count in zip(present, empty, strict=True)],
        },
        schema_overrides={"cells": pl.Int64, "empty": pl.Int64},
    )


def _kind(dtype: pl.DataType) -> str:
    if dtype.is_integer():
        return "integer"
    if dtype.is_float():
        return "number"
    return _KINDS.get(dtype.base_type().__name__, dtype.base_type().__name__.lower())


def placement(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """One row per delivery, month and kind: how many months the rows lie before their delivery.

    A budget row may lie later in the year of its delivery, so for budgets the years are compared instead.
    """
    kind = pl.col("kind") if "kind" in frame.columns else pl.lit(facts.table)
    is_budget = pl.col("kind").is_in(["budget", "budget_revised"])
    return (
        frame.with_columns(kind.alias("kind"))
        .group_by("delivery", "period", "kind")
        .agg(pl.len().alias("rows"))
        .with_columns((month_number("delivery") - month_number("period")).alias("months"))
        .with_columns(
            pl.when(~is_budget).then("months").alias("months_before"),
            pl.when(pl.col("kind") == "forecast").then("months").alias("forecast_months_before"),
            pl.when(is_budget)
            .then(pl.col("delivery").str.slice(0, 4) != pl.col("period").str.slice(0, 4))
            .cast(pl.Int64)
            .fill_null(0)
            .alias("other_year"),
        )
        .drop("months")
        .sort("delivery", "period", "kind")
    )


def keys(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """One row per delivery: rows and how many of them repeat the key of another."""
    return repeated(frame, list(schemas.TABLES[facts.table].key))


def repeated(frame: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Rows per delivery, and rows beyond the first with the same key."""
    by_key = ["delivery", *(column for column in key if column != "delivery")]
    return (
        frame.group_by(by_key)
        .agg(pl.len().alias("rows"))
        .group_by("delivery")
        .agg(pl.col("rows").sum(), (pl.col("rows") - 1).sum().alias("repeated"))
        .cast({"rows": pl.Int64, "repeated": pl.Int64})
        .sort("delivery")
    )


def control_totals(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Delivery, kind and the control totals ``rows``, ``hours`` and ``amount`` (kronor, sizes without sign).

    A ledger has one row per delivery and kind, other tables one per delivery. ``amount`` adds sizes, because income
    and cost take each other out.
    """
    kind = pl.col("kind") if "kind" in frame.columns else pl.lit(table)
    totals = [pl.len().cast(pl.Float64).alias("rows")]
    if "hours" in frame.columns:
        totals.append(pl.col("hours").sum().cast(pl.Float64).alias("hours"))
    if "amount_ore" in frame.columns:
        totals.append((pl.col("amount_ore").abs().sum() / 100).cast(pl.Float64).alias("amount"))
    return frame.with_columns(kind.alias("kind")).group_by("kind", "delivery").agg(totals).sort("kind", "delivery")


def changes(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """One row per control total and delivery with the value of the delivery before; null where there is none.

    ``facts.previous`` goes before the first delivery of the table (in a ledger: of its outcome).
    """
    totals = control_totals(frame, facts.table)
    names = [name for name in totals.columns if name not in ("kind", "delivery")]
    followed = "outcome" if facts.table == "ledger" else facts.table
    parts = []
    for name in names:
        before = pl.lit(facts.previous.get(name), dtype=pl.Float64)
        shifted = pl.col(name).shift(1).over("kind", order_by="delivery")
        is_first = pl.col("delivery") == pl.col("delivery").min().over("kind")
        starts = is_first & (pl.col("kind") == followed)
        parts.append(
            totals.select(
                pl.lit(name).alias("total"),
                "kind",
                "delivery",
                pl.col(name).alias("value"),
                pl.when(starts).then(before).otherwise(shifted).alias("previous"),
            )
        )
    change = (pl.col("value") - pl.col("previous")) / pl.col("previous").abs() * 100
    wide = pl.concat(parts).with_columns(
        change.alias("change_pct"),
        # One column per total, so that a suite can treat each by itself.
        *(pl.when(pl.col("total") == name).then("previous").alias(f"previous_{name}") for name in names),
    )
    return wide.sort("total", "kind", "delivery")
