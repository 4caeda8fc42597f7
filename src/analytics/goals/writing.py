"""Outcomes and limits as they are printed: exact up to two decimals, and never so that one looks like the other."""

from __future__ import annotations

from fractions import Fraction

from analytics import swedish
from analytics.goals.model import Threshold

_BARE = ("", "antal", "index")
_KRONOR = "kr"
_FINEST = 6


def written(value: Fraction, unit: str) -> str:
    """``75 %``, ``57,9``, ``−1 738 tkr``: with as many decimals as the value has, at most two, one where it has more.

    Kronor are printed in whole tkr, as in the form FR1.
    """
    return _with(value, unit, _places(value, unit))


def written_beside(value: Fraction, limit: Threshold, unit: str) -> str:
    """The value as :func:`written`, finer where rounding would put it on the other side of the limit.

    79,952 % has not reached 80 %: it is printed as 79,95 %.
    """
    reached = reaches(value, limit)
    fine = (places for places in range(1, _FINEST) if reaches(_rounded(value, unit, places), limit) == reached)
    places = _places(value, unit)
    if reaches(_rounded(value, unit, places), limit) != reached:
        places = next(fine, _FINEST)
    return _with(value, unit, places)


def reaches(value: Fraction, limit: Threshold) -> bool:
    """Whether a value is on the right side of the limit; the border belongs to ``>=`` and ``<=`` alone."""
    return {
        ">=": value >= limit.value,
        ">": value > limit.value,
        "<=": value <= limit.value,
        "<": value < limit.value,
    }[limit.comparison]


def _scale(unit: str) -> int:
    return 1000 if unit == _KRONOR else 1


def _places(value: Fraction, unit: str) -> int:
    if unit == _KRONOR:
        return 0
    return next((places for places in range(3) if value * 10**places % 1 == 0), 1)


def _rounded(value: Fraction, unit: str, places: int) -> Fraction:
    return Fraction(swedish.round_half_away(float(value / _scale(unit)), places)) * _scale(unit)


def _with(value: Fraction, unit: str, places: int) -> str:
    text = swedish.number(float(value / _scale(unit)), places)
    word = "tkr" if unit == _KRONOR else unit
    return text if word in _BARE else f"{text}{swedish.HARD_SPACE}{word}"
