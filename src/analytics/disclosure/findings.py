"""Findings of the finder before they leave: what is about few persons is withheld, whole or part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analytics.finder.model import Finding, Part
from analytics.measures.catalogue import TABLES
from analytics.settings import Audience

SICK_LEAVE = ("sick_leave_pct", "sick_leave_disclosure")
ABSENCE = ("absence_fte",)
REST = "övrigt"
BETWEEN = frozenset({"moved_account", "moved_unit", "reorganisation", "misplaced_budget"})
"""Kinds that are about two sides, which are the parts: nothing without them."""


@dataclass(frozen=True, slots=True)
class SharedFindings:
    """Findings that may be shown to an audience, ranked anew, and how many were withheld."""

    findings: tuple[Finding, ...]
    withheld: int


def protect(findings: Sequence[Finding], audience: Audience, *, sick_groups: frozenset[str]) -> SharedFindings:
    """What may be shown of these findings.

    A finding about persons with fewer behind it than the limit of its measure and the audience is withheld; so is one
    that lies within another, if the persons by which they differ would be as few. Small parts go into the rest.
    ``sick_groups``: the absence groups that are sick leave, which has a limit of its own.
    """
    kept: list[Finding] = []
    for finding in findings:
        least = _least(finding, audience, sick_groups)
        if finding.persons is not None and finding.persons < least:
            continue
        if any(_tells(finding, other, least) for other in kept):
            continue
        told = finding if finding.persons is None else replace(finding, parts=_parts(finding.parts, least))
        if told.parts or told.kind not in BETWEEN:
            kept.append(told)
    ranked = tuple(replace(finding, rank=place) for place, finding in enumerate(kept, start=1))
    return SharedFindings(ranked, len(findings) - len(kept))


def _least(finding: Finding, audience: Audience, sick_groups: frozenset[str]) -> int:
    """The fewest persons that may be behind it."""
    named = {keys["absence_group"] for keys in (finding.keys, *_keys(finding.parts)) if "absence_group" in keys}
    # Absence of all groups holds the sick leave too.
    if finding.measure in TABLES and TABLES[finding.measure].protection == "patients":
        return audience.patients_fewer_than
    if finding.measure in SICK_LEAVE or (finding.measure in ABSENCE and (not named or named & sick_groups)):
        return max(audience.sick_leave_at_most + 1, audience.staff_fewer_than)
    return audience.staff_fewer_than


def _keys(parts: Sequence[Part]) -> list[Mapping[str, str]]:
    return [part.keys for part in parts]


def _tells(finding: Finding, other: Finding, least: int) -> bool:
    """Whether two findings of which one lies within the other differ by few persons."""
    if finding.persons is None or other.persons is None:
        return False
    if (finding.measure, finding.months) != (other.measure, other.months):
        return False
    nested = finding.keys.items() <= other.keys.items() or other.keys.items() <= finding.keys.items()
    return nested and 0 < abs(finding.persons - other.persons) < least


def _parts(parts: Sequence[Part], least: int) -> tuple[Part, ...]:
    """The parts that may be named, and the rest. None, if the rest would tell a part by subtraction."""
    small = [part for part in parts if part.persons is not None and part.persons < least]
    if not small:
        return tuple(parts)
    named = [part for part in parts if part not in small and not part.is_rest]
    hidden = [part for part in parts if part in small or part.is_rest]
    if len(hidden) < 2 or sum(part.persons or 0 for part in hidden) < least:
        if not named:
            return ()
        fewest = min(named, key=lambda part: (part.persons or 0, part.label))
        named.remove(fewest)
        hidden.append(fewest)
    if not named or len(hidden) < 2:
        return ()
    rest = Part(
        keys={},
        label=REST,
        outcome=sum(part.outcome for part in hidden),
        expected=sum(part.expected for part in hidden),
        deviation=sum(part.deviation for part in hidden),
        persons=sum(part.persons or 0 for part in hidden),
    )
    return (*named, rest)
