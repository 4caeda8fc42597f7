"""``analytics worker``: a Dask worker that makes packages, one at a time, with a warm pool of its own.

It is a plain process without a nanny: children of a daemonic process may have no children, and notebooks are such. What
keeps it running is what started it (docs/machines.md).
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from distributed import Worker
from distributed.security import Security
from distributed.utils import get_ip

from analytics.errors import MachineError
from analytics.fanout import addresses, installation
from analytics.fanout.station import Station
from analytics.reports import package
from analytics.settings import Settings


def serve(  # noqa: PLR0913 - the caller says everything that a worker depends on
    settings: Settings,
    address: str,
    *,
    jobs: int,
    memory_mb: int,
    patience: float,
    tell: Callable[[str], None],
) -> None:
    """Serve the scheduler until stopped by SIGTERM or SIGINT.

    ``jobs`` notebooks of a package run at the same time, each with at most ``memory_mb`` megabytes (0: as the run
    says). The worker listens only where the scheduler can reach it. It stops at once when told to: what it was doing is
    done again elsewhere.

    Raises MachineError if the scheduler is not there within ``patience`` seconds or goes away, StorageError if the
    folder of reports cannot be written, and what :func:`addresses.checked` raises.
    """
    addresses.checked(address, settings.machines)
    with package.workspace(settings.paths.reports):
        pass  # a worker that cannot write where packages are made is of no use
    installation.program()  # of the code that this process has, before anyone changes it on disk
    logging.basicConfig(format="%(asctime)s - %(name)s - %(levelname)s - %(message)s")
    logging.getLogger("analytics").setLevel(logging.INFO)
    asyncio.run(_serve(Station(settings.root.resolve(), jobs, memory_mb), address, patience, tell))


async def _serve(station: Station, address: str, patience: float, tell: Callable[[str], None]) -> None:
    worker = Worker(
        address,
        nthreads=1,
        host=get_ip(addresses.host_of(address)),
        # Its HTTP pages answer without being asked who asks: on this machine only.
        dashboard_address="127.0.0.1:0",
        # The thread that makes the pool must live as long as the pool (``workers``).
        executor=ThreadPoolExecutor(1, thread_name_prefix="analytics-steps"),
        # Dask would measure this process, and notebooks are others; they have limits of their own.
        memory_limit=0,
        security=Security(),
        death_timeout=patience,
        plugins=(station,),
    )
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        await worker
    except (OSError, TimeoutError) as error:
        raise addresses.unreachable(address, error) from None
    tell(f"Worker {worker.address} of {address} serves {station.root}.")
    stopping, leaving = asyncio.create_task(stop.wait()), asyncio.create_task(worker.finished())
    await asyncio.wait((stopping, leaving), return_when=asyncio.FIRST_COMPLETED)
    if not stop.is_set():
        raise MachineError(f"the scheduler {address} went away", action="Start the worker again.")
    await worker.close(timeout=5, executor_wait=False, reason="it was told to stop")
