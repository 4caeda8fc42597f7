"""What kind of explanation an event of the ledger has, from its months, its other side and its postings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.finder.cube import Cube
from analytics.finder.events import Event, Place
from analytics.finder.model import Kind
from analytics.finder.postings import Postings
from analytics.finder.screening import Stretch, Window
from analytics.periods import Period

UNLIKELY = float(np.log(0.1))
EVENED = 0.5
"""Two months make up for each other if what is left of both is at most so much of the larger."""
NOTHING = 0.2
"""What has come is as good as nothing if it is at most so much of what was expected."""
TWICE = (0.7, 1.35)
"""What has come is twice what was expected if the excess is so many times it."""
MOST = 0.6
"""A posting, or what is dated in another month, that is so much of the excess explains it."""
STANDS_OUT = 1.5
"""A posting stands out if it is so many times the largest of earlier months."""
LASTING = 3
LEAST_LASTING = 2
LEAST_OF_MEAN = 0.4
ONE_MONTH = 0.7
WHOLE_UNIT = 3
HALF_AS_MUCH = 0.5
VERY_MUCH = 1e6
"""So many accounts that move together are an organisation that moves."""
EMPLOYEES = "staff_employees"


@dataclass(frozen=True)
class Seen:
    """An event with all that its kind is decided from. ``month`` is the one it is mostly in, if there is one."""

    event: Event
    steps: tuple[float, ...]
    """Excess of each month of the range, of its own series."""
    month: Period | None
    outcome: float
    expected: float
    window: Window


def seen(cube: Cube, event: Event, windows: Mapping[Stretch, Window]) -> Seen:
    """The months of an event, and the one that carries it."""
    window = windows[event.stretch]
    ranged = windows.get("range")
    steps: tuple[float, ...] = ()
    if ranged is not None and ranged.steps is not None:
        steps = tuple(float(step) for step in ranged.steps[event.place])
    if event.stretch != "range":
        return Seen(
            event, steps, window.months.last, float(window.outcome[event.place]), _expected(window, event), window
        )
    carrying = [place for place, step in enumerate(steps) if step / event.excess >= ONE_MONTH]
    if not carrying:
        return Seen(event, steps, None, float(window.outcome[event.place]), _expected(window, event), window)
    month = window.months.first.plus(carrying[0])
    outcome = float(cube.series[(*event.place, cube.position(month))])
    return Seen(event, steps, month, outcome, outcome - steps[carrying[0]], window)


def _expected(window: Window, event: Event) -> float:
    return float(window.expected[event.place])


def is_lasting(steps: Sequence[float]) -> bool:
    """Whether the last three months lie on a new level: all the same way, none of them much less than their mean."""
    last = np.array(steps[-LASTING:])
    if len(last) < LEAST_LASTING:
        return False
    mean = float(last.mean())
    return bool(mean != 0 and (last / mean).min() >= LEAST_OF_MEAN)


def over_the_range(cube: Cube, windows: Mapping[Stretch, Window], event: Event) -> Event:
    """A level that has been new for months is told over all of them, also where one month alone showed it best."""
    ranged = windows.get("range")
    if event.stretch == "range" or ranged is None or ranged.steps is None:
        return event
    steps = ranged.steps[event.place].tolist()
    enough = abs(sum(steps)) >= cube.size(len(steps))
    if not is_lasting(steps) or steps[-1] * event.excess <= 0 or not enough:
        return event
    return replace(event, stretch="range", excess=float(sum(steps)))


def kind_of(cube: Cube, found: Seen, facts: Postings, *, spread: bool, begun: bool) -> Kind:
    """The kind of an event. ``spread``: no few parts carry it; ``begun``: a unit of it begins or ends by the register.

    Moves first, for both sides of one look like something else by themselves; then what two months, or the postings of
    one, tell; then a new level; a single month that stands out is a one-off.
    """
    event = found.event
    if begun:
        return "reorganisation"
    if event.other is not None:
        return move(cube, event, found.window)
    timing = _timing(found)
    if timing is not None:
        return timing
    if is_lasting(found.steps):
        return "spread" if spread else "lasting"
    if found.month is None or spread:
        return "spread"
    told = facts.of(*leaves_of(cube, event.place), [str(found.month)], origins_of(cube, [event.place]))
    return _in_one_month(found, told)


def move(cube: Cube, event: Event, window: Window) -> Kind:
    """Of an event with two sides in the ledger: between accounts, between units, or of a whole organisation."""
    if event.other is not None and event.other[0] == event.place[0]:
        return "moved_account"
    return "reorganisation" if moved_together(cube, window, event.place) >= WHOLE_UNIT else "moved_unit"


def moved_together(cube: Cube, window: Window, place: Place) -> int:
    """How many accounts or groups of a series have moved the same way, each as much for its size as half of it all."""
    unit, detail = place
    leaves = sorted({int(cube.detail.leaf_node[leaf]) for leaf in np.flatnonzero(cube.detail.members[detail])})
    expected = window.expected[unit, leaves]
    excess = window.outcome[unit, leaves] - expected
    whole = window.expected[place]
    share = (window.outcome[place] - whole) / whole if whole else np.inf
    # What begins from nothing has moved wholly.
    own = np.divide(excess, expected, out=np.sign(excess) * VERY_MUCH, where=expected != 0)
    moved = own * np.sign(share) >= HALF_AS_MUCH * min(abs(share), VERY_MUCH)
    # All accounts of pay follow the same people.
    lines = [cube.detail.nodes[leaf].keys for leaf in leaves]
    return len(
        {
            keys["report_line"] if keys.get("report_line") == EMPLOYEES else leaf
            for leaf, keys, so in zip(leaves, lines, moved, strict=True)
            if so
        }
    )


def _timing(found: Seen) -> Kind | None:
    """Late or early: the month before, or after, is as much the other way."""
    event = found.event
    if event.stretch == "range":
        return None
    more = event.excess * (found.expected or found.outcome) > 0
    if evens(event.before, event.before_logp, event.excess):
        return "late" if more else "early"
    if evens(event.after, event.after_logp, event.excess):
        return "early" if more else "late"
    return None


def evens(other: float, logp: float, excess: float) -> bool:
    """Whether a month beside it is as much the other way, and not by chance."""
    evened = abs(other + excess) <= EVENED * max(abs(other), abs(excess))
    return other * excess < 0 and evened and logp <= UNLIKELY


def _in_one_month(found: Seen, told: Mapping[str, int]) -> Kind:
    excess = found.outcome - found.expected
    if told["from_before"] / excess >= MOST:
        return "late"
    if found.expected and abs(found.outcome) <= NOTHING * abs(found.expected):
        return "missing"
    if told["twins"] / excess >= MOST:
        return "doubled"
    stands_out = abs(told["largest"]) >= STANDS_OUT * told["usual"]
    if told["largest"] / excess >= MOST and stands_out:
        return "one_off"
    if found.expected and TWICE[0] <= excess / found.expected <= TWICE[1]:
        return "doubled"
    return "one_off"


def leaves_of(cube: Cube, place: Place) -> tuple[set[str], set[str]]:
    """Cost centres and accounts of a series."""
    units = cube.organisation
    centres = {
        units.nodes[int(units.leaf_node[leaf])].keys["cost_centre"] for leaf in np.flatnonzero(units.members[place[0]])
    }
    detail = cube.detail
    accounts = {
        detail.nodes[int(detail.leaf_node[leaf])].keys["account"] for leaf in np.flatnonzero(detail.members[place[1]])
    }
    return centres, accounts


def origins_of(cube: Cube, places: Sequence[Place]) -> tuple[str, ...]:
    """External or internal, if the places are within accounts that are both; empty if one of them is not divided."""
    found = {cube.detail.nodes[place[1]].keys.get("origin", "") for place in places}
    return () if "" in found else tuple(sorted(found))
