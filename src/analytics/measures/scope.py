"""What to measure: a month, a unit, and the ranges of months that follow from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import narwhals as nw
import polars as pl

from analytics import engines
from analytics.engines import Native
from analytics.errors import Location, MissingDataError
from analytics.organisation import Organisation
from analytics.periods import Period, PeriodRange, Span
from analytics.processed import Catalog, Store
from analytics.reference import Reference
from analytics.schemas import TABLES
from analytics.settings import Settings

MILLIONTHS = 1_000_000
YEARS_OF_MONTHS = 2
"""Monthly series begin in January this many years before the report year, as the charts of the source do."""


REST: Final = "rest"
"""Stands for the administration in rows of a unit that are not of the part that is measured."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an administration: one base unit or one cost centre, with its Swedish name."""

    level: Literal["base_unit", "cost_centre"]
    code: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """One report month of one administration, with the settings and code tables that the measures need.

    In exploration it may also be about a part of the administration, whose data :func:`of_part` gives, and about
    another range of months than the reports'.
    """

    period: Period
    unit: str
    settings: Settings
    organisation: Organisation
    reference: Reference
    span: Span = "accumulated"
    part: Part | None = None

    @property
    def staff_range(self) -> PeriodRange:
        """January to the last month with complete time and absence; in January the whole year before."""
        return self.period.plus(-self.settings.staff.lag_months).span(self.span)

    @property
    def ledger_range(self) -> PeriodRange:
        """January to the report month."""
        return self.period.span(self.span)

    @property
    def delivered(self) -> tuple[str, ...]:
        """The codes whose rows say which months are in the data: those of the whole unit also where a part is measured.

        A part without rows in a delivered month has nothing in it; a month that is not delivered is missing.
        """
        return (self.unit,) if self.part is None else (self.unit, REST)

    @property
    def first_month(self) -> Period:
        """First month of the monthly series."""
        return Period(self.period.year - YEARS_OF_MONTHS, 1)

    @property
    def unit_label(self) -> str:
        """The administration's name on the last day of the report month. Raises UsageError if there is none."""
        return self.organisation.administration(self.unit, self.period).label


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """The processed tables, not yet read, with the columns of ``schemas.TABLES``: frames of any engine."""

    employments: Native
    time: Native
    absence: Native
    ledger: Native
    agency: Native
    indicators: Native
    care_units: Native
    care_contacts: Native
    care_costs: Native

    @classmethod
    def of(cls, store: Store, catalog: Catalog, engine: str) -> Data:
        """The tables that a catalog lists. Raises MissingDataError if a file is gone."""
        return cls(
            **{
                name: engines.scan(engine, name, [store.folder / entry.file for entry in catalog.of_table(name)])
                for name in TABLES
            }
        )


def of_part(data: Data, unit: str, part: Part) -> Data:
    """The same data for measures of one part of a unit: the unit's other rows belong to :data:`REST` instead.

    So every measure keeps its definition: hours follow the employment that they belong to, absence the main employment
    (decision 004), and an absence is still attributed where the main employment is in another part.
    """
    others = (nw.col("administration") == unit) & (nw.col(part.level) != part.code)
    owner = nw.when(others).then(nw.lit(REST)).otherwise(nw.col("administration"))

    def narrowed(table: Native) -> Native:
        return lazy(table).with_columns(owner.alias("administration")).to_native()

    return replace(data, employments=narrowed(data.employments), time=narrowed(data.time), ledger=narrowed(data.ledger))


@dataclass(frozen=True, slots=True)
class Slices:
    """Ranges of months that are measured in one pass, by code: the two years of a table, or every month of a series.

    The ranges do not overlap, so each month belongs to one slice.
    """

    ranges: Mapping[str, PeriodRange]

    @classmethod
    def years(cls, current: PeriodRange) -> Slices:
        """``current`` and ``previous`` (the same months one year before)."""
        return cls({"current": current, "previous": current.previous_year})

    @classmethod
    def monthly(cls, first: Period, last: Period) -> Slices:
        """One slice for each month, named after it."""
        return cls({str(month): PeriodRange(month, month) for month in PeriodRange(first, last)})

    @property
    def months(self) -> list[str]:
        return [month for months in self.ranges.values() for month in months.months]

    @property
    def is_monthly(self) -> bool:
        return all(len(months) == 1 and code == str(months.first) for code, months in self.ranges.items())

    def expr(self) -> nw.Expr:
        """The slice that the column ``period`` belongs to."""
        if self.is_monthly:
            return nw.col("period")
        codes = list(self.ranges)
        expr: nw.Expr = nw.lit(codes[-1])
        for code in codes[:-1]:
            expr = nw.when(nw.col("period").is_in(self.ranges[code].months)).then(nw.lit(code)).otherwise(expr)
        return expr

    def without(self, codes: frozenset[str]) -> Slices:
        """The same slices except some."""
        return Slices({code: months for code, months in self.ranges.items() if code not in codes})


Lazy = nw.LazyFrame[Any]
"""A processed table as the measures see it."""


def lazy(frame: Native) -> Lazy:
    """Wrap a processed table for the measures."""
    wrapped: Lazy = nw.from_native(frame)
    return wrapped


def collect(frame: Lazy) -> pl.DataFrame:
    """The small result of a measure, as polars from whatever engine (:func:`analytics.engines.collect`)."""
    return engines.collect(frame)


def exact(column: str) -> nw.Expr:
    """Hours as whole millionths.

    Sums of integers do not depend on the order of the rows, so the same data give the same bytes in every run,
    and women and men add up to the total exactly.
    """
    return (nw.col(column) * MILLIONTHS).round(0).cast(nw.Int64)


def months_present(frame: Lazy, *, months: list[str]) -> frozenset[str]:
    """Which of the months the frame has any row for (column ``period``)."""
    found = frame.filter(nw.col("period").is_in(months)).select("period").unique()
    return frozenset(collect(found).get_column("period").to_list())


def incomplete(
    frame: Lazy, *, slices: Slices, required: frozenset[str], table: str, unit: str | None
) -> frozenset[str]:
    """The slices for which the table lacks at least one whole month.

    A range with a month missing would give a wrong figure, so it gives none: a required slice is an error, any
    other becomes empty cells. ``unit`` is None where the months of the whole table are looked at. Raises
    MissingDataError naming the table and the months.
    """
    present = months_present(frame, months=slices.months)
    lacking = {
        code: [month for month in months.months if month not in present] for code, months in slices.ranges.items()
    }
    missing = sorted(month for code in required for month in lacking.get(code, []))
    if missing:
        raise MissingDataError(
            f"the table {table} has no rows{f' for unit {unit}' if unit else ''} in {', '.join(missing)}",
            action="Load the deliveries of these months (analytics load), or report a month that has them.",
        )
    return frozenset(code for code, months in lacking.items() if months)


def refuse_unattributed(count: int, *, table: str, what: str) -> None:
    """Raise MissingDataError if rows lack the employment that gives them sex and personnel group."""
    if count:
        raise MissingDataError(
            f"{count} rows of {table} have no {what} in their month, so they cannot be given a sex and a group",
            where=Location(count=count),
            action="Run analytics validate; the employments delivery of the same month is incomplete.",
        )
