"""Ledger measures: sums of postings in whole öre, and the deviations between them in kronor."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import narwhals as nw
import polars as pl

from analytics.errors import MissingDataError
from analytics.measures.scope import Data, Lazy, Scope, collect, lazy, months_present
from analytics.periods import Period, PeriodRange

ORE = 100
COUNTED_PERIODS = ("month", "closing")

Sums = dict[str, int | None]
"""Part (``outcome``, ``budget``, …) → öre; None where nothing was posted."""

EXCLUDED = (
    "Projektansvar ingår inte. Ingående balans (period 00) ingår inte, bokslutsposter (period 13) räknas i december."
)
BUDGET = "Budgeten är den beslutade årsbudgeten, periodiserad i tolftedelar; omfördelningar under året ingår inte."


@dataclass(frozen=True, slots=True)
class Part:
    """One summed column: which kind of row, over which months."""

    kind: str
    months: PeriodRange


@dataclass(frozen=True, slots=True)
class Parts:
    """The summed columns that a report month needs, and which of them the data hold."""

    columns: Mapping[str, Part]
    held: frozenset[str]
    notes: tuple[str, ...]
    projects: bool
    """Whether the sums are of the project cost centres, which every other table leaves out."""
    about: Mapping[str, str]
    """Part → its own note: that the data lack it, or from which month it is."""

    def notes_on(self, columns: Collection[str]) -> tuple[str, ...]:
        """The notes that a table of these parts needs: not those about parts that it does not print."""
        others = {text for code, text in self.about.items() if code not in columns}
        return tuple(note for note in self.notes if note not in others)


def counted(data: Data, scope: Scope, *, projects: bool, units: Sequence[str] = ()) -> Lazy:
    """Ledger rows of the unit that reports count: months and closing, without (or only) project cost centres.

    ``units`` are other codes than the unit's own: those that say which months are delivered.
    """
    is_project = nw.col("is_project") if projects else ~nw.col("is_project")
    return lazy(data.ledger).filter(
        nw.col("administration").is_in(units or (scope.unit,)),
        nw.col("period_kind").is_in(COUNTED_PERIODS),
        is_project,
    )


def parts(data: Data, scope: Scope, *, projects: bool = False) -> Parts:
    """Outcome, budget, forecast and last year, accumulated and for the full year.

    Raises MissingDataError if the ledger lacks a month of the range, or has nothing for the unit. What else is not
    there (forecast, budget, last year) becomes empty cells with a note.
    """
    acc, year = scope.ledger_range, scope.period.full_year
    outcome = lazy(data.ledger).filter(nw.col("kind") == "outcome", nw.col("administration").is_in(scope.delivered))
    months = [*acc.months, *acc.previous_year.months, *year.previous_year.months]
    present = months_present(outcome.filter(nw.col("period_kind").is_in(COUNTED_PERIODS)), months=months)
    missing = [month for month in acc.months if month not in present]
    if missing:
        raise MissingDataError(
            f"the table ledger has no outcome for unit {scope.unit} in {', '.join(missing)}",
            action="Load the ledger deliveries of these months (analytics load), or report a month that has them.",
        )
    rows = counted(data, scope, projects=projects, units=scope.delivered)
    planned = collect(
        rows.filter(nw.col("kind").is_in(["budget", "forecast"]), nw.col("period").is_in([*year.months, *acc.months]))
        .select("kind", "period")
        .unique()
    )
    budget = set(planned.filter(pl.col("kind") == "budget").get_column("period"))
    forecasts = sorted(set(planned.filter(pl.col("kind") == "forecast").get_column("period")) & _forecasts_of(scope))
    so_far = scope.period.accumulated
    forecast = next((month for month in so_far if forecasts and str(month) == forecasts[-1]), scope.period)
    columns = {
        "outcome": Part("outcome", acc),
        "budget": Part("budget", acc),
        "previous": Part("outcome", acc.previous_year),
        "forecast": Part("forecast", PeriodRange(forecast, forecast)),
        "budget_year": Part("budget", year),
        "previous_year": Part("outcome", year.previous_year),
    }
    held = {
        "outcome": True,
        "budget": set(acc.months) <= budget,
        "previous": set(acc.previous_year.months) <= present,
        "forecast": bool(forecasts),
        "budget_year": set(year.months) <= budget,
        "previous_year": set(year.previous_year.months) <= present,
    }
    about = _about(scope, forecast, held)
    there = frozenset(code for code, is_there in held.items() if is_there)
    return Parts(columns, there, (EXCLUDED, BUDGET, *about.values()), projects, about)


def _forecasts_of(scope: Scope) -> set[str]:
    """The months whose forecast the report may print: its own alone if one follows it, else the latest of the year.

    So an earlier forecast never stands in a report whose own is late. Source: process 2018 (004:303-305).
    """
    has_own = scope.period.month in scope.settings.calendar.forecast_after
    return {str(scope.period)} if has_own else set(scope.period.accumulated.months)


def _about(scope: Scope, forecast: Period, held: Mapping[str, bool]) -> dict[str, str]:
    texts = {
        "budget": f"Budget för {scope.ledger_range.label} saknas.",
        "budget_year": f"Budget för hela {scope.period.year} saknas.",
        "previous": f"Utfall för {scope.ledger_range.previous_year.label} saknas.",
        "previous_year": f"Utfall för hela {scope.period.year - 1} saknas.",
        "forecast": f"Prognos för {scope.period.year} saknas.",
    }
    notes = {code: text for code, text in texts.items() if not held[code]}
    if held["forecast"] and forecast != scope.period:
        notes["forecast"] = f"Prognosen är den som lämnades per {forecast.label}."
    return notes


def sums(
    data: Data, scope: Scope, found: Parts, *, by: tuple[str, ...], columns: tuple[str, ...]
) -> dict[tuple[str, ...], dict[str, int]]:
    """Posted öre per combination of ``by`` and part; a part that nothing was posted on is left out.

    Unit: öre, income negative, cost positive. Sums are of integers, so they are exact in any order.
    """
    rows = counted(data, scope, projects=found.projects)
    pieces = [
        rows.filter(
            nw.col("kind") == found.columns[code].kind, nw.col("period").is_in(found.columns[code].months.months)
        )
        .group_by(*by)
        .agg(nw.col("amount_ore").sum())
        .select(nw.lit(code).alias("part"), *by, "amount_ore")
        for code in columns
        if code in found.held
    ]
    result: dict[tuple[str, ...], dict[str, int]] = {}
    if not pieces:  # the data hold none of the columns
        return result
    for part, *key, amount in collect(nw.concat(pieces)).rows():
        result.setdefault(tuple(key), {})[part] = amount
    return result


def add(selected: list[dict[str, int]], columns: tuple[str, ...]) -> Sums:
    """Sum of several rows, part by part; None where none of them has a posting."""
    return {
        code: sum(row[code] for row in selected if code in row) if any(code in row for row in selected) else None
        for code in columns
    }


def zeros(row: Sums, held: frozenset[str]) -> Sums:
    """No posting printed as 0, as the form FR1 does, where the data hold the part at all."""
    return {code: 0 if value is None and code in held else value for code, value in row.items()}


def deviation(row: Sums, *, comparator: str, measured: str, held: frozenset[str]) -> int | None:
    """Comparator − measured; negative is unfavourable.

    One missing part counts as 0; two missing parts, or a part that the data do not hold at all, give None.
    """
    if comparator not in held or measured not in held:
        return None
    first, second = row[comparator], row[measured]
    if first is None and second is None:
        return None
    return (first or 0) - (second or 0)


def kronor(ore: int | None) -> float | None:
    """Öre → kronor, the last step of every ledger measure."""
    return None if ore is None else ore / ORE
