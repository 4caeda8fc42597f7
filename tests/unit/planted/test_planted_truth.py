"""What a plant says of itself is what it did to the data."""

from __future__ import annotations

import polars as pl
import pytest
from benchmarks.planted import scenario as scenarios
from benchmarks.planted.ground import CELL, staff_cells
from benchmarks.planted.model import Declared, Plant, Scenario
from benchmarks.planted.staff import Staff
from benchmarks.planted.world import World

from analytics.finder.model import COMPARISONS, KINDS

KINDS_OF = {"ledger": "outcome", "budget": "budget", "forecast": "forecast"}
LEDGER = ("administration", "base_unit", "cost_centre", "account", "period")


def planted(name: str, world: World) -> tuple[Scenario, Plant]:
    """The first scenario in which there is room for one such plant."""
    for seed in range(30):
        made = scenarios.make(seed, world, only=[name])
        if made.plants:
            return made, made.plants[0]
    raise AssertionError(name)


def ledger_cells(scenario: Scenario, kind: str) -> pl.DataFrame:
    rows = scenario.data.ledger.filter(pl.col("kind") == kind)
    return rows.group_by(LEDGER).agg(pl.col("amount_ore").sum()).collect()


def changed(
    after: pl.DataFrame, before: pl.DataFrame, keys: tuple[str, ...], amount: str
) -> dict[tuple[str, ...], int]:
    both = after.join(before, on=keys, how="full", coalesce=True, suffix="_before").with_columns(
        change=pl.col(amount).fill_null(0) - pl.col(f"{amount}_before").fill_null(0)
    )
    return {tuple(row[:-1]): row[-1] for row in both.filter(pl.col("change") != 0).select(*keys, "change").rows()}


@pytest.mark.parametrize("name", scenarios.EVERY)
def test_the_effects_are_the_difference_in_the_data(name: str, world: World):
    made, plant = planted(name, world)
    plain = scenarios.make(made.seed, world, none=True)
    told: dict[tuple[str, ...], float] = {}
    for effect in plant.effects:
        if effect.family == "forecast" and name != "forecast":
            continue  # what the outcome leads to beyond the forecast is in no table
        if effect.family in KINDS_OF:
            keys = {**effect.keys, "period": effect.month}
            cell = (KINDS_OF[effect.family], *(keys[key] for key in LEDGER))
            told[cell] = told.get(cell, 0.0) + effect.amount
        elif effect.month <= "2018-02":
            keys = {**effect.keys, "period": effect.month}
            cell = (effect.family, *(keys[key] for key in CELL))
            told[cell] = told.get(cell, 0.0) + effect.amount
    seen: dict[tuple[str, ...], float] = {}
    # The forecast follows whatever is planted; only what is planted in it alone is held against it.
    for kind in ("outcome", "budget", *(["forecast"] if name == "forecast" else [])):
        for cell, ore in changed(ledger_cells(made, kind), ledger_cells(plain, kind), LEDGER, "amount_ore").items():
            seen[kind, *cell] = ore / 100
    frames = [
        [getattr(each.data, table).collect() for table in ("employments", "time", "absence")] for each in (made, plain)
    ]
    cells = [staff_cells(Staff(*tables, pl.DataFrame())) for tables in frames]
    for cell, hundredths in changed(*cells, ("family", *CELL), "hours").items():
        seen[cell] = hundredths / 100
    differs = {
        cell: (told.get(cell, 0.0), seen.get(cell, 0.0))
        for cell in told.keys() | seen.keys()
        if abs(told.get(cell, 0.0) - seen.get(cell, 0.0)) > (2000 if cell[0] == "forecast" else 0.02)
    }
    assert not differs
    assert seen


def test_every_kind_is_planted(world: World):
    kinds = {planted(name, world)[1].kind for name in scenarios.EVERY}
    assert kinds == set(KINDS)


def test_a_plant_counts_from_the_declared_size(world: World):
    plants = [plant for seed in range(1, 12) for plant in scenarios.make(seed, world).plants]
    assert all(plant.counts == (plant.size >= 1) for plant in plants)
    assert {plant.counts for plant in plants} == {True, False}
    assert all(plant.kind in plant.accepted and plant.comparisons <= set(COMPARISONS) for plant in plants)


def test_the_size_of_a_one_off_is_in_multiples_of_the_declared_size(world: World):
    _, plant = planted("one_off", world)
    declared = Declared.of(world.settings)
    kr = abs(plant.effects[0].amount)
    assert kr >= plant.size * declared.kr - 1
    assert declared.kr_at(usual=0.0) == declared.kr
    assert declared.kr_at(usual=declared.kr) == declared.noise * declared.kr


def test_a_doubled_month_has_each_posting_twice(world: World):
    made, plant = planted("doubled", world)
    effect = plant.effects[0]
    rows = made.data.ledger.filter(
        pl.col("kind") == "outcome",
        pl.col("period") == effect.month,
        *(pl.col(key) == code for key, code in effect.keys.items()),
    ).collect()
    twice = rows.filter(pl.len().over("amount_ore", "origin") == 2)  # the other origin of the account is as before
    assert twice.get_column("amount_ore").sum() == pytest.approx(200 * effect.amount, abs=1)


@pytest.mark.parametrize("name", ["volume", "mix", "moved_people"])
def test_people_and_their_cost_change_together(name: str, world: World):
    _, plant = planted(name, world)
    families = {effect.family for effect in plant.effects}
    assert {"ledger", "worked", "headcount"} <= families
    people = {effect.keys["cost_centre"] for effect in plant.effects if effect.family == "headcount"}
    assert {effect.keys["cost_centre"] for effect in plant.effects if effect.family == "ledger"} == people


def test_every_fifth_scenario_is_noise_alone(world: World):
    assert not scenarios.make(0, world).plants
    assert not scenarios.make(5, world).plants


def test_a_forecast_that_is_kept_is_the_budget_and_the_outcome_leads_elsewhere(world: World):
    made, plant = planted("forecast_kept", world)
    line = plant.effects[0].keys["report_line"]
    of_line = made.data.ledger.filter(
        pl.col("administration") == plant.administration,
        pl.col("report_line") == line,
        pl.col("period").str.starts_with("2018"),
    )
    kr = dict(of_line.group_by("kind").agg(pl.col("amount_ore").sum() / 100).collect().rows())
    assert kr["forecast"] == pytest.approx(kr["budget"], abs=5000)
    so_far = sum(effect.amount for effect in plant.effects if effect.family == "ledger")
    year = sum(effect.amount for effect in plant.effects)
    assert abs(so_far) < Declared.of(world.settings).kr < abs(year) / min(plant.size, 1.0) + 1
    assert so_far * year > 0


def test_lines_without_a_plant_may_have_the_budget_as_forecast_and_the_rest_stays_as_it_was(world: World):
    made = scenarios.make(5, world)
    assert not made.plants
    year = made.data.ledger.filter(pl.col("period").str.starts_with("2018"), pl.col("kind") != "outcome")
    sums = year.group_by("administration", "report_line").agg(
        pl.col("amount_ore").filter(pl.col("kind") == kind).sum().alias(kind) for kind in ("budget", "forecast")
    )
    missed = sums.with_columns(share=((pl.col("forecast") - pl.col("budget")) / pl.col("budget")).abs()).collect()
    assert 0.2 < (missed["share"] < 0.003).mean() < 0.8
