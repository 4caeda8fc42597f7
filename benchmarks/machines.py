"""The packages of a month by the processes of this machine against a Dask scheduler and workers on the same machine.

Both make every package anew. The workers have just been started: that their first package waits until they are warm
counts, as it does for the local run. CPU is that of the command and of all that works for it meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import BIN, PROJECT, Usage, measure
from benchmarks.reports import PERIOD, units_with_packages

GOAL = 1.25
TICKS = os.sysconf("SC_CLK_TCK")


def run(units: tuple[str, ...]) -> list[str]:
    """One row per way, with its wall and CPU as a multiple of the local run."""
    chosen = units or units_with_packages()
    options = [part for unit in chosen for part in ("--unit", unit)]
    jobs = len(os.sched_getaffinity(0))
    local = measure(BIN / "analytics", "run", PERIOD, *options, "--jobs", str(jobs))
    with tempfile.TemporaryDirectory() as folder, _cluster(Path(folder), jobs) as (address, pids):
        before = sum(map(_cpu, pids))
        asked = measure(BIN / "analytics", "run", PERIOD, *options, "--dask", address, "--again")
        far = Usage(asked.wall, asked.cpu + sum(map(_cpu, pids)) - before, asked.peak_mb)
    ratios = f"{far.wall / local.wall:.2f} × wall, {far.cpu / local.cpu:.2f} × CPU (goal: at most {GOAL})"
    return [
        f"whole packages of {len(chosen)} units; load average {os.getloadavg()[0]:.1f} at the end",
        f"{f'{jobs} local processes':<34} {local}",
        f"{f'Dask: scheduler and {jobs} workers':<34} {far}   {ratios}",
        "the memory of Dask's row is that of the command alone",
    ]


@contextlib.contextmanager
def _cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[int]]]:
    """A scheduler on loopback with workers that have joined it, and the processes."""
    with contextlib.ExitStack() as started:
        dask = ("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        scheduler, address = _start(started, folder / "scheduler", r"tcp://127\.0\.0\.1:\d+", BIN / "dask", *dask)
        pids = [
            _start(started, folder / f"worker-{number}", "serves", BIN / "analytics", "worker", address)[0]
            for number in range(workers)
        ]
        yield address, [scheduler, *pids]


def _start(started: contextlib.ExitStack, log: Path, awaited: str, *command: str | Path) -> tuple[int, str]:
    """A process that has said what is awaited, and what it said; it ends with ``started``."""
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT
        )
    started.callback(process.wait)
    started.callback(process.terminate)
    deadline = time.monotonic() + 60
    while not (found := re.search(awaited, log.read_text(errors="replace"))):
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(log.read_text(errors="replace"))
        time.sleep(0.05)
    return process.pid, found[0]


def _cpu(pid: int) -> float:
    """CPU seconds of a process, of those it has waited for, and of its living descendants."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    used = sum(map(int, fields[11:15])) / TICKS
    children = Path(f"/proc/{pid}/task").glob("*/children")
    return used + sum(_cpu(int(child)) for file in children for child in file.read_text(encoding="ascii").split())
