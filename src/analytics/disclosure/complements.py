"""Secondary suppression: what else must be hidden, so that the hidden cells cannot be worked out from the shown ones.

A table tells how its cells hang together: women and men make the total, the groups make the total row. Source: domain
rules section 12 (4); SCB, Handbok i statistisk röjandekontroll 2017.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from analytics.measures.catalogue.model import APART, WHOLE, TableSpec

PROTECTION = 0.2
"""The other hidden parts of a sum must be at least this share of each hidden part, or the sum all but tells it."""
_MEASURE_PARTS = (("women", "men"), ("age_",))
_DEPENDENT = {"row_type": ("personnel_group", "absence_group"), "base_unit": ("row_type",)}
_RANK_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class _Relation:
    """Cells (row numbers) of which one is made of the others. ``summed``: as their sum, not as a weighted mean."""

    whole: int
    parts: tuple[int, ...]
    summed: bool

    @property
    def cells(self) -> tuple[int, ...]:
        return (self.whole, *self.parts)


def complements(frame: pl.DataFrame, spec: TableSpec, primary: pl.Series, *, least: int) -> pl.Series:
    """Which cells to hide: those that are hidden already, and as few and small others as keep them hidden.

    Args:
        frame: the cells of the table with its keys, ``value`` and ``n``.
        spec: its declaration; ``spec.parts`` names the keys along which parts make up a whole.
        primary: true for each cell that is hidden for its own sake.
        least: persons that a group must have for its figure to be shown; hidden parts of a shown sum are together at
            least that many.

    Returns:
        True for each cell to hide. A hidden cell then differs between at least two tables that agree with everything
        shown: it is in no sum with shown cells alone, and no combination of the sums gives it.
    """
    if not primary.any():
        return primary
    hidden = {row for row, is_hidden in enumerate(primary) if is_hidden}
    relations = _relations(frame, spec)
    control = _Control(frame["n"].to_list(), frame["value"].to_list(), relations, frozenset(hidden), least)
    while control.widen(hidden) or control.widen_for_rank(hidden):
        pass
    return pl.Series("hidden", [row in hidden for row in range(frame.height)], dtype=pl.Boolean)


def _relations(frame: pl.DataFrame, spec: TableSpec) -> list[_Relation]:
    labels = {key for key in spec.keys if key.endswith("_label")}
    keys = [key for key in spec.keys if key not in labels]
    # A change tells nothing that its two years do not: it is hidden with either of them, and is no part of a sum.
    rows = [
        (number, row)
        for number, row in enumerate(frame.select(keys).iter_rows(named=True))
        if row.get("column") != "change" and row.get("row_type") != APART
    ]
    found: list[_Relation] = []
    for axis in spec.parts:
        varying = {axis, *_DEPENDENT.get(axis, ())}
        groups: dict[tuple[object, ...], list[tuple[int, str]]] = defaultdict(list)
        for number, row in rows:
            groups[tuple(row[key] for key in keys if key not in varying)].append((number, row[axis]))
        for members in groups.values():
            found += _made_of(members, axis, summed=spec.is_additive)
    return found


def _made_of(members: Sequence[tuple[int, str]], axis: str, *, summed: bool) -> list[_Relation]:
    wholes = [number for number, code in members if code == WHOLE[axis]]
    if not wholes:
        return []
    rest = [(number, code) for number, code in members if code != WHOLE[axis]]
    if axis != "measure":
        selected = [tuple(number for number, _ in rest)]
    else:
        selected = [tuple(number for number, code in rest if code.startswith(begins)) for begins in _MEASURE_PARTS]
    return [_Relation(wholes[0], parts, summed) for parts in selected if parts]


@dataclass(frozen=True, slots=True)
class _Control:
    n: list[int]
    values: list[float | None]
    relations: list[_Relation]
    primary: frozenset[int]
    least: int

    def widen(self, hidden: set[int]) -> bool:
        """Hide one more cell of every relation that gives a hidden one away. True if anything was hidden."""
        before = len(hidden)
        for relation in self.relations:
            while not hidden.isdisjoint(relation.cells) and not self._is_safe(relation, hidden):
                hidden.add(self._next(relation, hidden))
        return len(hidden) > before

    def _is_safe(self, relation: _Relation, hidden: set[int]) -> bool:
        own = [cell for cell in relation.cells if cell in hidden]
        if len(own) == len(relation.cells):
            return True
        if len(own) == 1:
            return False
        if relation.whole in hidden or not relation.summed:
            return True
        # The sum of the hidden parts is known: it must be about enough persons, and no part that is hidden for its own
        # sake may be nearly all of it.
        sizes = {cell: abs(self.values[cell] or 0.0) for cell in own}
        near = any(sum(sizes.values()) - sizes[cell] < PROTECTION * sizes[cell] for cell in own if cell in self.primary)
        return sum(self.n[cell] for cell in own) >= self.least and not near

    def _next(self, relation: _Relation, hidden: set[int]) -> int:
        """The cell that costs the reader least: a part with persons behind it, and the whole last.

        One that also completes another sum with a hidden cell is taken before the smallest, or each new hidden cell
        would ask for yet another.
        """
        shown = [cell for cell in relation.cells if cell not in hidden]

        def cost(cell: int) -> tuple[bool, bool, bool, int, int]:
            alone = self.others_hidden(cell, relation, hidden) == 0
            return self.n[cell] == 0, cell == relation.whole, alone, self.n[cell], cell

        return min(shown, key=cost)

    def others_hidden(self, cell: int, relation: _Relation, hidden: set[int]) -> int:
        """In how many other sums of the cell something is hidden already."""
        others = [each for each in self.relations if cell in each.cells and each is not relation]
        return sum(not hidden.isdisjoint(each.cells) for each in others)

    def widen_for_rank(self, hidden: set[int]) -> bool:
        """Hide one more cell for each hidden one that some combination of sums gives. True if anything was hidden."""
        before = len(hidden)
        for known in self._solvable(hidden):
            of_cell = [each for each in self.relations if known in each.cells]
            shown = [(each, cell) for each in of_cell for cell in each.cells if cell not in hidden]
            if shown:
                hidden.add(self._next(shown[0][0], hidden))
        return len(hidden) > before

    def _solvable(self, hidden: set[int]) -> list[int]:
        """Hidden cells that the sums determine: their unit vector has no part in the null space of the equations."""
        unknown = sorted(hidden)
        place = {cell: index for index, cell in enumerate(unknown)}
        equations = []
        for relation in self.relations:
            if not relation.summed or hidden.isdisjoint(relation.cells):
                continue
            line = np.zeros(len(unknown))
            for cell in relation.cells:
                if cell in place:
                    line[place[cell]] = -1 if cell == relation.whole else 1
            equations.append(line)
        if not equations:
            return []
        _, sizes, directions = np.linalg.svd(np.array(equations), full_matrices=True)
        rank = int((sizes > _RANK_TOLERANCE).sum())
        free = directions[rank:]
        return [cell for index, cell in enumerate(unknown) if np.abs(free[:, index]).max(initial=0.0) < _RANK_TOLERANCE]
