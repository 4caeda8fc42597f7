"""Budget spread by the pattern of earlier years, beside the budget in twelfths; monthly series of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import narwhals as nw
import polars as pl

from analytics.measures import ledger
from analytics.measures.account_tables import in_focus
from analytics.measures.catalogue import SERIES, TABLES, MeasureTable, TableSpec
from analytics.measures.catalogue.focus import MONTHLY, PREFIX, spec_of
from analytics.measures.comparisons import Printed, finish
from analytics.measures.report_form import NET, members
from analytics.measures.scope import Data, Scope, collect, months_present
from analytics.periods import Period, PeriodRange
from analytics.reference import ReportLine

MONTHS = 12
LARGEST_SHARE = 1.0
"""A month that is more than the whole year, in either direction, makes the year no pattern to follow."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Shares of the year per month; they sum to 1."""

    shares: tuple[float, ...]


TWELFTHS = Pattern((1 / MONTHS,) * MONTHS)


def pattern(years: Sequence[Sequence[int]]) -> Pattern | None:
    """Mean over the years of each month's share of its year, or None if the years give no pattern.

    Formula: s_m = mean over years of (amount of month m / amount of the year); the shares sum to 1. Years whose
    totals differ in sign or are 0, or where one month is larger than its whole year, give no pattern. Single
    negative months and one-off items are kept as they are. Source: domain rules section 5.
    """
    totals = [sum(months) for months in years]
    if not totals or not (all(total > 0 for total in totals) or all(total < 0 for total in totals)):
        return None
    shares = [[amount / total for amount in months] for months, total in zip(years, totals, strict=True)]
    if any(abs(share) > LARGEST_SHARE for year in shares for share in year):
        return None
    return Pattern(tuple(sum(month) / len(shares) for month in zip(*shares, strict=True)))


@dataclass(frozen=True, slots=True)
class Monthly:
    """Posted öre per month and code (report line or account), outcome and budget, and the complete years."""

    outcome: Mapping[tuple[str, str], int]
    budget: Mapping[tuple[str, str], int]
    months: frozenset[str]
    budget_months: frozenset[str]
    years: tuple[int, ...]

    def outcome_of(self, month: str, belongs: Callable[[str], bool]) -> int:
        return sum(amount for (period, code), amount in self.outcome.items() if period == month and belongs(code))

    def budget_of(self, month: str, belongs: Callable[[str], bool]) -> int:
        return sum(amount for (period, code), amount in self.budget.items() if period == month and belongs(code))

    def history(self, belongs: Callable[[str], bool]) -> list[list[int]]:
        return [[self.outcome_of(month, belongs) for month in Period(year, 1).full_year.months] for year in self.years]


def monthly_amounts(data: Data, scope: Scope, *, by: str) -> Monthly:
    """Outcome and budget per month of the report year and the years that the pattern is taken from."""
    years = range(scope.period.year - scope.settings.ledger.seasonal_years, scope.period.year)
    first = min(scope.first_month, Period(years.start, 1) if years else scope.first_month)
    series = PeriodRange(first, scope.period).months
    rows = ledger.counted(data, scope, projects=False)

    def summed(kind: str, months: list[str]) -> dict[tuple[str, str], int]:
        picked = rows.filter(nw.col("kind") == kind, nw.col("period").is_in(months))
        frame = collect(picked.group_by("period", by).agg(nw.col("amount_ore").sum()))
        return {(period, code): amount for period, code, amount in frame.select("period", by, "amount_ore").rows()}

    outcome = summed("outcome", series)
    budget = summed("budget", scope.period.full_year.months)
    present, planned = (frozenset(period for period, _ in amounts) for amounts in (outcome, budget))
    if scope.part is not None:
        # A part without postings in a month has none there; the month is in the data all the same.
        whole = ledger.counted(data, scope, projects=False, units=scope.delivered)
        year = scope.period.full_year.months
        present = months_present(whole.filter(nw.col("kind") == "outcome"), months=series)
        planned = months_present(whole.filter(nw.col("kind") == "budget"), months=year)
    complete = tuple(year for year in years if set(Period(year, 1).full_year.months) <= present)
    return Monthly(outcome, budget, present, planned, complete)


def followed(amounts: Monthly, line: str, lines: Mapping[str, ReportLine]) -> Pattern:
    """The pattern that a line of FR1 follows: its own, else that of the net result, else twelfths."""
    net = pattern(amounts.history(members(lines, NET).__contains__))
    own = net if line == NET else pattern(amounts.history(members(lines, line).__contains__))
    return own or net or TWELFTHS


def _pattern_notes(scope: Scope, amounts: Monthly) -> list[str]:
    wanted = scope.settings.ledger.seasonal_years
    if not amounts.years:
        return ["Säsongsfördelad budget saknas: inget av de föregående åren finns helt i data."]
    years = " och ".join(str(year) for year in amounts.years)
    notes = [f"Säsongsfördelningen är medelvärdet av månadens andel av årets belopp {years}."]
    notes.append("Enstaka månader med omvänt tecken och engångsposter ingår oförändrade i mönstret.")
    if len(amounts.years) < wanted:
        notes.append(f"Bara {len(amounts.years)} av de {wanted} föregående åren finns helt i data.")
    return notes


