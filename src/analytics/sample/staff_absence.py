"""Absence of one month: long spells split at month ends, and short spells drawn month by month.

A long-spell frame has person, absence_group, start and end (ordinals) and extent (%). Absence belongs to the main post
of a person and never takes more than its scheduled hours.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from analytics.periods import Period
from analytics.sample.staff_calendar import STAFF_RANGE, working_days, working_days_within

LONG_SCHEMA = {
    "person": pl.Int64,
    "absence_group": pl.String,
    "start": pl.Int64,
    "end": pl.Int64,
    "extent": pl.Float64,
}
ROW_SCHEMA = {
    "person": pl.Int64,
    "absence_group": pl.String,
    "start": pl.Int64,
    "end": pl.Int64,
    "extent": pl.Float64,
    "hours": pl.Float64,
    "goes_on": pl.Boolean,
}
MOST_OF_SCHEDULE = 0.98
# Share of scheduled time in short spells, and the longest such spell in working days.
SHORT = {
    "01": (0.028, 8),
    "02": (0.009, 3),
    "03": (0.0, 10),
    "05": (0.010, 4),
    "06": (0.0015, 3),
    "07": (0.008, 3),
    "08": (0.004, 6),
    "09": (0.010, 2),
    "10": (0.0006, 1),
}
HOLIDAY = (0.05, 0.06, 0.04, 0.05, 0.05, 0.15, 0.62, 0.28, 0.04, 0.04, 0.04, 0.12)
SICK_SEASON = (1.25, 1.35, 1.2, 1.0, 0.9, 0.75, 0.55, 0.8, 1.0, 1.1, 1.15, 1.2)


def long_spells(posts: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Long sick leave, parental leave and studies of the region's employees (not those of administration 17)."""
    main = posts.filter(pl.col("is_main") & (pl.col("form") != "TIM"))
    first, last = STAFF_RANGE.first.first_day.toordinal(), STAFF_RANGE.last.last_day.toordinal()
    parents = (main["birth_year"] >= 1973).to_numpy()
    kinds = (
        ("01", np.full(main.height, 0.19), 30, 300, (100.0, 100.0, 50.0, 25.0, 75.0)),
        ("04", np.where(parents, 0.22, 0.0), 60, 400, (100.0, 100.0, 100.0, 50.0, 20.0)),
        ("05", np.full(main.height, 0.012), 40, 150, (100.0, 50.0)),
        ("08", np.full(main.height, 0.015), 40, 200, (100.0, 20.0)),
    )
    frames = []
    for group, chance, shortest, longest, extents in kinds:
        begin = rng.integers(first - 150, last, main.height)
        frames.append(
            main.with_columns(
                spell_start=pl.Series(begin),
                spell_end=pl.Series(begin + rng.integers(shortest, longest, main.height)),
                absence_group=pl.lit(group),
                extent=pl.Series(rng.choice(extents, main.height)),
            ).filter(pl.Series(rng.random(main.height) < chance))
        )
    return (
        pl.concat(frames)
        .with_columns(
            start=pl.max_horizontal("start", "spell_start"),
            end=pl.min_horizontal("end", "spell_end"),
        )
        .filter(pl.col("end") - pl.col("start") >= 14)
        .select(pl.col(name).cast(kind) for name, kind in LONG_SCHEMA.items())
    )


def long_rows(long: pl.DataFrame, valid: pl.DataFrame, period: Period) -> pl.DataFrame:
    """The part of each long spell that lies in the month. ``valid`` is from `staff_time.posts_of`."""
    first, last = period.first_day.toordinal(), period.last_day.toordinal()
    posts = valid.filter(pl.col("is_main")).select("person", "daily", "ordinary", post_start="start", post_end="end")
    rows = (
        long.filter((pl.col("start") <= last) & (pl.col("end") >= first))
        .join(posts, on="person", maintain_order="left")
        .with_columns(
            goes_on=pl.col("end") > last,
            start=pl.max_horizontal("start", "post_start", pl.lit(first)),
            end=pl.min_horizontal("end", "post_end", pl.lit(last)),
        )
        .filter(pl.col("start") <= pl.col("end"))
    )
    days = working_days_within(period, rows["start"].to_numpy(), rows["end"].to_numpy())
    hours = (pl.Series(days) * pl.col("daily") * pl.col("extent") / 100).round(2)
    return rows.with_columns(hours=pl.min_horizontal(hours, "ordinary")).select(ROW_SCHEMA.keys())


