"""Deviations of the ledger alone: one-offs, new levels, timing, budgets and moves between accounts and units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from analytics.finder.model import Comparison, Kind
from benchmarks.planted.ground import ALL, PLANNED, THIS_YEAR, TRIES, Ground, month_at
from benchmarks.planted.ledger import Timing
from benchmarks.planted.world import CENTRES, CENTRES_OF, LAST_YEAR_ENDS, MONTHS, YEAR, Floats

JANUARY: Final = LAST_YEAR_ENDS
MARCH: Final = len(MONTHS) - 1
MONTH_ALONE: Final[frozenset[Comparison]] = frozenset({"expected"})
LEAST_SPREAD: Final = 3
"""A spread deviation is on at least so many accounts, and on every cost centre."""
CARRY: Final = 0.8
"""And no two of its accounts have so much of it."""
Cell = tuple[int, tuple[int, ...]]
"""A leaf and some cost centres."""
NEAR: Final = (0.7, 1.4)
"""How near a drawn size an existing amount must be (a month that is missing has the size it has)."""


def one_off(ground: Ground, unit: str) -> bool:
    """One posting of one account and cost centre."""
    leaf, centre = ground.pick(ground.free(unit)), int(ground.rng.integers(CENTRES))
    month = int(ground.rng.choice(THIS_YEAR))
    size = ground.size()
    sign = -1.0 if ground.rng.random() < 0.25 else 1.0
    kr = sign * size * ground.declared_kr([leaf], [centre], [month])
    ground.ledger.one_offs.append((leaf, month, centre, kr))
    ground.taken.add(leaf)
    effect = ground.effect("ledger", leaf, str(month_at(month)), centre, kr)
    return ground.add("one_off", "one_off", unit, size, ALL, [effect], f"{kr:,.0f} kr på {_name(ground, leaf)}")


def lasting(ground: Ground, unit: str) -> bool:
    """One account on a new level, at one cost centre or on all."""
    leaf = ground.pick(ground.free(unit))
    centres = ground.pick([*ground.places(unit, 1), *ground.places(unit, 6) * 6])
    start = int(ground.rng.integers(JANUARY - 4, JANUARY + 1))
    size = ground.size()
    kr = size * ground.declared_kr([leaf], centres, THIS_YEAR)
    monthly = np.abs(ground.ledger.usual[leaf][:, list(centres)])
    down = ground.rng.random() < 0.4 and 0.8 * monthly[JANUARY:].sum() > kr
    sign = (-1.0 if down else 1.0) * (-1.0 if ground.ledger.leaves[leaf].level < 0 else 1.0)
    delta: Floats = np.zeros((len(MONTHS), CENTRES))
    share = monthly / max(monthly[JANUARY:].sum(), 1.0)
    delta[start:, list(centres)] = (sign * kr * share)[start:]
    effects = ground.change(leaf, delta)
    says = f"{sign * kr:,.0f} kr januari–mars på {_name(ground, leaf)} från {month_at(start)}"
    return ground.add("lasting", "lasting", unit, size, ALL, effects, says)


def spread(ground: Ground, unit: str) -> bool:
    """Many accounts of a line on all cost centres, each a little."""
    lines: dict[str, list[int]] = {}
    for leaf in ground.free(unit):
        lines.setdefault(ground.ledger.leaves[leaf].line, []).append(leaf)
    wide = [leaves for leaves in lines.values() if len(_accounts(ground, leaves)) >= LEAST_SPREAD]
    if not wide:
        return False
    leaves = ground.pick(wide)
    size = ground.size()
    kr = size * ground.declared_kr(leaves, range(CENTRES), THIS_YEAR)
    if kr > np.abs(ground.ledger.usual[leaves][:, JANUARY:]).sum():
        return False
    # As much on a small account as on a large one, within reason: none of them may carry it.
    weights = np.abs(ground.ledger.usual[leaves].sum(axis=2)).mean(axis=1) ** 0.5 * ground.rng.uniform(
        0.7, 1.3, len(leaves)
    )
    weights /= weights.sum()
    if _of_two(ground, leaves, weights) >= CARRY:
        return False  # two accounts carry it: that is not spread
    effects = []
    for leaf, weight in zip(leaves, weights, strict=True):
        sign = np.sign(ground.ledger.leaves[leaf].level)
        parts = np.abs(ground.ledger.usual[leaf][JANUARY:]) * ground.rng.uniform(0.6, 1.4, (len(THIS_YEAR), CENTRES))
        delta: Floats = np.zeros((len(MONTHS), CENTRES))
        delta[JANUARY:] = sign * kr * weight * parts / parts.sum()
        effects += ground.change(leaf, delta)
    says = f"{kr:,.0f} kr på {len(_accounts(ground, leaves))} konton i {ground.ledger.leaves[leaves[0]].line}"
    return ground.add("spread", "spread", unit, size, ALL, effects, says)


def _accounts(ground: Ground, leaves: Sequence[int]) -> set[str]:
    return {ground.ledger.leaves[leaf].account for leaf in leaves}


def _of_two(ground: Ground, leaves: Sequence[int], weights: Floats) -> float:
    """The share of the two accounts that have most of it."""
    shares = dict.fromkeys(_accounts(ground, leaves), 0.0)
    for leaf, weight in zip(leaves, weights, strict=True):
        shares[ground.ledger.leaves[leaf].account] += float(weight)
    return sum(sorted(shares.values())[-2:])


def _nearest(ground: Ground, candidates: dict[Cell, float]) -> Cell | None:
    """One of the cells whose size (in multiples of the declared size) is near a drawn one, or else the nearest."""
    if not candidates:
        return None
    size = ground.size()
    near = [cell for cell, actual in candidates.items() if size * NEAR[0] <= actual <= size * NEAR[1]]
    return ground.pick(near) if near else min(candidates, key=lambda cell: abs(np.log(candidates[cell] / size)))


def _timed(ground: Ground, unit: str, kind: Kind, month: int, to: int | None) -> bool:
    """Postings of an existing cell that came otherwise; the cell is drawn near a drawn size."""
    places = [place for count in (1, 2, CENTRES) for place in ground.places(unit, count)]
    candidates = {
        (leaf, place): abs(float(ground.ledger.outcome[leaf, month, list(place)].sum()))
        / ground.declared_kr([leaf], place, [month])
        for leaf in ground.free(unit)
        for place in places
        if ground.ledger.outcome[leaf, month, list(place)].all()
    }
    cell = _nearest(ground, candidates)
    if cell is None:
        return False
    leaf, centres = cell
    amounts = ground.ledger.outcome[leaf, month, list(centres)]
    ground.ledger.timings.append(Timing(leaf, centres, month, to))
    ground.taken.add(leaf)
    at, effects = str(month_at(month)), []
    for centre, amount in zip(centres, amounts, strict=True):
        if to != month:
            effects.append(ground.effect("ledger", leaf, at, centre, -float(amount)))
        if to is not None:
            effects.append(ground.effect("ledger", leaf, str(month_at(to)), centre, float(amount)))
    within = to is not None and to != month and min(month, to) >= JANUARY
    kr, came = float(amounts.sum()), "aldrig" if to is None else str(month_at(to))
    says = f"{kr:,.0f} kr på {_name(ground, leaf)}, {len(centres)} ansvar, {at} → {came}"
    comparisons = MONTH_ALONE if within else ALL
    return ground.add(kind, kind, unit, candidates[cell], comparisons, effects, says)


def missing(ground: Ground, unit: str) -> bool:
    """A month's postings have not come."""
    return _timed(ground, unit, "missing", int(ground.rng.choice(THIS_YEAR)), None)


