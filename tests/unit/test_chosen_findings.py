"""``wb.deviations(measure=, comparison=, kind=, least=, level=)``: each narrows what is found, and all bind together."""

from __future__ import annotations

import made_findings
import pytest

from analytics.errors import UsageError
from analytics.finder.model import Part
from analytics.workbench.deviating import chosen

ADMINISTRATION = {"administration": "17", "report_line": "operations_travel"}
BASE_UNIT = {"administration": "17", "base_unit": "171"}
COST_CENTRE = {**BASE_UNIT, "cost_centre": "1311"}


def finding(number, keys, deviation, kind="spread", **given):
    expected = 1_000_000.0 + deviation
    made = {
        "keys": keys,
        "deviation": deviation,
        "kind": kind,
        "outcome": 1_000_000.0,
        "expected": expected,
        "labels": {},
    }
    return made_findings.finding(number, **{**made, **given})


def part(deviation):
    return Part(keys={}, label="Kansliet", outcome=0.0, expected=deviation, deviation=deviation)


FOUND = [
    finding(1, ADMINISTRATION, -400_000.0),
    finding(2, BASE_UNIT, 250_000.0, kind="one_off"),
    finding(3, COST_CENTRE, -100_000.0, kind="one_off", comparison="previous"),
    # Lines that cancel each other are as large as their parts.
    finding(4, ADMINISTRATION, -1_000.0, kind="misplaced_budget", parts=(part(-500_000.0), part(499_000.0))),
    finding(5, COST_CENTRE, 1.5, kind="volume", measure="worked_fte", unit="årsarbetare", comparison="previous"),
]


def numbers(**given):
    return [each.rank for each in chosen(FOUND, **given)]


def test_nothing_asked_for_is_everything():
    assert numbers() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(("kind", "found"), [("one_off", [2, 3]), ("misplaced_budget", [4]), ("volume", [5])])
def test_a_kind_of_explanation(kind, found):
    assert numbers(kind=kind) == found


@pytest.mark.parametrize(("level", "found"), [("administration", [1, 4]), ("base_unit", [2]), ("cost_centre", [3, 5])])
def test_a_level_of_the_organisation(level, found):
    assert numbers(level=level) == found


@pytest.mark.parametrize(
    ("least", "found"),
    [(0, [1, 2, 3, 4, 5]), (100_000, [1, 2, 3, 4]), (100_001, [1, 2, 4]), (400_001, [4]), (500_001, [])],
)
def test_a_least_size_in_either_direction_with_the_bound_itself(least, found):
    assert numbers(least=least) == found


def test_all_bind_together():
    assert numbers(kind="one_off", least=200_000) == [2]
    assert numbers(kind="one_off", level="cost_centre") == [3]
    assert numbers(kind="one_off", level="cost_centre", least=200_000) == []
    assert numbers(level="cost_centre", comparison="previous", measure="worked_fte", least=1) == [5]


@pytest.mark.parametrize(
    ("given", "said"),
    [({"kind": "oneoff"}, "one_off"), ({"level": "baseunit"}, "base_unit"), ({"least": -1}, "negative")],
)
def test_a_wrong_filter_is_refused_with_the_right_one(given, said):
    with pytest.raises(UsageError, match=said):
        numbers(**given)
