"""What a plan says that shall be reached: indicators with their printed texts and what was read from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from analytics.goals.numerals import clean
from analytics.periods import Period

Direction = Literal["higher", "lower", "state", "none"]
Comparison = Literal[">=", ">", "<=", "<"]
Relation = Literal["not_worse", "better", "higher", "lower", "reduced_by", "budget", "budget_costs"]


class Status(StrEnum):
    """How an indicator stands."""

    MET = "met"
    ON_TRACK = "on_track"
    NOT_MET = "not_met"
    NOT_ASSESSABLE = "not_assessable"
    NOT_MEASURED = "not_measured"


STATUS_LABELS: dict[Status, str] = {
    Status.MET: "Uppfyllt",
    Status.ON_TRACK: "På väg",
    Status.NOT_MET: "Ej uppfyllt",
    Status.NOT_ASSESSABLE: "Kan inte bedömas",
    Status.NOT_MEASURED: "Ej mätt",
}


@dataclass(frozen=True, slots=True)
class Threshold:
    """A value to reach: ``comparison`` says from which side and whether the value itself is enough."""

    comparison: Comparison
    value: Fraction
    unit: str


@dataclass(frozen=True, slots=True)
class Relative:
    """A target against another value: the baseline, the outcome of ``year``, or the budget (result or costs).

    ``percent`` is given for a reduction by so many per cent.
    """

    relation: Relation
    year: int | None = None
    percent: Fraction | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A state to reach: Ja, Infört, Framtagen."""

    word: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A text that the parser does not read; ``reason`` is printed, in Swedish."""

    reason: str


Target = Threshold | Relative | State | Unread


@dataclass(frozen=True, slots=True)
class Known:
    """A value that was known when the plan was decided; ``year`` is None where the text gives none."""

    value: Fraction
    unit: str
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """Where an indicator started: known values (oldest first), a state, or the year whose outcome will be it."""

    known: tuple[Known, ...] = ()
    deferred_to: int | None = None
    state: str = ""
    absent: str = ""
    """Why there is none, in Swedish; the four kinds of blank are kept apart."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of one plan generation, with its texts as printed.

    ``superior_goal`` is the goal of the whole landsting that ``goal`` serves, where the plan prints one (2015).
    """

    id: str
    generation: str
    goal_area: str
    superior_goal: str
    goal: str
    name: str
    baseline_text: str
    target_text: str
    frequency_text: str
    source_text: str
    outcome_text: str
    footnote: str
    kind: str
    direction: Direction
    unit: str
    responsible: str
    source_lines: str
    target: Target
    baseline: Baseline | Unread

    @property
    def title(self) -> str:
        """The name as a report prints it: a footnote mark stands only where its footnote is printed too."""
        return clean(self.name)


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation of the plan: the document, the years it is followed up, and what its goal areas are called."""

    code: str
    label: str
    first_year: int
    last_year: int
    area_word: str

    def is_valid_in(self, period: Period) -> bool:
        """Whether the plan is followed up in a month."""
        return self.first_year <= period.year <= self.last_year


@dataclass(frozen=True, slots=True)
class Observation:
    """One outcome: a number, a share by numerator and denominator, or a state in words."""

    period: Period
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    state: str = ""

    @property
    def exact(self) -> Fraction | None:
        """The outcome as an exact number (a share in per cent); None where it is none."""
        if self.numerator is not None and self.denominator:
            return Fraction(str(self.numerator)) / Fraction(str(self.denominator)) * 100
        return None if self.value is None else Fraction(str(self.value))


@dataclass(frozen=True, slots=True)
class Judgement:
    """The computed status with the rule and the reason, both as printed.

    ``printed`` is the outcome as the reason prints it, with enough decimals to stand on its own side of the limit;
    ``start`` the observation that a relative limit was computed from, which the reason therefore tells of too.
    """

    status: Status
    rule: str
    reason: str
    latest: Observation | None = None
    printed: str = ""
    start: Observation | None = None

    def adding(self, sentence: str) -> Judgement:
        """The same with another sentence in its reason."""
        return replace(self, reason=f"{self.reason} {sentence}".strip())
