"""What the earlier months lead one to expect of a series, and how far it usually falls from that.

A series is a level times a pattern of the year. The level is the median of the last twelve months without their
pattern; the pattern is the mean of the years' own, taken from the series itself as far as it repeats itself from year
to year and otherwise from the wider series that it is part of. The usual deviation is the median of what is left,
drawn towards that of series of the same level and size. Medians, so that one odd month does not move what is expected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.finder.axes import NOWHERE, Bools, Floats, Ints

YEAR = 12
NORMAL = 1.4826
"""Median of absolute deviations → standard deviation of a normal distribution."""
CLIP = 3.5
"""Months further than so many usual deviations from the pattern do not shape it."""
LEAST_FACTOR = 0.1
MEDIAN_COST = np.pi / 2
"""How much more a median varies than a mean."""
POOLED_WEIGHT = 10.0
MOST_DEGREES = 24.0
MOST_GROWTH = 0.06
GROWTH_DOUBT = 0.01
"""A change of level from year to year that is not a deviation yet, as a share of what is expected."""
LEVEL_DOUBT = (0.005, 0.02)
"""The same for a whole range, at least and at most: between them what the years of the data themselves tell."""
TELLING = 0.02
"""A level tells it if chance alone moves it by at most so much, as a share."""
LEAST_TELLING = 8
"""With fewer of such series the doubt is the most."""


@dataclass(frozen=True)
class Expectation:
    """Of every series and month asked for: what is expected and the usual deviation; degrees of freedom per series."""

    values: Floats
    """Series × month."""
    scale: Floats
    """Series × month: usual deviation of a month from what is expected, with the doubt about level and pattern."""
    noise: Floats
    """Series × month: the part of it that is new every month."""
    log_scale: Floats
    """Series: the same as a share, for series that never touch zero; not a number for the others."""
    degrees: Floats
    months: int
    """How many months it rests on."""
    level_doubt: float
    """How much a level changes from year to year beyond growth and chance, as a share of what is expected."""


@dataclass(frozen=True)
class Series:
    """Many series and how they hang together.

    ``wider`` is the series that one takes its pattern from, :data:`NOWHERE` for none; a wider series stands before
    those that lean on it (``layers``, widest first). ``group`` numbers those that are alike.
    """

    values: Floats
    wider: Ints
    layers: Sequence[Ints]
    group: Ints
    floor: float
    """A series never has a smaller usual deviation: what has been the same to the krona may change a little."""
    lump: float = 0.0
    """How much comes and goes at once (one person): a series of so many lumps varies as their number does."""
    least_level: float = 0.0
    """Such a series varies at least as one of this level."""


def expect(series: Series, *, known: int, ahead: Sequence[int]) -> Expectation:
    """What the first ``known`` months lead one to expect of the months at the positions ``ahead``."""
    blocks = min(known // YEAR, 3)
    used = series.values[:, known - blocks * YEAR : known] if blocks else series.values[:, :known]
    shaped = used
    for _ in range(2):  # the second time without the odd months of the first
        pattern, weight = _patterns(shaped, series, blocks)
        growth = _growth(shaped, series, blocks)
        fitted = _fitted(shaped, pattern, blocks, growth)
        spread = NORMAL * np.median(np.abs(used - fitted), axis=1, keepdims=True)
        shaped = np.clip(used, fitted - CLIP * spread, fitted + CLIP * spread)
    position = np.array([(month - known) % YEAR for month in ahead])
    level = _level(used, pattern, blocks)
    middle = known - min(known, YEAR) / 2 - 0.5
    drift = 1 + growth[:, None] * (np.array(ahead) - middle)[None, :] / YEAR
    factors = pattern[:, position]
    values = level[:, None] * factors * drift
    return _with_scale(series, _Fit(used, fitted, pattern, weight, growth, blocks), values, known)


def _patterns(used: Floats, series: Series, blocks: int) -> tuple[Floats, Floats]:
    """Series × month of the year, mean 1, and how far each follows its own."""
    count = len(used)
    pattern = np.ones((count, YEAR))
    weight = np.zeros(count)
    if not blocks:
        return pattern, weight
    years = used.reshape(count, blocks, YEAR)
    base = years.mean(axis=2)
    size = np.abs(years).mean(axis=2)
    usable = (
        (np.abs(base) > 0.2 * size).all(axis=1)
        & (size > 0).all(axis=1)
        & ((base > 0).all(axis=1) | (base < 0).all(axis=1))
    )
    ratio = years / np.where(np.abs(base) > 0, base, 1)[:, :, None]
    for layer in series.layers:
        above = np.where((series.wider[layer] == NOWHERE)[:, None], 1.0, pattern[series.wider[layer]])
        own = ratio[layer] - above[:, None, :]
        share = _repeats(own, alone=series.wider[layer] == NOWHERE) * usable[layer]
        shape = above + share[:, None] * own.mean(axis=1)
        shape = np.maximum(shape, LEAST_FACTOR)
        pattern[layer] = shape / shape.mean(axis=1, keepdims=True)
        weight[layer] = share
    return pattern, weight


def _repeats(own: Floats, *, alone: Bools) -> Floats:
    """How much of the years' own pattern is a pattern: what they have in common, as reliability of their mean."""
    blocks = own.shape[1]
    if blocks == 1:  # one year cannot be held against another; only the widest series are followed, half way
        return np.where(alone, 0.5, 0.0)
    square = (own**2).sum(axis=2).mean(axis=1)
    mean = (own.mean(axis=1) ** 2).sum(axis=1)
    common = (blocks**2 * mean - blocks * square) / (blocks * (blocks - 1))
    agreed = np.clip(common / np.where(square > 0, square, 1), 0, 1)
    share: Floats = blocks * agreed / (1 + (blocks - 1) * agreed)
    return share


