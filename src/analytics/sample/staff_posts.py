"""Employments of the demonstration region outside administration 17: size, mix, turnover and hourly staff.

One row per employment ("post"). Days are ordinals; an open employment ends at `OPEN`. Columns of a posts frame:
person, is_main, sex, birth_year, administration, base_unit, cost_centre, aid_label, personnel_group, form, rate (%),
full_time (hours/week), start, end, leave_kind, on_call (hours/month), calibrated (rows of its own in some months).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from analytics.organisation import Organisation
from analytics.periods import Period
from analytics.reference import Reference
from analytics.sample.staff_calendar import OPEN_END, STAFF_RANGE

OPEN = OPEN_END.toordinal()
FIRST_PERSON = 2_000
"""Lower person numbers belong to administration 17."""
SCHEMA = {
    "person": pl.Int64,
    "is_main": pl.Boolean,
    "sex": pl.String,
    "birth_year": pl.Int64,
    "administration": pl.String,
    "base_unit": pl.String,
    "cost_centre": pl.String,
    "aid_label": pl.String,
    "personnel_group": pl.String,
    "form": pl.String,
    "rate": pl.Float64,
    "full_time": pl.Float64,
    "start": pl.Int64,
    "end": pl.Int64,
    "leave_kind": pl.String,
    "on_call": pl.Float64,
    "calibrated": pl.Boolean,
}


@dataclass(frozen=True, slots=True)
class Profile:
    """Monthly paid employees of one administration and the mix of its personnel groups (shares)."""

    heads: int
    mix: dict[str, float]


# Scale: 4 942 employees on 2017-12-31, of which 294 temporary, 79 % women and 92,4 % full time (ltblekinge.se).
PROFILES = {
    "10": Profile(2420, {"2.1": 0.10, "2.2": 0.06, "2.4": 0.40, "2.5": 0.25, "1.3": 0.08, "1.2": 0.05, "1.1": 0.06}),
    "18": Profile(400, {"8.0": 0.58, "7.0": 0.27, "1.2": 0.11, "1.1": 0.04}),
    "20": Profile(900, {"2.1": 0.12, "2.2": 0.06, "2.4": 0.41, "2.5": 0.13, "1.3": 0.11, "4.0": 0.11, "1.1": 0.06}),
    "30": Profile(770, {"2.1": 0.07, "2.4": 0.26, "2.5": 0.35, "5.0": 0.16, "4.0": 0.09, "1.1": 0.07}),
    "40": Profile(310, {"3.0": 0.92, "1.2": 0.04, "1.1": 0.04}),
}
BASE_UNIT_MIX = {"105": {"2.6": 0.74, "2.1": 0.12, "2.4": 0.08, "1.1": 0.06}}
WOMEN = {"1.1": 0.70, "2.1": 0.46, "2.2": 0.55, "7.0": 0.14, "8.0": 0.62, "1.3": 0.97, "2.4": 0.89, "2.5": 0.85}
WOMEN_OTHERWISE = 0.83
ON_CALL = {"2.1": 26.0, "2.2": 18.0, "7.0": 5.0, "2.6": 3.0}
LEAVE_KINDS = ("Extern", "Pension", "Intern", "Avliden")
LEAVE_SHARES = (0.55, 0.17, 0.27, 0.01)
CHANGES_PER_YEAR = 0.115
HOURLY_SHARE = 0.10
WORKING_AGE = 18


def region_posts(*, reference: Reference, organisation: Organisation, rng: np.random.Generator) -> pl.DataFrame:
    """Employments of every administration in `PROFILES`, with turnover, side employments and hourly staff."""
    places = _places(organisation)
    slots = pl.concat([_slots(code, profile, places, rng) for code, profile in PROFILES.items()])
    count = slots.height
    first, last = STAFF_RANGE.first, STAFF_RANGE.last
    months = len(STAFF_RANGE)
    changes = rng.random(count) < CHANGES_PER_YEAR * months / 12
    change_month = rng.integers(0, months - 1, count)
    kinds = np.where(changes, rng.choice(LEAVE_KINDS, count, p=LEAVE_SHARES), "")
    month_ends = np.array([period.last_day.toordinal() for period in STAFF_RANGE])
    leave_day = np.where(changes, month_ends[change_month], OPEN)
    early = (kinds != "Intern") & changes & (rng.random(count) < 0.3)
    leave_day = np.where(early, leave_day - rng.integers(3, 18, count), leave_day)
    # A twelfth of the slots are new since January 2016: the region grows a little.
    began = first.first_day.toordinal() - rng.integers(60, 9_000, count)
    new_start = np.array([period.first_day.toordinal() for period in STAFF_RANGE])[rng.integers(1, months, count)]
    began = np.where((rng.random(count) < 0.03) & ~changes, new_start, began)
    temporary = rng.random(count) < 0.0775
    temporary_end = last.last_day.toordinal() + rng.integers(30, 400, count)

    birth_years = rng.integers(1952, 1994, count)
    birth_years = np.where(kinds == "Pension", rng.integers(1950, 1953, count), birth_years)
    people = np.arange(FIRST_PERSON, FIRST_PERSON + count)
    holders = slots.with_columns(
        person=pl.Series(people),
        is_main=pl.lit(value=True),
        birth_year=pl.Series(birth_years),
        form=pl.Series(np.where(temporary & ~changes, "V", "T")),
        start=pl.Series(began),
        end=pl.Series(np.where(changes, leave_day, np.where(temporary, temporary_end, OPEN))),
        leave_kind=pl.Series(kinds.astype(str)),
    )
    # Who finds no colleague to change places with has left the employer instead.
    alone = (pl.col("leave_kind") == "Intern") & (pl.len().over("personnel_group", "leave_kind", "end") == 1)
    holders = holders.with_columns(leave_kind=pl.when(alone).then(pl.lit("Extern")).otherwise(pl.col("leave_kind")))
    followers = _followers(holders.filter(pl.Series(changes)), FIRST_PERSON + count, rng)
    main = pl.concat([holders, followers], how="diagonal_relaxed").with_columns(calibrated=pl.lit(value=False))
    labels = {group: aid for aid, group in reversed(reference.aid_labels.items())}
    return (
        pl.concat([main, _side_posts(main, rng), _hourly_posts(main, rng)], how="diagonal_relaxed")
        .with_columns(
            start=pl.max_horizontal("start", of_working_age(pl.col("birth_year"))),
            aid_label=pl.col("personnel_group").replace_strict(labels, return_dtype=pl.String),
        )
        .select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())
    )


def of_working_age(birth_year: pl.Expr) -> pl.Expr:
    """The first day (ordinal) on which somebody born in the year may begin."""
    first_day = pl.date(birth_year + WORKING_AGE, 1, 1)
    return first_day.cast(pl.Int64) + date(1970, 1, 1).toordinal()


def _places(organisation: Organisation) -> dict[str, list[tuple[str, str]]]:
    """(base unit, cost centre) of each administration, projects left out."""
    period: Period = STAFF_RANGE.last
    parent = {unit.code: unit.parent for unit in organisation.at("base_unit", period)}
    places: dict[str, list[tuple[str, str]]] = {}
    for centre in organisation.at("cost_centre", period):
        if not centre.is_project:
            places.setdefault(parent[centre.parent], []).append((centre.parent, centre.code))
    return places


def _slots(
    code: str, profile: Profile, places: dict[str, list[tuple[str, str]]], rng: np.random.Generator
) -> pl.DataFrame:
    centres = places[code]
    where = rng.integers(0, len(centres), profile.heads)
    base_units = np.array([base for base, _ in centres])[where]
    groups = rng.choice(list(profile.mix), profile.heads, p=np.array(list(profile.mix.values())))
    for base_unit, mix in BASE_UNIT_MIX.items():
        here = base_units == base_unit
        groups[here] = rng.choice(list(mix), int(here.sum()), p=np.array(list(mix.values())))
    chance = np.array([WOMEN.get(group, WOMEN_OTHERWISE) for group in groups])
    full = rng.random(profile.heads) < 0.943
    on_call = np.array([ON_CALL.get(group, 0.0) for group in groups]) * rng.uniform(0.3, 1.7, profile.heads)
    return pl.DataFrame(
        {
            "administration": [code] * profile.heads,
            "base_unit": base_units,
            "cost_centre": np.array([centre for _, centre in centres])[where],
            "personnel_group": groups,
            "sex": np.where(rng.random(profile.heads) < chance, "K", "M"),
            "rate": np.where(full, 100.0, rng.choice([50.0, 75.0, 80.0, 85.0, 90.0], profile.heads)),
            "full_time": np.where(np.isin(groups, ["2.4", "2.5"]) & (rng.random(profile.heads) < 0.6), 38.25, 40.0),
            "on_call": on_call.round(1),
        }
    )


def _followers(left: pl.DataFrame, first_person: int, rng: np.random.Generator) -> pl.DataFrame:
    """Who takes over after each leaver: an internal mover of the same group and month, or somebody new."""
    starts = pl.Series([period.first_day.toordinal() for period in STAFF_RANGE])
    position = starts.search_sorted(left["end"], side="right")
    ordered = left.with_columns(start=starts.gather(position), follower=pl.int_range(pl.len()) + first_person)
    bucket = ["personnel_group", "leave_kind", "start"]

    def neighbour(column: str) -> pl.Expr:
        return pl.col(column).shift(1, fill_value=pl.col(column).last()).over(bucket)

    moves = pl.col("leave_kind") == "Intern"
    new_years = pl.Series(rng.integers(1962, 1994, left.height))
    return ordered.with_columns(
        person=pl.when(moves).then(neighbour("person")).otherwise(pl.col("follower")),
        birth_year=pl.when(moves).then(neighbour("birth_year")).otherwise(new_years),
        sex=pl.when(moves).then(neighbour("sex")).otherwise(pl.col("sex")),
        form=pl.lit("T"),
        end=pl.lit(OPEN),
        leave_kind=pl.lit(""),
    ).drop("follower")


def _side_posts(main: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Some part-time employees have a second, smaller employment at another cost centre."""
    part_time = main.filter((pl.col("rate") <= 80) & (pl.col("end") == OPEN))
    chosen = part_time.filter(pl.Series(rng.random(part_time.height) < 0.25))
    others = main.select("administration", "base_unit", "cost_centre").unique(maintain_order=True)
    picks = others[rng.integers(0, others.height, chosen.height)]
    side = chosen.with_columns(
        picks["administration"],
        picks["base_unit"],
        side_centre=picks["cost_centre"],
        rate=pl.Series(rng.choice([10.0, 15.0, 20.0], chosen.height)),
        is_main=pl.lit(value=False),
        on_call=pl.lit(0.0),
    )
    return (
        side.filter(pl.col("side_centre") != pl.col("cost_centre"))
        .with_columns(cost_centre=pl.col("side_centre"))
        .drop("side_centre")
    )


def _hourly_posts(main: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Hourly paid staff, as extra persons."""
    like = main.filter(pl.col("personnel_group").is_in(["2.1", "2.4", "2.5", "3.0", "8.0"]))
    chosen = like[np.sort(rng.choice(like.height, int(main.height * HOURLY_SHARE), replace=False))]
    begin = STAFF_RANGE.first.first_day.toordinal() + rng.integers(-700, 500, chosen.height)
    return chosen.with_columns(
        person=pl.int_range(pl.len()) + int(main["person"].to_numpy().max()) + 1,
        birth_year=pl.Series(rng.integers(1948, 1997, chosen.height)),
        form=pl.lit("TIM"),
        rate=pl.lit(0.0),
        start=pl.Series(begin),
        end=pl.lit(OPEN),
        leave_kind=pl.lit(""),
        on_call=pl.lit(0.0),
    )