def seasonal_budget(data: Data, scope: Scope) -> MeasureTable:
    """Outcome against the budget in twelfths and against the seasonal budget, per line of FR1.

    Formula: seasonal budget = year budget × mean share of the year up to the month (:func:`pattern`). Each line
    follows its own pattern; a line without one follows that of the net result; the net row uses the net's pattern,
    so lines need not add up to it. Unit: kr, deviation = budget − outcome. Columns: report_line,
    report_line_label, level, parent, column, value. Source: 002:570-572.
    """
    found = ledger.parts(data, scope)
    amounts = monthly_amounts(data, scope, by="report_line")
    lines = scope.reference.report_lines
    acc, year = scope.ledger_range.months, scope.period.full_year.months
    net = pattern(amounts.history(members(lines, NET).__contains__))
    followed, records = [], []
    for code, line in lines.items():
        belongs = members(lines, code).__contains__
        own = net if code == NET else pattern(amounts.history(belongs))
        if own is None and amounts.years:
            followed.append(line.label if line.level == 1 else f"{lines[line.parent].label}: {line.label}")
        used = own or net or TWELFTHS
        outcome = sum(amounts.outcome_of(month, belongs) for month in acc)
        held = {"budget", "budget_year"} <= found.held
        budget = sum(amounts.budget_of(month, belongs) for month in acc) if held else None
        whole = sum(amounts.budget_of(month, belongs) for month in year) if held and amounts.years else None
        seasonal = None if whole is None else whole * sum(used.shares[month.month - 1] for month in scope.ledger_range)
        values = {
            "outcome": outcome / ledger.ORE,
            "budget": None if budget is None else budget / ledger.ORE,
            "vs_budget": None if budget is None else (budget - outcome) / ledger.ORE,
            "seasonal": None if seasonal is None else seasonal / ledger.ORE,
            "vs_seasonal": None if seasonal is None else (seasonal - outcome) / ledger.ORE,
        }
        records += [(code, line.label, line.level, line.parent, column, value) for column, value in values.items()]
    spec = TABLES["seasonal_budget"]
    schema = {**dict.fromkeys(spec.keys, pl.String), "level": pl.Int64, "value": pl.Float64}
    notes = [*found.notes_on(("outcome", "budget", "budget_year")), *_pattern_notes(scope, amounts)]
    if amounts.years:
        notes.append(
            "Varje rad följer sitt eget mönster och nettoresultatet sitt; raderna summerar därför inte till det."
        )
    if followed:
        other = "nettoresultatets mönster" if net else "tolftedelar"
        notes.append(f"Utan användbart eget mönster, i stället {other}: {', '.join(followed)}.")
    return finish(
        pl.DataFrame(records, schema=schema, orient="row"),
        spec=spec,
        order={"report_line": list(lines), "column": list(spec.labels)},
        printed=Printed(spec.labels, scope.ledger_range.label, notes),
    )


def _series(  # noqa: PLR0913 - which accounts, and how the table is declared
    table_id: str,
    data: Data,
    scope: Scope,
    *,
    by: str,
    belongs: Callable[[str], bool],
    spec: TableSpec | None = None,
) -> MeasureTable:
    """Outcome of every month, and budget and seasonal budget of the report year's months, in kr."""
    found = ledger.parts(data, scope)
    amounts = monthly_amounts(data, scope, by=by)
    own = pattern(amounts.history(belongs))
    year = scope.period.full_year.months
    held = "budget_year" in found.held
    whole = sum(amounts.budget_of(month, belongs) for month in year)
    records: list[tuple[str, str, float | None]] = []
    for period in PeriodRange(scope.first_month, scope.period):
        month = str(period)
        value = amounts.outcome_of(month, belongs) / ledger.ORE if month in amounts.months else None
        records.append((month, "outcome", value))
    for position, month in enumerate(year):
        budget = amounts.budget_of(month, belongs) / ledger.ORE if month in amounts.budget_months else None
        records.append((month, "budget", budget))
        shares = (own or TWELFTHS).shares
        seasonal = whole * shares[position] / ledger.ORE if held and amounts.years else None
        records.append((month, "seasonal", seasonal))
    # Last year stands among the months, so what is missing of it is seen there.
    notes = [*found.notes_on(("outcome", "budget", "budget_year")), *_pattern_notes(scope, amounts)]
    if own is None and amounts.years:
        notes.append("De föregående åren ger inget användbart mönster; den säsongsfördelade budgeten är tolftedelar.")
    spec = spec or TABLES[table_id]
    return finish(
        pl.DataFrame(records, schema={**dict.fromkeys(spec.keys, pl.String), "value": pl.Float64}, orient="row"),
        spec=spec,
        order={"series": tuple(SERIES)},
        printed=Printed(SERIES, PeriodRange(_first(scope, amounts), scope.period).label, notes),
    )


def _first(scope: Scope, amounts: Monthly) -> Period:
    """The first month of the series that the data hold."""
    shown = [month for month in PeriodRange(scope.first_month, scope.period) if str(month) in amounts.months]
    return shown[0] if shown else scope.period


def net_monthly(data: Data, scope: Scope) -> MeasureTable:
    """Net result per month. Columns: period, series, value (kr). Source: 002:572."""
    return _series("net_monthly", data, scope, by="report_line", belongs=lambda _: True)


def staff_cost_monthly(data: Data, scope: Scope) -> MeasureTable:
    """Cost of staff (class 4) per month. Columns: period, series, value (kr). Source: 002:587."""
    return _series("staff_cost_monthly", data, scope, by="account", belongs=lambda account: account.startswith("4"))


def focus_monthly(table_id: str, data: Data, scope: Scope) -> MeasureTable:
    """The cost of one focus area of the settings per month. Source: 002:649, 662, 675."""
    area = scope.settings.focus_area(table_id.removeprefix(PREFIX).removesuffix(MONTHLY))
    spec = spec_of(table_id, scope.settings.focus)
    return _series(table_id, data, scope, by="account", belongs=lambda account: in_focus(area, account), spec=spec)
