"""A clean process that imports everything once and forks one child per piece of work.

Why not fork the caller: a process that has computed with polars, or runs threads (a progress bar, a test runner),
must not be forked; its children can wait for locks that nobody holds any more. So ``Pool`` starts one fresh
interpreter, which imports the libraries, computes nothing, and forks from there. Children have one polars thread
each (``POLARS_MAX_THREADS=1``): several children at once already fill the machine.

A child that exceeds its time limit is killed. A child that was killed or vanished is tried once more; one that
answers with an error is not. When the pool's owner dies, so do the pool and its children.
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
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from analytics.errors import ReportError

PR_SET_PDEATHSIG = 1
ATTEMPTS = 2

Tell = Callable[[str], None]
Work = Callable[[Any, Tell], Any]


@dataclass(frozen=True, slots=True)
class Job:
    """``work(argument, tell)`` in a child of its own; ``tell`` says where the child is, for the message of a hang.

    ``work`` is the dotted name of a function (``module:function``), so that asking for it imports nothing here.
    """

    key: str
    work: str
    argument: Any


@dataclass(frozen=True, slots=True)
class Done:
    """How a job ended. ``value`` is what the work returned; ``problem`` says what went wrong instead."""

    key: str
    status: Literal["ok", "error", "killed", "timeout"]
    value: Any
    problem: str
    seconds: float
    cpu_seconds: float
    attempts: int


class Pool:
    """The owner's end: give jobs with ``add``, take answers with ``results``."""

    def __init__(self, *, jobs: int, time_limit: float, preload: tuple[str, ...], log: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, far_end = context.Pipe()
        self._server = context.Process(
            target=serve, args=(far_end, jobs, time_limit, preload, log), name="analytics-reports", daemon=False
        )
        self._server.start()
        far_end.close()
        self._waiting = 0

    def add(self, job: Job) -> None:
        self._waiting += 1
        try:
            self._connection.send(job)
        except OSError:
            raise _stopped() from None

    def results(self) -> Iterator[Done]:
        """Every answer as it comes, until no job is left; jobs may be added meanwhile."""
        while self._waiting:
            try:
                done: Done = self._connection.recv()
            except (EOFError, OSError):
                raise _stopped() from None
            self._waiting -= 1
            yield done

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._server.join(timeout=10)
        if self._server.is_alive():
            self._server.kill()
            self._server.join()


def _stopped() -> ReportError:
    return ReportError(
        "the process that runs the notebooks stopped; its own message stands above",
        action="Run the command again; if it happens without a message, the machine may be short of memory.",
    )


@dataclass(slots=True)
class _Child:
    job: Job
    pid: int
    connection: Connection
    began: float
    attempt: int
    place: str = ""
    answer: tuple[Literal["ok", "error"], Any] | None = None


def serve(owner: Connection, jobs: int, time_limit: float, preload: tuple[str, ...], log: Path) -> None:
    """The pool's process: fork, watch, answer, until the owner closes its end."""
    _die_with_parent()
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
    _Server(owner, jobs, time_limit, log).run()


class _Server:
    def __init__(self, owner: Connection, jobs: int, time_limit: float, log: Path) -> None:
        self._owner = owner
        self._limit = jobs
        self._time_limit = time_limit
        self._log = log
        self._queue: deque[tuple[Job, int]] = deque()
        self._running: list[_Child] = []
        self._selector = selectors.DefaultSelector()
        self._selector.register(owner, selectors.EVENT_READ)

    def run(self) -> None:
        try:
            while True:
                while self._queue and len(self._running) < self._limit:
                    self._start(*self._queue.popleft())
                for key, _ in self._selector.select(timeout=self._patience()):
                    if key.fileobj is self._owner:
                        self._queue.append((self._owner.recv(), 1))
                    else:
                        self._hear(key.data)
                for child in [child for child in self._running if self._is_late(child)]:
                    self._end(child, late=True)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            pass  # the owner has what it wants, or is gone
        finally:
            for child in self._running:
                _kill(child.pid)
                os.waitpid(child.pid, 0)

    def _patience(self) -> float | None:
        if not self._running:
            return None
        first = min(child.began for child in self._running)
        return max(0.0, first + self._time_limit - time.monotonic())

    def _is_late(self, child: _Child) -> bool:
        return time.monotonic() - child.began >= self._time_limit

    def _start(self, job: Job, attempt: int) -> None:
        ours, theirs = multiprocessing.Pipe(duplex=False)
        pid = os.fork()
        if pid == 0:
            with contextlib.suppress(BaseException):
                ours.close()
                self._owner.close()
                _child(job, theirs, self._log)
            os._exit(1)
        theirs.close()
        child = _Child(job, pid, ours, time.monotonic(), attempt)
        self._running.append(child)
        self._selector.register(ours, selectors.EVENT_READ, child)

    def _hear(self, child: _Child) -> None:
        try:
            kind, value = child.connection.recv()
        except (EOFError, OSError):
            self._end(child, late=False)
            return
        if kind == "place":
            child.place = value
        else:
            child.answer = (kind, value)

    def _end(self, child: _Child, *, late: bool) -> None:
        self._selector.unregister(child.connection)
        child.connection.close()
        self._running.remove(child)
        if late:
            _kill(child.pid)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.monotonic() - child.began
        cpu = usage.ru_utime + usage.ru_stime
        if child.answer is not None:
            kind, value = child.answer
            value, problem = (value, "") if kind == "ok" else (None, value)
            self._owner.send(Done(child.job.key, kind, value, problem, seconds, cpu, child.attempt))
        elif child.attempt < ATTEMPTS:
            self._queue.append((child.job, child.attempt + 1))
        else:
            where = f" at {child.place}" if child.place else ""
            if late:
                problem = f"stopped after {self._time_limit:g} seconds{where}"
            else:
                code = os.waitstatus_to_exitcode(status)
                problem = f"the process ended with {_name_of(code)}{where}"
            kind_of_end: Literal["timeout", "killed"] = "timeout" if late else "killed"
            self._owner.send(Done(child.job.key, kind_of_end, None, problem, seconds, cpu, child.attempt))


def _child(job: Job, connection: Connection, log: Path) -> None:
    _die_with_parent()
    # A group of its own, so that what a notebook starts can be killed with it.
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with log.open("ab", buffering=0) as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
    module, _, function = job.work.partition(":")
    try:
        work: Work = getattr(importlib.import_module(module), function)
        answer: tuple[str, Any] = ("ok", work(job.argument, lambda place: connection.send(("place", place))))
    except BaseException as error:  # noqa: BLE001 - whatever happened, the owner must hear of it
        traceback.print_exc()
        answer = ("error", f"{type(error).__name__}: {error}")
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


def _die_with_parent() -> None:
    """Linux: be killed when the parent dies. Elsewhere a closed pipe ends the process a little later."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
