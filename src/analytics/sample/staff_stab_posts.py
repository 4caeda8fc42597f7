"""Employments of administration 17, person by person, so that its published heads, rates and leavers come out.

A slot is one desk in one personnel group; turnover gives it one holder after another. Heads that are published for
2017-02-28 and 2018-02-28 decide the slots. Groups with worked time but no heads are persons whose main employment lies
in another administration, or temporary staff who left within the range.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import product

import numpy as np
import polars as pl

from analytics.periods import Period
from analytics.reference import Reference
from analytics.sample.staff_calendar import working_days
from analytics.sample.staff_posts import OPEN, SCHEMA
from analytics.sample.staff_published import YEARS, Cell, Published

ADMINISTRATION = "17"
MONTHS = {year: (Period(year, 1), Period(year, 2)) for year in YEARS}
CENTRES = {
    "1.1": ("1310", "1311", "1315", "1331", "1341", "1351", "1770", "1390", "1316"),
    "1.2": ("1341", "1331", "1315", "1311", "1351", "1390", "1316", "1341", "1331", "1310", "1770", "1778"),
    "1.3": ("1321",),
    "2.1": ("1390", "1321"),
    "2.4": ("1390", "1771", "1315"),
    "2.5": ("1321",),
    "2.6": ("1321", "1771"),
    "3.0": ("1315",),
    "4.0": ("1770", "1316"),
    "6.0": ("1770",),
    "7.0": ("1778",),
}
LATE_AT_MOST = 4
PART_TIME = (50, 75, 60, 50, 80, 40)
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
WITHOUT_ABSENCE_AT_MOST = 2
"""Cells with so few heads get no absence: their published worked time leaves no room for it."""


@dataclass(frozen=True, slots=True)
class Post:
    """One employment, in Python terms; `as_frame` makes the posts frame of `staff_posts` of them."""

    person: int
    group: str
    sex: str
    birth_year: int
    administration: str
    base_unit: str
    cost_centre: str
    form: str
    rate: float
    start: int
    end: int = OPEN
    leave_kind: str = ""
    is_main: bool = True
    slot: int = -1
    fixed_hours: tuple[tuple[Period, float], ...] = ()
    """Scheduled hours of calibrated months where they are not simply rate × full time."""


class _Maker:
    """Hands out person numbers, birth years and cost centres."""

    def __init__(self, parents: dict[str, str], rng: np.random.Generator) -> None:
        self.rng = rng
        self._parents = parents
        self._used: dict[str, int] = {}
        self.next_person = 0

    def post(self, group: str, sex: str, rate: float, start: int, **details: object) -> Post:
        position = self._used.get(group, 0)
        self._used[group] = position + 1
        centre = CENTRES[group][position % len(CENTRES[group])]
        first = Post(
            person=self.next_person,
            group=group,
            sex=sex,
            birth_year=int(self.rng.integers(1954, 1991)),
            administration=ADMINISTRATION,
            base_unit=self._parents[centre],
            cost_centre=centre,
            form="T",
            rate=rate,
            start=start,
        )
        self.next_person += 1
        return replace(first, **details)  # type: ignore[arg-type]

    def someone_else(self, before: Post, start: int, **details: object) -> Post:
        """The next holder of the same slot."""
        person, self.next_person = self.next_person, self.next_person + 1
        year = int(self.rng.integers(1964, 1992))
        changed = replace(before, person=person, birth_year=year, start=start, end=OPEN, leave_kind="", form="T")
        return replace(changed, **details)  # type: ignore[arg-type]

    def old_start(self) -> int:
        return date(2015, 12, 1).toordinal() - int(self.rng.integers(0, 6_500))

    def month(self, year: int, first: int, last: int) -> Period:
        return Period(year, int(self.rng.integers(first, last + 1)))


def full_time_fte(year: int, hours_per_year: float) -> float:
    """Scheduled time of one full-time post in January and February, in full-time equivalents."""
    return sum(len(working_days(period)) for period in MONTHS[year]) * 8 / (hours_per_year / 6)


def stab_posts(
    published: Published, *, parents: dict[str, str], hours_per_year: float, rng: np.random.Generator
) -> list[Post]:
    """All employments of administration 17 and of the persons it borrows. ``parents``: cost centre → base unit."""
    maker = _Maker(parents, rng)
    extra = _borrowed(published, maker, hours_per_year) + _short_stay(published, maker, hours_per_year)
    rates = _rates(published, extra, hours_per_year)
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


def as_frame(posts: list[Post], *, on_call: dict[int, float], reference: Reference) -> pl.DataFrame:
    """Posts as a frame of `staff_posts`; ``on_call`` holds hours per month by slot."""
    labels = {group: aid for aid, group in reversed(reference.aid_labels.items())}
    return pl.DataFrame(
        {
            "person": [post.person for post in posts],
            "is_main": [post.is_main for post in posts],
            "sex": [post.sex for post in posts],
            "birth_year": [post.birth_year for post in posts],
            "administration": [post.administration for post in posts],
            "base_unit": [post.base_unit for post in posts],
            "cost_centre": [post.cost_centre for post in posts],
            "aid_label": [labels[post.group] for post in posts],
            "personnel_group": [post.group for post in posts],
            "form": [post.form for post in posts],
            "rate": [post.rate for post in posts],
            "full_time": [40.0] * len(posts),
            "start": [post.start for post in posts],
            "end": [post.end for post in posts],
            "leave_kind": [post.leave_kind for post in posts],
            "on_call": [round(on_call.get(post.slot, 0.0), 2) for post in posts],
            "calibrated": [post.administration == ADMINISTRATION for post in posts],
        },
        schema=SCHEMA,
    )


def _borrowed(published: Published, maker: _Maker, hours_per_year: float) -> list[Post]:
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


def _short_stay(published: Published, maker: _Maker, hours_per_year: float) -> list[Post]:
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


def _rates(published: Published, extra: list[Post], hours_per_year: float) -> dict[tuple[str, str], list[int]]:
    """Employment rates per cell (group, sex): scheduled time then gives the published sick-leave percentages."""
    lent: dict[Cell, float] = {}
    for post in extra:
        for year in YEARS:
            hours = sum(hours for period, hours in post.fixed_hours if period.year == year)
            fte = hours / (hours_per_year / 6)
            if not post.fixed_hours and not post.is_main and post.start <= MONTHS[year][0].first_day.toordinal():
                fte = post.rate / 100 * full_time_fte(year, hours_per_year)
            if post.administration == ADMINISTRATION:
                lent[post.group, post.sex, year] = lent.get((post.group, post.sex, year), 0.0) + fte
    sick = {year: sum(v for (g, _, y), v in published.absence.items() if g == "01" and y == year) for year in YEARS}
    best: tuple[float, dict[tuple[str, str], list[int]]] = (np.inf, {})
    rooms = _room(published, lent, hours_per_year)
    for share, late in product(np.linspace(0.74, 0.97, 93), range(LATE_AT_MOST + 1)):
        rates = {
            (group, sex): _part_time_last(_spread(share * mean, count), published.heads[group, sex, YEARS[0]], late)
            for (group, sex), (mean, count) in rooms
        }
        shares = {}
        for year in YEARS:
            fte = sum(lent[cell] for cell in lent if cell[2] == year)
            for (group, sex), values in rates.items():
                mean = sum(values[: published.heads[group, sex, year]]) / 100
                fte += mean * full_time_fte(year, hours_per_year)
            shares[year] = 100 * sick[year] / fte
        miss = max(abs(shares[year] - published.sick_leave_pct[year]) for year in YEARS)
        miss = max(miss, abs(shares[YEARS[1]] - shares[YEARS[0]] - published.sick_leave_change))
        if miss < best[0]:
            best = (miss, rates)
    return best[1]


def _room(
    published: Published, lent: dict[Cell, float], hours_per_year: float
) -> list[tuple[tuple[str, str], tuple[float, int]]]:
    """Mean rate (1 = full time) that the worked time of each cell has room for, and its number of slots."""
    rooms = []
    for group, sex in dict.fromkeys((group, sex) for group, sex, _ in published.heads):
        mean = 1.0
        for year in YEARS:
            heads = published.heads[group, sex, year]
            if heads == 0:
                continue
            cell = (group, sex, year)
            room = published.worked[cell] - lent.get(cell, 0.0) + expected_absence(published, cell)
            for table in (published.overtime, published.additional, published.hourly):
                room -= table.get(cell, 0.0)
            mean = min(mean, room / (heads * full_time_fte(year, hours_per_year)))
        slots = max(published.heads[group, sex, year] for year in YEARS)
        if slots:
            rooms.append(((group, sex), (mean, slots)))
    return rooms


def expected_absence(published: Published, cell: Cell) -> float:
    """The cell's share of the absence of its sex and year, in full-time equivalents."""
    group, sex, year = cell
    able = {
        each: published.worked[each, sex, year]
        for each in dict.fromkeys(group for group, _, _ in published.heads)
        if published.heads[each, sex, year] > WITHOUT_ABSENCE_AT_MOST
    }
    if group not in able:
        return 0.0
    total = sum(fte for (_, s, y), fte in published.absence.items() if (s, y) == (sex, year))
    return total * able[group] / sum(able.values())


