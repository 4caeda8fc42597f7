"""The command line: arguments → calls, errors → message and exit code. No logic lives here.

The clock and the environment are read here and handed down. Heavy packages are imported inside the commands, so
that ``analytics --help`` answers at once. One module per group of commands.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from analytics import __version__
from analytics.cli import deliveries, exploring, finding, machines, packages, promoting, publishing, scheduling
from analytics.cli.context import Context
from analytics.errors import AnalyticsError, StorageError, UsageError

app = typer.Typer(
    name="analytics",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich takes half of the start-up time, for a help text
    help="Analytics workbench of the region: from raw extracts to the monthly packages.",
)


def _print_version(*, value: bool) -> None:
    if value:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def common(
    root: Annotated[Path | None, typer.Option("--root", help="Folder that holds analytics.toml.")] = None,
    version: Annotated[  # noqa: ARG001 - handled by its callback
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Options of all commands."""
    Context.root = root.resolve() if root else None


for verb in (
    deliveries.sample,
    deliveries.pull,
    deliveries.load,
    deliveries.validate,
    scheduling.calendar,
    scheduling.due,
    scheduling.status,
    scheduling.schedule,
    packages.run,
    machines.worker,
    packages.comments,
    finding.deviations,
    packages.reconcile,
    packages.audit,
    publishing.verify,
    publishing.serve,
    exploring.lab,
    promoting.promote,
):
    app.command()(verb)


def main() -> None:
    """Entry point: run a command, and turn every expected error into a message and its exit code."""
    raise SystemExit(_guarded(app))


def _guarded(command: Callable[..., object]) -> int:
    as_json = "--json" in sys.argv
    try:
        command(standalone_mode=False)
    except AnalyticsError as error:
        _report(error, as_json=as_json)
        return error.exit_code
    except OSError as error:
        problem = StorageError(
            f"{error.strerror}: {error.filename}" if error.filename else str(error),
            action="Check free space and permissions, then run the command again; nothing half-written is in use.",
        )
        _report(problem, as_json=as_json)
        return problem.exit_code
    except typer.Exit as finished:
        return finished.exit_code
    except (typer.Abort, KeyboardInterrupt):
        typer.echo("Stopped.", err=True)
        return 130
    except Exception as error:
        usage = _usage_error(error)
        if usage is None:
            raise
        _report(usage, as_json=as_json)
        return usage.exit_code
    return 0


def _usage_error(error: Exception) -> UsageError | None:
    """Click's own complaint about the arguments, as one of ours; None if the error is something else."""
    message = getattr(error, "format_message", None)
    if message is None:
        return None
    return UsageError(message(), action="See analytics --help, or analytics COMMAND --help.")


def _report(error: AnalyticsError, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(error.as_record(), ensure_ascii=False, indent=2))
    typer.echo(f"Error: {error}", err=True)
