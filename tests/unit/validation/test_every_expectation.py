"""Every expectation of every suite holds for good data and fails for its own bad example."""

from __future__ import annotations

import copy
import dataclasses
import json
from pathlib import Path
from typing import Any

import failing_frames as failing
import good_frames as good
import polars as pl
import pytest

from analytics.validation import Outcome, ValidationResult, Validator

FOLDER = Path(__file__).resolve().parents[3] / "expectations"
SUITES: dict[str, dict[str, Any]] = {
    file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.json"))
}
ALL = [(suite, entry["meta"]["name"]) for suite, content in SUITES.items() for entry in content["expectations"]]
OF_TABLES = [(suite, name) for suite, name in ALL if suite != "across_tables"]


def outcome_of(result: ValidationResult, name: str) -> Outcome:
    return next(outcome for outcome in result.outcomes if outcome.expectation == name)


def alone(validator: Validator, table: str, name: str) -> Validator:
    """The same validator with one expectation of the suite, besides those that every other waits for."""
    engine = validator._engine_ready()
    narrowed = copy.copy(validator)
    suite = validator._suites[table]
    kept = [item for item in suite.expectations if item.name in {name, "columns_declared", "types_declared"}]
    narrowed._suites = {table: dataclasses.replace(suite, expectations=tuple(kept))}
    narrowed._engine = engine
    return narrowed


def good_result(validator: Validator, table: str) -> ValidationResult:
    return validator.table(table, good.frame(table, good.GOOD[table]()))


def test_there_is_one_suite_per_table_and_one_across() -> None:
    assert set(SUITES) == {*good.GOOD, "across_tables"}


def test_every_expectation_has_a_failing_example() -> None:
    examples = {(table, name) for table, cases in failing.TABLES.items() for name in cases}
    assert examples | {("across_tables", name) for name in failing.ACROSS} == set(ALL)


@pytest.mark.parametrize("table", good.GOOD)
def test_good_rows_pass_every_expectation(validator: Validator, table: str) -> None:
    result = good_result(validator, table)
    assert [outcome.expectation for outcome in result.failures] == []
    assert [outcome.expectation for outcome in result.outcomes] == [name for suite, name in ALL if suite == table]


def test_a_good_store_passes_every_expectation(validator: Validator) -> None:
    result = validator.across(good.store())
    assert [outcome.expectation for outcome in result.failures] == []
    assert {outcome.expectation for outcome in result.outcomes} == set(failing.ACROSS)


@pytest.mark.parametrize(("table", "name"), OF_TABLES)
def test_bad_rows_fail_the_expectation(validator: Validator, table: str, name: str) -> None:
    example = failing.TABLES[table][name]()
    result = alone(validator, table, name).table(table, example.frame, previous=example.previous)
    outcome = outcome_of(result, name)
    assert not outcome.passed
    assert outcome.detail.endswith(".")
    # It failed by being tried, not because the columns stopped the suite.
    assert not outcome.detail.startswith("Inte prövad")
    assert outcome.unexpected is None or outcome.unexpected > 0


@pytest.mark.parametrize("name", failing.ACROSS)
def test_a_bad_store_fails_the_expectation(validator: Validator, name: str) -> None:
    narrowed = alone(validator, "across_tables", name)
    outcome = outcome_of(narrowed.across(good.store(**failing.ACROSS[name])), name)
    assert not outcome.passed
    assert outcome.unexpected is not None
    assert outcome.unexpected > 0


@pytest.mark.parametrize("suite", SUITES)
def test_a_suite_can_be_read_by_a_person(suite: str) -> None:
    text = (FOLDER / f"{suite}.json").read_text(encoding="utf-8")
    assert "\\u" not in text
    assert any(letter in text for letter in "åäö")
    assert text.endswith("}\n")
    assert "\t" not in text
    for entry in SUITES[suite]["expectations"]:
        assert list(entry) == ["type", "kwargs", "severity", "meta"]
        assert entry["severity"] in {"critical", "warning", "info"}
        assert len(entry["meta"]["title"]) >= 9
        assert entry["meta"]["reason"].endswith(".")
        # Lists of codes live in the reference tables; only short lists of our own words stand in a suite.
        values = entry["kwargs"].get("value_set", [])
        assert isinstance(values, dict) or len(values) <= 4


