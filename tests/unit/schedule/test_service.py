"""The service: ticks one at a time, ends the running one when it is stopped, and survives one that is killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from analytics.schedule import service
from analytics.schedule.service import Service

# Each tick notes its beginning and its end; two at once would show as two beginnings in a row.
TICK = """\
import os, signal, sys, time
def say(word):
    os.write(out, word.encode() + b" ")
def stopped(*_):
    say("stopped")
    raise SystemExit
out = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
signal.signal(signal.SIGTERM, stopped)
say("begins")
until = time.monotonic() + float(sys.argv[2])
while time.monotonic() < until:
    time.sleep(0.05)
say("ends")
"""
KILLED = """\
import os, signal, sys
with open(sys.argv[1], "a") as out:
    out.write("killed ")
os.kill(os.getpid(), signal.SIGKILL)
"""


def until(condition) -> None:
    deadline = time.monotonic() + 60
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert condition()


def words(file: Path) -> list[str]:
    return file.read_text().split() if file.exists() else []


@pytest.fixture
def running(tmp_path):
    """Starts a service in a thread with a tick of this script; gives the file that it writes and what it says."""
    started = []

    def start(script: str, seconds: float = 0.0, every: float = 1.0):
        file, said = tmp_path / "words", []
        tick = [sys.executable, "-c", script, str(file), str(seconds)]
        made = Service(tick, timedelta(seconds=every), said.append)
        thread = threading.Thread(target=made.run, kwargs={"look_every": 0.05})
        started.append((made, thread))
        thread.start()
        return made, thread, file, said

    yield start
    for made, thread in started:
        made.stop()
        thread.join(60)
        assert not thread.is_alive()


def test_the_first_tick_comes_at_once_and_the_next_ones_follow(running):
    _, _, file, _ = running(TICK)
    until(lambda: words(file).count("ends") >= 2)


def test_ticks_that_take_longer_than_the_interval_do_not_overlap(running):
    made, thread, file, _ = running(TICK, 1.5)
    until(lambda: words(file).count("ends") >= 2)
    made.stop()
    thread.join(60)
    found = words(file)
    assert all(first != second for first, second in pairwise(found)), found


def test_a_service_that_is_stopped_lets_the_tick_say_so(running):
    made, thread, file, _ = running(TICK, 600)
    until(lambda: words(file) == ["begins"])
    made.stop()
    thread.join(60)
    assert words(file) == ["begins", "stopped"]


def test_a_tick_that_is_killed_is_told_and_the_next_one_comes(running):
    _, _, file, said = running(KILLED)
    until(lambda: len(words(file)) >= 2)
    assert said[0].startswith("the tick was killed by SIGKILL")


def test_a_tick_that_does_not_stop_is_killed(running, monkeypatch):
    monkeypatch.setattr(service, "PATIENCE", 0.2)
    stubborn = TICK.replace("    raise SystemExit\n", "")
    made, thread, file, said = running(stubborn, 600)
    until(lambda: words(file) == ["begins"])
    made.stop()
    thread.join(60)
    assert words(file) == ["begins", "stopped"]
    assert "SIGKILL" in said[0]


def test_after_the_clock_was_set_back_it_ticks_at_once(running, monkeypatch):
    drift = [0.0]
    monkeypatch.setattr(service, "_drift", lambda: drift[0])
    _, _, file, said = running(TICK, every=3600)
    until(lambda: words(file) == ["begins", "ends"])
    drift[0] = -86_400.0
    until(lambda: words(file).count("ends") == 2)
    assert said == ["the clock was set back; ticking now"]


def test_the_command_runs_until_it_is_stopped_and_stays_small(tmp_path):
    """The real command: its process loads nothing of what a tick loads."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "analytics.toml").write_text((Path(__file__).parents[3] / "analytics.toml").read_text())
    process = subprocess.Popen(
        [sys.executable, "-m", "analytics", "--root", str(project), "schedule"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Ticking every 15 minutes")
        # The tick fails (there is no organisation in this project) and says so; the service stays.
        assert any(line.startswith("Error: ") for line in iter(process.stdout.readline, ""))
        status = Path(f"/proc/{process.pid}/status").read_text()
        used = int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024
        assert used < 150
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        assert process.returncode == 0
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("option", [["--at", "2018-04-01"], ["--again"], ["--json"]])
def test_options_of_a_single_tick_are_refused_for_the_service(option):
    done = subprocess.run(
        [sys.executable, "-m", "analytics", "schedule", *option], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "--once" in done.stderr
