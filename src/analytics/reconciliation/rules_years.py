"""The full year against what is accumulated: budget in twelfths, forecast and last year against what is booked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from analytics.reconciliation.findings import Result
from analytics.reconciliation.identities import text
from analytics.reconciliation.published import Cell, Table
from analytics.reconciliation.rules_structure import found

FLAT_SHARE = 0.8
"""Where so large a share of the cells follows flat twelfths, the budget is taken to be in twelfths."""


def check(tables: Sequence[Table]) -> Iterator[Result]:
    """Checks between the accumulated and the full-year columns of one period."""
    yield from _twelfths([pair for pair in _pairs(tables, "budget", "budget_year") if not _is_project(pair[0])], tables)
    for booked, year in _pairs(tables, "outcome", "forecast"):
        if _is_project(booked) and booked.row.endswith("/Total"):
            continue  # a project's total is income and cost together and should end at 0
        yield from _not_below(year, booked, "forecast and outcome", "The full-year forecast", "what is already booked")
    for booked, year in _pairs(tables, "previous", "previous_year"):
        yield from _not_below(
            year, booked, "full year and accumulated", "Last year's full year", "last year's accumulated outcome"
        )


def between_reports(tables: Sequence[Table]) -> Iterator[Result]:
    """Last year in one report against that year's own report, where the folder holds both."""
    name = "last year's own report"
    by_report = {(table.kind, table.period): table for table in tables if table.period}
    for table in by_report.values():
        earlier = by_report.get((table.kind, f"{int(table.period[:4]) - 1}{table.period[4:]}"))
        for cell in table.cells if earlier else ():
            column = {"previous": "current" if "current" in table.columns else "outcome"}.get(cell.column, "")
            own = earlier.cell(cell.row, cell.part, column) if earlier else None
            if own is None:
                continue
            if abs(cell.value * cell.scale - own.value * own.scale) <= (cell.half * cell.scale + own.half * own.scale):
                yield Result(name)
            else:
                why = f"{own.file} ({own.location}) printed {own.shown}: changed since, or one of them is wrong."
                yield found(cell, name, own.shown, "implausible", why)


def _is_project(cell: Cell) -> bool:
    return cell.file.startswith("projekt")


def _pairs(tables: Sequence[Table], accumulated: str, year: str) -> list[tuple[Cell, Cell]]:
    """Accumulated and full-year cells of the same row and part; FR1 outcome and forecast are two files."""
    pairs = []
    for table in tables:
        others = [table] if year in table.columns else []
        if table.kind == "fr1_outcome":
            others = [other for other in tables if other.kind == "fr1_forecast" and other.period == table.period]
        for other in others:
            for cell in table.cells:
                match = other.cell(cell.row, cell.part, year)
                if cell.column == accumulated and match:
                    pairs.append((cell, match))
    return pairs


def _twelfths(pairs: list[tuple[Cell, Cell]], tables: Sequence[Table]) -> Iterator[Result]:
    months = {table.file: table.month for table in tables if table.period}
    outcomes = []
    for budget, year in pairs:
        factor = Decimal(12) / months[budget.file]
        off = abs(budget.value * factor - year.value)
        outcomes.append((budget, year, factor, off, off <= budget.half * factor + year.half))
    telling = [fits for budget, year, _, _, fits in outcomes if budget.value or year.value]
    if not telling or sum(telling) < FLAT_SHARE * len(telling):
        return
    for budget, year, factor, off, fits in outcomes:
        if fits:
            yield Result("budget in twelfths")
            continue
        why = (
            f"{sum(telling)} of {len(telling)} budget cells are flat twelfths; this one is off by {text(off)} in "
            f"{year.file} ({year.location}, {year.shown})."
        )
        yield found(budget, "budget in twelfths", text(year.value / factor), "contradiction", why)


def _not_below(year: Cell, booked: Cell, check: str, name: str, what: str) -> Iterator[Result]:
    same = f"in {booked.file}, {booked.location} ({booked.shown})"
    if booked.value and booked.value * year.value < 0:
        yield found(year, check, booked.shown, "implausible", f"{name} has the opposite sign of {what} {same}.")
    elif abs(booked.value) - abs(year.value) > booked.half + year.half:
        why = f"{name} is lower than {what} {same}; only a reversal would explain it."
        yield found(year, check, f"at least {booked.shown}", "implausible", why)
    else:
        yield Result(check)
