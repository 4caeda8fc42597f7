"""Time and absence of administration 17 in January and February 2017 and 2018, person by person.

All hours are counted in hundredths, as in the files, so that each published cell is hit exactly. Scheduled time
follows from the posts, absence from the published groups; on-call time fills each cell up to its published worked time.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from analytics.errors import SettingsError
from analytics.organisation import Organisation
from analytics.periods import Period
from analytics.reference import Reference
from analytics.sample.staff_absence import LONG_SCHEMA, ROW_SCHEMA
from analytics.sample.staff_calendar import STAFF_RANGE, working_days, working_days_within
from analytics.sample.staff_published import YEARS, Published
from analytics.sample.staff_stab_model import ADMINISTRATION, MONTHS, Post, as_frame
from analytics.sample.staff_stab_posts import stab_posts
from analytics.sample.staff_stab_rates import WITHOUT_ABSENCE_AT_MOST, expected_absence

ATTEMPTS = 80
# Share of each group's absence in long spells, and the longest short spell in working days.
LONG_SHARE = {"01": 0.5, "04": 0.9, "05": 0.6, "08": 0.7}
LONGEST = {"01": 6, "02": 3, "03": 8, "04": 8, "05": 3, "06": 3, "07": 3, "08": 5, "09": 2, "10": 1}
EXTENTS = (100, 75, 50, 25, 20)
MOST_OF_SCHEDULE = 0.9
TIME_SCHEMA = {"person": pl.Int64, "cost_centre": pl.String, "time_type": pl.String, "hours": pl.Float64}
_Key = tuple[int, str, Period]


@dataclass(frozen=True)
class StabStaff:
    """Administration 17 as the writers need it: posts, long spells, and rows of the calibrated months."""

    posts: pl.DataFrame
    long_spells: pl.DataFrame
    time: dict[Period, pl.DataFrame]
    absence: dict[Period, pl.DataFrame]


@dataclass
class _Draft:
    """One attempt at a distribution; hours in hundredths."""

    schedule: dict[_Key, int]
    taken: dict[_Key, int] = field(default_factory=dict)
    busy: dict[_Key, set[int]] = field(default_factory=dict)
    spells: list[tuple[int, str, int, int, float]] = field(default_factory=list)
    absence: list[tuple[Period, int, str, int, int, float, float, bool]] = field(default_factory=list)
    time: list[tuple[Period, int, str, str, float]] = field(default_factory=list)
    on_call: dict[int, list[float]] = field(default_factory=dict)


def stab_staff(
    published: Published,
    *,
    reference: Reference,
    organisation: Organisation,
    hours_per_year: float,
    rng: np.random.Generator,
) -> StabStaff:
    """Calibrated staff of administration 17. Raises SettingsError if the published figures leave no room."""
    centres = organisation.at("cost_centre", STAFF_RANGE.last)
    parents = {centre.code: centre.parent for centre in centres}
    posts = stab_posts(published, parents=parents, hours_per_year=hours_per_year, rng=rng)
    schedule = _schedule(posts)
    for _ in range(ATTEMPTS):
        draft = _Draft(dict(schedule))
        if all(_fill(draft, posts, published, year, hours_per_year / 6 * 100, rng) for year in YEARS):
            return _frames(draft, posts, reference, rng)
    raise SettingsError(
        "the published staff figures of administration 17 cannot be distributed over its employees",
        action="Check the published worked time, absence and heads against their source.",
    )


def _schedule(posts: list[Post]) -> dict[_Key, int]:
    """Scheduled hours (hundredths) of every post of the administration and calibrated month."""
    schedule = {}
    for post in posts:
        if post.administration != ADMINISTRATION or post.form == "TIM":
            continue
        fixed = dict(post.fixed_hours)
        for period in (month for year in YEARS for month in MONTHS[year]):
            days = int(working_days_within(period, np.array([post.start]), np.array([post.end]))[0])
            hours = fixed.get(period, 0.0) if fixed else round(days * 8 * post.rate / 100, 2)
            if days and hours:
                schedule[post.person, post.cost_centre, period] = round(100 * hours)
    return schedule


def _fill(  # noqa: PLR0913, PLR0917
    draft: _Draft, posts: list[Post], published: Published, year: int, unit: float, rng: np.random.Generator
) -> bool:
    """Distribute absence, then all kinds of time, of one year; False where a cell would need negative time."""
    months = MONTHS[year]
    here = [
        post
        for post in posts
        if post.administration == ADMINISTRATION
        and post.start <= months[1].last_day.toordinal()
        and post.end >= months[0].first_day.toordinal()
    ]
    whole = [
        post
        for post in here
        if post.is_main
        and post.form != "TIM"
        and post.start <= months[0].first_day.toordinal()
        and post.end >= months[1].last_day.toordinal()
    ]
    for sex in ("K", "M"):
        able = [
            post
            for post in whole
            if post.sex == sex and published.heads[post.group, sex, year] > WITHOUT_ABSENCE_AT_MOST
        ]
        stable = [int(i) for i in rng.permutation(len(able)) if able[i].group == "1.2" and able[i].form == "T"]
        wanted = {g: round(fte * unit) for (g, s, y), fte in published.absence.items() if (s, y) == (sex, year)}
        for group, share in LONG_SHARE.items():
            wanted[group] -= _long(draft, [able[i] for i in stable], group, wanted[group], share, months, rng, stable)
        # Small cells get their share and no more, or on-call time would have to fill improbable gaps.
        room = {g: round(1.2 * unit * expected_absence(published, (g, sex, year))) for g in {p.group for p in able}}
        room["1.2"] = sum(wanted.values())
        for group in sorted(wanted, key=lambda each: each == "10"):
            _short(draft, able, group, wanted[group], months, rng, room)
    for group, sex in dict.fromkeys((group, sex) for group, sex, _ in published.worked):
        cell = [post for post in here if (post.group, post.sex) == (group, sex)]
        if not _time_of_cell(draft, cell, published, (group, sex, year), unit, rng):
            return False
    return True


def _long(  # noqa: PLR0913, PLR0917
    draft: _Draft,
    able: list[Post],
    group: str,
    budget: int,
    share: float,
    months: tuple[Period, Period],
    rng: np.random.Generator,
    stable: list[int],
) -> int:
    """Long spells over both months for the first persons in line; returns the hundredths they take."""
    used, left = 0, round(budget * share)
    for post in able:
        parts = [draft.schedule[post.person, post.cost_centre, period] for period in months]
        first = int(rng.integers(0, 3))
        extent = next((e for e in EXTENTS[first:] if sum(round(p * e / 100) for p in parts) <= left), None)
        if extent is None:
            break
        stable.pop(0)
        start = max(post.start, months[0].first_day.toordinal() - int(rng.integers(20, 110)))
        end = min(post.end, months[1].last_day.toordinal() + int(rng.integers(10, 100)))
        draft.spells.append((post.person, group, start, end, float(extent)))
        for period, part in zip(months, parts, strict=True):
            key = (post.person, post.cost_centre, period)
            hours = round(part * extent / 100)
            last = period.last_day.toordinal()
            row = (period, post.person, group, period.first_day.toordinal(), min(end, last), float(extent))
            draft.absence.append((*row, hours / 100, end > last))
            draft.taken[key] = draft.taken.get(key, 0) + hours
            if extent == 100:
                draft.busy.setdefault(key, set()).update(range(len(working_days(period))))
            used, left = used + hours, left - hours
    return used


def _short(  # noqa: PLR0913, PLR0917
    draft: _Draft,
    able: list[Post],
    group: str,
    wanted: int,
    months: tuple[Period, Period],
    rng: np.random.Generator,
    room: dict[str, int],
) -> None:
    """Short spells until the wanted hundredths are used up; ``room`` (by personnel group) shrinks with them."""
    while wanted > 0:
        post = able[int(rng.integers(0, len(able)))]
        period = months[int(rng.integers(0, 2))]
        key = (post.person, post.cost_centre, period)
        free = int(draft.schedule[key] * MOST_OF_SCHEDULE) - draft.taken.get(key, 0)
        free = min(free, room[post.group])
        daily = round(8 * post.rate)
        if free < daily / 2:
            continue
        size = int(rng.integers(1, LONGEST[group] + 1)) * daily if group != "10" else 100 * int(rng.integers(1, 5))
        hours = min(size, free, wanted)
        if 0 < wanted - hours < 100 and hours + 100 <= free:
            hours = wanted
        days = working_days(period)
        length = min(len(days), -(-hours // daily))
        busy = draft.busy.setdefault(key, set())
        starts = [s for s in range(len(days) - length + 1) if busy.isdisjoint(range(s, s + length))]
        begin = starts[int(rng.integers(0, len(starts)))] if starts else int(rng.integers(0, len(days) - length + 1))
        busy.update(range(begin, begin + length))
        extent = round(min(100.0, 100 * hours / (length * daily)), 2)
        row = (period, post.person, group, days[begin], days[begin + length - 1], extent)
        draft.absence.append((*row, hours / 100, False))
        draft.taken[key] = draft.taken.get(key, 0) + hours
        wanted -= hours
        room[post.group] -= hours


def _time_of_cell(  # noqa: PLR0913, PLR0917
    draft: _Draft,
    cell: list[Post],
    published: Published,
    code: tuple[str, str, int],
    unit: float,
    rng: np.random.Generator,
) -> bool:
    months = MONTHS[code[2]]
    left = round(published.worked[code] * unit)
    for post in cell:
        for period in months:
            key = (post.person, post.cost_centre, period)
            if key in draft.schedule:
                draft.time.append((period, post.person, post.cost_centre, "ORD", draft.schedule[key] / 100))
                left -= draft.schedule[key] - draft.taken.get(key, 0)
    monthly = [post for post in cell if post.form != "TIM"]
    part_time = [post for post in monthly if post.rate < 100 and post.is_main][:6]
    full_time = [post for post in monthly if post.is_main][-2:]
    hourly = [post for post in cell if post.form == "TIM"]
    kinds = (
        ("MERTID", published.additional, part_time),
        ("ÖT-ENKEL", published.overtime, full_time),
        ("TIM", published.hourly, hourly),
    )
    for kind, table, persons in kinds:
        hours = round(table.get(code, 0.0) * unit)
        left -= hours
        if hours and not persons:
            return False
        _share(draft, [(post, period, 1.0) for post in persons for period in months], kind, hours)
    presence = []
    for post in monthly:
        factor = rng.uniform(0.6, 1.4)
        for period in months:
            key = (post.person, post.cost_centre, period)
            there = draft.schedule.get(key, 0) - draft.taken.get(key, 0)
            if there > 0:
                presence.append((post, period, there * factor))
    if left < 0 or (left > 0 and not presence):
        return False
    _share(draft, presence, "JOUR" if code[0] == "2.1" else "BEREDSKAP", left)
    return True


def _share(draft: _Draft, parts: list[tuple[Post, Period, float]], kind: str, hours: int) -> None:
    """Hundredths over persons and months by weight; rounding goes to the last part."""
    total, given, weight_so_far = sum(weight for *_, weight in parts), 0, 0.0
    for post, period, weight in parts:
        weight_so_far += weight
        portion = round(hours * weight_so_far / total) - given
        given += portion
        if portion:
            draft.time.append((period, post.person, post.cost_centre, kind, portion / 100))
        if kind in {"JOUR", "BEREDSKAP"}:
            draft.on_call.setdefault(post.slot, []).append(portion / 100)


def _frames(draft: _Draft, posts: list[Post], reference: Reference, rng: np.random.Generator) -> StabStaff:
    on_call = {slot: sum(hours) / len(hours) for slot, hours in draft.on_call.items() if slot >= 0}
    spells = pl.DataFrame(draft.spells, schema=LONG_SCHEMA, orient="row")
    months = [period for year in YEARS for period in MONTHS[year]]
    return StabStaff(
        posts=as_frame(posts, on_call=on_call, reference=reference),
        long_spells=pl.concat([spells, _other_spells(posts, rng)]),
        time={
            month: pl.DataFrame([row[1:] for row in draft.time if row[0] == month], schema=TIME_SCHEMA, orient="row")
            for month in months
        },
        absence={
            month: pl.DataFrame([row[1:] for row in draft.absence if row[0] == month], schema=ROW_SCHEMA, orient="row")
            for month in months
        },
    )


def _other_spells(posts: list[Post], rng: np.random.Generator) -> pl.DataFrame:
    """Long spells of the months between the calibrated ones, so that the monthly series have no holes."""
    rows = []
    for year, first, last in ((2016, 1, 12), (2017, 3, 11)):
        begin, end = Period(year, first).first_day.toordinal(), Period(year, last).last_day.toordinal()
        end -= 0 if year != 2016 else 20
        able = [
            post
            for post in posts
            if post.is_main and post.group == "1.2" and post.form == "T" and post.start < begin and post.end > end
        ]
        order = rng.permutation(len(able))
        for position, group in enumerate(["01"] * 6 + ["04"] * 5 + ["05"] + ["08"] * 2):
            start = begin + int(rng.integers(0, 190))
            extent = float(rng.choice([100, 100, 50, 25]))
            rows.append(
                (able[order[position]].person, group, start, min(end, start + int(rng.integers(60, 220))), extent)
            )
    return pl.DataFrame(rows, schema=LONG_SCHEMA, orient="row")
