"""Budgets that the outcome does not follow although it is as before: the budget is in the wrong place, or too small.

Looked at where a budget is kept: on the lines of the whole administration, and below it where last year's budgets came
near last year's outcome. Told against the budget in twelfths, unless season hides the gap or makes most of it: then
against the seasonal budget.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.finder import parts, pay
from analytics.finder.axes import NOWHERE, Bools, Floats
from analytics.finder.cube import Cube
from analytics.finder.events import Event, largest, take_out
from analytics.finder.history import expect
from analytics.finder.kinds import is_lasting
from analytics.finder.ledger_cube import LedgerCube
from analytics.finder.looked import Looked, Story, common, finding, persistence
from analytics.finder.model import Comparison, Finding, Kind
from analytics.finder.pay import Hours
from analytics.finder.screening import Window
from analytics.measures.scope import Scope
from analytics.measures.seasonal import TWELFTHS, pattern

YEAR = 12
KEPT = 0.15
"""Below the administration, budgets are kept where they missed the year before by at most so much, in the middle."""
DEGREES = 12.0
MISSES = 0.02
"""A budget is a round figure: it misses by so much of itself without anything being in the wrong place."""
EXAGGERATED = 2.0
"""A gap in twelfths of more than so many times that to the seasonal budget is mostly season."""
HIDDEN = 0.5
"""A gap in twelfths of at most this share of that to the seasonal budget hides most of it."""

AGREES = 0.75
"""Of the gap by the pattern of the line, an account's own pattern must show so much."""


@dataclass(frozen=True)
class Gaps:
    """The same months against both budgets, without what is told already, and where they are looked at."""

    flat: Window
    seasonal: Window | None
    """None where no earlier year is whole."""
    among: Bools
    among_seasonal: Bools


def findings(looked: Looked, hours: Hours | None, *, explained: Floats) -> tuple[list[Finding], Floats]:
    """What deviates from budget beyond what is told already (``explained``: excess of the range that is told).

    And how far each series is above its budget by what is told here (the seasonal one, where there is one).
    ``hours`` part staff cost into price and volume.
    """
    nothing = np.zeros(looked.cube.shape)
    gaps = _gaps(looked, explained)
    if gaps is None:
        return [], nothing
    cube, rules = looked.cube, looked.scope.settings.finder
    measured = gaps.flat if gaps.seasonal is None else gaps.seasonal
    before = measured.excess.copy()
    events = largest(cube, gaps.flat, rules, among=gaps.among)
    found = [_told(looked, gaps.flat, event, "budget", hours) for event in events]
    if gaps.seasonal is None:
        return found, before - measured.excess
    for event in events:
        take_out(cube, {"range": gaps.seasonal}, event)
    left = gaps.seasonal.excess
    untold = (left * before > 0) & (np.abs(left) >= HIDDEN * np.abs(before))
    events = largest(cube, gaps.seasonal, rules, among=gaps.among_seasonal & untold)
    whole = gaps.seasonal.outcome - gaps.seasonal.expected
    found += [
        _told(looked, gaps.seasonal, event, "seasonal", hours)
        for event in events
        if event.excess * whole[event.place] > 0  # what another leaves of it goes the other way
    ]
    return found, before - gaps.seasonal.excess


