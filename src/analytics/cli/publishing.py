"""Commands about what is published: ``verify``."""

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
