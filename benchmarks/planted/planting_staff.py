"""Deviations that follow people: pay, contribution, volume, mix, absence, overtime, moves, and months delivered wrong.

Ledger and staff change together: cost = people × pay × (1 + contribution), for the accounts of pay follow the posts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import polars as pl

from analytics.finder.model import Comparison, Kind
from analytics.periods import Period
from analytics.processed import schema_of
from benchmarks.planted.ground import ALL, STAFF, THIS_YEAR, TRIES, Ground, month_at
from benchmarks.planted.model import Effect
from benchmarks.planted.staff import Staff, key_of, new_posts, pay_of, rows_of
from benchmarks.planted.world import CENTRES, CENTRES_OF, LAST_YEAR_ENDS, MONTHS, PLACE_OF, STAFF_MONTHS, Floats

JANUARY: Final = LAST_YEAR_ENDS
WORKED_SHARE: Final = 0.87
"""Worked hours of a post in January and February, of a full-time equivalent's (1 760 hours a year)."""
CONTRIBUTION: Final = "45110"
OVERTIME: Final = ("40410", 382.0)
HOURLY: Final = ("40210", 238.0)
"""Account and kr per hour, as in the staff extracts of the demonstration region."""
HOURS_OF_A_PERSON: Final = 110.0
OVERTIME_OF_A_PERSON: Final = 50.0
LARGEST_RISE: Final = 0.3
LEAST_OF_A_GROUP: Final = 6
PAIRS: Final = (("2.4", "2.1"), ("2.5", "2.4"), ("2.5", "2.1"), ("1.2", "1.1"), ("3.0", "1.1"))
"""A cheaper group and a dearer one."""


def pay_level(ground: Ground, unit: str) -> bool:
    """Pay rises by more than usual from January, for all or for one large group; people are as before."""
    rows = ground.free(unit, pay=True)
    if unit in ground.moved or len(rows) < len(
        [row for row in ground.leaves_of[unit] if ground.ledger.leaves[row].is_pay]
    ):
        return False
    posts = ground.staff.posts
    whole = pay_of(posts, unit)
    for _ in range(TRIES):
        size = ground.size()
        group = ground.pick(["", "", *sorted(_groups(ground, unit))])
        some = pay_of(posts.filter(pl.col("personnel_group") == group), unit) if group else whole
        declared = ground.declared_kr(rows, range(CENTRES), THIS_YEAR)
        part = np.divide(some, whole, out=np.zeros_like(some), where=whole > 0)
        base = float((ground.ledger.outcome[rows][:, JANUARY:] * part[JANUARY:]).sum())
        rise = size * declared / base if base else 1.0
        if rise > LARGEST_RISE:
            continue
        effects = []
        for row in rows:
            delta = ground.ledger.outcome[row] * part * rise
            delta[:JANUARY] = 0.0
            effects += ground.change(row, delta)
        ground.moved.add(unit)
        says = f"löner {group or 'alla'} +{100 * rise:.1f} % från januari, {size * declared:,.0f} kr"
        return ground.add("pay_level", "pay_level", unit, size, ALL, effects, says)
    return False


def employer_contribution(ground: Ground, unit: str) -> bool:
    """The rate of the employer's contribution changes from January."""
    row = _leaf(ground, unit, CONTRIBUTION)
    if row in ground.taken or unit in ground.moved:
        return False
    size = ground.size()
    kr = size * ground.declared_kr([row], range(CENTRES), THIS_YEAR)
    rise = kr / float(ground.ledger.outcome[row, JANUARY:].sum())
    if rise > 2 * LARGEST_RISE:
        return False
    delta = ground.ledger.outcome[row] * rise
    delta[:JANUARY] = 0.0
    ground.moved.add(unit)
    says = f"påslag +{100 * rise:.1f} % av beloppet från januari, {kr:,.0f} kr"
    effects = ground.change(row, delta)
    return ground.add("employer_contribution", "employer_contribution", unit, size, ALL, effects, says)


def volume(ground: Ground, unit: str) -> bool:
    """More people, or fewer, of one group at one cost centre or base unit."""
    return more_or_fewer(ground, unit, "volume", starts=(JANUARY - 2, JANUARY + 1), comparisons=ALL)


