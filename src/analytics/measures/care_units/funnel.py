"""Limits of a funnel plot: how far a unit's share lies from the group's by chance alone, given how many it counts.

Exact binomial limits. Where the units differ clearly more than chance gives, the limits are widened by that spread
(multiplicative overdispersion, winsorised; Spiegelhalter 2005, Quality and Safety in Health Care 14:347-351).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

WARNING_TAIL = 0.025
"""95 % of all outcomes lie between the inner limits."""
SIGNAL_TAIL = 0.001
"""99,8 % of all outcomes lie between the outer limits."""
_NORMAL = {WARNING_TAIL: 1.959963984540054, SIGNAL_TAIL: 3.090232306167814}
_WINSORISED = 0.1


@dataclass(frozen=True, slots=True)
class Limits:
    """Lowest and highest counts that are within the limits; a count between them (ends included) is inside."""

    low: float
    high: float

    def place(self, count: float) -> int:
        """-1 below, 0 inside, 1 above."""
        return -1 if count < self.low else 1 if count > self.high else 0


def binomial(n: int, share: float, tail: float) -> Limits:
    """The counts of ``n`` that are no surprise where each has the chance ``share``.

    A count is outside if so low or lower (so high or higher) has at most the probability ``tail``. Raises ValueError
    unless n is positive and 0 ≤ share ≤ 1.
    """
    if n < 1 or not 0 <= share <= 1:
        raise ValueError(f"there are no binomial limits for n={n}, share={share}")
    if share in (0, 1):
        return Limits(n * share, n * share)
    counts = np.arange(1, n + 1)
    steps = np.log((n - counts + 1) / counts) + math.log(share / (1 - share))
    probabilities = np.exp(np.concatenate([[0.0], np.cumsum(steps)]) + n * math.log1p(-share))
    at_most = np.cumsum(probabilities)
    at_least = np.cumsum(probabilities[::-1])[::-1]
    return Limits(float(np.argmax(at_most > tail)), float(n - np.argmax(at_least[::-1] > tail)))


def widened(n: int, share: float, tail: float, dispersion: float) -> Limits:
    """Limits by the normal curve, widened by the square root of the dispersion; never below none or above all."""
    half = _NORMAL[tail] * math.sqrt(dispersion * share * (1 - share) * n)
    return Limits(max(0.0, n * share - half), min(float(n), n * share + half))


def dispersion(counted: Sequence[tuple[float, int]], share: float) -> float:
    """How many times larger the spread of the units (count, n) is than chance gives; 1 if it is not clearly larger.

    The mean of the squared standard scores, after the outermost tenth at each end has been pulled in, so that one
    deviating unit does not widen the limits that are to find it. "Clearly" is two standard errors above 1.
    """
    if len(counted) < 2 or not 0 < share < 1:
        return 1.0
    scores = sorted((count - n * share) / math.sqrt(n * share * (1 - share)) for count, n in counted)
    pulled = math.ceil(len(scores) * _WINSORISED)
    inner = scores[pulled : len(scores) - pulled] or scores
    factor = sum(min(max(score, inner[0]), inner[-1]) ** 2 for score in scores) / len(scores)
    return factor if factor > 1 + 2 * math.sqrt(2 / len(scores)) else 1.0


def limits(n: int, share: float, tail: float, factor: float) -> Limits:
    """Exact limits, or widened ones where the dispersion ``factor`` is above 1."""
    return binomial(n, share, tail) if factor == 1 else widened(n, share, tail, factor)
