"""Runs commands of the product in processes that are killed; a program of its own, for it forks.

It imports what a tick imports, once, and computes nothing. Each request (one line of JSON) is then a fork that leads a
session and runs ``analytics …`` as the command line does, with all the processes that belong to it. A round takes a
second instead of ten. Two things are not as in the real command: the libraries are there already, and the process that
forks the notebooks is forked ahead and not spawned. The real command is killed too (``test_kill``).

A moment is a change of the file system, counted over all processes of the command: each takes a token from a pipe, and
who finds none left kills, right before its change is made.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import importlib
import json
import multiprocessing
import os
import pickle
import resource
import signal
import socket
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

os.environ["POLARS_MAX_THREADS"] = "1"  # read at import, as in the pool

PRELOAD = (
    "apscheduler",
    "great_expectations",
    "analytics.cli",
    "analytics.intake",
    "analytics.validation",
    "analytics.schedule.tick",
    "analytics.reports.run",
)
CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.link", "os.utime", "os.truncate")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
ENOUGH = 60_000
POOLS = 3
"""A tick has one for each month that it makes."""
PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 60.0


class PoolAhead:
    """Stands in for the context that spawns the pool: its process is forked before the command computes anything.

    Forked later it would inherit locks of threads that it does not have. It is a child of the command, as a spawned one
    is, and is told what to serve when the command starts it.
    """

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            self._ours.close()
            self._serve(theirs)
            os._exit(0)
        theirs.close()
        self._arguments: tuple[Any, ...] = ()
        self._ended = False

    def Pipe(self) -> tuple[Connection, Connection]:  # noqa: N802 - the name it has in multiprocessing
        return multiprocessing.Pipe()

    def Process(self, *, target: Any, args: tuple[Any, ...], **_: Any) -> Self:  # noqa: N802
        assert target.__name__ == "serve"
        self._arguments = args
        return self

    def start(self) -> None:
        far, *others = self._arguments
        socket.send_fds(self._ours, [pickle.dumps(others)], [far.fileno()])
        self._ours.close()

    def join(self, timeout: float | None = None) -> None:
        deadline = time.monotonic() + (timeout or PATIENCE)
        while not self._ended and time.monotonic() < deadline:
            self._ended = os.waitpid(self.pid, os.WNOHANG)[0] != 0
            time.sleep(0.002)

    def is_alive(self) -> bool:
        return not self._ended

    def kill(self) -> None:
        kill(self.pid)

    @staticmethod
    def _serve(told: socket.socket) -> None:
        message, descriptors, _, _ = socket.recv_fds(told, 1 << 16, 1)
        told.close()
        if message:  # else the command never came so far
            from analytics.reports.workers import serve

            serve(Connection(descriptors[0]), *pickle.loads(message))  # noqa: S301 - from its own parent


class Moments:
    """Counts the changes that all processes make in one phase, and kills when so many have been made.

    Made in the process that leads the session, before it has any others.
    """

    def __init__(self, phase: str, allowed: int, mode: str, root: Path, trace: Path) -> None:
        self._read, write = os.pipe()
        fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 1 << 20)
        os.write(write, b"." * (allowed if phase else ENOUGH))
        os.set_blocking(self._read, False)
        self._phase = phase
        self._mode = mode
        self._root = f"{root}/"
        self._leader = os.getpid()
        self._trace = os.open(trace, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
        self._busy = self._loaded = False

    def watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._busy or not self._is_change(event, arguments):
            return
        self._busy = True
        path = str(arguments[1 if event in ("os.rename", "os.link") else 0]).removeprefix(self._root)
        phase = self._phase_of(path)
        line = f"{phase}\t{event}\t{path}\n"
        try:
            if phase == self._phase:
                os.read(self._read, 1)
            os.write(self._trace, line.encode())
        except BlockingIOError:
            os.write(self._trace, f"KILLED\t{line}".encode())
            self._kill()
        self._busy = False

    def _phase_of(self, path: str) -> str:
        """What other processes than the command's own write is made; the command loads first, then publishes."""
        if os.getpid() != self._leader:
            return "make"
        self._loaded = self._loaded or path.startswith(("reports/.history/2", "reports/.leases/2"))
        return "publish" if self._loaded else "load"

    def _is_change(self, event: str, arguments: tuple[Any, ...]) -> bool:
        if event in CHANGES:
            return True
        if event != "open" or not isinstance(arguments[0], str) or not arguments[0].startswith(self._root):
            return False
        return bool(arguments[2] & WRITES)

    def _kill(self) -> None:
        if self._mode == "all":
            for pid in members(self._leader):
                if pid != os.getpid():
                    kill(pid)
            kill(os.getpid())
        kill(self._leader)


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def members(session: int) -> list[int]:
    """Every living process of a session."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                text = (entry / "stat").read_text(encoding="utf-8", errors="replace")
                fields = text[text.rindex(")") + 2 :].split()
                if int(fields[3]) == session and fields[0] not in ("Z", "X"):
                    found.append(int(entry.name))
    return found


def packages(root: Path) -> dict[str, int]:
    """Which folder each published package is; a new version is another one."""
    return {str(file.parent): file.parent.stat().st_ino for file in sorted(root.glob("reports/2*/*/manifest.json"))}


def run(
    root: Path, arguments: list[str], *, phase: str, allowed: int, mode: str, output: Path, largest: int
) -> dict[str, Any]:
    """One command, killed after ``allowed`` changes of a phase (load, make, publish; empty: never).

    ``largest``: no process can write a file further than so many bytes, as on a disk that is full (0: no limit).
    """
    trace = output.with_suffix(".trace")
    began = time.monotonic()
    leader = os.fork()
    if leader == 0:
        with contextlib.suppress(BaseException):
            if largest:
                resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
            _command(root, arguments, Moments(phase, allowed, mode, root, trace), output)
        os._exit(99)
    _, status, usage = os.wait4(leader, 0)
    at_death = packages(root)
    deadline = time.monotonic() + PATIENCE
    while members(leader) and time.monotonic() < deadline:
        time.sleep(0.005)
    left = members(leader)
    for pid in left:
        kill(pid)
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    return {
        "status": os.waitstatus_to_exitcode(status),
        "trace": trace.read_text(encoding="utf-8").splitlines(),
        "left": left,
        "published_after_death": packages(root) != at_death,
        "output": output.read_text(encoding="utf-8", errors="replace"),
        "seconds": time.monotonic() - began,
        "cpu": usage.ru_utime + usage.ru_stime,
    }


def _command(root: Path, arguments: list[str], moments: Moments, output: Path) -> None:
    os.setsid()
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for number in (1, 2):
        os.dup2(descriptor, number)
    os.environ["ANALYTICS_SECRET_FILE"] = str(root.with_suffix(".key"))
    sys.argv = ["analytics", "--root", str(root), *arguments]
    from analytics.cli import main

    sys.addaudithook(moments.watch)
    ahead, contexts = [PoolAhead() for _ in range(POOLS)], multiprocessing.get_context
    multiprocessing.get_context = lambda method=None: ahead.pop() if method == "spawn" else contexts(method)  # type: ignore[assignment]
    code: Any = 98
    try:
        main()
    except SystemExit as end:
        code = end.code or 0
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def prepare() -> None:
    from analytics.reports.asking import PRELOAD as OF_POOL

    for name in OF_POOL:
        module, _, function = name.partition(":")
        loaded = importlib.import_module(module)
        if function:
            getattr(loaded, function)()


def main() -> None:
    import ctypes

    # Orphans are reaped here, so that they do not stay as zombies where nobody else reaps them.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    for name in PRELOAD:
        importlib.import_module(name)
    prepare()
    gc.collect()
    gc.freeze()  # what is here already is not looked at again in every round
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        found = run(
            Path(request["root"]),
            request["arguments"],
            phase=request.get("phase", ""),
            allowed=request.get("allowed", 0),
            mode=request.get("mode", "all"),
            output=Path(request["output"]),
            largest=request.get("largest", 0),
        )
        answers.write(json.dumps(found) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
