"""External turnover: permanent employees who left the employer, in per cent of the mean stock; and those who came."""

from __future__ import annotations

import narwhals as nw
import polars as pl

from analytics.measures import staff
from analytics.measures.catalogue import MeasureTable
from analytics.measures.scope import Data, Scope, Slices, collect, incomplete, lazy
from analytics.measures.sick_leave import rate_table
from analytics.periods import PeriodRange


def permanent_persons(data: Data, scope: Scope, slices: Slices, *, by: tuple[str, ...] = ()) -> pl.DataFrame:
    """Permanent main employments of the unit as persons in the roles ``opening``, ``closing`` and ``left``.

    opening: valid on the first day of the slice; closing: valid on its last day; left: ended within the slice with
    leave kind ``external`` (so neither pension, death nor a move within the employer). Columns: slice, role, those
    of ``by`` (of the main employment), sex, employee_key.
    """
    parts = []
    permanent = lazy(data.employments).filter(
        nw.col("administration") == scope.unit, nw.col("is_main"), nw.col("employment_form") == "permanent"
    )
    for code, months in slices.ranges.items():
        first, last = nw.lit(months.first.first_day), nw.lit(months.last.last_day)
        ends = nw.col("end_date")
        roles = {
            "opening": (
                nw.col("period") == str(months.first),
                nw.col("start_date") <= first,
                ends.is_null() | (ends >= first),
            ),
            "closing": (
                nw.col("period") == str(months.last),
                nw.col("start_date") <= last,
                ends.is_null() | (ends >= last),
            ),
            "left": (
                nw.col("period").is_in(months.months),
                nw.col("leave_kind") == "external",
                ends >= first,
                ends <= last,
            ),
        }
        parts += [
            permanent.filter(*rules)
            .select(nw.lit(code).alias("slice"), nw.lit(role).alias("role"), *by, "sex", "employee_key")
            .unique()
            for role, rules in roles.items()
        ]
    return collect(nw.concat(parts))


def started(data: Data, unit: str, months: PeriodRange) -> pl.DataFrame:
    """Permanent main employments of a unit whose holder came to the employer within the months, one row each.

    The counterpart of those who left: the employment begins within the months, and its holder has no employment of any
    kind, in any administration, in the month before it begins. So neither a move within the employer nor a temporary
    or hourly post that became permanent is one. Columns as ``employments`` in ``schemas.TABLES``; of a person the
    first row of each employment. The month before the first must be in the data, or all of the first month are new.
    """
    first, last = nw.lit(months.first.first_day), nw.lit(months.last.last_day)
    rows = collect(
        lazy(data.employments).filter(
            nw.col("administration") == unit,
            nw.col("is_main"),
            nw.col("employment_form") == "permanent",
            nw.col("period").is_in(months.months),
            nw.col("start_date") >= first,
            nw.col("start_date") <= last,
        )
    )
    begun = rows.sort("period").unique(["employee_key", "start_date"], keep="first", maintain_order=True)
    known = collect(
        lazy(data.employments)
        .filter(
            nw.col("period").is_in(PeriodRange(months.first.plus(-1), months.last.plus(-1)).months),
            nw.col("employee_key").is_in(begun["employee_key"].unique().to_list()),
        )
        .select("employee_key", nw.col("period").alias("before"))
        .unique()
    )
    before = pl.col("start_date").dt.offset_by("-1mo").dt.strftime("%Y-%m")
    new = begun.with_columns(before=before).join(known, on=["employee_key", "before"], how="anti")
    return new.drop("before").sort("period", "employee_key")


def turnover_pct(data: Data, scope: Scope) -> MeasureTable:
    """Leavers / mean of opening and closing stock × 100, by sex, both years and the change in percentage points.

    Not converted to a full year. Columns: ``catalogue.RATE_KEYS``, value (%), n (the leavers if there are any, else
    the persons in the stock). Raises MissingDataError if months of the current range have no employments.
    Source: 002:477-481; domain rules section 7.
    """
    slices = Slices.years(scope.staff_range)
    of_unit = lazy(data.employments).filter(nw.col("administration").is_in(scope.delivered))
    lacking = incomplete(of_unit, slices=slices, required=staff.CURRENT, table="employments", unit=scope.unit)
    persons = permanent_persons(data, scope, slices)
    both = pl.concat([persons, persons.with_columns(sex=pl.lit("T"))])

    def count(*roles: str) -> pl.Expr:
        return pl.col("employee_key").filter(pl.col("role").is_in(roles)).n_unique().cast(pl.Int64)

    counted = both.group_by("slice", "sex").agg(
        count("opening").alias("opening"),
        count("closing").alias("closing"),
        count("left").alias("left"),
        count("opening", "closing").alias("stock"),
    )
    mean = (pl.col("opening") + pl.col("closing")) / 2
    cells = counted.select(
        "slice",
        "sex",
        pl.when(mean > 0).then(pl.col("left") / mean * 100).alias("value"),
        pl.when(pl.col("left") > 0).then(pl.col("left")).otherwise(pl.col("stock")).alias("n"),
    )
    notes = [
        "Tillsvidareanställda som lämnat arbetsgivaren, utom pension, dödsfall och byte inom arbetsgivaren.",
        "I procent av medeltalet tillsvidareanställda periodens första och sista dag; inte omräknat till helår.",
        *staff.missing_notes(lacking, slices),
    ]
    return rate_table("turnover_pct", cells, scope, lacking=lacking, notes=notes)
