"""Employees as a cube: persons employed on the last day of each month, by cost centre and personnel group."""

from __future__ import annotations

from dataclasses import replace

import narwhals as nw
import polars as pl

from analytics.finder.staff_cube import ALL, StaffCube, staff_cube
from analytics.measures import staff
from analytics.measures.scope import Data, Scope, Slices, collect, lazy, months_present
from analytics.periods import PeriodRange

MEASURE = "headcount"
UNIT = "personer"
LUMP = 0.06
"""Of the employees of a group, one in sixteen begins or leaves in half a year: as worked time has it."""


def people_cube(data: Data, scope: Scope) -> StaffCube | None:
    """Employees by the definition of ``headcount``, over the months without a gap up to the last of the staff range.

    A person counts as 1, once, in the main employment. None where the last month has no employments of the unit.
    """
    months = employed_months(data, scope)
    if months is None:
        return None
    slices = Slices.monthly(months.first, months.last)
    persons = staff.employed_on_last_day(data, scope, slices, by=("base_unit", "cost_centre"))
    rows = persons.select(
        pl.col("slice").alias("period"),
        "base_unit",
        "cost_centre",
        pl.col("personnel_group").alias("group"),
        pl.lit(ALL).alias("absence_group"),
        "employee_key",
        "amount",
    )
    return staff_cube(MEASURE, rows, scope, months, unit=UNIT, per_unit=1.0, lump=LUMP)


def main_employments(data: Data, scope: Scope) -> Data:
    """The same data with the main employments of the unit alone, read once: those employed and leavers are of them."""
    last = scope.staff_range.last
    first = last.plus(-(scope.settings.finder.history_months + last.month - 1))
    rows = collect(
        lazy(data.employments).filter(
            nw.col("administration") == scope.unit,
            nw.col("is_main"),
            nw.col("period").is_in(PeriodRange(first, last).months),
        )
    )
    return replace(data, employments=rows.lazy())


def employed_months(data: Data, scope: Scope) -> PeriodRange | None:
    """The months without a gap that have employments of the unit, up to the last of the staff range."""
    last = scope.staff_range.last
    first = last.plus(-(scope.settings.finder.history_months + last.month - 1))
    of_unit = lazy(data.employments).filter(nw.col("administration") == scope.unit)
    present = months_present(of_unit, months=PeriodRange(first, last).months)
    if str(last) not in present:
        return None
    start = last
    while str(start.plus(-1)) in present and start.plus(-1) >= first:
        start = start.plus(-1)
    return PeriodRange(start, last)
