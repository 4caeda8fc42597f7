"""The computed methods tried on earlier years: how far they would have missed, and the interval that follows."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analytics import swedish
from analytics.measures import ledger
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.forecast.full_year import computed, line_name, own_forecast
from analytics.measures.forecast.history import PERCENT, History, first_level, history, leaves, limits
from analytics.measures.forecast.methods import METHODS, YEARS_NEEDED, Limits, Years, compute
from analytics.measures.report_form import TOTAL_INCOME
from analytics.measures.scope import Data, Scope
from analytics.measures.seasonal import MONTHS
from analytics.periods import MONTH_NAMES

WINDOW = 3


@dataclass(frozen=True, slots=True)
class Case:
    """One trial: what a method would have said after a month of an earlier year, and what the year became (öre)."""

    year: int
    month: int
    forecast: float
    outcome: int

    @property
    def miss(self) -> float:
        """Forecast − outcome: positive where the method said a higher cost (or a lower income) than it became."""
        return self.forecast - self.outcome

    @property
    def relative(self) -> float | None:
        """The miss as a share of the size of the outcome; None of a year of zero."""
        return self.miss / abs(self.outcome) if self.outcome else None


def years_to_try(whole: tuple[int, ...], method: str) -> tuple[int, ...]:
    """The whole years in the data that have the whole years before them that the method needs."""
    held = set(whole)
    return tuple(y for y in whole if all(y - back in held for back in range(1, YEARS_NEEDED[method] + 1)))


def case(years: Years, method: str, *, year: int, month: int, within: Limits) -> Case | None:
    """One trial, or None where the method would have given no figure. Only what was known that month is used."""
    known = {y: months for y, months in years.items() if y <= year}
    found = compute(method, known, year=year, month=month, limits=within)
    return None if found.ore is None else Case(year, month, found.ore, sum(years[year]))


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds in öre for the outcome of the year, and the trials that they rest on; None where there are too few."""

    low: float | None
    high: float | None
    cases: int
    years: tuple[int, ...]
    reason: str = ""


def window(month: int) -> range:
    """The three months around a month, within January–November: trials that know about as much of their year.

    After December nothing is left to forecast, so there are none.
    """
    if month >= MONTHS:
        return range(0)
    first = min(max(month - 1, 1), MONTHS - WINDOW)
    return range(first, first + WINDOW)


def interval(forecast: float | None, trials: list[Case], *, least_cases: int, least_years: int) -> Interval:
    """The outcomes that the forecast would have led to, had it missed as in the trials: their range.

    Formula: outcome = forecast / (1 + e), e the trial's forecast / outcome − 1, so the bounds are forecast × (the
    smallest and largest of outcome / forecast). Trials in which one is zero or of the other sign than the other give
    no ratio, and then there is no interval at all: leaving them out would make it too narrow.
    """
    years = tuple(sorted({trial.year for trial in trials}))
    if forecast is None:
        return Interval(None, None, len(trials), years, "prognosen kan inte beräknas")
    if len(trials) < least_cases:
        return Interval(None, None, len(trials), years, "för få prov")
    if len(years) < least_years:
        return Interval(None, None, len(trials), years, f"prov bara från {len(years)} år")
    if any(trial.forecast * trial.outcome <= 0 for trial in trials):
        return Interval(None, None, len(trials), years, "prov med omvänt tecken eller noll")
    bounds = [forecast * trial.outcome / trial.forecast for trial in trials]
    return Interval(min(bounds), max(bounds), len(trials), years)


def line_interval(past: History, scope: Scope, code: str) -> Interval:
    """The interval around the preferred method for one line, from trials after the months of :func:`window`."""
    chosen = scope.settings.forecast
    method = chosen.preferred
    if not window(past.month):
        return Interval(None, None, 0, (), "året är slut")
    years, within = past.of(leaves(scope, code)), limits(scope)
    tried = [
        case(years, method, year=year, month=month, within=within)
        for year in years_to_try(past.whole, method)
        for month in window(past.month)
    ]
    value, _ = computed(past, scope, code, method)
    trials = [trial for trial in tried if trial is not None]
    if len(trials) < len(tried):
        years_tried = tuple(sorted({trial.year for trial in trials}))
        return Interval(None, None, len(trials), years_tried, "metoden ger ingen prognos i alla prov")
    forecast = None if value is None else value * ledger.ORE
    return interval(forecast, trials, least_cases=chosen.least_cases, least_years=chosen.least_years)


def _years_note(past: History, scope: Scope) -> list[str]:
    month = MONTH_NAMES[scope.period.month - 1]
    notes = []
    for method, name in METHODS.items():
        years = years_to_try(past.whole, method)
        if years:
            words = "år" if len(years) == 1 else "år i data"
            notes.append(f"{name} är provad efter {month} på {len(years)} {words}: {', '.join(map(str, years))}.")
        else:
            needed = YEARS_NEEDED[method]
            notes.append(f"{name} kan inte provas: inget helt år i data har {needed} hela år före sig.")
    return notes


