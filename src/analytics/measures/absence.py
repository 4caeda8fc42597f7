"""Absence by main absence group and sex, as full-time equivalents."""

from __future__ import annotations

import polars as pl

from analytics.measures import comparisons, staff
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.scope import Data, Scope, Slices


def absence_hours(data: Data, scope: Scope, slices: Slices) -> pl.DataFrame:
    """Hours of absence per person and absence group, of persons whose main employment is in the unit.

    Unit: millionths of hours, positive. Source: quarterly report of March 2018 (002:437-451).
    """
    rows = staff.attributed_absence(data, scope, slices)
    return staff.per_person(rows, groups=("absence_group",), table="absence", what="main employment")


def absence_fte(data: Data, scope: Scope) -> MeasureTable:
    """Absence by absence group and sex, both years and the change.

    Columns: ``catalogue.ABSENCE_KEYS``, value (full-time equivalents), n (persons with any hours).
    Raises MissingDataError if months of the current range are missing or rows lack their main employment.
    """
    slices = Slices.years(scope.staff_range)
    lacking = staff.lacking_staff(data, scope, slices, required=staff.CURRENT, absence=True)
    cells = comparisons.people_cells(absence_hours(data, scope, slices), group="absence_group")
    cells = comparisons.listed(staff.as_fte(cells, scope, slices), group="absence_group")
    keys = ("absence_group", "row_type")
    filled = comparisons.complete(cells, keys=keys, sexes=True, slices=staff.YEARS)
    frame = comparisons.with_change(comparisons.blank(filled, slices=lacking), keys=(*keys, "sex"))
    labels = comparisons.label("absence_group", scope.reference.absence_groups)
    return comparisons.finish(
        frame.with_columns(labels.alias("absence_group_label")),
        spec=TABLES["absence_fte"],
        order={"sex": comparisons.SEX_ORDER, "column": comparisons.COLUMN_ORDER},
        printed=staff.printed("absence_fte", scope, [*staff.fte_notes(scope), *staff.missing_notes(lacking, slices)]),
    )


def absence_monthly(data: Data, scope: Scope) -> MeasureTable:
    """Absence per month, absence group and sex.

    Columns: ``catalogue.MONTHLY_ABSENCE_KEYS``, value (full-time equivalents), n. Every group that occurs in any
    month has a value in every month (0 where nobody was absent).
    """
    slices = staff.monthly_slices(scope)
    required = frozenset(scope.staff_range.months)
    lacking = staff.lacking_staff(data, scope, slices, required=required, absence=True)
    cells = comparisons.people_cells(absence_hours(data, scope, slices), group="absence_group")
    cells = staff.as_fte(cells, scope, slices).filter(pl.col("row_type") == "row")
    cells = comparisons.complete(cells, keys=("absence_group",), sexes=True, slices=list(slices.ranges))
    frame = comparisons.blank(cells, slices=lacking).rename({"slice": "period"})
    labels = comparisons.label("absence_group", scope.reference.absence_groups)
    return comparisons.finish(
        frame.with_columns(labels.alias("absence_group_label")),
        spec=TABLES["absence_fte_monthly"],
        order={"sex": comparisons.SEX_ORDER},
        printed=comparisons.Printed(
            {}, staff.series_label(scope), [*staff.fte_notes(scope), *staff.missing_notes(lacking, slices)]
        ),
    )