def doubled(ground: Ground, unit: str) -> bool:
    """A month's postings came twice, the same amounts."""
    month = int(ground.rng.choice(THIS_YEAR))
    return _timed(ground, unit, "doubled", month, month)


def late(ground: Ground, unit: str) -> bool:
    """A month's postings came in the month after: over the year's end, or in the report month."""
    month = ground.pick((JANUARY - 1, MARCH - 1))
    return _timed(ground, unit, "late", month, month + 1)


def early(ground: Ground, unit: str) -> bool:
    """A month's postings came in the month before: over the year's end, or out of the report month."""
    month = ground.pick((JANUARY, MARCH))
    return _timed(ground, unit, "early", month, month - 1)


def misplaced_budget(ground: Ground, unit: str) -> bool:
    """The year's budget stands on another account, or on another line, than the cost."""
    size = ground.size()
    for _ in range(TRIES):
        source, target = (ground.pick(ground.free(unit)) for _ in range(2))
        if source == target or ground.ledger.leaves[source].level < 0 or ground.ledger.leaves[target].level < 0:
            continue
        centres = ground.place(unit)
        kr = size * max(ground.declared_kr([leaf], centres, THIS_YEAR, of_budget=True) for leaf in (source, target))
        budget = ground.ledger.budget[source, -YEAR:, list(centres)].mean(axis=1)
        monthly = kr / len(THIS_YEAR)
        if monthly > 0.9 * budget.sum():
            continue
        part: Floats = np.zeros(CENTRES)
        part[list(centres)] = monthly * budget / budget.sum()
        year = month_at(JANUARY).year
        effects = ground.change_budget(source, -part, year) + ground.change_budget(target, part, year)
        says = f"budget {kr:,.0f} kr januari–mars på {_name(ground, target)} i stället för {_name(ground, source)}"
        return ground.add("misplaced_budget", "misplaced_budget", unit, size, PLANNED, effects, says)
    return False


