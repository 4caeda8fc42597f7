"""Systems of rounded figures: can these printed figures all be true at once?

A printed figure is a sum of unknown exact amounts, rounded half away from zero. Each one is therefore a narrow interval
around what is printed, and a table is a system of linear inequalities. Linear programming then says whether any exact
amounts could have been printed as this table, gives such amounts, or names the figures that cannot stand together.

Rounding half away from zero makes every interval half open: +0,5 is printed as 1 and −0,5 as −1, so the end away from
zero is outside. Every interval is therefore taken as closed but slightly shrunk (`EDGE` of its half width). A system
that only holds with an amount exactly on such an end is called infeasible.

The module knows nothing about reports; SciPy is imported only when a system is solved.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analytics.errors import UsageError

EDGE = 1e-4
"""Share of a half width that stays unused at each end of a rounding interval."""
TOLERANCE = 1e-6
"""Violation, in half widths, up to which a figure counts as met (the solver's own accuracy)."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed figure: |Σ terms·x − value| ≤ half_width. `weight` is its cost per half width of violation."""

    label: str
    terms: Mapping[str, float]
    value: float
    half_width: float
    weight: float = 1.0

    @property
    def scale(self) -> float:
        """What violation is measured in: the half width, or 1 where the figure is declared exact."""
        return self.half_width or 1.0

    @property
    def room(self) -> float:
        """How far from the middle an amount may be, in units of `scale`."""
        return 1.0 - EDGE if self.half_width else 0.0


@dataclass(frozen=True, slots=True)
class Identity:
    """An equation that always holds: Σ terms·x = constant."""

    label: str
    terms: Mapping[str, float]
    constant: float


@dataclass(frozen=True, slots=True)
class Solution:
    """Amounts that satisfy the system, or the closest that can be had.

    Attributes:
        values: An exact amount per variable.
        unmet: Labels of the printed figures that these amounts do not round to; empty when the system is feasible.
        margin: Smallest distance to the end of a rounding interval, as a share of the half width (1 = every figure in
            the middle). Negative when something is unmet: the largest violation in half widths.
    """

    values: dict[str, float]
    unmet: tuple[str, ...]
    margin: float


@dataclass(slots=True)
class System:
    """Unknown amounts and the printed figures that bind them. Build it once, then `solve` or `conflict`."""

    bounds: dict[str, tuple[float, float]] = field(default_factory=dict)
    printed: list[Printed] = field(default_factory=list)
    identities: list[Identity] = field(default_factory=list)
    _labels: set[str] = field(default_factory=set)

    def add_variable(self, name: str, lower: float = -math.inf, upper: float = math.inf) -> None:
        """Declare an unknown amount.

        Raises:
            UsageError: The name is taken, or the bounds are crossed.
        """
        if name in self.bounds:
            raise UsageError(f"The amount {name!r} is declared twice.")
        if not lower <= upper:
            raise UsageError(f"The bounds of {name!r} are crossed: {lower} > {upper}.")
        self.bounds[name] = (lower, upper)

    def add_printed(
        self, label: str, terms: Mapping[str, float], value: float, half_width: float, weight: float = 1.0
    ) -> None:
        """Declare a printed figure: |Σ terms·x − value| ≤ half_width.

        Raises:
            UsageError: The label is taken, a term is not declared, or a number is not usable.
        """
        self._check(label, terms, value)
        if not (math.isfinite(half_width) and half_width >= 0 and math.isfinite(weight) and weight > 0):
            raise UsageError(f"{label!r}: the half width must be at least 0 and the weight above 0.")
        self._labels.add(label)
        self.printed.append(Printed(label, dict(terms), value, half_width, weight))

    def add_identity(self, label: str, terms: Mapping[str, float], constant: float = 0.0) -> None:
        """Declare an equation between amounts: Σ terms·x = constant.

        Raises:
            UsageError: The label is taken, a term is not declared, or a number is not finite.
        """
        self._check(label, terms, constant)
        self._labels.add(label)
        self.identities.append(Identity(label, dict(terms), constant))

    def _check(self, label: str, terms: Mapping[str, float], number: float) -> None:
        if label in self._labels:
            raise UsageError(f"The label {label!r} is used twice.")
        unknown = [name for name in terms if name not in self.bounds]
        if unknown:
            raise UsageError(f"{label!r} uses amounts that are not declared: {', '.join(sorted(unknown))}.")
        if not all(math.isfinite(each) for each in (*terms.values(), number)):
            raise UsageError(f"{label!r} holds a number that is not finite.")


def solve(system: System) -> Solution:
    """Find amounts for the system.

    Feasible: the amounts whose smallest margin inside the rounding intervals is as large as possible. Infeasible: the
    amounts with the least weighted violation (in half widths), and the labels of the printed figures they do not meet.

    Raises:
        UsageError: The identities and bounds contradict each other, so that nothing at all can be found.
    """
    return _widest(system) or _elastic(system)


def conflict(system: System) -> tuple[str, ...]:
    """An irreducible set of labels that cannot all be true; remove any one of them and the rest can.

    Returns:
        Labels of printed figures and identities in the order they were added; empty if the system is feasible.
    """
    rows: list[Printed | Identity] = [*system.printed, *system.identities]
    if _feasible(system, rows):
        return ()
    # Halving first: most of a large system has nothing to do with the contradiction.
    kept = rows
    step = max(1, len(kept) // 2)
    while True:
        position = 0
        while position < len(kept):
            without = kept[:position] + kept[position + step :]
            if _feasible(system, without):
                position += step
            else:
                kept = without
        if step == 1:
            break
        step = max(1, step // 2)
    found = {row.label for row in kept}
    return tuple(row.label for row in rows if row.label in found)


def _feasible(system: System, rows: list[Printed | Identity]) -> bool:
    subset = System(
        bounds=system.bounds,
        printed=[row for row in rows if isinstance(row, Printed)],
        identities=[row for row in rows if isinstance(row, Identity)],
    )
    return _widest(subset) is not None


def _widest(system: System) -> Solution | None:
    """The amounts with the largest smallest margin, or None when nothing meets every interval."""
    # One more unknown after the amounts: `slip`, the part of the half widths in use (0 = middle, 1 = the end).
    program = _Program(system, slack_bounds=[(0.0, 1.0 - EDGE)], slack_cost=[1.0])
    for each in system.printed:
        program.add_band(each, slack=0 if each.half_width else None, room=0.0)
    found = program.minimise()
    if found is None:
        return None
    values, slacks = found
    return Solution(values=values, unmet=(), margin=1.0 - slacks[0])


def _elastic(system: System) -> Solution:
    """The amounts with the least weighted violation."""
    count = len(system.printed)
    program = _Program(
        system, slack_bounds=[(0.0, math.inf)] * count, slack_cost=[each.weight for each in system.printed]
    )
    for position, each in enumerate(system.printed):
        program.add_band(each, slack=position, room=each.room)
    found = program.minimise()
    if found is None:
        raise UsageError(
            "The identities and the bounds contradict each other, so no amounts exist at all.",
            action="Declare as printed what may be wrong; identities and bounds must hold always.",
        )
    values, slacks = found
    unmet = tuple(each.label for each, slack in zip(system.printed, slacks, strict=True) if slack > TOLERANCE)
    return Solution(values=values, unmet=unmet, margin=-max(slacks, default=0.0))


class _Program:
    """A linear program over the amounts of a system and some slack amounts, in sparse rows."""

    def __init__(self, system: System, *, slack_bounds: list[tuple[float, float]], slack_cost: list[float]) -> None:
        self._system = system
        self._positions = {name: position for position, name in enumerate(system.bounds)}
        self._slack_bounds = slack_bounds
        self._slack_cost = slack_cost
        self._rows: list[dict[int, float]] = []
        self._right: list[float] = []

    def add_band(self, figure: Printed, *, slack: int | None, room: float) -> None:
        """|Σ terms·x − value| / scale ≤ room + slack."""
        for sign in (1.0, -1.0):
            row = self._row(figure.terms, sign / figure.scale)
            if slack is not None:
                row[len(self._positions) + slack] = -1.0
            self._rows.append(row)
            self._right.append(sign * figure.value / figure.scale + room)

    def minimise(self) -> tuple[dict[str, float], list[float]] | None:
        """Amounts and slacks of least cost, or None when nothing satisfies the rows and the identities."""
        # A heavy import that only solving needs.
        from scipy.optimize import linprog

        equal = [self._row(each.terms, 1.0) for each in self._system.identities]
        answer: Any = linprog(
            [0.0] * len(self._positions) + self._slack_cost,
            A_ub=self._matrix(self._rows),
            b_ub=self._right or None,
            A_eq=self._matrix(equal),
            b_eq=[each.constant for each in self._system.identities] or None,
            bounds=[*self._system.bounds.values(), *self._slack_bounds],
            method="highs",
        )
        if answer.status == 2:
            return None
        if answer.status != 0 or answer.x is None:
            raise UsageError(f"The system of printed figures could not be solved: {answer.message}")
        found = [float(each) for each in answer.x]
        size = len(self._positions)
        return dict(zip(self._positions, found[:size], strict=True)), found[size:]

    def _row(self, terms: Mapping[str, float], factor: float) -> dict[int, float]:
        return {self._positions[name]: coefficient * factor for name, coefficient in terms.items()}

    def _matrix(self, rows: list[dict[int, float]]) -> Any:
        from scipy.sparse import csr_array

        if not rows:
            return None
        data: list[float] = []
        columns: list[int] = []
        starts = [0]
        for row in rows:
            columns.extend(row)
            data.extend(row.values())
            starts.append(len(columns))
        width = len(self._positions) + len(self._slack_bounds)
        return csr_array((data, columns, starts), shape=(len(rows), width))