def more_or_fewer(  # noqa: PLR0913 - how it shows
    ground: Ground,
    unit: str,
    name: str,
    *,
    starts: tuple[int, int],
    comparisons: frozenset[Comparison],
    years: int = 1,
) -> bool:
    """More people, or fewer, from one of some months on. ``years``: how many years' chance it must be told from."""
    if unit in ground.moved:
        return False
    for _ in range(TRIES):
        group, centres = (
            ground.pick(sorted(_groups(ground, unit))),
            ground.pick(ground.places(unit, 1) + ground.places(unit, 2)),
        )
        people = _people(ground, unit, group, centres)
        size, start = ground.size(), month_at(int(ground.rng.integers(*starts)))
        declared = ground.declared_fte(years * len(people))
        count = round(size * declared / WORKED_SHARE)
        fewer = ground.rng.random() < 0.4
        if count < 1 or (fewer and count > len(people) * 0.8):
            continue
        if fewer:
            staff = _without(ground.staff, ground.rng.permutation(people)[:count], start)
        else:
            staff = _with(ground, unit, centres, group, count, start)
        effects = ground.change_staff(staff)
        ground.moved.add(unit)
        says = f"{-count if fewer else count} personer i {group} på {len(centres)} ansvar från {start}"
        return ground.add(name, "volume", unit, count * WORKED_SHARE / declared, comparisons, effects, says)
    return False


def mix(ground: Ground, unit: str) -> bool:
    """As many people, but of a dearer group."""
    if unit in ground.moved:
        return False
    for _ in range(TRIES):
        cheap, dear = ground.pick(PAIRS)
        centres = ground.pick(ground.places(unit, 1) + ground.places(unit, 2) + ground.places(unit, 6))
        people = _people(ground, unit, cheap, centres)
        if dear not in _groups(ground, unit):
            continue
        size, start = ground.size(), month_at(int(ground.rng.integers(JANUARY - 2, JANUARY + 1)))
        declared = ground.declared_fte(len(people))
        count = round(size * declared / WORKED_SHARE)
        if count < 1 or count > 0.8 * len(people):
            continue
        staff = _without(ground.staff, ground.rng.permutation(people)[:count], start)
        effects = ground.change_staff(staff)
        effects += ground.change_staff(_with(ground, unit, centres, dear, count, start))
        ground.moved.add(unit)
        says = f"{count} personer i {dear} i stället för {cheap} på {len(centres)} ansvar från {start}"
        return ground.add("mix", "mix", unit, count * WORKED_SHARE / declared, ALL, effects, says)
    return False


def moved_people(ground: Ground, unit: str) -> bool:
    """People of a group go from one cost centre to one of another base unit, with their pay."""
    if unit in ground.moved:
        return False
    for _ in range(TRIES):
        group = ground.pick(sorted(_groups(ground, unit)))
        source, target = (int(centre) for centre in ground.rng.permutation(CENTRES)[:2])
        if source // 2 == target // 2:
            continue
        people = _people(ground, unit, group, (source,))
        size, start = ground.size(), month_at(int(ground.rng.integers(JANUARY - 2, JANUARY + 1)))
        declared = ground.declared_fte(max(len(people), len(_people(ground, unit, group, (target,)))))
        count = round(size * declared / WORKED_SHARE)
        if not 1 <= count <= len(people):
            continue
        moving = ground.rng.permutation(people)[:count]
        effects = ground.change_staff(_moved(ground.staff, moving, CENTRES_OF[unit][target], start))
        ground.moved.add(unit)
        codes = [CENTRES_OF[unit][centre][1] for centre in (source, target)]
        says = f"{count} personer i {group} från {codes[0]} till {codes[1]} från {start}"
        return ground.add("moved_people", "moved_unit", unit, count * WORKED_SHARE / declared, ALL, effects, says)
    return False


