"""The process of a pool: it imports everything once, computes nothing, and forks one child per piece of work.

Children have one polars thread each (``POLARS_MAX_THREADS=1``): several at once already fill the machine. One that
exceeds its limit of time or memory is killed, with what it started. One that exceeded its time, was killed or vanished
is tried once more; one that answers with an error, or takes too much memory, is not.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import multiprocessing
import os
import selectors
import signal
import sys
import time
import traceback
from collections import deque
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

from analytics.reports.limits import memory_mb
from analytics.reports.work import FORGET, Asked, Done, Work

PR_SET_PDEATHSIG = 1
ATTEMPTS = 2
LOOKS_AT_MEMORY = 0.1
"""Seconds between two looks at how much memory the children have. A child can take more in between."""


@dataclass(slots=True)
class _Child:
    asked: Asked
    pid: int
    connection: Connection
    began: float
    place: str = ""
    answer: tuple[Literal["ok", "error"], Any] | None = None

    @property
    def ends(self) -> float:
        """When its time is up."""
        return self.began + self.asked.limits.seconds

    @property
    def is_late(self) -> bool:
        return time.monotonic() >= self.ends


def serve(owner: Connection, jobs: int, preload: tuple[str, ...]) -> None:
    """The pool's process: fork, watch, answer, until the owner closes its end."""
    parent = multiprocessing.parent_process()
    _die_with(os.getppid() if parent is None or parent.pid is None else parent.pid)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Polars reads this at import, and every child inherits it.
    os.environ["POLARS_MAX_THREADS"] = "1"
    for name in preload:
        module, _, function = name.partition(":")
        loaded = importlib.import_module(module)
        if function:
            getattr(loaded, function)()
    gc.collect()
    gc.freeze()
    _Server(owner, jobs).run()


class _Server:
    def __init__(self, owner: Connection, jobs: int) -> None:
        self._owner = owner
        self._limit = jobs
        self._queue: deque[Asked] = deque()
        self._running: list[_Child] = []
        self._selector = selectors.DefaultSelector()
        self._selector.register(owner, selectors.EVENT_READ)

    def run(self) -> None:
        try:
            while True:
                while self._queue and len(self._running) < self._limit:
                    self._start(self._queue.popleft())
                for key, _ in self._selector.select(timeout=self._patience()):
                    if key.fileobj is self._owner:
                        self._take(self._owner.recv())
                    elif key.data in self._running:
                        self._hear(key.data)
                for child in list(self._running):
                    if child.is_late:
                        said = f"stopped after {child.asked.limits.seconds:g} seconds"
                        self._end(child, limit="timeout", said=said)
                    elif (said_of_memory := _too_large(child)) is not None:
                        self._end(child, limit="memory", said=said_of_memory)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            pass  # the owner has what it wants, or is gone
        finally:
            self._drop()

    def _take(self, message: Asked | str) -> None:
        if isinstance(message, Asked):
            self._queue.append(message)
            return
        self._drop()
        self._owner.send(FORGET)

    def _drop(self) -> None:
        """Nothing runs or waits any more, and nothing is told of what did."""
        self._queue.clear()
        for child in self._running:
            self._selector.unregister(child.connection)
            child.connection.close()
            _kill(child.pid)
            os.waitpid(child.pid, 0)
        self._running.clear()

    def _patience(self) -> float | None:
        if not self._running:
            return None
        patience = max(0.0, min(child.ends for child in self._running) - time.monotonic())
        is_watched = any(child.asked.limits.megabytes for child in self._running)
        return min(patience, LOOKS_AT_MEMORY) if is_watched else patience

    def _start(self, asked: Asked) -> None:
        ours, theirs = multiprocessing.Pipe(duplex=False)
        server = os.getpid()
        pid = os.fork()
        if pid == 0:
            with contextlib.suppress(BaseException):
                ours.close()
                self._owner.close()
                _die_with(server)
                _child(asked, theirs)
            os._exit(1)
        theirs.close()
        child = _Child(asked, pid, ours, time.monotonic())
        self._running.append(child)
        self._selector.register(ours, selectors.EVENT_READ, child)

    def _hear(self, child: _Child) -> None:
        try:
            kind, value = child.connection.recv()
        except (EOFError, OSError):
            self._end(child)
            return
        if kind == "place":
            child.place = value
        else:
            child.answer = (kind, value)

    def _end(self, child: _Child, *, limit: Literal["", "timeout", "memory"] = "", said: str = "") -> None:
        self._selector.unregister(child.connection)
        child.connection.close()
        self._running.remove(child)
        if limit:
            _kill(child.pid)
        _, status, usage = os.wait4(child.pid, 0)
        value, problem, cause = None, said, limit or "killed"
        kind: Literal["ok", "error", "killed", "timeout", "memory"] = limit or "killed"
        if child.answer is not None:
            kind, answered = child.answer
            value, problem, cause = (answered, "", "ok") if kind == "ok" else (None, *answered)
        elif child.asked.attempt < ATTEMPTS and limit != "memory":
            self._queue.append(replace(child.asked, attempt=child.asked.attempt + 1))
            return
        else:
            problem = said or f"the process ended with {_name_of(os.waitstatus_to_exitcode(status))}"
            problem += f" at {child.place}" if child.place else ""
        done = Done(
            child.asked.job.key,
            kind,
            value,
            problem,
            time.monotonic() - child.began,
            usage.ru_utime + usage.ru_stime,
            child.asked.attempt,
            cause,
            child.asked.log,
        )
        self._owner.send(done)


def _too_large(child: _Child) -> str | None:
    """What is to be said of a child that takes too much memory; None if it does not."""
    most = child.asked.limits.megabytes
    used = memory_mb(child.pid) if most else 0
    return f"stopped because it used {used} MB of memory; at most {most} MB are allowed" if used > most else None


def _child(asked: Asked, connection: Connection) -> None:
    # A group of its own, so that what a notebook starts can be killed with it.
    os.setpgid(0, 0)
    # Where the machine runs out of memory, the notebook goes before anything else.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("800", encoding="ascii")
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    asked.log.parent.mkdir(parents=True, exist_ok=True)
    with asked.log.open("ab", buffering=0) as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
    module, _, function = asked.job.work.partition(":")
    try:
        work: Work = getattr(importlib.import_module(module), function)
        answer: tuple[str, Any] = ("ok", work(asked.job.argument, lambda place: connection.send(("place", place))))
    except BaseException as error:  # noqa: BLE001 - whatever happened, the owner must hear of it
        traceback.print_exc()
        answer = ("error", (f"{type(error).__name__}: {error}", type(error).__name__))
    connection.send(answer)
    connection.close()
    sys.stdout.flush()
    sys.stderr.flush()
    # Not a normal exit: the libraries' exit handlers belong to the process that loaded them.
    os._exit(0)


def _kill(pid: int) -> None:
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)


def _name_of(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _die_with(parent: int) -> None:
    """Linux: be killed when the parent dies. Elsewhere a closed pipe ends the process a little later."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before this could be asked for
        os._exit(1)
