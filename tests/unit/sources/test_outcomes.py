"""Outcomes are read whole or refused with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.goals import Register
from analytics.sources import outcomes
from analytics.sources.outcomes import Outcome

REGISTER = Register.read(Path(__file__).parents[3] / "data/raw/reference")
BY_ID = {indicator.id: indicator for indicator in REGISTER.indicators}
SHARE, COUNT, INDEX, STATE = BY_ID["2018-01"], BY_ID["2018-02"], BY_ID["2018-16"], BY_ID["2018-11"]
KRONOR, CHANGE, QUOTA, WEIGHT, WORDS, AGENCY = (
    BY_ID["2018-19"], BY_ID["2015-36"], BY_ID["2015-35"], BY_ID["2019-16"], BY_ID["2015-16"], BY_ID["2019-14"],
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "indicator", "outcome"),
    [
        ("73 %", SHARE, Outcome(73.0)),
        ("73,5%", SHARE, Outcome(73.5)),
        ("73\u00a0procent", SHARE, Outcome(73.0)),
        ("73 % ¹", SHARE, Outcome(73.0)),
        ("73", SHARE, Outcome(73.0)),
        ("0 %", SHARE, Outcome(0.0)),
        ("100 %", SHARE, Outcome(100.0)),
        ("0,5 %", SHARE, Outcome(0.5)),
        ("45 av 60", SHARE, Outcome(75.0, 45.0, 60.0)),
        ("1 200 av 1 600", SHARE, Outcome(75.0, 1200.0, 1600.0)),
        ("0 av 3", SHARE, Outcome(0.0, 0.0, 3.0)),
        ("3", COUNT, Outcome(3.0)),
        ("3 st", COUNT, Outcome(3.0)),
        ("1\u202f257", COUNT, Outcome(1257.0)),
        ("57,9", INDEX, Outcome(57.9)),
        ("-3 500 tkr", KRONOR, Outcome(-3_500_000.0)),
        ("−2,5 mnkr", KRONOR, Outcome(-2_500_000.0)),
        ("-1,2 %", CHANGE, Outcome(-1.2)),
        ("101,9 %", QUOTA, Outcome(101.9)),
        ("0,3 ton", WEIGHT, Outcome(300.0)),
        ("287 kg", WEIGHT, Outcome(287.0)),
        ("64,3", AGENCY, Outcome(64.3)),
        ("64,3 årsarbetare", AGENCY, Outcome(64.3)),
        ("Ja", STATE, Outcome(state="Ja")),
        ("Ej infört", STATE, Outcome(state="Ej infört")),
        ("Delvis", WORDS, Outcome(state="Delvis")),
        ("Utfall 2018", SHARE, Outcome(state="Utfall 2018")),
        ("uppföljning saknas", SHARE, Outcome(state="uppföljning saknas")),
        ("", SHARE, Outcome()),
        (" \u00a0 ", STATE, Outcome()),
    ],
)
def test_what_is_read(text, indicator, outcome):
    assert outcomes.read(text, indicator) == outcome


@pytest.mark.parametrize(
    ("text", "indicator", "reason"),
    [
        ("100,1 %", SHARE, outcomes.ABOVE_100),
        ("-1 %", SHARE, outcomes.ABOVE_100),
        ("61 av 60", SHARE, outcomes.PART_ABOVE_WHOLE),
        ("0 av 0", SHARE, outcomes.NO_WHOLE),
        ("4,5 av 6", SHARE, outcomes.NOT_COUNTED),
        ("45 av 60", COUNT, outcomes.NO_SHARE),
        ("45 av 60", CHANGE, outcomes.NO_SHARE),
        ("0,73", SHARE, outcomes.BARE_FRACTION),
        ("73 kg", SHARE, outcomes.OTHER_UNIT),
        ("73 %", COUNT, outcomes.OTHER_UNIT),
        ("3 vårdprocesser", COUNT, outcomes.OTHER_UNIT),
        ("2,5", COUNT, outcomes.NOT_COUNTED),
        ("-2", COUNT, outcomes.NOT_COUNTED),
        ("0,27", WEIGHT, outcomes.NEEDS_UNIT),
        ("-1 738", KRONOR, outcomes.NEEDS_UNIT),
        ("3", STATE, outcomes.NO_UNIT),
        ("75 %", WORDS, outcomes.NO_UNIT),
        ("Ja", SHARE, outcomes.WORD_FOR_NUMBER),
        ("ungefär 70 %", SHARE, outcomes.UNREADABLE),
        ("70-75 %", SHARE, outcomes.UNREADABLE),
        ("7.5 %", SHARE, outcomes.UNREADABLE),
        ("1,234,5", INDEX, outcomes.UNREADABLE),
        ("Målet förväntas kunna uppnås.", STATE, outcomes.UNREADABLE),
        ("PV 7,5 % | BLS 2,6 %", SHARE, outcomes.UNREADABLE),
        ("-", SHARE, outcomes.UNREADABLE),
        ("#N/A", SHARE, outcomes.UNREADABLE),
    ],
)
def test_what_is_refused(text, indicator, reason):
    assert outcomes.read(text, indicator) == reason


def test_every_unit_of_the_register_is_known():
    assert {indicator.unit for indicator in REGISTER.indicators} - {""} == set(outcomes._UNITS)


def test_every_target_state_of_the_register_can_be_answered_with_its_own_word():
    for indicator in REGISTER.indicators:
        word = getattr(indicator.target, "word", None)
        if word:
            assert outcomes.read(word, indicator) == Outcome(state=word), indicator.id
