"""What a worker is while it serves: its project, its warm pool, and whom it works for.

Functions here are called by name from other machines. A worker takes steps only from an asker with the same project and
installation that holds a lock on a file which the worker sees locked: so both have the same folder, and locks on it
reach from one to the other.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from distributed import Reschedule, get_worker
from distributed.diagnostics.plugin import WorkerPlugin
from distributed.utils import sync

from analytics import leases, settings
from analytics.errors import AnalyticsError, LeaseLostError, ReportError
from analytics.fanout import installation, steps
from analytics.fanout.steps import Claim, UnitDone, UnitStep
from analytics.reports.results import Watch
from analytics.reports.workers import Pool

NAME = "analytics"
log = logging.getLogger("analytics.worker")


@dataclass
class Station(WorkerPlugin):  # type: ignore[misc] # the library is not typed
    """The part of a Dask worker that is ours.

    ``jobs`` notebooks of a package run at the same time; one may take ``memory_mb`` here (0: what the asker says).
    """

    root: Path
    jobs: int
    memory_mb: int
    name: str = NAME
    _pool: Pool | None = field(default=None, init=False)

    def refusal(self, claim: Claim) -> str:
        """Why this worker cannot work for the asker; empty if it can."""
        if claim.root != self.root:
            return f"serves {self.root}, and the run is for {claim.root}"
        try:
            different = installation.differences(installation.of(settings.load(self.root)), claim.installation)
            return f"has other {' and '.join(different)} than the run" if different else _lock_refusal(claim.lock)
        except AnalyticsError as error:
            return f"cannot read its settings: {error.problem}"
        except OSError as error:
            return f"cannot use {error.filename or claim.lock.parent}: {error.strerror}"

    def do(self, step: UnitStep, claim: Claim) -> tuple[str, str]:
        """Make and publish one package; gives the state, and the path of the record."""
        log.info("%s begins", step)
        try:
            found = self._made(step, claim)
        except (AnalyticsError, OSError) as error:
            found = steps.failed(step, error)
        except Exception as error:
            # Nobody foresaw it, so its words may hold data: they stay in the log of this machine.
            log.exception("%s", step)
            found = steps.failed(step, ReportError(f"{type(error).__name__}; the log of the worker says where"))
        kinds = {"published": found.published, "unchanged": found.unchanged, "skipped": found.skipped}
        status = next((kind for kind, folder in kinds.items() if folder), "failed")
        log.info("%s %s", step, status)
        return status, str(steps.write(found, step, claim))

    def _made(self, step: UnitStep, claim: Claim) -> UnitDone:
        from analytics.reports.run import run

        def permit(_: str) -> None:
            if step.ticket is not None:
                leases.confirm(step.ticket)
            refusal = self.refusal(claim)
            if refusal:
                raise LeaseLostError(f"it was not published: this worker {refusal}")

        memory = min((mb for mb in (step.limits.megabytes, self.memory_mb) if mb), default=0)
        report = run(
            settings.load(self.root),
            period=step.period,
            units=(step.unit,),
            reports=step.reports,
            audience=step.audience,
            now=step.now,
            time_limit=step.limits.seconds,
            memory_limit_mb=memory,
            code_version=step.code_version,
            missing={step.unit: step.missing},
            watch=Watch(permit=permit),
            leave=step.leave,
            pool=self._warm(),
            with_portal=False,
        )
        return steps.done(step, report)

    def _warm(self) -> Pool:
        """The pool; made by the thread that does the steps, which lives as long as the worker (see ``workers``)."""
        from analytics.reports.run import warm_pool

        if self._pool is not None and not self._pool.is_alive:
            self._pool.close()
            self._pool = None
        if self._pool is None:
            self._pool = warm_pool(self.jobs)
        return self._pool


def _lock_refusal(file: Path) -> str:
    """The asker holds a lock on the file; whoever can lock it does not see that, or the asker has ended."""
    try:
        with file.open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return ""
    except FileNotFoundError:
        return f"does not see the run in {file.parent}, or the run has ended"
    return f"does not see locks of other machines in {file.parent}, or the run has ended"


async def admit(claim: Claim, dask_worker: Any) -> str:
    """Let a run use the worker that this is called on; why not, if it may not."""
    station = dask_worker.plugins.get(NAME)
    if not isinstance(station, Station):
        return "was not started by analytics worker"
    refusal = await asyncio.to_thread(station.refusal, claim)
    await dask_worker.set_resources(**{claim.run: 0 if refusal else 1})
    return refusal


def work(step: UnitStep, claim: Claim) -> tuple[str, str]:
    """One step, on the worker that this is called on. Raises Reschedule if it can work for the run no more."""
    worker = get_worker()
    station: Station = worker.plugins[NAME]
    refusal = station.refusal(claim)
    if refusal:
        log.error("%s is left to other workers: this one %s", step, refusal)
        sync(worker.loop, worker.set_resources, **{claim.run: 0})
        raise Reschedule
    return station.do(step, claim)