def reorganisation(ground: Ground, unit: str) -> bool:
    """Nearly all of a cost centre, people and accounts, goes to a cost centre of another base unit."""
    if unit in ground.moved or any(row in ground.taken for row in ground.leaves_of[unit]):
        return False
    source, target = (int(centre) for centre in ground.rng.permutation(CENTRES)[:2])
    if source // 2 == target // 2:
        target = (target + 2) % CENTRES
    start = int(ground.rng.integers(JANUARY - 2, JANUARY + 1))
    rows = ground.leaves_of[unit]
    declared = max(ground.declared_kr(rows, (centre,), THIS_YEAR) for centre in (source, target))
    posts = ground.staff.posts
    here = posts.filter(pl.col("cost_centre") == CENTRES_OF[unit][source][1])
    people = here.get_column("person").unique().sort().to_numpy()
    staff = _moved(ground.staff, people, CENTRES_OF[unit][target], month_at(start), only=CENTRES_OF[unit][source][1])
    kept = dict(zip(rows, ground.ledger.outcome[list(rows)].copy(), strict=True))
    staff_effects = [effect for effect in ground.change_staff(staff) if effect.family not in {"ledger", "budget"}]
    effects: list[Effect] = []
    total = 0.0
    for row in rows:
        ground.ledger.outcome[row] = kept[row]
        if not ground.ledger.leaves[row].is_pay and ground.rng.random() < 0.1:
            continue
        delta: Floats = np.zeros((len(MONTHS), CENTRES))
        amounts = ground.ledger.outcome[row, start:, source]
        delta[start:, source], delta[start:, target] = -amounts, amounts
        total += float(amounts[JANUARY - start :].sum())
        effects += ground.change(row, delta)
    ground.moved.add(unit)
    size = abs(total) / declared
    says = (
        f"{total:,.0f} kr från {CENTRES_OF[unit][source][1]} till {CENTRES_OF[unit][target][1]} från {month_at(start)}"
    )
    return ground.add("reorganisation", "reorganisation", unit, size, ALL, [*staff_effects, *effects], says)


def absence(ground: Ground, unit: str) -> bool:
    """More sick leave in one group of a base unit: some people are away whole months."""
    if unit in ground.moved:
        return False
    for _ in range(TRIES):
        group, centres = ground.pick(sorted(_groups(ground, unit))), ground.pick(ground.places(unit, 2))
        people = _people(ground, unit, group, centres)
        size, start = ground.size(), month_at(int(ground.rng.integers(JANUARY - 3, JANUARY + 1)))
        declared = ground.declared_fte(len(people))
        count = round(size * declared / WORKED_SHARE)
        if not 1 <= count <= 0.6 * len(people):
            continue
        staff = _sick(ground.staff, ground.rng.permutation(people)[:count], start)
        effects = ground.change_staff(staff)
        ground.moved.add(unit)
        says = f"{count} personer sjuka i {group} i {CENTRES_OF[unit][centres[0]][0]} från {start}"
        return ground.add(
            "absence", "volume", unit, count * WORKED_SHARE / declared, STAFF, effects, says, also=("lasting",)
        )
    return False


def overtime(ground: Ground, unit: str) -> bool:
    """More overtime in a base unit, with its cost."""
    return _hours(ground, unit, "overtime", *OVERTIME)


def hourly(ground: Ground, unit: str) -> bool:
    """More hourly staff in a base unit, with their cost."""
    return _hours(ground, unit, "hourly", *HOURLY)


