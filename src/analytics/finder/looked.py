"""What findings of one unit's ledger are told from, and what they all are made with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from analytics.finder import parts
from analytics.finder.axes import Axis, Floats
from analytics.finder.cube import Cube
from analytics.finder.events import Place
from analytics.finder.kinds import leaves_of, origins_of
from analytics.finder.ledger_cube import LedgerCube
from analytics.finder.model import Comparison, Evidence, Finding, Kind, Part
from analytics.finder.parts import Piece
from analytics.finder.postings import Postings
from analytics.finder.screening import Stretch, Window
from analytics.measures import ledger
from analytics.measures.ledger import ORE
from analytics.measures.scope import Data, Scope, collect
from analytics.periods import PeriodRange

UNRANKED = 0


@dataclass(frozen=True)
class Looked:
    """All that findings of one unit's ledger are told from."""

    scope: Scope
    ledger: LedgerCube
    windows: Mapping[Stretch, Window]
    facts: Postings
    seasonal: Floats | None = None
    """Organisation × detail × month so far: the seasonal budget."""

    @property
    def cube(self) -> Cube:
        return self.ledger.outcome


@dataclass(frozen=True, kw_only=True)
class Story:
    """One finding before it is written out: ``place`` names it, ``places`` are what it is about, in pieces."""

    place: Place
    places: Sequence[Place]
    pieces: Sequence[Piece]
    months: PeriodRange
    comparison: Comparison
    kind: Kind
    history: int
    logp: float
    persistence: int
    so_far: PeriodRange | None = None
    """The months that the other comparisons are of, where they are others: of a forecast those with outcome."""
    evidence: Evidence | None = None
    """Where the rows are, if they are not the outcome of its months."""


def finding(looked: Looked, story: Story) -> Finding:
    """Whole numbers → kronor, with keys, names, the other comparisons and where the rows are."""
    cube = looked.cube
    keys = parts.keys_of(cube, story.place)
    outcome = sum(piece.outcome for piece in story.pieces)
    expected = sum(piece.expected for piece in story.pieces)
    return Finding(
        id=identity(cube.measure, story.comparison, keys, story.months),
        measure=cube.measure,
        unit=cube.unit,
        keys=keys,
        labels=parts.labels_of(cube, story.place),
        months=story.months,
        comparison=story.comparison,
        outcome=outcome / ORE,
        expected=expected / ORE,
        deviation=(expected - outcome) / ORE,
        kind=story.kind,
        parts=tuple(part(cube, story.place, piece) for piece in story.pieces),
        history=story.history,
        p_value=float(np.exp(story.logp)),
        persistence=story.persistence,
        rank=UNRANKED,
        evidence=story.evidence or _outcome(looked, story.places, story.months),
        also=also(looked, story.places, story.so_far or story.months, but=story.comparison),
    )


def _outcome(looked: Looked, places: Sequence[Place], months: PeriodRange) -> Evidence:
    """The postings of some series."""
    keys = _keys(looked, places, "outcome")
    centres, accounts = set(keys["cost_centre"]), set(keys["account"])
    rows = looked.facts.of(centres, accounts, months.months, keys.get("origin", ()))["rows"]
    return Evidence(table="ledger", keys=keys, months=months, rows=rows)


def evidence(
    looked: Looked, data: Data, places: Sequence[Place], months: PeriodRange, *, kind: str = "outcome"
) -> Evidence:
    """Rows of the ledger of some series and any months, counted in the data."""
    keys = _keys(looked, places, kind)
    rows = ledger.counted(data, looked.scope, projects=False).filter(nw.col("period").is_in(months.months))
    for column, codes in keys.items():
        rows = rows.filter(nw.col(column).is_in(list(codes)))
    return Evidence(table="ledger", keys=keys, months=months, rows=collect(rows.select("period")).height)


def _keys(looked: Looked, places: Sequence[Place], kind: str) -> dict[str, tuple[str, ...]]:
    leaves = [leaves_of(looked.cube, place) for place in places]
    origins = origins_of(looked.cube, places)
    return {
        "administration": (looked.scope.unit,),
        "kind": (kind,),
        "cost_centre": tuple(sorted(set().union(*(each[0] for each in leaves)))),
        "account": tuple(sorted(set().union(*(each[1] for each in leaves)))),
        **({"origin": origins} if origins else {}),
    }


def common(cube: Cube, one: Place, other: Place) -> Place:
    """The smallest series that holds both."""
    return _over(cube.organisation, one[0], other[0]), _over(cube.detail, one[1], other[1])


def _over(axis: Axis, node: int, other: int) -> int:
    while not axis.within(other, node):
        node = int(axis.parent[node])
    return node


def part(cube: Cube, within: Place, piece: Piece) -> Part:
    """A piece with the keys that the whole does not have, in kronor."""
    keys, label = parts.narrowing(cube, piece.place, within) if piece.place else ({}, "övrigt")
    return Part(
        keys=keys,
        label=label,
        outcome=piece.outcome / ORE,
        expected=piece.expected / ORE,
        deviation=-piece.excess / ORE,
    )


def identity(measure: str, comparison: Comparison, keys: Mapping[str, str], months: PeriodRange) -> str:
    """The same thing found again has the same id."""
    span = str(months.last) if len(months) == 1 else f"{months.first}--{months.last}"
    return "-".join((measure, comparison, *keys.values(), span))


def persistence(steps: Sequence[float], excess: float) -> int:
    """Months in a row, ending with the last, that deviate the same way; at least the one that is told."""
    count = 0
    for step in reversed(steps):
        if step * excess <= 0:
            break
        count += 1
    return max(count, 1)


def also(looked: Looked, places: Sequence[Place], months: PeriodRange, *, but: Comparison) -> dict[Comparison, float]:
    """The deviation against what else there is to compare with, over the same months, in kr."""
    cube, held = looked.cube, looked.ledger
    outcome = sum(amount(cube, place, months) for place in places)
    found: dict[Comparison, float] = {}
    if held.budget is not None and months.first.year == looked.scope.period.year:
        inside = [month.month - 1 for month in months]
        total = sum(int(cut(cube, held.budget, place)[:, :, inside].sum()) for place in places)
        found["budget"] = (total - outcome) / ORE
    if cube.position(months.previous_year.first) >= 0:
        before = sum(amount(cube, place, months.previous_year) for place in places)
        found["previous"] = (before - outcome) / ORE
    if held.forecast is not None and held.budget is not None:
        year = sum(int(cut(cube, held.budget, place).sum()) for place in places)
        found["forecast"] = (year - sum(int(cut(cube, held.forecast, place).sum()) for place in places)) / ORE
    if looked.seasonal is not None and months == looked.scope.ledger_range:
        total = round(sum(float(looked.seasonal[place].sum()) for place in places))
        found["seasonal"] = (total - outcome) / ORE
    window = next((each for each in looked.windows.values() if each.months == months), None)
    if window is not None:
        found["expected"] = (sum(round(float(window.expected[place])) for place in places) - outcome) / ORE
    found.pop(but, None)
    return found


def cut(cube: Cube, values: NDArray[np.int64], place: Place) -> NDArray[np.int64]:
    """The leaves of one series."""
    inside: NDArray[np.int64] = values[
        np.ix_(np.flatnonzero(cube.organisation.members[place[0]]), np.flatnonzero(cube.detail.members[place[1]]))
    ]
    return inside


def amount(cube: Cube, place: Place, months: PeriodRange) -> int:
    """The outcome of one series over some months, in the whole numbers of the cube."""
    start, end = cube.position(months.first), cube.position(months.last)
    return int(cube.series[place[0], place[1], start : end + 1].sum())
