"""Hours of the posts in one month, by kind of time, for all posts without rows of their own."""

from __future__ import annotations

import numpy as np
import polars as pl

from analytics.periods import Period
from analytics.sample.staff_calendar import working_days, working_days_within

OVERTIME_CHANCE = {"2.4": 0.22, "2.5": 0.15, "2.6": 0.12, "2.1": 0.10, "7.0": 0.10}
HOURLY_ACTIVE = {6: 0.85, 7: 0.95, 8: 0.85, 12: 0.75}
HOURLY_ACTIVE_OTHERWISE = 0.6
SUMMER = {6: 0.9, 7: 0.6, 8: 0.8}


def posts_of(posts: pl.DataFrame, period: Period) -> pl.DataFrame:
    """Posts valid on some day of the month, with their scheduled hours (``ordinary``), unreduced by absence."""
    first, last = period.first_day.toordinal(), period.last_day.toordinal()
    valid = posts.filter((pl.col("start") <= last) & (pl.col("end") >= first))
    days = working_days_within(period, valid["start"].to_numpy(), valid["end"].to_numpy())
    daily = pl.col("rate") / 100 * pl.col("full_time") / 5
    return valid.with_columns(days=pl.Series(days), daily=daily).with_columns(
        ordinary=(pl.col("days") * pl.col("daily")).round(2)
    )


def time_of(valid: pl.DataFrame, period: Period, rng: np.random.Generator) -> pl.DataFrame:
    """Time rows (person, cost_centre, time_type, hours) of the posts of one month. ``valid`` is from `posts_of`."""
    count = valid.height
    groups = valid["personnel_group"]
    share = pl.Series(valid["days"].to_numpy() / len(working_days(period)))
    monthly = valid["form"] != "TIM"
    quarter = rng.integers(1, 40, count) / 4
    overtime_chance = groups.replace_strict(OVERTIME_CHANCE, default=0.02).to_numpy()
    draws = rng.random((4, count))
    part_time = (valid["rate"] < 100).to_numpy() & monthly.to_numpy()
    active = draws[3] < HOURLY_ACTIVE.get(period.month, HOURLY_ACTIVE_OTHERWISE)
    on_call = (valid["on_call"] * share * rng.uniform(0.75, 1.25, count) * SUMMER.get(period.month, 1.0)).round(2)
    medical = groups.is_in(["2.1", "2.2"]).to_numpy()
    kinds = {
        "ORD": valid["ordinary"].to_numpy(),
        "MERTID": np.where(part_time & (draws[0] < 0.2), quarter, 0.0),
        "ÖT-ENKEL": np.where(~part_time & monthly.to_numpy() & (draws[1] < overtime_chance), quarter, 0.0),
        "ÖT-KVAL": np.where(monthly.to_numpy() & (draws[2] < overtime_chance / 3), quarter, 0.0),
        "JOUR": np.where(medical, on_call.to_numpy(), 0.0),
        "BEREDSKAP": np.where(medical, 0.0, on_call.to_numpy()),
        "TIM": np.where(~monthly.to_numpy() & active, 4 * rng.integers(2, 28, count) + quarter, 0.0) * share.to_numpy(),
    }
    keys = valid.select("person", "cost_centre")
    return pl.concat(
        [
            keys.with_columns(time_type=pl.lit(kind), hours=pl.Series(hours).round(2)).filter(pl.col("hours") > 0)
            for kind, hours in kinds.items()
        ]
    )
