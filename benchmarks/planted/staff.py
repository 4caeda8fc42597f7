"""The people of the made region: employments, hours and absence, month by month.

Hours and absence are drawn by the functions of the demonstration region, so their noise is the same by construction.
One-for-one turnover, a few new posts and hourly staff as there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from analytics.periods import Period
from analytics.processed import schema_of
from analytics.sample.staff_absence import long_rows, long_spells, short_rows, within_schedule
from analytics.sample.staff_calendar import STAFF_RANGE
from analytics.sample.staff_posts import (
    CHANGES_PER_YEAR,
    HOURLY_SHARE,
    ON_CALL,
    OPEN,
    PROFILES,
    SCHEMA,
    WOMEN,
    WOMEN_OTHERWISE,
)
from analytics.sample.staff_time import posts_of, time_of
from benchmarks.planted.world import CENTRES_OF, MONTHS, PLACES, STAFF_MONTHS, Floats, Place

MONTHLY_PAY: Final = {
    "1.1": 48_000.0,
    "1.2": 32_000.0,
    "1.3": 28_000.0,
    "2.1": 68_000.0,
    "2.2": 42_000.0,
    "2.4": 33_000.0,
    "2.5": 27_000.0,
    "3.0": 34_000.0,
    "4.0": 31_000.0,
    "5.0": 33_000.0,
}
"""Pay of a full-time month in 2016, kr. Assumed; only the ratios between groups matter to what is planted."""
PAY_GROWTH: Final = 1.028
"""As the costs of the demonstration region grow."""
PAY_SHARE: Final = 0.349
"""Accounts that pay for posts (40110, 41110, 41210, 41310) of an administration's yearly cost: 34,9 %."""
KINDS: Final = {
    "ORD": "ordinary",
    "MERTID": "additional",
    "ÖT-ENKEL": "overtime",
    "ÖT-KVAL": "overtime",
    "JOUR": "on_call",
    "BEREDSKAP": "on_call",
    "TIM": "hourly",
}
FORMS: Final = {"T": "permanent", "V": "temporary", "TIM": "hourly"}
AID: Final = {"1.1": "101010", "1.2": "151010", "1.3": "153010", "2.1": "203010", "2.2": "203020", "2.4": "206010"}
AID_MORE: Final = {"2.5": "207010", "3.0": "301010", "4.0": "351015", "5.0": "401010"}
_EPOCH: Final = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Staff:
    """Processed tables of the people, and ``posts``: what each month's pay is made from.

    ``posts``: person, period, cost_centre, base_unit, administration, personnel_group, pay (kr of the month before
    season and noise). Hourly staff have none there.
    """

    employments: pl.DataFrame
    time: pl.DataFrame
    absence: pl.DataFrame
    posts: pl.DataFrame


def heads_of(place: Place) -> int:
    """Monthly paid people that the administration's pay accounts are enough for."""
    mix = PROFILES[place.like].mix
    mean = sum(MONTHLY_PAY[group] * share for group, share in mix.items()) / sum(mix.values())
    return round(place.million * 1e6 * PAY_SHARE / 12 / (mean * 0.985))


def make_staff(rng: np.random.Generator) -> Staff:
    """All people of the region through all months."""
    posts = _posts(rng)
    return rows_of(posts, rng)


def rows_of(posts: pl.DataFrame, rng: np.random.Generator) -> Staff:
    """Processed rows of some posts (``staff_posts.SCHEMA``)."""
    spells = long_spells(posts, rng)
    employments, times, absences, pays = [], [], [], []
    for period in MONTHS:
        valid = posts_of(posts, period).sort("person", "cost_centre", "start")
        if not valid.height:
            continue
        pays.append(_pay(valid, period))
        if period not in STAFF_RANGE:
            continue
        month = str(period)
        stamp = (pl.lit(month).alias("delivery"), pl.lit(month).alias("period"))
        employments.append(_stock(valid, period))
        time = time_of(valid, period, rng)
        where = valid.select("person", "cost_centre", "administration", "base_unit").unique(["person", "cost_centre"])
        times.append(
            time.join(where, on=["person", "cost_centre"], how="left", maintain_order="left").select(
                *stamp,
                key_of(pl.col("person")),
                "administration",
                "base_unit",
                "cost_centre",
                pl.col("time_type").replace_strict(KINDS, return_dtype=pl.String),
                "hours",
            )
        )
        present = valid.filter(pl.col("is_main")).select("person")
        long = spells.join(present, on="person", how="semi", maintain_order="left")
        drawn = pl.concat([long_rows(long, valid, period), short_rows(valid, period, rng)])
        absences.append(
            within_schedule(drawn, valid).select(
                *stamp,
                key_of(pl.col("person")),
                "absence_group",
                _day("start").alias("start_date"),
                _day("end").alias("end_date"),
                pl.col("extent").alias("extent_pct"),
                "hours",
                (pl.col("end") - pl.col("start") + 1).alias("calendar_days"),
            )
        )
    return Staff(
        _of("employments", employments), _of("time", times), _of("absence", absences), pl.concat(pays).rechunk()
    )


