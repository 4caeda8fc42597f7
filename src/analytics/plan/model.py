"""What a plan decides, as it was printed. Amounts are whole kronor; a year without an amount is None, not zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

LINES = {
    "income": "Intäkter",
    "staff": "Personal",
    "operations": "Drift",
    "depreciation": "Avskrivningar",
    "total": "Summa",
}
"""Lines of a decided budget, in printed order."""


@dataclass(frozen=True, slots=True)
class DecidedBudget:
    """One line of a decided budget and year. Income keeps the sign of its document.

    ``kr`` is None where the document prints nothing, and is printed to ``step_kr``. ``part`` is the unit or base
    unit as the document names it.
    """

    plan: str
    administration: str
    part: str
    line: str
    year: int
    kr: int | None
    step_kr: int
    source: str


@dataclass(frozen=True, slots=True)
class Index:
    """By how many per cent a line is uprated for a year; ``in_frame`` says whether the part's own budget holds it.

    ``part`` is empty for every part that has no row of its own.
    """

    plan: str
    part: str
    line: str
    year: int
    label: str
    percent: Fraction
    in_frame: bool
    source: str


@dataclass(frozen=True, slots=True)
class Saving:
    """One statement about efficiency: a requirement with its declared base, or an amount alone.

    ``printed_kr`` is the amount as printed, rounded to ``step_kr``. The base is the total of ``part`` in the budget of
    ``base_year``; None where the statement has no base.
    """

    number: str
    administration: str
    item: str
    part: str
    base_year: int | None
    percent: Fraction | None
    printed_kr: int
    step_kr: int
    source: str


@dataclass(frozen=True, slots=True)
class Need:
    """One need for more money, per year."""

    number: str
    administration: str
    item: str
    kr: Mapping[int, int | None]
    description: str
    source: str


@dataclass(frozen=True, slots=True)
class Investment:
    """One area of the investment plan as it stood after a month (``as_of``): amounts per year, and counts of objects.

    An area has one for each month that it was followed up.
    """

    area: str
    administration: str
    label: str
    kr: Mapping[int, int | None]
    planned: int
    started: int
    finished: int
    as_of: str
    source: str

    @property
    def is_demonstration(self) -> bool:
        """No investment plan is printed in the documents, so the demonstration region has a made-up one."""
        return self.source == "demonstration"
