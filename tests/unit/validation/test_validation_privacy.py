"""No personal value reaches a record, whatever fails; and importing the gate costs nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from typing import Any

import good_frames as good
import pytest

from analytics import schemas
from analytics.validation import Validator, wording

# A value per personal column that fails some expectation and would be recognised anywhere.
RECOGNISABLE: dict[str, dict[str, Any]] = {
    "employments": {
        "employee_key": "c0ffee5ecret9e77",
        "sex": "Qx7Zk",
        "birth_year": 8123,
        "start_date": date(2391, 3, 17),
        "end_date": date(1511, 4, 23),
        "leave_kind": "Wv9Jq",
    },
    "time": {"employee_key": "c0ffee5ecret9e77", "hours": 98765.4321},
    "absence": {
        "employee_key": "c0ffee5ecret9e77",
        "start_date": date(2391, 3, 17),
        "end_date": date(1511, 4, 23),
        "hours": -98765.4321,
    },
    "care_contacts": {"contact_key": "c0ffee5ecret9e77", "patient_key": "deadbeef5ecret77", "care_days": -8123},
    "care_costs": {"contact_key": "c0ffee5ecret9e77", "amount_ore": -98765_43},
}


def traces(value: Any) -> list[str]:
    if isinstance(value, date):
        return [value.isoformat(), str(value.year)]
    if isinstance(value, float) or value == -98765_43:
        return ["98765", "98\u00a0765", "98 765"]
    return [str(value)]


@pytest.mark.parametrize("table", RECOGNISABLE)
def test_a_personal_value_that_fails_stands_nowhere_in_the_record(validator: Validator, table: str) -> None:
    first, *rest = good.GOOD[table]()
    values = RECOGNISABLE[table]
    result = validator.table(table, good.frame(table, [first | values, first | values, *rest]))
    failed = {outcome.expectation for outcome in result.failures}
    assert len(failed) >= (4 if table == "employments" else 2)
    text = json.dumps(result.to_record(), ensure_ascii=False)
    for value in values.values():
        assert not [trace for trace in traces(value) if trace in text]


def test_every_personal_column_is_tried() -> None:
    assert set(RECOGNISABLE["employments"]) == set(schemas.EMPLOYMENTS.personal_columns)
    assert set(schemas.ABSENCE.personal_columns) <= set(RECOGNISABLE["absence"])
    assert set(schemas.CARE_CONTACTS.personal_columns) == set(RECOGNISABLE["care_contacts"])


def test_a_personal_value_across_tables_stands_nowhere_in_the_record(validator: Validator) -> None:
    key = "c0ffee5ecret9e77"
    store = good.store(
        employments=[
            *good.employments(),
            good.employment(employee_key=key, birth_year=8123),
            good.employment(period="2018-02", employee_key=key, birth_year=8124, sex="M"),
        ],
        time=[*good.time(), good.worked(employee_key=key + "1"), good.worked(employee_key=key, hours=98765.4321)],
        absence=[*good.absence(), good.absent(employee_key=key + "1", hours=98765.4321)],
    )
    result = validator.across(store)
    assert {"one_sex_over_time", "employment_behind_rows"} <= {outcome.expectation for outcome in result.failures}
    text = json.dumps(result.to_record(), ensure_ascii=False)
    assert not [trace for trace in (key, "8123", "8124", "98765", "98\u00a0765") if trace in text]


def test_what_is_wrong_with_contacts_and_costs_across_tables_is_told_without_keys_and_amounts(
    validator: Validator,
) -> None:
    store = good.store(
        care_contacts=[*good.care_contacts(), good.contact(contact_key="c0ffee5ecret9e77")],
        care_costs=[*good.care_costs(), good.contact_cost(contact_key="deadbeef5ecret77", amount_ore=98765_43)],
    )
    result = validator.across(store)
    failed = {outcome.expectation for outcome in result.failures}
    assert {"cost_has_contact", "contact_has_cost", "distributed_within_ledger"} <= failed
    text = json.dumps(result.to_record(), ensure_ascii=False)
    assert not [trace for trace in ("5ecret", "98765", "98\u00a0765", "110765", "110\u00a0765") if trace in text]


def test_a_broken_sick_leave_rate_is_named_but_not_told(validator: Validator) -> None:
    # The administration may be too small for its rate to be shown.
    result = validator.across(good.store(time=[*good.time(), good.worked(employee_key="key-9")]))
    broken = [outcome for outcome in result.failures if outcome.expectation == "sick_leave_is_weighted_mean"]
    assert broken
    assert all("%" not in outcome.detail for outcome in broken)


@pytest.mark.parametrize(
    "value", ["19700101-1234", "700101-1234", "197001011234", "Anna Andersson", "c0ffee5ecret9e77c0ffee"]
)
def test_what_is_no_code_is_masked(validator: Validator, value: str) -> None:
    first, *rest = good.time()
    frame = good.frame("time", [first | {"cost_centre": value, "time_type": value}, *rest])
    result = validator.table("time", frame)
    text = json.dumps(result.to_record(), ensure_ascii=False)
    assert {"cost_centre_known", "time_type_known"} <= {outcome.expectation for outcome in result.failures}
    assert value not in text
    assert wording.HIDDEN in text


def test_importing_the_gate_imports_no_heavy_library() -> None:
    code = "import sys, analytics.validation; print(sorted({'great_expectations', 'pandas'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
