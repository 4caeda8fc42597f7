"""The smallest set of parts that carries a deviation; what is left of it is the last part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.finder.axes import Axis, Floats
from analytics.finder.cube import Cube
from analytics.finder.events import Place
from analytics.finder.screening import Window

MOST_NAMED = 5
LARGEST_OF_SPREAD = 0.7
LEAST_SHARE_OF_SPREAD = 0.04
FEW = 3
CANCELS = 0.25
"""A part the other way of at least this share of the whole is named: it hides as much."""


@dataclass(frozen=True)
class Piece:
    """A part in the whole numbers of the cube: where (None: the rest), outcome, expected."""

    place: Place | None
    outcome: int
    expected: int

    @property
    def excess(self) -> int:
        return self.outcome - self.expected


def pieces(cube: Cube, window: Window, place: Place, share: float) -> tuple[list[Piece], bool]:
    """The parts of one series over a window, largest first, and whether it is spread: no few parts carry it.

    It is divided by accounts (or groups), by cost centres, or by both, whichever needs the fewest parts. The rest
    closes the sum.
    """
    units, details = _leaves(cube.organisation, place[0]), _undivided(cube.detail, place[1])
    options: list[list[Place]] = [
        [(place[0], detail) for detail in details],
        [(unit, place[1]) for unit in units],
        [(unit, detail) for unit in units for detail in details],
    ]
    whole = piece(window, place)
    excess = window.outcome - window.expected
    best: list[Place] | None = None
    for number, option in enumerate(options):
        if option == [place] and option != options[-1]:
            continue  # undivided
        chosen = _smallest(option, excess, whole.excess, share)
        # Both at once only where it says much more with less: few parts of many.
        if chosen and (best is None or (len(chosen) < len(best) and (number < 2 or len(chosen) <= FEW))):
            best = chosen
    spread = _is_spread(excess, options[0], whole.excess)
    named = best if best is not None and len(best) <= MOST_NAMED else _largest(options, excess, whole.excess)
    found = [piece(window, each) for each in named]
    rest = Piece(
        None,
        whole.outcome - sum(each.outcome for each in found),
        whole.expected - sum(each.expected for each in found),
    )
    if rest.outcome or rest.expected:
        found.append(rest)
    return found, spread


def _is_spread(excess: Floats, details: Sequence[Place], whole: int) -> bool:
    """Whether several accounts or groups deviate the same way and none of them carries it."""
    if not whole:
        return False
    shares = sorted((float(excess[place]) / whole for place in details), reverse=True)
    alike = [share for share in shares if share >= LEAST_SHARE_OF_SPREAD]
    return len(alike) >= FEW and shares[0] <= LARGEST_OF_SPREAD


def piece(window: Window, place: Place) -> Piece:
    """One series over a window, in the whole numbers of the cube."""
    return Piece(place, round(float(window.outcome[place])), round(float(window.expected[place])))


def _leaves(axis: Axis, node: int) -> list[int]:
    return sorted({int(axis.leaf_node[leaf]) for leaf in np.flatnonzero(axis.members[node])})


def _undivided(axis: Axis, node: int) -> list[int]:
    """The leaves of a node; an account is one also where it is both external and internal, unless it is the node."""
    found = set()
    for leaf in _leaves(axis, node):
        above = int(axis.parent[leaf])
        found.add(above if "origin" in axis.nodes[leaf].keys and node not in (leaf, above) else leaf)
    return sorted(found)


def _smallest(option: Sequence[Place], excess: Floats, whole: int, share: float) -> list[Place]:
    """The fewest of these that carry the share of the whole, with those that cancel much of it; none if they do not."""
    direction = 1 if whole > 0 else -1
    ordered = sorted(option, key=lambda place: (-direction * excess[place], place))
    against = [place for place in reversed(ordered) if -direction * excess[place] >= CANCELS * abs(whole)]
    chosen: list[Place] = []
    total = float(sum(excess[place] for place in against))
    for place in ordered:
        if direction * total >= share * abs(whole) or direction * excess[place] <= 0:
            break
        chosen.append(place)
        total += float(excess[place])
    return [*chosen, *against] if chosen and direction * total >= share * abs(whole) else []


def _largest(options: Sequence[Sequence[Place]], excess: Floats, whole: int) -> list[Place]:
    """The largest few of the way of dividing that has them largest."""
    direction = 1 if whole > 0 else -1
    tops = [
        sorted((place for place in option if direction * excess[place] > 0), key=lambda p: (-abs(excess[p]), p))[:3]
        for option in options[:2]
    ]
    return max(tops, key=lambda top: abs(sum(float(excess[place]) for place in top)))


def keys_of(cube: Cube, place: Place) -> dict[str, str]:
    """Column → code of a series."""
    return {**cube.organisation.nodes[place[0]].keys, **cube.detail.nodes[place[1]].keys}


def labels_of(cube: Cube, place: Place) -> dict[str, str]:
    """Column → Swedish name of a series."""
    return {**cube.organisation.nodes[place[0]].labels, **cube.detail.nodes[place[1]].labels}


def _name(axis: Axis, node: int, outer: Mapping[str, str]) -> str:
    """What a node is called beside a whole: external or internal says nothing without its account."""
    own = axis.nodes[node]
    if own.level == "origin" and "account" not in outer:
        return f"{own.labels['account']}, {own.label}"
    return own.label


def narrowing(cube: Cube, place: Place, within: Place) -> tuple[Mapping[str, str], str]:
    """Of a part: the keys that the whole does not have, and its name."""
    keys, outer = keys_of(cube, place), keys_of(cube, within)
    names = []
    if place[0] != within[0]:
        names.append(cube.organisation.nodes[place[0]].label)
    if place[1] != within[1]:
        names.append(_name(cube.detail, place[1], outer))
    own = {key: code for key, code in keys.items() if outer.get(key) != code}
    return (own or keys), ", ".join(names) or cube.detail.nodes[place[1]].label
