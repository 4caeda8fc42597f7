"""Series that are in no cube: each is judged by itself, and all of a measure together against chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from analytics.finder.looked import UNRANKED, identity, persistence
from analytics.finder.model import Comparison, Evidence, Finding, Kind, Part
from analytics.finder.screening import limit, two_sided
from analytics.periods import PeriodRange
from analytics.settings import Finder


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One series over one stretch of months, with what is expected and how far it usually falls from that.

    ``least`` is the declared size in the unit of the series. ``logp`` is given where the deviation is counted exactly
    (events), and otherwise follows from ``scale`` and ``degrees``. The other fields are those of a finding; ``steps``
    are the deviations of the months that lead up to it.
    """

    measure: str
    unit: str
    keys: Mapping[str, str]
    labels: Mapping[str, str]
    months: PeriodRange
    outcome: float
    expected: float
    scale: float
    degrees: float
    least: float
    history: int
    kind: Kind
    evidence: Evidence
    steps: Sequence[float] = ()
    parts: tuple[Part, ...] = ()
    persons: int | None = None
    note: str = ""
    also: Mapping[Comparison, float] = field(default_factory=dict)
    logp: float | None = None

    @property
    def excess(self) -> float:
        return self.outcome - self.expected

    @property
    def unlikeliness(self) -> float:
        """Logarithm of the probability of so large a deviation, in either direction."""
        if self.logp is not None:
            return self.logp
        if self.scale <= 0:
            return 0.0
        return float(two_sided(np.array(self.excess / self.scale), np.array(self.degrees)))


def told(candidates: Sequence[Candidate], rules: Finder) -> list[Finding]:
    """Those that are large, as unlikely as ``noise`` usual deviations, and so few that they are not chance.

    Of several stretches of months of one series that on which it has lasted is told, and otherwise the least likely.
    """
    if not candidates:
        return []
    logp = np.array([each.unlikeliness for each in candidates])
    allowed = limit([logp], np.ones(len(logp), dtype=bool), rules.false_share)
    chosen: dict[tuple[str, ...], tuple[Candidate, float]] = {}
    for place in np.argsort(logp, kind="stable"):
        each = candidates[int(place)]
        far = float(two_sided(np.array(rules.noise), np.array(each.degrees)))
        if abs(each.excess) < each.least or logp[place] > min(allowed, far):
            continue
        name = (each.measure, *each.keys.values())
        if name not in chosen or (each.kind == "lasting" and chosen[name][0].kind != "lasting"):
            chosen[name] = each, float(logp[place])
    return [_finding(*each) for each in chosen.values()]


def _finding(each: Candidate, logp: float) -> Finding:
    return Finding(
        id=identity(each.measure, "expected", each.keys, each.months),
        measure=each.measure,
        unit=each.unit,
        keys=each.keys,
        labels=each.labels,
        months=each.months,
        comparison="expected",
        outcome=each.outcome,
        expected=each.expected,
        deviation=each.excess,
        kind=each.kind,
        parts=each.parts,
        history=each.history,
        p_value=float(np.exp(logp)),
        persistence=persistence(each.steps, each.excess),
        rank=UNRANKED,
        evidence=each.evidence,
        also=each.also,
        persons=each.persons,
        note=each.note,
    )
