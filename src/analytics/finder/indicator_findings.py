"""Indicators: the latest outcome of each against its own earlier ones, at the times when it is measured.

Indicators are measured a few times a year, some of them as sums from January. So an outcome is held against those of
the same month of earlier years where there are enough, and otherwise against all earlier ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.errors import MissingDataError
from analytics.finder.alone import Candidate, told
from analytics.finder.cube import FLOOR_SHARE
from analytics.finder.history import MEDIAN_COST
from analytics.finder.model import Evidence, Finding, NotLookedAt
from analytics.goals import Indicator, Register, Relative, Threshold, limit_of, written
from analytics.goals.writing import reaches
from analytics.measures.indicators.observed import GOAL_FOLLOW_UP, Reported, numbers_of, reported, series_of
from analytics.measures.indicators.standing import followed
from analytics.measures.scope import Data, Scope
from analytics.periods import PeriodRange

MEASURE = "indicator_history"
LEAST_EARLIER = 5
LEAST_OF_MONTH = 3
"""So many outcomes of the same month of earlier years, and the others are not looked at."""
MOST_EARLIER = 12
IN_LEDGER = frozenset({"budget", "budget_costs"})
"""Targets whose outcome is the ledger's: they are told there."""
LIMITS = {">=": "minst", ">": "mer än", "<=": "högst", "<": "mindre än"}


@dataclass(frozen=True, slots=True)
class _Expected:
    value: float
    scale: float
    degrees: float
    rests_on: int


def findings(data: Data, scope: Scope) -> tuple[list[Finding], list[NotLookedAt]]:
    """The unit's indicators that deviate, not yet ranked, and why those that have an outcome now are not looked at."""
    try:
        outcomes = reported(data, scope)
    except MissingDataError:
        return [], [NotLookedAt(MEASURE, f"inga indikatorer är rapporterade till och med {scope.period.label}")]
    register = Register.read(scope.reference.folder)
    candidates, short = [], 0
    for _, indicator in followed(scope, outcomes):
        if isinstance(indicator.target, Relative) and indicator.target.relation in IN_LEDGER:
            continue
        series = numbers_of(series_of(register, outcomes, indicator, scope.unit))
        if not series or series[-1].seen.period not in scope.ledger_range:
            continue  # nothing new has been measured
        if len(series) - 1 < LEAST_EARLIER:
            short += 1
            continue
        codes = tuple(sorted(each.id for each in register.same_as(indicator.id)))
        candidates.append(_candidate(scope, indicator, series, codes))
    missing = []
    if short:
        said = "en indikator har" if short == 1 else f"{short} indikatorer har"
        missing.append(NotLookedAt(MEASURE, f"{said} färre än {LEAST_EARLIER} tidigare utfall"))
    return told(candidates, scope.settings.finder), missing


def _candidate(scope: Scope, indicator: Indicator, series: Sequence[Reported], codes: tuple[str, ...]) -> Candidate:
    latest, earlier = series[-1], series[:-1][-MOST_EARLIER:]
    value = _number(latest)
    expected = _expected(latest, earlier)
    least = scope.settings.finder.other_pct / 100 * (abs(expected.value) or max(abs(_number(each)) for each in earlier))
    scale = max(expected.scale, least * FLOOR_SHARE)
    month = latest.seen.period
    groups = [each.n for each in (latest, *earlier) if each.n]
    return Candidate(
        measure=MEASURE,
        unit=indicator.unit if indicator.unit != "kr" else "kronor",
        keys={"administration": scope.unit, "indicator": indicator.id},
        labels={"administration": scope.unit_label, "indicator": indicator.title},
        months=PeriodRange(month, month),
        outcome=value,
        expected=expected.value,
        scale=scale,
        degrees=expected.degrees,
        least=least,
        history=expected.rests_on,
        kind="one_off",
        evidence=Evidence(
            table="indicators",
            keys={"source": (GOAL_FOLLOW_UP,), "indicator": codes, "observed_unit": (scope.unit,), "sex": ("T",)},
            months=PeriodRange(earlier[0].seen.period, month),
            rows=0,
        ),
        persons=min(groups) if groups else None,
        note=_note(scope, indicator, series, value - expected.value),
    )


def _number(each: Reported) -> float:
    """Only those with a number are looked at."""
    return float(each.number or 0.0)


def _expected(latest: Reported, earlier: Sequence[Reported]) -> _Expected:
    """The median of the outcomes it is held against, and how far such outcomes are from theirs."""
    by_month: dict[int, list[float]] = {}
    for each in earlier:
        by_month.setdefault(each.seen.period.month, []).append(_number(each))
    same = by_month.get(latest.seen.period.month, [])
    if len(same) >= LEAST_OF_MONTH:
        groups = [held for held in by_month.values() if len(held) > 1]
    else:
        same = [_number(each) for each in earlier]
        groups = [same]
    value = float(np.median(same))
    left = np.concatenate([np.array(held) - np.median(held) for held in groups])
    degrees = float(max(len(left) - len(groups), 1))
    spread = float(np.sqrt((left**2).sum() / degrees))
    chance = 0.0
    whole = latest.seen.denominator
    if latest.seen.numerator is not None and whole:  # a share of few varies by chance alone
        share = min(max(value / 100, 0.0), 1.0)
        chance = 100 * float(np.sqrt(share * (1 - share) / whole))
    return _Expected(value, max(spread, chance) * float(np.sqrt(1 + MEDIAN_COST / len(same))), degrees, len(same))


def _note(scope: Scope, indicator: Indicator, series: Sequence[Reported], excess: float) -> str:
    """Which way is the right one, and whether the target is reached, as far as the plan says."""
    texts = []
    if indicator.direction in ("higher", "lower"):
        right = (excess > 0) == (indicator.direction == "higher")
        texts.append(f"det är åt {'rätt' if right else 'fel'} håll")
    limit = limit_of(indicator, [each.seen for each in series], scope.period)
    if isinstance(limit, Threshold):
        value = series[-1].seen.exact
        if value is not None:
            reached = "nås" if reaches(value, limit) else "nås inte"
            texts.append(f"målet, {LIMITS[limit.comparison]} {written(limit.value, indicator.unit)}, {reached}")
    return " och ".join(texts)