def test_wrong_columns_stop_the_suite_without_an_error(validator: Validator) -> None:
    result = validator.table("time", good.frame("time", good.time()).drop("hours"))
    assert result.has_critical
    assert outcome_of(result, "columns_declared").detail == "Kolumnerna i Arbetad tid stämmer inte (saknas: hours)."
    assert outcome_of(result, "time_type_known").detail.startswith("Inte prövad")
    assert not outcome_of(result, "time_type_known").passed


def test_a_warning_is_not_critical(validator: Validator) -> None:
    result = validator.table("employments", failing.EMPLOYMENTS["age_plausible"]().frame)
    assert not result.has_critical
    assert [outcome.expectation for outcome in result.warnings] == ["age_plausible"]
    assert outcome_of(result, "age_plausible").detail == "1 av 4 rader avviker."


def test_an_unknown_code_is_named(validator: Validator) -> None:
    outcome = outcome_of(validator.table("time", failing.TIME["cost_centre_known"]().frame), "cost_centre_known")
    assert outcome.detail == "1 av 6 rader avviker: ”9999”."
    assert outcome.column == "cost_centre"


def test_a_forecast_below_the_booked_is_told_with_its_amounts(validator: Validator) -> None:
    outcome = outcome_of(
        validator.across(good.store(**failing.ACROSS["forecast_covers_booked"])), "forecast_covers_booked"
    )
    assert (
        "förvaltning 10, Anställda externt: prognos 1\u00a0500\u00a0tkr, bokfört 2\u00a0000\u00a0tkr" in outcome.detail
    )
    assert outcome.severity == "warning"


def test_a_stated_reversal_explains_a_forecast_below_the_booked(validator: Validator) -> None:
    rows = failing.ACROSS["forecast_covers_booked"]["ledger"]
    stated = [row | {"activity": "ÅTERF"} if row["kind"] == "forecast" else row for row in rows]
    assert outcome_of(validator.across(good.store(ledger=stated)), "forecast_covers_booked").passed


def test_a_forecast_of_a_project_is_not_compared(validator: Validator) -> None:
    rows = [row | {"is_project": True} for row in failing.ACROSS["forecast_covers_booked"]["ledger"]]
    assert outcome_of(validator.across(good.store(ledger=rows)), "forecast_covers_booked").passed


def test_consecutive_deliveries_in_one_frame_are_compared(validator: Validator) -> None:
    rows = [*good.time(), *(good.worked(period="2018-03", employee_key=f"key-{number}") for number in range(9))]
    outcome = outcome_of(validator.table("time", good.frame("time", rows)), "rows_change")
    assert not outcome.passed
    assert (outcome.checked, outcome.unexpected) == (2, 1)
    assert "2018-03: 9 mot 3 i leveransen före (200,0\u00a0%)" in outcome.detail


def test_the_first_delivery_has_nothing_to_be_compared_with(validator: Validator) -> None:
    rows = [row for row in good.time() if row["delivery"] == "2018-01"]
    assert outcome_of(validator.table("time", good.frame("time", rows)), "rows_change").checked == 0


def test_a_store_of_one_table_is_tried_without_the_others(validator: Validator) -> None:
    result = validator.across({"ledger": good.store()["ledger"]})
    assert [outcome.expectation for outcome in result.failures] == []


def test_an_empty_store_passes(validator: Validator) -> None:
    empty: dict[str, pl.LazyFrame] = {}
    assert validator.across(empty).failures == ()
