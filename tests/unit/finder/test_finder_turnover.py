"""Leavers are counted and held against those before by an exact test; few are withheld, and a fall tells it once."""

from __future__ import annotations

import math
from dataclasses import replace

import polars as pl
import pytest
from benchmarks.planted.scenario import make
from benchmarks.planted.world import World

from analytics import finder
from analytics.disclosure.findings import protect
from analytics.finder.turnover_findings import findings, once, unlikely
from analytics.measures.scope import Data, Scope
from analytics.sentences import findings as sentences

UNIT, BASE = "50", "501"


@pytest.fixture(scope="module")
def quiet(world: World) -> tuple[Data, Scope]:
    scenario = make(3, world, none=True)
    return scenario.data, scenario.scopes[UNIT]


def leaving(data: Data, count: int) -> Data:
    """So many of one base unit leave the employer in February; others come in their place."""
    employments = data.employments.collect()
    able = (
        (pl.col("base_unit") == BASE)
        & (pl.col("period") == "2018-02")
        & pl.col("is_main")
        & (pl.col("employment_form") == "permanent")
        & pl.col("end_date").is_null()
    )
    who = employments.filter(able).sort("employee_key")["employee_key"].head(count).to_list()
    here = able & pl.col("employee_key").is_in(who)
    left = employments.with_columns(
        end_date=pl.when(here).then(pl.lit("2018-02-20").str.to_date()).otherwise("end_date"),
        leave_kind=pl.when(here).then(pl.lit("external")).otherwise("leave_kind"),
    )
    new = employments.filter(here).with_columns(employee_key="n" + pl.col("employee_key"))
    return replace(data, employments=pl.concat([left, new]).lazy())


def test_nothing_is_told_where_as_many_leave_as_before(quiet):
    assert findings(*quiet) == ([], [])


def test_many_who_leave_are_told_where_they_left_with_their_rows(quiet):
    data, scope = quiet
    changed = leaving(data, 30)
    (told,), missing = findings(changed, scope)
    assert missing == []
    assert told.keys["base_unit"] == BASE
    assert told.deviation == pytest.approx(30, abs=6)
    assert told.persons is not None
    assert 0 < told.persons <= told.outcome
    rows = finder.evidence(changed, told)
    assert rows.height == told.outcome
    assert set(rows["leave_kind"]) == {"external"}
    text = sentences.finding(told)
    assert text.startswith("Antalet tillsvidareanställda som har lämnat arbetsgivaren vid Enhet 501")
    assert " högre än väntat: " in text


def test_it_is_found_beside_the_other_measures_and_not_again_where_those_employed_tell_it(quiet):
    data, scope = quiet
    changed = leaving(data, 30)
    every = finder.find(changed, scope)
    assert [each.measure for each in every if each.measure == "turnover_pct"] == ["turnover_pct"]
    (told,), _ = findings(changed, scope)
    fewer = replace(told, measure="headcount", deviation=-25.0)
    assert once([told], [fewer]) == []
    assert once([told], [replace(fewer, keys={"administration": UNIT, "base_unit": "502"})]) == [told]


def test_few_leavers_are_withheld(quiet):
    data, scope = quiet
    (told,), _ = findings(leaving(data, 30), scope)
    limits = scope.settings.disclosure.for_audience("public")
    assert protect([replace(told, persons=4)], limits, sick_groups=frozenset()).withheld == 1


def test_the_test_of_two_rates_is_exact():
    # All of ten in half of the time: 2 × (1/2)^10.
    assert unlikely(10, 0, 0.5) == pytest.approx(math.log(2 * 0.5**10))
    assert unlikely(0, 10, 0.5) == pytest.approx(math.log(2 * 0.5**10))
    assert unlikely(5, 5, 0.5) == 0.0


def test_too_few_months_are_said(quiet):
    data, scope = quiet
    short = replace(data, employments=data.employments.filter(pl.col("period") >= "2017-06"))
    found, (missing,) = findings(short, scope)
    assert found == []
    assert missing.reason.startswith("bara 9 månader med anställningar finns")
