"""Agency staff of the whole region, by administration and profession, with versions and as-of date."""

from __future__ import annotations

import narwhals as nw
import polars as pl

from analytics.measures import comparisons, staff
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.scope import Data, Lazy, Scope, Slices, collect, incomplete, lazy

STATEMENT = ("supplier", "administration", "profession", "iso_year", "iso_week")


def latest_statements(data: Data, slices: Slices) -> tuple[Lazy, Lazy]:
    """Rows of the latest version of each statement, and the rows that a later version has replaced.

    A statement is one supplier's hours in one administration, profession and ISO week. Source: domain rules 8.
    """
    rows = (
        lazy(data.agency)
        .filter(nw.col("period").is_in(slices.months))
        .with_columns(slices.expr().alias("slice"), nw.col("version").max().over(*STATEMENT).alias("latest"))
    )
    return rows.filter(nw.col("version") == nw.col("latest")), rows.filter(nw.col("version") < nw.col("latest"))


def _table(table_id: str, data: Data, scope: Scope) -> MeasureTable:
    slices = Slices.years(scope.staff_range)
    lacking = incomplete(
        lazy(data.agency), slices=slices, required=staff.CURRENT, table="agency", unit="any (the table is regional)"
    )
    latest, replaced = latest_statements(data, slices)
    cells = collect(
        latest.group_by("slice", "administration", "profession").agg(
            nw.col("hours").sum(), nw.col("amount_ore").sum(), nw.col("invoice_date").max()
        )
    )
    as_of = cells.get_column("invoice_date").max()
    revised = collect(replaced.select(nw.len().alias("rows"))).item()
    if table_id == "agency_staff_fte":
        cells = staff.as_fte(cells, scope, slices)
        notes = [staff.fte_notes(scope)[0]]
    else:
        cells = cells.with_columns(value=pl.col("amount_ore") / 100)
        notes = []
    keys = ("administration", "profession", "row_type")
    rows = cells.with_columns(row_type=pl.lit("row")).select("slice", *keys, "value", n=pl.lit(1))
    totals = pl.DataFrame({"administration": [""], "profession": [""], "row_type": ["total"]})
    summed = rows.group_by("slice").agg(pl.col("value").sum(), n=pl.lit(1))
    total_cells = totals.join(summed, how="cross").select(rows.columns)
    filled = comparisons.complete(pl.concat([rows, total_cells]), keys=keys, sexes=False, slices=staff.YEARS)
    frame = comparisons.with_change(comparisons.blank(filled, slices=lacking), keys=keys).drop("n")
    units = {code: _administration(code, scope) for code in frame.get_column("administration").unique() if code}
    professions = {entry.code: entry.label for entry in scope.reference.professions.values()}
    spec = TABLES[table_id]
    return comparisons.finish(
        frame.with_columns(
            comparisons.label("administration", units).alias("administration_label"),
            comparisons.label("profession", professions).alias("profession_label"),
        ),
        spec=spec,
        order={"column": comparisons.COLUMN_ORDER},
        headings=comparisons.year_headings(spec, scope.staff_range),
        period_label=scope.staff_range.label,
        notes=[
            "Hela regionen. Fakturor kommer sent: senaste fakturadatum i underlaget är "
            f"{as_of}, och {revised} rader har ersatts av en senare version.",
            *notes,
            *staff.missing_notes(lacking, slices),
        ],
    )


def _administration(code: str, scope: Scope) -> str:
    unit = scope.organisation.find("administration", code, scope.staff_range.last)
    return unit.label if unit else code


def agency_staff_fte(data: Data, scope: Scope) -> MeasureTable:
    """Invoiced hours of agency staff as full-time equivalents, both years and the change.

    Columns: ``catalogue.AGENCY_KEYS``, value (full-time equivalents). The same for every unit. Source: 002:82-88.
    """
    return _table("agency_staff_fte", data, scope)


def agency_staff_cost(data: Data, scope: Scope) -> MeasureTable:
    """Invoiced cost of agency staff in kr, both years and the change. The same for every unit. Source: 002:82-88."""
    return _table("agency_staff_cost", data, scope)
