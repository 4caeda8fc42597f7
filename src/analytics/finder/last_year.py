"""The same months last year, where neither history nor budget tells the difference: what has become the level.

History knows a level that has lasted for most of a year, so only last year still shows it. The difference is judged by
the noise of both years, after the ordinary growth of the year. A single month that stood out last year is told as that;
a longer stretch of last year that was odd by itself is not told: it says nothing of this year.
"""

from __future__ import annotations

import numpy as np

from analytics.finder import parts, pay
from analytics.finder.axes import NOWHERE, Floats
from analytics.finder.cube import Cube
from analytics.finder.events import Event, Place, events
from analytics.finder.history import MEDIAN_COST, MOST_GROWTH, YEAR, Expectation, expect
from analytics.finder.kinds import LEAST_OF_MEAN, NOTHING, ONE_MONTH, is_lasting, move
from analytics.finder.looked import Looked, Story, common, evidence, finding
from analytics.finder.model import Evidence, Finding, Kind
from analytics.finder.pay import Hours
from analytics.finder.screening import Window
from analytics.finder.untold import beyond
from analytics.measures.scope import Data
from analytics.periods import PeriodRange
from analytics.settings import Finder

HALF = 0.5
"""Of the difference, so much at least must be new, and so much of it in last year's months makes it theirs."""

GROWTH_DOUBT = 0.02
"""Doubt about how much a series has grown in a year, as a share of what is expected."""


def findings(looked: Looked, data: Data, hours: Hours | None, *, explained: Floats, planned: Floats) -> list[Finding]:
    """What differs from the same months last year beyond what is told.

    ``explained``: excess of the range over what history leads one to expect that is told; ``planned``: that over the
    budget. ``hours`` part staff cost into price and volume.
    """
    cube = looked.cube
    window = against(cube, looked.windows["range"], explained=explained, planned=planned)
    if window is None:
        return []
    before = _hours(hours)
    found = []
    for event in unexplained(cube, window, looked.scope.settings.finder):
        told = _told(looked, data, window, event)
        if before is not None and event.other is None and pay.is_pay(told):
            told = pay.explained(told, event.place, cube, window, before)
        found.append(told)
    return found


def _hours(hours: Hours | None) -> Hours | None:
    """Paid time against that of last year."""
    if hours is None:
        return None
    nothing = np.zeros(hours.cube.shape)
    window = against(hours.cube, hours.window, explained=nothing, planned=nothing)
    return None if window is None else Hours(hours.cube, window)


def against(cube: Cube, ranged: Window, *, explained: Floats, planned: Floats) -> Window | None:
    """The range against the same months last year; None where these are not in the data.

    ``steps`` are those of up to twelve months back, each against its month of the year before, as far as data reach.
    """
    span = len(ranged.months)
    start = cube.position(ranged.months.first)
    if start < YEAR:
        return None
    before = cube.series[:, :, start - YEAR : start - YEAR + span].sum(axis=2).astype(np.float64)
    growth = _growth(cube, ranged.expected, before)
    back = min(YEAR, len(cube.months) - YEAR)
    last = len(cube.months)
    # Months of last year compared with those before it have grown as much.
    steps = (
        cube.series[:, :, last - back :] - growth[None, :, None] * cube.series[:, :, last - back - YEAR : last - YEAR]
    )
    then = _then(cube, start - YEAR, span)
    scale = _scale(cube, ranged, then)
    window = Window(
        "range",
        ranged.months,
        ranged.outcome,
        before,
        scale,
        np.full(cube.shape, np.nan),
        ranged.degrees,
        0,
        steps=steps,
    )
    window.excess = beyond(ranged.outcome - explained - growth[None, :] * before, planned)
    window.refresh()
    return window


def unexplained(cube: Cube, window: Window, rules: Finder) -> list[Event]:
    """Events against last year that are mostly untold and not odd months of last year alone."""
    found = events(cube, {"range": window}, rules)
    then = _then(cube, cube.position(window.months.first) - YEAR, len(window.months)) if found else None
    odd = None if then is None else window.expected - then.values.sum(axis=1).reshape(cube.shape)
    kept = []
    for event in found:
        places = [event.place, *([event.other] if event.other else [])]
        whole = sum(abs(float(window.outcome[place] - window.expected[place])) for place in places)
        new = abs(event.excess) + abs(event.other_excess)
        if new < HALF * whole:
            continue
        if month_of(window, event) is None and odd is not None and -odd[event.place] / event.excess >= HALF:
            continue
        kept.append(event)
    return kept


