"""Deviations of persons that hours do not tell: who leaves, who comes instead, and who is employed without hours.

Posts that are left are filled the day after, so hours, pay and the number of those employed stay as they were.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import polars as pl

from analytics.finder.turnover_findings import unlikely
from analytics.periods import Period
from benchmarks.planted.ground import STAFF, TRIES, Ground, staff_cells
from benchmarks.planted.staff import Staff, new_posts, rows_of
from benchmarks.planted.world import CENTRES_OF, PLACE_OF, STAFF_MONTHS

SPAN: Final = 3
"""Months in which they leave or come: of late, as the finder looks at."""
MOST_OF_A_UNIT: Final = 0.6
CERTAIN: Final = float(np.log(1e-4))
"""As unlikely as five usual deviations, with heavy tails: so many more are the declared size of so few."""
USUAL_HEADS: Final = 0.25
"""Usual deviation of those employed, per root of their number: one in sixteen begins or leaves in half a year."""


def left(ground: Ground, unit: str) -> bool:
    """Many leave the employer in the last months, and others take their posts the day after."""
    return _replaced(ground, unit, "left", leave_kind="external", last=STAFF_MONTHS.last)


def started(ground: Ground, unit: str) -> bool:
    """Many come to the employer, in place of those who retire."""
    return _replaced(ground, unit, "started", leave_kind="pension", last=STAFF_MONTHS.last.plus(-1))


def _replaced(ground: Ground, unit: str, name: str, *, leave_kind: str, last: Period) -> bool:
    if unit in ground.moved:
        return False
    months = [last.plus(-back) for back in range(SPAN - (name == "started"))]
    for _ in range(TRIES):
        size, base_unit = ground.size(), ground.pick(PLACE_OF[unit].base_units)
        rows = ground.staff.employments.filter(
            pl.col("base_unit") == base_unit, pl.col("is_main"), pl.col("employment_form") == "permanent"
        )
        steady = rows.group_by("employee_key").agg(
            pl.col("period").max().alias("last"), pl.col("end_date").max(), pl.col("start_date").min()
        )
        able = steady.filter(
            pl.col("last") == str(STAFF_MONTHS.last),
            pl.col("end_date").is_null(),
            pl.col("start_date").dt.year() < 2016,
        )
        declared = _declared(ground, base_unit, name)
        count = round(size * declared)
        if not 2 <= count <= MOST_OF_A_UNIT * able.height:
            continue
        keys = able.get_column("employee_key").sort().to_list()
        who = [keys[at] for at in ground.rng.permutation(len(keys))[:count]]
        staff = ground.staff
        for number, key in enumerate(who):
            staff = _in_place_of(staff, key, ground.next_person + number, months[number % len(months)], leave_kind)
        ground.next_person += count
        effects = ground.change_staff(staff)
        ground.moved.add(unit)
        says = f"{count} personer vid {base_unit} byts ut ({leave_kind}) till och med {last}"
        return ground.add(name, "one_off", unit, count / declared, STAFF, effects, says, also=("lasting",))
    return False


def _in_place_of(staff: Staff, key: str, person: int, month: Period, leave_kind: str) -> Staff:
    """The people, one of whom leaves on the last day of a month and is followed by another."""
    old, new = pl.col("employee_key") == key, f"p{person:06d}"
    after = old & (pl.col("period") > str(month))
    here = old & (pl.col("period") == str(month))
    renamed = pl.when(after).then(pl.lit(new)).otherwise("employee_key").alias("employee_key")
    return replace(
        staff,
        employments=staff.employments.with_columns(
            renamed,
            start_date=pl.when(after).then(pl.lit(month.plus(1).first_day)).otherwise("start_date"),
            end_date=pl.when(here).then(pl.lit(month.last_day)).otherwise("end_date"),
            leave_kind=pl.when(here).then(pl.lit(leave_kind)).otherwise("leave_kind"),
        ),
        time=staff.time.with_columns(renamed),
        absence=staff.absence.with_columns(renamed),
    )


def _declared(ground: Ground, base_unit: str, name: str) -> float:
    """The fewest more than before that an exact test of two rates tells, or the declared size if that is more."""
    cells = staff_cells(ground.staff).filter(pl.col("family") == name, pl.col("base_unit") == base_unit)
    before = int(cells.get_column("hours").sum() / 100)
    share = SPAN / len(STAFF_MONTHS)
    usual = round(before * share)
    more = 1
    while unlikely(usual + more, before - usual, share) > CERTAIN:
        more += 1
    return float(max(more, ground.declared.fte))


def headcount(ground: Ground, unit: str) -> bool:
    """More are employed at a cost centre from the new year who have no hours yet: on leave from the first day."""
    if unit in ground.moved:
        return False
    start = STAFF_MONTHS.last.plus(-int(ground.rng.integers(0, 2)))
    base_unit, centre = CENTRES_OF[unit][int(ground.rng.integers(len(CENTRES_OF[unit])))]
    groups = ground.staff.employments.filter(
        pl.col("cost_centre") == centre,
        pl.col("period") == str(STAFF_MONTHS.last),
        pl.col("employment_form") != "hourly",
    )
    people = groups.group_by("personnel_group").len().sort("personnel_group").rows()
    group, heads = ground.pick(people)
    declared = ground.declared.fte_at(USUAL_HEADS * np.sqrt(heads))
    count = max(1, round(ground.size() * declared))
    posts = new_posts(
        count,
        first_person=ground.next_person,
        place=PLACE_OF[unit],
        base_unit=base_unit,
        cost_centre=centre,
        group=group,
        start=start,
    )
    ground.next_person += count
    new = rows_of(posts, ground.rng).employments
    staff = replace(ground.staff, employments=pl.concat([ground.staff.employments, new]))
    effects = ground.change_staff(staff)
    ground.moved.add(unit)
    says = f"{count} personer i {group} på {centre} utan tid från {start}"
    return ground.add("headcount", "volume", unit, count / declared, STAFF, effects, says, also=("lasting", "one_off"))
