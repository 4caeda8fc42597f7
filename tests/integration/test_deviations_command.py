"""The command ``deviations`` on the demonstration region: what it says, to people and to machines."""

from __future__ import annotations

import pytest

from analytics.finder.model import COMPARISONS, KINDS


def test_the_budget_of_the_office_is_in_the_wrong_place(region):
    said = region.analytics("deviations", "2018-03", "--unit", "17").stdout
    assert said.startswith("Landstingsdirektörens stab, mars 2018: ")
    assert (
        "1. Personalkostnaden januari–mars 2018 är 4,6\u00a0mnkr högre än budget och driftkostnaden 3,8\u00a0mnkr"
        in said
    )


def test_findings_as_data_hold_what_the_model_has(region):
    record = region.analytics_json("deviations", "2018-03", "--unit", "17")
    findings = record["findings"]
    assert [each["rank"] for each in findings] == list(range(1, len(findings) + 1))
    first = findings[0]
    assert first["kind"] == "misplaced_budget"
    assert {part["keys"]["report_line"] for part in first["parts"]} == {"staff", "operations"}
    assert sum(round(part["deviation"] * 100) for part in first["parts"]) == round(first["deviation"] * 100)
    assert all(each["kind"] in KINDS and each["comparison"] in COMPARISONS for each in findings)
    assert all(each["sentence"].endswith(".") for each in findings)


@pytest.mark.parametrize("unit", ["10", "30"])
def test_what_is_printed_has_passed_disclosure_control(region, unit):
    record = region.analytics_json("deviations", "2018-03", "--unit", unit, "--audience", "public")
    for each in record["findings"]:
        assert each["persons"] is None or each["persons"] >= 5
        places = {"base_unit", "cost_centre"}
        assert not places & set(each["keys"])
        assert not any(places & set(part["keys"]) for part in each["parts"])


def test_what_is_below_an_administration_is_for_the_internal_audience(region):
    """The wage cost of a place where two people work is their pay."""
    public = region.analytics_json("deviations", "2018-03", "--unit", "20")
    internal = region.analytics_json("deviations", "2018-03", "--unit", "20", "--audience", "internal")
    below = [each for each in internal["findings"] if "base_unit" in each["keys"]]
    assert below
    assert public["withheld"] == internal["withheld"] + len(below)
    assert len(public["findings"]) == len(internal["findings"]) - len(below)


def test_a_measure_that_is_not_looked_at_is_a_wrong_call_with_help(region):
    result = region.analytics("deviations", "2018-03", "--unit", "17", "--measure", "worked_ft", check=False)
    assert result.returncode == 2
    assert "Did you mean worked_fte?" in result.stderr
