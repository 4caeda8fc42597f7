"""Commands that bring data in: ``sample``, ``pull``, ``load`` and ``validate``."""

from __future__ import annotations

from typing import Annotated

import typer

from analytics.cli.context import Context, Json, print_result
from analytics.progress import Progress


def sample(
    scale: Annotated[int, typer.Option(min=1, help="So many times the staff and the postings.")] = 1,
    seed: Annotated[int, typer.Option(help="Another seed gives another region with the same calibrated figures.")] = (
        20180331
    ),
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Do nothing where data/raw already holds deliveries.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Generate the demonstration region into data/raw. All of it is marked as synthetic."""
    from analytics.sample import generate, holds_deliveries

    settings = Context.settings()
    if if_empty and holds_deliveries(settings):
        print_result(as_json, {"generated": False}, "data/raw already holds deliveries; nothing generated.")
        return
    with Progress.for_terminal(quiet=as_json) as progress:
        report = generate(settings, scale=scale, seed=seed, progress=progress)
    print_result(as_json, report.as_record(), str(report))


def pull(as_json: Json = False) -> None:
    """Fetch what the sources of [sources] and [kolada] have into data/raw."""
    from analytics import connections

    settings = Context.settings()
    with Progress.for_terminal(quiet=as_json) as progress:
        report = connections.pull(settings, credentials=Context.credentials(), now=Context.now(), progress=progress)
    print_result(as_json, report.as_record(), str(report))
    report.raise_if_failed()


def load(
    partial: Annotated[
        bool, typer.Option("--partial", help="Take the good deliveries although others are refused.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Register the deliveries in data/raw, check them and take them into data/processed."""
    from analytics import intake, pseudonyms

    settings = Context.settings()
    secret = pseudonyms.read_or_create_secret(Context.secret_file(), repository=settings.root)
    with Progress.for_terminal(quiet=as_json) as progress:
        report = intake.load(settings, secret=secret, now=Context.now(), partial=partial, progress=progress)
    print_result(as_json, report.as_record(), str(report))


def validate(as_json: Json = False) -> None:
    """Check what is in data/processed against the suites in expectations/."""
    from analytics import intake

    report = intake.validate_processed(Context.settings())
    print_result(as_json, report.as_record(), str(report))
    report.raise_if_critical()
