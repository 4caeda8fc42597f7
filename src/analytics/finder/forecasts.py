"""The unit's own forecast of the year against the budget, beyond what this year's told deviations explain.

Looked at on the lines of FR1 of the administration, where forecasts are decided; the parts say where below. A forecast
is a decision and not chance: it is found by size.
"""

from __future__ import annotations

from copy import copy

import numpy as np

from analytics.finder import parts
from analytics.finder.axes import Floats
from analytics.finder.budgets import DEGREES, YEAR, lines_of_administration
from analytics.finder.events import Place, largest
from analytics.finder.looked import Looked, Story, evidence, finding
from analytics.finder.model import Finding, Kind
from analytics.finder.screening import Window
from analytics.finder.untold import beyond
from analytics.measures import ledger
from analytics.measures.scope import Data
from analytics.periods import PeriodRange

HALF = 0.5


def findings(looked: Looked, data: Data, *, told: Floats) -> list[Finding]:
    """What the forecast deviates from the year's budget, where no told deviation explains it.

    ``told``: by how much each series is above what it is compared with in what is told of the months so far. It may
    have been foreseen as it is or, if it goes on, in proportion to the year.
    """
    window, gap_so_far = _window(looked)
    if window is None:
        return []
    cube, limits = looked.cube, looked.scope.settings.deviations
    times = YEAR / len(looked.scope.ledger_range)
    whole = window.excess.copy()
    window.excess = beyond(whole, told, times=times)
    window.refresh()
    large = np.abs(whole) >= limits.percent / 100 * np.abs(window.expected)
    large &= np.abs(window.excess) >= HALF * np.abs(whole)  # or it is told already, by and large
    alone = np.abs(beyond(whole, gap_so_far, times=times)) >= HALF * np.abs(whole)
    seen = copy(window)  # what is found is taken out of the window
    found = []
    for event in largest(cube, window, looked.scope.settings.finder, among=lines_of_administration(cube) & large):
        for place in (event.place, *([event.other] if event.other else [])):
            kind: Kind = "forecast_alone" if alone[place] else "lasting"
            found.append(_told(looked, data, seen, place, kind))
    return found


def _window(looked: Looked) -> tuple[Window | None, Floats]:
    """Forecast against budget of the year, and how far the months so far are above the budget for them."""
    cube, held = looked.cube, looked.ledger
    ranged = looked.windows["range"]
    if held.budget is None or held.forecast is None or ranged.months != looked.scope.ledger_range:
        return None, np.zeros(cube.shape)
    budget = cube.detail.totals(cube.organisation.totals(held.budget, 0), 1).astype(np.float64)
    forecast = cube.detail.totals(cube.organisation.totals(held.forecast, 0), 1).astype(np.float64)
    so_far = budget[:, :, : len(ranged.months)] if looked.seasonal is None else looked.seasonal
    window = Window(
        "range",
        looked.scope.period.full_year,
        forecast,
        budget.sum(axis=2),
        ranged.scale,
        np.full(cube.shape, np.nan),
        np.full(cube.shape, DEGREES),
        0,
    )
    return window, ranged.outcome - so_far.sum(axis=2)


def _told(looked: Looked, data: Data, window: Window, place: Place, kind: Kind) -> Finding:
    share = looked.scope.settings.finder.explained_pct / 100
    pieces, _ = parts.pieces(looked.cube, window, place, share)
    lodged = ledger.parts(data, looked.scope).columns["forecast"].months.first
    return finding(
        looked,
        Story(
            place=place,
            places=[place],
            pieces=pieces,
            months=window.months,
            comparison="forecast",
            kind=kind,
            history=0,
            logp=float(window.logp[place]),
            persistence=1,
            so_far=looked.scope.ledger_range,
            evidence=evidence(looked, data, [place], PeriodRange(lodged, lodged), kind="forecast"),
        ),
    )
