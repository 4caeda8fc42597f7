"""How the miss of each method on the net shrinks as the year goes: trials after every month of every earlier year."""

from __future__ import annotations

from analytics.measures import ledger
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.forecast.backtest import Case, case, years_to_try
from analytics.measures.forecast.history import PERCENT, history, leaves, limits
from analytics.measures.forecast.methods import METHODS
from analytics.measures.forecast.rows import table_of
from analytics.measures.report_form import NET
from analytics.measures.scope import Data, Scope
from analytics.measures.seasonal import MONTHS
from analytics.periods import MONTH_NAMES, Period, PeriodRange

NO_FORECAST = "ingen prognos"
NOTE = (
    "Nettoresultatet utan projektansvar. Minustecken betyder att metoden räknade för lågt. Ju fler månader som är "
    "kända, desto mindre återstår att beräkna och desto mindre bör missen bli."
)


def forecast_accuracy(data: Data, scope: Scope) -> MeasureTable:
    """The miss of each computed method on the net after January … November of every earlier year in the data.

    Columns: after (m01 … m11; empty for the mean), after_label, row_type, column (method and year), text (why there is
    no figure), value (per cent of the size of the outcome; forecast − outcome, so minus is too low; in the last row
    the mean of the sizes). Source: domain rules section 5.
    """
    ledger.parts(data, scope)
    past, within = history(data, scope), limits(scope)
    years = past.of(leaves(scope, NET))
    tried = {
        f"{method}-{year}": [case(years, method, year=year, month=month, within=within) for month in range(1, MONTHS)]
        for method in METHODS
        for year in years_to_try(past.whole, method)
    }
    records: list[tuple[str, str, str, str, str | None, float | None]] = []
    for place in range(MONTHS - 1):
        for column, trials in tried.items():
            key = (f"m{place + 1:02d}", f"Efter {MONTH_NAMES[place]}", "row", column)
            records.append((*key, *_cell(trials[place])))
    for column, trials in tried.items():
        records.append(("", "Genomsnittlig miss, utan tecken", "total", column, *_mean(trials)))
    headings = {
        f"{method}-{year}": f"{name} {year}"
        for method, name in METHODS.items()
        for year in years_to_try(past.whole, method)
    }
    found = table_of(
        TABLES["forecast_accuracy"],
        records,
        period_label=_label(past.whole),
        notes=[NOTE],
    )
    return MeasureTable(found.spec, found.frame, headings, found.period_label, found.notes)


def _label(whole: tuple[int, ...]) -> str:
    if not whole:
        return "inget helt år i data"
    return PeriodRange(Period(whole[0], 1), Period(whole[-1], 12)).label


def _cell(trial: Case | None) -> tuple[str | None, float | None]:
    if trial is None or trial.relative is None:
        return NO_FORECAST, None
    return None, trial.relative * PERCENT


def _mean(trials: list[Case | None]) -> tuple[str | None, float | None]:
    """Mean of the sizes of the misses; none where a trial gave no forecast, which would flatter the method."""
    shares = [trial.relative for trial in trials if trial is not None and trial.relative is not None]
    if len(shares) < len(trials):
        return NO_FORECAST, None
    return None, sum(map(abs, shares)) / len(shares) * PERCENT
