"""Amounts and postings of every administration, from the calibration, the profiles and one seed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from analytics.organisation import Organisation
from analytics.periods import Period, PeriodRange
from analytics.reference import Reference
from analytics.sample import ledger_projects as project_rows
from analytics.sample.amounts import chances, split
from analytics.sample.ledger_calibration import UNIT
from analytics.sample.ledger_office import monthly_budget, monthly_outcome
from analytics.sample.ledger_region import PROFILES, internal_net, month_amounts, sales_to, year_amounts
from analytics.sample.ledger_rows import SERVICE, Centre, Posting, post_month
from analytics.sample.ledger_targets import Leaf

MONTHS = PeriodRange(Period(2016, 1), Period(2018, 3))
REVISED_BUDGET = ("20", 2017, 4)
"""Administration, year and first month of budget transfers (BUDGETOMF): dated changes beside the budget, net 0."""
TRANSFER = "OMF"
"""Activity of budget transfers; their rows have type BUDGETOMF."""

Month = dict[str, dict[Leaf, int]]
"""Öre by administration and leaf."""


class Region:
    """Amounts and postings of all administrations, from one seed."""

    def __init__(self, published: Path, reference: Reference, organisation: Organisation, seed: int) -> None:
        self._published = published
        self._reference = reference
        self._organisation = organisation
        self._seed = seed

    @cached_property
    def _calibrated(self) -> tuple[dict[tuple[int, int], dict[Leaf, int]], dict[str, dict[Leaf, int]]]:
        return monthly_outcome(self._published, self._reference)

    @cached_property
    def _centres(self) -> dict[str, list[Centre]]:
        chance = chances(self._seed, "centres")
        found: dict[str, list[Centre]] = {}
        for unit in self._organisation.at("cost_centre", MONTHS.last):
            path = self._organisation.path_of(unit.code, MONTHS.last)
            if path is not None and not unit.is_project:
                administration, base_unit, _ = path
                weight = chance.uniform(0.6, 1.4)
                centre = Centre(administration.code, base_unit.code, unit.code, weight)
                found.setdefault(administration.code, []).append(centre)
        return found

    @cached_property
    def _projects(self) -> list[tuple[Centre, project_rows.Project]]:
        found = []
        for project in project_rows.projects(self._published):
            path = self._organisation.path_of(project.centre, MONTHS.last)
            if path is not None:
                found.append((Centre(path[0].code, path[1].code, project.centre, 1.0), project))
        return found

    def outcome(self, month: Period) -> list[Posting]:
        """All postings of a month."""
        chance = chances(self._seed, "outcome", month)
        amounts: Month = {code: month_amounts(chance, code, month.year, month.month) for code in PROFILES}
        amounts[UNIT] = self._calibrated[0][month.year, month.month]
        postings = list(self._posted(chance, amounts, month.year, [month.month]))
        for centre, project in self._projects:
            leaves = project_rows.project_outcome(project, month.year, month.month)
            name = f"P{project.centre}"
            postings += post_month(chance, [centre], leaves, year=month.year, month=month.month, project=name)
        return postings

    def budget(self, year: int) -> list[Posting]:
        """Budget of a year: the same rows in every month, and in one year the transfers of one administration."""
        chance = chances(self._seed, "budget", year)
        amounts: Month = {}
        for code in PROFILES:
            whole = year_amounts(chance, code, year, 0.985)
            amounts[code] = {leaf: round(total / 12) for leaf, total in whole.items()}
        amounts[UNIT] = monthly_budget(self._calibrated[1], year)
        postings = list(self._flat(chance, amounts, year, range(1, 13)))
        if year == REVISED_BUDGET[1]:
            postings += self._transfers(amounts)
        return postings

    def forecast(self, month: Period) -> list[Posting]:
        """Forecast of the full year, made after a month."""
        chance = chances(self._seed, "forecast", month)
        amounts: Month = {code: year_amounts(chance, code, month.year, 1.01) for code in PROFILES}
        outcome, columns = self._calibrated
        if month.year == 2018:
            amounts[UNIT] = columns["forecast"]
        else:
            amounts[UNIT] = {}
            for (year, _), leaves in outcome.items():
                for leaf, ore in leaves.items():
                    if year == month.year:
                        amounts[UNIT][leaf] = amounts[UNIT].get(leaf, 0) + ore
            amounts[UNIT] = {leaf: round(ore * chance.uniform(0.98, 1.03)) for leaf, ore in amounts[UNIT].items()}
        postings = list(self._flat(chance, amounts, month.year, [month.month]))
        for centre, project in self._projects:
            leaves = project_rows.project_forecast(project)
            postings += _flat_postings([centre], leaves, month.year, [month.month], project=f"P{project.centre}")
        return postings

    def _posted(self, chance: random.Random, amounts: Month, year: int, months: Iterable[int]) -> Iterator[Posting]:
        for month in months:
            for code, leaves in amounts.items():
                yield from post_month(chance, self._centres[code], leaves, year=year, month=month)
            for buyer, leaves in amounts.items():
                sales = sales_to(internal_net(leaves))
                yield from post_month(chance, self._centres[SERVICE], sales, year=year, month=month, buyer=buyer)

    def _flat(self, chance: random.Random, amounts: Month, year: int, months: Iterable[int]) -> Iterator[Posting]:
        """The same rows in every month: budget, forecast. Each account on a few cost centres."""
        span = list(months)
        for code, leaves in amounts.items():
            for leaf, ore in leaves.items():
                every = self._centres[code]
                centres = every if leaf[0][0] == "4" else chance.sample(every, min(len(every), 3))
                yield from _flat_postings(centres, {leaf: ore}, year, span)
        for buyer, leaves in amounts.items():
            sales = sales_to(internal_net(leaves))
            yield from _flat_postings(self._centres[SERVICE], sales, year, span, buyer=buyer)

    def _transfers(self, amounts: Month) -> Iterator[Posting]:
        """Operations budget moved to staff from a month on: what rises equals what falls."""
        code, year, first = REVISED_BUDGET
        part = amounts[code]["40110", "E"] // 100
        moves = {("40110", "E"): part, ("76110", "E"): -part}
        for posting in _flat_postings(self._centres[code], moves, year, range(first, 13)):
            yield Posting(
                posting.centre, posting.account, posting.party, "", TRANSFER, posting.year, posting.month, posting.ore
            )


def _flat_postings(  # noqa: PLR0913  (the fields of a posting)
    centres: list[Centre],
    leaves: dict[Leaf, int],
    year: int,
    months: Iterable[int],
    *,
    buyer: str = SERVICE,
    project: str = "",
) -> Iterator[Posting]:
    span = list(months)
    for (account, origin), total in leaves.items():
        party = f"I{buyer}" if origin == "I" else "E"
        for centre, ore in zip(centres, split(total, [each.weight for each in centres]), strict=True):
            if ore:
                for month in span:
                    yield Posting(centre, account, party, project, "", year, month, ore)