def key_of(person: pl.Expr) -> pl.Expr:
    """The made employee key of a person number."""
    return pl.concat_str(pl.lit("p"), person.cast(pl.String).str.zfill(6)).alias("employee_key")


def new_posts(  # noqa: PLR0913 - what a post is
    count: int,
    *,
    first_person: int,
    place: Place,
    base_unit: str,
    cost_centre: str,
    group: str,
    start: Period,
) -> pl.DataFrame:
    """So many full-time posts of one group at one cost centre from the first day of a month."""
    women = round(count * WOMEN.get(group, WOMEN_OTHERWISE))
    return _frame(
        {
            "person": np.arange(first_person, first_person + count),
            "sex": np.where(np.arange(count) < women, "K", "M"),
            "birth_year": 1965 + np.arange(count) % 25,
            "administration": np.full(count, place.code),
            "base_unit": np.full(count, base_unit),
            "cost_centre": np.full(count, cost_centre),
            "personnel_group": np.full(count, group),
            "start": np.full(count, start.first_day.toordinal()),
            "end": np.full(count, OPEN),
        }
    )


def _posts(rng: np.random.Generator) -> pl.DataFrame:
    frames, person = [], 1000
    firsts = np.array([period.first_day.toordinal() for period in STAFF_MONTHS])
    for place in PLACES:
        count = heads_of(place)
        mix = PROFILES[place.like].mix
        where = rng.integers(0, len(CENTRES_OF[place.code]), count)
        groups = rng.choice(list(mix), count, p=np.array(list(mix.values())) / sum(mix.values()))
        women = rng.random(count) < np.array([WOMEN.get(group, WOMEN_OTHERWISE) for group in groups])
        leaves = rng.random(count) < CHANGES_PER_YEAR * len(STAFF_MONTHS) / 12
        follower_starts = firsts[rng.integers(1, len(STAFF_MONTHS), count)]
        late = (rng.random(count) < 0.03) & ~leaves
        began = firsts[0] - rng.integers(60, 9_000, count)
        began = np.where(late, firsts[rng.integers(1, len(STAFF_MONTHS), count)], began)
        full = rng.random(count) < 0.943
        centres = np.array(CENTRES_OF[place.code])
        columns = {
            "person": np.arange(person, person + count),
            "sex": np.where(women, "K", "M"),
            "birth_year": rng.integers(1954, 1990, count),
            "administration": np.full(count, place.code),
            "base_unit": centres[where, 0],
            "cost_centre": centres[where, 1],
            "personnel_group": groups,
            "rate": np.where(full, 100.0, rng.choice([50.0, 75.0, 80.0, 85.0, 90.0], count)),
            "full_time": np.where(np.isin(groups, ["2.4", "2.5"]) & (rng.random(count) < 0.6), 38.25, 40.0),
            "on_call": np.array([ON_CALL.get(group, 0.0) for group in groups]) * rng.uniform(0.3, 1.7, count),
            "start": began,
            "end": np.where(leaves, follower_starts - 1, OPEN),
        }
        holders = _frame(columns)
        taken = holders.filter(pl.Series(leaves))
        followers = taken.with_columns(
            person=pl.int_range(pl.len()) + person + count,
            birth_year=pl.Series(rng.integers(1962, 1990, taken.height)),
            start=pl.col("end") + 1,
            end=pl.lit(OPEN, dtype=pl.Int64),
        )
        hourly = holders[np.sort(rng.choice(count, max(2, int(count * HOURLY_SHARE)), replace=False))]
        hourly = hourly.with_columns(
            person=pl.int_range(pl.len()) + person + 2 * count,
            form=pl.lit("TIM"),
            rate=pl.lit(0.0),
            on_call=pl.lit(0.0),
            start=pl.Series(firsts[0] - rng.integers(10, 900, hourly.height)),
            end=pl.lit(OPEN, dtype=pl.Int64),
        )
        frames += [holders, followers, hourly]
        person += 3 * count
    return pl.concat(frames)


