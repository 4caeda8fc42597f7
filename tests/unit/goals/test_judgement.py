"""Status by rule: exact borders, trend, states, baselines, and what cannot be judged."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from analytics.goals import Known, Observation, Register, Relative, Status, judge, judge_budget, limit_of, rule_of
from analytics.goals.frequency import last_measured, missing_since, months_measured, next_measured
from analytics.goals.model import Baseline
from analytics.goals.targets import parse_target
from analytics.periods import Period
from analytics.sources import outcomes

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
    # An older outcome does not begin it: from 20 in 2016 the same 55 would have risen fast enough.
    assert judge(managers, [seen(20, 12, 2016), seen(55)], MARCH).status == Status.NOT_MET


def test_the_line_is_drawn_to_december_of_the_report_and_not_of_the_outcome():
    indicator = with_target("100 %")
    rising = [seen(40, 12, 2016), seen(70, 12, 2017)]
    assert judge(indicator, rising, MARCH).status == Status.ON_TRACK
    half = [seen(40, 12, 2016), seen(68, 6, 2017), seen(69, 11, 2017)]
    assert judge(indicator, half, Period(2017, 11)).status == Status.NOT_MET
    assert judge(indicator, half, Period(2018, 1)).status == Status.ON_TRACK


def test_nothing_is_said_of_a_pace_when_the_year_is_over():
    indicator = with_target("100 %")
    judgement = judge(indicator, [seen(40, 12, 2017), seen(90, 12, 2018)], Period(2018, 12))
    assert judgement.status == Status.NOT_MET
    assert judgement.reason == "Utfallet är 90\u00a0%, målet minst 100\u00a0%."


def test_a_value_just_below_the_target_is_not_printed_as_the_target():
    almost = Observation(MARCH, value=79.952, numerator=9994, denominator=12500)
    judgement = judge(with_target("80 %"), [almost], MARCH)
    assert judgement.status == Status.NOT_MET
    assert judgement.printed == "79,95\u00a0%"
    assert judge(with_target(">80 %"), [seen(80.04)], MARCH).printed == "80,04\u00a0%"
    assert judge(with_target("80 %"), [seen(80.04)], MARCH).status == Status.MET


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


def test_the_outcome_of_half_a_year_is_not_that_of_the_year():
    carbon = BY_ID["2019-16"]
    half, now = seen(150.0, 8, 2018), seen(120.0, 8, 2019)
    judgement = judge(carbon, [half, now], Period(2019, 8))
    assert judgement.status == Status.NOT_ASSESSABLE
    assert judgement.reason == "Ingångsvärdet är inte känt: utfallet för hela 2018 saknas."
    assert judge(carbon, [half, seen(300.0, 12, 2018), now], Period(2019, 8)).start == seen(300.0, 12, 2018)


def test_lower_than_a_year_is_met_below_it_alone():
    agency, year = BY_ID["2019-14"], Period(2019, 12)
    before = seen(68.4, 12, 2018)
    assert judge(agency, [before, seen(64.3, 12, 2019)], year).status == Status.MET
    assert judge(agency, [before, seen(68.4, 12, 2019)], year).status == Status.NOT_MET
    assert judge(agency, [before, seen(70.0, 8, 2019)], Period(2019, 8)).status == Status.NOT_MET
    assert judge(agency, [before, seen(70.0, 8, 2019)], Period(2019, 8)).reason.startswith(
        "Utfallet är 70\u00a0årsarbetare, målet under 68,4\u00a0årsarbetare."
    )


def test_an_improvement_goes_the_way_that_is_better():
    worse = replace(BY_ID["2019-01"], direction="lower", target=Relative("better"))
    worse = replace(worse, baseline=Baseline((Known(Fraction(53), "", 2014),)))
    assert judge(worse, [seen(52, 12, 2019)], Period(2019, 12)).status == Status.MET
    assert judge(worse, [seen(54, 12, 2019)], Period(2019, 12)).status == Status.NOT_MET
    assert rule_of(worse) == "Uppfyllt när utfallet är lägre än ingångsvärdet."


def test_a_target_drawn_downwards_is_on_track_when_the_line_falls_below_it():
    carbon = BY_ID["2019-16"]
    base = seen(300.0, 12, 2018)
    # From 300 in December to 282 in August is 2.25 a month; 270 is reached in January, not in December: 273.
    assert judge(carbon, [base, seen(282.0, 8, 2019)], Period(2019, 8)).status == Status.NOT_MET
    # 280 is 2.5 a month: 270 in December to the last gram.
    assert judge(carbon, [base, seen(280.0, 8, 2019)], Period(2019, 8)).status == Status.ON_TRACK


@pytest.mark.parametrize("word", ["uppföljning saknas", "Ej mätt", "Utfall 2018", "saknas"])
def test_a_word_for_no_outcome_is_no_outcome(word):
    judgement = judge(BY_ID["2018-03"], [Observation(MARCH, state=word)], MARCH)
    assert judgement.status == Status.NOT_MEASURED
    assert judgement.reason == f"Inget utfall: ”{word}”."


def test_missing_is_an_answer_where_a_thing_is_to_be_made():
    strategy = BY_ID["2018-13"]
    assert judge(strategy, [Observation(MARCH, state="Saknas")], MARCH).status == Status.NOT_MET
    assert judge(strategy, [Observation(MARCH, state="Uppföljning saknas")], MARCH).status == Status.NOT_MEASURED


def test_every_word_that_an_outcome_may_be_is_known_to_the_rule():
    answers = {
        word: judge(BY_ID["2018-11"], [Observation(MARCH, state=word)], MARCH).status for word in outcomes._STATES
    }
    unknown = {word for word, status in answers.items() if status == Status.NOT_ASSESSABLE}
    # Other things than introduced, and therefore no answer to whether it is.
    assert unknown == {
        "ja",
        "framtagen",
        "framtaget",
        "genomfört",
        "genomförd",
        "genomförda",
        "fastställd",
        "fastställda",
    }


def test_the_result_is_judged_by_the_ledger_and_its_forecast():
    budget = BY_ID["2018-19"]

    def status(deviation, forecast):
        return judge_budget(budget, deviation=deviation, forecast=forecast, period=MARCH).status

    assert status(0.0, None) == Status.MET
    assert status(1_000.0, -5_000.0) == Status.MET
    assert status(-1.0, 0.0) == Status.ON_TRACK
    assert status(-1.0, -1.0) == Status.NOT_MET
    assert status(-1.0, None) == Status.NOT_MET
    said = judge_budget(budget, deviation=-1_737_800.0, forecast=0.0, period=MARCH)
    assert said.reason == (
        "Resultatet hittills i år är 1\u00a0738\u00a0tkr sämre än budget. Helårsprognosen är lika med budget."
    )
    close = judge_budget(budget, deviation=-40.0, forecast=None, period=MARCH)
    assert close.printed == "0,04\u00a0tkr sämre än budget"


def test_costs_against_budget_have_no_rule_in_the_plan():
    judgement = judge(BY_ID["2019-18"], [], Period(2019, 3))
    assert judgement.status == Status.NOT_ASSESSABLE
    assert judgement.rule.startswith("Ingen regel")
    assert isinstance(limit_of(BY_ID["2019-18"], [], Period(2019, 3)), str)


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


@pytest.mark.parametrize(
    ("period", "since", "reason"),
    [
        (Period(2019, 12), None, "skulle ha mätts i december 2019. Mäts nästa gång i december 2020."),
        (Period(2020, 3), Period(2019, 1), "skulle ha mätts i december 2019. Mäts nästa gång i december 2020."),
        (Period(2020, 3), Period(2020, 1), "Mäts nästa gång i december 2020."),
    ],
)
def test_what_should_have_been_measured_is_told(period, since, reason):
    told = judge(BY_ID["2019-01"], [], period, since=since).reason
    assert told.endswith(reason)
    assert ("fast indikatorn" in told) == reason.startswith("skulle")


def test_an_outcome_that_a_later_one_should_have_followed_is_told_and_carries_no_trend():
    portal = BY_ID["2019-06"]
    growing = [seen(20, 8, 2019), seen(40, 12, 2019)]
    assert judge(portal, growing, Period(2020, 3)).status == Status.ON_TRACK
    late = judge(portal, growing, Period(2020, 8))
    assert late.status == Status.NOT_MET
    assert late.reason == "Utfallet är 40\u00a0%, målet över 50\u00a0%. Utfallet för augusti 2020 saknas."
    met = judge(portal, [seen(60, 12, 2019)], Period(2020, 8))
    assert met.status == Status.MET
    assert met.reason.endswith("Utfallet för augusti 2020 saknas.")


def test_an_enquiry_of_november_is_that_of_the_year():
    assert missing_since("Årsbokslut", Period(2018, 11), Period(2019, 3)) is None
    assert missing_since("Årsbokslut", Period(2017, 12), Period(2019, 3)) == Period(2018, 12)
    assert missing_since("", Period(2010, 1), Period(2019, 3)) is None


def test_frequencies_as_the_plans_write_them():
    assert months_measured("Årbokslut") == {12}
    assert months_measured("Delårs- och årsbokslut") == {8, 12}
    assert months_measured("Tertial-, delårs- och årsbokslut") == {3, 8, 12}
    assert months_measured("månadsvis") == set(range(1, 13))
    assert months_measured("") == frozenset()
    assert next_measured("Delårs- och årsbokslut", Period(2018, 9)) == Period(2018, 12)
    assert last_measured("Delårs- och årsbokslut", Period(2018, 3)) == Period(2017, 12)
    assert last_measured("", Period(2018, 3)) is None


def test_a_goal_without_a_target_is_not_assessable_with_its_reason():
    judgement = judge(BY_ID["2019-19"], [seen(50)], Period(2019, 12))
    assert (judgement.status, judgement.reason) == (Status.NOT_ASSESSABLE, "Planen anger inget målvärde.")


def test_every_indicator_of_the_register_gets_a_status_and_a_rule():
    for indicator in REGISTER.indicators:
        judgement = judge(indicator, [], Period(2024, 12))
        assert judgement.status in (Status.NOT_MEASURED, Status.NOT_ASSESSABLE)
        assert judgement.rule.endswith(".")
        assert judgement.reason.endswith(".")
