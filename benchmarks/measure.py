"""Run one command to its end and read what it used."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Usage:
    """Seconds on the wall, CPU seconds of the command and its children, peak memory of its largest process."""

    wall: float
    cpu: float
    peak_mb: float

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.wall + other.wall, self.cpu + other.cpu, max(self.peak_mb, other.peak_mb))

    def __str__(self) -> str:
        return f"{self.wall:8.1f} s wall {self.cpu:8.1f} s CPU {self.peak_mb:8.0f} MB"


NOTHING = Usage(0.0, 0.0, 0.0)


def measure(*command: str | Path, cwd: Path = PROJECT, env: dict[str, str] | None = None) -> Usage:
    """Run the command; raise with its output if it fails, for a failed run measures nothing."""
    started = time.monotonic()
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{output[-4000:]}")
    return Usage(time.monotonic() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def read(*command: str | Path, cwd: Path = PROJECT) -> str:
    """What a command prints; raises with its messages if it fails."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{command[0]} ended with {done.returncode}:\n{done.stderr[-4000:]}")
    return done.stdout
