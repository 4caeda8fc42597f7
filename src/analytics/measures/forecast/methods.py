"""Ways to compute the outcome of a full year from its first months, on the amounts of one report line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analytics.measures.seasonal import MONTHS, pattern

METHODS: Final = {
    "run_rate": "Rak uppräkning",
    "previous_share": "Föregående års andel",
    "seasonal": "Säsong över två år",
}
"""Code of each computed method → its Swedish name."""
YEARS_NEEDED: Final = {"run_rate": 0, "previous_share": 1, "seasonal": 2}
"""How many whole years before the year each method needs."""

Years = Mapping[int, Sequence[int]]
"""Year → öre of each of its twelve months."""


@dataclass(frozen=True, slots=True)
class Computed:
    """A full-year amount in öre, or None with the reason (Swedish) why the method gives none."""

    ore: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """Between which shares of the year (0–1) the first months may lie for a method of shares to be used."""

    least: float
    largest: float = 1.0


def compute(method: str, years: Years, *, year: int, month: int, limits: Limits) -> Computed:
    """The full year by one method, from the months up to ``month`` and the whole years before.

    Formulas, A being the amount of January up to the month: run_rate A × 12 / months; previous_share A / (the same
    months of the year before / that whole year); seasonal A / the sum of the mean shares of the two years before
    (:func:`analytics.measures.seasonal.pattern`). Unit: öre, income negative. The share of the first months must lie
    within ``limits``: outside them the amount of a few months, or a reversed one, would decide the whole year.

    Source: domain rules section 5 (twelfths, last year's share, several years' shares).
    """
    so_far = sum(years[year][:month])
    if method == "run_rate":
        return Computed(so_far * MONTHS / month)
    earlier = [years.get(before) for before in range(year - YEARS_NEEDED[method], year)]
    whole = [months for months in earlier if months is not None]
    if len(whole) < YEARS_NEEDED[method]:
        return Computed(None, "tidigare år saknas i data")
    if method == "previous_share":
        total = sum(whole[0])
        if total == 0:
            return Computed(None, "föregående år är noll")
        return _by_share(so_far, sum(whole[0][:month]) / total, limits)
    found = pattern(whole)
    if found is None:
        return Computed(None, "åren är noll, har olika tecken eller en månad som är större än hela året")
    return _by_share(so_far, sum(found.shares[:month]), limits)


def _by_share(so_far: int, share: float, limits: Limits) -> Computed:
    if share <= 0:
        return Computed(None, "andelen är noll eller har omvänt tecken")
    if share < limits.least:
        return Computed(None, "andelen är för liten för att räkna upp")
    # Shares are sums of binary fractions; the whole year must not be refused for dust.
    if share > limits.largest + 1e-9:
        return Computed(None, "andelen är större än hela året")
    return Computed(so_far / share)
