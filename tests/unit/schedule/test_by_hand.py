"""A run by hand and the schedule do not make one package at the same time."""

from __future__ import annotations

import pytest

from analytics import leases
from analytics.errors import BusyError, LeaseLostError, UsageError
from analytics.leases import Lease
from analytics.periods import Period
from analytics.schedule.by_hand import leased

MARCH = Period(2018, 3)


def state(made, place):
    return leases.holder(made.project.lease_folder(place))


def test_the_leases_are_held_while_the_run_lasts_and_given_back_after_it(made):
    with leased(made.project, period=MARCH, units=("17",), audience="public") as tickets:
        assert state(made, "2018-03/17") is not None
        assert state(made, "2018-03/10") is None
        leases.confirm(tickets["17"])
    assert state(made, "2018-03/17") is None


def test_without_units_all_are_held(made):
    with leased(made.project, period=MARCH, units=(), audience="public"):
        assert all(state(made, f"2018-03/{unit}") for unit in ("10", "17", "18", "20", "30", "40"))


def test_what_another_run_is_making_is_refused_and_the_rest_is_given_back(made):
    other = leases.acquire(made.project.lease_folder("2018-03/17"), seconds=60)
    assert isinstance(other, Lease)
    with (
        pytest.raises(BusyError, match=r"unit 17 for 2018-03 is being made by process \d+"),
        leased(made.project, period=MARCH, units=("10", "17"), audience="public"),
    ):
        pytest.fail("it began")
    assert state(made, "2018-03/10") is None
    assert state(made, "2018-03/17") is not None


def test_packages_of_another_audience_do_not_hinder(made):
    with (
        leased(made.project, period=MARCH, units=("17",), audience="public"),
        leased(made.project, period=MARCH, units=("17",), audience="internal") as tickets,
    ):
        leases.confirm(tickets["17"])


def test_a_lease_that_was_lost_lets_nothing_be_published(made):
    with leased(made.project, period=MARCH, units=("17",), audience="public") as tickets:
        for file in made.project.lease_folder("2018-03/17").iterdir():
            file.unlink()
        with pytest.raises(LeaseLostError):
            leases.confirm(tickets["17"])


def test_an_unknown_unit_is_a_wrong_call(made):
    with pytest.raises(UsageError), leased(made.project, period=MARCH, units=("99",), audience="public"):
        pytest.fail("it began")
