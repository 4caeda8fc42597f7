"""Outcomes of indicators read from text, as strictly as the targets.

A number in the indicator's unit, a share by its parts, or a word. Anything else is refused; running text belongs in the
columns for forecast and comment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from analytics.goals import Indicator
from analytics.goals.numerals import NUMBER, clean, number

_PARTS = re.compile(rf"(?P<part>{NUMBER}) av (?P<whole>{NUMBER})", re.IGNORECASE)
_MEASURED = re.compile(rf"(?P<sign>[-\u2212\u2013] ?)?(?P<number>{NUMBER})(?: ?(?P<unit>[a-zåäö%].*))?", re.IGNORECASE)
_UNITS: dict[str, dict[str, int]] = {
    "%": {"": 1, "%": 1, "procent": 1},
    "antal": {"": 1, "antal": 1, "st": 1, "stycken": 1},
    "index": {"": 1, "index": 1},
    "kr": {"kr": 1, "kronor": 1, "tkr": 1_000, "mnkr": 1_000_000},
    "veckor": {"": 1, "veckor": 1},
    "år": {"": 1, "år": 1},
    "per 1 000 invånare": {"": 1, "per 1 000 invånare": 1},
    "årsarbetare": {"": 1, "årsarbetare": 1},
    "kg per årsarbetare": {"kg": 1, "kg per årsarbetare": 1, "ton": 1_000, "ton per årsarbetare": 1_000},
}
"""Units of the register → words for them in an outcome, and what they are multiplied by.

A number alone is read only where it can be meant in one unit: kronor come as tkr too, and the plans write ton for kg.
"""
_STATES = frozenset({
    "ja", "nej", "delvis", "infört", "införd", "ej infört", "framtagen", "framtaget", "ej framtagen", "genomfört",
    "genomförd", "genomförda", "ej genomfört", "fastställd", "fastställda", "ej fastställd", "påbörjat", "påbörjad",
    "ej påbörjat", "pågår", "befintlig",
})  # fmt: skip
_UNMEASURED = re.compile(r"saknas|uppföljning saknas|ej mätt|ej relevant|(?:utfall|utgångsvärde) 20\d\d", re.IGNORECASE)
NO_UNIT = "the indicator has no unit in the register: a number cannot be read"
NEEDS_UNIT = "the number stands without its unit, which can be more than one"
OTHER_UNIT = "the outcome has another unit than the indicator"
UNREADABLE = "the outcome cannot be read: it is no number, share or word that the layout knows"
WORD_FOR_NUMBER = "the outcome is a word, and the indicator is measured as a number"
PART_ABOVE_WHOLE = "the numerator is above the denominator"
NO_WHOLE = "the denominator is 0: there is no share"
NO_SHARE = "the outcome has a numerator and a denominator, and the indicator is no share"
ABOVE_100 = "a share is between 0 and 100 per cent"
BARE_FRACTION = "a share below 1 without the sign for per cent can be read in two ways"
NOT_COUNTED = "a count is a whole number, 0 or more"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an outcome says. All empty where nothing is reported."""

    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    state: str | None = None


def is_share(indicator: Indicator) -> bool:
    """Whether the outcome is a part of a whole; a change or a quota in per cent is not."""
    return indicator.unit == "%" and indicator.kind.startswith("andel")


def read(text: str, indicator: Indicator) -> Outcome | str:  # noqa: PLR0911 - one form after another
    """The outcome, or what is wrong with it (a text without the value). A share comes in per cent."""
    cleaned = clean(text)
    if not cleaned:
        return Outcome()
    if _UNMEASURED.fullmatch(cleaned):
        return Outcome(state=cleaned)
    if cleaned.casefold() in _STATES:
        return Outcome(state=cleaned) if indicator.direction in ("state", "none") else WORD_FOR_NUMBER
    parts = _PARTS.fullmatch(cleaned)
    if parts:
        return _share(number(parts["part"]), number(parts["whole"]), indicator)
    match = _MEASURED.fullmatch(cleaned)
    if match is None:
        return UNREADABLE
    if not indicator.unit:
        return NO_UNIT
    return _measured(match, indicator)


def _share(part: Fraction, whole: Fraction, indicator: Indicator) -> Outcome | str:
    if not is_share(indicator):
        return NO_SHARE
    if part.denominator != 1 or whole.denominator != 1:
        return NOT_COUNTED
    if whole == 0:
        return NO_WHOLE
    if part > whole:
        return PART_ABOVE_WHOLE
    return Outcome(float(part / whole * 100), float(part), float(whole))


def _measured(match: re.Match[str], indicator: Indicator) -> Outcome | str:
    unit = (match["unit"] or "").casefold()
    factor = _UNITS.get(indicator.unit, {"": 1}).get(unit)
    if factor is None:
        return OTHER_UNIT if unit else NEEDS_UNIT
    value = number(match["number"]) * factor * (-1 if match["sign"] else 1)
    if is_share(indicator):
        if not unit and 0 < value < 1:
            return BARE_FRACTION
        if not 0 <= value <= 100:
            return ABOVE_100
    if indicator.unit == "antal" and (value < 0 or value.denominator != 1):
        return NOT_COUNTED
    return Outcome(float(value))
