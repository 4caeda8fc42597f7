"""A tick makes what is due, oldest first, once, records it, and tells what went wrong."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from made_maker import MadeMaker, tick_at, versions
from made_occasions import local
from made_project import MadeProject, deliveries

from analytics import leases
from analytics.connections import PullReport, SourceResult
from analytics.errors import StorageError
from analytics.leases import Lease
from analytics.reports.results import ReportResult
from analytics.schedule.history import History
from analytics.schedule.outcomes import TickFailedError

pytestmark = pytest.mark.usefixtures("without_load")
UNITS = ["10", "17", "18", "20", "30", "40"]
AFTER_MARCH = local("2018-04-20T12:00")


def failure(unit: str, cause: str, problem: str = "cell 3: it failed") -> ReportResult:
    return ReportResult(unit, "ekonomi", "failed", 1.0, 1.0, problem, cause=cause)


def outcomes(report) -> dict[tuple[str, str], str]:
    return {(str(each.period), each.unit): each.outcome for each in report.made}


def attempts(made: MadeProject, place: str):
    return made.project.history.attempts(place)


def test_everything_that_is_due_is_made_oldest_first_and_then_nothing_is(made, maker):
    report = tick_at(made, AFTER_MARCH, maker)
    assert maker.units == [(month, unit) for month in ("2018-01", "2018-02", "2018-03") for unit in UNITS]
    assert set(outcomes(report).values()) == {"published"}
    assert versions(made) == dict.fromkeys(maker.units, 1)
    report.raise_if_failed()
    assert {each.state for each in report.outlook.asked} == {"published"}

    again = tick_at(made, AFTER_MARCH + timedelta(minutes=15), maker)
    assert again.made == ()
    again.raise_if_failed()


def test_an_attempt_is_recorded_with_its_times_inputs_log_and_package(made, maker):
    tick_at(made, AFTER_MARCH, maker)
    (attempt,) = attempts(made, "2018-03/17")
    assert (attempt.outcome, attempt.number, attempt.package) == ("done", 1, "2018-03/17/v1")
    assert attempt.started >= AFTER_MARCH
    assert attempt.ended >= attempt.started
    manifest = json.loads((made.settings.paths.reports / "2018-03/17/manifest.json").read_text())
    assert attempt.input_version == manifest["inputs"]["version"]
    log = made.project.history.log_of(attempt).read_text()
    assert "ekonomi: ok, 1.5 s" in log
    assert "ended: done" in log
    assert leases.holder(made.project.lease_folder("2018-03/17")) is None


def test_a_failing_unit_leaves_the_others_unharmed_and_is_not_tried_again(made, maker):
    maker.faults = {"17": failure("17", "KeyError")}
    report = tick_at(made, AFTER_MARCH, maker)
    failed = {key for key, outcome in outcomes(report).items() if outcome == "failed"}
    assert failed == {("2018-01", "17"), ("2018-02", "17"), ("2018-03", "17")}
    assert len(versions(made)) == 15
    with pytest.raises(TickFailedError, match="2018-01 17: ekonomi: cell 3: it failed") as caught:
        report.raise_if_failed()
    assert caught.value.exit_code == 7

    # A year later it is still told, and not made again: nothing has changed.
    maker.orders.clear()
    later = tick_at(made, AFTER_MARCH + timedelta(days=365), maker)
    assert ("2018-03", "17") not in maker.units
    with pytest.raises(TickFailedError, match="Görs inte om"):
        later.raise_if_failed()

    maker.faults = {}
    assert ("2018-03", "17") in outcomes(tick_at(made, AFTER_MARCH, maker, again=True))
    assert versions(made)["2018-03", "17"] == 1


def test_a_correction_makes_a_failed_unit_due_again(made, maker):
    maker.faults = {"17": failure("17", "KeyError")}
    tick_at(made, AFTER_MARCH, maker)
    maker.faults = {}
    made.hold(deliveries("2018-03"), corrected=("raindance_saldo", "2018-03"))
    report = tick_at(made, AFTER_MARCH + timedelta(days=1), maker)
    assert outcomes(report) == dict.fromkeys([("2018-03", unit) for unit in UNITS], "published")
    assert versions(made)["2018-03", "10"] == 2
    assert versions(made)["2018-03", "17"] == 1


def test_full_storage_is_tried_again_after_a_while(made, maker):
    maker.faults = {"17": failure("17", "OSError", "No space left on device")}
    tick_at(made, AFTER_MARCH, maker)
    maker.faults = {}
    soon = tick_at(made, AFTER_MARCH + timedelta(minutes=2), maker)
    assert soon.made == ()
    waiting = next(each for each in soon.outlook.asked if (str(each.period), each.unit) == ("2018-03", "17"))
    assert (waiting.state, waiting.reason) == ("failed", "failed")
    assert AFTER_MARCH + timedelta(minutes=5) <= waiting.next < AFTER_MARCH + timedelta(minutes=6)
    then = tick_at(made, AFTER_MARCH + timedelta(minutes=6), maker)
    assert set(outcomes(then).values()) == {"published"}
    assert [each.outcome for each in attempts(made, "2018-03/17")] == ["failed", "done"]


def test_a_run_that_fails_as_a_whole_is_recorded_for_each_unit_and_stops_no_other_month(made):
    calls = []

    class Once(MadeMaker):
        def __call__(self, order):
            calls.append(str(order.period))
            if str(order.period) == "2018-01":
                raise StorageError("the disk is full")
            return super().__call__(order)

    report = tick_at(made, AFTER_MARCH, Once(made))
    assert calls == ["2018-01", "2018-02", "2018-03"]
    assert {outcomes(report)["2018-01", unit] for unit in UNITS} == {"failed"}
    assert {outcomes(report)["2018-03", unit] for unit in UNITS} == {"published"}
    (attempt,) = attempts(made, "2018-01/17")
    assert (attempt.outcome, attempt.passing, attempt.problem) == ("failed", True, "the disk is full")


def test_an_unforeseen_error_is_told_by_its_kind_and_place_and_never_by_its_words(made):
    maker = MadeMaker(made, {"10": RuntimeError("19700101-0003 has 17 hours")})
    report = tick_at(made, AFTER_MARCH, maker)
    (attempt,) = attempts(made, "2018-03/17")
    log = made.project.history.log_of(attempt).read_text()
    assert "RuntimeError" in attempt.problem
    assert "made_maker.py" in log
    assert "19700101" not in attempt.problem + log + json.dumps(report.as_record())
    assert not attempt.passing


def test_what_was_published_counts_although_the_run_fails_afterwards(made):
    class Portal(MadeMaker):
        def __call__(self, order):
            super().__call__(order)
            raise OSError(28, "No space left on device", "index.html")

    report = tick_at(made, AFTER_MARCH, Portal(made))
    assert set(outcomes(report).values()) == {"published"}
    assert attempts(made, "2018-03/17")[0].outcome == "done"


def test_a_run_that_publishes_nothing_is_no_success(made):
    class Lazy(MadeMaker):
        def _publish(self, order, unit, held):  # noqa: ARG002
            return order.settings.paths.reports

    report = tick_at(made, AFTER_MARCH, Lazy(made))
    assert set(outcomes(report).values()) == {"failed"}
    assert "without publishing" in attempts(made, "2018-03/17")[0].problem


def test_a_package_that_another_run_makes_is_left_to_it(made, maker):
    lease = leases.acquire(made.project.lease_folder("2018-03/17"), seconds=60)
    assert isinstance(lease, Lease)
    report = tick_at(made, AFTER_MARCH, maker)
    assert outcomes(report)["2018-03", "17"] == "busy"
    assert ("2018-03", "17") not in versions(made)
    report.raise_if_failed()  # the other run does it
    lease.release()
    assert outcomes(tick_at(made, AFTER_MARCH, maker)) == {("2018-03", "17"): "published"}


def test_what_another_run_published_since_the_look_is_not_made_twice(made, maker, monkeypatch):
    take = leases.acquire

    def slow(folder, **arguments):
        taken = take(folder, **arguments)
        if folder.name == "2018-03-17" and not maker.faults:
            maker.faults["seen"] = failure("17", "")
            version = next(
                each.input_version
                for each in made.project.look(AFTER_MARCH).asked
                if (str(each.period), each.unit) == ("2018-03", "17")
            )
            made.publish("2018-03", "17", version, version=5)
        return taken

    monkeypatch.setattr(leases, "acquire", slow)
    report = tick_at(made, AFTER_MARCH, maker)
    assert outcomes(report)["2018-03", "17"] == "done_elsewhere"
    assert versions(made)["2018-03", "17"] == 5
    assert attempts(made, "2018-03/17") == ()


def test_a_run_that_was_given_up_meanwhile_does_not_publish(made, maker):
    folder = made.project.lease_folder("2018-03/17")

    def taken_over() -> None:
        if not folder.exists() or str(maker.orders[-1].period) != "2018-03":
            return
        newest = max(file for file in folder.iterdir() if file.name.isdecimal())
        record = json.loads(newest.read_text())
        record["owner"]["started"] = 1  # as if the owner were dead
        newest.write_text(json.dumps(record))
        assert isinstance(leases.acquire(folder, seconds=60), Lease)

    maker.faults = {"17": taken_over}
    report = tick_at(made, AFTER_MARCH, maker)
    assert outcomes(report)["2018-03", "17"] == "failed"
    assert ("2018-03", "17") not in versions(made)
    (attempt,) = attempts(made, "2018-03/17")
    assert (attempt.cause, attempt.passing) == ("LeaseLostError", True)


def test_an_interruption_is_recorded_and_gives_the_leases_back(made, maker):
    def interrupted() -> None:
        raise KeyboardInterrupt

    maker.faults = {"17": interrupted}
    with pytest.raises(KeyboardInterrupt):
        tick_at(made, AFTER_MARCH, maker)
    assert [each.outcome for each in attempts(made, "2018-01/17")] == ["stopped"]
    assert leases.holder(made.project.lease_folder("2018-01/17")) is None
    maker.faults = {}
    assert set(outcomes(tick_at(made, AFTER_MARCH, maker)).values()) == {"published"}


def test_late_data_are_waited_for_and_then_done_without(made, maker):
    made.hold(deliveries("2018-03") - {("heroma_tid", "2018-02")})
    waits = tick_at(made, local("2018-04-18T23:30"), maker)
    assert ("2018-03", "17") not in outcomes(waits)
    waits.raise_if_failed()  # waiting is legitimate
    done = tick_at(made, local("2018-04-19T00:10"), maker)
    assert {key for key in outcomes(done) if key[0] == "2018-03"} == {("2018-03", unit) for unit in UNITS}
    done.raise_if_failed()
    record = json.loads((made.settings.paths.reports / "2018-03/17/manifest.json").read_text())
    assert [each["layout"] for each in record["missing"]] == ["heroma_tid"]
    assert attempts(made, "2018-03/17")[0].missing == ("heroma_tid 2018-02",)

    made.hold(deliveries("2018-03"))
    arrived = tick_at(made, local("2018-04-25T12:00"), maker)
    assert {key: outcome for key, outcome in outcomes(arrived).items() if key[0] == "2018-03"} == {
        ("2018-03", unit): "published" for unit in UNITS
    }
    assert versions(made)["2018-03", "17"] == 2


def test_without_the_ledger_nothing_is_made_and_that_is_an_error(made, maker):
    made.hold(deliveries("2018-03") - {("raindance_saldo", "2018-03")})
    report = tick_at(made, AFTER_MARCH, maker)
    assert not [key for key in outcomes(report) if key[0] == "2018-03"]
    with pytest.raises(TickFailedError, match="Bokföringen för mars 2018 saknas") as caught:
        report.raise_if_failed()
    assert caught.value.exit_code == 10


def test_a_damaged_catalog_makes_nothing_due_and_is_told(made, maker):
    (made.settings.paths.processed / "catalog.json").write_text("{}")
    report = tick_at(made, AFTER_MARCH, maker)
    assert report.made == ()
    with pytest.raises(TickFailedError, match="damaged") as caught:
        report.raise_if_failed()
    assert caught.value.exit_code == 6


def test_a_folder_of_reports_that_cannot_be_written_is_told_for_each_package(made, maker, monkeypatch):
    def read_only(*_, **__):
        raise StorageError("the lease cannot be written: Read-only file system")

    monkeypatch.setattr(leases, "acquire", read_only)
    report = tick_at(made, AFTER_MARCH, maker)
    assert set(outcomes(report).values()) == {"failed"}
    assert maker.orders == []
    with pytest.raises(TickFailedError, match="Read-only file system"):
        report.raise_if_failed()


def test_whoever_is_told_may_fail_without_harm(made, maker):
    seen = []

    def mail(_) -> None:
        raise OSError(111, "Connection refused")

    report = tick_at(made, AFTER_MARCH, maker, tell={"notices": mail, "portal": seen.append})
    assert len(versions(made)) == 18
    assert seen[0].made == report.made
    with pytest.raises(TickFailedError, match="notices: Connection refused"):
        report.raise_if_failed()


def test_a_source_that_fails_is_told_left_alone_for_a_while_and_stops_nothing(made, maker):
    file = made.root / "analytics.toml"
    sources = '[[sources.folder]]\nid = "%s"\nsupplier = "heroma"\npath = "/nowhere"\n'
    text = (
        file.read_text()
        .replace("folder = []\n", "")
        .replace("[calendar]", f"{sources % 'a'}{sources % 'b'}\n[calendar]")
    )
    file.write_text(text)
    asked = []

    def pull(settings):
        names = [each.id for each in settings.sources.folder]
        asked.append(names)
        return PullReport([SourceResult(name, problem="no answer" if name == "a" else "") for name in names])

    report = tick_at(made, AFTER_MARCH, maker, pull=pull)
    assert len(versions(made)) == 18
    with pytest.raises(TickFailedError, match="pull: a: no answer"):
        report.raise_if_failed()
    tick_at(made, AFTER_MARCH + timedelta(minutes=1), maker, pull=pull)
    tick_at(made, AFTER_MARCH + timedelta(minutes=6), maker, pull=pull)
    assert asked == [["a", "b"], ["b"], ["a", "b"]]
    assert [each.outcome for each in attempts(made, "pull/a")] == ["failed", "failed"]
    assert attempts(made, "pull/b") == ()


def test_what_a_killed_run_left_goes_although_nothing_is_due(made, maker):
    tick_at(made, AFTER_MARCH, maker)
    work = made.settings.paths.reports / ".work"
    (work / "99-dead/17").mkdir(parents=True)
    (work / "99-dead.lock").touch()
    assert tick_at(made, AFTER_MARCH + timedelta(minutes=15), maker).made == ()
    assert not (work / "99-dead").exists()


def test_old_attempts_go_and_the_newest_stays(made, maker):
    maker.faults = {"17": failure("17", "OSError")}
    tick_at(made, AFTER_MARCH, maker)
    maker.faults = {}
    tick_at(made, AFTER_MARCH + timedelta(days=1), maker)
    history = History(made.settings.paths.reports / ".history")
    assert len(history.attempts("2018-03/17")) == 2
    made.hold(deliveries("2018-03"), corrected=("raindance_saldo", "2018-03"))
    tick_at(made, AFTER_MARCH + timedelta(days=450), maker)
    assert [each.number for each in history.attempts("2018-03/17")] == [3]
    assert [each.number for each in history.attempts("2018-02/17")] == [2]


def test_the_report_is_for_machines_too(made, maker):
    record = tick_at(made, AFTER_MARCH, maker).as_record()
    assert record["ok"] is True
    assert {each["state"] for each in record["due"]} == {"published"}
    assert json.loads(json.dumps(record))["made"][0]["outcome"] == "published"
