"""Baselines read from Swedish text, as strictly as the targets."""

from __future__ import annotations

import re

from analytics.goals.model import Baseline, Known, Unread
from analytics.goals.numerals import NUMBER, UNIT, clean, measured

_ABSENT = {
    "": "Ingångsvärdet är inte angivet.",
    "-": "Ingångsvärdet är inte fastställt.",
    "saknas": "Ingångsvärde saknas.",
    "ej relevant": "Ingångsvärde är inte relevant.",
}
_STATES = {"ja", "nej", "delvis", "ej infört", "befintlig"}
_VALUE = re.compile(rf"(?P<number>{NUMBER}) ?(?P<unit>{UNIT})?", re.IGNORECASE)
_DEFERRED = re.compile(r"(?:utfall|utgångsvärde) (?P<year>20\d\d)", re.IGNORECASE)
_OF_YEAR = re.compile(rf"utgångsvärde (?P<year>20\d\d) (?:AMI )?(?P<number>{NUMBER}) ?(?P<unit>{UNIT})?", re.IGNORECASE)
_SERIES = re.compile(rf"(?:(?:19|20)\d\d(?:: |=)(?:{NUMBER})(?: ?(?:{UNIT}))? ?)+(?:\([a-zåäö0-9 ]+\))?", re.IGNORECASE)
_POINT = re.compile(rf"(?<!\d)(?P<year>(?:19|20)\d\d)(?:: |=)(?P<number>{NUMBER}) ?(?P<unit>{UNIT})?", re.IGNORECASE)
_DEFERRED_WITH = re.compile(
    rf"utfall (?P<deferred>20\d\d) \(?utfall (?P<year>20\d\d)=(?P<number>{NUMBER}) ?(?P<unit>{UNIT})?\)?"
    r"(?: \([a-zåäö ]+\))?",
    re.IGNORECASE,
)


def parse_baseline(text: str) -> Baseline | Unread:  # noqa: PLR0911 - one form after another
    """What a baseline text says: values with their years, a state, a year that will give it, or why there is none.

    Returns :class:`Unread` with the reason in Swedish for a text that is none of the known forms.
    """
    cleaned = clean(text)
    lowered = cleaned.lower()
    if lowered in _ABSENT:
        return Baseline(absent=_ABSENT[lowered])
    if lowered in _STATES:
        return Baseline(state=lowered)
    match = _VALUE.fullmatch(cleaned)
    if match:
        return Baseline((_known(match),))
    match = _OF_YEAR.fullmatch(cleaned)
    if match:
        return Baseline((_known(match, int(match["year"])),))
    match = _DEFERRED.fullmatch(cleaned)
    if match:
        return Baseline(deferred_to=int(match["year"]))
    match = _DEFERRED_WITH.fullmatch(cleaned)
    if match:
        return Baseline((_known(match, int(match["year"])),), deferred_to=int(match["deferred"]))
    if _SERIES.fullmatch(cleaned):
        points = [_known(point, int(point["year"])) for point in _POINT.finditer(cleaned)]
        if len({point.year for point in points}) < len(points):
            return Unread("Ingångsvärdet har två värden för samma år.")
        return Baseline(tuple(sorted(points, key=lambda point: point.year or 0)))
    return Unread("Ingångsvärdets text har en form som inte kan läsas säkert.")


def _known(match: re.Match[str], year: int | None = None) -> Known:
    value, unit = measured(match["number"], (match["unit"] or "").lower())
    return Known(value, unit, year)
