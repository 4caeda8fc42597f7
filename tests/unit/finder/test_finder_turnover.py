"""Leavers and starters are held against those before by an exact test; few are withheld, and one event is told once."""

from __future__ import annotations

import math
import re
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


def starting(data: Data, count: int, *, before: bool = False, prefix: str = "s") -> Data:
    """So many new persons begin at one base unit in February; ``before``: they had an hourly post in January."""
    employments = data.employments.collect()
    able = (pl.col("base_unit") == BASE) & (pl.col("period") == "2018-02") & pl.col("is_main")
    able &= (pl.col("employment_form") == "permanent") & pl.col("end_date").is_null()
    new = (
        employments.filter(able)
        .sort("employee_key")
        .head(count)
        .with_columns(employee_key=prefix + pl.col("employee_key"), start_date=pl.lit("2018-02-05").str.to_date())
    )
    hourly = new.with_columns(
        period=pl.lit("2018-01"),
        administration=pl.lit("60"),
        employment_form=pl.lit("hourly"),
        start_date=pl.lit("2017-06-01").str.to_date(),
    )
    return replace(data, employments=pl.concat([employments, new, *([hourly] if before else [])]).lazy())


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


def test_many_who_start_are_told_where_they_came_with_their_rows(quiet):
    data, scope = quiet
    changed = starting(data, 30)
    (told,), missing = findings(changed, scope)
    assert missing == []
    assert (told.keys["base_unit"], told.keys["movement"]) == (BASE, "started")
    assert told.deviation == pytest.approx(30, abs=6)
    rows = finder.evidence(changed, told)
    assert rows.height == told.outcome
    assert rows["start_date"].min().isoformat()[:7] >= str(told.months.first)
    text = sentences.finding(told)
    assert text.startswith("Antalet tillsvidareanställda som har börjat hos arbetsgivaren vid Enhet 501")
    assert " högre än väntat: " in text
    assert sentences.place(told).endswith("nyanställda")


def test_who_was_employed_before_has_not_started(quiet):
    data, scope = quiet
    assert findings(starting(data, 30, before=True), scope) == ([], [])


def test_starters_are_found_beside_the_other_measures_and_not_again_where_those_employed_tell_it(quiet):
    data, scope = quiet
    changed = starting(data, 30)
    assert all(each.keys.get("movement") != "started" for each in finder.find(changed, scope))  # headcount tells it
    (told,), _ = findings(changed, scope)
    more = replace(told, measure="headcount", deviation=25.0, keys={"administration": UNIT, "base_unit": BASE})
    assert once([told], [more]) == []
    assert once([told], [replace(more, deviation=-25.0)]) == [told]
    # As many leave without being counted as leavers: those employed are as before, and only the starters tell it.
    retired = leaving(data, 30).employments.with_columns(
        leave_kind=pl.when(pl.col("end_date") == pl.lit("2018-02-20").str.to_date())
        .then(pl.lit("pension"))
        .otherwise("leave_kind")
    )
    new = retired.with_columns(
        start_date=pl.when(pl.col("employee_key").str.starts_with("n"))
        .then(pl.lit("2018-02-21").str.to_date())
        .otherwise("start_date")
    )
    found = finder.find(replace(data, employments=new), scope)
    assert [each.keys["movement"] for each in found if each.measure == "turnover_pct"] == ["started"]


def test_posts_that_are_left_and_filled_again_are_told_once(quiet):
    data, scope = quiet
    left = leaving(data, 30)
    new = left.employments.with_columns(
        start_date=pl.when(pl.col("employee_key").str.starts_with("n"))
        .then(pl.lit("2018-02-21").str.to_date())
        .otherwise("start_date")
    )
    (told,), _ = findings(replace(data, employments=new), scope)
    assert told.keys["movement"] == "left"
    assert re.search(r" har 3\d börjat( vid Enhet 501)?, mot väntade \d\.$", sentences.finding(told))


def test_few_starters_are_withheld(quiet):
    data, scope = quiet
    (told,), _ = findings(starting(data, 30), scope)
    limits = scope.settings.disclosure.for_audience("public")
    assert protect([replace(told, persons=4)], limits, sick_groups=frozenset()).withheld == 1


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


def test_starters_need_a_month_more(quiet):
    data, scope = quiet
    short = replace(data, employments=data.employments.filter(pl.col("period") >= "2016-12"))
    found, (missing,) = findings(short, scope)
    assert found == []
    assert missing.reason == "bara 15 månader med anställningar finns; för nyanställda krävs 16"
