"""Forecasts of the year that say the budget while the outcome so far leads clearly elsewhere.

Looked at on the lines of FR1 of the administration, as forecasts are. The outcome leads to the budget of the year and
what the months so far are above (or below) the seasonal budget, in proportion to the year. What is told as over (a
one-off, a posting in another month) leads nowhere, and neither does a single month.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace

import numpy as np

from analytics import swedish
from analytics.finder import parts
from analytics.finder.axes import NOWHERE, Bools, Floats
from analytics.finder.budgets import DEGREES, YEAR, expected_shares, lines_of_administration
from analytics.finder.cube import Cube
from analytics.finder.events import Event, Place, largest, shared
from analytics.finder.history import expect
from analytics.finder.kinds import is_lasting
from analytics.finder.looked import Looked, Story, evidence, finding, persistence
from analytics.finder.model import Finding, Kind
from analytics.finder.screening import Window, range_scale, two_sided
from analytics.measures.ledger import ORE
from analytics.measures.scope import Data
from analytics.periods import PeriodRange

OVER: frozenset[Kind] = frozenset({"one_off", "late", "early", "doubled", "missing"})
"""Kinds of what is told of some months and does not go on."""
SAME = 0.05
"""A forecast is the budget if it differs by at most this share of what the outcome leads to, and is not large."""
HALF = 0.5
MILLION = 1_000_000
LEFT_OUT = "det som är tillfälligt eller bokfört i en annan månad är inte inräknat"


@dataclass(frozen=True)
class _Leads:
    """Where the outcome leads (the year), how far each month is from the seasonal budget, and where that is shown."""

    window: Window
    steps: Floats
    """Organisation × detail × month so far, without what is over."""
    among: Bools


def over(looked: Looked, told: Sequence[tuple[Event, Kind]]) -> Floats:
    """Organisation × detail × month so far: the excess of what is told of these months and is over."""
    cube, ranged = looked.cube, looked.windows["range"]
    found = np.zeros((*cube.shape, len(ranged.months)))
    if ranged.steps is None:
        return found
    for event, kind in told:
        if kind not in OVER or event.other is not None:
            continue
        left = ranged.steps - found  # what another event of the same series has taken already
        for month in range(found.shape[2]):
            found[:, :, month] += shared(cube, left[:, :, month], event.place)
    return found


def findings(
    looked: Looked, data: Data, of_budget: Sequence[Finding], *, is_over: Floats, planned: Floats
) -> tuple[list[Finding], list[Finding]]:
    """Lines whose forecast is the budget though the outcome leads elsewhere; and the findings of budgets.

    Where a finding of the budget (``of_budget``; ``planned``: by how much each series is above it there) tells the same
    line already, it says so itself, in its note.
    """
    leads = _leads(looked, is_over)
    if leads is None:
        return [], list(of_budget)
    cube, window = looked.cube, leads.window
    so_far = leads.steps.sum(axis=2)
    known = (planned * so_far > 0) & (np.abs(planned) >= HALF * np.abs(so_far))
    noted = _noted(cube, window, of_budget, among=leads.among & known)
    before = replace(leads, window=copy(window))  # what is found is taken out of the window
    events = largest(cube, window, looked.scope.settings.finder, among=leads.among & ~known)
    places = [place for event in events for place in (event.place, event.other) if place is not None]
    found = [_told(looked, data, before, place, left_out=bool(is_over[place].any())) for place in places]
    return found, noted


def _leads(looked: Looked, is_over: Floats) -> _Leads | None:
    """None without budget and forecast of the year, a year before it, or a second month."""
    cube, held, ranged = looked.cube, looked.ledger, looked.windows["range"]
    seasonal, span = looked.seasonal, len(ranged.months)
    if held.budget is None or held.forecast is None or seasonal is None:
        return None
    if ranged.months != looked.scope.ledger_range or span < 2:
        return None
    rules = looked.scope.settings
    totals = cube.detail.totals(cube.organisation.totals(held.budget, 0), 1).astype(np.float64)
    budget = totals.sum(axis=2)
    forecast = cube.detail.totals(cube.organisation.totals(held.forecast, 0), 1).astype(np.float64)
    times = 1 / np.clip(_shares(cube, seasonal, budget), 1 / YEAR, 1.0)
    steps = cube.series[:, :, len(cube.months) - span :] - is_over - seasonal
    gap = steps.sum(axis=2)
    least = np.maximum(rules.deviations.percent / 100 * np.abs(budget), cube.least * cube.per_unit)
    excess = np.abs(gap * times)
    # A new level of last year hides in the seasonal pattern: what history makes of the year must show it too.
    by_history = ranged.outcome - is_over.sum(axis=2) - budget * expected_shares(looked, span)
    among = lines_of_administration(cube) & (excess >= least)
    among &= (by_history * gap > 0) & (np.abs(by_history * times) >= least)
    among &= np.abs(forecast - budget) <= np.minimum(SAME * excess, cube.least * cube.per_unit)
    for place in zip(*np.nonzero(among), strict=True):
        among[place] = is_lasting(steps[place].tolist())
    if not among.any():
        return None
    window = Window(
        "range",
        looked.scope.period.full_year,
        budget + gap * times,
        budget,
        _scale(cube, ranged.months, pattern_doubt=1 / rules.ledger.seasonal_years) * times,
        np.full(cube.shape, np.nan),
        np.full(cube.shape, DEGREES),
        0,
    )
    among &= window.logp <= two_sided(np.full(cube.shape, rules.finder.noise), window.degrees)
    return _Leads(window, steps, among)


def _scale(cube: Cube, months: PeriodRange, *, pattern_doubt: float) -> Floats:
    """The usual deviation of the months so far.

    It is never less than a tenth of the declared size, which is here of the year: the months so far have a part of it.
    """
    series, start = cube.hung, cube.position(months.first)
    span = len(months)
    part = replace(series, floor=series.floor * np.sqrt(span) / YEAR)
    whole = expect(part, known=start, ahead=list(range(start, start + span)))
    found: Floats = np.sqrt(1 + pattern_doubt) * range_scale(whole, span, together=cube.averaged).reshape(cube.shape)
    return found


def _shares(cube: Cube, seasonal: Floats, budget: Floats) -> Floats:
    """Detail: the share of the year that the seasonal budget has so far; accounts have that of their line."""
    whole = budget[0]
    own = np.divide(seasonal[0].sum(axis=1), whole, out=np.full(len(whole), np.nan), where=whole != 0)
    for place, node in enumerate(cube.detail.nodes):
        above = int(cube.detail.parent[place])
        same = above != NOWHERE and node.keys.get("report_line") == cube.detail.nodes[above].keys.get("report_line")
        if same or (np.isnan(own[place]) and above != NOWHERE):
            own[place] = own[above]
    found: Floats = np.where(np.isnan(own), seasonal.shape[2] / YEAR, own)
    return found


def _noted(cube: Cube, window: Window, of_budget: Sequence[Finding], *, among: Bools) -> list[Finding]:
    """The findings of budgets, those of a line whose forecast is the budget with a word on that."""
    notes = {}
    for place in zip(*np.nonzero(among), strict=True):
        line = cube.detail.nodes[int(place[1])].keys["report_line"]
        notes[line] = _note(window, (int(place[0]), int(place[1])))
    noted = []
    for each in of_budget:
        note = notes.pop(each.keys.get("report_line", ""), "") if not each.note else ""
        noted.append(replace(each, note=note) if note else each)
    return noted


def _note(window: Window, place: Place) -> str:
    excess = float(window.excess[place]) / ORE
    # Of income, negative in the tables, less is more.
    more = "mer" if (excess > 0) == (float(window.expected[place]) > 0) else "mindre"
    size = abs(excess)
    much = swedish.millions(size) if size >= MILLION else swedish.thousands(size)
    return f"prognosen för helåret är densamma som budgeten, men utfallet hittills leder till {much} {more} än så"


def _told(looked: Looked, data: Data, leads: _Leads, place: Place, *, left_out: bool) -> Finding:
    months = looked.scope.ledger_range
    pieces, _ = parts.pieces(looked.cube, leads.window, place, looked.scope.settings.finder.explained_pct / 100)
    steps = leads.steps[place].tolist()
    told = finding(
        looked,
        Story(
            place=place,
            places=[place],
            pieces=pieces,
            months=leads.window.months,
            comparison="forecast",
            kind="forecast_kept",
            history=0,
            logp=float(leads.window.logp[place]),
            persistence=persistence(steps, float(sum(steps))),
            so_far=months,
            evidence=evidence(looked, data, [place], months),
        ),
    )
    return replace(told, note=LEFT_OUT) if left_out else told
