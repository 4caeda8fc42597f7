"""What the panels draw: sums at the finest level that is clicked on, by the definitions of the reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import narwhals as nw
import polars as pl

from analytics.measures import ledger, seasonal
from analytics.measures.scope import Data, Scope, collect
from analytics.periods import Period

PLACE: Final = ("base_unit", "cost_centre", "report_line", "account")
WHOLE_YEAR: Final = "year"
"""In the column ``month``: the row is about the full year."""
COMPARISONS: Final[Mapping[str, tuple[str, str]]] = {
    "budget": ("outcome", "budget"),
    "seasonal": ("outcome", "seasonal"),
    "previous": ("outcome", "previous"),
    "forecast": ("forecast", "budget"),
}
"""Comparison → (what is measured, what it is compared with), columns of the cube.

``forecast`` compares the unit's own forecast with the budget, in rows of the full year.
"""


@dataclass(frozen=True, slots=True)
class LedgerCube:
    """The ledger of one unit and year, summed.

    ``frame`` has ``PLACE`` (codes as posted), ``month`` (``2018-01`` or ``year``) and, in öre, ``outcome``, ``budget``,
    ``previous`` and ``forecast`` (integers) and ``seasonal`` (a number); income is negative, cost positive, nothing
    posted is 0. ``held`` is which comparisons the data allow, ``notes`` what a reader must know.
    """

    frame: pl.DataFrame
    held: tuple[str, ...]
    notes: tuple[str, ...]


def ledger_cube(data: Data, scope: Scope) -> LedgerCube:
    """Outcome, budget, seasonal budget, last year and forecast by :data:`PLACE` and month.

    Months are January to the report month; the rows of the full year hold the forecast and the budget. Sums over it
    equal ``fr1_outcome``, ``fr1_forecast`` and, for lines with accounts of their own, ``seasonal_budget``: a line of
    the seasonal budget follows its own pattern, so its accounts do too. Raises MissingDataError as
    :func:`analytics.measures.ledger.parts` does.
    """
    found = ledger.parts(data, scope)
    months = [str(month) for month in scope.ledger_range]
    pieces = [_monthly(data, scope, "outcome", "outcome", dict(zip(months, months, strict=True)))]
    before = {str(month.previous_year): str(month) for month in scope.ledger_range}
    if "previous" in found.held:
        pieces.append(_monthly(data, scope, "outcome", "previous", before))
    year = scope.period.full_year.months
    if "budget_year" in found.held:
        budget = _monthly(data, scope, "budget", "budget", dict(zip(year, year, strict=True)))
        pieces += [
            budget.filter(pl.col("month").is_in(months)),
            budget.group_by(PLACE).agg(pl.col("budget").sum(), pl.lit(WHOLE_YEAR).alias("month")),
            _seasonal(data, scope, budget, months),
        ]
    elif "budget" in found.held:
        pieces.append(_monthly(data, scope, "budget", "budget", dict(zip(months, months, strict=True))))
    if "forecast" in found.held:
        lodged = found.columns["forecast"].months.months
        pieces.append(_monthly(data, scope, "forecast", "forecast", dict.fromkeys(lodged, WHOLE_YEAR)))
    columns = {"outcome": pl.Int64, "budget": pl.Int64, "seasonal": pl.Float64}
    columns |= {"previous": pl.Int64, "forecast": pl.Int64}
    frame = (
        pl.concat(pieces, how="diagonal")
        .with_columns(pl.lit(None, kind).alias(name) for name, kind in columns.items() if not _has(pieces, name))
        .group_by(*PLACE, "month")
        .agg(pl.col(name).sum() for name in columns)
        .sort(*PLACE, "month")
    )
    return LedgerCube(frame, _held(pieces), found.notes)


def _has(pieces: list[pl.DataFrame], column: str) -> bool:
    return any(column in piece.columns for piece in pieces)


def _held(pieces: list[pl.DataFrame]) -> tuple[str, ...]:
    return tuple(code for code, parts in COMPARISONS.items() if all(_has(pieces, part) for part in parts))


def _monthly(data: Data, scope: Scope, kind: str, column: str, months: Mapping[str, str]) -> pl.DataFrame:
    """Öre by place and month; ``months`` says under which month of the cube each month of the ledger stands."""
    rows = ledger.counted(data, scope, projects=False).filter(
        nw.col("kind") == kind, nw.col("period").is_in(list(months))
    )
    summed = collect(rows.group_by(*PLACE, "period").agg(nw.col("amount_ore").sum().alias(column)))
    return summed.with_columns(pl.col("period").replace_strict(months, return_dtype=pl.String).alias("month")).select(
        *PLACE, "month", column
    )


def _seasonal(data: Data, scope: Scope, budget: pl.DataFrame, months: list[str]) -> pl.DataFrame:
    """The year's budget of each place times the share of each month in the pattern of its report line."""
    amounts = seasonal.monthly_amounts(data, scope, by="report_line")
    if not amounts.years:
        return budget.clear().select(*PLACE, "month")
    lines = scope.reference.report_lines
    shares = [
        (line, month, share)
        for line in budget["report_line"].unique().sort()
        for month, share in zip(months, seasonal.followed(amounts, line, lines).shares, strict=False)
    ]
    followed = pl.DataFrame(
        shares, schema={"report_line": pl.String, "month": pl.String, "share": pl.Float64}, orient="row"
    )
    return (
        budget.group_by(PLACE)
        .agg(pl.col("budget").sum())
        .join(followed, on="report_line")
        .select(*PLACE, "month", (pl.col("budget") * pl.col("share")).alias("seasonal"))
    )


def named(frame: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """The cube with a Swedish name beside each code: ``<column>_label``, as the reports write it.

    Names of units are those of the report month, or the latest that a code has had.
    """
    reference = scope.reference
    lines = reference.report_lines
    labels: dict[str, dict[str, str]] = {
        "base_unit": {code: _unit(scope, "base_unit", code) for code in frame["base_unit"].unique()},
        "cost_centre": {code: _unit(scope, "cost_centre", code) for code in frame["cost_centre"].unique()},
        "report_line": {
            code: f"{lines[line.parent].label} – {line.label}" if line.parent else line.label
            for code, line in lines.items()
        },
        "account": {code: f"{code} {reference.accounts.get(code, '')}".strip() for code in frame["account"].unique()},
        "month": {
            WHOLE_YEAR: f"Helåret {scope.period.year}",
            **{str(month): month.label.capitalize() for month in scope.ledger_range},
        },
    }
    return frame.with_columns(
        pl.col(column).replace_strict(names, default=pl.col(column), return_dtype=pl.String).alias(f"{column}_label")
        for column, names in labels.items()
    )


def _unit(scope: Scope, level: str, code: str) -> str:
    """Code and name; of a unit that has ended the last name of the months that the cube is about."""
    first = Period(scope.first_month.year, 1)
    month = scope.period
    while month >= first:
        unit = scope.organisation.find(level, code, month)
        if unit is not None:
            return f"{code} {unit.label}"
        month = month.plus(-1)
    return code
