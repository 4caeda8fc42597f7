"""Trials of the computed methods on earlier years, and the interval that follows from their misses."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.measures import ledger
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.forecast.full_year import computed, line_name, own_forecast
from analytics.measures.forecast.history import History, first_level, history, leaves, limits
from analytics.measures.forecast.methods import METHODS, YEARS_NEEDED, Limits, Years, compute
from analytics.measures.forecast.rows import table_of
from analytics.measures.report_form import TOTAL_INCOME
from analytics.measures.scope import Data, Scope
from analytics.measures.seasonal import MONTHS
from analytics.periods import MONTH_NAMES

WINDOW = 3
YEAR_OVER = "året är slut"
"""Why there is nothing to forecast after December."""
ALL_ON = "; alla gav"
"""Stands between the number of trials and the side that they all missed on."""
DUST = 1e-9


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
    side: str = ""
    """In which direction all trials missed, if all did; then the forecast itself lies outside the bounds."""

    @property
    def basis(self) -> str:
        """What the interval rests on, or why there is none."""
        if self.low is None or self.high is None:
            return f"inget intervall: {self.reason}"
        return f"{self.cases} prov, {len(self.years)} år{f'{ALL_ON} {self.side}' if self.side else ''}"


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
    return Interval(min(bounds), max(bounds), len(trials), years, side=_side(trials))


def _side(trials: list[Case]) -> str:
    """On which side of the outcome every trial was, in words; empty if they were on both or met it."""
    misses = [trial.relative or 0.0 for trial in trials]
    what = "kostnad" if trials[0].outcome > 0 else "intäkt"
    if min(misses) > DUST:
        return f"för {'hög' if what == 'kostnad' else 'låg'} {what}"
    if max(misses) < -DUST:
        return f"för {'låg' if what == 'kostnad' else 'hög'} {what}"
    return ""


def line_interval(past: History, scope: Scope, code: str) -> Interval:
    """The interval around the preferred method for one line, from trials after the months of :func:`window`."""
    chosen = scope.settings.forecast
    method = chosen.preferred
    if not window(past.month):
        return Interval(None, None, 0, (), YEAR_OVER)
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


def forecast_interval(data: Data, scope: Scope) -> MeasureTable:
    """An interval around the preferred computed forecast, with the number of trials that it rests on.

    Columns: report_line (first level), column (own, forecast, low, high, basis), text, value (kr). ``low`` and ``high``
    are null where there are fewer trials than declared, and ``basis`` says why.
    """
    own = own_forecast(data, scope, ledger.parts(data, scope))
    past, lines = history(data, scope), scope.reference.report_lines
    method = scope.settings.forecast.preferred
    records: list[tuple[str, str, int, str, str, str | None, float | None]] = []
    for code in first_level(scope, without=(TOTAL_INCOME,)):
        forecast, _ = computed(past, scope, code, method)
        found = line_interval(past, scope, code)
        key = (code, line_name(lines, code), 1, "")
        bounds = [None if bound is None else bound / ledger.ORE for bound in (found.low, found.high)]
        records += [
            (*key, "own", None, ledger.kronor(own[code]["forecast"])),
            (*key, "forecast", None, forecast),
            (*key, "low", None, bounds[0]),
            (*key, "high", None, bounds[1]),
            (*key, "basis", found.basis, None),
        ]
    notes = interval_notes(scope, years_to_try(past.whole, method))
    if any(ALL_ON in (text or "") for *_, text, _ in records):
        notes.append("Där alla prov slog fel åt samma håll ligger prognosen själv utanför intervallet.")
    return table_of(TABLES["forecast_interval"], records, period_label=scope.period.full_year.label, notes=notes)


def interval_notes(scope: Scope, years: tuple[int, ...]) -> list[str]:
    """What the interval is and what it rests on, in words."""
    chosen, months = scope.settings.forecast, window(scope.period.month)
    name = METHODS[chosen.preferred].lower()
    if not months:
        return [f"{YEAR_OVER.capitalize()}: det finns inget kvar att beräkna, och därför inget intervall."]
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
