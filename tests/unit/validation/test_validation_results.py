"""A result survives its way through JSON and sorts its failures by severity."""

from __future__ import annotations

import json

import good_frames as good
import pytest

from analytics.errors import SettingsError
from analytics.validation import Outcome, ValidationResult, Validator, totals_of


def outcome(severity: str, *, passed: bool) -> Outcome:
    return Outcome("name", "Titel", "Skäl.", severity, passed, "time", None, 10, 0 if passed else 3, "Text.")  # type: ignore[arg-type]


RESULT = ValidationResult(
    "time",
    (
        outcome("critical", passed=True),
        outcome("warning", passed=False),
        outcome("info", passed=False),
    ),
)


def test_a_record_survives_json() -> None:
    text = json.dumps(RESULT.to_record(), ensure_ascii=False)
    assert ValidationResult.from_record(json.loads(text)) == RESULT


def test_failures_by_severity() -> None:
    assert not RESULT.has_critical
    assert [failure.severity for failure in RESULT.failures] == ["warning", "info"]
    assert [failure.severity for failure in RESULT.warnings] == ["warning"]
    assert ValidationResult("time", (outcome("critical", passed=False),)).has_critical


@pytest.mark.parametrize("change", [{"version": 99}, {"outcomes": None}, {"outcomes": [{"expectation": "a"}]}])
def test_a_damaged_record_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match="stored validation result"):
        ValidationResult.from_record(RESULT.to_record() | change)


def test_totals_are_of_the_last_delivery() -> None:
    assert totals_of("time", good.frame("time", good.time())) == {"rows": 3.0, "hours": 316.0}
    ledger = totals_of("ledger", good.frame("ledger", good.ledger()))
    assert ledger == {"rows": 5.0, "amount": 1_520_000.0}
    assert totals_of("ledger", good.frame("ledger", good.forecast())) == {}


def test_totals_can_be_given_to_the_next_delivery(validator: Validator) -> None:
    frame = good.frame("agency", good.agency()[1:])
    result = validator.table("agency", frame, previous=totals_of("agency", frame))
    checked = {item.expectation: (item.passed, item.checked) for item in result.outcomes}
    assert checked["hours_change"] == (True, 1)
    assert checked["amount_change"] == (True, 1)
