"""The form FR1: sixteen report lines, external and internal, for outcome and forecast."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from analytics.measures import ledger
from analytics.measures.catalogue import ORIGINS, TABLES, MeasureTable
from analytics.measures.comparisons import Printed, finish
from analytics.measures.ledger import Parts, Sums
from analytics.measures.scope import Data, Scope
from analytics.reference import ReportLine

INCOME, TOTAL_INCOME, TOTAL_COST, NET = "income", "total_income", "total_cost", "net"

# Printed column → the part it shows, or (comparator, measured) of a deviation.
Shown = dict[str, str | tuple[str, str]]
OUTCOME_COLUMNS: Shown = {
    "outcome": "outcome",
    "budget": "budget",
    "previous": "previous",
    "vs_budget": ("budget", "outcome"),
    "vs_previous": ("previous", "outcome"),
}
FORECAST_COLUMNS: Shown = {
    "forecast": "forecast",
    "budget": "budget_year",
    "previous": "previous_year",
    "vs_budget": ("budget_year", "forecast"),
    "vs_previous": ("previous_year", "forecast"),
}
SUMMARY_COLUMNS: Shown = {
    "outcome": "outcome",
    "budget": "budget",
    "outcome_vs_budget": ("budget", "outcome"),
    "forecast": "forecast",
    "budget_year": "budget_year",
    "forecast_vs_budget": ("budget_year", "forecast"),
}


def parts_of(shown: Shown) -> tuple[str, ...]:
    """The summed parts that the printed columns need."""
    return tuple(dict.fromkeys(part for item in shown.values() for part in ([item] if isinstance(item, str) else item)))


def members(lines: Mapping[str, ReportLine], code: str) -> frozenset[str]:
    """The lines with accounts of their own that a line of the form sums.

    Totals: income; every cost (all first-level lines but income); net = both.
    """
    own = {line for line in lines if line not in (TOTAL_INCOME, TOTAL_COST, NET)}
    leaves = {line for line in own if not any(lines[other].parent == line for other in own)}
    if code == TOTAL_INCOME:
        return frozenset({INCOME})
    if code == TOTAL_COST:
        return frozenset(leaves - {INCOME})
    if code == NET:
        return frozenset(leaves)
    return frozenset(leaf for leaf in leaves if code in (leaf, lines[leaf].parent))


def shown_value(row: Sums, item: str | tuple[str, str], held: frozenset[str]) -> float | None:
    """A part or a deviation in kronor."""
    if isinstance(item, str):
        return ledger.kronor(row[item])
    return ledger.kronor(ledger.deviation(row, comparator=item[0], measured=item[1], held=held))


def _rows(
    scope: Scope, found: Parts, posted: dict[tuple[str, ...], dict[str, int]], shown: Shown, origins: tuple[str, ...]
) -> pl.DataFrame:
    lines = scope.reference.report_lines
    records = []
    for code, line in lines.items():
        leaves = members(lines, code)
        for origin in origins:
            selected = [
                amounts for (leaf, side), amounts in posted.items() if leaf in leaves and origin in ("total", side)
            ]
            row = ledger.zeros(ledger.add(selected, parts_of(shown)), found.held)
            for column, item in shown.items():
                value = shown_value(row, item, found.held)
                records.append((code, line.label, line.level, line.parent, origin, column, value))
    names = ("report_line", "report_line_label", "level", "parent", "origin", "column", "value")
    return pl.DataFrame(
        records, schema={**dict.fromkeys(names, pl.String), "level": pl.Int64, "value": pl.Float64}, orient="row"
    )


def _form(table_id: str, data: Data, scope: Scope, *, shown: Shown, origins: tuple[str, ...]) -> MeasureTable:
    spec = TABLES[table_id]
    found = ledger.parts(data, scope)
    posted = ledger.sums(data, scope, found, by=("report_line", "origin"), columns=parts_of(shown))
    frame = _rows(scope, found, posted, shown, origins)
    order = {"report_line": list(scope.reference.report_lines), "origin": list(ORIGINS), "column": list(shown)}
    months = scope.period.full_year if shown is FORECAST_COLUMNS else scope.ledger_range
    return finish(
        frame,
        spec=spec,
        order=order,
        printed=Printed(spec.labels, months.label, found.notes),
    )


def fr1_outcome(data: Data, scope: Scope) -> MeasureTable:
    """FR1 outcome: accumulated outcome, budget and last year with deviations. Unit: kr. Source: 002:705-735.

    Columns: ``catalogue.FR1_KEYS``, value. All sixteen lines are always there; no posting is 0.
    """
    return _form("fr1_outcome", data, scope, shown=OUTCOME_COLUMNS, origins=tuple(ORIGINS))


def fr1_forecast(data: Data, scope: Scope) -> MeasureTable:
    """FR1 forecast: full-year forecast, budget and last year with deviations. Unit: kr. Source: 002:737-763.

    The forecast is that of the report month if one follows it (``[calendar] forecast_after``), else the latest of the
    year before it; without one the cells are empty.
    """
    return _form("fr1_forecast", data, scope, shown=FORECAST_COLUMNS, origins=tuple(ORIGINS))


def fr1_summary(data: Data, scope: Scope) -> MeasureTable:
    """FR1 in short: outcome and forecast against budget. Unit: kr. Source: 002:542-558."""
    return _form("fr1_summary", data, scope, shown=SUMMARY_COLUMNS, origins=("total",))
