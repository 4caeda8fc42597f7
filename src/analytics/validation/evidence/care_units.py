"""Evidence about care units: codes, parts and wholes, and whether every unit of the register is there."""

from __future__ import annotations

import polars as pl

from analytics.care_follow_up import PARTS, QUANTITIES
from analytics.periods import Period
from analytics.validation.evidence.facts import Facts

_COSTS = [quantity.code for quantity in QUANTITIES if quantity.is_cost]
NOT_REGISTERED = "saknas"


def rows(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:  # noqa: ARG001 (all evidence has this form)
    """One row per quantity of a unit: counts and costs in columns of their own, and counts that are no whole number."""
    is_cost = pl.col("quantity").is_in(_COSTS)
    return frame.select(
        "administration",
        "care_unit",
        "ownership",
        "quantity",
        pl.when(~is_cost).then("value").alias("count"),
        pl.when(is_cost).then("value").alias("cost"),
        (~is_cost & (pl.col("value") != pl.col("value").round(0))).cast(pl.Int64).fill_null(0).alias("fraction"),
        pl.lit(1, dtype=pl.Int64).alias("rows"),
    )


def units(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """One row per month and unit: its ownership, the registered one, and how many quantities it lacks."""
    registered = {code: unit.ownership for code, unit in facts.reference.care_units.items()}
    return (
        frame.group_by("period", "care_unit", "ownership")
        .agg(pl.col("quantity").n_unique().cast(pl.Int64).alias("given"))
        .with_columns(
            pl.col("care_unit")
            .replace_strict(registered, default=NOT_REGISTERED, return_dtype=pl.String)
            .alias("registered"),
            (len(QUANTITIES) - pl.col("given")).alias("lacking"),
            pl.lit(len(QUANTITIES), dtype=pl.Int64).alias("quantities"),
        )
        .sort("period", "care_unit")
    )


def parts(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:  # noqa: ARG001
    """One row per month and pair of part and whole: how many units have more in the part than in the whole."""
    keys = ["period", "care_unit"]
    values = frame.select(*keys, "quantity", "value")
    found = []
    for part, whole in PARTS:
        both = values.filter(pl.col("quantity") == part).join(
            values.filter(pl.col("quantity") == whole), on=keys, suffix="_whole"
        )
        found.append(
            both.group_by("period")
            .agg(
                pl.len().cast(pl.Int64).alias("units"),
                (pl.col("value") > pl.col("value_whole")).sum().cast(pl.Int64).alias("above"),
            )
            .with_columns(pl.lit(part).alias("part"), pl.lit(whole).alias("whole"))
        )
    return pl.concat(found).sort("period", "part")


def register(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """One row per month: units that the register has then and the delivery does not."""
    found = []
    for month, delivered in frame.group_by("period"):
        period = Period.parse(str(month[0]))
        valid = {code for code, unit in facts.reference.care_units.items() if unit.is_valid_in(period)}
        missing = sorted(valid - set(delivered["care_unit"]))
        found.append({"period": str(period), "units": len(valid), "missing": len(missing), "codes": ", ".join(missing)})
    schema = {"period": pl.String, "units": pl.Int64, "missing": pl.Int64, "codes": pl.String}
    return pl.DataFrame(found, schema=schema).sort("period")


def listed(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:  # noqa: ARG001
    """One row per unit and month: listed persons, and those of the month before (null for the first)."""
    return (
        frame.filter(pl.col("quantity") == "listed")
        .sort("care_unit", "period")
        .select(
            "period",
            "care_unit",
            "value",
            pl.col("value").shift(1).over("care_unit").alias("previous"),
        )
        .with_columns(((pl.col("value") - pl.col("previous")) / pl.col("previous") * 100).alias("change_pct"))
    )
