"""Whether what was read belongs together: a target and a baseline in the indicator's unit, a side in its direction."""

from __future__ import annotations

from analytics.goals.model import Baseline, Direction, Relative, State, Target, Threshold, Unread

_WRITTEN = {"%": "%", "kg per årsarbetare": "kg", "veckor": "veckor"}
"""Unit of the register → the unit that its numbers carry in the plans. Numbers of every other unit stand alone."""
_SIDES = {">=": "higher", ">": "higher", "<=": "lower", "<": "lower"}
_WHOLE = 100
_WAYS = {"not_worse": "higher", "higher": "higher", "lower": "lower", "reduced_by": "lower"}


def agreed_target(target: Target, *, direction: Direction, unit: str, kind: str) -> Target:
    """The target itself, or :class:`Unread` where it says something else than the reviewed direction and unit."""
    if isinstance(target, Unread):
        return target
    if isinstance(target, State) != (direction == "state") or direction == "none":
        return Unread("Målet och indikatorns slag hör inte ihop.")
    reason = _against(target, direction, unit, kind)
    return Unread(reason) if reason else target


def _against(target: Threshold | Relative | State, direction: Direction, unit: str, kind: str) -> str:
    if isinstance(target, Threshold):
        if target.unit != _WRITTEN.get(unit, ""):
            return "Målvärdet har en annan enhet än indikatorn."
        if _SIDES[target.comparison] != direction:
            return "Målvärdets sida och indikatorns riktning säger emot varandra."
        if kind.startswith("andel") and not 0 <= target.value <= _WHOLE:
            return "Målvärdet är en andel som inte finns."
    if isinstance(target, Relative) and _WAYS.get(target.relation, direction) != direction:
        return "Målet och indikatorns riktning säger emot varandra."
    return ""


def agreed_baseline(baseline: Baseline | Unread, *, direction: Direction, unit: str) -> Baseline | Unread:
    """The baseline itself, or :class:`Unread` where a value is in another unit than the indicator's."""
    if isinstance(baseline, Unread) or direction == "state":
        return baseline
    if any(known.unit != _WRITTEN.get(unit, "") for known in baseline.known):
        return Unread("Ingångsvärdet har en annan enhet än indikatorn.")
    return baseline
