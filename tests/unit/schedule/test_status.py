"""``analytics status`` explains each package, and its exit code says whether somebody is needed."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from made_maker import MadeMaker, tick_at
from made_occasions import attempt, local
from made_project import MadeProject, deliveries
from typer.testing import CliRunner

from analytics import leases
from analytics.cli import app
from analytics.errors import UsageError
from analytics.leases import Lease
from analytics.periods import Period
from analytics.reports.results import ReportResult
from analytics.schedule import portal
from analytics.schedule.history import History
from analytics.schedule.status import NeedsSomeoneError, read

pytestmark = pytest.mark.usefixtures("without_load")
AFTER_MARCH = local("2018-04-20T12:00")


def failing(cause: str) -> ReportResult:
    return ReportResult("17", "ekonomi", "failed", 1.0, 1.0, "cell 3: it failed", cause=cause)


def tell_at(made: MadeProject, moment, maker: MadeMaker):
    return tick_at(made, moment, maker, tell={"portal": portal.teller(made.settings)})


def of(made: MadeProject, moment=AFTER_MARCH, **narrow):
    return read(made.project, moment, **narrow)


def test_all_published_needs_nobody(made, maker):
    tell_at(made, AFTER_MARCH, maker)
    found = of(made)
    found.raise_if_wanting()
    text = str(found)
    assert "Last tick: 2018-04-20 12:00" in text
    assert "17 Landstingsdirektörens stab: publicerad. Version 1 publicerad 20 april 2018." in text
    assert "version 1, 2018-04-20 12:00: Första versionen" in text
    assert "done, published 2018-03/17/v1" in text
    assert text.index("Mars 2018") < text.index("Februari 2018") < text.index("Januari 2018")


def test_every_version_tells_why_it_was_made(made, maker):
    tell_at(made, AFTER_MARCH, maker)
    folder = made.settings.paths.reports / "2018-03/17"
    (folder / "v1").mkdir()
    (folder / "manifest.json").rename(folder / "v1/manifest.json")
    version = of(made).packages[1].due.input_version
    made.publish("2018-03", "17", version, version=2, reason=["data", "comments"], missing=["x"])
    found = of(made, period=Period(2018, 3), unit="17")
    assert [each.reason for each in found.packages[0].versions] == [("data", "comments"), ("first",)]
    assert "Nya eller rättade leveranser; nya eller ändrade kommentarer (incomplete)" in str(found)
    assert "Första versionen" in str(found)


def test_a_failure_that_is_tried_again_needs_nobody_and_one_that_is_not_does(made, maker):
    maker.faults = {"17": failing("StorageError")}
    tell_at(made, AFTER_MARCH, maker)
    soon = of(made, AFTER_MARCH + timedelta(minutes=1))
    assert soon.problems == ()
    assert "next: 2018-04-20 12:05" in str(soon)

    maker.faults = {"17": failing("ValueError")}
    tell_at(made, AFTER_MARCH + timedelta(minutes=6), maker)
    later = of(made, AFTER_MARCH + timedelta(minutes=7))
    assert "2018-01 17" in {each.what for each in later.problems}
    with pytest.raises(NeedsSomeoneError, match=r"2018-03 17.*\nAnd 2 more, told above") as error:
        later.raise_if_wanting()
    assert error.value.exit_code == 7
    assert "failed (ValueError)" in str(later)
    assert "ekonomi: cell 3: it failed" in str(later)
    assert [each.number for each in later.packages[1].attempts] == [2, 1]


def test_a_missing_ledger_needs_someone(made, maker):
    made.hold(deliveries("2018-03") - {("raindance_saldo", "2018-03")})
    tell_at(made, local("2018-04-20T12:00"), maker)
    with pytest.raises(NeedsSomeoneError) as error:
        of(made, period=Period(2018, 3)).raise_if_wanting()
    assert error.value.exit_code == 10
    of(made, period=Period(2018, 2)).raise_if_wanting()


def test_killed_and_running_attempts_are_told_apart(made, maker):
    tell_at(made, AFTER_MARCH, maker)
    project = made.project
    taken = leases.acquire(project.lease_folder("2018-03/17"), seconds=60)
    assert isinstance(taken, Lease)
    history = History(project.history.folder)
    for unit, token in (("17", taken.ticket.token), ("18", "gone")):
        history.begin(attempt("running", place=f"2018-03/{unit}", ended=None, problem="", lease=token))

    known = {each.due.unit: each for each in of(made, period=Period(2018, 3)).packages}
    assert known["17"].holder.startswith("process ")
    assert known["17"].attempts[0].outcome == "running"
    assert known["17"].deaths == 0
    assert known["18"].holder == ""
    assert known["18"].attempts[0].outcome == "died"
    assert "killed: 1 of 2 attempts" in str(of(made, unit="18"))


def test_a_schedule_that_has_stopped_and_one_that_never_ran_are_told(made, maker):
    assert "none is known" in str(of(made))
    tell_at(made, AFTER_MARCH, maker)
    assert "may have stopped" not in str(of(made, AFTER_MARCH + timedelta(minutes=20)))
    late = of(made, AFTER_MARCH + timedelta(minutes=26))
    assert "may have stopped" in str(late)
    assert late.as_record()["late"] is True


def test_few_attempts_are_told_of_all_and_all_of_one(made, maker):
    tell_at(made, AFTER_MARCH, maker)
    for _ in range(5):
        made.project.history.begin(attempt("failed"))
    assert "and 3 earlier attempts" in str(of(made))
    assert str(of(made, unit="17", period=Period(2018, 3))).count("attempt ") == 6


def test_a_damaged_record_is_told_and_the_rest_all_the_same(made, maker):
    tell_at(made, AFTER_MARCH, maker)
    (made.project.history.folder_of("2018-03/17", 1) / "attempt.json").write_text("{")
    found = of(made)
    with pytest.raises(NeedsSomeoneError) as error:
        found.raise_if_wanting()
    assert error.value.exit_code == 6
    assert len(found.packages) == 18


def test_the_command_prints_json_and_says_by_its_exit_code_that_someone_is_needed(made, maker):
    maker.faults = {"17": failing("ValueError")}
    tell_at(made, AFTER_MARCH, maker)
    asked = ["--root", str(made.root), "status", "--json", "--at", "2018-04-20T12:10", "--period", "2018-03"]

    result = CliRunner().invoke(app, asked)
    record = json.loads(result.stdout)
    assert isinstance(result.exception, NeedsSomeoneError)
    assert {each["unit"]: each["state"] for each in record["packages"]}["17"] == "failed"
    assert not record["ok"]

    assert CliRunner().invoke(app, [*asked, "--unit", "18"]).exit_code == 0
    assert isinstance(CliRunner().invoke(app, [*asked, "--unit", "../17"]).exception, UsageError)


def test_units_that_stand_alike_are_told_together(made):
    made.hold(deliveries("2018-03") - {("raindance_saldo", "2018-03")})
    told = str(of(made, local("2018-05-02T12:00"))).splitlines()
    march = told[told.index("Mars 2018") + 1]
    assert march.startswith("  10 Blekingesjukhuset, 17 Landstingsdirektörens stab, 18 ")
    assert march.count("Bokföringen för mars 2018 saknas.") == 1
