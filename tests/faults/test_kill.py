"""Kill -9 at 54 moments of load, run and publish: what comes out in the end is what an undisturbed run gives.

The state before: March is published, a correction of its ledger lies in the inbox. A tick loads it and makes version 2
of two packages. In each round that tick is killed while it loads, the next one while it makes the reports, and the one
after that while it publishes; the fourth goes through. Between the kills nothing is cleaned up. All the while another
process reads the packages. In every other round only the tick itself is killed, and its processes are left to end by
themselves.
"""

from __future__ import annotations

import fcntl
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import normalised
import pytest
from small_months import PERIOD, UNITS, SmallMonths
from warm_ticks import members

from analytics.reports import ledger
from analytics.reports.verification import Archive
from analytics.schedule.history import History, closed

HERE = Path(__file__).parent
ROUNDS = 17
PHASES = ("load", "make", "publish")
# After a first death a place is left alone for 5 minutes, after a second for 15 ([schedule] retry_minutes).
TICKS = ("2018-04-20T10:15", "2018-04-20T10:30", "2018-04-20T10:50", "2018-04-20T12:00")
STATE = ("reports", "data/processed", "data/raw/.snapshots")

pytestmark = pytest.mark.xdist_group("kills")


@dataclass
class Killing:
    """The project, the program that runs its ticks, and the one that reads it."""

    project: SmallMonths
    saved: Path
    ticks: subprocess.Popen[str]
    lock: Path
    expected: dict[str, str] = field(default_factory=dict)
    changes: Counter[str] = field(default_factory=Counter)
    number: int = 0

    def tick(self, at: str, *, phase: str = "", allowed: int = 0, mode: str = "all") -> dict[str, Any]:
        request = {
            "root": str(self.project.root),
            "arguments": ["schedule", "--once", "--at", at],
            "phase": phase,
            "allowed": allowed,
            "mode": mode,
            "output": str(self.saved.parent / "output"),
        }
        assert self.ticks.stdin is not None
        assert self.ticks.stdout is not None
        self.ticks.stdin.write(json.dumps(request) + "\n")
        self.ticks.stdin.flush()
        return json.loads(self.ticks.stdout.readline())

    def save(self) -> None:
        for name in STATE:
            shutil.copytree(self.project.root / name, self.saved / name)

    def restore(self) -> None:
        """Put the saved state back. The inbox stays: a tick sees by its times whether it has changed."""
        with self.lock.open("r+", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.number += 1
            lock.write(str(self.number))
            lock.flush()
            for name in STATE:
                shutil.rmtree(self.project.root / name)
                shutil.copytree(self.saved / name, self.project.root / name)

    def correct_packages(self) -> None:
        settings = self.project.settings
        archive = Archive(self.project.reports, self.project.reports / ledger.FOLDER, settings.disclosure)
        verified = archive.every()
        assert [package.versions for package in verified.packages] == [(1, 2), (1, 2)]
        verified.raise_if_changed()


@pytest.fixture(scope="module")
def killing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killing]:
    base = tmp_path_factory.mktemp("kill")
    project = SmallMonths(base / "project")
    lock = base / "restoring"
    lock.write_text("0", encoding="ascii")
    ticks = subprocess.Popen(
        [sys.executable, HERE / "warm_ticks.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        made = Killing(project, base / "saved", ticks, lock)
        first = made.tick("2018-04-20T10:00")
        assert first["status"] == 0, first["output"]
        project.deliver(3, version=2, corrected=True)
        made.save()
        undisturbed = made.tick(TICKS[0])
        assert undisturbed["status"] == 0, undisturbed["output"]
        made.changes.update(line.split("\t")[0] for line in undisturbed["trace"])
        made.correct_packages()
        made.expected.update(normalised.outcome(project.root))
        yield made
    finally:
        ticks.communicate()


@pytest.fixture(scope="module")
def reader(killing: Killing) -> Iterator[subprocess.Popen[str]]:
    program = [sys.executable, "-I", HERE / "polling_reader.py", killing.project.root, killing.lock]
    process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield process
    process.communicate()


KILLED: list[tuple[str, str, str]] = []


def killed(killing: Killing, at: str, phase: str, part: float, mode: str) -> None:
    allowed = round(part * (killing.changes[phase] - 1))
    found = killing.tick(at, phase=phase, allowed=allowed, mode=mode)
    assert found["status"] == -signal.SIGKILL, found["output"]
    assert found["left"] == [], "processes lived on"
    assert not found["published_after_death"]
    moment = next(line for line in found["trace"] if line.startswith("KILLED"))
    KILLED.append((moment.split("\t")[1], *moment.split("\t")[2:4]))


def test_after_kills_in_load_run_and_publish_the_outcome_is_that_of_an_undisturbed_run(
    killing: Killing, reader: subprocess.Popen[str]
) -> None:
    """In all rounds; and no reader ever saw a half package."""
    for number in range(ROUNDS):
        one_round(killing, reader, number)
    assert Counter(phase for phase, _, _ in KILLED) == dict.fromkeys(PHASES, ROUNDS)
    assert len(set(KILLED)) >= 50, "moments that are not the same one"
    out, _ = reader.communicate()
    seen = json.loads(out)
    assert seen["faults"] == []
    assert seen["looks"] > len(KILLED)
    assert seen["versions"] == [f"{unit} v{version}" for unit in UNITS for version in (1, 2)]


def one_round(killing: Killing, reader: subprocess.Popen[str], number: int) -> None:
    killing.restore()
    chance = random.Random(number)  # noqa: S311 - no secret, the same moments each time
    mode = "leader" if number % 2 else "all"
    for at, phase in zip(TICKS, PHASES, strict=False):
        # Every phase is covered evenly: each round has a part of its own, and a place by chance in it. The later the
        # reports are hit, the more is published already: then publishing is hit early.
        part = ROUNDS - 1 - number if phase == "publish" else number
        killed(killing, at, phase, (part + chance.random()) / ROUNDS, mode)
    assert reader.poll() is None
    last = killing.tick(TICKS[-1])
    assert last["status"] == 0, last["output"]

    outcome = normalised.outcome(killing.project.root)
    assert {name for name in outcome | killing.expected if outcome.get(name) != killing.expected.get(name)} == set()
    killing.correct_packages()
    work = killing.project.reports / ".work"
    assert {entry.name for entry in work.iterdir()} == {"portal.lock", "publish.lock"}
    history = History(killing.project.reports / ".history")
    for place in ("load", *(f"{PERIOD}/{unit}" for unit in UNITS)):
        # One that died right after it had published is never closed: nobody needs its lease again.
        outcomes = [attempt.outcome for attempt in closed(history.attempts(place), living="")]
        assert outcomes[0] == "done"
        assert set(outcomes) <= {"done", "died"}


# Appears in the tick: when it begins to load, when a report is made, when the first unit is published.
APPEARS = ("reports/.history/load/000002", "reports/.work/*/*/*.html", "reports/2018-03/*/v2")


@pytest.mark.parametrize("pattern", APPEARS)
def test_the_real_command_is_killed_from_outside_and_ends_all_its_processes(killing: Killing, pattern: str) -> None:
    """As an operator, or a machine short of memory, would: the command alone, and whatever it started ends by itself."""
    killing.restore()
    root = killing.project.root
    process = subprocess.Popen(
        [sys.executable, "-m", "analytics", "--root", root, "schedule", "--once", "--at", TICKS[0]],
        env={**os.environ, "ANALYTICS_SECRET_FILE": str(killing.project.key)},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until(lambda: any(root.glob(pattern)) or process.poll() is not None)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    until(lambda: not members(process.pid))
    published = {file: file.stat().st_ino for file in root.glob("reports/2*/*/manifest.json")}
    assert len(published) == len(UNITS)

    last = killing.tick(TICKS[-1])
    assert last["status"] == 0, last["output"]
    assert normalised.outcome(root) == killing.expected
    killing.correct_packages()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.005)
    assert condition()
