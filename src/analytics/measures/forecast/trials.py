"""The table of trials: what each method, and the unit itself, said after the same month of earlier years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import narwhals as nw

from analytics import swedish
from analytics.measures import ledger
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.forecast.backtest import YEAR_OVER, Case, case, window, years_to_try
from analytics.measures.forecast.history import PERCENT, History, first_level, history, leaves, limits
from analytics.measures.forecast.methods import METHODS, YEARS_NEEDED
from analytics.measures.forecast.rows import table_of
from analytics.measures.report_form import TOTAL_INCOME
from analytics.measures.scope import Data, Scope, collect
from analytics.periods import MONTH_NAMES, Period, PeriodRange

OWN = "own"
NOTHING_LEFT = f"{YEAR_OVER.capitalize()}: det finns inget kvar att beräkna, och därför inget att pröva."
_NUMBERS = {1: "ett helt", 2: "två hela"}

Row = tuple[str, str, int, str, str, str, str, str | None, float | None]


@dataclass(frozen=True, slots=True)
class Given:
    """The unit's own forecast of an earlier year: the month it was made after, and öre per report line."""

    month: int
    amounts: Mapping[str, int]


def own_forecasts(data: Data, scope: Scope, years: tuple[int, ...]) -> dict[int, Given]:
    """The latest forecast that the unit had made up to the report month of each year, without project cost centres.

    A year in which none was made by then is not there. A line without a posting in it is forecast as zero.
    """
    wanted = [
        month for year in years for month in PeriodRange(Period(year, 1), Period(year, scope.period.month)).months
    ]
    rows = ledger.counted(data, scope, projects=False).filter(
        nw.col("kind") == "forecast", nw.col("period").is_in(wanted)
    )
    frame = collect(rows.group_by("period", "report_line").agg(nw.col("amount_ore").sum()))
    found: dict[Period, dict[str, int]] = {}
    for text, line, ore in frame.select("period", "report_line", "amount_ore").rows():
        found.setdefault(Period.parse(text), {})[line] = ore
    # Later months of a year come last and replace the earlier ones.
    return {month.year: Given(month.month, found[month]) for month in sorted(found)}


def forecast_backtest(data: Data, scope: Scope) -> MeasureTable:
    """What was, or would have been, said after the same month of every earlier whole year, against what it became.

    Columns: report_line (first level), test (year and method; ``own`` is the unit's own forecast as it was given),
    column (forecast, outcome, miss, miss_pct), text, value (kr; miss = forecast − outcome; the per cent is in words, of
    the size of the outcome). No rows after December, when nothing is left to forecast. Source: domain rules section 5.
    """
    ledger.parts(data, scope)
    spec, month = TABLES["forecast_backtest"], MONTH_NAMES[scope.period.month - 1]
    label = f"prov efter {month}"
    if not window(scope.period.month):
        return table_of(spec, [], period_label=label, notes=[NOTHING_LEFT])
    past, lines = history(data, scope), scope.reference.report_lines
    own = own_forecasts(data, scope, past.whole)
    records: list[Row] = []
    for code in first_level(scope, without=(TOTAL_INCOME,)):
        for test, name, tried, outcome in _tried(past, scope, code, own):
            key = (code, lines[code].label, 1, "", test, name)
            records += [(*key, *cell) for cell in _cells(tried, outcome)]
    return table_of(spec, records, period_label=label, notes=[*_own_notes(own, scope), *_years_notes(past, month)])


def _tried(
    past: History, scope: Scope, code: str, own: Mapping[int, Given]
) -> Iterator[tuple[str, str, Case | None, int]]:
    """Each trial of a line: its code and name, the trial itself, and the outcome of the year (öre)."""
    wanted = leaves(scope, code)
    years = past.of(wanted)
    for year, given in own.items():
        outcome = sum(years[year])
        forecast = sum(ore for line, ore in given.amounts.items() if line in wanted)
        yield f"{OWN}-{year}", f"Egen prognos, år {year}", Case(year, given.month, forecast, outcome), outcome
    for method, name in METHODS.items():
        for year in years_to_try(past.whole, method):
            tried = case(years, method, year=year, month=past.month, within=limits(scope))
            yield f"{method}-{year}", f"{name}, år {year}", tried, sum(years[year])


def _own_notes(own: Mapping[int, Given], scope: Scope) -> list[str]:
    """From which month the unit's own forecasts are, where it is not the report month."""
    notes = ["Egen prognos är den som förvaltningen då hade lämnat."] if own else []
    earlier = [
        f"{MONTH_NAMES[given.month - 1]} {year}" for year, given in own.items() if given.month != scope.period.month
    ]
    return [*notes, *([f"Den senaste var då från {' och '.join(earlier)}."] if earlier else [])]


def _years_notes(past: History, month: str) -> list[str]:
    notes = []
    for method, name in METHODS.items():
        years = years_to_try(past.whole, method)
        if years:
            words = "år" if len(years) == 1 else "år i data"
            notes.append(f"{name} är provad efter {month} på {len(years)} {words}: {', '.join(map(str, years))}.")
        else:
            needed = _NUMBERS.get(YEARS_NEEDED[method], "något")
            notes.append(f"{name} kan inte provas: inget helt år i data har {needed} år före sig.")
    return notes


def _cells(tried: Case | None, outcome: int) -> list[tuple[str, str | None, float | None]]:
    if tried is None:
        return [
            ("forecast", "ingen prognos", None),
            ("outcome", None, outcome / ledger.ORE),
            ("miss", None, None),
            ("miss_pct", None, None),
        ]
    share = tried.relative
    return [
        ("forecast", None, tried.forecast / ledger.ORE),
        ("outcome", None, outcome / ledger.ORE),
        ("miss", None, tried.miss / ledger.ORE),
        ("miss_pct", None if share is None else swedish.percent(share * PERCENT, 1), None),
    ]
