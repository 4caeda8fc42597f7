"""Agency staff of the whole region, by administration and profession, with versions and as-of date."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import polars as pl

from analytics import swedish
from analytics.measures import comparisons, staff
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.ledger import COUNTED_PERIODS, ORE
from analytics.measures.scope import Data, Lazy, Scope, Slices, collect, exact, incomplete, lazy
from analytics.periods import day_label

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
    lacking = incomplete(lazy(data.agency), slices=slices, required=staff.CURRENT, table="agency", unit=None)
    latest, replaced = latest_statements(data, slices)
    cells = collect(
        latest.group_by("slice", "administration", "profession").agg(
            exact("hours").sum().alias("hours"), nw.col("amount_ore").sum(), nw.col("invoice_date").max()
        )
    )
    as_of: date | None = cells.select(pl.col("invoice_date").max()).item()
    revised = collect(replaced.select(nw.len().alias("rows"))).item()
    in_hours = table_id == "agency_staff_fte"
    rows = cells.select(
        "slice",
        "administration",
        "profession",
        row_type=pl.lit("row"),
        amount=pl.col("hours" if in_hours else "amount_ore"),
    )
    empty = pl.lit("", dtype=pl.String)
    totals = (
        rows.group_by("slice")
        .agg(pl.col("amount").sum())
        .with_columns(administration=empty, profession=empty, row_type=pl.lit("total"))
    )
    amounts = pl.concat([rows, totals.select(rows.columns)])
    if in_hours:
        valued = staff.as_fte(amounts, scope, slices)
    else:
        valued = amounts.with_columns(value=pl.col("amount") / ORE).drop("amount")
    keys = ("administration", "profession", "row_type")
    filled = comparisons.complete(
        valued.with_columns(n=pl.lit(0, dtype=pl.Int64)), keys=keys, sexes=False, slices=staff.YEARS
    )
    frame = comparisons.with_change(comparisons.blank(filled, slices=lacking), keys=keys).drop("n")
    units = {code: _administration(code, scope) for code in frame.get_column("administration").unique() if code}
    professions = {entry.code: entry.label for entry in scope.reference.professions.values()}
    spec = TABLES[table_id]
    day = f"den {day_label(as_of)}" if as_of else "okänt"
    rows_word = "rad" if revised == 1 else "rader"
    notes = [
        "Alla förvaltningar. Fakturor kommer sent: senaste fakturadatum i underlaget är " + day + ".",
        f"{swedish.number(revised)} {rows_word} i leverantörernas uppgifter har ersatts av en senare version.",
        *(staff.fte_notes(scope)[:1] if in_hours else []),
        *staff.missing_notes(lacking, slices),
    ]
    return comparisons.finish(
        frame.with_columns(
            comparisons.label("administration", units).alias("administration_label"),
            comparisons.label("profession", professions).alias("profession_label"),
        ),
        spec=spec,
        order={"column": comparisons.COLUMN_ORDER},
        printed=comparisons.Printed(
            comparisons.year_headings(spec, scope.staff_range), scope.staff_range.label, tuple(notes)
        ),
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


def agency_share_pct(data: Data, scope: Scope) -> MeasureTable:
    """Invoiced cost of agency staff in per cent of the cost of own staff, per administration and for the region.

    Formula: invoiced amount / class 4 without the row Inhyrda of FR1, same months, projects left out, × 100. An
    administration without agency staff in either year is left out; a share without own staff cost is empty. Columns:
    administration, administration_label, row_type, column, value (%, change in percentage points). Source: domain
    rules 8.
    """
    slices = Slices.years(scope.staff_range)
    own_rows = lazy(data.ledger).filter(
        nw.col("kind") == "outcome",
        nw.col("period_kind").is_in(COUNTED_PERIODS),
        ~nw.col("is_project"),
        nw.col("account_class") == "4",
        nw.col("report_line") != "staff_agency",
        nw.col("period").is_in(slices.months),
    )
    lacking = incomplete(lazy(data.agency), slices=slices, required=staff.CURRENT, table="agency", unit=None)
    lacking |= incomplete(own_rows, slices=slices, required=staff.CURRENT, table="ledger", unit=None)
    own = collect(
        own_rows.with_columns(slices.expr().alias("slice"))
        .group_by("slice", "administration")
        .agg(nw.col("amount_ore").sum().alias("own"))
    )
    latest, _ = latest_statements(data, slices)
    hired = collect(latest.group_by("slice", "administration").agg(nw.col("amount_ore").sum().alias("hired")))
    both = own.join(hired, on=["slice", "administration"], how="full", coalesce=True).with_columns(
        pl.col("own", "hired").fill_null(0)
    )
    region = both.group_by("slice").agg(pl.col("own", "hired").sum()).with_columns(administration=pl.lit(""))
    with_agency = both.filter((pl.col("hired") != 0).any().over("administration"))
    rows = pl.concat(
        [
            with_agency.with_columns(row_type=pl.lit("row")),
            region.select(both.columns).with_columns(row_type=pl.lit("total")),
        ]
    )
    share = pl.when(pl.col("own") > 0).then(pl.col("hired") / pl.col("own") * 100)
    valued = rows.select("slice", "administration", "row_type", value=share, n=pl.lit(0, dtype=pl.Int64))
    keys = ("administration", "row_type")
    frame = comparisons.with_change(comparisons.blank(valued, slices=lacking), keys=keys).drop("n")
    units = {code: _administration(code, scope) for code in frame.get_column("administration").unique() if code}
    spec = TABLES["agency_share_pct"]
    return comparisons.finish(
        frame.with_columns(comparisons.label("administration", units).alias("administration_label")),
        spec=spec,
        order={"column": comparisons.COLUMN_ORDER},
        printed=comparisons.Printed(
            comparisons.year_headings(spec, scope.staff_range),
            scope.staff_range.label,
            (
                "Summan gäller alla förvaltningar, även de som inte har inhyrd personal.",
                "Fakturor kommer sent, så de senaste månadernas andel kan bli högre.",
                *staff.missing_notes(lacking, slices),
            ),
        ),
    )
