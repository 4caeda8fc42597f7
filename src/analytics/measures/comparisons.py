"""From counted cells to a printed table: both years, the change between them, sexes, totals, labels and order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from analytics.measures.catalogue import MeasureTable, TableSpec
from analytics.periods import Period, PeriodRange

SEX_ORDER = ("K", "M", "T")
COLUMN_ORDER = ("current", "previous", "change")
TOTAL_LABEL = "Total"


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands around the figures: headings of the codes in ``column``, name of the range, notes under the table."""

    headings: Mapping[str, str]
    period_label: str
    notes: Sequence[str]


def year_headings(spec: TableSpec, current: PeriodRange) -> dict[str, str]:
    """The printed headings of the year columns: ``2018``, ``2017``, ``Förändring``.

    A range that does not begin with the year is named instead: ``Februari 2018``.
    """
    if current.first == Period(current.last.year, 1):
        years = {"year": str(current.last.year), "previous": str(current.last.year - 1)}
    else:
        years = {"year": current.label.capitalize(), "previous": current.previous_year.label.capitalize()}
    return {code: text.format(**years) for code, text in spec.labels.items()}


def people_cells(persons: pl.DataFrame, *, group: str | None) -> pl.DataFrame:
    """Sums and person counts for every combination of slice, group, sex and their totals.

    Args:
        persons: one row per slice, group, sex and person: ``slice``, the group column, ``sex`` (K or M),
            ``employee_key``, ``amount`` (integer, additive) and ``counts`` (true if the person is behind it).
        group: the group column, or None for a table without groups.

    Returns:
        ``slice``, the group column, ``row_type``, ``sex`` (K, M, T), ``amount``, ``n`` (persons behind the amount, see
        :func:`behind`). Amounts are integers, so K + M = T and groups = total hold exactly.
    """
    both = pl.concat([persons, persons.with_columns(sex=pl.lit("T"))])
    rows = _cells_of_persons(both, keys=("slice", *([group] if group else []), "sex"))
    rows = rows.with_columns(row_type=pl.lit("row"))
    if group is None:
        return rows.select("slice", "row_type", "sex", "amount", "n")
    totals = _cells_of_persons(both, keys=("slice", "sex"))
    totals = totals.with_columns(pl.lit("", dtype=pl.String).alias(group), row_type=pl.lit("total"))
    columns = ("slice", group, "row_type", "sex", "amount", "n")
    return pl.concat([rows.select(columns), totals.select(columns)])


def _cells_of_persons(rows: pl.DataFrame, *, keys: Sequence[str]) -> pl.DataFrame:
    each = rows.group_by(*keys, "employee_key").agg(pl.col("amount").sum(), pl.col("counts").any())
    return each.group_by(*keys).agg(pl.col("amount").sum(), behind("amount", counts="counts").alias("n"))


def behind(amount: str, *, counts: str) -> pl.Expr:
    """How many persons (one row each) a summed amount is about.

    A person whose rows cancel out (a correction, absence the whole month) adds nothing to it: the amount is then about
    the others, who may be one. If everybody's rows cancel out, the zero is about all of them.
    """
    part = (pl.col(counts) & (pl.col(amount) != 0)).sum()
    return pl.when(part > 0).then(part).otherwise(pl.col(counts).sum()).cast(pl.Int64)


def listed(cells: pl.DataFrame, *, group: str) -> pl.DataFrame:
    """The cells of groups with anything in either slice, and always a total row (empty if there is nothing)."""
    present = cells.filter((pl.col("n") > 0) | (pl.col("value") != 0)).select(group, "row_type")
    total = pl.DataFrame({group: [""], "row_type": ["total"]})
    return pl.concat([present, total]).unique().join(cells, on=[group, "row_type"], how="left")


def complete(cells: pl.DataFrame, *, keys: Sequence[str], sexes: bool, slices: Sequence[str]) -> pl.DataFrame:
    """Every listed row with every sex and slice; what nobody contributed to is 0 with n = 0."""
    rows = cells.select(keys).unique()
    grid = rows.join(pl.DataFrame({"slice": list(slices)}, schema={"slice": pl.String}), how="cross")
    if sexes:
        grid = grid.join(pl.DataFrame({"sex": SEX_ORDER}), how="cross")
    on = [*keys, "slice", *(("sex",) if sexes else ())]
    return grid.join(cells, on=on, how="left").with_columns(pl.col("value").fill_null(0.0), pl.col("n").fill_null(0))


def blank(cells: pl.DataFrame, *, slices: frozenset[str]) -> pl.DataFrame:
    """Cells of the slices that have no data: the value is null (missing), not zero."""
    empty = pl.col("slice").is_in(list(slices))
    return cells.with_columns(
        pl.when(empty).then(None).otherwise(pl.col("value")).alias("value"),
        pl.when(empty).then(0).otherwise(pl.col("n")).cast(pl.Int64).alias("n"),
    )


def with_change(cells: pl.DataFrame, *, keys: Sequence[str]) -> pl.DataFrame:
    """Add the column ``change`` = current − previous, from unrounded values.

    Its ``n`` is the smaller positive n of the two years (0 if nobody is behind either). Without persons
    (``n`` absent) only the value is made. ``slice`` becomes ``column``.
    """
    has_n = "n" in cells.columns
    cells = cells.rename({"slice": "column"})
    current = cells.filter(pl.col("column") == "current").drop("column")
    previous = cells.filter(pl.col("column") == "previous").drop("column")
    joined = current.join(previous, on=list(keys), how="inner", suffix="_previous", nulls_equal=True)
    change = joined.with_columns(column=pl.lit("change"), value=pl.col("value") - pl.col("value_previous"))
    if has_n:
        smaller = pl.min_horizontal(
            *(pl.when(pl.col(name) > 0).then(pl.col(name)).otherwise(None) for name in ("n", "n_previous"))
        )
        change = change.with_columns(n=smaller.fill_null(0).cast(pl.Int64))
    return pl.concat([cells, change.select(cells.columns)])


def finish(
    frame: pl.DataFrame,
    *,
    spec: TableSpec,
    order: Mapping[str, Sequence[str]],
    printed: Printed,
) -> MeasureTable:
    """Columns as the catalogue declares them, rows in printed order.

    Args:
        frame: at least the keys of the table, ``value`` and, if people are behind it, ``n``.
        spec: the declaration of the table.
        order: for key columns that are not in alphabetical order, their values in order.
        printed: headings, name of the range and notes.
    """
    ranks = []
    for key in spec.keys:
        if key.endswith("_label"):
            continue
        if key in order:
            rank = {value: position for position, value in enumerate(order[key])}
            ranks.append(pl.col(key).replace_strict(rank, default=len(rank), return_dtype=pl.Int64))
        else:
            ranks.append(pl.col(key))
    if "row_type" in spec.keys:
        ranks.insert(0, (pl.col("row_type") == "total").cast(pl.Int8))
    columns = [*spec.keys, "value", *(("n",) if spec.protection != "none" else ())]
    ordered = frame.sort(ranks, maintain_order=True).select(columns)
    return MeasureTable(spec, ordered, dict(printed.headings), printed.period_label, tuple(printed.notes))


def label(column: str, labels: Mapping[str, str]) -> pl.Expr:
    """Codes of a column → labels; the total row is called Total; a code without a label keeps its code."""
    known = {"": TOTAL_LABEL, **labels}
    return pl.col(column).replace_strict(known, default=pl.col(column), return_dtype=pl.String)
