"""A clean process that imports everything once and forks one child per piece of work.

Why not fork the caller: a process that has computed with polars, or runs threads (a progress bar, a test runner),
must not be forked; its children can wait for locks that nobody holds any more. So ``Pool`` starts one fresh
interpreter, which imports the libraries, computes nothing, and forks from there (``forking``).

When the pool's owner dies, so do the pool and its children. The system ends the pool with the *thread* that made it, so
that must be one that lives as long as the pool is wanted.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from analytics.errors import ReportError
from analytics.reports.forking import serve
from analytics.reports.limits import Limits
from analytics.reports.work import FORGET, Asked, Done, Job

__all__ = ["Done", "Job", "Pool"]


class Pool:
    """The owner's end: give jobs with ``add``, take answers with ``results``.

    A pool may serve one run after another: ``use`` says what holds for the next, ``forget`` drops what one left undone.
    """

    def __init__(self, *, jobs: int, preload: tuple[str, ...]) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, far_end = context.Pipe()
        self._server = context.Process(
            target=serve, args=(far_end, jobs, preload), name="analytics-reports", daemon=False
        )
        self._server.start()
        far_end.close()
        self._waiting = 0
        self.use(Limits(600), None)

    def use(self, limits: Limits, log: Path | None) -> None:
        """Hold the jobs that are added from now on to these limits, and keep what each prints in a file of ``log``."""
        self._limits, self._log = limits, log

    def add(self, job: Job) -> None:
        self._waiting += 1
        try:
            self._connection.send(Asked(job, self._limits, self._log))
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

    def forget(self) -> None:
        """Kill what runs and drop what waits; no answers come of them."""
        if not self._waiting:
            return
        try:
            self._connection.send(FORGET)
            while self._connection.recv() != FORGET:
                pass
        except (EOFError, OSError):
            raise _stopped() from None
        self._waiting = 0

    @property
    def is_alive(self) -> bool:
        return self._server.is_alive()

    def close(self) -> None:
        self._connection.close()
        self._server.join(timeout=10)
        if self._server.is_alive():
            self._server.kill()
            self._server.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _stopped() -> ReportError:
    return ReportError(
        "the process that runs the notebooks stopped; its own message stands above",
        action="Run the command again; if it happens without a message, the machine may be short of memory.",
    )
