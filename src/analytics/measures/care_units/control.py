"""Control charts of single values by month (XmR): limits from the series itself, and the usual rules for a signal.

Contacts and visits of one month are so many that limits for shares (p-chart) would call every ordinary month a signal;
the XmR chart takes the size of the ordinary variation from the month-to-month changes instead (decision 014).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

_MEAN_RANGE_OF_TWO = 1.128
"""Mean range of two values from a normal distribution, in standard deviations (d2 for n = 2)."""
_DUST = 1e-9
"""Steps below this are dust of the arithmetic: the mean of equal values may differ from them in the last bit."""
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


def chart(
    values: Sequence[float],
    *,
    baseline: int,
    after_gap: Collection[int] = (),
    lowest: float = 0.0,
    highest: float = 100.0,
) -> Chart:
    """The chart of a series, oldest first; centre and limits come from its first ``baseline`` values.

    Values after them are judged by how it was before, so that a lasting change does not move the line it is judged by.
    ``after_gap`` are the places of values before which a month is missing: no move is taken and no row of months
    counted across it. The limits stay within what is possible. Raises ValueError for fewer than two values of baseline
    in a row.
    """
    before = values[:baseline]
    steps = enumerate(pairwise(before), start=1)
    moves = [abs(later - earlier) for place, (earlier, later) in steps if place not in after_gap]
    if not moves:
        raise ValueError("a control chart needs at least two values in a row to take its limits from")
    centre = sum(before) / len(before)
    sigma = sum(moves) / len(moves) / _MEAN_RANGE_OF_TWO
    starts = [max((gap for gap in after_gap if gap <= place), default=0) for place in range(len(values))]
    signals = tuple(_rules(values[start : place + 1], centre, sigma) for place, start in enumerate(starts))
    return Chart(centre, sigma, max(lowest, centre - 3 * sigma), min(highest, centre + 3 * sigma), signals)


def _rules(values: Sequence[float], centre: float, sigma: float) -> tuple[Rule, ...]:
    """The rules that fire at the last of the values."""
    found: list[Rule] = []
    # Without any variation the limits are the mean itself, and whatever leaves it is outside.
    if abs(values[-1] - centre) > max(3 * sigma, _DUST):
        found.append("outside")
    last = [value - centre for value in values[-RUN:]]
    if len(last) == RUN and (min(last) > _DUST or max(last) < -_DUST):
        found.append("run")
    steps = [later - earlier for earlier, later in pairwise(values[-TREND:])]
    if len(steps) == TREND - 1 and (min(steps) > _DUST or max(steps) < -_DUST):
        found.append("trend")
    # The value itself must be beyond, or the rule would fire again at the ordinary month that follows.
    far = [(value - centre) / sigma for value in values[-3:]] if sigma > _DUST else []
    for side in (1, -1):
        beyond = [score * side > 2 for score in far]
        if beyond and beyond[-1] and sum(beyond) >= 2:
            found.append("near")
    return tuple(found)