def _hours(ground: Ground, unit: str, kind: str, account: str, pay: float) -> bool:
    row = _leaf(ground, unit, account)
    if unit in ground.moved or row in ground.taken:
        return False
    places = [
        (group, centres, _people(ground, unit, group, centres))
        for group in sorted(_groups(ground, unit))
        for centres in ground.places(unit, 1)
    ]
    # By kind of hours the usual deviation is smaller than of worked time: that of a few people.
    size, declared = ground.size(), ground.declared_fte(2.0)
    start = int(ground.rng.integers(JANUARY - 3, JANUARY + 1))
    monthly = size * declared * ground.world.settings.staff.hours_per_year / 12
    count = max(1, round(monthly / (HOURS_OF_A_PERSON if kind == "hourly" else OVERTIME_OF_A_PERSON)))
    roomy = [place for place in places if kind == "hourly" or count <= len(place[2])]
    if not roomy:
        return False
    group, centres, people = ground.pick(roomy)
    base_unit, centre = CENTRES_OF[unit][centres[0]]
    months = [str(month) for month in STAFF_MONTHS if month >= month_at(start)]
    staff = ground.staff
    employments = staff.employments
    if kind == "hourly":
        people = np.arange(ground.next_person, ground.next_person + count)
        ground.next_person += count
        employments = pl.concat([employments, _hourly_stock(people, unit, base_unit, centre, group, months)])
    each = round(monthly / count, 2)
    extra = pl.DataFrame({"person": people[:count]}).join(pl.DataFrame({"period": months}), how="cross")
    rows = extra.select(
        pl.col("period").alias("delivery"),
        "period",
        key_of(pl.col("person")),
        pl.lit(unit).alias("administration"),
        pl.lit(base_unit).alias("base_unit"),
        pl.lit(centre).alias("cost_centre"),
        pl.lit(kind).alias("time_type"),
        pl.lit(each).alias("hours"),
    )
    present = employments.select("employee_key", "period", "cost_centre")
    rows = rows.join(present, on=["employee_key", "period", "cost_centre"], how="semi", maintain_order="left")
    effects = ground.change_staff(replace(staff, employments=employments, time=pl.concat([staff.time, rows])))
    delta: Floats = np.zeros((len(MONTHS), CENTRES))
    delta[start:, list(centres)] = monthly * pay
    effects += ground.change(row, delta)
    ground.moved.add(unit)
    says = f"{size * declared:.1f} årsarbetare {kind} i {group} på {centre} från {month_at(start)}"
    comparisons = STAFF
    return ground.add(kind, "volume", unit, size, comparisons, effects, says, also=("lasting",))


def missing_time(ground: Ground, unit: str) -> bool:
    """A month's hours of a base unit have not come."""
    return _delivered(ground, unit, "missing")


def doubled_time(ground: Ground, unit: str) -> bool:
    """A month's hours of a base unit came twice."""
    return _delivered(ground, unit, "doubled")


def _delivered(ground: Ground, unit: str, kind: Kind) -> bool:
    if unit in ground.moved:
        return False
    month = str(ground.pick((STAFF_MONTHS.last, STAFF_MONTHS.last.plus(-1))))
    base_unit = ground.pick(PLACE_OF[unit].base_units)
    time = ground.staff.time
    hit = (pl.col("base_unit") == base_unit) & (pl.col("period") == month)
    rows = time.filter(hit)
    changed = time.filter(~hit) if kind == "missing" else pl.concat([time, rows])
    effects = ground.change_staff(replace(ground.staff, time=changed))
    fte = float(rows.get_column("hours").to_numpy().sum()) / (ground.world.settings.staff.hours_per_year / 12) / 2
    size = fte / ground.declared_fte(rows.get_column("employee_key").n_unique())
    ground.moved.add(unit)
    return ground.add(f"{kind}_time", kind, unit, size, STAFF, effects, f"tid för {base_unit} i {month}: {kind}")


def _groups(ground: Ground, unit: str) -> set[str]:
    """The larger groups of a unit."""
    posts = ground.staff.posts.filter(pl.col("administration") == unit, pl.col("period") == str(MONTHS.last))
    counts = posts.group_by("personnel_group").agg(pl.col("person").n_unique())
    return {group for group, people in counts.rows() if people >= LEAST_OF_A_GROUP}


def _leaf(ground: Ground, unit: str, account: str) -> int:
    return next(row for row in ground.leaves_of[unit] if ground.ledger.leaves[row].account == account)


