"""What is left of a deviation when what is told already is taken out of it."""

from __future__ import annotations

import numpy as np

from analytics.finder.axes import Floats


def beyond(gap: Floats, told: Floats, *, times: float = 1.0) -> Floats:
    """The part of each gap that goes further than what is told, in the same direction.

    What is told may show in the gap as it is, not at all, or up to so many ``times``, if it goes on: all of that is
    explained by it.
    """
    low = np.minimum(0.0, np.minimum(told, told * times))
    high = np.maximum(0.0, np.maximum(told, told * times))
    left: Floats = gap - np.clip(gap, low, high)
    return left
