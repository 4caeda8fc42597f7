"""A clean process that imports everything once and forks one child per piece of work.

Why not fork the caller: a process that has computed with polars, or runs threads (a progress bar, a test runner),
must not be forked; its children can wait for locks that nobody holds any more. So ``Pool`` starts one fresh
interpreter, which imports the libraries, computes nothing, and forks from there. Children have one polars thread
each (``POLARS_MAX_THREADS=1``): several children at once already fill the machine.

A child that exceeds its limit of time or memory is killed. One that exceeded its time, was killed or vanished is tried
once more; one that answers with an error, or takes too much memory, is not. When the pool's owner dies, so do the pool
and its children.
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
from analytics.reports.limits import Limits, memory_mb

PR_SET_PDEATHSIG = 1
ATTEMPTS = 2
LOOKS_AT_MEMORY = 0.1
"""Seconds between two looks at how much memory the children have. A child can take more in between."""

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
    """How a job ended. ``value`` is what the work returned; ``problem`` says what went wrong instead.

    ``cause`` is the class of the error, or the status where there was none; ``log`` holds what the children printed.
    """

    key: str
    status: Literal["ok", "error", "killed", "timeout", "memory"]
    value: Any
    problem: str
    seconds: float
    cpu_seconds: float
    attempts: int
    cause: str
    log: Path


class Pool:
    """The owner's end: give jobs with ``add``, take answers with ``results``.

    A job may take ``time_limit`` seconds and ``memory_limit_mb`` of memory (0: all there is). What its children print
    goes to a file in the folder ``log``.
    """

    def __init__(
        self, *, jobs: int, time_limit: float, preload: tuple[str, ...], log: Path, memory_limit_mb: int = 0
    ) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, far_end = context.Pipe()
        self._server = context.Process(
            target=serve,
            args=(far_end, jobs, Limits(time_limit, memory_limit_mb), preload, log),
            name="analytics-reports",
            daemon=False,
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


def serve(owner: Connection, jobs: int, limits: Limits, preload: tuple[str, ...], log: Path) -> None:
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
    log.mkdir(parents=True, exist_ok=True)
    _Server(owner, jobs, limits, log).run()


class _Server:
    def __init__(self, owner: Connection, jobs: int, limits: Limits, log: Path) -> None:
        self._owner = owner
        self._limit = jobs
        self._limits = limits
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
                for child in list(self._running):
                    if self._is_late(child):
                        self._end(child, limit="timeout", said=f"stopped after {self._limits.seconds:g} seconds")
                    elif (said := self._is_too_large(child)) is not None:
                        self._end(child, limit="memory", said=said)
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
        patience = max(0.0, first + self._limits.seconds - time.monotonic())
        return min(patience, LOOKS_AT_MEMORY) if self._limits.megabytes else patience

    def _is_late(self, child: _Child) -> bool:
        return time.monotonic() - child.began >= self._limits.seconds

    def _is_too_large(self, child: _Child) -> str | None:
        """What is to be said of a child that takes too much memory; None if it does not."""
        if not self._limits.megabytes:
            return None
        used = memory_mb(child.pid)
        if used <= self._limits.megabytes:
            return None
        return f"stopped because it used {used} MB of memory; at most {self._limits.megabytes} MB are allowed"

    def _start(self, job: Job, attempt: int) -> None:
        ours, theirs = multiprocessing.Pipe(duplex=False)
        server = os.getpid()
        pid = os.fork()
        if pid == 0:
            with contextlib.suppress(BaseException):
                ours.close()
                self._owner.close()
                _die_with(server)
                _child(job, theirs, self._log_of(job))
            os._exit(1)
        theirs.close()
        child = _Child(job, pid, ours, time.monotonic(), attempt)
        self._running.append(child)
        self._selector.register(ours, selectors.EVENT_READ, child)

    def _log_of(self, job: Job) -> Path:
        return self._log / f"{job.key.replace('/', '-')}.log"

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
        elif child.attempt < ATTEMPTS and limit != "memory":
            self._queue.append((child.job, child.attempt + 1))
            return
        else:
            problem = said or f"the process ended with {_name_of(os.waitstatus_to_exitcode(status))}"
            problem += f" at {child.place}" if child.place else ""
        done = Done(
            child.job.key,
            kind,
            value,
            problem,
            time.monotonic() - child.began,
            usage.ru_utime + usage.ru_stime,
            child.attempt,
            cause,
            self._log_of(child.job),
        )
        self._owner.send(done)


def _child(job: Job, connection: Connection, log: Path) -> None:
    # A group of its own, so that what a notebook starts can be killed with it.
    os.setpgid(0, 0)
    # Where the machine runs out of memory, the notebook goes before anything else.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("800", encoding="ascii")
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
