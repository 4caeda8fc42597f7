"""Exact shares of an amount in öre, and repeatable chance."""

from __future__ import annotations

import random
from collections.abc import Sequence


def split(total: int, weights: Sequence[float]) -> list[int]:
    """Divide ``total`` by ``weights`` (not negative, not all zero); the parts always sum to the total."""
    whole = sum(weights)
    parts: list[int] = []
    so_far = 0.0
    given = 0
    for weight in weights:
        so_far += weight
        upto = round(total * so_far / whole)
        parts.append(upto - given)
        given = upto
    parts[-1] += total - given
    return parts


def chances(*what: object) -> random.Random:
    """A generator that gives the same chances for the same words: every file can be made by itself."""
    return random.Random(" ".join(map(str, what)))  # noqa: S311  (demonstration data, no secret)


def uneven(generator: random.Random, count: int, spread: float = 0.5) -> list[float]:
    """Weights around 1 for ``count`` parts, each within ``spread`` of it."""
    return [1.0 + spread * (2.0 * generator.random() - 1.0) for _ in range(count)]
