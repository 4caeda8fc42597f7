"""Two plain methods on the same data, as people use them: a threshold, and a z-score, as findings of the same form.

Both look at every report line and account (and worked årsarbetare by personnel group) at every level of organisation.
They know nothing of causes, so the kind is ``spread`` and there are no parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from analytics.finder.model import Comparison, Evidence, Finding
from analytics.measures.scope import Data, Scope
from analytics.periods import PeriodRange
from benchmarks.planted.ground import staff_cells
from benchmarks.planted.model import Declared
from benchmarks.planted.scoring import HOURS_PER_YEAR
from benchmarks.planted.staff import Staff

LEVELS: Final = ("administration", "base_unit", "cost_centre")
GRAINS: Final = ("report_line", "account")
LEAST_Z: Final = 3.0
LEAST_MONTHS: Final = 12


def threshold(data: Data, scope: Scope) -> tuple[Finding, ...]:
    """January to the report month against budget and last year: at least the declared amount and the percentage.

    As ``measures/deviations`` does for the report lines of the whole unit: both limits must be reached.
    """
    declared, percent = Declared.of(scope.settings), scope.settings.deviations.percent
    found = []
    months = scope.ledger_range
    sums = _ledger(data, scope).filter(pl.col("period").is_in([*months.months, *months.previous_year.months]))
    for keys, series in _series(sums, GRAINS):
        outcome = sum(series.get(("outcome", month), 0) for month in months.months) / 100
        budget = sum(series.get(("budget", month), 0) for month in months.months) / 100
        previous = sum(series.get(("outcome", month), 0) for month in months.previous_year.months) / 100
        against: tuple[tuple[Comparison, float], ...] = (("budget", budget), ("previous", previous))
        for comparison, expected in against:
            if abs(expected - outcome) >= declared.kr and abs(expected - outcome) >= percent / 100 * abs(expected):
                found.append(_finding(keys, "kr", months, comparison, outcome, expected, expected - outcome))
    months = scope.staff_range
    for keys, series in _series(_worked(data, scope), ("personnel_group",)):
        hours = HOURS_PER_YEAR / 12 * len(months)
        outcome = sum(series.get(("worked", month), 0) for month in months.months) / 100 / hours
        previous = sum(series.get(("worked", month), 0) for month in months.previous_year.months) / 100 / hours
        change = outcome - previous
        if abs(change) >= declared.fte and abs(change) >= percent / 100 * abs(previous):
            found.append(_finding(keys, "årsarbetare", months, "previous", outcome, previous, change))
    return _ranked(found, [abs(item.deviation) * (1 if item.unit == "kr" else 150_000) for item in found])


def z_score(data: Data, scope: Scope) -> tuple[Finding, ...]:
    """The report month against the mean of all months before it: more than three standard deviations, and the size."""
    declared = Declared.of(scope.settings)
    found, weights = [], []
    month = PeriodRange(scope.period, scope.period)
    history = PeriodRange(scope.first_month, scope.period.plus(-1)).months
    staff_month = PeriodRange(scope.staff_range.last, scope.staff_range.last)
    staff_history = PeriodRange(scope.first_month, staff_month.last.plus(-1)).months
    plans = (
        (_ledger(data, scope), GRAINS, "kr", month, history, 100.0, declared.kr),
        (_worked(data, scope), ("personnel_group",), "årsarbetare", staff_month, staff_history, 0.0, declared.fte),
    )
    for cells, grains, unit, now, before, per_unit, least in plans:
        kind = "outcome" if unit == "kr" else "worked"
        scale = per_unit or 100 * HOURS_PER_YEAR / 12
        for keys, series in _series(cells, grains):
            values = [series[kind, each] / scale for each in before if (kind, each) in series]
            if len(values) < LEAST_MONTHS:
                continue
            outcome = series.get((kind, str(now.last)), 0) / scale
            mean = sum(values) / len(values)
            sd = (sum((value - mean) ** 2 for value in values) / (len(values) - 1)) ** 0.5
            deviation = (mean - outcome) if unit == "kr" else (outcome - mean)
            if abs(deviation) >= least and sd > 0 and abs(deviation) / sd > LEAST_Z:
                found.append(_finding(keys, unit, now, "expected", outcome, mean, deviation, history=len(values)))
                weights.append(abs(deviation) / sd)
    return _ranked(found, weights)


Series = Mapping[tuple[str, str], int]


def _ledger(data: Data, scope: Scope) -> pl.DataFrame:
    """Öre per kind, month and finest cell of the unit."""
    rows = data.ledger.filter(
        pl.col("administration") == scope.unit,
        pl.col("period_kind").is_in(["month", "closing"]),
        pl.col("kind").is_in(["outcome", "budget"]),
        ~pl.col("is_project"),
    )
    cells: pl.DataFrame = (
        rows.group_by("kind", "period", *LEVELS, *GRAINS).agg(pl.col("amount_ore").sum().alias("amount")).collect()
    )
    return cells


def _worked(data: Data, scope: Scope) -> pl.DataFrame:
    """Hundredths of worked hours per month and finest cell of the unit."""
    people = Staff(data.employments.collect(), data.time.collect(), data.absence.collect(), pl.DataFrame())
    cells = staff_cells(people)
    mine = cells.filter(pl.col("family") == "worked", pl.col("administration") == scope.unit)
    return mine.rename({"family": "kind", "hours": "amount"})


def _series(cells: pl.DataFrame, grains: Sequence[str]) -> Iterator[tuple[dict[str, str], Series]]:
    """Keys and amounts of every series: each level of organisation by each grain."""
    for depth in range(1, len(LEVELS) + 1):
        for grain in grains:
            columns = [*LEVELS[:depth], grain]
            summed = cells.group_by(*columns, "kind", "period").agg(pl.col("amount").sum()).sort(*columns)
            for key, rows in summed.group_by(columns, maintain_order=True):
                keys = dict(zip(columns, map(str, key), strict=True))
                yield keys, {(kind, month): amount for *_, kind, month, amount in rows.rows()}


def _finding(  # noqa: PLR0913, PLR0917 - the fields of a finding
    keys: Mapping[str, str],
    unit: str,
    months: PeriodRange,
    comparison: Comparison,
    outcome: float,
    expected: float,
    deviation: float,
    *,
    history: int = 0,
) -> Finding:
    return Finding(
        id="-".join([comparison, *keys.values()]),
        measure="fr1_outcome" if unit == "kr" else "worked_fte",
        unit=unit,
        keys=keys,
        labels=keys,
        months=months,
        comparison=comparison,
        outcome=outcome,
        expected=expected,
        deviation=deviation,
        kind="spread",
        parts=(),
        history=history,
        p_value=1.0,
        persistence=1,
        rank=0,
        evidence=Evidence(
            table="ledger" if unit == "kr" else "time",
            keys={key: (code,) for key, code in keys.items()},
            months=months,
            rows=0,
        ),
        also={},
    )


def _ranked(found: Sequence[Finding], weights: Sequence[float]) -> tuple[Finding, ...]:
    order = sorted(range(len(found)), key=lambda at: (-weights[at], found[at].id))
    return tuple(replace(found[at], rank=rank) for rank, at in enumerate(order, start=1))
