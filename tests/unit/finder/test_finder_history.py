"""How far levels are doubted, from what the years of the data themselves tell; and sides that are told together."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.planted.scenario import make

from analytics import finder
from analytics.finder.axes import NOWHERE
from analytics.finder.history import LEVEL_DOUBT, Series, expect

MONTHS = 36


def doubt(changes: np.ndarray, *, noise: float = 0.01) -> float:
    """Of series with a level of their own each year: the last is so much higher than the one before, as a share."""
    chance = np.random.default_rng(7)
    count = len(changes)
    levels = np.repeat(np.column_stack([np.ones(count), np.ones(count), 1 + changes]), 12, axis=1)
    values = 1000.0 * levels * (1 + noise * chance.standard_normal((count, MONTHS)))
    alone = np.full(count, NOWHERE, dtype=np.int64)
    alone[1:] = 0  # growth is that of the widest series
    series = Series(values, alone, [np.array([0]), np.arange(1, count)], np.zeros(count, dtype=np.int64), 1.0)
    return expect(series, known=MONTHS, ahead=[MONTHS]).level_doubt


def test_levels_that_stay_are_doubted_least_and_levels_that_change_most():
    least, most = LEVEL_DOUBT
    steady = doubt(np.zeros(60))
    changing = np.random.default_rng(1).normal(0, 0.01, 60)
    changing[0] = 0.0
    assert least <= steady < doubt(changing) < most
    assert doubt(5 * changing) == pytest.approx(most)


def test_growth_that_all_share_is_no_doubt():
    assert doubt(np.full(60, 0.03)) == pytest.approx(doubt(np.zeros(60)), abs=0.004)


def test_a_few_series_tell_nothing_of_it():
    assert doubt(np.zeros(5)) == pytest.approx(LEVEL_DOUBT[1])


def test_one_group_that_rises_as_another_falls_is_one_finding_of_mix():
    scenario = make(110, only=("employer_contribution", "pay_level", "mix"))
    plant = next(each for each in scenario.plants if each.name == "mix")
    found = finder.find(scenario.data, scenario.scopes[plant.administration])
    worked = [each for each in found if each.measure == "worked_fte"]
    assert [each.kind for each in worked] == ["mix"], plant.says
    first, second = (part.deviation for part in worked[0].parts)
    assert first * second < 0