def short_rows(valid: pl.DataFrame, period: Period, rng: np.random.Generator) -> pl.DataFrame:
    """Short spells of the month, for main posts that last the whole month."""
    days = np.array(working_days(period))
    main = valid.filter(
        pl.col("is_main")
        & (pl.col("form") != "TIM")
        & (pl.col("start") <= period.first_day.toordinal())
        & (pl.col("end") >= period.last_day.toordinal())
    )
    frames = []
    for group, (share, longest) in SHORT.items():
        taken, most = share, longest
        if group == "01":
            taken = share * SICK_SEASON[period.month - 1]
        elif group == "03":
            taken = HOLIDAY[period.month - 1]
            most = 20 if period.month in {6, 7, 8} else longest
        least = 14 if most == 20 else 1
        chance = min(0.92, taken * len(days) / ((least + most) / 2))
        chosen = main.filter(pl.Series(rng.random(main.height) < chance))
        begin = rng.integers(0, len(days), chosen.height)
        length = rng.integers(least, most + 1, chosen.height)
        begin = np.minimum(begin, np.maximum(len(days) - length, 0))
        stop = np.minimum(begin + length, len(days)) - 1
        partial = (rng.random(chosen.height) < 0.08) if group == "01" else np.zeros(chosen.height, dtype=bool)
        extent = np.where(partial, 50.0, 100.0)
        hours = chosen["daily"].to_numpy() * (stop - begin + 1) * extent / 100
        if group == "10":
            hours = np.minimum(hours, rng.integers(1, 5, chosen.height).astype(float))
            extent = (100 * hours / chosen["daily"].to_numpy()).round(2)
        frames.append(
            pl.DataFrame(
                {
                    "person": chosen["person"],
                    "absence_group": [group] * chosen.height,
                    "start": days[begin],
                    "end": days[stop],
                    "extent": extent,
                    "hours": hours.round(2),
                    "goes_on": np.zeros(chosen.height, dtype=bool),
                },
                schema=ROW_SCHEMA,
            )
        )
    rows = pl.concat(frames)
    return _mostly_apart(rows, rng)


def within_schedule(rows: pl.DataFrame, valid: pl.DataFrame) -> pl.DataFrame:
    """Rows in the given order, without those that would take a person past the scheduled hours of the month."""
    schedule = valid.filter(pl.col("is_main")).select("person", "ordinary")
    return (
        rows.join(schedule, on="person", maintain_order="left")
        .filter(
            (pl.col("hours") > 0)
            & (pl.col("hours").cum_sum().over("person") <= pl.col("ordinary"))
            & (
                (pl.int_range(pl.len()).over("person") == 0)
                | (pl.col("hours").cum_sum().over("person") <= pl.col("ordinary") * MOST_OF_SCHEDULE)
            )
        )
        .select(ROW_SCHEMA.keys())
    )


def _mostly_apart(rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Most spells that run into the previous one are left out; a few stay, as in real extracts."""
    ordered = rows.sort("person", "start", "absence_group")
    previous = pl.col("end").cum_max().shift(1).over("person")
    same = (pl.col("absence_group") == pl.col("absence_group").shift(1)).over("person").fill_null(value=False)
    keep = (previous.is_null() | (pl.col("start") > previous)) | (pl.Series(rng.random(rows.height) < 0.08) & ~same)
    return ordered.filter(keep)
