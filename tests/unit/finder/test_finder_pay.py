"""Staff cost in price and volume: what each part is worth is held against what was planted in a made region."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from benchmarks.planted.scenario import make

from analytics import finder
from analytics.finder import pay
from analytics.finder.ledger_cube import ledger_cube
from analytics.finder.model import Finding, Part
from analytics.finder.screening import windows
from analytics.finder.staff_cube import WORKED, staff_cubes
from analytics.sentences import findings as sentences

SEED = 3
PAY_KINDS = {"volume", "mix", "employer_contribution", "pay_level"}


def told(name: str, seed: int = SEED) -> tuple[list[Finding], str]:
    """The findings of the unit that one plant is in, and what was done there."""
    scenario = make(seed, only=(name,))
    plant = scenario.plants[0]
    return list(finder.find(scenario.data, scenario.scopes[plant.administration])), plant.says


def of_pay(found: list[Finding]) -> list[Finding]:
    return [each for each in found if each.unit == "kr" and any(part.kind in PAY_KINDS for part in each.parts)]


def part(finding: Finding, kind: str) -> float:
    return sum(each.deviation for each in finding.parts if each.kind == kind)


def hours_of(seed: int, unit: str, *only: str) -> tuple[object, pay.Hours]:
    scenario = make(seed, only=only, none=not only)
    scope = scenario.scopes[unit]
    paid = next(each.paid for each in staff_cubes(scenario.data, scope) if each.cube.measure == WORKED)
    seen = windows(paid, len(paid.months) - 1, len(scope.staff_range))
    return ledger_cube(scenario.data, scope).outcome, pay.Hours(paid, seen["range"])


@pytest.mark.parametrize("name", sorted(PAY_KINDS - {"mix", "volume"}))
def test_the_part_that_was_planted_is_the_largest_and_the_rest_is_small(name):
    found, says = told(name)
    (finding,) = [each for each in of_pay(found) if each.kind == name]
    assert part(finding, name) / finding.deviation > 0.7, says
    planted = float(re.search(r"([\d,]+) kr", says).group(1).replace(",", ""))
    assert abs(part(finding, name)) == pytest.approx(planted, rel=0.5), says


def test_parts_add_up_to_the_ore_and_mix_stands_alone():
    for name in ("pay_level", "employer_contribution", "volume", "mix"):
        for finding in of_pay(told(name)[0]):
            for value in ("deviation", "outcome", "expected"):
                assert sum(round(getattr(each, value) * 100) for each in finding.parts) == round(
                    getattr(finding, value) * 100
                )
            named = [each.kind for each in finding.parts if each.kind]
            assert len(named) == len(set(named))
            assert {each.label for each in finding.parts if each.kind == "mix"} <= {"personalsammansättning"}
            assert "Det förklaras av" in sentences.finding(finding)


def test_what_a_group_costs_is_read_from_where_it_works():
    ledger, hours = hours_of(SEED, "60")
    costs = dict(
        zip(
            [hours.cube.detail.nodes[node].keys["personnel_group"] for node in hours.groups],
            pay.group_costs(ledger, hours),
            strict=True,
        )
    )
    assert costs["2.1"] > 1.3 * costs["2.4"] > 1.3 * costs["2.5"] * 0.9  # doctors, nurses, undersköterskor
    assert all(pay.DEARER[0] <= cost <= pay.DEARER[1] for cost in costs.values())


def test_dearer_people_in_place_of_cheaper_are_mix_and_as_many_more_are_volume():
    before = np.array([100.0, 100.0])
    costs = np.array([0.5, 1.5])
    assert pay._of_people(np.array([110.0, 110.0]), before, costs) == pytest.approx((0.1, 0.0))
    volume, mix = pay._of_people(np.array([80.0, 120.0]), before, costs)
    assert volume == pytest.approx(0.0)
    assert mix == pytest.approx(0.2 * 0.5)  # a fifth of the people cost half the mean more


def test_what_history_exceeds_the_budget_by_is_a_part_against_the_budget():
    (found,) = [each for each in told("pay_level")[0] if each.kind == "pay_level" and each.unit == "kr"]
    plant = make(SEED, only=("pay_level",)).plants[0]
    ledger, hours = hours_of(SEED, plant.administration, "pay_level")
    window = windows(ledger, len(ledger.months) - 1, 3)["range"]
    line = next(place for place, node in enumerate(ledger.detail.nodes) if node.keys == _account_keys(found))
    short = 250_000.0
    against = replace(
        found,
        comparison="budget",
        kind="spread",
        expected=found.expected - short,
        deviation=found.deviation - short,
        parts=(),
    )
    again = pay.explained(against, (0, line), ledger, window, hours)
    assert again.kind == "pay_level"
    assert part(again, "pay_level") == pytest.approx(part(found, "pay_level"))
    (level,) = [each for each in again.parts if each.label == pay.LEVEL]
    assert level.deviation == pytest.approx(-short, abs=0.02)
    assert sum(round(each.deviation * 100) for each in again.parts) == round(again.deviation * 100)


def _account_keys(found: Finding) -> dict[str, str]:
    return {key: code for key, code in found.keys.items() if key in {"report_line", "account_group", "account"}}


def test_what_worked_time_tells_names_the_kind_before_what_is_left_over():
    found, _ = told("volume")
    worked = [each for each in found if each.measure == WORKED and each.kind == "volume"]
    assert worked
    keys = worked[0].keys
    ledger = next(each for each in told("pay_level")[0] if each.kind == "pay_level" and each.unit == "kr")

    def divided(volume: float) -> Finding:
        parts = tuple(
            Part(keys={}, label=kind, outcome=0.0, expected=0.0, deviation=value, kind=kind)
            for kind, value in (("pay_level", ledger.deviation * (1 - volume)), ("volume", ledger.deviation * volume))
        )
        return replace(ledger, parts=parts, keys={"administration": keys["administration"]})

    assert pay.named_by_hours(divided(0.55), worked).kind == "volume"
    assert pay.named_by_hours(divided(0.45), worked).kind == "pay_level"
    assert pay.named_by_hours(divided(0.55), []).kind == "pay_level"
