"""Hours as full-time equivalents, and headcount, by personnel group and sex."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import narwhals as nw
import polars as pl

from analytics import swedish
from analytics.measures import comparisons
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.comparisons import Printed
from analytics.measures.scope import (
    MILLIONTHS,
    Data,
    Lazy,
    Scope,
    Slices,
    collect,
    exact,
    incomplete,
    lazy,
    refuse_unattributed,
)
from analytics.periods import PeriodRange, day_label

WORKED_TIME_TYPES = ("ordinary", "additional", "overtime", "on_call", "hourly")
PERMANENT_OR_TEMPORARY = ("permanent", "temporary")
CURRENT = frozenset({"current"})
YEARS = ("current", "previous")

PersonHours = Callable[[Data, Scope, Slices], pl.DataFrame]


def attributed_time(data: Data, scope: Scope, slices: Slices, *, time_types: tuple[str, ...]) -> Lazy:
    """Time rows of the unit with sex, birth year and personnel group of the employment they belong to.

    The employment is that of the same person, month and cost centre; the administration is the time row's own.
    """
    time = lazy(data.time).filter(
        nw.col("administration") == scope.unit,
        nw.col("period").is_in(slices.months),
        nw.col("time_type").is_in(time_types),
    )
    employments = (
        lazy(data.employments)
        .filter(nw.col("period").is_in(slices.months))
        .select("employee_key", "period", "cost_centre", "sex", "birth_year", "personnel_group")
    )
    return time.join(employments, on=["employee_key", "period", "cost_centre"], how="left").select(
        slices.expr().alias("slice"),
        "period",
        "base_unit",
        "cost_centre",
        "employee_key",
        "sex",
        "birth_year",
        "personnel_group",
        "hours",
    )


def attributed_absence(data: Data, scope: Scope, slices: Slices) -> Lazy:
    """Absence rows of persons whose main employment of the month is in the unit, with its sex and group.

    Rows without any main employment are kept with empty sex, so that the caller can count and refuse them.
    """
    absence = lazy(data.absence).filter(nw.col("period").is_in(slices.months))
    main = (
        lazy(data.employments)
        .filter(nw.col("period").is_in(slices.months), nw.col("is_main"))
        .select("employee_key", "period", "sex", "personnel_group", "administration", "base_unit", "cost_centre")
    )
    joined = absence.join(main, on=["employee_key", "period"], how="left")
    return joined.filter((nw.col("administration") == scope.unit) | nw.col("administration").is_null()).select(
        slices.expr().alias("slice"),
        "period",
        "base_unit",
        "cost_centre",
        "employee_key",
        "sex",
        "personnel_group",
        "absence_group",
        "hours",
    )


def per_person(rows: Lazy, *, groups: tuple[str, ...], table: str, what: str) -> pl.DataFrame:
    """Hours (millionths) per slice, group, sex and person in ``amount``; ``counts`` marks who has any hours at all.

    Raises MissingDataError with the number of rows that have no employment.
    """
    summed = rows.group_by("slice", *groups, "sex", "employee_key").agg(
        exact("hours").sum().alias("amount"),
        exact("hours").abs().sum().alias("gross"),
        nw.len().alias("rows"),
    )
    persons = collect(summed)
    refuse_unattributed(int(persons.filter(pl.col("sex").is_null()).get_column("rows").sum()), table=table, what=what)
    return persons.with_columns(counts=pl.col("gross") > 0).drop("gross", "rows")


def worked_hours(data: Data, scope: Scope, slices: Slices) -> pl.DataFrame:
    """Worked hours per person: ordinary − absence + additional + overtime + worked on-call + hourly.

    Unit: millionths of hours, positive. Source: domain rules section 1; quarterly report of March 2018 (002:390-405).
    """
    time = time_hours(data, scope, slices, time_types=WORKED_TIME_TYPES)
    rows = attributed_absence(data, scope, slices)
    absence = per_person(rows, groups=("personnel_group",), table="absence", what="main employment")
    both = pl.concat([time, absence.with_columns(-pl.col("amount")).select(time.columns)])
    return both.group_by("slice", "personnel_group", "sex", "employee_key").agg(
        pl.col("amount").sum(), pl.col("counts").any()
    )


def time_hours(data: Data, scope: Scope, slices: Slices, *, time_types: tuple[str, ...]) -> pl.DataFrame:
    """Hours per person of some kinds of time. Unit: millionths of hours; corrections are negative rows."""
    rows = attributed_time(data, scope, slices, time_types=time_types)
    return per_person(rows, groups=("personnel_group",), table="time", what="employment at their cost centre")


def overtime_hours(data: Data, scope: Scope, slices: Slices) -> pl.DataFrame:
    """Time beyond ordinary hours of full-time employees. Source: 002:409-415."""
    return time_hours(data, scope, slices, time_types=("overtime",))


def additional_hours(data: Data, scope: Scope, slices: Slices) -> pl.DataFrame:
    """Time of part-time employees beyond the agreed hours, up to full time. Source: 002:419-426."""
    return time_hours(data, scope, slices, time_types=("additional",))


def hourly_hours(data: Data, scope: Scope, slices: Slices) -> pl.DataFrame:
    """Worked time of staff paid by the hour. Source: 002:428-435."""
    return time_hours(data, scope, slices, time_types=("hourly",))


@dataclass(frozen=True, slots=True)
class Flow:
    """One measure of hours: its definition and whether absence takes part in it."""

    hours: PersonHours
    uses_absence: bool = False


FLOWS = {
    "worked_fte": Flow(worked_hours, uses_absence=True),
    "overtime_fte": Flow(overtime_hours),
    "additional_fte": Flow(additional_hours),
    "hourly_fte": Flow(hourly_hours),
}


def as_fte(cells: pl.DataFrame, scope: Scope, slices: Slices) -> pl.DataFrame:
    """Millionths of hours in ``amount`` → equivalents: hours / (hours per year × months / 12)."""
    per_year = scope.settings.staff.hours_per_year
    divisors = {code: per_year * len(months) / 12 for code, months in slices.ranges.items()}
    divisor = pl.col("slice").replace_strict(divisors, return_dtype=pl.Float64)
    return cells.with_columns(value=pl.col("amount") / (divisor * MILLIONTHS)).drop("amount")


def fte_notes(scope: Scope) -> list[str]:
    """The declared divisor and lag, in words."""
    hours = swedish.number(scope.settings.staff.hours_per_year)
    lag = scope.settings.staff.lag_months
    month = "månad" if lag == 1 else "månader"
    return [
        f"En årsarbetare är {hours} timmar per år, lika i båda åren; perioden räknas i tolftedelar av året.",
        f"Tid och frånvaro är kompletta {lag} {month} efter rapportmånaden, därför {scope.staff_range.label}.",
    ]


def lacking_staff(
    data: Data, scope: Scope, slices: Slices, *, required: frozenset[str], absence: bool
) -> frozenset[str]:
    """Slices without time rows of the unit (or, if absence takes part, without any absence rows)."""
    of_unit = lazy(data.time).filter(nw.col("administration").is_in(scope.delivered))
    lacking = incomplete(of_unit, slices=slices, required=required, table="time", unit=scope.unit)
    if absence:
        every = lazy(data.absence)
        lacking |= incomplete(every, slices=slices, required=required, table="absence", unit=None)
    return lacking


def missing_notes(lacking: frozenset[str], slices: Slices) -> list[str]:
    """A sentence on what is not in the data."""
    labels = ", ".join(slices.ranges[code].label for code in slices.ranges if code in lacking)
    return [f"Uppgifter saknas för {labels}; cellerna är tomma, inte noll."] if labels else []


def group_table(table_id: str, data: Data, scope: Scope) -> MeasureTable:
    """One of the tables of :data:`FLOWS` by personnel group and sex, both years and the change.

    Columns: ``catalogue.GROUP_KEYS``, value (full-time equivalents), n (persons with any hours).
    Raises MissingDataError if months of the current range are missing or rows lack their employment.
    """
    slices = Slices.years(scope.staff_range)
    flow = FLOWS[table_id]
    lacking = lacking_staff(data, scope, slices, required=CURRENT, absence=flow.uses_absence)
    cells = comparisons.people_cells(flow.hours(data, scope, slices), group="personnel_group")
    cells = as_fte(cells, scope, slices)
    notes = [*fte_notes(scope), *missing_notes(lacking, slices)]
    return group_frame(table_id, cells, scope, lacking=lacking, printed=printed(table_id, scope, notes))


def printed(table_id: str, scope: Scope, notes: list[str]) -> Printed:
    """Year headings and the name of the staff range."""
    return Printed(comparisons.year_headings(TABLES[table_id], scope.staff_range), scope.staff_range.label, notes)


def group_frame(
    table_id: str, cells: pl.DataFrame, scope: Scope, *, lacking: frozenset[str], printed: Printed
) -> MeasureTable:
    """Cells by personnel group → the finished table."""
    keys = ("personnel_group", "row_type")
    filled = comparisons.complete(
        comparisons.listed(cells, group="personnel_group"), keys=keys, sexes=True, slices=YEARS
    )
    filled = comparisons.blank(filled, slices=lacking)
    frame = comparisons.with_change(filled, keys=(*keys, "sex"))
    labels = {code: group.label for code, group in scope.reference.personnel_groups.items()}
    return comparisons.finish(
        frame.with_columns(comparisons.label("personnel_group", labels).alias("personnel_group_label")),
        spec=TABLES[table_id],
        order={"sex": comparisons.SEX_ORDER, "column": comparisons.COLUMN_ORDER},
        printed=printed,
    )


def employed_on_last_day(data: Data, scope: Scope, slices: Slices, *, by: tuple[str, ...] = ()) -> pl.DataFrame:
    """Persons whose main employment is permanent or temporary and valid on the last day of each slice.

    A person counts once, in the main employment. ``by``: columns of it that are kept too.
    Source: 002:455-467; domain rules section 1.
    """
    parts = []
    for code, months in slices.ranges.items():
        day = nw.lit(months.last.last_day)
        parts.append(
            lazy(data.employments)
            .filter(
                nw.col("administration") == scope.unit,
                nw.col("period") == str(months.last),
                nw.col("is_main"),
                nw.col("employment_form").is_in(PERMANENT_OR_TEMPORARY),
                nw.col("start_date") <= day,
                nw.col("end_date").is_null() | (nw.col("end_date") >= day),
            )
            .select(nw.lit(code).alias("slice"), *by, "personnel_group", "sex", "employee_key")
            .unique()
        )
    persons = collect(nw.concat(parts))
    return persons.with_columns(amount=pl.lit(1, dtype=pl.Int64), counts=pl.lit(value=True))


def as_count(cells: pl.DataFrame) -> pl.DataFrame:
    """Counted persons as the value of the cell."""
    return cells.with_columns(value=pl.col("amount").cast(pl.Float64)).drop("amount")


def headcount(data: Data, scope: Scope) -> MeasureTable:
    """Persons employed by the month on the last day of the range, by personnel group and sex.

    Columns: ``catalogue.GROUP_KEYS``, value (persons), n (the same). Raises MissingDataError if the month of that
    day has no employments.
    """
    slices = Slices.years(scope.staff_range)
    lacking = lacking_employments(data, scope, slices, required=CURRENT)
    cells = as_count(comparisons.people_cells(employed_on_last_day(data, scope, slices), group="personnel_group"))
    day = scope.staff_range.last.last_day
    notes = [f"Antal personer den {day_label(day)} respektive samma dag året före; timavlönade ingår inte."]
    notes += missing_notes(lacking, slices)
    shown = replace(printed("headcount", scope, notes), period_label=day_label(day))
    return group_frame("headcount", cells, scope, lacking=lacking, printed=shown)


def lacking_employments(data: Data, scope: Scope, slices: Slices, *, required: frozenset[str]) -> frozenset[str]:
    """Slices whose last month has no employments of the unit."""
    last = Slices({code: PeriodRange(months.last, months.last) for code, months in slices.ranges.items()})
    of_unit = lazy(data.employments).filter(nw.col("administration").is_in(scope.delivered))
    return incomplete(of_unit, slices=last, required=required, table="employments", unit=scope.unit)


def monthly_slices(scope: Scope) -> Slices:
    """Every month from January two years back to the last month of the staff range."""
    return Slices.monthly(scope.first_month, scope.staff_range.last)


def series_label(scope: Scope) -> str:
    """Swedish name of the months of a staff series."""
    return PeriodRange(scope.first_month, scope.staff_range.last).label


def monthly_frame(
    table_id: str, cells: pl.DataFrame, scope: Scope, *, lacking: frozenset[str], notes: list[str]
) -> MeasureTable:
    """Cells by month and sex → the finished series; months without data are empty."""
    slices = monthly_slices(scope)
    always = pl.DataFrame({"row_type": ["row"]})
    grid = always.join(cells, on="row_type", how="left")
    filled = comparisons.complete(grid, keys=("row_type",), sexes=True, slices=list(slices.ranges))
    frame = comparisons.blank(filled, slices=lacking).rename({"slice": "period"})
    return comparisons.finish(
        frame,
        spec=TABLES[table_id],
        order={"sex": comparisons.SEX_ORDER},
        printed=Printed({}, series_label(scope), [*notes, *missing_notes(lacking, slices)]),
    )


def worked_monthly(data: Data, scope: Scope) -> MeasureTable:
    """Worked time per month and sex. Columns: period, sex, value (full-time equivalents), n."""
    slices = monthly_slices(scope)
    required = frozenset(scope.staff_range.months)
    lacking = lacking_staff(data, scope, slices, required=required, absence=True)
    cells = as_fte(comparisons.people_cells(worked_hours(data, scope, slices), group=None), scope, slices)
    return monthly_frame("worked_fte_monthly", cells, scope, lacking=lacking, notes=fte_notes(scope))


def headcount_monthly(data: Data, scope: Scope) -> MeasureTable:
    """Persons employed by the month on the last day of each month, by sex. Columns: period, sex, value, n."""
    slices = monthly_slices(scope)
    required = frozenset({str(scope.staff_range.last)})
    lacking = lacking_employments(data, scope, slices, required=required)
    cells = as_count(comparisons.people_cells(employed_on_last_day(data, scope, slices), group=None))
    notes = ["Antal personer den sista dagen i månaden; timavlönade ingår inte."]
    return monthly_frame("headcount_monthly", cells, scope, lacking=lacking, notes=notes)