def _frame(columns: dict[str, object]) -> pl.DataFrame:
    """Posts from columns; a full-time permanent main post where nothing else is said."""
    usual: dict[str, object] = {
        "is_main": True,
        "form": "T",
        "rate": 100.0,
        "full_time": 40.0,
        "leave_kind": "",
        "on_call": 0.0,
        "calibrated": False,
    }
    frame = pl.DataFrame(columns).with_columns(
        *(pl.lit(value).alias(name) for name, value in usual.items() if name not in columns),
    )
    frame = frame.with_columns(
        aid_label=pl.col("personnel_group").replace_strict({**AID, **AID_MORE}, return_dtype=pl.String)
    )
    return frame.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())


def _pay(valid: pl.DataFrame, period: Period) -> pl.DataFrame:
    """Pay of the month per post: of a full-time month, by rate and by the part of the month."""
    first, last = period.first_day.toordinal(), period.last_day.toordinal()
    growth = PAY_GROWTH ** (period.year - 2016)
    days = pl.min_horizontal("end", pl.lit(last)) - pl.max_horizontal("start", pl.lit(first)) + 1
    return valid.filter(pl.col("form") != "TIM").select(
        "person",
        pl.lit(str(period)).alias("period"),
        "administration",
        "base_unit",
        "cost_centre",
        "personnel_group",
        pay=pl.col("personnel_group").replace_strict(MONTHLY_PAY, return_dtype=pl.Float64)
        * (growth * pl.col("rate") / 100 * days / period.last_day.day),
    )


def _stock(valid: pl.DataFrame, period: Period) -> pl.DataFrame:
    last = period.last_day.toordinal()
    return valid.select(
        pl.lit(str(period)).alias("delivery"),
        pl.lit(str(period)).alias("period"),
        key_of(pl.col("person")),
        "sex",
        "birth_year",
        "administration",
        "base_unit",
        "cost_centre",
        "aid_label",
        "personnel_group",
        pl.col("form").replace_strict(FORMS, return_dtype=pl.String).alias("employment_form"),
        pl.col("rate").alias("employment_rate_pct"),
        pl.col("full_time").alias("full_time_hours"),
        _day("start").alias("start_date"),
        pl.when(pl.col("end") <= last).then(_day("end")).alias("end_date"),
        pl.when(pl.col("end") <= last).then(pl.lit("external")).alias("leave_kind"),
        "is_main",
    )


def _day(column: str) -> pl.Expr:
    return (pl.col(column) - _EPOCH).cast(pl.Int32).cast(pl.Date)


def _of(table: str, frames: list[pl.DataFrame]) -> pl.DataFrame:
    schema = schema_of(table)
    if not frames:
        return pl.DataFrame(schema=schema)
    return pl.concat(frames).select(pl.col(name).cast(kind) for name, kind in schema.items())


def pay_of(posts: pl.DataFrame, administration: str) -> Floats:
    """Pay per month (rows, as ``MONTHS``) and cost centre (columns, as ``CENTRES_OF``) before season and noise, kr."""
    months = {month: row for row, month in enumerate(MONTHS.months)}
    centres = {centre: column for column, (_, centre) in enumerate(CENTRES_OF[administration])}
    found = np.zeros((len(months), len(centres)))
    summed = posts.filter(pl.col("administration") == administration).group_by("period", "cost_centre")
    # Sums of whole öre do not depend on the order of the rows: the same seed gives the same bytes.
    ore = (pl.col("pay") * 100).round().cast(pl.Int64).sum()
    for period, centre, pay in summed.agg(ore).rows():
        found[months[period], centres[centre]] = pay / 100
    return found
