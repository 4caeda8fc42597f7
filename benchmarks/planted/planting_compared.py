"""Deviations that one comparison alone shows: the seasonal budget, the forecast, or last year.

What history leads one to expect, and the budget of the months so far, are silent about all of them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from analytics.finder.model import Comparison
from benchmarks.planted.ground import THIS_YEAR, TRIES, Ground, month_at
from benchmarks.planted.ledger import usual_deviation
from benchmarks.planted.planting_staff import more_or_fewer
from benchmarks.planted.staff import PAY_SHARE, pay_of
from benchmarks.planted.world import CENTRES, LAST_YEAR_ENDS, MONTHS, PLACE_OF, REPORT, YEAR, Floats

JANUARY: Final = LAST_YEAR_ENDS
SO_FAR: Final = len(THIS_YEAR)
LONG_AGO: Final = (JANUARY - 9, JANUARY - 6)
"""April to June of last year: after last year's months, and so long ago that it is the level of most of the year."""
MOST_OF_THE_REST: Final = 0.7
MOST_OF_A_LINE: Final = 0.5
MOST_SO_FAR: Final = 0.8
"""Of the declared amount: so little of it has come so far that nothing else tells it."""
KEPT: Final = 0.5
PREVIOUS: Final[frozenset[Comparison]] = frozenset({"previous"})
SEASONAL: Final[frozenset[Comparison]] = frozenset({"seasonal", "forecast"})
FORECAST: Final[frozenset[Comparison]] = frozenset({"forecast"})


def seasonal_budget(ground: Ground, unit: str) -> bool:
    """The budget of the year is too small (or too large) and only the months to come bear it: a saving put off."""
    percent = ground.world.settings.deviations.percent / 100
    for _ in range(TRIES):
        size, leaf, centres = ground.size(), ground.pick(ground.free(unit)), ground.place(unit)
        kr = size * ground.declared_kr([leaf], centres, THIS_YEAR, of_budget=True)
        budget = np.abs(ground.ledger.budget[leaf, -YEAR:, list(centres)])  # cost centre × month
        rest = budget[:, SO_FAR:].sum()
        cut = kr * YEAR / SO_FAR
        # Budgets of a whole administration are looked at by line of FR1.
        beside = _line(ground, leaf) if len(centres) == CENTRES else [leaf]
        looked_at = np.abs(ground.ledger.budget[beside, -YEAR:][:, :, list(centres)].sum())
        if kr < percent * looked_at * SO_FAR / YEAR or cut > MOST_OF_THE_REST * rest:
            continue
        more = -1.0 if ground.rng.random() < 0.75 else 1.0
        sign = more * np.sign(ground.ledger.leaves[leaf].level)
        part: Floats = np.zeros(CENTRES)
        part[list(centres)] = sign * cut / (YEAR - SO_FAR) * budget[:, SO_FAR:].sum(axis=1) / rest
        effects = ground.change_budget(leaf, part, REPORT.year, first=SO_FAR + 1)
        says = f"årets budget {sign * cut:,.0f} kr på {_name(ground, leaf)}, allt efter {REPORT}"
        return ground.add("seasonal_budget", "lasting", unit, size, SEASONAL, effects, says)
    return False


def forecast(ground: Ground, unit: str) -> bool:
    """The unit foresees more (or less) on a line of FR1 than the outcome so far and the budget lead one to believe."""
    percent = ground.world.settings.deviations.percent / 100
    free = _free_lines(ground, unit)
    for _ in range(TRIES):
        size, leaves = ground.size(), ground.pick(free)
        kr = size * ground.declared_kr(leaves, range(CENTRES), THIS_YEAR, of_budget=True)
        budget = ground.ledger.budget[leaves][:, -YEAR:].sum(axis=1)
        if not percent <= kr / np.abs(budget).sum() <= MOST_OF_A_LINE:
            continue
        more = 1.0 if ground.rng.random() < 0.75 else -1.0
        share = budget / np.abs(budget).sum()
        effects = []
        for row, leaf in enumerate(leaves):
            for centre in range(CENTRES):
                amount = float(more * kr * share[row, centre])
                ground.ledger.foreseen.append((leaf, centre, amount))
                effects.append(ground.effect("forecast", leaf, str(REPORT), centre, amount))
        ground.taken.update(leaves)
        says = f"prognosen {more * kr:,.0f} kr på {ground.ledger.leaves[leaves[0]].line}, utfallet som budget"
        return ground.add("forecast", "forecast_alone", unit, size, FORECAST, effects, says)
    return False