def _gaps(looked: Looked, explained: Floats) -> Gaps | None:
    """Outcome without what is told, against the budgets of the same months; and where budgets are kept."""
    cube, ledger, scope = looked.cube, looked.ledger, looked.scope
    ranged = looked.windows["range"]
    if ledger.budget is None or len(ranged.months) != scope.period.month:
        return None  # the range reaches into the year before, whose budget is another
    totals = cube.detail.totals(cube.organisation.totals(ledger.budget, 0), 1).astype(np.float64)
    months = scope.period.month
    flat, year = totals[:, :, :months].sum(axis=2), totals.sum(axis=2)
    by_own = year * _shares(cube.series, cube.position(scope.period.full_year.first), months)
    outcome = ranged.outcome - explained
    gaps = np.stack([outcome - flat, outcome - by_own])
    same_way = gaps.prod(axis=0) > 0
    kept, accuracy = _kept(looked, flat)
    missed = np.maximum(accuracy, MISSES) * np.abs(flat)
    scale = np.sqrt(ranged.scale**2 + missed**2)
    found = _window(looked, flat, scale, totals)
    found.excess = np.where(same_way, gaps[0], 0.0)
    found.refresh()
    percent = scope.settings.deviations.percent / 100
    least = cube.least * cube.per_unit
    among = kept & cube.distinct
    large = np.abs(found.excess) >= percent * np.abs(flat)
    shown = (ranged.outcome - flat) * np.sign(found.excess) >= least
    in_twelfths = among & large & shown & (np.abs(gaps[1]) >= least)
    if looked.seasonal is None:
        return Gaps(found, None, in_twelfths, in_twelfths)
    pattern_doubt = 1 + 1 / scope.settings.ledger.seasonal_years
    scale = np.sqrt(pattern_doubt * ranged.scale**2 + missed**2)
    seasonal = _window(looked, looked.seasonal.sum(axis=2), scale, looked.seasonal)
    seasonal.excess = outcome - seasonal.expected
    seasonal.refresh()
    gap = seasonal.excess
    hidden = ~same_way | (np.abs(gaps[0]) <= HIDDEN * np.abs(gap))
    in_any = np.minimum(np.abs(gap), np.abs(gaps[1]))  # by the pattern of the line or its own
    exaggerated = same_way & (np.abs(gaps[0]) > EXAGGERATED * in_any) & (gaps[0] * gap > 0)
    # Accounts follow the pattern of their line; those that have another of their own must show the gap by that too.
    in_season = among & (np.abs(gap) >= percent * np.abs(seasonal.expected)) & (np.abs(gap) >= least)
    in_season &= (gap * gaps[1] > 0) & (np.abs(gaps[1]) >= np.maximum(least, AGREES * np.abs(gap)))
    # A year with a new level in it has no pattern to follow: what history makes of it must show the gap too.
    lasting = outcome - year * expected_shares(looked, months)
    in_season &= (gap * lasting > 0) & (np.abs(lasting) >= least)
    in_season &= (ranged.outcome - seasonal.expected) * np.sign(gap) >= least
    return Gaps(found, seasonal, in_twelfths & ~exaggerated, in_season & (hidden | exaggerated))


def _window(looked: Looked, expected: Floats, scale: Floats, by_month: Floats) -> Window:
    """The months so far against a budget, which also stands by month."""
    cube, ranged = looked.cube, looked.windows["range"]
    span = len(ranged.months)
    steps = cube.series[:, :, len(cube.months) - span :] - by_month[:, :, :span]
    shape = cube.shape
    return Window(
        "range",
        ranged.months,
        ranged.outcome,
        expected,
        scale,
        np.full(shape, np.nan),
        np.full(shape, DEGREES),
        0,
        steps=steps,
    )


def seasonal_budget(ledger: LedgerCube, scope: Scope) -> Floats | None:
    """Organisation × detail × month so far: the year's budget by the pattern of the line, as the reports have it.

    Each line of FR1 follows its own pattern over the administration, accounts that of their line, and a line without
    one that of the net result (``measures/seasonal``). None without a budget, or without a whole year before.
    """
    cube, months = ledger.outcome, scope.period.month
    start = cube.position(scope.period.full_year.first)
    years = [cube.series[0, :, begin : begin + YEAR] for begin in range(start - YEAR, -1, -YEAR)]
    years = years[: scope.settings.ledger.seasonal_years]
    if ledger.budget is None or not years:
        return None
    shares = np.zeros((len(cube.detail.nodes), YEAR))
    for place, node in enumerate(cube.detail.nodes):
        above = int(cube.detail.parent[place])
        line = node.keys.get("report_line")
        if above != NOWHERE and line == cube.detail.nodes[above].keys.get("report_line"):
            shares[place] = shares[above]
        else:
            own = pattern([year[place].tolist() for year in years])
            shares[place] = own.shares if own else shares[0] if above != NOWHERE else TWELFTHS.shares
    totals = cube.detail.totals(cube.organisation.totals(ledger.budget, 0), 1)
    found: Floats = totals.sum(axis=2)[:, :, None] * shares[None, :, :months]
    return found