def month_of(window: Window, event: Event) -> int | None:
    """The month of the range (from 0) that carries the difference alone, if one does."""
    steps = steps_of(window, event.place)[-len(window.months) :]
    carrying = [place for place, step in enumerate(steps) if step / event.excess >= ONE_MONTH]
    return carrying[0] if carrying and len(steps) > 1 else None


def steps_of(window: Window, place: Place) -> list[float]:
    """Of each month, the last one last, how far it is above its month of the year before."""
    return [] if window.steps is None else [float(step) for step in window.steps[place]]


def persistence(window: Window, event: Event) -> int:
    """Months in a row, ending with the last, that are above (or below) last year's by about as much."""
    steps = steps_of(window, event.place)
    usual = LEAST_OF_MEAN * event.excess / len(window.months)
    count = 0
    for step in reversed(steps):
        if step / usual < 1:
            break
        count += 1
    return max(count, 1)


def _growth(cube: Cube, expected: Floats, before: Floats) -> Floats:
    """Of every detail node, the growth of the year that is ordinary: that of all cost, or of all income."""
    count = len(cube.detail.nodes)
    found = np.ones(count)
    for place in range(count):
        top = place
        while not cube.averaged and cube.detail.parent[top] not in (NOWHERE, 0):
            top = int(cube.detail.parent[top])
        top = 0 if cube.averaged else top
        if before[0, top]:
            found[place] = np.clip(expected[0, top] / before[0, top], 1 - MOST_GROWTH, 1 + MOST_GROWTH)
    return found


def _scale(cube: Cube, ranged: Window, then: Expectation | None) -> Floats:
    """The noise of both ranges, and the doubt about a year's growth.

    A new level within the months of history looks like noise to it, so the noise is that seen a year ago if that is
    less.
    """
    span = len(ranged.months)
    growth = (GROWTH_DOUBT * ranged.expected) ** 2
    months = 1.0 if cube.averaged else float(span)
    noise = ranged.scale**2 / (1 + months * MEDIAN_COST / YEAR)  # without the doubt about the level that history has
    if then is not None:
        earlier = then.noise[:, 0].reshape(cube.shape) ** 2 * (span**2 if cube.averaged else span)
        noise = np.minimum(noise, earlier)
    found: Floats = np.sqrt(2 * noise + growth)
    return found


def _then(cube: Cube, start: int, span: int) -> Expectation | None:
    """What the months before last year's range led one to expect of it; None if they are too few."""
    if start < YEAR:
        return None
    return expect(cube.hung, known=start, ahead=list(range(start, start + span)))


def _told(looked: Looked, data: Data, window: Window, event: Event) -> Finding:
    cube = looked.cube
    place, places = event.place, [event.place]
    month = month_of(window, event)
    shown: Evidence | None = None
    if event.other is not None:
        pieces = [parts.piece(window, each) for each in (event.place, event.other)]
        place, places = common(cube, event.place, event.other), [event.place, event.other]
        kind = move(cube, event, window)
    else:
        pieces, spread = parts.pieces(cube, window, event.place, looked.scope.settings.finder.explained_pct / 100)
        kind = "spread" if spread or not is_lasting(steps_of(window, event.place)) else "lasting"
        if month is not None:
            kind, then = _of_month(cube, window, event, month)
            shown = evidence(looked, data, places, then)
    return finding(
        looked,
        Story(
            place=place,
            places=places,
            pieces=pieces,
            months=window.months,
            comparison="previous",
            kind=kind,
            history=0,
            logp=event.logp,
            persistence=persistence(window, event),
            evidence=shown,
        ),
    )


def _of_month(cube: Cube, window: Window, event: Event, month: int) -> tuple[Kind, PeriodRange]:
    """What a single month of last year was, and that month."""
    now = cube.position(window.months.first) + month
    outcome, then = (abs(float(cube.series[(*event.place, at)])) for at in (now, now - YEAR))
    of_last_year = window.months.first.plus(month - YEAR)
    kind: Kind = "missing" if then <= NOTHING * outcome else "one_off"
    return kind, PeriodRange(of_last_year, of_last_year)
