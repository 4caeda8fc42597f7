"""What is planted and what is known of it: the truth that findings are held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from analytics.finder.model import Comparison, Kind
from analytics.measures.scope import Data, Scope
from analytics.settings import Settings

Family = Literal[
    "ledger",
    "budget",
    "forecast",
    "worked",
    "absence",
    "overtime",
    "additional",
    "hourly",
    "headcount",
    "left",
    "started",
    "agency",
    "care_unit",
]
"""What an effect is on: outcome, budget or forecast of the ledger (kr), hours of a kind, persons, or a quantity."""


@dataclass(frozen=True, slots=True)
class Declared:
    """The size from which a deviation must be told, as the settings declare it (``[finder]``).

    At a place it is the larger of the amount and ``noise`` times the usual deviation of the quietest series that shows
    the place; so it is larger where figures jump about.
    """

    kr: float
    fte: float
    noise: float

    @classmethod
    def of(cls, settings: Settings) -> Declared:
        found = settings.finder
        return cls(found.amount_tkr * 1000.0, found.fte, found.noise)

    def kr_at(self, usual: float) -> float:
        """Declared size in kr where a deviation of ``usual`` kr is usual."""
        return max(self.kr, self.noise * usual)

    def fte_at(self, usual: float) -> float:
        """Declared size in årsarbetare where a deviation of ``usual`` is usual."""
        return max(self.fte, self.noise * usual)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a plant changed in one cell of one month. ``amount``: kr (cost positive), hours, or persons."""

    family: Family
    keys: Mapping[str, str]
    month: str
    amount: float


@dataclass(frozen=True, slots=True)
class Plant:
    """One planted deviation.

    ``name`` tells the variants of a kind apart (``volume``, ``overtime`` …); ``accepted`` are the kinds that are right:
    more than one only where the data cannot tell them apart (docs/finder.md). ``size`` is in multiples of the declared
    size at its place; ``comparisons`` those against which it must show; ``says`` what was done, for people.
    """

    name: str
    kind: Kind
    accepted: frozenset[str]
    administration: str
    size: float
    comparisons: frozenset[Comparison]
    effects: tuple[Effect, ...]
    says: str

    @property
    def counts(self) -> bool:
        """Whether a finder must tell of it: it is of the declared size or larger."""
        return self.size >= 1.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """One made region with what is planted in it."""

    seed: int
    data: Data
    scopes: Mapping[str, Scope]
    plants: tuple[Plant, ...]

    def of_unit(self, unit: str) -> tuple[Plant, ...]:
        return tuple(plant for plant in self.plants if plant.administration == unit)
