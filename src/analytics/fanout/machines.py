"""The workers of a Dask scheduler: each makes one package at a time and publishes it on the shared storage.

There are never more steps given away than workers, so each goes to one that is free, and none waits behind a slow one.
A step whose worker dies is given to another by Dask; one whose workers died time and again is given up.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from distributed import CancelledError, Client, Future, wait
from distributed.client import ClosedClientError
from distributed.scheduler import KilledWorker
from distributed.security import Security

from analytics.errors import AnalyticsError, MachineError
from analytics.fanout import addresses, installation, station, steps
from analytics.fanout.orders import Order
from analytics.fanout.steps import Claim, UnitDone, UnitStep
from analytics.reports import package, package_list
from analytics.reports.results import RunReport

LOOK: Final = 1.0
"""Seconds between two looks at which workers there are."""
CONNECT: Final = 10.0
REFUSED: Final = 5.0
"""Seconds after which workers that all refuse are believed; a network file system may be late by a moment."""
LOST: Final = (OSError, TimeoutError, ClosedClientError)
"""What it raises that a scheduler has gone away: a broken connection, or one that Dask has closed after trying anew."""


@dataclass(frozen=True, slots=True)
class Machines:
    """A maker. ``tell`` hears of workers that cannot take part. Without any worker it waits ``patience`` seconds."""

    address: str
    tell: Callable[[str], None] = field(default=lambda _: None)
    patience: float = 60.0

    def __call__(self, order: Order) -> RunReport:
        """Make the packages (``fanout.Maker``).

        Raises what ``reports.run`` raises for a wrong call, MachineError if the scheduler cannot be reached or no
        worker can take part, and what :func:`addresses.checked` raises. What happens later is the result of the units
        that it hinders.
        """
        # Here, since it loads polars, and a schedule with nothing due stays small.
        from analytics.reports import choices
        from analytics.reports.run import write_portal

        settings, reports = order.settings, order.settings.paths.reports
        addresses.checked(self.address, settings.machines)
        settings.disclosure.for_audience(order.audience)
        checked = choices.check(settings, order.period, order.units, order.reports, order.missing)
        codes = [unit.code for unit in checked.units]
        waiting = [_step(order, code) for code in codes]
        with package.workspace(reports) as workspace, _client(self.address) as client:
            claim = Claim(
                f"analytics-{workspace.name}",
                settings.root.resolve(),
                workspace.with_suffix(".lock"),
                installation.of(settings),
            )
            _refuse_other_program(client, self.address)
            run = _Run(self, order, client, claim, waiting)
            try:
                run.finish()
            finally:
                # Packages that are there are listed, whatever came after them.
                portal = write_portal(settings, order.audience)
        found = [run.done[code] for code in codes]
        return RunReport(
            str(order.period),
            order.audience,
            tuple(result for each in found for result in each.results),
            tuple(each.published for each in found if each.published),
            portal,
            {code: not_made for code in codes if (not_made := run.done[code].not_made) is not None},
            tuple(each.unchanged for each in found if each.unchanged),
            {code: run.done[code].missing for code in codes if run.done[code].missing},
            tuple(each.skipped for each in found if each.skipped),
            package_list.unlisted(order.settings.paths.notebooks),
        )


def _step(order: Order, unit: str) -> UnitStep:
    return UnitStep(
        order.period,
        unit,
        order.audience,
        order.now,
        order.code_version,
        order.reports,
        order.limits,
        "published" if order.leave == "published" else "own",
        order.missing.get(unit, ()),
        order.tickets.get(unit),
    )


@contextmanager
def _client(address: str) -> Iterator[Client]:
    try:
        client = Client(address, timeout=CONNECT, set_as_default=False, security=Security(), name="analytics")
    except (OSError, TimeoutError, ValueError, TypeError, RuntimeError) as error:
        raise addresses.unreachable(address, error) from None
    try:
        yield client
    finally:
        with suppress(*LOST):
            client.close(timeout=CONNECT)


def _refuse_other_program(client: Client, address: str) -> None:
    """The scheduler must understand what it passes on."""
    try:
        theirs = client.run_on_scheduler(installation.program)
    except Exception:  # noqa: BLE001 - whatever it could not do, it is not the same program
        theirs = {}
    if installation.differences(installation.program(), theirs):
        raise MachineError(
            f"the scheduler {address} runs another version of analytics or of its libraries than this machine",
            action="Start it from the same installation (docs/machines.md).",
        )


class _Run:
    """Steps on their way."""

    def __init__(self, asker: Machines, order: Order, client: Client, claim: Claim, waiting: list[UnitStep]) -> None:
        self.done: dict[str, UnitDone] = {}
        self._asker = asker
        self._order = order
        self._client = client
        self._claim = claim
        self._waiting = waiting
        self._running: dict[Future, UnitStep] = {}
        self._workers = 0
        self._refused: dict[str, str] = {}
        self._given = 0
        self._looked = float("-inf")
        self._worked = time.monotonic()

    def finish(self) -> None:
        """Do all steps. Raises MachineError if none could be begun."""
        self._order.progress.start(len(self._waiting), f"Paket {self._order.period}")
        try:
            while self._waiting or self._running:
                try:
                    self._look()
                    self._give()
                    self._take()
                except LOST as error:
                    self._give_up(addresses.lost(self._asker.address, error))
                if not self._workers and time.monotonic() - self._worked > self._patience:
                    self._give_up(self._no_worker())
        finally:
            with suppress(*LOST):
                self._client.cancel(list(self._running))

    @property
    def _patience(self) -> float:
        return min(REFUSED, self._asker.patience) if self._refused and not self._given else self._asker.patience

    def _look(self) -> None:
        """Which workers there are; those that do not work for this run yet are asked to."""
        if time.monotonic() - self._looked < LOOK:
            return
        self._looked = time.monotonic()
        known = self._client.scheduler_info().get("workers")
        if known is None:  # the connection was closed, after it was tried to make it anew
            raise ConnectionError("it does not answer any more")
        others = [address for address, about in known.items() if about["resources"].get(self._claim.run, 0) < 1]
        said = self._client.run(station.admit, self._claim, workers=others, on_error="return") if others else {}
        refused = {address: _reason(answer) for address, answer in said.items() if answer}
        for address in refused.keys() - self._refused.keys():
            self._asker.tell(f"Worker {address} takes no part: it {refused[address]}.")
        self._refused = refused
        self._workers = len(known) - len(refused)
        if self._workers:
            self._worked = time.monotonic()

    def _give(self) -> None:
        """As many steps as there are workers."""
        while self._waiting and len(self._running) < self._workers:
            step = self._waiting.pop(0)
            self._given += 1
            future = self._client.submit(
                station.work,
                step,
                self._claim,
                key=f"{self._claim.run}-{self._given}",
                pure=False,
                resources={self._claim.run: 1},
            )
            self._running[future] = step

    def _take(self) -> None:
        """What has ended; waits a moment for it."""
        if not self._running:
            time.sleep(LOOK / 4)
            return
        # A scheduler that is lost cancels what it was given; the next look finds out whether it is back.
        with suppress(TimeoutError, CancelledError), self._client.as_current():
            wait(list(self._running), timeout=LOOK, return_when="FIRST_COMPLETED")
        for future in [future for future in self._running if future.done()]:
            step = self._running.pop(future)
            if future.status == "cancelled":  # the scheduler has forgotten it
                self._waiting.insert(0, step)
            else:
                self._end(step, self._told(future, step))

    def _told(self, future: Future, step: UnitStep) -> UnitDone:
        try:
            _, record = future.result()
            return steps.read(Path(record), step)
        except AnalyticsError as error:
            return steps.failed(step, error)
        except KilledWorker as error:
            problem = f"the {error.allowed_failures + 1} workers that began this unit died"
            action = f"See the log of the last one, {error.last_worker.address}, and the memory of its machine."
            return steps.failed(step, MachineError(problem, action=action))
        except Exception as error:  # noqa: BLE001 - its words may hold data
            problem = f"the worker failed with {type(error).__name__}; its log says where"
            return steps.failed(step, MachineError(problem))

    def _end(self, step: UnitStep, found: UnitDone) -> None:
        self.done[step.unit] = found
        for result in found.results:
            self._order.hear(result)
        self._order.progress.step(str(step))

    def _give_up(self, error: MachineError) -> None:
        """What is left has failed. Raises the error instead if nothing was begun."""
        if not self._given:
            raise error
        with suppress(*LOST):
            self._client.cancel(list(self._running))
        for step in [*self._running.values(), *self._waiting]:
            self._end(step, steps.failed(step, error))
        self._running.clear()
        self._waiting.clear()

    def _no_worker(self) -> MachineError:
        reasons = "".join(f"\n  {address} {reason}" for address, reason in self._refused.items())
        if reasons:
            return MachineError(
                f"no worker of {self._asker.address} can take part:{reasons}",
                action="Start workers of this installation in this project with analytics worker (docs/machines.md).",
            )
        return MachineError(
            f"{self._asker.address} has no workers", action=f"Start some with: analytics worker {self._asker.address}"
        )


def _reason(answer: object) -> str:
    return answer if isinstance(answer, str) else "was not started by analytics worker, or from another installation"
