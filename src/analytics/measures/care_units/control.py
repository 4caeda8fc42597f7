"""Control charts of single values by month (XmR): limits from the series itself, and the usual rules for a signal.

Contacts and visits of one month are so many that limits for shares (p-chart) would call every ordinary month a signal;
the XmR chart takes the size of the ordinary variation from the month-to-month changes instead (decision 014).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

_MEAN_RANGE_OF_TWO = 1.128
"""Mean range of two values from a normal distribution, in standard deviations (d2 for n = 2)."""
RUN = 8
TREND = 6

Rule = Literal["outside", "run", "trend", "near"]


@dataclass(frozen=True, slots=True)
class Chart:
    """Centre line and limits at three standard deviations; ``signals`` holds the rules that fire at each value."""

    centre: float
    sigma: float
    low: float
    high: float
    signals: tuple[tuple[Rule, ...], ...]


def chart(values: Sequence[float], *, baseline: int, lowest: float = 0.0, highest: float = 100.0) -> Chart:
    """The chart of a series, oldest first; centre and limits come from its first ``baseline`` values.

    Values after them are judged by how it was before, so that a lasting change does not move the line it is judged by.
    The limits stay within what is possible. Raises ValueError for fewer than two values of baseline.
    """
    before = values[:baseline]
    if len(before) < 2:
        raise ValueError("a control chart needs at least two values to take its limits from")
    centre = sum(before) / len(before)
    moves = [abs(later - earlier) for earlier, later in pairwise(before)]
    sigma = sum(moves) / len(moves) / _MEAN_RANGE_OF_TWO
    signals = tuple(_rules(values[: place + 1], centre, sigma) for place in range(len(values)))
    return Chart(centre, sigma, max(lowest, centre - 3 * sigma), min(highest, centre + 3 * sigma), signals)


def _rules(values: Sequence[float], centre: float, sigma: float) -> tuple[Rule, ...]:
    """The rules that fire at the last of the values."""
    found: list[Rule] = []
    if sigma > 0 and abs(values[-1] - centre) > 3 * sigma:
        found.append("outside")
    last = values[-RUN:]
    if len(last) == RUN and (all(value > centre for value in last) or all(value < centre for value in last)):
        found.append("run")
    steps = [later - earlier for earlier, later in pairwise(values[-TREND:])]
    if len(steps) == TREND - 1 and (all(step > 0 for step in steps) or all(step < 0 for step in steps)):
        found.append("trend")
    # The value itself must be beyond, or the rule would fire again at the ordinary month that follows.
    far = [(value - centre) / sigma for value in values[-3:]] if sigma > 0 else []
    for side in (1, -1):
        beyond = [score * side > 2 for score in far]
        if beyond and beyond[-1] and sum(beyond) >= 2:
            found.append("near")
    return tuple(found)