def _growth(used: Floats, series: Series, blocks: int) -> Floats:
    """Change of level a year, that of the widest series one belongs to."""
    count = len(used)
    growth = np.zeros(count)
    if blocks < 2:
        return growth
    years = used.reshape(count, blocks, YEAR)[:, -2:]
    ratio = np.median(years[:, 1] - years[:, 0], axis=1) / np.where(
        np.abs(years[:, 0].mean(axis=1)) > 0, np.abs(years[:, 0].mean(axis=1)), np.inf
    )
    signed = np.where(years[:, 0].mean(axis=1) < 0, -ratio, ratio)
    for layer in series.layers:
        wider = series.wider[layer]
        growth[layer] = np.where(wider == NOWHERE, np.clip(signed[layer], -MOST_GROWTH, MOST_GROWTH), growth[wider])
    return growth


def _fitted(used: Floats, pattern: Floats, blocks: int, growth: Floats) -> Floats:
    if not blocks:
        return np.broadcast_to(np.median(used, axis=1, keepdims=True), used.shape).copy()
    count = len(used)
    years = used.reshape(count, blocks, YEAR)
    slope = 1 + growth[:, None] * (np.arange(YEAR) - 5.5)[None, :] / YEAR
    level = _median_level(years, pattern)
    return (level[:, :, None] * (pattern * slope)[:, None, :]).reshape(used.shape)


def _median_level(years: Floats, pattern: Floats) -> Floats:
    """Series × year: the median month without its pattern."""
    levels: Floats = np.median(years / pattern[:, None, :], axis=2)
    return levels


def _level(used: Floats, pattern: Floats, blocks: int) -> Floats:
    if not blocks:
        level: Floats = np.median(used, axis=1)
        return level
    return _median_level(used[:, -YEAR:].reshape(len(used), 1, YEAR), pattern)[:, 0]


@dataclass(frozen=True)
class _Fit:
    """The months that are rested on, what the pattern makes of them, how far it is their own, growth, whole years."""

    used: Floats
    fitted: Floats
    pattern: Floats
    weight: Floats
    growth: Floats
    blocks: int