def expected_shares(looked: Looked, months: int) -> Floats:
    """Of every series, the share of the year that history leads one to expect up to the month."""
    cube = looked.cube
    start = cube.position(looked.scope.period.full_year.first)
    whole = expect(cube.hung, known=start, ahead=list(range(start, start + YEAR))).values
    year = whole.sum(axis=1)
    shares = np.where(year != 0, whole[:, :months].sum(axis=1) / np.where(year != 0, year, 1), months / YEAR)
    found: Floats = shares.reshape(cube.shape)
    return found


def _shares(series: NDArray[np.int64], start: int, months: int) -> Floats:
    """Of every series, the share of the year that comes up to the month, by its own pattern."""
    years = [series[:, :, begin : begin + YEAR] for begin in range(start - YEAR, -1, -YEAR)][:2]
    found = np.full(series.shape[:2], months / YEAR)
    if not years:
        return found
    for place in np.ndindex(*found.shape):
        own = pattern([year[place].tolist() for year in years]) or TWELFTHS
        found[place] = sum(own.shares[:months])
    return found


def lines_of_administration(cube: Cube) -> Bools:
    """Organisation × detail: the lines of FR1 of the whole administration, where budgets and forecasts are decided."""
    found = np.zeros(cube.shape, dtype=bool)
    line = [node.keys.get("report_line") for node in cube.detail.nodes]
    found[0] = [bool(own) and own != line[cube.detail.parent[place]] for place, own in enumerate(line)]
    return found


def _kept(looked: Looked, budgeted: Floats) -> tuple[Bools, Floats]:
    """Where budgets are kept, and how well those of the last whole year were, as a share of the outcome.

    On the report lines of the administration always, for there they are decided; how well they were kept is then no
    excuse. On its accounts if last year's budget came near last year's outcome. Below it if last year's budget of the
    series came near its outcome, and those of the same account or line in the other units of the level did too, then
    and now. ``budgeted``: of the months of the range.
    """
    cube = looked.cube
    end = cube.position(looked.scope.period.full_year.first)
    kept = np.zeros(cube.shape, dtype=bool)
    accuracy = np.zeros(cube.shape)
    kept |= lines_of_administration(cube)
    if end < YEAR:
        return kept, accuracy
    past = slice(end - YEAR, end)
    budget = cube.detail.totals(cube.organisation.totals(looked.ledger.past_budget, 0), 1)[:, :, past].sum(axis=2)
    outcome = cube.series[:, :, past].sum(axis=2)
    missed = np.abs(budget - outcome) / np.maximum(np.abs(outcome), 1)
    used = (outcome != 0) | (budget != 0)
    now = looked.windows["range"].outcome
    missed_now = np.abs(budgeted - now) / np.maximum(np.abs(now), 1)
    # Accounts within a line of the administration, where last year's budget came near.
    below = ~kept[0] & np.array(["report_line" in node.keys for node in cube.detail.nodes])
    kept[0] |= below & (missed[0] <= KEPT) & used[0]
    accuracy[0, below] = missed[0, below]
    levels = [node.level for node in cube.organisation.nodes]
    for level in dict.fromkeys(levels[1:]):
        units = np.array([each == level for each in levels])
        worse = np.maximum(missed[units], missed_now[units])
        middle = np.ma.median(np.ma.masked_array(worse, ~used[units]), axis=0).filled(np.inf)
        kept[units] = (missed[units] <= 2 * KEPT) & (middle <= KEPT)[None, :]
        accuracy[units] = np.where(np.isfinite(middle), middle, 0.0)
    return kept, accuracy


def _told(looked: Looked, window: Window, event: Event, comparison: Comparison, hours: Hours | None) -> Finding:
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
            comparison=comparison,
            kind=kind,
            history=0,
            logp=event.logp,
            persistence=persistence(steps, event.excess),
        ),
    )
    if hours is not None and event.other is None and pay.is_pay(told):
        return pay.explained(told, event.place, cube, looked.windows["range"], hours)
    return told
