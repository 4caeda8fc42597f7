"""Those employed are looked at on the last day, told once, and never of too few; what cannot be looked at is said."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from benchmarks.planted.scenario import make
from benchmarks.planted.world import World

from analytics import finder
from analytics.disclosure.findings import protect
from analytics.finder.model import Finding
from analytics.measures.scope import Data, Scope
from analytics.sentences import findings as sentences

UNIT, CENTRE, GROUP = "50", "5011", "2.4"
MANY = 25


@pytest.fixture(scope="module")
def quiet(world: World) -> tuple[Data, Scope]:
    scenario = make(3, world, none=True)
    return scenario.data, scenario.scopes[UNIT]


def hired(data: Data, count: int = MANY) -> Data:
    """So many are employed from February and have no hours yet."""
    employments = data.employments.collect()
    model = employments.filter(
        pl.col("cost_centre") == CENTRE,
        pl.col("personnel_group") == GROUP,
        pl.col("period") == "2018-02",
        pl.col("is_main"),
        pl.col("employment_form") == "permanent",
        pl.col("end_date").is_null(),
    ).head(1)
    new = pl.concat([model.with_columns(employee_key=pl.lit(f"new{number}")) for number in range(count)])
    return replace(data, employments=pl.concat([employments, new]).lazy())


def of_employees(data: Data, scope: Scope) -> list[Finding]:
    return [each for each in finder.find(data, scope) if each.measure == "headcount"]


def test_nothing_is_told_of_those_employed_where_nothing_happened(quiet):
    assert of_employees(*quiet) == []


def test_more_employees_are_told_in_persons_where_they_are_with_their_rows(quiet):
    data, scope = quiet
    changed = hired(data)
    (told,) = of_employees(changed, scope)
    assert (told.keys["cost_centre"], told.unit, told.months.months) == (CENTRE, "personer", ["2018-02"])
    assert told.deviation == pytest.approx(MANY, abs=4)
    behind = finder.evidence(changed, told)
    assert behind.height == told.outcome == told.evidence.rows
    assert set(behind["cost_centre"]) == {CENTRE}
    text = sentences.finding(told)
    assert text.startswith("Antalet anställda")
    assert "den sista dagen i februari 2018 är" in text
    assert " högre än väntat: " in text


def test_who_is_seen_in_the_hours_is_not_told_of_again(world):
    scenario = make(3, world, only=("moved_people",))
    unit = scenario.plants[0].administration
    told = {each.measure for each in finder.find(scenario.data, scenario.scopes[unit])}
    assert "worked_fte" in told
    assert "headcount" not in told


def test_few_employees_are_withheld(quiet):
    data, scope = quiet
    (told,) = of_employees(hired(data), scope)
    few = replace(told, persons=2, parts=())
    limits = scope.settings.disclosure.for_audience("internal")
    assert protect([few], limits, sick_groups=frozenset()).withheld == 1


def test_what_cannot_be_looked_at_is_said_with_the_reason(quiet):
    data, scope = quiet
    without = replace(data, employments=data.employments.filter(pl.col("period") < "2018-02"), time=data.time.head(0))
    found = finder.search(without, scope)
    assert {each.measure for each in found.not_looked_at} >= {"headcount", "worked_fte", "absence_fte"}
    (said, *_) = sentences.not_looked_at(found.not_looked_at)
    assert said.startswith("Inte genomsökt: ")
    assert "saknas för Norra vården i februari 2018" in said
    assert {each.measure for each in finder.search(data, scope).not_looked_at} == {"indicator_history"}
