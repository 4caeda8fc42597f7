"""From unlikely series to events: the strongest is placed where it happened, taken out of everything, and so on.

One event shows in every series that holds it. So the least likely series is followed down to the smallest that carries
it, its whole is taken out of all series above, below and across, and what is left is looked at anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.finder.axes import NOWHERE, Bools, Floats
from analytics.finder.cube import Cube
from analytics.finder.screening import Stretch, Window, limit, two_sided
from analytics.settings import Finder

Place = tuple[int, int]
"""Organisation node, detail node."""

MOST = 40
CARRIES = 0.8
TOO_MUCH = 1.3
"""A smaller series carries a deviation if it has from 80 to 130 per cent of it."""
AS_UNLIKELY = 0.6
"""And if it is itself at least so unlikely, in logarithms."""
AGAINST = (0.75, 1.33)
"""An opposite deviation is the other side of a move if it is of about the same size."""
WIDER = 1.25
AS_MUCH = 0.7
FURTHER_UP = 0.85
"""A series above is told instead if it deviates by so much more, and by nearly as much for its size; if it is not
directly above, by as good as as much."""
HALF = 0.5
NEARLY = 0.9
LIKELY_OTHER = float(np.log(0.005))
AGAINST_CERTAIN = (0.6, 1.67)
CERTAIN_OTHER = float(np.log(1e-4))
"""Less alike in size will do where the opposite deviation is certain by itself."""


@dataclass(frozen=True)
class Event:
    """One thing that happened: where, over which stretch, how much, and where the opposite happened, if anywhere."""

    place: Place
    stretch: Stretch
    excess: float
    logp: float
    other: Place | None
    other_excess: float
    before: float
    """Excess of the month before, where the month alone is looked at."""
    before_logp: float
    after: float = 0.0
    """Excess of the month after, where an earlier month of the range is looked at."""
    after_logp: float = 0.0


def events(cube: Cube, seen: Mapping[Stretch, Window], rules: Finder) -> list[Event]:
    """All events of a cube, least likely first. The windows are changed: what is explained is taken out of them."""
    found: list[Event] = []
    among = cube.distinct
    while len(found) < MOST:
        allowed = limit([window.logp for window in seen.values()], among, rules.false_share)
        best: tuple[float, Stretch, Place] | None = None
        for stretch, window in seen.items():
            fits = _eligible(window, among, cube.size(len(window.months)), allowed, rules.noise)
            if fits.any():
                place = np.unravel_index(int(np.argmin(np.where(fits, window.logp, np.inf))), fits.shape)
                here = (int(place[0]), int(place[1]))
                if best is None or window.logp[here] < best[0]:
                    best = (float(window.logp[here]), stretch, here)
        if best is None:
            break
        event = _event(cube, seen[best[1]], best[2], among, allowed)
        found.append(event)
        take_out(cube, seen, event)
    return found


def paired(cube: Cube, found: Sequence[Event]) -> list[Event]:
    """Events of which one is the other side of another, told together: the same unit, or the same account or group.

    Both are certain by themselves, and were only not seen as sides because another event lay over one of them.
    """
    kept: list[Event] = []
    for event in found:
        match = next((place for place, each in enumerate(kept) if _are_sides(cube, each, event)), None)
        if match is None:
            kept.append(event)
        else:
            kept[match] = replace(kept[match], other=event.place, other_excess=event.excess)
    return kept


def _are_sides(cube: Cube, one: Event, other: Event) -> bool:
    if one.other is not None or other.other is not None or one.stretch != other.stretch:
        return False
    units, details = (one.place[0], other.place[0]), (one.place[1], other.place[1])
    across = units[0] == units[1] and cube.detail.meet[details] == NOWHERE and cube.alike[details]
    along = details[0] == details[1] and cube.organisation.meet[units] == NOWHERE
    return bool((across or along) and AGAINST_CERTAIN[0] <= -other.excess / one.excess <= AGAINST_CERTAIN[1])


def largest(cube: Cube, window: Window, rules: Finder, *, among: Bools) -> list[Event]:
    """Events among some series, the largest first and each where it was found: for what is decided and not chance."""
    found: list[Event] = []
    least = cube.size(len(window.months))
    while len(found) < MOST:
        allowed = limit([window.logp], among, rules.false_share)
        fits = among & (np.abs(window.excess) >= least) & (window.logp <= allowed)
        if not fits.any():
            break
        index = np.unravel_index(int(np.argmax(np.where(fits, np.abs(window.excess), -1.0))), fits.shape)
        place = _wider(cube, window, (int(index[0]), int(index[1])), fits)
        other = _counterweight(cube, window, place, fits)
        excess = window.excess
        found.append(
            Event(
                place,
                window.stretch,
                float(excess[place]),
                float(window.logp[place]),
                other,
                float(excess[other]) if other else 0.0,
                0.0,
                0.0,
            )
        )
        take_out(cube, {window.stretch: window}, found[-1])
    return found


def _wider(cube: Cube, window: Window, place: Place, among: Bools) -> Place:
    """The series above that deviates nearly as much: a line is told before its part."""
    unit, detail = place
    above = int(cube.detail.parent[detail])
    while above != NOWHERE and among[unit, above]:
        if NEARLY <= window.excess[unit, above] / window.excess[place] <= 1 / NEARLY:
            detail = above
        above = int(cube.detail.parent[above])
    return unit, detail


def _counterweight(cube: Cube, window: Window, place: Place, among: Bools) -> Place | None:
    """The series of the same unit that deviates the other way, nearest in size, at least half and at most twice."""
    unit, detail = place
    ratio = -window.excess[unit] / window.excess[place]
    fits = among[unit] & (ratio >= HALF) & (ratio <= 1 / HALF)
    fits &= (cube.detail.meet[detail] == NOWHERE) & cube.alike[detail]
    if not fits.any():
        return None
    return unit, int(np.argmin(np.where(fits, np.abs(np.log(np.where(fits, ratio, 1))), np.inf)))


def _eligible(window: Window, distinct: Bools, least: float, allowed: float, noise: float) -> Bools:
    # What is left must be large, and so must the whole that is told: what another event hides is not told by its side.
    whole = (window.outcome - window.expected) * np.sign(window.excess)
    large = np.minimum(np.abs(window.excess), whole) >= least
    # As unlikely as so many usual deviations, whichever of its signs tells it.
    far = two_sided(np.full(window.logp.shape, noise), window.degrees)
    fits: Bools = distinct & large & (window.logp <= np.minimum(allowed, far))
    return fits


def _event(cube: Cube, window: Window, start: Place, among: Bools, allowed: float) -> Event:
    place = widen(cube, window, settle(cube, window, start), allowed)
    if abs(window.outcome[place] - window.expected[place]) < cube.size(len(window.months)):
        place = start  # a smaller series that carries what is left, but is itself too small to be told
    other = opposite(cube, window, place, among)
    return Event(
        place,
        window.stretch,
        float(window.excess[place]),
        float(window.logp[start]),
        other,
        float(window.excess[other]) if other else 0.0,
        float(window.before.excess[place]) if window.before else 0.0,
        float(window.before.logp[place]) if window.before else 0.0,
        float(window.after.excess[place]) if window.after else 0.0,
        float(window.after.logp[place]) if window.after else 0.0,
    )


def settle(cube: Cube, window: Window, place: Place) -> Place:
    """The smallest series that carries the deviation of this one."""
    while True:
        unit, detail = place
        whole, logp = window.excess[place], window.logp[place]
        below = [(child, detail) for child in cube.organisation.children[unit]]
        below += [(unit, child) for child in cube.detail.children[detail]]
        fit = [
            each
            for each in below
            if CARRIES <= window.excess[each] / whole <= TOO_MUCH and window.logp[each] <= AS_UNLIKELY * logp
        ]
        if not fit:
            return place
        place = min(fit, key=lambda each: (window.logp[each], each))


def widen(cube: Cube, window: Window, place: Place, allowed: float) -> Place:
    """The larger series that has moved as much for its size: what happened to a whole unit is told of the unit."""
    while True:
        unit, detail = place
        units, details = cube.organisation.above(unit), cube.detail.above(detail)
        above = [(node, detail) for node in units] + [(unit, node) for node in details]
        direct = {*((node, detail) for node in units[:1]), *((unit, node) for node in details[:1])}
        own = window.excess[place] / window.expected[place] if window.expected[place] else np.inf
        fit = [
            each
            for each in above
            if (each[1] or cube.averaged)
            and window.expected[each] != 0
            and window.excess[each] / window.excess[place] >= WIDER
            and (window.excess[each] / window.expected[each]) / own >= (AS_MUCH if each in direct else FURTHER_UP)
            and window.logp[each] <= allowed
        ]
        if not fit:
            return place
        place = min(fit, key=lambda each: (window.logp[each], each))


def opposite(cube: Cube, window: Window, place: Place, among: Bools) -> Place | None:
    """The series of the same unit, or of the same account or group, that deviates as much the other way."""
    unit, detail = place
    excess = window.excess[place]
    ratio = -window.excess / excess
    near = (ratio >= AGAINST[0]) & (ratio <= AGAINST[1]) & (window.logp <= LIKELY_OTHER)
    certain = (ratio >= AGAINST_CERTAIN[0]) & (ratio <= AGAINST_CERTAIN[1]) & (window.logp <= CERTAIN_OTHER)
    fits = among & (near | certain)
    along = np.zeros_like(fits)
    along[unit, cube.detail.meet[detail] == NOWHERE] = True
    along[cube.organisation.meet[unit] == NOWHERE, detail] = True
    fits &= along & cube.alike[detail][None, :]
    if not fits.any():
        return None
    index = np.unravel_index(int(np.argmin(np.where(fits, window.logp, np.inf))), fits.shape)
    return settle_along(cube, window, (int(index[0]), int(index[1])), place)


def settle_along(cube: Cube, window: Window, other: Place, place: Place) -> Place:
    """The smallest series that carries the opposite deviation, of the same unit or the same account or group."""
    down = settle(cube, window, other)
    return down if down[0] == place[0] or down[1] == place[1] else other


def take_out(cube: Cube, seen: Mapping[Stretch, Window], event: Event) -> None:
    """Take an event out of every series over every stretch."""
    for place in (event.place, *([event.other] if event.other else [])):
        for window in _every(seen):
            window.take(shared(cube, window.excess, place))
    for window in seen.values():
        window.refresh()


def _every(seen: Mapping[Stretch, Window]) -> list[Window]:
    """Every window once, also those that stand only as the month before another."""
    found = list(seen.values())
    for window in seen.values():
        if window.before is not None and not any(window.before is each for each in found):
            found.append(window.before)
    return found


def shared(cube: Cube, excess: Floats, place: Place) -> Floats:
    """Of every series, the excess of what it has in common with this place."""
    units, details = cube.organisation.meet[place[0]], cube.detail.meet[place[1]]
    common = excess[np.ix_(units, details)]
    apart = (units == NOWHERE)[:, None] | (details == NOWHERE)[None, :]
    return np.where(apart, 0.0, common)
