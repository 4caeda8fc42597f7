"""What evidence needs to know besides the frame, and the expressions that several kinds of evidence share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from analytics import schemas
from analytics.organisation import Organisation
from analytics.reference import Reference
from analytics.settings import Settings

POLARS_TYPES: dict[schemas.DataType, type[pl.DataType]] = {
    "text": pl.String,
    "integer": pl.Int64,
    "number": pl.Float64,
    "date": pl.Date,
    "flag": pl.Boolean,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """``previous`` holds the control totals of the delivery before the frame (rows, hours, amount in kronor)."""

    table: str
    settings: Settings
    reference: Reference
    organisation: Organisation
    previous: Mapping[str, float] = field(default_factory=dict)


def month_number(column: str) -> pl.Expr:
    """Months since year 0 of a ``YYYY-MM`` column; null where it is no month."""
    year = pl.col(column).str.slice(0, 4).cast(pl.Int32, strict=False)
    return year * 12 + pl.col(column).str.slice(5, 2).cast(pl.Int32, strict=False)


def first_day(column: str) -> pl.Expr:
    """The first day of a ``YYYY-MM`` column; null where it is no month."""
    return (pl.col(column) + "-01").str.to_date("%Y-%m-%d", strict=False)


def days_between(earlier: pl.Expr, later: pl.Expr) -> pl.Expr:
    """Whole days from one date to another."""
    return (later - earlier).dt.total_days()


def scan(frames: Mapping[str, pl.LazyFrame], table: str) -> pl.LazyFrame:
    """One table of the store; no rows where the store has none."""
    if table in frames:
        return frames[table]
    return pl.LazyFrame(schema={column.name: POLARS_TYPES[column.type] for column in schemas.TABLES[table].columns})