def _with_scale(series: Series, fit: _Fit, values: Floats, known: int) -> Expectation:
    used, fitted, weight, blocks = fit.used, fit.fitted, fit.weight, fit.blocks
    months = used.shape[1]
    taken = 1 / YEAR + weight / max(blocks, 1)
    freedom = np.maximum(1 - taken, 0.25)
    left = used - fitted
    spread = NORMAL * np.median(np.abs(left), axis=1)
    broad = np.sqrt(np.mean(np.minimum(left**2, (CLIP * np.maximum(spread, 1e-9))[:, None] ** 2), axis=1))
    mean_size = np.abs(used).mean(axis=1)
    # A series that is mostly zero has no median of deviations; what it has now and then is its noise.
    own = np.where(spread > 0, np.maximum(spread, broad), np.sqrt(np.mean(left**2, axis=1))) / np.sqrt(freedom)
    pooled = _pooled(own, mean_size, series.group)
    degrees_own = months * freedom * 0.5
    noise = np.sqrt((POOLED_WEIGHT * pooled**2 + degrees_own * own**2) / (POOLED_WEIGHT + degrees_own))
    lumps = np.sqrt(series.lump * np.maximum(mean_size, series.least_level))
    noise = np.maximum(noise, np.maximum(series.floor, lumps))
    degrees = np.minimum(POOLED_WEIGHT + degrees_own, MOST_DEGREES)
    doubt = weight**2 / max(blocks, 1) + MEDIAN_COST / min(months, YEAR)
    growth = GROWTH_DOUBT * np.abs(values)
    whole = np.sqrt(noise[:, None] ** 2 * (1 + doubt[:, None]) + growth**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = used / fitted
        logs = np.where((share > 0).all(axis=1)[:, None], np.log(np.where(share > 0, share, 1)), np.nan)
    log_scale = NORMAL * np.median(np.abs(logs), axis=1) / np.sqrt(freedom)
    log_scale = np.maximum(log_scale, 0.05) * np.sqrt(1 + doubt)
    return Expectation(
        values,
        whole,
        np.broadcast_to(noise[:, None], values.shape),
        log_scale,
        degrees,
        min(known, max(months, 1)),
        _level_doubt(fit, noise),
    )


def _level_doubt(fit: _Fit, noise: Floats) -> float:
    """How much levels have changed between the last two years beyond growth and what chance does to a median.

    From the series that chance moves little, by medians over all of them, for one series has only one such change.
    """
    least, most = LEVEL_DOUBT
    if fit.blocks < 2:
        return most
    years = fit.used.reshape(len(fit.used), fit.blocks, YEAR)[:, -2:]
    levels = _median_level(years, fit.pattern)
    before = np.where(levels[:, 0] != 0, levels[:, 0], np.inf)
    chance = noise / np.abs(before) * np.sqrt(2 * MEDIAN_COST / YEAR)
    telling = np.isfinite(before) & (chance <= TELLING)
    if telling.sum() < LEAST_TELLING:
        return most
    change = (levels[telling, 1] - levels[telling, 0]) / before[telling] - fit.growth[telling]
    spread = NORMAL * float(np.median(np.abs(change)))
    beyond = spread**2 - float(np.median(chance[telling] ** 2))
    return float(np.clip(np.sqrt(max(beyond, 0.0)), least, most))


def _pooled(own: Floats, size: Floats, group: Ints) -> Floats:
    """The usual deviation of series of the same group and size: a line through logarithms, by medians."""
    pooled = own.copy()
    for number in np.unique(group):
        inside = (group == number) & (own > 0) & (size > 0)
        if inside.sum() < 5:
            continue
        x, y = np.log(size[inside]), np.log(own[inside])
        halves = x > np.median(x)
        if halves.any() and not halves.all():
            run = np.median(x[halves]) - np.median(x[~halves])
            slope = np.clip((np.median(y[halves]) - np.median(y[~halves])) / run, 0.5, 1.0) if run > 0 else 1.0
        else:
            slope = 1.0
        start = np.median(y - slope * x)
        every = (group == number) & (size > 0)
        pooled[every] = np.exp(start + slope * np.log(size[every]))
    return pooled
