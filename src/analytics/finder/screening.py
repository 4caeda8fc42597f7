"""How unlikely what has come is, for every series of a cube, over each stretch of months that is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from scipy import stats

from analytics.finder.axes import Bools, Floats
from analytics.finder.cube import Cube
from analytics.finder.history import MEDIAN_COST, YEAR, Expectation, Series, expect
from analytics.periods import PeriodRange

Stretch = Literal["month", "month-1", "month-2", "range"]
"""The report month, the two before it as far as they belong to the range, and all months of the range."""
EARLIER: tuple[Stretch, ...] = ("month-1", "month-2")
LEAST_SHARE = 0.02
"""Nothing at all counts as so much of what is expected, for the logarithm."""
RECENT = 3
LEAST_RANGE = 2
EVENED = 0.5
"""Two months make up for each other if what is left of both is at most this share of the larger."""


@dataclass
class Window:
    """One stretch of months: outcome and expectation of every series, as organisation × detail.

    ``excess`` is outcome − expected and shrinks as what is found is taken out of it; ``logp`` is the logarithm of how
    unlikely it is.
    """

    stretch: Stretch
    months: PeriodRange
    outcome: Floats
    expected: Floats
    scale: Floats
    log_scale: Floats
    degrees: Floats
    history: int
    before: Window | None = None
    """The month before, for the month alone."""
    after: Window | None = None
    """The month after, for an earlier month of the range."""
    steps: Floats | None = None
    """Organisation × detail × month: excess of every month of a range, as it was before anything was taken out."""
    excess: Floats = field(init=False)
    logp: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.excess = self.outcome - self.expected
        self.refresh()

    def refresh(self) -> None:
        """The unlikeliness of what is left.

        A month that makes up for the one before is judged together with it (Fisher's method).
        """
        self.logp = unlikeliness(self.excess, self)
        if self.before is not None:
            before = unlikeliness(self.before.excess, self.before)
            larger = np.maximum(np.abs(self.excess), np.abs(self.before.excess))
            makes_up = (self.excess * self.before.excess < 0) & (
                np.abs(self.excess + self.before.excess) <= EVENED * larger
            )
            both = -(self.logp + before)
            joint = np.minimum(-both + np.log1p(both) + np.log(2), 0.0)
            plausible = makes_up & (self.logp < np.log(0.1)) & (before < np.log(0.1))
            self.logp = np.where(plausible, np.minimum(self.logp, joint), self.logp)

    def take(self, part: Floats) -> None:
        """Take out what is explained of every series."""
        self.excess = self.excess - part


def unlikeliness(excess: Floats, window: Window) -> Floats:
    """Logarithm of the two-sided probability of so large an excess, or of so small a share of what is expected.

    A series that never touches zero can fall to nothing without being far below in amount; the share tells it. A month
    that makes up for the one before is judged together with it.
    """
    logp = two_sided(excess / window.scale, window.degrees)
    share = (window.expected + excess) / np.where(window.expected != 0, window.expected, 1)
    low = (share < 1) & (window.expected != 0) & np.isfinite(window.log_scale)
    logs = np.log(np.where(low, np.maximum(share, LEAST_SHARE), 1))
    fallen = two_sided(logs / np.where(low, window.log_scale, 1), window.degrees)
    return np.where(low, np.minimum(logp, fallen), logp)


def two_sided(z: Floats, degrees: Floats) -> Floats:
    """Logarithm of the probability of a deviation of so many usual ones, in either direction."""
    found: Floats = np.minimum(stats.t.logsf(np.abs(z), degrees) + np.log(2), 0.0)
    return found


def windows(cube: Cube, last: int, accumulated: int) -> dict[Stretch, Window]:
    """The month at position ``last``, and the range of so many months that ends with it.

    A range that begins with the year has its expectation from before it, so that a level that has been new since
    January is seen; a single month is made three.
    """
    shape = cube.shape
    found: dict[Stretch, Window] = {}
    series = cube.hung
    month = found["month"] = _of_month(cube, series, last)
    for back, stretch in enumerate(EARLIER, start=1):
        if back < accumulated and last - back > YEAR:
            earlier = _of_month(cube, series, last - back, stretch)
            month.before, earlier.after = earlier, month
            month = found[stretch] = earlier
    if last - len(found) >= YEAR:
        month.before = _of_month(cube, series, last - len(found))
    for window in found.values():
        window.refresh()
    span = accumulated if accumulated >= LEAST_RANGE else RECENT
    start = last - span + 1
    if start >= YEAR:
        ahead = list(range(start, last + 1))
        whole = expect(series, known=start, ahead=ahead)
        found["range"] = Window(
            "range",
            _months(cube, last, span),
            cube.series[:, :, start : last + 1].sum(axis=2).astype(np.float64),
            whole.values.sum(axis=1).reshape(shape),
            range_scale(whole, span, together=cube.averaged).reshape(shape),
            np.full(shape, np.nan),
            whole.degrees.reshape(shape),
            whole.months,
            steps=cube.series[:, :, start : last + 1] - whole.values.reshape(*shape, span),
        )
    return found


def _of_month(cube: Cube, series: Series, position: int, stretch: Stretch = "month") -> Window:
    shape = cube.shape
    month = expect(series, known=position, ahead=[position])
    return Window(
        stretch,
        _months(cube, position, 1),
        cube.series[:, :, position].astype(np.float64),
        month.values[:, 0].reshape(shape),
        month.scale[:, 0].reshape(shape),
        _shares(cube, month.log_scale.reshape(shape)),
        month.degrees.reshape(shape),
        month.months,
    )


def _shares(cube: Cube, log_scale: Floats) -> Floats:
    """Not of income and cost together: what is left between them can be next to nothing without anything missing."""
    if not cube.averaged:
        log_scale[:, 0] = np.nan
    return log_scale


def range_scale(whole: Expectation, span: int, *, together: bool) -> Floats:
    """Months of the ledger are independent of each other; the doubt about level and pattern is shared by them.

    Months of staff go ``together``: who is away or employed in one month mostly is so in the next.
    """
    noise = whole.noise[:, 0]
    level = noise * span * np.sqrt(MEDIAN_COST / YEAR)
    growth = whole.level_doubt * np.abs(whole.values.sum(axis=1))
    found: Floats = np.sqrt((span**2 if together else span) * noise**2 + level**2 + growth**2)
    return found


def _months(cube: Cube, last: int, span: int) -> PeriodRange:
    end = cube.months.first.plus(last)
    return PeriodRange(end.plus(-(span - 1)), end)


def limit(logp: Sequence[Floats], looked_at: Bools, share: float) -> float:
    """The largest logarithm that Benjamini and Hochberg let through, over all that is looked at; −inf for none."""
    every = np.sort(np.concatenate([each[looked_at] for each in logp]))
    count = len(every)
    if not count:
        return -np.inf
    allowed = np.log(share * np.arange(1, count + 1) / count)
    passed = np.flatnonzero(every <= allowed)
    return float(every[passed[-1]]) if len(passed) else -np.inf