def forecast_kept(ground: Ground, unit: str) -> bool:
    """A line of FR1 lies on a new level since January, too little so far to be told, and its forecast is the budget."""
    percent = ground.world.settings.deviations.percent / 100
    free = _free_lines(ground, unit)
    for _ in range(TRIES):
        size, leaves = ground.size(), ground.pick(free)
        budget = ground.ledger.budget[leaves][:, -YEAR:].sum(axis=1)
        usual = ground.ledger.usual[leaves][:, JANUARY:]
        times = np.abs(budget).sum() / np.abs(usual).sum()
        # What the months so far are wrong by is as many times larger in the year; and the pattern that leads from them
        # to it varies as its own years do.
        so_far = usual_deviation(ground.ledger, leaves, range(CENTRES), THIS_YEAR, of_budget=True)
        so_far *= np.sqrt(1 + 1 / ground.world.settings.ledger.seasonal_years)
        kr = size * ground.declared.kr_at(times * so_far)
        share = kr / np.abs(budget).sum()
        if not percent <= share <= MOST_OF_A_LINE or kr / times >= MOST_SO_FAR * ground.declared.kr:
            continue
        ratio = share if ground.rng.random() < 0.75 else -share
        effects = []
        for row, leaf in enumerate(leaves):
            delta: Floats = np.zeros((len(MONTHS), CENTRES))
            delta[JANUARY:] = ratio * usual[row]
            effects += ground.change(leaf, delta)
            rest = ratio * budget[row] - delta.sum(axis=0)
            effects += [
                ground.effect("forecast", leaf, str(REPORT), centre, float(rest[centre])) for centre in range(CENTRES)
            ]
        ground.ledger.as_budgeted.update(leaves)
        line = ground.ledger.leaves[leaves[0]].line
        says = (
            f"{line} × {1 + ratio:.2f} från januari, prognosen som budget; året {ratio * np.abs(budget).sum():,.0f} kr"
        )
        return ground.add("forecast_kept", "forecast_kept", unit, size, FORECAST, effects, says)
    return False


def keep_forecasts(ground: Ground, unit: str) -> None:
    """Every other line of FR1 that nothing is planted in has the budget as its forecast: mostly that is no news."""
    for leaves in _free_lines(ground, unit):
        if ground.rng.random() < KEPT:
            ground.ledger.as_budgeted.update(leaves)


def _free_lines(ground: Ground, unit: str) -> list[list[int]]:
    """The leaves of each line of FR1 of a unit that nothing is planted in."""
    lines: dict[str, list[int]] = {}
    for leaf in ground.leaves_of[unit]:
        lines.setdefault(ground.ledger.leaves[leaf].line, []).append(leaf)
    return [leaves for leaves in lines.values() if not ground.taken & set(leaves)]


def long_lasting(ground: Ground, unit: str) -> bool:
    """One account on a new level since spring of last year, which this year's budget knows of."""
    leaf = ground.pick(ground.free(unit))
    centres = ground.pick([*ground.places(unit, 1), *ground.places(unit, 6) * 6])
    start = int(ground.rng.integers(*LONG_AGO))
    size = ground.size()
    kr = size * ground.declared_kr([leaf], centres, THIS_YEAR, of_last_year=True)
    usual = ground.ledger.usual[leaf][:, list(centres)]
    whole = np.abs(usual[JANUARY:]).sum()
    down = ground.rng.random() < 0.4 and 0.8 * whole > kr
    ratio = (-1.0 if down else 1.0) * kr / max(whole, 1.0)
    delta: Floats = np.zeros((len(MONTHS), CENTRES))
    delta[start:, list(centres)] = (usual * ratio)[start:]
    budget: Floats = np.zeros(CENTRES)
    budget[list(centres)] = ratio * ground.ledger.budget[leaf, -YEAR:, list(centres)].mean(axis=1)
    effects = [*ground.change(leaf, delta), *ground.change_budget(leaf, budget, REPORT.year)]
    ground.ledger.plan[leaf, -YEAR:] += budget
    says = f"{ratio * usual[JANUARY:].sum():,.0f} kr januari–mars på {_name(ground, leaf)} från {month_at(start)}"
    return ground.add("long_lasting", "lasting", unit, size, PREVIOUS, effects, says)


def long_volume(ground: Ground, unit: str) -> bool:
    """More people, or fewer, since spring of last year, which this year's budget knows of."""
    before = pay_of(ground.staff.posts, unit)[JANUARY]
    if not more_or_fewer(ground, unit, "long_volume", starts=LONG_AGO, comparisons=PREVIOUS, years=2):
        return False
    change = pay_of(ground.staff.posts, unit)[JANUARY] - before
    effects = []
    for row in ground.leaves_of[unit]:
        if ground.ledger.leaves[row].is_pay:
            per_krona = ground.ledger.leaves[row].level * YEAR / (PLACE_OF[unit].million * 1e6 * PAY_SHARE)
            ground.ledger.plan[row, -YEAR:] += per_krona * change
            effects += ground.change_budget(row, per_krona * change, REPORT.year)
    told = ground.plants[-1]
    ground.plants[-1] = replace(told, effects=(*told.effects, *effects))
    return True


def _line(ground: Ground, leaf: int) -> list[int]:
    """The leaves of the same line and administration."""
    leaves = ground.ledger.leaves
    return [row for row in ground.leaves_of[leaves[leaf].administration] if leaves[row].line == leaves[leaf].line]


def _name(ground: Ground, leaf: int) -> str:
    about = ground.ledger.leaves[leaf]
    return f"{about.administration}/{about.account}"
