"""Reported outcomes of indicators, and the indicators that a unit is followed up on, each judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import narwhals as nw

from analytics import swedish
from analytics.errors import MissingDataError
from analytics.goals import (
    Generation,
    Indicator,
    Judgement,
    Observation,
    PersonsJudgement,
    Register,
    Status,
    judge,
    read_judgements,
)
from analytics.measures.scope import Data, Scope, collect, lazy
from analytics.periods import Period

GOAL_FOLLOW_UP = "stratsys"
KOLADA = "kolada"
ALL = "T"
SAME = "same"


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
        return min((round(part) for part in (counted, whole - counted) if round(part) > 0), default=0)


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
        each = Reported(row["observed_unit"], row["observed_label"], seen, row["forecast"] or "")
        found.setdefault(row["indicator"], []).append(each)
    return found


def has_outcome(each: Reported) -> bool:
    """Whether anything was measured: a number, a share or an answer in words."""
    return each.seen.exact is not None or bool(each.seen.state)


@dataclass(frozen=True, slots=True)
class Standing:
    """One indicator of one unit: the computed status, the unit's own words and a person's judgement, if any."""

    indicator: Indicator
    computed: Judgement
    latest: Reported | None
    own_words: str
    person: PersonsJudgement | None

    @property
    def status(self) -> Status:
        """What holds: a person's judgement before the computed status."""
        return self.person.status if self.person else self.computed.status


def followed(scope: Scope, outcomes: dict[str, list[Reported]]) -> list[tuple[Generation, Indicator]]:
    """The indicators of the plans in force that the unit answers for or has reported on, in printed order."""
    register = Register.read(scope.reference.folder)
    return [
        (generation, indicator)
        for generation in register.in_force(scope.period)
        for indicator in register.of(generation.code)
        if indicator.responsible == scope.unit
        or any(each.unit == scope.unit for each in outcomes.get(indicator.id, []))
    ]


def standings(data: Data, scope: Scope) -> list[Standing]:
    """How every indicator of the unit stands in the report month (:func:`analytics.goals.judge`)."""
    outcomes = reported(data, scope)
    register = Register.read(scope.reference.folder)
    judged = {
        (each.indicator, each.administration, each.period): each
        for each in read_judgements(scope.reference.folder, register)
    }
    found = []
    for generation, indicator in followed(scope, outcomes):
        own = [each for each in outcomes.get(indicator.id, []) if each.unit == scope.unit]
        since = Period(generation.first_year, 1)
        measured = [each for each in own if has_outcome(each)]
        computed = judge(indicator, [each.seen for each in measured], scope.period, since=since)
        latest = next((each for each in reversed(measured) if each.seen is computed.latest), None)
        words = next((each.own_words for each in reversed(own) if each.own_words and each.seen.period >= since), "")
        person = judged.get((indicator.id, scope.unit, scope.period))
        found.append(Standing(indicator, computed, latest, words, person))
    return found


def same_as(register: Register, indicator: str) -> list[str]:
    """The indicator and those of earlier plans that the reviewed crosswalk calls the same, the earliest first."""
    earlier = {link.later: link.earlier for link in register.links if link.kind == SAME}
    found = [indicator]
    while found[0] in earlier:
        found.insert(0, earlier[found[0]])
    return found


def in_words(each: Reported, unit: str) -> str:
    """An outcome as printed: the answer, or the number with its unit and, of a share, what it is a share of."""
    value = each.seen.exact
    if value is None:
        return each.seen.state[:1].upper() + each.seen.state[1:]
    text = with_unit(float(value), unit)
    if each.seen.numerator is None or each.seen.denominator is None:
        return text
    return f"{text} ({swedish.number(each.seen.numerator)} av {swedish.number(each.seen.denominator)})"


def with_unit(value: float, unit: str) -> str:
    """``75 %``, ``1,5 kg``, ``57,9``: at most one decimal, none where there is nothing behind the comma."""
    decimals = 0 if swedish.round_half_away(value, 1) == swedish.round_half_away(value, 0) else 1
    text = swedish.number(value, decimals)
    return text if unit in ("", "antal", "index") else f"{text}{swedish.HARD_SPACE}{unit}"


def observations_of(each: Iterable[Reported], unit: str) -> list[Reported]:
    """Those of one unit that hold a number."""
    return [one for one in each if one.unit == unit and one.seen.exact is not None]
