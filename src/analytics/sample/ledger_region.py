"""Monthly amounts of the administrations that no published table binds, and the balance of internal postings."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from analytics.sample.amounts import split
from analytics.sample.ledger_patterns import WHOLE_YEAR, kind_of
from analytics.sample.ledger_rows import SERVICE
from analytics.sample.ledger_targets import Leaf

ORE_PER_MILLION = 100_000_000
FIRST_YEAR = 2016
COST_GROWTH = 1.028
"""Costs rise by about as much a year as the region's income."""
INTERNAL_SALES = ("39110", "33110")
"""Accounts on which the service administration books what the others pay."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Yearly cost of an administration in mnkr (2016) and how it falls on accounts, in percent of it."""

    million: float
    shares: Mapping[Leaf, float]


def _profile(million: float, text: str) -> Profile:
    shares: dict[Leaf, float] = {}
    for line in text.split("\n"):
        if line:
            account, origin, share = line.split()
            shares[account, origin] = float(share)
    return Profile(million, shares)


_CARE_STAFF = """
40110 E 29.0
40210 E 1.2
40310 E 2.4
40410 E 0.9
41110 E 4.2
41210 E 1.1
41310 E 0.6
43110 E 0.2
44110 E 0.3
45110 E 16.2
45210 E 0.8
46110 E 0.3
46150 E 0.3
46210 E 0.3
46910 E 0.2"""

_COMMON = """
60110 E 0.6
60110 I 4.6
61110 E 0.1
64110 I 0.7
65110 E 0.3
66110 E 0.7
68110 E 0.2
68310 E 0.1
69110 E 0.3
69110 I 0.3
69210 E 0.1
70110 E 0.6
70110 I 1.9
72110 E 0.1
74110 I 0.5
74210 I 2.1
76110 E 0.8
79110 E 0.4
81110 E 1.3
91110 E 0.02"""

PROFILES: Mapping[str, Profile] = {
    "10": _profile(
        1_930,
        _CARE_STAFF + _COMMON + "\n30110 E -1.2\n31110 E -4.5\n36110 E -3.0\n39110 E -1.5\n39110 I -0.3\n42110 E 2.3\n"
        "42120 E 0.6\n50110 E 4.5\n64110 E 6.2\n64510 E 9.5",
    ),
    "20": _profile(
        600,
        _CARE_STAFF + _COMMON + "\n30110 E -3.0\n31110 E -1.5\n36110 E -2.0\n39110 E -0.8\n42110 E 5.0\n42120 E 0.2\n"
        "53110 E 3.5\n64110 E 2.6\n64510 E 13.0",
    ),
    "30": _profile(
        450,
        _CARE_STAFF + _COMMON + "\n30110 E -0.8\n31110 E -2.0\n36110 E -1.5\n39110 E -0.7\n42110 E 4.2\n42120 E 0.7\n"
        "50110 E 3.0\n64110 E 1.6\n64510 E 4.0",
    ),
    "40": _profile(
        250,
        _CARE_STAFF + _COMMON + "\n30110 E -42.0\n36110 E -2.0\n39110 E -1.0\n53110 E 3.0\n64110 E 7.0\n64510 E 0.4",
    ),
    SERVICE: _profile(
        450,
        "40110 E 21.0\n40210 E 0.8\n40410 E 0.5\n41110 E 3.0\n41210 E 1.0\n41310 E 0.4\n43110 E 0.1\n44110 E 0.2\n"
        "45110 E 11.5\n45210 E 0.6\n46110 E 0.1\n46210 E 0.2\n46910 E 0.1\n33110 E -2.0\n38110 E -1.0\n39110 E -9.0\n"
        "53110 E 3.0\n60110 E 15.7\n61110 E 8.0\n64110 E 9.0\n65110 E 1.0\n66110 E 8.0\n68110 E 0.1\n69110 E 1.4\n"
        "69210 E 0.5\n70110 E 7.0\n74210 E 1.5\n76110 E 2.0\n79110 E 1.0\n81110 E 6.0\n91110 E 0.4\n"
        "60190 E 0.3",
    ),
}


def month_amounts(generator: random.Random, administration: str, year: int, month: int) -> dict[Leaf, int]:
    """Öre by leaf in one month, with some chance in them."""
    profile = PROFILES[administration]
    level = profile.million * ORE_PER_MILLION * COST_GROWTH ** (year - FIRST_YEAR)
    amounts: dict[Leaf, int] = {}
    for leaf, share in profile.shares.items():
        weights = WHOLE_YEAR.get(kind_of(leaf[0]), WHOLE_YEAR["other"])
        part = weights[month - 1] / sum(weights)
        amounts[leaf] = round(level * share / 100 * part * generator.uniform(0.95, 1.05))
    return amounts


def year_amounts(generator: random.Random, administration: str, year: int, factor: float) -> dict[Leaf, int]:
    """Öre by leaf for a whole year (budget, forecast), ``factor`` above or below the expected level."""
    profile = PROFILES[administration]
    level = profile.million * ORE_PER_MILLION * COST_GROWTH ** (year - FIRST_YEAR) * factor
    return {leaf: round(level * share / 100 * generator.uniform(0.97, 1.03)) for leaf, share in profile.shares.items()}


def internal_net(leaves: Mapping[Leaf, int]) -> int:
    """Sum of an administration's internal amounts."""
    return sum(ore for (_, origin), ore in leaves.items() if origin == "I")


def sales_to(buyer_net: int) -> dict[Leaf, int]:
    """What the service administration books against one buyer so that the two cancel out."""
    parts = split(-buyer_net, (0.8, 0.2))
    return {(account, "I"): part for account, part in zip(INTERNAL_SALES, parts, strict=True) if part}
