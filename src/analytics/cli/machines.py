"""Work on several machines: the command ``worker``, and the maker that ``--dask`` asks for."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from analytics.cli.context import Context

if TYPE_CHECKING:
    from analytics.fanout import Maker
    from analytics.settings import Settings

Dask = Annotated[
    str | None,
    typer.Option("--dask", metavar="ADDRESS", help="Use the workers of this Dask scheduler, as tls://host:8786."),
]


def maker(address: str | None) -> Maker:
    """Who makes packages: this machine, or the workers of a Dask scheduler. Raises UsageError if Dask is not there."""
    from analytics.fanout import addresses, on_this_machine

    if address is None:
        return on_this_machine

    try:
        from analytics.fanout.machines import Machines
    except ModuleNotFoundError:
        raise addresses.missing_library() from None
    return Machines(address, lambda text: typer.echo(f"Warning: {text}", err=True))


def check(address: str | None, settings: Settings) -> None:
    """Say now what would be wrong at every tick, without loading Dask. Raises what a run with ``--dask`` would."""
    from analytics.fanout import addresses

    if address is not None:
        addresses.checked(address, settings.machines)
        if find_spec("distributed") is None:
            raise addresses.missing_library()


def worker(
    address: Annotated[str, typer.Argument(help="Address of the Dask scheduler, as tls://host:8786.")],
    jobs: Annotated[int, typer.Option(min=1, help="Notebooks of one package at the same time.")] = 1,
    memory_mb: Annotated[
        int, typer.Option("--memory-mb", min=0, help="Memory that one notebook may take here; 0: as the run says.")
    ] = 0,
    wait: Annotated[int, typer.Option(min=1, help="Seconds to wait for the scheduler.")] = 60,
) -> None:
    """Make packages for runs with --dask, one at a time, until stopped (docs/machines.md)."""
    from analytics.fanout import addresses

    try:
        from analytics.fanout.worker import serve
    except ModuleNotFoundError:
        raise addresses.missing_library() from None
    serve(
        Context.settings(),
        address,
        jobs=jobs,
        memory_mb=memory_mb,
        patience=wait,
        tell=lambda text: typer.echo(text, err=True),
    )
