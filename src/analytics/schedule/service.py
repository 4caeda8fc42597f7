"""The process that ticks: a tick at once and then at an interval, each in a process of its own, one at a time.

A tick loads libraries and data that stay in memory; here nothing stays but the scheduler. A tick that crashes, or is
killed for its memory, leaves the service as it was.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Final

PATIENCE: Final = 60.0
"""Seconds that a tick is given to record what it was doing when the service is stopped."""
SET_BACK: Final = 30.0
"""A clock that is so many seconds behind what has passed was set back."""


def command(root: Path, dask: str | None = None) -> list[str]:
    """What runs one tick of the project in ``root``, with the workers of a Dask scheduler or by itself."""
    tick = [sys.executable, "-m", "analytics", "--root", str(root), "schedule", "--once"]
    return [*tick, "--dask", dask] if dask else tick


@dataclass(slots=True)
class Service:
    """Ticks until :meth:`stop`. ``say`` is told what happens, for the journal."""

    tick: Sequence[str]
    every: timedelta
    say: Callable[[str], None]
    _stopped: threading.Event = field(default_factory=threading.Event)
    _idle: threading.Event = field(default_factory=threading.Event)
    _running: subprocess.Popen[bytes] | None = None
    _told: subprocess.Popen[bytes] | None = None

    def run(self, *, look_every: float = 20.0) -> None:
        """Tick until stopped. ``look_every`` is how often, in seconds, it is looked whether the clock was set back."""
        from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED
        from apscheduler.schedulers.background import BackgroundScheduler
        from apscheduler.triggers.interval import IntervalTrigger

        scheduler = BackgroundScheduler(timezone=UTC)
        # One tick at a time; what was missed while one ran, or the machine slept, is one tick and not many.
        job = scheduler.add_job(
            self._tick,
            IntervalTrigger(seconds=int(self.every.total_seconds()), timezone=UTC),
            next_run_time=datetime.now(UTC),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        # A tick that is asked for while one runs would be left out.
        scheduler.add_listener(lambda _: self._idle.set(), EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
        scheduler.start()
        drift, set_back = _drift(), False
        try:
            while not self._stopped.wait(look_every):
                set_back = set_back or _drift() < drift - SET_BACK
                drift = _drift()
                if set_back and self._idle.is_set():
                    # The next tick would wait until the clock is where it was.
                    self.say("the clock was set back; ticking now")
                    job.modify(next_run_time=datetime.now(UTC))
                    set_back = False
        finally:
            self.stop()
            scheduler.shutdown(wait=True)

    def stop(self, number: int = 0, frame: FrameType | None = None) -> None:  # noqa: ARG002 - a signal handler too
        """End the running tick, which records that it was stopped, and tick no more."""
        self._stopped.set()
        running, self._told = self._running if self._told is not self._running else None, self._running
        # Once: a second signal would interrupt the tick while it records that it was stopped.
        if running is not None and running.poll() is None:
            running.send_signal(signal.SIGTERM)

    def _tick(self) -> None:
        self._idle.clear()
        if self._stopped.is_set():
            return
        # A group of its own: Ctrl-C in a terminal reaches the service alone, which passes it on once.
        self._running = subprocess.Popen(self.tick, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
        if self._stopped.is_set():
            self.stop()
        code = self._wait(self._running)
        self._running = None
        if code < 0:
            self.say(f"the tick was killed by {signal.Signals(-code).name}; the next one goes on from there")

    def _wait(self, running: subprocess.Popen[bytes]) -> int:
        while True:
            try:
                return running.wait(timeout=1)
            except subprocess.TimeoutExpired:
                if self._stopped.is_set():
                    break
        try:
            return running.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            running.kill()
            return running.wait()


def _drift() -> float:
    """How far the clock is before the time that passes on its own."""
    return time.time() - time.monotonic()
