"""Turnover: those who have left the employer, and those who have come, held against the months before.

A few leave or come in a year, so nothing is assumed of their noise: if the rate is as before, how they divide between
the two stretches follows from how many were employed in each (the exact conditional test of two Poisson rates).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import polars as pl
from scipy import stats

from analytics import swedish
from analytics.finder.alone import Candidate, told
from analytics.finder.axes import Axis
from analytics.finder.cube import organisation_axis
from analytics.finder.model import Evidence, Finding, NotLookedAt
from analytics.finder.people_cube import MEASURE as HEADCOUNT
from analytics.finder.people_cube import employed_months
from analytics.finder.staff_cube import WORKED
from analytics.measures import turnover
from analytics.measures.scope import Data, Scope, Slices
from analytics.organisation import LEVELS
from analytics.periods import PeriodRange

MEASURE: Final = "turnover_pct"
UNIT: Final = "personer"
SPANS: Final = (12, 3)
"""Months that are looked at, ending with the last: a year, and what has happened of late."""
DEGREES: Final = 24.0
NOW, BEFORE = "now", "before"
LEFT, STARTED = "left", "started"
MOVEMENTS: Final[Mapping[str, str]] = {LEFT: "avgångar", STARTED: "nyanställda"}
"""Key ``movement`` of a finding → Swedish. The catalogue has no measure of those who come: they are told beside."""


def findings(data: Data, scope: Scope, main: Data | None = None) -> tuple[list[Finding], list[NotLookedAt]]:
    """Units that more or fewer have left, or come to, than before, not yet ranked: the smallest that tells it.

    ``main``: the same data with the unit's main employments alone, where they are read already
    (:func:`people_cube.main_employments`). Whether somebody is new is seen in the employments of all administrations.
    """
    main = data if main is None else main
    months = employed_months(main, scope)
    if months is None:
        last = scope.staff_range.last.label
        return [], [NotLookedAt(MEASURE, f"anställningar saknas för {scope.unit_label} i {last}")]
    # Who is new in the first month is not known: the month before it is not there.
    known = {LEFT: months.first, STARTED: months.first.plus(1)}
    came = turnover.started(data, scope.unit, PeriodRange(known[STARTED], months.last)) if len(months) > 1 else None
    candidates: dict[str, list[Candidate]] = {movement: [] for movement in MOVEMENTS}
    for span in SPANS:
        now = PeriodRange(months.last.plus(1 - span), months.last)
        for movement, first in known.items():
            if first.plus(scope.settings.finder.least_months) > now.first:
                continue
            before = PeriodRange(first, now.first.plus(-1))
            slices = Slices({NOW: now, BEFORE: before})
            persons = turnover.permanent_persons(main, scope, slices, by=("base_unit", "cost_centre"))
            if movement == STARTED and came is not None:
                persons = pl.concat([persons, _came(came, slices)])
            if not persons.is_empty():
                candidates[movement] += _candidates(persons, scope, now, before, movement)
    rules = scope.settings.finder
    found = [each for some in candidates.values() for each in _smallest(told(some, rules))]
    short = _too_short(len(months), rules.least_months)
    if not short and not any(candidates.values()):
        text = f"ingen tillsvidareanställd har börjat hos eller lämnat arbetsgivaren under {len(months)} månader"
        short = [NotLookedAt(MEASURE, text)]
    return _refilled(found), short


def _too_short(months: int, least: int) -> list[NotLookedAt]:
    """What so many months are too few for: leavers, or those who come alone, who need one more."""
    needed = least + min(SPANS)
    if months < needed:
        return [NotLookedAt(MEASURE, f"bara {months} månader med anställningar finns; det krävs {needed}")]
    if months == needed:
        text = f"bara {months} månader med anställningar finns; för nyanställda krävs {needed + 1}"
        return [NotLookedAt(MEASURE, text)]
    return []


def _came(came: pl.DataFrame, slices: Slices) -> pl.DataFrame:
    """Those who came within each slice, as rows of ``turnover.permanent_persons``."""
    return pl.concat(
        came.filter(pl.col("start_date").is_between(months.first.first_day, months.last.last_day)).select(
            pl.lit(code).alias("slice"),
            pl.lit(STARTED).alias("role"),
            "base_unit",
            "cost_centre",
            "sex",
            "employee_key",
        )
        for code, months in slices.ranges.items()
    )


def _candidates(
    persons: pl.DataFrame, scope: Scope, now: PeriodRange, before: PeriodRange, movement: str
) -> list[Candidate]:
    newest = persons.sort("slice", "base_unit").unique("cost_centre", keep="last").sort("cost_centre")
    centres = dict(newest.select("cost_centre", "base_unit").rows())
    axis: Axis = organisation_axis(scope, centres)
    counts = {
        (part, role): _counts(persons, centres, part, role) @ axis.members.T
        for part in (NOW, BEFORE)
        for role in ("opening", "closing", movement)
    }
    found = []
    for place, node in enumerate(axis.nodes):
        stock = {
            part: (counts[part, "opening"][place] + counts[part, "closing"][place]) / 2 * len(months)
            for part, months in ((NOW, now), (BEFORE, before))
        }
        moved, earlier = int(counts[NOW, movement][place]), int(counts[BEFORE, movement][place])
        if min(stock.values()) <= 0 or not moved + earlier:
            continue
        expected = earlier * stock[NOW] / stock[BEFORE]
        inside = [code for code, member in zip(centres, axis.members[place], strict=True) if member]
        found.append(
            Candidate(
                measure=MEASURE,
                unit=UNIT,
                keys={**node.keys, "movement": movement},
                labels={**node.labels, "movement": MOVEMENTS[movement]},
                months=now,
                outcome=float(moved),
                expected=float(expected),
                scale=float(np.sqrt(max(expected, 1.0))),
                degrees=DEGREES,
                least=scope.settings.finder.fte,
                history=len(before),
                kind="lasting" if len(now) == max(SPANS) else "one_off",
                evidence=Evidence(
                    table="employments",
                    keys={
                        "administration": (scope.unit,),
                        "cost_centre": tuple(inside),
                        **({"leave_kind": ("external",)} if movement == LEFT else {}),
                    },
                    months=now,
                    rows=0,
                ),
                persons=min((count for count in (moved, earlier) if count), default=0),
                logp=unlikely(moved, earlier, stock[NOW] / (stock[NOW] + stock[BEFORE])),
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
    here, there = _place(one).items(), _place(other).items()
    return here <= there or there <= here


def _refilled(found: Sequence[Finding]) -> list[Finding]:
    """Posts that were left and filled again are told once: of leavers, who say how many have come in their place."""
    kept: list[Finding] = []
    for each in found:
        place = next((at for at, other in enumerate(kept) if _same_event(each, other)), None)
        if place is None:
            kept.append(each)
            continue
        left = kept[place]
        few = [one.persons for one in (left, each) if one.persons is not None]
        kept[place] = replace(left, note=_came_instead(each, left), persons=min(few, default=None))
    return kept


def _same_event(started: Finding, left: Finding) -> bool:
    """Whether more (or fewer) have come where more (or fewer) have left; both stretches end with the last month."""
    if (started.keys["movement"], left.keys["movement"]) != (STARTED, LEFT):
        return False
    return started.deviation * left.deviation > 0 and _nested(started, left)


def _came_instead(started: Finding, left: Finding) -> str:
    """How many have come, where and when if that is not as of the leavers."""
    when = "under samma tid" if started.months == left.months else started.months.label
    unit = next((started.labels[level] for level in reversed(LEVELS) if level in started.labels), "")
    where = "" if _place(started) == _place(left) else f" vid {unit}"
    return (
        f"{when} har {swedish.number(started.outcome, 0)} börjat{where}, "
        f"mot väntade {swedish.number(started.expected, 0)}"
    )


def _place(found: Finding) -> dict[str, str]:
    return {key: code for key, code in found.keys.items() if key != "movement"}


def once(found: Sequence[Finding], of_staff: Sequence[Finding]) -> list[Finding]:
    """Without those whom a change of those employed or of worked time tells of at the same place.

    More who leave make them fewer, more who come make them more.
    """
    people = [each for each in of_staff if each.measure in (HEADCOUNT, WORKED)]
    return [
        each
        for each in found
        if not any(
            each.deviation * other.deviation * (1 if each.keys["movement"] == STARTED else -1) > 0
            and all(other.keys.get(key, code) == code for key, code in _place(each).items())
            for other in people
        )
    ]
