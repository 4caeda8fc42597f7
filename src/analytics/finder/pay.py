"""Price against volume: why staff cost is on another level, in parts that add up.

Volume is what as many more årsarbetare would cost at the expected cost of each; mix what it costs that dearer or
cheaper personnel groups have a larger share of them; the employer's contribution what its rate has changed, on the pay
that came; pay level is the rest. Årsarbetare are those of paid time, absence not taken away, for that is what pay
follows. Only where the staff data cover months of the same range.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.optimize import nnls

from analytics.finder.axes import Axis, Floats
from analytics.finder.cube import Cube
from analytics.finder.events import Place
from analytics.finder.model import Finding, Kind, Part
from analytics.finder.screening import Window
from analytics.measures.ledger import ORE
from analytics.organisation import LEVELS

EMPLOYEES: Final = ("40", "41", "45")
CONTRIBUTION: Final = "45"
PAY: Final = ("40", "41")
MOSTLY: Final = 0.5
"""A finding is about pay if pay accounts are so much of it."""
LABELS: Final[dict[Kind, str]] = {
    "volume": "antal årsarbetare",
    "mix": "personalsammansättning",
    "employer_contribution": "personalomkostnadspålägg",
    "pay_level": "löneläge",
}
REST: Final = "övrigt"
LEVEL: Final = "tidigare nivå mot budget"
OF_PEOPLE: Final = 0.25
"""Where hours tell of another make-up, it names the kind if it is at least so much of the deviation."""
PEOPLE: Final[tuple[Kind, ...]] = ("volume", "mix")
LEAST_FTE: Final = 1.0
"""Cost centres and months with less paid time do not tell what a group costs."""
DEARER: Final = (0.4, 3.0)
"""A group costs at least and at most so many times the mean of all, whatever few months tell."""


@dataclass(frozen=True)
class Hours:
    """Paid time by unit and personnel group, in months without a gap, and what is expected of the staff range."""

    cube: Cube
    window: Window

    def of(self, centres: frozenset[str]) -> tuple[Floats, Floats] | None:
        """Outcome and expected of every group of exactly these cost centres, as far as they have hours; or None."""
        node = next((place for place, each in enumerate(self._centres) if each == centres & self._centres[0]), None)
        if node is None:
            return None
        outcome, expected = (values[node, self.groups] for values in (self.window.outcome, self.window.expected))
        return (outcome, np.maximum(expected, 0.0)) if expected.sum() > 0 else None

    @property
    def groups(self) -> list[int]:
        """The nodes of the groups."""
        return [int(node) for node in self.cube.detail.leaf_node]

    @property
    def _centres(self) -> list[frozenset[str]]:
        return [centres(self.cube.organisation, node) for node in range(len(self.cube.organisation.nodes))]


def centres(axis: Axis, node: int) -> frozenset[str]:
    """The cost centres of a unit."""
    leaves = np.flatnonzero(axis.members[node])
    return frozenset(axis.nodes[int(axis.leaf_node[leaf])].keys["cost_centre"] for leaf in leaves)


def group_costs(ledger: Cube, hours: Hours) -> Floats:
    """What an hour of each group costs against the mean of all, from cost centres and months with both.

    The ledger does not say what each group is paid; where the groups' shares of the hours differ, their pay shows
    (non-negative least squares on pay per hour). A group that it cannot tell costs as the mean.
    """
    own = hours.cube
    codes = [own.organisation.nodes[int(node)].keys["cost_centre"] for node in own.organisation.leaf_node]
    place = {ledger.organisation.nodes[int(n)].keys["cost_centre"]: leaf for leaf, n in _leaves(ledger.organisation)}
    accounts = _accounts(ledger, PAY)
    shift = ledger.position(own.months.first)
    months = [month for month in range(len(own.months)) if 0 <= month + shift < ledger.values.shape[2]]
    both = [(row, place[code]) for row, code in enumerate(codes) if code in place]
    if not both or not months:
        return np.ones(own.values.shape[1])
    rows, there = [row for row, _ in both], [leaf for _, leaf in both]
    worked = np.moveaxis(own.values[rows][:, :, months], 1, 2).reshape(-1, own.values.shape[1]).astype(np.float64)
    paid = ledger.values[there][:, accounts][:, :, [month + shift for month in months]].sum(axis=1).reshape(-1)
    total = worked.sum(axis=1)
    telling = (total >= LEAST_FTE * own.per_unit) & (paid > 0) & (worked >= 0).all(axis=1)
    if telling.sum() <= worked.shape[1]:
        return np.ones(worked.shape[1])
    shares, each = worked[telling] / total[telling, None], paid[telling] / total[telling]
    found, _ = nnls(shares, each)
    mean = float(np.median(each))
    told = np.where(found > 0, found / mean, 1.0)
    return np.asarray(np.clip(told, *DEARER), dtype=np.float64)


def _leaves(axis: Axis) -> list[tuple[int, int]]:
    return list(enumerate(axis.leaf_node.tolist()))


def is_pay(finding: Finding) -> bool:
    """Whether a finding is about staff cost on another level, than history, the budget or last year."""
    some = any(account.startswith(EMPLOYEES) for account in finding.evidence.keys["account"])
    return finding.comparison != "forecast" and finding.kind in ("lasting", "spread") and some


def explained(finding: Finding, place: Place, cube: Cube, window: Window, hours: Hours) -> Finding:
    """The finding with volume, mix, contribution and pay level as its parts, and the largest as its kind.

    ``window``: what history leads one to expect of the months, or last year. Against a budget, what history exceeds the
    budget by is a part too; what is not pay is the rest. Unchanged where pay is not most of the finding, or the hours
    are not known.
    """
    excess = round(-finding.deviation * ORE)
    of_pay = tuple(sorted({account[:2] for account in finding.evidence.keys["account"]} & set(EMPLOYEES)))
    here = hours.of(centres(cube.organisation, place[0]))
    if here is None or not excess or not _whole(cube, window, place):
        return finding
    outcome, expected = _sums(cube, window, place, of_pay)
    volume, mix = _of_people(*here, group_costs(cube, hours))
    whole = (place[0], 0)
    pay, contribution = _sums(cube, window, whole, PAY), _sums(cube, window, whole, (CONTRIBUTION,))
    rate = contribution[0] - contribution[1] / pay[1] * pay[0] if CONTRIBUTION in of_pay and pay[1] else 0.0
    amounts: dict[Kind, int] = {
        "volume": round(volume * expected),
        "mix": round(mix * expected),
        "employer_contribution": round(rate),
    }
    amounts["pay_level"] = round(outcome - expected) - sum(amounts.values())
    if sum(amounts.values()) / excess < MOSTLY:
        return finding
    named: list[tuple[str, int, Kind | None]] = [(LABELS[each], amounts[each], each) for each in amounts]
    direction = 1 if excess > 0 else -1
    kind = max(amounts, key=lambda each: direction * amounts[each])
    new = round(float(window.outcome[place] - window.expected[place]))
    if finding.comparison in ("budget", "seasonal"):
        named.append((LEVEL, excess - new, None))
    rest = excess - sum(amount for _, amount, _ in named)
    parts = [
        Part(keys=finding.keys, label=label, outcome=amount / ORE, expected=0.0, deviation=-amount / ORE, kind=each)
        for label, amount, each in sorted(named, key=lambda item: -abs(item[1]))
        if amount
    ]
    if rest:
        parts.append(Part(keys={}, label=REST, outcome=rest / ORE, expected=0.0, deviation=-rest / ORE))
    first = replace(parts[0], outcome=parts[0].outcome + finding.expected, expected=finding.expected)
    return replace(finding, kind=kind, parts=(first, *parts[1:]))


def named_by_hours(finding: Finding, told: Sequence[Finding]) -> Finding:
    """The finding with people as its kind, where they carry most of it and the hours tell of them by themselves.

    What is left over when people and contribution are taken out is called pay level, and so is chance; what worked time
    tells is certain.
    """
    people: dict[Kind, float] = {part.kind: part.deviation for part in finding.parts if part.kind in PEOPLE}
    if finding.kind not in {"pay_level", "volume"} or sum(people.values()) / finding.deviation < MOSTLY:
        return finding
    unit = {key: code for key, code in finding.keys.items() if key in LEVELS}
    kinds = {each.kind for each in told if each.measure == "worked_fte" and unit.items() <= each.keys.items()}
    if not kinds & set(PEOPLE):
        return finding
    largest = max(people, key=lambda each: people[each] / finding.deviation)
    mixed = "mix" in kinds and people.get("mix", 0.0) / finding.deviation >= OF_PEOPLE
    return replace(finding, kind="mix" if mixed else largest)


def _whole(cube: Cube, window: Window, place: Place) -> bool:
    """Whether a series holds most of the pay of its unit, or all of the contribution; overtime follows no people."""
    inside = cube.detail.members[place[1]]
    expected = window.expected[place[0], cube.detail.leaf_node]
    pay, contribution = (np.isin(np.arange(len(inside)), _accounts(cube, groups)) for groups in (PAY, (CONTRIBUTION,)))
    held = expected[inside & pay].sum() >= MOSTLY * expected[pay].sum()
    return bool(held or (inside & contribution)[inside].all())


def _of_people(outcome: Floats, expected: Floats, costs: Floats) -> tuple[float, float]:
    """Shares of the expected cost: more people at the mean cost, and another make-up of as many people."""
    before, now = expected.sum(), outcome.sum()
    dear = float((outcome / now * costs).sum() / (expected / before * costs).sum()) if now > 0 else 1.0
    return float(now / before - 1), float(now / before * (dear - 1))


def _accounts(cube: Cube, groups: tuple[str, ...]) -> list[int]:
    """The leaves of some account groups."""
    return [leaf for leaf, node in _leaves(cube.detail) if cube.detail.nodes[node].keys["account"][:2] in groups]


def _sums(cube: Cube, window: Window, place: Place, groups: tuple[str, ...]) -> tuple[float, float]:
    """Outcome and expected of some account groups of one unit, as far as they are in a series, from their accounts."""
    inside = cube.detail.members[place[1]]
    nodes = [int(cube.detail.leaf_node[leaf]) for leaf in _accounts(cube, groups) if inside[leaf]]
    return float(window.outcome[place[0], nodes].sum()), float(window.expected[place[0], nodes].sum())
