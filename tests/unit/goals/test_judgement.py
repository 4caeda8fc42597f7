"""Status by rule: exact borders, trend, states, baselines, and what cannot be judged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from analytics.goals import Observation, Register, Status, judge
from analytics.goals.frequency import expected_in, months_measured, next_measured
from analytics.goals.targets import parse_target
from analytics.periods import Period

REGISTER = Register.read(Path(__file__).parents[3] / "data/raw/reference")
BY_ID = {indicator.id: indicator for indicator in REGISTER.indicators}
MARCH = Period(2018, 3)


def with_target(text, **changed):
    base = BY_ID["2018-01"]
    return replace(base, target=parse_target(text, direction="higher"), target_text=text, **changed)


def seen(value, month=3, year=2018):
    return Observation(Period(year, month), value=value)


@pytest.mark.parametrize(
    ("text", "value", "status"),
    [
        (">80 %", 80.0, Status.NOT_MET),
        (">80 %", 80.1, Status.MET),
        ("80 %", 80.0, Status.MET),
        ("80 %", 79.9, Status.NOT_MET),
        ("högst 100 %", 100.0, Status.MET),
        ("högst 100 %", 100.1, Status.NOT_MET),
    ],
)
def test_the_border_belongs_to_the_side_the_text_says(text, value, status):
    assert judge(with_target(text), [seen(value)], MARCH).status == status


def test_a_share_is_compared_exactly_and_not_by_a_rounded_per_cent():
    third = Observation(MARCH, value=33.3, numerator=1, denominator=3)
    assert judge(with_target("33,3 %"), [third], MARCH).status == Status.MET
    assert judge(with_target("33,34 %"), [third], MARCH).status == Status.NOT_MET


def test_on_track_is_when_the_line_reaches_the_target_before_the_year_ends():
    indicator = with_target("100 %")
    slow, fast = [seen(10, 12, 2017), seen(20)], [seen(10, 12, 2017), seen(40)]
    assert judge(indicator, slow, MARCH).status == Status.NOT_MET
    assert judge(indicator, fast, MARCH).status == Status.ON_TRACK
    assert judge(indicator, [seen(40)], MARCH).status == Status.NOT_MET


def test_a_dated_baseline_begins_the_line():
    managers = BY_ID["2018-17"]
    assert judge(managers, [seen(70)], MARCH).status == Status.ON_TRACK
    assert judge(managers, [seen(55)], MARCH).status == Status.NOT_MET


def test_later_observations_are_not_looked_at():
    indicator = with_target("80 %")
    judgement = judge(indicator, [seen(70, 2), seen(90, 4)], MARCH)
    assert judgement.latest == seen(70, 2)
    assert judgement.status == Status.NOT_MET


def test_not_worse_needs_a_known_baseline():
    index, values = BY_ID["2018-15"], BY_ID["2018-16"]
    assert judge(index, [seen(80)], MARCH).status == Status.NOT_ASSESSABLE
    assert judge(index, [seen(79, 12, 2017), seen(80)], MARCH).status == Status.MET
    assert judge(values, [seen(57.9)], MARCH).status == Status.MET
    assert judge(values, [seen(57.8)], MARCH).status == Status.NOT_MET


def test_a_reduction_is_counted_from_the_year_that_the_plan_names():
    carbon, year = BY_ID["2019-16"], Period(2019, 12)
    before = seen(300.0, 12, 2018)
    assert judge(carbon, [before, seen(270.0, 12, 2019)], year).status == Status.MET
    assert judge(carbon, [before, seen(270.1, 12, 2019)], year).status == Status.NOT_MET
    assert judge(carbon, [seen(100.0, 12, 2019)], year).status == Status.NOT_ASSESSABLE


def test_states_in_words():
    introduced = BY_ID["2018-11"]

    def status(word):
        return judge(introduced, [Observation(MARCH, state=word)], MARCH).status

    assert [status(word) for word in ("Infört", "infört ", "pågår", "Ej infört", "snart", "")] == [
        Status.MET,
        Status.MET,
        Status.ON_TRACK,
        Status.NOT_MET,
        Status.NOT_ASSESSABLE,
        Status.NOT_ASSESSABLE,
    ]
    assert judge(BY_ID["2018-21"], [Observation(MARCH, state="Fastställd")], MARCH).status == Status.MET


def test_what_is_measured_at_the_end_of_the_year_is_not_missing_in_march():
    yearly = BY_ID["2019-01"]
    judgement = judge(yearly, [], Period(2019, 3))
    assert judgement.status == Status.NOT_MEASURED
    assert judgement.reason == "Mäts nästa gång i december 2019."
    assert not expected_in(yearly.frequency_text, Period(2019, 3))
    late = judge(BY_ID["2019-18"], [], Period(2019, 4))
    assert "ska ha mätts" in late.reason


def test_frequencies_as_the_plans_write_them():
    assert months_measured("Årbokslut") == {12}
    assert months_measured("Delårs- och årsbokslut") == {8, 12}
    assert months_measured("Tertial-, delårs- och årsbokslut") == {3, 8, 12}
    assert months_measured("månadsvis") == set(range(1, 13))
    assert months_measured("") == frozenset()
    assert next_measured("Delårs- och årsbokslut", Period(2018, 9)) == Period(2018, 12)


def test_a_goal_without_a_target_is_not_assessable_with_its_reason():
    judgement = judge(BY_ID["2019-19"], [seen(50)], Period(2019, 12))
    assert (judgement.status, judgement.reason) == (Status.NOT_ASSESSABLE, "Planen anger inget målvärde.")


def test_every_indicator_of_the_register_gets_a_status_and_a_rule():
    for indicator in REGISTER.indicators:
        judgement = judge(indicator, [], Period(2024, 12))
        assert judgement.status in (Status.NOT_MEASURED, Status.NOT_ASSESSABLE)
        assert judgement.rule.endswith(".")
        assert judgement.reason.endswith(".")
