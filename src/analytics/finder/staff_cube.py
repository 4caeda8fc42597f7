"""Hours of staff as cubes: by cost centre, personnel group (or absence group) and month, and who is behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import narwhals as nw
import polars as pl

from analytics.finder.axes import Axis, Step
from analytics.finder.cube import Cube, dense, organisation_axis
from analytics.measures import staff
from analytics.measures.scope import MILLIONTHS, Data, Lazy, Scope, Slices, lazy, months_present
from analytics.periods import PeriodRange

WORKED, ABSENCE, HOURLY = "worked_fte", "absence_fte", "hourly_fte"
TYPES: Mapping[str, tuple[str, ...]] = {
    "overtime_fte": ("overtime",),
    "additional_fte": ("additional",),
    HOURLY: ("hourly",),
    WORKED: staff.WORKED_TIME_TYPES,
}
"""Table of the catalogue → the kinds of time that it counts."""
LUMPS: Mapping[str, float] = {
    ABSENCE: 1.0,
    "overtime_fte": 0.05,
    "additional_fte": 0.1,
    HOURLY: 0.5,
    WORKED: 0.06,
}
"""Årsarbetare that come and go at once: one who is away, or one in sixteen who begins or leaves in half a year."""
LEAST_LEVEL = 0.3
MEASURES = (ABSENCE, *TYPES)
UNIT = "årsarbetare"
ALL = "all"
ROW = ("period", "base_unit", "cost_centre", "group", "absence_group", "employee_key", "amount")


@dataclass(frozen=True)
class StaffCube:
    """One measure of staff. ``persons``: cost_centre, group, absence_group, period, employee_key of all with hours.

    ``paid``: of worked time, the same hours without absence taken away, which is what pay follows.
    """

    cube: Cube
    persons: pl.DataFrame
    paid: Cube | None = None


def staff_cubes(data: Data, scope: Scope) -> list[StaffCube]:
    """The measures of hours over the months without a gap up to the last of the staff range.

    None where the unit has no time in the last month: the staff data may come later than the ledger. Raises
    MissingDataError if rows have no employment, as the measures do.
    """
    last = scope.staff_range.last
    first = last.plus(-(scope.settings.finder.history_months + last.month - 1))
    wanted = PeriodRange(first, last)
    of_unit = lazy(data.time).filter(nw.col("administration") == scope.unit)
    present = months_present(of_unit, months=wanted.months) & months_present(lazy(data.absence), months=wanted.months)
    start = last
    if str(last) not in present:
        return []
    while str(start.plus(-1)) in present and start.plus(-1) >= first:
        start = start.plus(-1)
    months = PeriodRange(start, last)
    slices = Slices.monthly(months.first, months.last)
    absence = _summed(staff.attributed_absence(data, scope, slices), "absence", "main employment", by_group=True)
    per_unit = scope.settings.staff.hours_per_year / 12 * MILLIONTHS

    def of_hours(measure: str, rows: pl.DataFrame) -> StaffCube | None:
        return staff_cube(measure, rows, scope, months, unit=UNIT, per_unit=per_unit, lump=LUMPS[measure])

    found = [of_hours(ABSENCE, absence)]
    for measure, types in TYPES.items():
        rows = staff.attributed_time(data, scope, slices, time_types=types)
        time = _summed(rows, "time", "employment at their cost centre", by_group=False)
        paid = None
        if measure == WORKED:
            paid = of_hours(measure, time)
            away = absence.with_columns(amount=-pl.col("amount"), absence_group=pl.lit(ALL))
            time = pl.concat([time, away])
        cube = of_hours(measure, time)
        found.append(replace(cube, paid=paid.cube) if cube is not None and paid is not None else cube)
    return [each for each in found if each is not None]


def _summed(rows: Lazy, table: str, what: str, *, by_group: bool) -> pl.DataFrame:
    """Hours per person, month, cost centre and group, in millionths; unattributed rows are refused as measures do."""
    groups = ("period", "base_unit", "cost_centre", "personnel_group", *(("absence_group",) if by_group else ()))
    persons = staff.per_person(rows, groups=groups, table=table, what=what).rename({"personnel_group": "group"})
    if not by_group:
        persons = persons.with_columns(absence_group=pl.lit(ALL))
    return persons.select(ROW)


def staff_cube(  # noqa: PLR0913 - what a measure of staff is
    measure: str, rows: pl.DataFrame, scope: Scope, months: PeriodRange, *, unit: str, per_unit: float, lump: float
) -> StaffCube | None:
    """The cube of one measure from its persons; None where there are none.

    Columns of ``rows``: :data:`ROW`, with ``per_unit`` of ``amount`` to one of ``unit``.
    """
    if rows.is_empty():
        return None
    each = rows.group_by("period", "base_unit", "cost_centre", "group", "absence_group", "employee_key").agg(
        pl.col("amount").sum()
    )
    newest = each.sort("period", "base_unit").select("cost_centre", "base_unit").unique("cost_centre", keep="last")
    centres = dict(sorted(newest.rows()))
    leaves = sorted(set(each.select("absence_group", "group").rows()))
    places = {leaf: place for place, leaf in enumerate(leaves)}
    names = pl.DataFrame(
        [(*leaf, place) for leaf, place in places.items()],
        schema={"absence_group": pl.String, "group": pl.String, "column": pl.Int64},
        orient="row",
    )
    summed = each.group_by("period", "cost_centre", "absence_group", "group").agg(pl.col("amount").sum())
    keyed = summed.join(names, on=["absence_group", "group"]).rename({"cost_centre": "row"})
    values = dense(keyed, rows=list(centres), columns=list(range(len(leaves))), months=months.months)
    cube = Cube(
        measure=measure,
        unit=unit,
        per_unit=per_unit,
        least=scope.settings.finder.fte,
        organisation=organisation_axis(scope, centres),
        detail=_groups(scope, leaves),
        months=months,
        values=values,
        lump=lump,
        least_level=LEAST_LEVEL,
        averaged=True,
    )
    return StaffCube(cube, each.filter(pl.col("amount") != 0).drop("amount", "base_unit"))


def _groups(scope: Scope, leaves: list[tuple[str, str]]) -> Axis:
    """All → absence group (of absence) → personnel group."""
    labels = {code: group.label for code, group in scope.reference.personnel_groups.items()}
    absences = scope.reference.absence_groups
    paths = []
    for absence, group in leaves:
        path = [Step("", "", "Alla")]
        if absence != ALL:
            path.append(Step("absence_group", absence, absences.get(absence, absence)))
        path.append(Step("personnel_group", group, labels.get(group, group)))
        paths.append(path)
    return Axis.of(paths)
