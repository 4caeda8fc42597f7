"""A tick that makes a month, a tick that finds nothing due, and the service between two ticks.

A copy of the project is used, so that reports which are there stay as they are. What counts is how busy the cores are
while the packages are made, and what the schedule costs while nothing is due.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path

from benchmarks.measure import BIN, PROJECT, Usage, measure

MONTH = "2018-03"
AFTER = "2018-04-20T12:00"
LATER = "2018-04-20T12:30"
NEVER = "2038-01"
COPIED = ("notebooks", "expectations", "data/raw", "data/comments")
BUSY = 0.85


def run() -> list[str]:
    """One row per state."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        for part in COPIED:
            shutil.copytree(PROJECT / part, root / part)
        (root / "data/processed").mkdir()
        _settings(root, MONTH)
        environment = {"ANALYTICS_SECRET_FILE": str(Path(folder) / "key")}
        loaded = _tick(root, "2018-04-01T12:00", environment)
        made = _tick(root, AFTER, environment)
        quiet = _tick(root, LATER, environment)
        _settings(root, NEVER)
        idle = _idle(root, environment)
    cores = len(os.sched_getaffinity(0))
    busy = made.cpu / made.wall / cores
    return [
        f"{'tick that loads':<34} {loaded}",
        f"{'tick that makes all units':<34} {made}   {busy:.0%} of {cores} cores (goal: above {BUSY:.0%})",
        f"{'tick with nothing due':<34} {quiet}   (goal: under 2 s and 150 MB)",
        f"{'service between two ticks':<34} {'':30} {idle:8.0f} MB   (goal: under 150 MB)",
    ]


def _settings(root: Path, enabled_from: str) -> None:
    """The project's settings; months before ``enabled_from`` are not due."""
    text = (PROJECT / "analytics.toml").read_text(encoding="utf-8")
    text, count = re.subn(r'^enabled_from = ".*"$', f'enabled_from = "{enabled_from}"', text, flags=re.MULTILINE)
    if count != 1:
        raise SystemExit("analytics.toml has no calendar.enabled_from")
    (root / "analytics.toml").write_text(text, encoding="utf-8")


def _tick(root: Path, moment: str, environment: dict[str, str]) -> Usage:
    return measure(BIN / "analytics", "--root", root, "schedule", "--once", "--at", moment, cwd=root, env=environment)


def _idle(root: Path, environment: dict[str, str]) -> float:
    """Resident memory of the service, in MB, when its first tick has ended."""
    process = subprocess.Popen(
        [BIN / "analytics", "--root", root, "schedule"],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    stop = threading.Timer(120, process.kill)
    stop.start()
    try:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        for line in process.stdout:
            if line.startswith(("nothing was made", "Error")):
                break
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    finally:
        stop.cancel()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=120)
    (resident,) = re.findall(r"^VmRSS:\s+(\d+) kB$", status, flags=re.MULTILINE)
    return int(resident) / 1024
