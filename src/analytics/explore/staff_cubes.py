"""Staff measures by base unit, group, sex and month, with groups that are too small to be seen merged.

Every cell comes from the measures' own hours per person, for one base unit at a time; the persons stay in Python.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from analytics import swedish
from analytics.measures import absence, comparisons, sick_leave, staff
from analytics.measures.catalogue import TABLES
from analytics.measures.scope import MILLIONTHS, Data, Part, Scope, Slices, collect, exact, of_part
from analytics.periods import PeriodRange

SMALL: Final = "små"
"""The code of groups that are too small to be seen, together."""
SEVERAL: Final = "flera"
"""The code of the base units whose merged groups are still too small, together."""
BOTH: Final = "T"
MERGED: Final = frozenset({SMALL, SEVERAL, BOTH})
"""Codes that stand for small groups told together."""
SEXES: Final[Mapping[str, str]] = {"K": "Kvinnor", "M": "Män", BOTH: "Kvinnor och män i små grupper"}
REST: Final = " (utom små grupper)"
"""What the name of a unit or group ends with, of which some persons are told among the small groups."""
KEYS: Final = ("base_unit", "group", "sex", "month")
MONTHS_OF_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class StaffMeasure:
    """One measure of the panel. ``kind``: a mean of months, the last month, or a share in per cent."""

    table: str
    group: str
    kind: str


MEASURES: Final[Mapping[str, StaffMeasure]] = {
    "worked_fte": StaffMeasure("worked_fte", "personnel_group", "mean"),
    "overtime_fte": StaffMeasure("overtime_fte", "personnel_group", "mean"),
    "additional_fte": StaffMeasure("additional_fte", "personnel_group", "mean"),
    "hourly_fte": StaffMeasure("hourly_fte", "personnel_group", "mean"),
    "absence_fte": StaffMeasure("absence_fte", "absence_group", "mean"),
    "sick_leave_pct": StaffMeasure("sick_leave_pct", "personnel_group", "share"),
    "headcount": StaffMeasure("headcount", "personnel_group", "last"),
}


@dataclass(frozen=True, slots=True)
class StaffCube:
    """``frame`` has :data:`KEYS` with ``<key>_label``, and ``current``, ``previous`` (this year and the one before).

    They are equivalents of one month, persons, or sick hours beside ``current_base`` and ``previous_base`` (ordinary
    hours). ``months`` are those of the range, ``has_previous`` whether last year is in the data. ``notes`` hold for the
    figures of the reports too, ``own_notes`` for those of the cube. No rows: nobody is behind it, or too few to be seen
    even together.
    """

    measure: StaffMeasure
    frame: pl.DataFrame
    months: tuple[str, ...]
    has_previous: bool
    notes: tuple[str, ...]
    own_notes: tuple[str, ...]


def staff_cube(name: str, data: Data, scope: Scope) -> StaffCube:
    """One of :data:`MEASURES` for the unit of the scope, with the limits of the internal audience.

    For who explores, never for what leaves: beside the reports its sums tell small groups. Raises MissingDataError if
    months of this year are missing.
    """
    measure = MEASURES[name]
    current = scope.staff_range
    slices = Slices({str(month): PeriodRange(month, month) for month in [*current, *current.previous_year]})
    lacking = _lacking(measure, data, scope, slices)
    here = _units(scope)
    persons = pl.concat(
        [
            _persons(measure, of_part(data, scope.unit, part), scope, slices).with_columns(base_unit=pl.lit(part.code))
            for part in here
        ]
    ).filter(~pl.col("month").is_in(list(lacking)))
    least = _least(measure, scope)
    merged = _merged(persons.with_columns(of_unit=pl.col("base_unit"), of_group=pl.col("group")), least=least)
    cells = _cells(merged, measure, scope)
    before = {str(month.previous_year): str(month) for month in current}
    this_year = cells.filter(pl.col("month").is_in(current.months))
    last_year = cells.filter(pl.col("month").is_in(list(before))).with_columns(pl.col("month").replace_strict(before))
    frame = (
        this_year.rename({"amount": "current", "base": "current_base"})
        .join(last_year.rename({"amount": "previous", "base": "previous_base"}), on=KEYS, how="full", coalesce=True)
        .with_columns(pl.col("current", "previous", "current_base", "previous_base").fill_null(0.0))
        .sort(KEYS)
    )
    labelled = _labelled(frame, measure, scope, {part.code: part.label for part in here}, _incomplete(merged))
    return StaffCube(
        measure,
        labelled,
        tuple(current.months),
        not lacking,
        _notes(measure, scope, lacking=bool(lacking)),
        _own_notes(measure, least=least, frame=frame),
    )


def _units(scope: Scope) -> list[Part]:
    months = PeriodRange(scope.staff_range.previous_year.first, scope.period)
    return [
        Part("base_unit", unit.code, unit.label) for unit in scope.organisation.below("base_unit", scope.unit, months)
    ]


def _lacking(measure: StaffMeasure, data: Data, scope: Scope, slices: Slices) -> frozenset[str]:
    required = frozenset(scope.staff_range.months)
    if measure.kind == "last":
        return staff.lacking_employments(data, scope, slices, required=required)
    uses_absence = measure.table not in staff.FLOWS or staff.FLOWS[measure.table].uses_absence
    return staff.lacking_staff(data, scope, slices, required=required, absence=uses_absence)


def _least(measure: StaffMeasure, scope: Scope) -> int:
    """How many persons a group must have to be seen."""
    limits = scope.settings.disclosure.internal
    return (
        limits.sick_leave_at_most + 1 if TABLES[measure.table].protection == "sick_leave" else limits.staff_fewer_than
    )


def _persons(measure: StaffMeasure, data: Data, scope: Scope, slices: Slices) -> pl.DataFrame:
    """One row for each month, group, sex and person: ``amount``, ``base`` (millionths or persons) and ``counts``."""
    if measure.table == "sick_leave_pct":
        return _sick(data, scope, slices)
    hours: Callable[[Data, Scope, Slices], pl.DataFrame]
    if measure.table == "absence_fte":
        hours = absence.absence_hours
    elif measure.table == "headcount":
        hours = staff.employed_on_last_day
    else:
        hours = staff.FLOWS[measure.table].hours
    found = hours(data, scope, slices).rename({"slice": "month", measure.group: "group"})
    return found.select("month", "group", "sex", "employee_key", "amount", "counts", base=pl.lit(0, pl.Int64))


def _sick(data: Data, scope: Scope, slices: Slices) -> pl.DataFrame:
    """Sick and ordinary hours of the same persons, each in the group where most of the ordinary hours are."""
    ordinary = sick_leave.ordinary_persons(data, scope, slices)
    persons, _ = sick_leave.matched(ordinary, sick_leave.sick_persons(data, scope, slices))
    rows = staff.attributed_time(data, scope, slices, time_types=("ordinary",))
    groups = collect(rows.group_by("slice", "employee_key", "personnel_group").agg(exact("hours").sum().alias("most")))
    first = groups.sort("most", "personnel_group", descending=[True, False]).unique(
        ["slice", "employee_key"], keep="first", maintain_order=True
    )
    return persons.join(first, on=["slice", "employee_key"]).select(
        pl.col("slice").alias("month"),
        pl.col("personnel_group").alias("group"),
        "sex",
        "employee_key",
        pl.col("sick").alias("amount"),
        pl.col("has_sick").alias("counts"),
        pl.col("ordinary").alias("base"),
    )


def _few(persons: pl.DataFrame, by: list[str], *, least: int) -> pl.DataFrame:
    """The combinations of ``by`` that in any month have somebody behind them and fewer than ``least``.

    Where there is a base (ordinary hours), everybody with it is behind the figure, unless all sick hours are one
    person's.
    """
    each = persons.group_by(*by, "month", "employee_key").agg(
        pl.col("amount").sum(), pl.col("counts").any(), pl.col("base").sum()
    )
    counted = each.group_by(*by, "month").agg(
        comparisons.behind("amount", counts="counts").alias("behind"), (pl.col("base") > 0).sum().alias("with_base")
    )
    number = (
        pl.when((pl.col("with_base") > 0) & (pl.col("behind") != 1))
        .then(pl.col("with_base"))
        .otherwise(pl.col("behind"))
    )
    return counted.filter((number > 0) & (number < least)).select(by).unique()


def _merged(persons: pl.DataFrame, *, least: int) -> pl.DataFrame:
    """Small groups merged: in their unit, then over units, then with the next smallest, until they are many enough.

    So nothing is left out of the sums; if even everybody together is too few, nothing is left. The sexes of a group of
    which one is small are told together.
    """
    kept = _recoded(persons, _few(persons, ["base_unit", "group"], least=least), group=SMALL)
    small = _few(kept.filter(pl.col("group") == SMALL), ["base_unit", "group"], least=least)
    kept = _recoded(kept, small, base_unit=SEVERAL)
    while not _few(kept.filter(pl.col("base_unit") == SEVERAL), ["base_unit", "group"], least=least).is_empty():
        others = kept.filter(pl.col("base_unit") != SEVERAL)
        if others.is_empty():
            return kept.clear()
        sizes = others.group_by("base_unit", "group").agg(pl.col("employee_key").n_unique().alias("size"))
        next_one = sizes.sort(pl.col("group") != SMALL, "size", "base_unit", "group").head(1)
        kept = _recoded(kept, next_one.select("base_unit", "group"), base_unit=SEVERAL, group=SMALL)
    told = _few(kept, ["base_unit", "group", "sex"], least=least).select("base_unit", "group").unique()
    return _recoded(kept, told, sex=BOTH)


def _recoded(persons: pl.DataFrame, rows: pl.DataFrame, **codes: str) -> pl.DataFrame:
    """The persons of some units and groups under another code."""
    if rows.is_empty():
        return persons
    marked = persons.join(rows.with_columns(is_small=pl.lit(value=True)), on=["base_unit", "group"], how="left")
    return marked.with_columns(
        pl.when(pl.col("is_small")).then(pl.lit(code)).otherwise(pl.col(column)).alias(column)
        for column, code in codes.items()
    ).drop("is_small")


def _cells(persons: pl.DataFrame, measure: StaffMeasure, scope: Scope) -> pl.DataFrame:
    hours_of_a_month = scope.settings.staff.hours_per_year / MONTHS_OF_A_YEAR
    divisor = {"mean": hours_of_a_month * MILLIONTHS, "share": float(MILLIONTHS), "last": 1.0}[measure.kind]
    return persons.group_by(KEYS).agg(pl.col("amount").sum() / divisor, pl.col("base").sum() / MILLIONTHS)


def _incomplete(merged: pl.DataFrame) -> frozenset[str]:
    """Units and groups of which some persons are told elsewhere, so that their bars are not the whole of them."""
    elsewhere = [
        merged.filter(pl.col(now) != pl.col(before))[before]
        for now, before in (("base_unit", "of_unit"), ("group", "of_group"))
    ]
    return frozenset(code for codes in elsewhere for code in codes)


def _labelled(
    frame: pl.DataFrame, measure: StaffMeasure, scope: Scope, units: Mapping[str, str], incomplete: frozenset[str]
) -> pl.DataFrame:
    reference = scope.reference
    groups = (
        reference.absence_groups
        if measure.group == "absence_group"
        else {code: group.label for code, group in reference.personnel_groups.items()}
    )
    groups = {code: f"{label}{REST if code in incomplete else ''}" for code, label in groups.items()}
    labels: dict[str, dict[str, str]] = {
        "base_unit": {
            **{code: f"{code} {label}{REST if code in incomplete else ''}" for code, label in units.items()},
            SEVERAL: "Små grupper i flera enheter",
        },
        "group": {**groups, SMALL: "Små grupper, sammanslagna"},
        "sex": dict(SEXES),
        "month": {str(month): month.label.capitalize() for month in scope.staff_range},
    }
    return frame.with_columns(
        pl.col(column).replace_strict(names, default=pl.col(column), return_dtype=pl.String).alias(f"{column}_label")
        for column, names in labels.items()
    )


def _notes(measure: StaffMeasure, scope: Scope, *, lacking: bool) -> tuple[str, ...]:
    notes = list(staff.fte_notes(scope) if measure.kind == "mean" else staff.fte_notes(scope)[1:])
    if measure.kind == "last":
        notes.append(
            "Antal personer den sista dagen i månaden; utan vald månad den sista månaden. Timavlönade ingår inte."
        )
    if lacking:
        notes.append("Uppgifter för föregående år saknas.")
    return tuple(notes)


def _own_notes(measure: StaffMeasure, *, least: int, frame: pl.DataFrame) -> tuple[str, ...]:
    notes = []
    if measure.kind == "share":
        notes.append(
            "Sjukfrånvaron räknas månad för månad; rapportens tal för hela perioden kan skilja sig på decimalen."
        )
    if (frame["group"] == SMALL).any() or (frame["sex"] == BOTH).any():
        notes.append(
            f"Grupper med färre än {swedish.number(least)} personer i någon månad visas tillsammans, också här."
        )
    return tuple(notes)
