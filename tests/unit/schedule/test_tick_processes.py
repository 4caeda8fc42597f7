"""Ticks in processes of their own: two at once, one that is killed, a clock that is set back."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from made_maker import MadeMaker, tick_at, versions
from made_occasions import local
from made_project import MadeProject

from analytics import leases
from analytics.schedule import history

AFTER_MARCH = local("2018-04-20T12:00")
ALL = [(month, unit) for month in ("2018-01", "2018-02", "2018-03") for unit in ("10", "17", "18", "20", "30", "40")]
# A tick in a process, with a maker that takes its time for each unit; at unit 18 of February it may wait to be killed.
TICK = f"""\
import json, sys, time
sys.path.insert(0, {str(Path(__file__).parent)!r})
from datetime import datetime
from pathlib import Path
from made_maker import MadeMaker, tick_at
from made_project import MadeProject
from analytics.schedule.loading import Intake
from analytics.schedule.outcomes import Step
Intake.load = lambda _: Step("load", "nothing")
root, moment, hang, start = Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), sys.argv[3] == "hang", Path(sys.argv[4])
made = MadeProject(root)
maker = MadeMaker(made)
def work():
    if hang and str(maker.orders[-1].period) == "2018-02":
        print("hangs", flush=True)
        time.sleep(600)
    time.sleep(0.05)
maker.faults = dict.fromkeys(["10", "17", "18", "20", "30", "40"], lambda: time.sleep(0.02)) | {{"18": work}}
print("ready", flush=True)
while not start.exists():
    time.sleep(0.001)
report = tick_at(made, moment, maker)
print(json.dumps([[str(each.period), each.unit, each.outcome] for each in report.made]), flush=True)
"""

pytestmark = pytest.mark.usefixtures("without_load")


def start(made: MadeProject, moment=AFTER_MARCH, *, hang: bool = False, when: Path) -> subprocess.Popen[str]:
    arguments = [str(made.root), moment.isoformat(), "hang" if hang else "", str(when)]
    return subprocess.Popen([sys.executable, "-c", TICK, *arguments], stdout=subprocess.PIPE, text=True)


def answer(process: subprocess.Popen[str]) -> dict[tuple[str, str], str]:
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return {(period, unit): outcome for period, unit, outcome in json.loads(out.splitlines()[-1])}


def test_two_schedulers_at_once_make_everything_once(made, tmp_path):
    go = tmp_path / "go"
    ticking = [start(made, when=go) for _ in range(2)]
    for process in ticking:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    go.touch()
    first, second = (answer(process) for process in ticking)
    published = [key for found in (first, second) for key, outcome in found.items() if outcome == "published"]
    assert sorted(published) == ALL
    assert {*first.values(), *second.values()} <= {"published", "busy", "done_elsewhere"}
    assert versions(made) == dict.fromkeys(ALL, 1)
    records = {place: made.project.history.attempts(place) for place in made.project.history.places()}
    assert {len(found) for found in records.values()} == {1}
    assert {each.outcome for found in records.values() for each in found} == {"done"}


def killed_in_february(made: MadeProject, tmp_path: Path) -> None:
    (tmp_path / "go").touch()
    process = start(made, hang=True, when=tmp_path / "go")
    assert process.stdout is not None
    while process.stdout.readline() != "hangs\n":
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_a_killed_tick_is_gone_on_with_where_it_was(made, maker, tmp_path):
    killed_in_february(made, tmp_path)
    done = versions(made)
    assert [key for key in ALL if key[0] == "2018-01"] == [key for key in done if key[0] == "2018-01"]
    assert ("2018-02", "18") not in done
    (attempt,) = made.project.history.attempts("2018-02/18")
    assert (attempt.outcome, attempt.ended) == ("running", None)

    # It is seen at once that the attempt has died, and the months that were not begun are made without waiting.
    seen = {(str(each.period), each.unit): each for each in made.project.look(AFTER_MARCH + timedelta(minutes=1)).asked}
    assert (seen["2018-02", "18"].state, seen["2018-02", "18"].running) == ("failed", "")
    tick_at(made, AFTER_MARCH + timedelta(minutes=1), maker)
    assert set(versions(made)) == set(ALL) - {("2018-02", unit) for unit in ("18", "20", "30", "40")}

    tick_at(made, AFTER_MARCH + timedelta(minutes=6), maker)
    assert versions(made) == dict.fromkeys(ALL, 1)
    first, second = made.project.history.attempts("2018-02/18")
    assert (first.outcome, first.problem, second.outcome) == ("died", "the process was killed", "done")
    assert first.ended is not None


def test_what_kills_every_run_is_not_tried_for_ever(made, maker):
    version = next(
        each.input_version
        for each in made.project.look(AFTER_MARCH).asked
        if (str(each.period), each.unit) == ("2018-01", "17")
    )
    dead = subprocess.run(
        [sys.executable, "-c", LEASE, str(made.project.lease_folder("2018-01/17"))],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    for _ in range(3):
        made.project.history.begin(history.Attempt("2018-01/17", 0, AFTER_MARCH, version, "0.1.0", "process 1", dead))
    later = AFTER_MARCH + timedelta(days=1)
    report = tick_at(made, later, maker)
    assert ("2018-01", "17") not in versions(made)
    stuck = next(each for each in report.outlook.asked if (str(each.period), each.unit) == ("2018-01", "17"))
    assert (stuck.state, stuck.next) == ("failed", None)
    tick_at(made, later, maker, again=True)
    assert versions(made)["2018-01", "17"] == 1
    assert leases.holder(made.project.lease_folder("2018-01/17")) is None


LEASE = """\
import sys
from pathlib import Path
from analytics import leases
print(leases.acquire(Path(sys.argv[1]), seconds=60).ticket.token)
"""


def test_a_clock_that_is_set_back_makes_nothing_twice_and_loses_nothing(made, maker):
    tick_at(made, AFTER_MARCH, maker)
    ordered = len(maker.units)
    for moment in ("2018-04-19T12:00", "2018-02-01T12:00", "2017-01-01T12:00"):
        report = tick_at(made, local(moment), maker)
        assert report.made == ()
        report.raise_if_failed()
    assert len(maker.units) == ordered
    assert versions(made) == dict.fromkeys(ALL, 1)


def test_a_heart_beats_while_a_tick_works(made, monkeypatch):
    """The lease is touched during long work, so that no other machine takes it over."""
    monkeypatch.setattr(leases, "BEATS", 6000)
    folder = made.project.lease_folder("2018-01/17")
    seen = []

    def work() -> None:
        file = max(folder.iterdir())
        before = file.stat().st_mtime_ns
        deadline = time.monotonic() + 60
        while max(folder.iterdir()).stat().st_mtime_ns == before and time.monotonic() < deadline:
            time.sleep(0.01)
        seen.append(max(folder.iterdir()).stat().st_mtime_ns > before)

    maker = MadeMaker(made, {"17": work})
    tick_at(made, local("2018-02-12T12:00"), maker)
    assert seen == [True]
