"""What is due at any moment, and why: pure, so every moment can be asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from made_occasions import MARCH, NOW, RULES, attempt, lacks, local, one, published, unit

from analytics.periods import Period
from analytics.schedule.due import due
from analytics.schedule.published import Damaged

STAFF = lacks("heroma_tid", "2018-02")
LEDGER = lacks("raindance_saldo", "2018-03")


@pytest.mark.parametrize(
    ("moment", "state", "reason", "then"),
    [
        ("2018-04-01T00:00", "waiting", "not_closed", "2018-04-16T08:00"),
        ("2018-04-10T23:59", "waiting", "not_closed", "2018-04-16T08:00"),
        ("2018-04-11T00:00", "waiting", "embargo", "2018-04-16T08:00"),
        ("2018-04-16T07:59", "waiting", "embargo", "2018-04-16T08:00"),
        ("2018-04-16T08:00", "run", "", None),
        ("2020-01-01T00:00", "run", "", None),
    ],
)
def test_a_month_opens_when_it_is_closed_and_no_longer_under_embargo(moment, state, reason, then):
    found = one(now=local(moment))
    assert (found.state, found.reason, found.next) == (state, reason, local(then) if then else None)


def test_moments_are_compared_as_moments_whatever_their_zone():
    assert one(now=datetime(2018, 4, 16, 5, 59, tzinfo=UTC)).state == "waiting"
    assert one(now=datetime(2018, 4, 16, 6, 0, tzinfo=UTC)).state == "run"


@pytest.mark.parametrize(
    ("missing", "moment", "state", "reason"),
    [
        (STAFF, "2018-04-17T12:00", "waiting", "data_late"),
        (STAFF, "2018-04-18T23:59", "waiting", "data_late"),
        (STAFF, "2018-04-19T00:00", "run", "partial"),
        (LEDGER, "2018-04-17T12:00", "waiting", "data_late"),
        (LEDGER, "2018-04-19T00:00", "missing", "data_late"),
        (LEDGER, "2019-04-19T00:00", "missing", "data_late"),
    ],
)
def test_late_data_are_waited_for_until_the_stated_limit(missing, moment, state, reason):
    found = one(unit(missing=(missing,)), now=local(moment))
    assert (found.state, found.reason) == (state, reason)
    assert found.missing == (missing,)
    assert found.next == (local("2018-04-19T00:00") if state == "waiting" else None)


def test_the_words_of_waiting_running_and_giving_up():
    waiting = one(unit(missing=(STAFF,)))
    assert waiting.detail == "Personaluppgifter för februari 2018 saknas. Inväntas till och med 18 april 2018."
    run = one(unit(missing=(STAFF,)), now=local("2018-04-19T00:00"))
    assert run.detail == (
        "Ska tas fram. Personaluppgifter för februari 2018 saknas. Därför ingår inte rapporten Personal."
    )
    none = one(unit(missing=(LEDGER,)), now=local("2018-04-19T00:00"))
    assert none.detail == "Bokföringen för mars 2018 saknas. Inget paket kan tas fram."
    assert one(now=local("2018-04-12T12:00")).detail == "Får tas fram först 16 april 2018 kl. 08.00 (embargo)."


def test_published_for_the_present_inputs_is_done_at_any_moment():
    for moment in ("2018-04-01T00:00", "2018-04-17T12:00", "2020-01-01T00:00"):
        found = one(unit(published=published()), now=local(moment))
        assert (found.state, found.reason, found.version, found.next) == ("published", "", 1, None)
    assert one(unit(published=published())).detail == "Version 1 publicerad 16 april 2018."


def test_a_package_without_late_data_is_published_and_says_what_it_lacks():
    found = one(unit(published=published(), missing=(STAFF,)), now=local("2018-04-25T12:00"))
    assert (found.state, found.reason) == ("published", "partial")
    assert "Personaluppgifter för februari 2018 saknas." in found.detail


def test_late_data_that_arrive_make_the_package_due_again():
    found = one(unit(published=published("before")), now=local("2018-04-25T12:00"))
    assert (found.state, found.reason, found.version) == ("run", "newer_data", 1)
    assert found.detail == "Underlaget har ändrats sedan version 1."


def test_a_correction_does_not_wait_for_other_late_data_but_for_the_calendar():
    corrected = unit(published=published("before"), missing=(STAFF,))
    assert one(corrected).state == "run"
    assert one(corrected, now=local("2018-04-12T12:00")).reason == "embargo"
    # Without the ledger there is nothing to correct with: what is published stays.
    lost = unit(published=published("before"), missing=(LEDGER,))
    assert (one(lost).state, one(lost).next) == ("waiting", local("2018-04-19T00:00"))
    given_up = one(lost, now=local("2018-04-20T00:00"))
    assert (given_up.state, given_up.detail) == (
        "missing",
        "Bokföringen för mars 2018 saknas. Inget paket kan tas fram. Version 1 ligger kvar.",
    )


def test_a_refused_correction_is_waited_for_and_then_told_of():
    taken_back = lacks("raindance_saldo", "2018-03", refused=True, superseded=True)
    assert one(unit(missing=(taken_back,))).state == "waiting"
    found = one(unit(missing=(taken_back,)), now=local("2018-04-20T00:00"))
    assert (found.state, found.reason) == ("run", "partial")
    assert "Bokföringen för mars 2018 kunde inte läsas in på nytt." in found.detail


def test_a_package_that_says_something_is_missing_that_is_not_is_made_again():
    said = replace(published(), missing=frozenset(STAFF.told))
    assert one(unit(published=said, missing=(STAFF,))).state == "published"
    found = one(unit(published=said))
    assert (found.state, found.reason) == ("run", "newer_data")
    assert found.detail == "Det som version 1 säger saknas har kommit."


def test_a_correction_that_is_refused_after_publishing_leaves_the_package():
    taken_back = lacks("raindance_saldo", "2018-03", refused=True, superseded=True)
    assert one(unit(published=published(), missing=(taken_back,))).state == "published"


def test_single_reports_made_by_hand_are_no_package():
    found = one(unit(published=published(whole=False)))
    assert (found.state, found.reason) == ("run", "partial")
    assert one(unit(published=published(whole=False), missing=(STAFF,))).state == "waiting"


def test_a_damaged_package_is_made_again():
    found = one(unit(published=Damaged()))
    assert (found.state, found.reason, found.version) == ("run", "newer_data", 0)


def test_a_failure_that_cannot_pass_stays_until_the_input_or_the_code_changes():
    known = unit(attempts=(attempt(),))
    found = one(known)
    assert (found.state, found.reason, found.next) == ("failed", "failed", None)
    assert "cell 3: KeyError: 'x'" in found.detail
    assert "more" not in found.detail
    assert one(known, now=NOW + timedelta(days=400)).state == "failed"
    assert one(replace(known, input_version="bbbb")).state == "run"
    assert one(known, rules=replace(RULES, code_version="0.2.0")).state == "run"
    assert one(known, rules=replace(RULES, again=True)).state == "run"


def test_a_failure_that_may_pass_is_tried_again_later_and_later():
    first = attempt(passing=True)
    found = one(unit(attempts=(first,)), now=local("2018-04-17T11:59"))
    assert (found.state, found.next) == ("failed", local("2018-04-17T12:00"))
    assert found.detail.endswith("Nytt försök 17 april 2018 kl. 12.00.")
    assert one(unit(attempts=(first,)), now=local("2018-04-17T12:00")).state == "run"
    second = (first, attempt(passing=True, number=2))
    assert one(unit(attempts=second), now=local("2018-04-17T12:54")).next == local("2018-04-17T12:55")
    third = (*second, attempt(passing=True, number=3))
    assert one(unit(attempts=third), now=local("2018-04-17T12:54")).next == local("2018-04-17T12:55")


def test_killed_attempts_are_tried_again_but_not_for_ever():
    died = [attempt("died", passing=True, number=number) for number in (1, 2, 3)]
    assert one(unit(attempts=tuple(died[:2])), now=local("2018-04-18T12:00")).state == "run"
    found = one(unit(attempts=tuple(died)), now=local("2018-04-18T12:00"))
    assert (found.state, found.next) == ("failed", None)
    assert "processen avbröts" in found.detail


@pytest.mark.parametrize("outcome", ["done", "stopped"])
def test_only_failures_in_a_row_count(outcome):
    attempts = (attempt(passing=True), attempt(passing=True), attempt(outcome), attempt(passing=True))
    assert one(unit(attempts=attempts), now=local("2018-04-17T12:00")).state == "run"


def test_a_clock_that_was_set_back_does_not_stop_retries():
    known = unit(attempts=(attempt(passing=True, started=NOW, ended=NOW + timedelta(days=300)),))
    assert one(known).state == "run"


def test_who_makes_it_right_now_is_told():
    assert one(unit(running="process 7 on maskin")).running == "process 7 on maskin"


def test_oldest_first_then_by_unit():
    april = replace(MARCH, period=Period(2018, 4))
    units = [unit(), replace(unit(), unit="20")]
    found = due([(april, units), (MARCH, units)], rules=RULES, now=local("2018-06-01T00:00"))
    assert [(str(each.period), each.unit) for each in found] == [
        ("2018-03", "17"),
        ("2018-03", "20"),
        ("2018-04", "17"),
        ("2018-04", "20"),
    ]
