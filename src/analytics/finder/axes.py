"""One dimension of what is looked at: leaves, and the levels above them, each node a set of leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Step:
    """One level on the way from the whole to a leaf: column and code; ``key`` empty for the whole."""

    key: str
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Node:
    """A set of leaves that has a name. ``keys`` are column → code of every level down to it."""

    level: str
    label: str
    keys: Mapping[str, str]
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Axis:
    """A tree of nodes over leaves. Node 0 is the whole; ``parent`` of it is :data:`NOWHERE`."""

    nodes: tuple[Node, ...]
    members: Bools
    """Node × leaf."""
    parent: Ints
    leaf_node: Ints
    """The node of each leaf."""

    @classmethod
    def of(cls, paths: Sequence[Sequence[Step]]) -> Axis:
        """The tree of these paths, one for each leaf, all beginning with the same whole.

        Levels that sum exactly the same leaves are one node with the keys of them all: looked at once, told once.
        """
        leaves_of: dict[tuple[tuple[str, str], ...], list[int]] = {}
        steps: dict[tuple[tuple[str, str], ...], Sequence[Step]] = {}
        for leaf, path in enumerate(paths):
            for depth in range(1, len(path) + 1):
                name = tuple((step.key, step.code) for step in path[:depth])
                leaves_of.setdefault(name, []).append(leaf)
                steps.setdefault(name, path[:depth])
        named: dict[tuple[int, ...], Sequence[Step]] = {}
        for name, each in leaves_of.items():  # the last, which is the finest, gives the name
            leaves = tuple(each)
            kept = named.get(leaves)
            if kept is None or len(steps[name]) > len(kept):
                named[leaves] = steps[name]
        order = sorted(named, key=lambda leaves: (-len(leaves), leaves))
        members = np.zeros((len(order), len(paths)), dtype=bool)
        for index, leaves in enumerate(order):
            members[index, list(leaves)] = True
        parent = np.full(len(order), NOWHERE, dtype=np.int64)
        for index in range(1, len(order)):
            above = np.flatnonzero(~(members[index] & ~members[:index]).any(axis=1))
            parent[index] = above[-1] if len(above) else NOWHERE
        leaf_node = np.array([np.flatnonzero(members[:, leaf])[-1] for leaf in range(len(paths))], dtype=np.int64)
        return cls(tuple(_node(named[leaves]) for leaves in order), members, parent, leaf_node)

    @cached_property
    def meet(self) -> Ints:
        """Node × node → the smaller of two of which one holds the other, else :data:`NOWHERE`."""
        counts = self.members.astype(np.int64)
        common = counts @ counts.T
        sizes = self.members.sum(axis=1)
        inside = common == sizes[:, None]  # the row's node lies within the column's
        rows = np.broadcast_to(np.arange(len(sizes))[:, None], common.shape)
        found = np.where(inside, rows, np.where(inside.T, rows.T, NOWHERE))
        return found.astype(np.int64)

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """Node → the nodes directly below."""
        return tuple(tuple(np.flatnonzero(self.parent == index).tolist()) for index in range(len(self.nodes)))

    def above(self, node: int) -> list[int]:
        """The nodes that hold a node, nearest first."""
        found: list[int] = []
        while (node := int(self.parent[node])) != NOWHERE:
            found.append(node)
        return found

    def within(self, node: int, other: int) -> bool:
        """Whether one node lies within another (or is it)."""
        return int(self.meet[node, other]) == node

    def totals(self, values: NDArray[Any], axis: int) -> NDArray[Any]:
        """Sums of the leaves of every node along an axis of an array."""
        moved = np.moveaxis(values, axis, 0)
        summed = np.tensordot(self.members.astype(values.dtype), moved, axes=(1, 0))
        return np.moveaxis(summed, 0, axis)


def _node(path: Sequence[Step]) -> Node:
    named = [step for step in path if step.key]
    last = path[-1]
    return Node(last.key, last.label, {step.key: step.code for step in named}, {step.key: step.label for step in named})
