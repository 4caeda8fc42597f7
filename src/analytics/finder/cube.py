"""What is looked at: amounts by leaf of the organisation, leaf of the other axis, and month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.finder.axes import NOWHERE, Axis, Ints, Step
from analytics.finder.history import Series
from analytics.measures.scope import Scope
from analytics.periods import Period, PeriodRange

FLOOR_SHARE = 0.1
"""Of the declared size: the least usual deviation of any series."""


@dataclass(frozen=True)
class Cube:
    """One measure of one administration: organisation × account or group × month.

    ``values`` are whole numbers (öre, millionths of hours) so that parts add up exactly; ``per_unit`` of them make one
    of ``unit``. ``least`` is the declared size of a deviation, in ``unit``.
    """

    measure: str
    unit: str
    per_unit: float
    least: float
    organisation: Axis
    detail: Axis
    months: PeriodRange
    values: NDArray[np.int64]
    lump: float = 0.0
    """How much of ``unit`` comes and goes at once (:class:`~analytics.finder.history.Series`)."""
    least_level: float = 0.0
    averaged: bool = False
    """Whether months together are told as their mean (årsarbetare) and not as their sum (kronor)."""

    @cached_property
    def series(self) -> NDArray[np.int64]:
        """Organisation node × detail node × month."""
        by_unit = self.organisation.totals(self.values, 0)
        return self.detail.totals(by_unit, 1)

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.organisation.nodes), len(self.detail.nodes)

    def size(self, months: int) -> float:
        """The declared size over so many months, in the whole numbers of the cube."""
        return self.least * self.per_unit * (months if self.averaged else 1)

    def position(self, month: Period) -> int:
        """The place of a month in ``values``; it may lie outside."""
        first = self.months.first
        return (month.year - first.year) * 12 + month.month - first.month

    @cached_property
    def hung(self) -> Series:
        """Every series, and which wider one it takes its pattern from."""
        units, details = self.shape
        wider = np.full((units, details), NOWHERE, dtype=np.int64)
        depth = _depth(self.detail)
        top = np.flatnonzero(depth <= 2)
        for detail in range(details):
            above = detail
            while depth[above] > 2:
                above = int(self.detail.parent[above])
            wider[0, detail] = NOWHERE if above == detail else above
            wider[1:, detail] = detail
        index = np.arange(units * details).reshape(units, details)
        below = np.array([detail for detail in range(details) if detail not in set(top.tolist())], dtype=np.int64)
        layers = [index[0, top], index[0, below], index[1:].ravel()]
        level = {name: number for number, name in enumerate(dict.fromkeys(n.level for n in self.detail.nodes))}
        org_level = {
            name: number for number, name in enumerate(dict.fromkeys(n.level for n in self.organisation.nodes))
        }
        group = np.array(
            [[org_level[o.level] * 100 + level[d.level] for d in self.detail.nodes] for o in self.organisation.nodes]
        )
        flat = self.series.reshape(units * details, -1).astype(np.float64)
        lump = self.lump * self.per_unit
        return Series(
            flat,
            wider.ravel(),
            layers,
            group.ravel(),
            self.least * self.per_unit * FLOOR_SHARE,
            lump,
            self.least_level * self.per_unit,
        )

    @cached_property
    def alike(self) -> NDArray[np.bool_]:
        """Detail × detail: between which amounts can move. What is income does not become a cost."""
        root = self.detail.nodes[0]
        top = np.zeros(len(self.detail.nodes), dtype=np.int64)
        for index in range(1, len(top)):
            above = int(self.detail.parent[index])
            top[index] = index if above == 0 else top[above]
        if root.keys or self.averaged:
            return np.ones((len(top), len(top)), dtype=bool)
        same: NDArray[np.bool_] = top[:, None] == top[None, :]
        return same

    @cached_property
    def distinct(self) -> NDArray[np.bool_]:
        """Organisation × detail: series that no earlier one equals, so that each is looked at once."""
        units, details = self.shape
        flat: NDArray[np.int64] = np.ascontiguousarray(self.series.reshape(units * details, -1))
        _, first = np.unique(flat, axis=0, return_index=True)
        found = np.zeros(units * details, dtype=bool)
        found[first] = True
        looked_at: NDArray[np.bool_] = (found & (flat != 0).any(axis=1)).reshape(units, details)
        return looked_at


def _depth(axis: Axis) -> Ints:
    depth = np.zeros(len(axis.nodes), dtype=np.int64)
    for index in range(1, len(depth)):
        depth[index] = depth[axis.parent[index]] + 1
    return depth


def dense(frame: pl.DataFrame, *, rows: Sequence[Any], columns: Sequence[Any], months: Sequence[str]) -> Any:
    """Sums of ``amount`` by ``row``, ``column`` and ``period``, as an array of whole numbers."""
    found = np.zeros((len(rows), len(columns), len(months)), dtype=np.int64)
    places = [
        frame[name].replace_strict({code: place for place, code in enumerate(codes)}, return_dtype=pl.Int64).to_numpy()
        for name, codes in (("row", rows), ("column", columns), ("period", months))
    ]
    np.add.at(found, tuple(places), frame["amount"].to_numpy())
    return found


def organisation_axis(scope: Scope, centres: Mapping[str, str]) -> Axis:
    """Administration → base unit → cost centre. ``centres``: cost centre → base unit, in the order of the leaves."""
    whole = Step("administration", scope.unit, scope.unit_label)
    paths = []
    for centre, base_unit in centres.items():
        paths.append(
            (
                whole,
                Step("base_unit", base_unit, _label(scope, "base_unit", base_unit)),
                Step("cost_centre", centre, _label(scope, "cost_centre", centre)),
            )
        )
    return Axis.of(paths)


def _label(scope: Scope, level: str, code: str) -> str:
    """The name in the report month, or the last one before it."""
    period = scope.period
    for back in range(scope.settings.finder.history_months + 1):
        unit = scope.organisation.find(level, code, period.plus(-back))
        if unit is not None:
            return unit.label
    return code
