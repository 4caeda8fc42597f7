"""A care unit is told when it leaves its own history by more than all others do; what all do is told of all."""

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
from analytics.periods import Period
from analytics.sentences import findings as sentences
from analytics.workbench.listing import permitted

UNIT = "60"
FLOWS = ("visits_all", "visits_primary", "contacts", "contacts_same_day", "assessments", "assessments_3_days")


@pytest.fixture(scope="module")
def quiet(world: World) -> tuple[Data, Scope]:
    scenario = make(5, world, none=True)
    return scenario.data, scenario.scopes[UNIT]


def told(data: Data, scope: Scope) -> list[Finding]:
    return [each for each in finder.find(data, scope) if each.measure.startswith("care_unit")]


def times(data: Data, factor: float, *quantities: str, unit: str = "", first: str = "2018-03") -> Data:
    here = pl.col("quantity").is_in(quantities) & (pl.col("period") >= first)
    if unit:
        here &= pl.col("care_unit") == unit
    value = pl.when(here).then((pl.col("value") * factor).round(0)).otherwise("value")
    return replace(data, care_units=data.care_units.with_columns(value=value))


def test_nothing_is_told_where_nothing_happened(quiet):
    assert told(*quiet) == []


def test_a_share_that_falls_at_one_unit_is_told_of_it_in_percentage_points(quiet):
    data, scope = quiet
    changed = times(data, 0.7, "contacts_same_day", unit="U03", first="2018-01")
    (only,) = told(changed, scope)
    assert (only.measure, only.keys["care_unit"], only.keys["quantity"]) == (
        "care_unit_series_same_day",
        "U03",
        "same_day",
    )
    assert only.deviation == pytest.approx(-0.3 * 88, abs=3)
    assert only.kind == "lasting"
    rows = finder.evidence(changed, only)
    assert set(rows["quantity"]) == {"contacts", "contacts_same_day"}
    assert rows.height == only.evidence.rows
    text = sentences.finding(only)
    assert text.startswith("Andelen kontakt samma dag vid U03 januari–mars 2018 är 2")
    assert "procentenheter lägre än väntat" in text


def test_what_all_units_do_is_one_finding_of_all_and_none_of_one(quiet):
    data, scope = quiet
    found = told(times(data, 0.6, "contacts", "contacts_same_day"), scope)
    assert [each.keys.get("care_unit") for each in found] == [None]
    assert "alla vårdenheter" in sentences.finding(found[0])


def test_a_month_that_has_half_of_everything_is_one_finding_of_its_unit(quiet):
    data, scope = quiet
    (only,) = told(times(data, 0.4, *FLOWS, unit="U02"), scope)
    assert only.keys["care_unit"] == "U02"
    assert "Detsamma gäller" in sentences.finding(only)


def test_listed_persons_who_leave_at_once_are_told_in_persons(quiet):
    data, scope = quiet
    found = told(times(data, 0.7, "listed", "listed_65", "listed_75", unit="U01"), scope)
    assert "listed" in {each.keys["quantity"] for each in found}
    listed = next(each for each in found if each.keys["quantity"] == "listed")
    assert " lägre än väntat: " in sentences.finding(listed)


def test_a_finding_that_few_persons_are_behind_is_withheld_and_others_may_be_published(quiet):
    data, scope = quiet
    (only,) = told(times(data, 0.7, "contacts_same_day", unit="U03", first="2018-01"), scope)
    limits = scope.settings.disclosure.for_audience("public")
    shown = permitted([only], limits, sick_groups=frozenset(), published=True)
    assert [each.id for each in shown.findings] == [only.id]
    few = replace(only, persons=limits.patients_fewer_than - 1)
    assert protect([few], limits, sick_groups=frozenset()).withheld == 1
    assert only.persons is not None
    assert only.persons >= limits.patients_fewer_than


def test_a_missing_month_and_too_few_units_are_said(quiet):
    data, scope = quiet
    frame = data.care_units
    short = finder.search(replace(data, care_units=frame.filter(pl.col("period") < "2018-03")), scope)
    few = finder.search(replace(data, care_units=frame.filter(pl.col("care_unit") < "U03")), scope)
    for found, reason in (
        (short, "uppgifter om vårdenheter saknas för mars 2018"),
        (few, "färre än 4 vårdenheter finns att jämföra med"),
    ):
        said = {each.measure: each.reason for each in found.not_looked_at if each.measure.startswith("care_unit")}
        assert set(said) == {each for each in finder.MEASURES if each.startswith("care_unit")}
        assert set(said.values()) == {reason}
        sentence = f"Inte genomsökt: vårdenheternas andelar, antal och kostnader ({reason})."
        assert sentence in sentences.not_looked_at(found.not_looked_at)


def test_late_in_the_year_the_month_alone_is_held_against_a_short_history(quiet):
    data, scope = quiet
    changed = times(data, 0.5, "contacts", "contacts_same_day", unit="U03", first="2017-12")
    (only,) = told(changed, replace(scope, period=Period(2017, 12)))
    assert only.months.months == ["2017-12"]
    assert only.keys["care_unit"] == "U03"
