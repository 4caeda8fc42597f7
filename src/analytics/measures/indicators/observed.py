"""Reported outcomes of indicators: from goal follow-up and Kolada, as numbers, shares and words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from analytics import swedish
from analytics.errors import MissingDataError
from analytics.goals import Indicator, Observation, Register, written
from analytics.measures.scope import Data, Scope, collect, lazy
from analytics.periods import Period

GOAL_FOLLOW_UP = "stratsys"
KOLADA = "kolada"
ALL = "T"


@dataclass(frozen=True, slots=True)
class Reported:
    """One reported outcome with what its unit says about it; ``n`` is the smallest group that it tells of."""

    unit: str
    label: str
    seen: Observation
    own_words: str

    @property
    def number(self) -> float | None:
        """The outcome as a number (a share in per cent); None of an answer in words."""
        exact = self.seen.exact
        return None if exact is None else float(exact)

    @property
    def n(self) -> int:
        """The smaller of those counted and those left, if anybody; 0 where the outcome is no share of persons."""
        counted, whole = self.seen.numerator, self.seen.denominator
        if counted is None or whole is None:
            return 0
        return smallest(round(counted), round(whole - counted))


def smallest(*groups: int) -> int:
    """The smallest group of anybody; 0 if there is none."""
    return min((group for group in groups if group > 0), default=0)


def reported(data: Data, scope: Scope, *, source: str = GOAL_FOLLOW_UP) -> dict[str, list[Reported]]:
    """Indicator → its outcomes up to the report month, oldest first; a later delivery replaces an earlier one.

    Raises MissingDataError if nothing at all is reported up to the month.
    """
    until = lazy(data.indicators).filter(nw.col("period") <= str(scope.period))
    if collect(until.head(1)).is_empty():
        raise MissingDataError(
            f"the table indicators has no rows up to {scope.period}",
            action="Load the deliveries of goal follow-up (analytics load), or report a month that has them.",
        )
    rows = (
        collect(until.filter(nw.col("source") == source, nw.col("sex") == ALL))
        .sort("delivery", "period", "indicator", "observed_unit")
        .unique(["period", "indicator", "observed_unit"], keep="last", maintain_order=True)
        .sort("period", "indicator", "observed_unit")
    )
    found: dict[str, list[Reported]] = {}
    for row in rows.iter_rows(named=True):
        seen = Observation(
            period=Period.parse(row["period"]),
            value=row["value"],
            numerator=row["numerator"],
            denominator=row["denominator"],
            state=row["state"] or "",
        )
        each = Reported(row["observed_unit"], row["observed_label"], seen, _own_words(row))
        found.setdefault(row["indicator"], []).append(each)
    return found


def _own_words(row: dict[str, Any]) -> str:
    """What the unit itself says: its forecast, its comment and the status it has set."""
    parts = [("", row["forecast"]), ("Kommentar: ", row["comment"]), ("Egen status: ", row["reported_status"])]
    return " ".join(f"{lead}{' '.join(text.split())}" for lead, text in parts if text)


def has_outcome(each: Reported) -> bool:
    """Whether anything was measured: a number, a share or an answer in words."""
    return each.seen.exact is not None or bool(each.seen.state)


def series_of(
    register: Register, outcomes: dict[str, list[Reported]], indicator: Indicator, unit: str
) -> list[Reported]:
    """What a unit has measured, oldest first: of the indicator and of those of earlier plans that are the same.

    Where both have an outcome for one month, the one of the later plan holds.
    """
    found: dict[Period, Reported] = {}
    for each in register.same_as(indicator.id):
        held = outcomes.get(each.id, [])
        found |= {one.seen.period: one for one in held if one.unit == unit and has_outcome(one)}
    return [found[period] for period in sorted(found)]


def in_words(each: Reported, unit: str, *, printed: str = "") -> str:
    """An outcome as printed: the answer, or the number with its unit and, of a share, what it is a share of.

    ``printed`` is the number where it has been written already.
    """
    value = each.seen.exact
    if value is None:
        return each.seen.state[:1].upper() + each.seen.state[1:]
    text = printed or written(value, unit)
    if each.seen.numerator is None or each.seen.denominator is None:
        return text
    return f"{text} ({swedish.number(each.seen.numerator)} av {swedish.number(each.seen.denominator)})"


def numbers_of(each: Iterable[Reported]) -> list[Reported]:
    """Those that hold a number."""
    return [one for one in each if one.seen.exact is not None]
