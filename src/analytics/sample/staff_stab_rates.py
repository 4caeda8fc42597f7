"""Employment rates of administration 17: scheduled time that gives its published sick-leave percentages.

The scheduled time follows from sick hours and percentages; worked time and absence say how much of it each personnel
group has room for. What is left of the worked time becomes on-call time (`staff_stab_rows`).
"""

from __future__ import annotations

from itertools import product

import numpy as np

from analytics.sample.staff_published import YEARS, Cell, Published
from analytics.sample.staff_stab_model import ADMINISTRATION, MONTHS, Post, full_time_fte

LATE_AT_MOST = 4
PART_TIME = (50, 75, 60, 50, 80, 40)
WITHOUT_ABSENCE_AT_MOST = 2
"""Cells with so few heads get no absence: their published worked time leaves no room for it."""


def employment_rates(
    published: Published, extra: list[Post], hours_per_year: float
) -> dict[tuple[str, str], list[int]]:
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
