"""Turnover: those who have left the employer, counted and held against as many months of those employed before.

A few leave in a year, so nothing is assumed of their noise: if the rate is as before, how those who left divide between
the two stretches follows from how many were employed in each (the exact conditional test of two Poisson rates).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl
from scipy import stats

from analytics.finder.alone import Candidate, told
from analytics.finder.axes import Axis
from analytics.finder.cube import organisation_axis
from analytics.finder.model import Evidence, Finding, NotLookedAt
from analytics.finder.people_cube import MEASURE as HEADCOUNT
from analytics.finder.people_cube import employed_months
from analytics.finder.staff_cube import WORKED
from analytics.measures import turnover
from analytics.measures.scope import Data, Scope, Slices
from analytics.periods import PeriodRange

MEASURE: Final = "turnover_pct"
UNIT: Final = "personer"
SPANS: Final = (12, 3)
"""Months that are looked at, ending with the last: a year, and what has happened of late."""
DEGREES: Final = 24.0
NOW, BEFORE = "now", "before"


def findings(data: Data, scope: Scope) -> tuple[list[Finding], list[NotLookedAt]]:
    """Units that more or fewer have left than before, not yet ranked: the smallest unit that tells it."""
    months = employed_months(data, scope)
    if months is None:
        last = scope.staff_range.last.label
        return [], [NotLookedAt(MEASURE, f"anställningar saknas för {scope.unit_label} i {last}")]
    candidates: list[Candidate] = []
    for span in SPANS:
        if len(months) - span < scope.settings.finder.least_months:
            continue
        now = PeriodRange(months.last.plus(1 - span), months.last)
        before = PeriodRange(months.first, now.first.plus(-1))
        slices = Slices({NOW: now, BEFORE: before})
        persons = turnover.permanent_persons(data, scope, slices, by=("base_unit", "cost_centre"))
        if not persons.is_empty():
            candidates += _candidates(persons, scope, now, before)
    if not candidates:
        least = scope.settings.finder.least_months + min(SPANS)
        return [], [NotLookedAt(MEASURE, f"bara {len(months)} månader med anställningar finns; det krävs {least}")]
    return _smallest(told(candidates, scope.settings.finder)), []


def _candidates(persons: pl.DataFrame, scope: Scope, now: PeriodRange, before: PeriodRange) -> list[Candidate]:
    newest = persons.sort("slice", "base_unit").unique("cost_centre", keep="last").sort("cost_centre")
    centres = dict(newest.select("cost_centre", "base_unit").rows())
    axis: Axis = organisation_axis(scope, centres)
    counts = {
        (part, role): _counts(persons, centres, part, role) @ axis.members.T
        for part in (NOW, BEFORE)
        for role in ("opening", "closing", "left")
    }
    found = []
    for place, node in enumerate(axis.nodes):
        stock = {
            part: (counts[part, "opening"][place] + counts[part, "closing"][place]) / 2 * len(months)
            for part, months in ((NOW, now), (BEFORE, before))
        }
        left, earlier = int(counts[NOW, "left"][place]), int(counts[BEFORE, "left"][place])
        if min(stock.values()) <= 0 or not left + earlier:
            continue
        expected = earlier * stock[NOW] / stock[BEFORE]
        inside = [code for code, member in zip(centres, axis.members[place], strict=True) if member]
        found.append(
            Candidate(
                measure=MEASURE,
                unit=UNIT,
                keys=node.keys,
                labels=node.labels,
                months=now,
                outcome=float(left),
                expected=float(expected),
                scale=float(np.sqrt(max(expected, 1.0))),
                degrees=DEGREES,
                least=scope.settings.finder.fte,
                history=len(before),
                kind="lasting" if len(now) == max(SPANS) else "one_off",
                evidence=Evidence(
                    table="employments",
                    keys={"administration": (scope.unit,), "cost_centre": tuple(inside), "leave_kind": ("external",)},
                    months=now,
                    rows=0,
                ),
                persons=min((count for count in (left, earlier) if count), default=0),
                logp=unlikely(left, earlier, stock[NOW] / (stock[NOW] + stock[BEFORE])),
            )
        )
    return found


def _counts(persons: pl.DataFrame, centres: Mapping[str, str], part: str, role: str) -> np.ndarray:
    rows = persons.filter(pl.col("slice") == part, pl.col("role") == role)
    held = dict(rows.group_by("cost_centre").agg(pl.col("employee_key").n_unique()).rows())
    return np.array([held.get(code, 0) for code in centres], dtype=np.int64)


def unlikely(now: int, before: int, share: float) -> float:
    """Logarithm of the two-sided probability that so many of all events, or more, or so few or fewer, fall in a part.

    ``share``: the part's share of all that could have them.
    """
    whole = now + before
    more = now >= whole * share
    tail = stats.binom.logsf(now - 1, whole, share) if more else stats.binom.logcdf(now, whole, share)
    return float(min(tail + np.log(2), 0.0))


def _smallest(found: Sequence[Finding]) -> list[Finding]:
    """Of units that hold each other the least likely one."""
    kept: list[Finding] = []
    for each in found:
        if not any(_nested(each, other) for other in kept):
            kept.append(each)
    return kept


def _nested(one: Finding, other: Finding) -> bool:
    return one.keys.items() <= other.keys.items() or other.keys.items() <= one.keys.items()


def once(found: Sequence[Finding], of_staff: Sequence[Finding]) -> list[Finding]:
    """Without leavers whom a fall (or a rise) of those employed or of worked time tells of at the same place."""
    people = [each for each in of_staff if each.measure in (HEADCOUNT, WORKED)]
    return [
        each
        for each in found
        if not any(
            each.deviation * other.deviation < 0
            and all(other.keys.get(key, code) == code for key, code in each.keys.items())
            for other in people
        )
    ]