def _people(
    ground: Ground, unit: str, group: str, centres: tuple[int, ...]
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Full-time people of a group at some cost centres from before the year's end to the last month."""
    codes = [CENTRES_OF[unit][centre][1] for centre in centres]
    posts = ground.staff.posts.filter(
        pl.col("personnel_group") == group,
        pl.col("cost_centre").is_in(codes),
        pl.col("period") >= str(month_at(JANUARY - 5)),
    )
    steady = posts.group_by("person").len().filter(pl.col("len") == len(MONTHS) - JANUARY + 5)
    people: np.ndarray[tuple[int], np.dtype[np.int64]] = steady.get_column("person").sort().to_numpy()
    return people


def _with(  # noqa: PLR0913, PLR0917 - what posts are
    ground: Ground, unit: str, centres: tuple[int, ...], group: str, count: int, start: Period
) -> Staff:
    """The people and ``count`` new ones, one after the other on the cost centres."""
    frames = []
    for number, centre in enumerate(centres):
        here = len(range(number, count, len(centres)))
        if here:
            base_unit, code = CENTRES_OF[unit][centre]
            frames.append(
                new_posts(
                    here,
                    first_person=ground.next_person,
                    place=PLACE_OF[unit],
                    base_unit=base_unit,
                    cost_centre=code,
                    group=group,
                    start=start,
                )
            )
            ground.next_person += here
    new, staff = rows_of(pl.concat(frames), ground.rng), ground.staff
    return Staff(
        pl.concat([staff.employments, new.employments]),
        pl.concat([staff.time, new.time]),
        pl.concat([staff.absence, new.absence]),
        pl.concat([staff.posts, new.posts]),
    )


def _keys(people: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pl.Expr:
    keys = pl.DataFrame({"person": people}).select(key_of(pl.col("person"))).to_series()
    return pl.col("employee_key").is_in(keys.implode())


def _without(staff: Staff, people: np.ndarray[tuple[int], np.dtype[np.int64]], start: Period) -> Staff:
    """The people but for some, who left before a month."""
    later = pl.col("period") >= str(start)
    gone = _keys(people) & later
    return Staff(
        staff.employments.filter(~gone),
        staff.time.filter(~gone),
        staff.absence.filter(~gone),
        staff.posts.filter(~(pl.col("person").is_in(pl.Series(people).implode()) & later)),
    )


def _moved(
    staff: Staff,
    people: np.ndarray[tuple[int], np.dtype[np.int64]],
    place: tuple[str, str],
    start: Period,
    *,
    only: str = "",
) -> Staff:
    """The people, some of them at another cost centre from a month on (with ``only``: all that is at that one)."""
    later = pl.col("period") >= str(start)

    def at(who: pl.Expr) -> list[pl.Expr]:
        there = later & ((pl.col("cost_centre") == only) if only else who)
        return [
            pl.when(there).then(pl.lit(code)).otherwise(pl.col(name)).alias(name)
            for name, code in zip(("base_unit", "cost_centre"), place, strict=True)
        ]

    who = _keys(people)
    return replace(
        staff,
        employments=staff.employments.with_columns(at(who)),
        time=staff.time.with_columns(at(who)),
        posts=staff.posts.with_columns(at(pl.col("person").is_in(pl.Series(people).implode()))),
    )


def _sick(staff: Staff, people: np.ndarray[tuple[int], np.dtype[np.int64]], start: Period) -> Staff:
    """The people, some of them sick all of every month from one on, as far as their scheduled hours go."""
    later = (pl.col("period") >= str(start)) & _keys(people)
    scheduled = staff.time.filter(later, pl.col("time_type") == "ordinary").sort("employee_key", "period")
    first = pl.concat_str("period", pl.lit("-01")).str.to_date("%Y-%m-%d")
    rows = scheduled.select(
        "delivery",
        "period",
        "employee_key",
        pl.lit("01").alias("absence_group"),
        first.alias("start_date"),
        first.dt.month_end().alias("end_date"),
        pl.lit(100.0).alias("extent_pct"),
        "hours",
        first.dt.month_end().dt.day().cast(pl.Int64).alias("calendar_days"),
    )
    return replace(staff, absence=pl.concat([staff.absence.filter(~later), rows]))


def _hourly_stock(  # noqa: PLR0913, PLR0917 - what an employment is
    people: np.ndarray[tuple[int], np.dtype[np.int64]],
    unit: str,
    base_unit: str,
    centre: str,
    group: str,
    months: list[str],
) -> pl.DataFrame:
    posts = new_posts(
        len(people),
        first_person=int(people[0]),
        place=PLACE_OF[unit],
        base_unit=base_unit,
        cost_centre=centre,
        group=group,
        start=Period.parse(months[0]),
    )
    rows = posts.join(pl.DataFrame({"period": months}), how="cross").with_columns(
        key_of(pl.col("person")),
        delivery=pl.col("period"),
        employment_form=pl.lit("hourly"),
        employment_rate_pct=pl.lit(0.0),
        full_time_hours=pl.col("full_time"),
        start_date=pl.lit(Period.parse(months[0]).first_day),
        end_date=pl.lit(None),
        leave_kind=pl.lit(None, dtype=pl.String),
    )
    return rows.select(pl.col(name).cast(kind) for name, kind in schema_of("employments").items())
