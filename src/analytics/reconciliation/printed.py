"""Printed figures: the number, how many decimals it was printed with, and so how wide its rounding interval is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_NUMBER = re.compile(r"[-\u2212\u2013]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:,\d+)?|[-\u2212\u2013]?\d+(?:[.,]\d+)?")
_WHOLE = re.compile(rf"(?:{_NUMBER.pattern})(?:[ \u00a0\u202f]?%)?")
_SPACES = re.compile(r"[ \u00a0\u202f]")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it was printed. ``half`` is half a unit of its last printed digit."""

    value: Decimal
    decimals: int

    @property
    def half(self) -> Decimal:
        return Decimal(5).scaleb(-self.decimals - 1)


def parse(text: str) -> Figure | None:
    """Read ``-1 257``, ``6,69``, ``0,6%`` or ``2.5``; None where the text is not one number and nothing else."""
    stripped = text.strip()
    return _figure(stripped.rstrip("%")) if _WHOLE.fullmatch(stripped) else None


def numbers_in(text: str) -> tuple[Figure, ...]:
    """Every number in a phrase (``motsvarande 2 mnkr``), in order."""
    return tuple(_figure(match) for match in _NUMBER.findall(text))


def _figure(text: str) -> Figure:
    plain = _SPACES.sub("", text).replace("\u2212", "-").replace("\u2013", "-").replace(",", ".")
    return Figure(Decimal(plain), len(plain.partition(".")[2]))
