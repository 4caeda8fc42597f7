"""Budgets on the wrong account of a line are found where last year's budgets of the accounts were kept, and only there."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from benchmarks.planted.model import Scenario
from benchmarks.planted.scenario import make

from analytics import finder
from analytics.finder.model import Finding

ACCOUNTS = {"91110", "60110"}


def misplaced(scenario: Scenario) -> list[Finding]:
    found = finder.find(scenario.data, scenario.scopes["60"])
    return [each for each in found if each.kind == "misplaced_budget"]


def test_a_budget_on_another_account_of_the_same_line_is_found():
    scenario = make(110, only=("misplaced_budget",) * 3)
    says = next(plant.says for plant in scenario.plants if plant.administration == "60")
    assert all(account in says for account in ACCOUNTS), says
    (told,) = misplaced(scenario)
    assert {part.keys.get("account") for part in told.parts} == ACCOUNTS
    assert told.keys["report_line"] == "operations_other"


def test_accounts_whose_budget_was_not_kept_the_year_before_are_not_told_of():
    scenario = make(110, only=("misplaced_budget",) * 3)
    ledger = scenario.data.ledger.collect()
    last_year = (
        (pl.col("kind") == "budget")
        & pl.col("account").is_in(sorted(ACCOUNTS))
        & pl.col("period").str.starts_with("2017")
    )
    half = pl.when(last_year).then(pl.col("amount_ore") // 2).otherwise(pl.col("amount_ore"))
    data = replace(scenario.data, ledger=ledger.with_columns(amount_ore=half).lazy())
    assert misplaced(scenario)
    assert not misplaced(replace(scenario, data=data))
