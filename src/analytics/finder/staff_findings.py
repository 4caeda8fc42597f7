"""Findings of staff: events of hours told with parts, kind, and how few persons are behind them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from analytics.finder import last_year, parts
from analytics.finder.axes import Floats
from analytics.finder.cube import Cube
from analytics.finder.events import Event, Place, events, paired
from analytics.finder.kinds import (
    NOTHING,
    ONE_MONTH,
    TWICE,
    WHOLE_UNIT,
    evens,
    is_lasting,
    moved_together,
    over_the_range,
)
from analytics.finder.looked import UNRANKED, amount, common, identity, persistence
from analytics.finder.model import Comparison, Evidence, Finding, Kind, Part
from analytics.finder.pay import Hours
from analytics.finder.people_cube import MEASURE as HEADCOUNT
from analytics.finder.screening import Stretch, Window, windows
from analytics.finder.staff_cube import ABSENCE, HOURLY, WORKED, StaffCube
from analytics.measures.scope import Scope
from analytics.periods import PeriodRange

MOST_TWICE: Final = 1.7
"""Twice the ordinary hours is more than twice the worked: absence comes once."""
LEAST_ALIKE: Final = 0.4
"""Hours and persons tell of the same if the smaller change is so much of the larger: some are away, some part-time."""


def findings(cubes: list[StaffCube], scope: Scope) -> tuple[list[Finding], Hours | None]:
    """The unit's findings of hours, not yet ranked. What worked time shows of the others is told by them alone.

    And the paid time that staff cost follows.
    """
    found: list[Finding] = []
    hours = None
    for each in cubes:
        last = len(each.cube.months) - 1
        if last <= scope.settings.finder.least_months:
            continue
        seen = windows(each.cube, last, len(scope.staff_range))
        if each.cube.measure == HEADCOUNT:
            found += _of_last_day(each, seen, scope)
            continue
        if each.paid is not None:
            paid = windows(each.paid, last, len(scope.staff_range))
            hours = Hours(each.paid, paid["range"]) if "range" in paid else None
        whole = seen["range"].excess.copy() if "range" in seen else None
        told = [over_the_range(each.cube, seen, event) for event in events(each.cube, seen, scope.settings.finder)]
        found += [_told(each, seen, event, scope) for event in paired(each.cube, told)]
        if whole is not None:
            found += _of_last_year(each, seen["range"], whole - seen["range"].excess, scope)
    return once(found), hours


def _of_last_year(staff: StaffCube, ranged: Window, explained: Floats, scope: Scope) -> list[Finding]:
    """What differs from the same months last year beyond what is told, unless it is one month of last year alone."""
    cube = staff.cube
    window = last_year.against(cube, ranged, explained=explained, planned=np.zeros(cube.shape))
    if window is None:
        return []
    found = []
    for event in last_year.unexplained(cube, window, scope.settings.finder):
        if last_year.month_of(window, event) is not None:
            continue
        story = _divided(cube, window, event, scope)
        lasting = is_lasting(last_year.steps_of(window, event.place))
        kind: Kind = "spread" if story.spread or not lasting else "lasting"
        if event.other is not None:
            kind = _move(cube, window, event.place, event.other)
        elif cube.measure == WORKED:
            kind = "volume"
        months = last_year.persistence(window, event)
        found.append(_finding(staff, scope, window, event, story, comparison="previous", kind=kind, months=months))
    return found


def _of_last_day(staff: StaffCube, seen: dict[Stretch, Window], scope: Scope) -> list[Finding]:
    """Findings of employees: those of the last day, for persons do not add up over months or come later."""
    month = replace(seen["month"], before=None, after=None)
    ranged = seen.get("range")
    looked: dict[Stretch, Window] = {"month": month}
    found = events(staff.cube, looked, scope.settings.finder)
    whole: dict[Stretch, Window] = {"month": month, **({"range": ranged} if ranged is not None else {})}
    return [_told(staff, whole, event, scope) for event in found]


def once(found: list[Finding]) -> list[Finding]:
    """Without what tells the same again: overtime is worked time, and absence takes from it; so do those employed.

    A month of hours that is missing or doubled is told of worked time; otherwise the kind of hours tells more. Those
    employed are told where the hours do not tell it.
    """
    heads = [each for each in found if each.measure == HEADCOUNT]
    found = [each for each in found if each.measure != HEADCOUNT]
    heads = [each for each in heads if not any(_told_in_hours(each, other) for other in found)]
    worked = [each for each in found if each.measure == WORKED]
    others = [each for each in found if each.measure != WORKED]
    whole = [each for each in worked if each.kind in ("missing", "doubled")]
    others = [each for each in others if not any(_same(each, wide, exact=False) for wide in whole)]
    worked = [each for each in worked if not any(_same(each, other, exact=True) for other in others)]
    return [*others, *worked, *heads]


def _told_in_hours(head: Finding, other: Finding) -> bool:
    """Whether worked time, or the hours of the hourly paid, tell of a change of those employed."""
    if other.measure not in (WORKED, HOURLY):
        return False
    if any(other.keys.get(key, code) != code for key, code in head.keys.items()):
        return False
    sign = 1 if other.measure == WORKED else -1
    own = max((head.deviation, *(part.deviation for part in head.parts)), key=abs)
    theirs = (sign * other.deviation, *(sign * part.deviation for part in other.parts))
    return any(LEAST_ALIKE <= each / own <= 1 / LEAST_ALIKE for each in theirs)


def _same(one: Finding, other: Finding, *, exact: bool) -> bool:
    """Whether one lies within the other; ``exact``: and is about as large."""
    mine = {key: code for key, code in one.keys.items() if key != "absence_group"}
    theirs = {key: code for key, code in other.keys.items() if key != "absence_group"}
    nested = all(theirs.get(key, code) == code for key, code in mine.items())
    if not nested or not exact:
        return nested
    deviation = -other.deviation if other.measure == ABSENCE else other.deviation
    return one.deviation * deviation > 0 and 0.5 <= one.deviation / deviation <= 2


def _told(staff: StaffCube, seen: dict[Stretch, Window], event: Event, scope: Scope) -> Finding:
    cube, ranged = staff.cube, seen.get("range")
    steps = ranged.steps[event.place].tolist() if ranged is not None and ranged.steps is not None else []
    enough = abs(sum(steps)) >= cube.size(len(steps))
    of_last_day = cube.measure == HEADCOUNT
    if event.stretch != "range" and not of_last_day and is_lasting(steps) and steps[-1] * event.excess > 0 and enough:
        event = replace(event, stretch="range", excess=float(sum(steps)))
    window = seen[event.stretch]
    story = _divided(cube, window, event, scope)
    kind = _kind(cube, window, event, steps, spread=story.spread)
    months = persistence(steps, event.excess)
    return _finding(staff, scope, window, event, story, comparison="expected", kind=kind, months=months)


@dataclass(frozen=True)
class _Divided:
    """An event in pieces: what names it, what it is about, and whether no few parts carry it."""

    place: Place
    places: list[Place]
    pieces: list[parts.Piece]
    spread: bool


def _divided(cube: Cube, window: Window, event: Event, scope: Scope) -> _Divided:
    if event.other is not None:
        sides = [event.place, event.other]
        return _Divided(common(cube, *sides), sides, [parts.piece(window, each) for each in sides], spread=False)
    pieces, spread = parts.pieces(cube, window, event.place, scope.settings.finder.explained_pct / 100)
    return _Divided(event.place, [event.place], pieces, spread)


def _finding(  # noqa: PLR0913 - what a finding says
    staff: StaffCube,
    scope: Scope,
    window: Window,
    event: Event,
    story: _Divided,
    *,
    comparison: Comparison,
    kind: Kind,
    months: int,
) -> Finding:
    """The finding of an event; ``months``: in how many in a row."""
    cube = staff.cube
    per = cube.per_unit * len(window.months)
    outcome, expected = sum(piece.outcome for piece in story.pieces), sum(piece.expected for piece in story.pieces)
    keys = parts.keys_of(cube, story.place)
    also = _also(cube, story.places, window.months, outcome)
    also.pop(comparison, None)
    return Finding(
        id=identity(cube.measure, comparison, keys, window.months),
        measure=cube.measure,
        unit=cube.unit,
        keys=keys,
        labels=parts.labels_of(cube, story.place),
        months=window.months,
        comparison=comparison,
        outcome=outcome / per,
        expected=expected / per,
        deviation=(outcome - expected) / per,
        kind=kind,
        parts=tuple(_part(staff, story.place, piece, window.months) for piece in story.pieces),
        history=window.history,
        p_value=float(np.exp(event.logp)),
        persistence=months,
        rank=UNRANKED,
        evidence=_evidence(staff, story.places, window.months, scope),
        also=also,
        persons=min(persons(staff, each, window.months) for each in story.places),
    )


def _part(staff: StaffCube, within: Place, piece: parts.Piece, months: PeriodRange) -> Part:
    per = staff.cube.per_unit * len(months)
    keys, label = parts.narrowing(staff.cube, piece.place, within) if piece.place else ({}, "övrigt")
    return Part(
        keys=keys,
        label=label,
        outcome=piece.outcome / per,
        expected=piece.expected / per,
        deviation=piece.excess / per,
        persons=persons(staff, piece.place, months) if piece.place else 0,
    )


def _kind(cube: Cube, window: Window, event: Event, steps: list[float], *, spread: bool) -> Kind:
    """Moves first, then what one month tells, then a new level."""
    if event.other is not None:
        return _move(cube, window, event.place, event.other)
    if cube.measure == HEADCOUNT:
        return "spread" if spread else "lasting"
    alone = _month_alone(cube, window, event, steps)
    told = _of_one_month(event, *alone) if alone is not None else None
    if told is not None:
        return told
    if cube.measure == WORKED:
        return "volume"
    return "spread" if spread else "lasting" if alone is None else "one_off"


def _move(cube: Cube, window: Window, place: Place, other: Place) -> Kind:
    if other[0] == place[0]:
        return "mix"
    return "reorganisation" if moved_together(cube, window, place) >= WHOLE_UNIT else "moved_unit"


def _month_alone(cube: Cube, window: Window, event: Event, steps: list[float]) -> tuple[float, float] | None:
    """Outcome and expected of the month that an event is in, or None if it is in several."""
    if event.stretch != "range":
        return float(window.outcome[event.place]), float(window.expected[event.place])
    carrying = [place for place, step in enumerate(steps) if step / event.excess >= ONE_MONTH]
    if not carrying:
        return None
    outcome = float(cube.series[(*event.place, cube.position(window.months.first) + carrying[0])])
    return outcome, outcome - steps[carrying[0]]


def _of_one_month(event: Event, outcome: float, expected: float) -> Kind | None:
    excess = outcome - expected
    if evens(event.before, event.before_logp, event.excess):
        return "late" if excess * expected > 0 else "early"
    if expected and outcome / expected <= NOTHING:
        return "missing"
    if expected and TWICE[0] <= excess / expected <= MOST_TWICE:
        return "doubled"
    return None


def persons(staff: StaffCube, place: Place, months: PeriodRange) -> int:
    """How few persons are behind a series: in its months, in as many just before them, or in the same last year."""
    before = PeriodRange(months.first.plus(-len(months)), months.first.plus(-1))
    rows = _rows(staff, place)
    spans = (months, before, months.previous_year)
    counts = [rows.filter(pl.col("period").is_in(span.months))["employee_key"].n_unique() for span in spans]
    return min((count for count in counts if count), default=0)


def _rows(staff: StaffCube, place: Place) -> pl.DataFrame:
    centres, groups, absences = _codes(staff.cube, place)
    chosen = pl.col("cost_centre").is_in(centres) & pl.col("group").is_in(groups)
    return staff.persons.filter(chosen & pl.col("absence_group").is_in(absences) if absences else chosen)


def _codes(cube: Cube, place: Place) -> tuple[set[str], set[str], set[str]]:
    """Cost centres, personnel groups and absence groups of a series."""
    units, detail = cube.organisation, cube.detail
    leaves = [detail.nodes[int(detail.leaf_node[leaf])].keys for leaf in np.flatnonzero(detail.members[place[1]])]
    centres = {
        units.nodes[int(units.leaf_node[leaf])].keys["cost_centre"] for leaf in np.flatnonzero(units.members[place[0]])
    }
    groups = {keys["personnel_group"] for keys in leaves}
    return centres, groups, {keys["absence_group"] for keys in leaves if "absence_group" in keys}


def _evidence(staff: StaffCube, places: list[Place], months: PeriodRange, scope: Scope) -> Evidence:
    """Where the hours are. The table of hours knows no groups: those of absence, or all of the cost centres."""
    codes = [_codes(staff.cube, place) for place in places]
    centres = set().union(*(each[0] for each in codes))
    keys: dict[str, tuple[str, ...]] = {"administration": (scope.unit,), "cost_centre": tuple(sorted(centres))}
    table = "time" if staff.cube.measure != HEADCOUNT else "employments"
    if staff.cube.measure == ABSENCE:
        table, keys = "absence", {"absence_group": tuple(sorted(set().union(*(each[2] for each in codes))))}
    rows = pl.concat([_rows(staff, place) for place in places]).filter(pl.col("period").is_in(months.months)).height
    return Evidence(table=table, keys=keys, months=months, rows=rows)


def _also(cube: Cube, places: list[Place], months: PeriodRange, outcome: int) -> dict[Comparison, float]:
    if cube.position(months.previous_year.first) < 0:
        return {}
    before = sum(amount(cube, place, months.previous_year) for place in places)
    return {"previous": (outcome - before) / (cube.per_unit * len(months))}
