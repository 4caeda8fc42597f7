"""A Dask scheduler and workers as an operator starts them, on loopback."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

BIN = Path(sys.executable).parent
PATIENCE = 300


def wait_until(holds: Callable[[], object], what: str) -> None:
    """Wait for something that comes by itself; fail if it does not."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.05)


@dataclass
class Process:
    """What was started, and the file that it prints to."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    @property
    def begun(self) -> list[str]:
        """The steps that a worker has begun."""
        return re.findall(r"(\S+/\S+) begins", self.said)

    @property
    def ended(self) -> list[str]:
        return re.findall(r"(\S+/\S+) (?:published|unchanged|skipped|failed)$", self.said, flags=re.MULTILINE)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@dataclass
class Cluster:
    """``environment`` is what scheduler and workers are configured by, as for TLS."""

    folder: Path
    scheme: str = "tcp"
    environment: dict[str, str] = field(default_factory=dict)
    scheduler_environment: dict[str, str] = field(default_factory=dict)
    workers: list[Process] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.folder.mkdir(exist_ok=True)
        self.scheduler = self._start(
            "scheduler",
            BIN / "dask",
            "scheduler",
            *("--host", "127.0.0.1", "--port", "0", "--protocol", self.scheme, "--dashboard-address", "127.0.0.1:0"),
            environment=self.scheduler_environment,
        )
        try:
            wait_until(lambda: self._found() or self.scheduler.process.poll() is not None, "the scheduler")
        except BaseException:
            self.scheduler.stop(signal.SIGKILL)
            raise
        assert self._found(), self.scheduler.said
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for started in (*self.workers, self.scheduler):
            if started.process.poll() is None:
                started.stop(signal.SIGKILL)

    @property
    def address(self) -> str:
        found = self._found()
        assert found
        return found[0]

    def _found(self) -> re.Match[str] | None:
        return re.search(rf"{self.scheme}://127\.0\.0\.1:\d+", self.scheduler.said)

    def worker(
        self, root: Path, *options: str, environment: dict[str, str] | None = None, joins: bool = True
    ) -> Process:
        """One more worker of the project; it has joined unless told otherwise."""
        name = f"worker-{len(self.workers) + 1}"
        started = self._start(
            name, BIN / "analytics", "worker", self.address, *options, cwd=root, environment=environment or {}
        )
        self.workers.append(started)
        if joins:
            wait_until(lambda: "serves" in started.said or started.process.poll() is not None, name)
            assert started.process.poll() is None, started.said
        return started

    def _start(self, name: str, *command: str | Path, environment: dict[str, str], cwd: Path | None = None) -> Process:
        log = self.folder / f"{name}.log"
        with log.open("wb") as stream:
            process = subprocess.Popen(
                [str(part) for part in command],
                cwd=cwd or self.folder,
                env={**os.environ, **self.environment, **environment},
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
            )
        return Process(process, log)
