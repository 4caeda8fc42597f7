"""Employments of administration 17, person by person, so that its published heads, rates and leavers come out.

A slot is one desk in one personnel group; turnover gives it one holder after another. Heads that are published for
2017-02-28 and 2018-02-28 decide the slots. Groups with worked time but no heads are persons whose main employment lies
in another administration, or temporary staff who left within the range.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from analytics.periods import Period
from analytics.sample.staff_calendar import working_days
from analytics.sample.staff_posts import OPEN
from analytics.sample.staff_published import YEARS, Published
from analytics.sample.staff_stab_model import MONTHS, Maker, Post, full_time_fte
from analytics.sample.staff_stab_rates import employment_rates

TEMPORARY = {"K": 9, "M": 6}
REPLACED_2017 = {"K": 4, "M": 1}
REPLACED_2016 = {"K": 5, "M": 2}
NEW_2016 = {"K": 6, "M": 2}
# Main employment elsewhere: group, sex, rate here (None: as the published worked time says), first day, home.
BORROWED = (
    ("2.1", "M", 40.0, date(2014, 9, 1), "20", "2.1"),
    ("2.1", "K", 45.0, date(2017, 5, 1), "10", "2.1"),
    ("2.5", "K", None, date(2013, 3, 1), "10", "2.5"),
    ("3.0", "K", None, date(2015, 2, 1), "40", "3.0"),
)
MOVED_TO = {"10": ("102", "0120"), "20": ("201", "2010"), "40": ("401", "4010")}


def stab_posts(
    published: Published, *, parents: dict[str, str], hours_per_year: float, rng: np.random.Generator
) -> list[Post]:
    """All employments of administration 17 and of the persons it borrows. ``parents``: cost centre → base unit."""
    maker = Maker(parents, rng)
    extra = _borrowed(published, maker, hours_per_year) + _short_stay(published, maker, hours_per_year)
    rates = employment_rates(published, extra, hours_per_year)
    slots: list[list[Post]] = []
    for (group, sex), values in rates.items():
        before, after = (published.heads[group, sex, year] for year in YEARS)
        order = [*rng.permutation(min(before, after)), *range(min(before, after), len(values))]
        for position in range(len(values)):
            rate = float(values[order[position]])
            holder = maker.post(group, sex, rate, maker.old_start(), slot=len(slots))
            if position >= before:
                holder = replace(holder, start=maker.month(2017, 4, 12).first_day.toordinal())
            elif position >= after:
                holder = replace(holder, end=maker.month(2017, 4, 11).last_day.toordinal(), leave_kind="Extern")
            slots.append([holder])
    moved = _turnover(slots, maker)
    posts = [post for holders in slots for post in holders]
    return [*posts, *moved, *extra, *_hourly(published, maker)]


def _borrowed(published: Published, maker: Maker, hours_per_year: float) -> list[Post]:
    posts = []
    for group, sex, rate, start, home, home_group in BORROWED:
        wanted = {year: published.worked[group, sex, year] for year in YEARS}
        fixed: tuple[tuple[Period, float], ...] = ()
        if rate is None:
            rate = round(100 * wanted[YEARS[0]] / full_time_fte(YEARS[0], hours_per_year), 1)  # noqa: PLW2901
            fixed = tuple(
                (period, hours)
                for year in YEARS
                for period, hours in zip(MONTHS[year], _halves(wanted[year] * hours_per_year / 6, year), strict=True)
            )
        here = maker.post(group, sex, rate, start.toordinal(), is_main=False, fixed_hours=fixed)
        base_unit, centre = MOVED_TO[home]
        main = replace(
            here,
            administration=home,
            base_unit=base_unit,
            cost_centre=centre,
            group=home_group,
            is_main=True,
            rate=100.0 - rate if rate >= 40 else 60.0,
            fixed_hours=(),
            start=start.toordinal() - 700,
        )
        posts += [here, main]
    return posts


def _halves(hours: float, year: int) -> tuple[float, float]:
    days = [len(working_days(period)) for period in MONTHS[year]]
    first = round(hours * days[0] / sum(days), 2)
    return first, round(round(hours, 2) - first, 2)


def _short_stay(published: Published, maker: Maker, hours_per_year: float) -> list[Post]:
    """Temporary staff of groups without heads and without borrowed persons: gone before the range ended."""
    lent = {(group, sex) for group, sex, *_ in BORROWED}
    posts = []
    for (group, sex, year), fte in published.worked.items():
        if fte == 0 or (group, sex) in lent or any(published.heads.get((group, sex, each)) for each in YEARS):
            continue
        hours = round(fte * hours_per_year / 6, 2)
        days = working_days(MONTHS[year][0])
        last = days[min(len(days), int(np.ceil(hours / 8))) - 1]
        month_end = MONTHS[year][0].last_day.toordinal()
        posts.append(
            maker.post(
                group,
                sex,
                100.0,
                date(year - 1, 9, 1).toordinal(),
                form="V",
                leave_kind="Extern",
                end=month_end if last == days[-1] else last,
                fixed_hours=((MONTHS[year][0], min(hours, 8.0 * len(days))),),
            )
        )
    return posts


def _turnover(slots: list[list[Post]], maker: Maker) -> list[Post]:
    """New holders for some slots (in place); returns the posts of those who moved to another administration."""
    rng = maker.rng
    for sex in ("K", "M"):
        able = [
            number
            for number, (post, *later) in enumerate(slots)
            if not later
            and post.sex == sex
            and post.group == "1.2"
            and post.end == OPEN
            and post.start < date(2016, 1, 1).toordinal()
        ]
        picks = [int(number) for number in rng.permutation(able)]
        if sex == "K":
            _replace(slots[picks.pop()], maker, Period(2018, 1))
        for index in range(TEMPORARY[sex]):
            holders = slots[picks.pop()]
            if index % 2:
                holders[0] = replace(holders[0], form="V")
            _replace(holders, maker, maker.month(2017, 3, 11))
            end = date(2018, int(rng.integers(4, 12)), 30).toordinal()
            holders[-1] = replace(holders[-1], form="V", end=end)
        for _ in range(REPLACED_2017[sex]):
            _replace(slots[picks.pop()], maker, maker.month(2017, 3, 11))
        for _ in range(REPLACED_2016[sex]):
            _replace(slots[picks.pop()], maker, maker.month(2016, 3, 11), kind="Pension" if rng.random() < 0.3 else "")
        for _ in range(NEW_2016[sex]):
            holders = slots[picks.pop()]
            holders[0] = replace(holders[0], start=maker.month(2016, 3, 12).first_day.toordinal())
    moved = []
    for number, holders in enumerate(slots):
        post = holders[0]
        if post.group == "2.4" and post.leave_kind:
            base_unit, centre = MOVED_TO["10"]
            slots[number][0] = replace(post, leave_kind="Intern")
            there = replace(post, administration="10", base_unit=base_unit, cost_centre=centre, leave_kind="", slot=-1)
            moved.append(replace(there, start=post.end + 1, end=OPEN))
    return moved


def _replace(holders: list[Post], maker: Maker, leaves: Period, kind: str = "") -> None:
    last = leaves.last_day.toordinal()
    before = holders[0]
    year = 1951 if kind == "Pension" else before.birth_year
    holders[0] = replace(before, end=last, leave_kind=kind or "Extern", birth_year=year)
    holders.append(maker.someone_else(before, last + 1))


def _hourly(published: Published, maker: Maker) -> list[Post]:
    """Hourly paid persons of every cell with hourly time."""
    posts = []
    for group, sex in dict.fromkeys((group, sex) for group, sex, _ in published.hourly):
        most = max(published.hourly[group, sex, year] for year in YEARS)
        before = published.hourly[group, sex, YEARS[0]] > 0
        start = date(2015, 3, 2) if before else date(2017, 9, 1)
        count = 0 if most == 0 else 1 + (most > 0.6)
        posts += [maker.post(group, sex, 0.0, start.toordinal(), form="TIM") for _ in range(count)]
    return posts
