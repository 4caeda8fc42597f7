"""Agency hours are told by profession, a lag of invoices never as a fall, and beside their cost as what explains it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from benchmarks.planted.scenario import make
from benchmarks.planted.world import World

from analytics import finder
from analytics.finder import agency_findings
from analytics.finder.model import Finding
from analytics.measures.scope import Data, Scope
from analytics.sentences import findings as sentences

UNIT = "60"


@pytest.fixture(scope="module")
def quiet(world: World) -> tuple[Data, Scope]:
    scenario = make(5, world, none=True)
    return scenario.data, scenario.scopes[UNIT]


def of_agency(data: Data, scope: Scope) -> list[Finding]:
    return [each for each in finder.find(data, scope) if each.measure == agency_findings.MEASURE]


def times(data: Data, factor: float, profession: str = "doctor", *, first: str = "2018-01") -> Data:
    here = (pl.col("administration") == UNIT) & (pl.col("profession") == profession) & (pl.col("period") >= first)
    hours = pl.when(here).then((pl.col("hours") * factor).round(2)).otherwise("hours")
    return replace(data, agency=data.agency.with_columns(hours=hours))


def test_months_whose_invoices_have_not_all_come_are_no_fall(quiet):
    data, scope = quiet
    assert of_agency(data, scope) == []
    early = data.agency.filter(pl.col("invoice_date") <= date(2018, 2, 20))
    assert of_agency(replace(data, agency=early), scope) == []


def test_more_hours_are_told_of_their_profession_with_the_latest_statements_behind_them(quiet):
    data, scope = quiet
    changed = times(data, 2.5)
    (told,) = of_agency(changed, scope)
    assert told.keys == {"administration": UNIT, "profession": "doctor"}
    assert told.unit == "årsarbetare"
    assert told.deviation > 10
    rows = finder.evidence(changed, told)
    assert rows.height == told.evidence.rows
    assert set(rows["profession"]) == {"doctor"}
    text = sentences.finding(told)
    assert text.startswith("Den inhyrda personalens arbetstid")
    assert "årsarbetare högre än väntat" in text
    assert "Fakturor som kommer sent är inte medräknade" in text


def test_a_replaced_statement_does_not_count(quiet):
    data, scope = quiet
    changed = times(data, 2.5)
    again = changed.agency.with_columns(version=pl.lit(2, dtype=pl.Int64))
    first = again.with_columns(hours=pl.col("hours") * 9, version=pl.lit(1, dtype=pl.Int64))
    (once,), (both,) = (
        of_agency(changed, scope),
        of_agency(replace(data, agency=pl.concat([again, first])), scope),
    )
    assert both.outcome == once.outcome
    assert both.evidence.rows == once.evidence.rows


def test_a_fall_is_told_when_no_lag_can_explain_it(quiet):
    data, scope = quiet
    (told,) = of_agency(times(data, 0.1, first="2017-12"), scope)
    assert told.deviation < -8


def test_a_month_that_is_missing_is_said_and_a_unit_that_hires_nobody_is_not(quiet):
    data, scope = quiet
    short = replace(data, agency=data.agency.filter(pl.col("period") < "2018-02"))
    reasons = {each.measure: each.reason for each in finder.search(short, scope).not_looked_at}
    assert reasons[agency_findings.MEASURE] == "uppgifter om inhyrd personal saknas för februari 2018"
    none = finder.search(data, replace(scope, unit="70")).not_looked_at
    assert agency_findings.MEASURE not in {each.measure for each in none}


def test_the_cost_is_told_with_what_its_hours_say_and_the_hours_are_not_told_again(quiet):
    data, scope = quiet
    hours = agency_findings.agency_hours(times(data, 2.5), scope)
    assert isinstance(hours, agency_findings.AgencyHours)
    (of_hours,) = agency_findings.findings(hours)
    cost = replace(
        of_hours,
        measure="fr1_outcome",
        unit="kr",
        keys={"administration": UNIT, "report_line": "staff_agency"},
        outcome=9e6,
        expected=4e6,
        deviation=-5e6,
    )
    (explained,), kept = agency_findings.beside_the_ledger([cost], [of_hours], hours)
    assert kept == []
    assert "den inhyrda personalens timmar" in explained.note
    assert "fler än väntat" in explained.note
    fallen = replace(cost, deviation=5e6, outcome=1e6)
    assert agency_findings.beside_the_ledger([fallen], [of_hours], hours)[1] == [of_hours]
