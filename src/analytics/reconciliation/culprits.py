"""Which single figure would settle several contradictions: where a person should look first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from analytics.reconciliation.findings import Finding, Result
from analytics.reconciliation.identities import Identity, text
from analytics.reconciliation.published import Cell
from analytics.reconciliation.systems import connected, variable

NAME = "single source"
LEAST_RELATIONS = 2
"""One relation alone cannot say which of its figures is wrong."""


@dataclass(frozen=True, slots=True)
class _Span:
    low: Decimal
    high: Decimal

    def within(self, other: _Span) -> _Span:
        return _Span(max(self.low, other.low), min(self.high, other.high))


def check(identities: Sequence[Identity]) -> Iterator[Result]:
    """One finding per group of contradicting relations that exactly one figure explains."""
    contradicting = [identity for identity in identities if identity.verdict == "contradiction"]
    by_cell: dict[str, list[Identity]] = {}
    for identity in identities:
        for cell in _cells(identity):
            by_cell.setdefault(variable(cell), []).append(identity)
    for group in connected(contradicting):
        if len(group) < LEAST_RELATIONS:
            continue
        explained = [(cell, span) for cell in _shared(group) if (span := _implied(cell, by_cell[variable(cell)]))]
        if len(explained) == 1:
            yield Result(NAME, _finding(*explained[0], len(group)))


def _cells(identity: Identity) -> list[Cell]:
    return [identity.target, *(cell for _, cell in identity.terms)]


def _shared(group: Sequence[Identity]) -> list[Cell]:
    names = set.intersection(*({variable(cell) for cell in _cells(identity)} for identity in group))
    return [cell for cell in _cells(group[0]) if variable(cell) in names]


def _implied(cell: Cell, identities: Sequence[Identity]) -> _Span | None:
    """The span of values of the cell with which every relation it is in holds; None if there is none."""
    span: _Span | None = None
    for identity in identities:
        sign = 1 if variable(identity.target) == variable(cell) else 0
        sign -= sum(each for each, term in identity.terms if variable(term) == variable(cell))
        if not sign:
            continue
        off = identity.off * identity.target.scale / cell.scale / sign
        tolerance = identity.tolerance * identity.target.scale / cell.scale
        one = _Span(cell.value - off - tolerance, cell.value - off + tolerance)
        span = one if span is None else span.within(one)
    return span if span is not None and span.low <= span.high else None


def _finding(cell: Cell, span: _Span, relations: int) -> Finding:
    return Finding(
        file=cell.file,
        location=cell.location,
        check=NAME,
        printed=cell.shown,
        recomputed=text((span.low + span.high) / 2),
        verdict="contradiction",
        why=(
            f"{relations} relations contradict each other, and this figure alone is in all of them: with a value from "
            f"{text(span.low)} to {text(span.high)} every relation it is in holds."
        ),
    )
