"""Budgets that the outcome does not follow although it is as before: the budget is in the wrong place, or too small.

Looked at where a budget is kept: on the lines of the whole administration, and below it where last year's budgets came
near last year's outcome.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analytics.finder import parts, pay
from analytics.finder.axes import Bools, Floats
from analytics.finder.kinds import is_lasting
from analytics.finder.looked import Looked, Story, common, finding, persistence
from analytics.finder.model import Finding, Kind
from analytics.finder.pay import Hours
from analytics.finder.screening import Window
from analytics.finder.search import Event, largest
from analytics.measures.seasonal import TWELFTHS, pattern

YEAR = 12
KEPT = 0.15
"""Below the administration, budgets are kept where they missed the year before by at most so much, in the middle."""
DEGREES = 12.0
MISSES = 0.02
"""A budget is a round figure: it misses by so much of itself without anything being in the wrong place."""


def findings(looked: Looked, hours: Hours | None, *, explained: Floats) -> list[Finding]:
    """What deviates from budget beyond what is told already (``explained``: excess of the range that is told).

    ``hours`` part staff cost into price and volume.
    """
    window = _window(looked, explained)
    if window is None:
        return []
    budget, kept = window
    found = largest(looked.cube, budget, looked.scope.settings.finder, among=kept)
    return [_told(looked, budget, event, hours) for event in found]


def _window(looked: Looked, explained: Floats) -> tuple[Window, Bools] | None:
    """Outcome without what is told, against the budget of the same months; and where budgets are kept."""
    cube, ledger, scope = looked.cube, looked.ledger, looked.scope
    ranged = looked.windows["range"]
    if ledger.budget is None or len(ranged.months) != scope.period.month:
        return None  # the range reaches into the year before, whose budget is another
    totals = cube.detail.totals(cube.organisation.totals(ledger.budget, 0), 1).astype(np.float64)
    months = scope.period.month
    flat, year = totals[:, :, :months].sum(axis=2), totals.sum(axis=2)
    seasonal = year * _shares(cube.series, cube.position(scope.period.full_year.first), months)
    outcome = ranged.outcome - explained
    gaps = np.stack([outcome - flat, outcome - seasonal])
    same_way = gaps.prod(axis=0) > 0
    gap = np.where(same_way, gaps[0], 0.0)
    kept, accuracy = _kept(looked, flat)
    scale = np.sqrt(ranged.scale**2 + (np.maximum(accuracy, MISSES) * np.abs(flat)) ** 2)
    found = Window(
        "range",
        ranged.months,
        ranged.outcome,
        flat,
        scale,
        np.full(cube.shape, np.nan),
        np.full(cube.shape, DEGREES),
        0,
        steps=_steps(looked, totals),
    )
    found.excess = gap
    found.refresh()
    limits = scope.settings.deviations
    large = np.abs(gap) >= limits.percent / 100 * np.abs(flat)
    least = cube.least * cube.per_unit
    beyond_season = np.abs(gaps[1]) >= least
    shown = (ranged.outcome - flat) * np.sign(gap) >= least
    return found, kept & large & beyond_season & shown & cube.distinct


def _shares(series: NDArray[np.int64], start: int, months: int) -> Floats:
    """Of every series, the share of the year that comes up to the month, as the seasonal budget has it."""
    years = [series[:, :, begin : begin + YEAR] for begin in range(start - YEAR, -1, -YEAR)][:2]
    found = np.full(series.shape[:2], months / YEAR)
    if not years:
        return found
    for place in np.ndindex(*found.shape):
        own = pattern([year[place].tolist() for year in years]) or TWELFTHS
        found[place] = sum(own.shares[:months])
    return found


def _kept(looked: Looked, budgeted: Floats) -> tuple[Bools, Floats]:
    """Where budgets are kept, and how well those of the last whole year were, as a share of the outcome.

    On the report lines of the administration always, for there they are decided; how well they were kept is then no
    excuse. Elsewhere if last year's budget of the series came near its outcome, and those of the same account or line
    in the other units of the level did too, then and now. ``budgeted``: of the months of the range.
    """
    cube = looked.cube
    end = cube.position(looked.scope.period.full_year.first)
    kept = np.zeros(cube.shape, dtype=bool)
    accuracy = np.zeros(cube.shape)
    nodes, parent = cube.detail.nodes, cube.detail.parent
    line = [node.keys.get("report_line") for node in nodes]
    kept[0] = [bool(own) and own != line[parent[place]] for place, own in enumerate(line)]
    if end < YEAR:
        return kept, accuracy
    past = slice(end - YEAR, end)
    budget = cube.detail.totals(cube.organisation.totals(looked.ledger.past_budget, 0), 1)[:, :, past].sum(axis=2)
    outcome = cube.series[:, :, past].sum(axis=2)
    missed = np.abs(budget - outcome) / np.maximum(np.abs(outcome), 1)
    used = (outcome != 0) | (budget != 0)
    now = looked.windows["range"].outcome
    missed_now = np.abs(budgeted - now) / np.maximum(np.abs(now), 1)
    levels = [node.level for node in cube.organisation.nodes]
    for level in dict.fromkeys(levels[1:]):
        units = np.array([each == level for each in levels])
        worse = np.maximum(missed[units], missed_now[units])
        middle = np.ma.median(np.ma.masked_array(worse, ~used[units]), axis=0).filled(np.inf)
        kept[units] = (missed[units] <= 2 * KEPT) & (middle <= KEPT)[None, :]
        accuracy[units] = np.where(np.isfinite(middle), middle, 0.0)
    return kept, accuracy


def _steps(looked: Looked, budget: Floats) -> Floats:
    """Excess over budget of every month of the range."""
    cube, months = looked.cube, looked.scope.period.month
    last = len(cube.months)
    steps: Floats = cube.series[:, :, last - months : last] - budget[:, :, :months]
    return steps


def _told(looked: Looked, window: Window, event: Event, hours: Hours | None) -> Finding:
    cube = looked.cube
    steps = () if window.steps is None else tuple(window.steps[event.place].tolist())
    if event.other is not None:
        sides = [parts.piece(window, place) for place in (event.place, event.other)]
        kind: Kind = "misplaced_budget"
        place, places = common(cube, event.place, event.other), [event.place, event.other]
    else:
        share = looked.scope.settings.finder.explained_pct / 100
        sides, spread = parts.pieces(cube, window, event.place, share)
        kind = "lasting" if is_lasting(steps) and not spread else "spread"
        place, places = event.place, [event.place]
    told = finding(
        looked,
        Story(
            place=place,
            places=places,
            pieces=sides,
            months=window.months,
            comparison="budget",
            kind=kind,
            history=0,
            logp=event.logp,
            persistence=persistence(steps, event.excess),
        ),
    )
    if hours is not None and event.other is None and pay.is_pay(told):
        return pay.explained(told, event.place, cube, looked.windows["range"], hours)
    return told
