"""What happens to people is found in hours and in their cost, with its kind; few persons are never told of."""

from __future__ import annotations

from dataclasses import replace

import pytest
from benchmarks.planted.scenario import make

from analytics import finder
from analytics.disclosure.findings import protect
from analytics.finder.model import Evidence, Finding, Part
from analytics.periods import Period, PeriodRange
from analytics.sentences import findings as sentences
from analytics.settings import Audience

PUBLIC = Audience(
    label="Offentlig",
    folder="",
    sick_leave_at_most=10,
    staff_fewer_than=5,
    patients_fewer_than=5,
    largest_patient_pct=50,
)
SEED = 3


def planted(name: str) -> tuple[Finding, ...]:
    scenario = make(SEED, only=(name,))
    unit = scenario.plants[0].administration
    return finder.find(scenario.data, scenario.scopes[unit])


@pytest.mark.parametrize(
    ("name", "measure", "kind"),
    [
        ("pay_level", "fr1_outcome", "pay_level"),
        ("missing_time", "worked_fte", "missing"),
        ("doubled_time", "worked_fte", "doubled"),
        ("reorganisation", "fr1_outcome", "reorganisation"),
    ],
)
def test_what_happens_to_people_is_found_with_its_kind(name, measure, kind):
    assert (measure, kind) in [(each.measure, each.kind) for each in planted(name)]


def test_the_parts_of_pay_add_up_and_say_what_they_are():
    (told,) = [each for each in planted("pay_level") if each.kind == "pay_level"]
    assert sum(round(part.deviation * 100) for part in told.parts) == round(told.deviation * 100)
    assert sum(round(part.expected * 100) for part in told.parts) == round(told.expected * 100)
    assert told.parts[0].kind == "pay_level"
    assert "Det förklaras av löneläge" in sentences.finding(told)


def test_hours_are_told_in_arsarbetare_with_the_rows_behind_them():
    scenario = make(SEED, only=("doubled_time",))
    scope = scenario.scopes[scenario.plants[0].administration]
    told = next(each for each in finder.find(scenario.data, scope) if each.measure == "worked_fte")
    assert told.unit == "årsarbetare"
    assert told.deviation == pytest.approx(told.outcome - told.expected)
    assert told.persons is not None
    assert told.persons >= 1
    rows = finder.evidence(scenario.data, told)
    assert set(rows["period"]) <= set(told.months.months)
    assert "årsarbetare högre än väntat" in sentences.finding(told)


def test_what_has_lasted_since_last_spring_is_told_against_last_year_in_hours_and_in_kronor():
    told = [each for each in planted("long_volume") if each.comparison == "previous"]
    assert {each.unit for each in told} == {"årsarbetare", "kr"}
    (hours,) = [each for each in told if each.unit == "årsarbetare"]
    assert (hours.measure, hours.kind) == ("worked_fte", "volume")
    assert hours.also == {}
    assert hours.persons is not None
    text = sentences.finding(hours)
    assert "årsarbetare högre än samma period föregående år" in text
    assert "den är nu den vanliga" in text


def made(persons: int, *, deviation: float = 3.0, parts: tuple[Part, ...] = (), **keys: str) -> Finding:
    months = PeriodRange(Period(2018, 1), Period(2018, 2))
    return Finding(
        id="x",
        measure="worked_fte",
        unit="årsarbetare",
        keys={"administration": "17", **keys},
        labels={"administration": "Staben", **keys},
        months=months,
        comparison="expected",
        outcome=deviation,
        expected=0.0,
        deviation=deviation,
        kind="volume",
        parts=parts,
        history=24,
        p_value=0.001,
        persistence=2,
        rank=1,
        evidence=Evidence(table="time", keys={}, months=months, rows=10),
        also={},
        persons=persons,
    )


def part(name: str, persons: int | None, deviation: float = 1.0) -> Part:
    keys = {"cost_centre": name} if name else {}
    return Part(keys=keys, label=name, outcome=deviation, expected=0.0, deviation=deviation, persons=persons)


def test_a_finding_about_few_persons_is_withheld_and_counted():
    shared = protect([made(4), made(5, base_unit="171")], PUBLIC, sick_groups=frozenset({"01"}))
    assert [each.persons for each in shared.findings] == [5]
    assert shared.findings[0].rank == 1
    assert shared.withheld == 1


def test_sick_leave_has_the_limit_of_the_law():
    sick = replace(made(10, absence_group="01"), measure="absence_fte")
    other = replace(made(10, absence_group="04"), measure="absence_fte")
    shared = protect([sick, other], PUBLIC, sick_groups=frozenset({"01"}))
    assert [each.keys["absence_group"] for each in shared.findings] == ["04"]


def test_absence_of_all_groups_counts_as_sick_leave():
    told = replace(made(10), measure="absence_fte")
    assert protect([told], PUBLIC, sick_groups=frozenset({"01"})).findings == ()


def test_two_findings_that_tell_few_persons_by_their_difference_are_not_both_shown():
    wide, narrow = made(20, base_unit="171"), made(17, base_unit="171", cost_centre="1310")
    shared = protect([wide, narrow], PUBLIC, sick_groups=frozenset())
    assert len(shared.findings) == 1
    assert shared.withheld == 1


def test_a_small_part_goes_into_the_rest_with_another_so_that_it_cannot_be_reckoned():
    parts = (part("a", 30), part("b", 9), part("c", 3))
    (told,) = protect([made(42, parts=parts)], PUBLIC, sick_groups=frozenset()).findings
    assert [each.label for each in told.parts] == ["a", "övrigt"]
    assert sum(each.deviation for each in told.parts) == 3.0


def test_parts_are_left_out_where_the_rest_would_tell_one():
    (told,) = protect([made(42, parts=(part("a", 40), part("b", 2)))], PUBLIC, sick_groups=frozenset()).findings
    assert told.parts == ()


def test_ledger_findings_pass_as_they_are():
    told = replace(made(0), persons=None, measure="fr1_outcome", unit="kr")
    assert protect([told], PUBLIC, sick_groups=frozenset()).findings == (told,)
