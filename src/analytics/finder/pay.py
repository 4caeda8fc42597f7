"""Price against volume: why staff cost is on another level, in parts that add up.

Volume is what as many more årsarbetare would cost at the expected cost of each; the employer's contribution what its
rate has changed, on the pay that came; pay level is the rest, the make-up of groups within it, for the ledger does not
say what each group is paid. Only where the staff data cover months of the same range.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from analytics.finder.cube import Cube
from analytics.finder.model import Finding, Kind, Part
from analytics.finder.screening import Window
from analytics.finder.search import Place
from analytics.measures.ledger import ORE

EMPLOYEES: Final = ("40", "41", "45")
CONTRIBUTION: Final = "45"
PAY: Final = ("40", "41")
MOSTLY: Final = 0.5
"""The largest part names the kind."""
LEAST_ACCOUNTS: Final = 3
LABELS: Final[dict[Kind, str]] = {
    "volume": "antal årsarbetare",
    "employer_contribution": "personalomkostnadspålägg",
    "pay_level": "löneläge och sammansättning",
}


@dataclass(frozen=True)
class Hours:
    """Worked time over the staff range: share by which each unit is above what is expected, by unit code."""

    above: dict[tuple[tuple[str, str], ...], float]

    @classmethod
    def of(cls, cube: Cube, window: Window) -> Hours:
        """From the cube of worked time and its range."""
        found = {}
        for place, node in enumerate(cube.organisation.nodes):
            expected = float(window.expected[place, 0])
            if expected > 0:
                found[tuple(node.keys.items())] = (float(window.outcome[place, 0]) - expected) / expected
        return cls(found)


def is_pay(finding: Finding) -> bool:
    """Whether a finding is about pay on a new level: the pay of arranged time or the contribution on it."""
    accounts = finding.evidence.keys["account"]
    whole = any(account.startswith("40") for account in accounts) and len(accounts) >= LEAST_ACCOUNTS
    contribution = all(account.startswith(CONTRIBUTION) for account in accounts)
    return finding.comparison == "expected" and finding.kind in ("lasting", "spread") and (whole or contribution)


def explained(finding: Finding, place: Place, cube: Cube, window: Window, hours: Hours) -> Finding:
    """The finding with volume, contribution and pay level as its parts, and the largest as its kind."""
    node = cube.organisation.nodes[place[0]]
    above = hours.above.get(tuple(node.keys.items()))
    accounts = finding.evidence.keys["account"]
    excess = round(-finding.deviation * ORE)
    own = _sums(cube, window, place[0], tuple(sorted({account[:2] for account in accounts} & set(EMPLOYEES))))
    if above is None or not excess or (own[0] - own[1]) / excess < MOSTLY:
        return finding
    expected = round(finding.expected * ORE)
    pay, contribution = _sums(cube, window, place[0], PAY), _sums(cube, window, place[0], (CONTRIBUTION,))
    volume = round(above * expected)
    rate = 0
    if any(account.startswith(CONTRIBUTION) for account in accounts) and pay[1]:
        rate = round(contribution[0] - contribution[1] / pay[1] * pay[0])
    amounts: dict[Kind, int] = {"volume": volume, "employer_contribution": rate, "pay_level": excess - volume - rate}
    kind = max(amounts, key=lambda each: amounts[each] * (1 if excess > 0 else -1))
    if amounts[kind] / excess < MOSTLY:
        return finding
    parts = tuple(
        Part(
            keys=finding.keys,
            label=LABELS[each],
            outcome=amount / ORE,
            expected=0.0,
            deviation=-amount / ORE,
            kind=each,
        )
        for each, amount in sorted(amounts.items(), key=lambda item: -abs(item[1]))
        if amount
    )
    first = replace(parts[0], outcome=parts[0].outcome + expected / ORE, expected=expected / ORE)
    return replace(finding, kind=kind, parts=(first, *parts[1:]))


def _sums(cube: Cube, window: Window, unit: int, groups: tuple[str, ...]) -> tuple[float, float]:
    """Outcome and expected of some account groups of one unit, from their accounts."""
    leaves = [
        int(cube.detail.leaf_node[leaf])
        for leaf in range(cube.detail.members.shape[1])
        if cube.detail.nodes[int(cube.detail.leaf_node[leaf])].keys["account"][:2] in groups
    ]
    places = np.array(leaves, dtype=np.int64)
    return float(window.outcome[unit, places].sum()), float(window.expected[unit, places].sum())
