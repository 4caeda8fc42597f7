"""Numbers as the plans write them: ``63,6``, ``1 257``, ``två``."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

NUMBER = r"\d{1,3}(?: \d{3}(?!\d))+(?:,\d+)?|\d+(?:,\d+)?"
UNIT = r"%|procent|ton|kg|veckor|veckors"
COUNT_WORDS = {
    "en": 1, "ett": 1, "två": 2, "tre": 3, "fyra": 4, "fem": 5, "sex": 6, "sju": 7, "åtta": 8, "nio": 9, "tio": 10,
    "elva": 11, "tolv": 12,
}  # fmt: skip
COUNT = "|".join(COUNT_WORDS)
_MARKS = re.compile(r"(?:\s*[¹²³⁴⁵⁶⁷⁸⁹⁰])+$")
_UNITS = {"%": "%", "procent": "%", "ton": "kg", "kg": "kg", "veckor": "veckor", "veckors": "veckor", "": ""}
_FACTORS = {"ton": 1000}


def clean(text: str) -> str:
    """NFC, ordinary spaces, single, without footnote marks at the end."""
    plain = unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("\u202f", " ")
    return _MARKS.sub("", re.sub(r"\s+", " ", plain).strip())


def number(text: str) -> Fraction:
    """``1 257,5`` → 1257.5 exactly. The text must match :data:`NUMBER`."""
    return Fraction(text.replace(" ", "").replace(",", "."))


def measured(text: str, unit: str) -> tuple[Fraction, str]:
    """A number with its unit in the unit that is compared: ton become kg."""
    return number(text) * _FACTORS.get(unit, 1), _UNITS[unit]
