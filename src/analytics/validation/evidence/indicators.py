"""Evidence about observations of indicators: what is stated, how shares add up, and from when they are."""

from __future__ import annotations

import polars as pl

from analytics.goals import Register
from analytics.validation.evidence.facts import Facts, month_number

KOLADA = "kolada:"


def rows(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """One row per observation.

    ``share`` is the value where it is a part of a whole, ``by_parts`` the same from numerator and denominator;
    ``remainder`` is what of the denominator is left; ``stated`` counts how the outcome is given (a number and a word
    exclude each other); ``months_ahead`` is how long after its delivery an observation lies (Kolada: in whole years,
    because a figure of a year is placed in its December); ``unknown`` marks an indicator that no register has, and
    ``unplaced`` one that has no administration and is not from Kolada.
    """
    register = Register.read(facts.settings.paths.reference)
    known = [indicator.id for indicator in register.indicators]
    shares = [each.id for each in register.indicators if each.unit == "%" and each.kind.startswith("andel")]
    is_kolada = pl.col("source") == "kolada"
    is_share = pl.col("indicator").is_in(shares) | pl.col("denominator").is_not_null()
    ahead = month_number("period") - month_number("delivery")
    years_ahead = pl.col("period").str.slice(0, 4).cast(pl.Int32, strict=False) - pl.col("delivery").str.slice(
        0, 4
    ).cast(pl.Int32, strict=False)
    is_known = (
        pl.when(is_kolada).then(pl.col("indicator").str.starts_with(KOLADA)).otherwise(pl.col("indicator").is_in(known))
    )
    administrations = [*facts.organisation.codes("administration")]
    is_placed = (
        pl.when(is_kolada)
        .then(pl.col("administration") == "")
        .otherwise(pl.col("administration").is_in(administrations))
    )
    return frame.select(
        "source",
        "sex",
        "indicator",
        pl.when(is_share).then("value").alias("share"),
        (pl.col("numerator") / pl.col("denominator") * 100).alias("by_parts"),
        pl.when(pl.col("denominator").is_not_null()).then("value").alias("share_of_parts"),
        (pl.col("denominator") - pl.col("numerator")).alias("remainder"),
        "numerator",
        "denominator",
        (pl.col("numerator").is_null() != pl.col("denominator").is_null()).cast(pl.Int64).alias("half_share"),
        (pl.col("value").is_not_null() & pl.col("state").is_not_null()).cast(pl.Int64).alias("stated_twice"),
        (is_kolada & pl.col("value").is_null() & pl.col("missing_status").is_null()).cast(pl.Int64).alias("silent"),
        pl.when(is_kolada).then(years_ahead).otherwise(ahead).cast(pl.Int64).alias("months_ahead"),
        (~is_known).cast(pl.Int64).alias("unknown"),
        (~is_placed).cast(pl.Int64).alias("unplaced"),
        pl.lit(1, dtype=pl.Int64).alias("rows"),
    )