def forecast_backtest(data: Data, scope: Scope) -> MeasureTable:
    """The computed methods after the same month of every earlier year that the data allow, against what it became.

    Columns: report_line (first level), test (year and method), column (forecast, outcome, miss, miss_pct), text,
    value (kr; miss = forecast − outcome; the per cent is in words, of the size of the outcome). Source: domain rules
    section 5.
    """
    ledger.parts(data, scope)
    past, lines = history(data, scope), scope.reference.report_lines
    within = limits(scope)
    records: list[tuple[str, str, int, str, str, str, str, str | None, float | None]] = []
    for code in first_level(scope, without=(TOTAL_INCOME,)):
        years = past.of(leaves(scope, code))
        for method, name in METHODS.items():
            for year in years_to_try(past.whole, method):
                tried = case(years, method, year=year, month=past.month, within=within)
                key = (code, lines[code].label, 1, "", f"{method}-{year}", f"{name}, år {year}")
                records += [(*key, *cell) for cell in _cells(tried, sum(years[year]))]
    spec = TABLES["forecast_backtest"]
    schema = {**dict.fromkeys(spec.keys, pl.String), "text": pl.String, "value": pl.Float64, "level": pl.Int64}
    return MeasureTable(
        spec,
        pl.DataFrame(records, schema={key: schema[key] for key in (*spec.keys, "text", "value")}, orient="row"),
        dict(spec.labels),
        f"prov efter {MONTH_NAMES[scope.period.month - 1]}",
        tuple(_years_note(past, scope)),
    )


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


def forecast_interval(data: Data, scope: Scope) -> MeasureTable:
    """An interval around the preferred computed forecast, with the number of trials that it rests on.

    Columns: report_line (first level), column (own, forecast, low, high, basis), text, value (kr). ``low`` and ``high``
    are null where there are fewer trials than declared, and ``basis`` says why.
    """
    own = own_forecast(data, scope, ledger.parts(data, scope))
    past, lines = history(data, scope), scope.reference.report_lines
    chosen = scope.settings.forecast
    outside: list[str] = []
    records: list[tuple[str, str, int, str, str, str | None, float | None]] = []
    for code in first_level(scope, without=(TOTAL_INCOME,)):
        forecast, _ = computed(past, scope, code, chosen.preferred)
        found = line_interval(past, scope, code)
        key = (code, line_name(lines, code), 1, "")
        bounds = [None if bound is None else bound / ledger.ORE for bound in (found.low, found.high)]
        basis = f"{found.cases} prov, {len(found.years)} år"
        if found.low is None or found.high is None or forecast is None:
            basis = f"inget intervall: {found.reason}"
        elif not found.low <= forecast * ledger.ORE <= found.high:
            outside.append(line_name(lines, code))
        records += [
            (*key, "own", None, ledger.kronor(own[code]["forecast"])),
            (*key, "forecast", None, forecast),
            (*key, "low", None, bounds[0]),
            (*key, "high", None, bounds[1]),
            (*key, "basis", basis, None),
        ]
    spec = TABLES["forecast_interval"]
    schema = {**dict.fromkeys((*spec.keys, "text"), pl.String), "level": pl.Int64, "value": pl.Float64}
    notes = interval_notes(scope, years_to_try(past.whole, chosen.preferred))
    if outside:
        notes.append(
            f"För {', '.join(outside)} slog metoden fel åt samma håll i alla prov; därför ligger prognosen själv "
            "utanför intervallet."
        )
    return MeasureTable(
        spec,
        pl.DataFrame(records, schema=schema, orient="row"),
        dict(spec.labels),
        scope.period.full_year.label,
        tuple(notes),
    )


def interval_notes(scope: Scope, years: tuple[int, ...]) -> list[str]:
    """What the interval is and what it rests on, in words."""
    chosen, months = scope.settings.forecast, window(scope.period.month)
    name = METHODS[chosen.preferred].lower()
    if not months:
        return ["Året är slut: det finns inget kvar att beräkna, och därför inget intervall."]
    if not years:
        return [f"Inget intervall: {name} kan inte provas på något tidigare år i data."]
    named = [MONTH_NAMES[month - 1] for month in months]
    meaning = (
        f"Intervallet visar vad helåret blir om prognosen ({name}) slår lika fel, i procent, som när metoden provades "
        f"efter {', '.join(named[:-1])} och {named[-1]} {' och '.join(map(str, years))}."
    )
    caution = (
        "Det är spannet mellan det lägsta och det högsta provet, inte ett sannolikhetsmått: proven är få och de inom "
        "ett år hänger ihop, så utfallet kan hamna utanför."
    )
    limit = (
        f"Intervall ges inte med färre än {chosen.least_cases} prov eller prov från färre än {chosen.least_years} år."
    )
    return [meaning, caution, limit]
