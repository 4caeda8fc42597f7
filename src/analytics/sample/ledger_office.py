"""Monthly amounts of the calibrated administration, January 2016 – March 2018, from its calibrated columns.

January–March of 2017 and 2018 and the year 2017 are bound by the published tables. 2016 is bound by the report's text
only: monthly means of the focus areas, and a first quarter so heavy that the seasonal budget of March 2018 deviates by
what the text says.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analytics.reference import Reference
from analytics.sample.amounts import split
from analytics.sample.ledger_calibration import MONTHLY_MEANS, Amounts, calibrate, monthly_mean
from analytics.sample.ledger_patterns import FIRST_QUARTER, FOCUS_2016, REST_OF_2017, kind_of
from analytics.sample.ledger_targets import Leaf
from analytics.sample.published import TEXT_NUMBERS, published_rows

Months = dict[tuple[int, int], dict[Leaf, int]]
"""Öre by (year, month) and leaf."""

LEVEL_2016 = 0.97
"""Amounts of 2016 relative to 2017, where the text says nothing."""
STAFF_QUARTER_2016 = 0.262
INCOME_QUARTER_2016 = 0.09
ORE_PER_THOUSAND = 100_000
BUDGET_CUT_2018 = 2_000 * ORE_PER_THOUSAND
"""The frame of 2018 is 2,0 mnkr below that of 2017 (002:48)."""


def monthly_outcome(published: Path, reference: Reference) -> tuple[Months, Amounts]:
    """Outcome by month, and the calibrated columns (for budget and forecast)."""
    amounts = calibrate(published, reference)
    months: Months = {}
    for leaf, total in amounts["outcome"].items():
        _spread(months, leaf, total, (2018, 1), FIRST_QUARTER[kind_of(leaf[0])])
    for leaf, total in amounts["previous"].items():
        _spread(months, leaf, total, (2017, 1), FIRST_QUARTER[kind_of(leaf[0])])
    for leaf, total in amounts["rest"].items():
        _spread(months, leaf, total, (2017, 4), REST_OF_2017[kind_of(leaf[0])])
    _add_2016(months, amounts, published)
    return months, amounts


def monthly_budget(amounts: Amounts, year: int) -> dict[Leaf, int]:
    """One month's budget in öre (all twelve are equal): calibrated for 2018, in proportion for the years before."""
    year_2018 = amounts["budget"]
    if year == 2018:
        return {leaf: total // 12 for leaf, total in year_2018.items()}
    net = sum(year_2018.values())
    factor = (net + BUDGET_CUT_2018) / net * (1.0 if year == 2017 else 0.98)
    return {leaf: round(total * factor / 12) for leaf, total in year_2018.items()}


def _spread(months: Months, leaf: Leaf, total: int, first: tuple[int, int], weights: Sequence[float]) -> None:
    """Put ``total`` on the months from ``first`` on."""
    year, month = first
    for step, part in enumerate(split(total, weights)):
        if part:
            months.setdefault((year, month + step), {})[leaf] = part


def _add_2016(months: Months, amounts: Amounts, published: Path) -> None:
    year_2017 = {
        leaf: amounts["previous"].get(leaf, 0) + amounts["rest"].get(leaf, 0)
        for leaf in {**amounts["previous"], **amounts["rest"]}
    }
    focus = _focus_2016(year_2017, published)
    others = {leaf: round(total * LEVEL_2016) for leaf, total in year_2017.items() if leaf not in focus}
    for leaf, (total, weights) in focus.items():
        _spread(months, leaf, total, (2016, 1), weights)
    net = sum(others.values()) + sum(total for total, _ in focus.values())
    quarter = round(net * _quarter_share_2016(year_2017, amounts, published))
    bound = sum(months[2016, month].get(leaf, 0) for month in (1, 2, 3) for leaf in focus)
    shares = {
        leaf: INCOME_QUARTER_2016 if leaf[0][0] == "3" else STAFF_QUARTER_2016 for leaf in others if leaf[0][0] in "34"
    }
    bound += sum(round(others[leaf] * share) for leaf, share in shares.items())
    free = {leaf: total for leaf, total in others.items() if leaf not in shares}
    share_of_rest = (quarter - bound) / sum(free.values())
    for leaf, total in others.items():
        first = round(total * shares.get(leaf, share_of_rest))
        kind = kind_of(leaf[0])
        _spread(months, leaf, first, (2016, 1), FIRST_QUARTER[kind])
        _spread(months, leaf, total - first, (2016, 4), REST_OF_2017[kind])


def _focus_2016(year_2017: dict[Leaf, int], published: Path) -> dict[Leaf, tuple[int, tuple[float, ...]]]:
    """Year total and monthly weights of each focus leaf: the text's mean, split as in 2017."""
    found: dict[Leaf, tuple[int, tuple[float, ...]]] = {}
    for (kind, weights), word in zip(FOCUS_2016.items(), MONTHLY_MEANS, strict=True):
        leaves = [leaf for leaf in year_2017 if kind_of(leaf[0]) == kind]
        total = round(12 * 100 * monthly_mean(published, word, 2016))
        parts = split(total, [year_2017[leaf] for leaf in leaves])
        found |= {leaf: (part, tuple(weights)) for leaf, part in zip(leaves, parts, strict=True)}
    return found


def _quarter_share_2016(year_2017: dict[Leaf, int], amounts: Amounts, published: Path) -> float:
    """The first quarter's share of 2016 that makes the seasonal deviation of March 2018 what the text says."""
    stated = next(
        float(row["value"]) * 1000 * ORE_PER_THOUSAND
        for row in published_rows(published, TEXT_NUMBERS)
        if row["statement"] == "mot säsongsjusterad budget"
    )
    budget = sum(amounts["budget"].values())
    share = (stated + sum(amounts["outcome"].values())) / budget
    return 2 * share - sum(amounts["previous"].values()) / sum(year_2017.values())
