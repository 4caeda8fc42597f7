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
from analytics.periods import Period, PeriodRange

NO_FORECAST = "ingen"
NOTE = (
    "Nettoresultatet utan projektansvar, prognos efter varje månad. Minustecken betyder för låg kostnad eller för hög "
    "intäkt. "
    "Ju fler månader som är kända, desto mindre återstår att beräkna och desto mindre bör missen bli. Medel är "
    "missarnas genomsnittliga storlek."
)


def forecast_accuracy(data: Data, scope: Scope) -> MeasureTable:
    """The miss of each computed method on the net after January … November of every earlier year in the data.

    Columns: test (method and year), test_label, column (m01 … m11, mean), text (why there is no figure), value (per
    cent of the size of the outcome; forecast − outcome, so minus is too low; mean is of the sizes). Source: domain
    rules section 5.
    """
    ledger.parts(data, scope)
    past, within = history(data, scope), limits(scope)
    years = past.of(leaves(scope, NET))
    records: list[tuple[str, str, str, str | None, float | None]] = []
    for method, name in METHODS.items():
        for year in years_to_try(past.whole, method):
            trials = [case(years, method, year=year, month=month, within=within) for month in range(1, MONTHS)]
            key = (f"{method}-{year}", f"{name}, år {year}")
            records += [(*key, f"m{month:02d}", *_cell(trial)) for month, trial in enumerate(trials, start=1)]
            records.append((*key, "mean", *_mean(trials)))
    return table_of(TABLES["forecast_accuracy"], records, period_label=_label(past.whole), notes=[NOTE])


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