def moved_account(ground: Ground, unit: str) -> bool:
    """What was posted on one account is posted on another from a month on."""
    size = ground.size()
    for _ in range(TRIES):
        source, target = (ground.pick(ground.free(unit)) for _ in range(2))
        leaves = ground.ledger.leaves
        if source == target or leaves[source].level * leaves[target].level < 0:
            continue
        centres = ground.place(unit)
        start = int(ground.rng.integers(JANUARY - 2, JANUARY + 2))
        months = [month for month in THIS_YEAR if month >= start]
        kr = size * max(ground.declared_kr([leaf], centres, months) for leaf in (source, target))
        posted = abs(float(ground.ledger.outcome[source][np.ix_(months, centres)].sum()))
        if posted < kr or posted > 4 * kr:
            continue
        delta: Floats = np.zeros((len(MONTHS), CENTRES))
        delta[start:, list(centres)] = ground.ledger.outcome[source][start:, list(centres)] * kr / posted
        effects = ground.change(source, -delta) + ground.change(target, delta)
        says = f"{kr:,.0f} kr från {_name(ground, source)} till {_name(ground, target)} från {month_at(start)}"
        return ground.add("moved_account", "moved_account", unit, size, ALL, effects, says)
    return False


def moved_unit(ground: Ground, unit: str) -> bool:
    """An account's postings of one base unit are posted on another from a month on."""
    start = int(ground.rng.integers(JANUARY - 2, JANUARY + 1))
    base_units = ground.places(unit, 2)
    source, target = (base_units[int(number)] for number in ground.rng.permutation(len(base_units))[:2])
    candidates = {
        (leaf, source): abs(float(ground.ledger.outcome[leaf][np.ix_(THIS_YEAR, source)].sum()))
        / max(ground.declared_kr([leaf], centres, THIS_YEAR) for centres in (source, target))
        for leaf in ground.free(unit)
        if ground.ledger.outcome[leaf][np.ix_(THIS_YEAR, source)].all()
    }
    cell = _nearest(ground, candidates)
    if cell is None:
        return False
    leaf, _ = cell
    delta: Floats = np.zeros((len(MONTHS), CENTRES))
    amounts = ground.ledger.outcome[leaf][start:, list(source)]
    delta[start:, list(source)], delta[start:, list(target)] = -amounts, amounts
    effects = ground.change(leaf, delta)
    codes = [CENTRES_OF[unit][centres[0]][0] for centres in (source, target)]
    kr = float(delta[JANUARY:, list(target)].sum())
    says = f"{kr:,.0f} kr på {_name(ground, leaf)} från {codes[0]} till {codes[1]} från {month_at(start)}"
    return ground.add("moved_unit", "moved_unit", unit, candidates[cell], ALL, effects, says)


def _name(ground: Ground, leaf: int) -> str:
    about = ground.ledger.leaves[leaf]
    return f"{about.administration}/{about.account}"