def _spread(mean: float, count: int) -> list[int]:
    """Whole per cents for so many posts with this mean: some full time, some part time, mixed evenly."""
    wanted = min(100 * count, round(100 * mean * count))
    rates, surplus = [100] * count, 100 * count - wanted
    # Every second post first, so that the first n of them have nearly the same mean.
    for step, position in enumerate([*range(0, count, 2), *range(1, count, 2)]):
        cut = min(surplus, 100 - PART_TIME[step % len(PART_TIME)])
        rates[position] -= cut
        surplus -= cut
    for position in range(count):
        cut = min(-(-surplus // (count - position)), rates[position] - 20)
        rates[position] -= cut
        surplus -= cut
    return rates


def _part_time_last(rates: list[int], before: int, late: int) -> list[int]:
    """The same rates, with the lowest ones on so many of the slots that are new in the second year."""
    changed = list(rates)
    for position in range(before, min(len(rates), before + late)):
        lowest = min(range(before), key=changed.__getitem__)
        if changed[lowest] < changed[position]:
            changed[lowest], changed[position] = changed[position], changed[lowest]
    return changed


def _turnover(slots: list[list[Post]], maker: _Maker) -> list[Post]:
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


def _replace(holders: list[Post], maker: _Maker, leaves: Period, kind: str = "") -> None:
    last = leaves.last_day.toordinal()
    before = holders[0]
    year = 1951 if kind == "Pension" else before.birth_year
    holders[0] = replace(before, end=last, leave_kind=kind or "Extern", birth_year=year)
    holders.append(maker.someone_else(before, last + 1))


def _hourly(published: Published, maker: _Maker) -> list[Post]:
    """Hourly paid persons of every cell with hourly time."""
    posts = []
    for group, sex in dict.fromkeys((group, sex) for group, sex, _ in published.hourly):
        most = max(published.hourly[group, sex, year] for year in YEARS)
        before = published.hourly[group, sex, YEARS[0]] > 0
        start = date(2015, 3, 2) if before else date(2017, 9, 1)
        for _ in range(0 if most == 0 else 1 + (most > 0.6)):
            posts.append(maker.post(group, sex, 0.0, start.toordinal(), form="TIM"))
    return posts
