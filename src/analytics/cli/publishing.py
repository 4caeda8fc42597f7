"""Commands about what is published: ``verify`` and ``serve``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analytics.cli.context import Context, Json, print_result
from analytics.errors import UsageError


def verify(
    package: Annotated[Path | None, typer.Argument(help="Folder of a package, or of one version of it.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every package of both audiences.")] = False,
    ledger: Annotated[
        Path | None, typer.Option("--ledger", help="A copy of reports/.ledger that is kept elsewhere.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare every file with what was published; say what was changed, is missing or was added."""
    from analytics.reports.ledger import FOLDER
    from analytics.reports.verification import Archive

    if (package is None) != every:
        raise UsageError("name one package, or give --all", action="analytics verify reports/2018-03/17")
    settings = Context.settings()
    reports = settings.paths.reports
    if ledger is not None and not ledger.is_dir():
        raise UsageError(f"there is no ledger in {ledger}", action="Name a folder that is a copy of reports/.ledger.")
    archive = Archive(reports, ledger or reports / FOLDER, settings.disclosure)
    result = archive.every() if package is None else archive.one(package)
    print_result(as_json, result.as_record(), str(result))
    result.raise_if_changed()


def serve(
    host: Annotated[str, typer.Option("--host", help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")] = 8600,
    open_to_others: Annotated[
        bool,
        typer.Option("--open-to-others", help="Allow a --host that other machines reach. There is no login."),
    ] = False,
) -> None:
    """Show reports/ in a browser on this machine. For readers there is a web server with login (docs/publishing.md)."""
    from analytics.reports.serving import Server, is_loopback

    if not is_loopback(host) and not open_to_others:
        raise UsageError(
            f"other machines can reach {host}, and there is no login",
            action="Leave --host out, or add --open-to-others if everyone on that network may read every report, "
            "internal ones too.",
        )
    reports = Context.settings().paths.reports
    with Server(reports, host, port) as server:
        typer.echo(f"{server.address} shows {reports}; stop with Ctrl-C.", err=True)
        if not is_loopback(host):
            typer.echo(
                "Warning: there is no login and no encryption. Everyone who reaches this address reads every report, "
                "internal ones too.",
                err=True,
            )
        server.serve_forever()
