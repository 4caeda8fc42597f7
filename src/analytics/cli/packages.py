"""Commands that make, explain and prove packages: ``run``, ``comments``, ``reconcile`` and ``audit``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from analytics.cli import machines
from analytics.cli.context import AudienceName, Context, Json, Unit, print_result
from analytics.periods import Period
from analytics.progress import Progress


def run(
    period: Annotated[str, typer.Argument(help="Month, YYYY-MM.")],
    unit: Annotated[list[str] | None, typer.Option("--unit", help="Only this administration; may be repeated.")] = None,
    report: Annotated[list[str] | None, typer.Option("--report", help="Only this report; may be repeated.")] = None,
    audience: AudienceName = None,
    jobs: Annotated[int, typer.Option(min=1, help="Notebooks at the same time.")] = os.cpu_count() or 1,
    time_limit: Annotated[int, typer.Option(min=1, help="Seconds after which one notebook is stopped.")] = 600,
    dask: machines.Dask = None,
    again: Annotated[
        bool, typer.Option("--again", help="With --dask: also what is published from the same data by the same code.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run the report notebooks and publish the packages of a month."""
    # Polars starts its threads at import; forked workers must have one each, or they wait for each other.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    from analytics.fanout import Order
    from analytics.reports.limits import Limits
    from analytics.schedule.by_hand import leased
    from analytics.schedule.looking import Project
    from analytics.schedule.program import code_version

    settings = Context.settings()
    project = Project(settings, code_version(settings.root))
    month, units, readers = Period.parse(period), tuple(unit or ()), audience or settings.disclosure.audience
    with (
        Progress.for_terminal(quiet=as_json) as progress,
        leased(project, period=month, units=units, audience=readers) as tickets,
    ):
        order = Order(
            settings=settings,
            period=month,
            units=units,
            reports=tuple(report or ()),
            audience=readers,
            now=Context.now(),
            missing=project.missing(month),
            tickets=tickets,
            code_version=project.code_version,
            limits=Limits(time_limit),
            jobs=jobs,
            leave="nothing" if dask is None or again else "published",
            progress=progress,
        )
        result = machines.maker(dask)(order)
    print_result(as_json, result.as_record(), str(result))
    result.raise_if_failed()


def comments(
    period: Annotated[str, typer.Argument(help="Month, YYYY-MM.")],
    unit: Unit = None,
    ready: Annotated[str | None, typer.Option("--ready", help="Mark this draft as ready to be approved.")] = None,
    approve: Annotated[
        str | None, typer.Option("--approve", help="Approve this file, which is ready, for its figure as printed now.")
    ] = None,
    audience: AudienceName = None,
    as_json: Json = False,
) -> None:
    """List comments and action plans: missing, draft, ready, approved, stale or hidden."""
    from analytics.reports.comment_list import comments as list_comments

    settings = Context.settings()
    found = list_comments(
        settings,
        period=Period.parse(period),
        unit=unit,
        audience=audience or settings.disclosure.audience,
        ready=ready,
        approve=approve,
    )
    print_result(as_json, found.as_record(), str(found))


def reconcile(
    period: Annotated[str, typer.Argument(help="Month, YYYY-MM.")],
    unit: Annotated[str, typer.Option("--unit", help="Administration code.")],
    against: Annotated[
        Path | None, typer.Option("--against", help="Folder of figures closed elsewhere; default data/raw/published.")
    ] = None,
    audience: AudienceName = None,
    as_json: Json = False,
) -> None:
    """Compare every published figure with the measures; say what differs and what cannot both be true."""
    from analytics.reconciliation import reconcile as compare

    settings = Context.settings()
    result = compare(
        settings,
        period=Period.parse(period),
        unit=unit,
        published=against or settings.paths.published,
        audience=audience or settings.disclosure.audience,
    )
    print_result(as_json, result.as_record(), str(result))
    result.raise_if_unexplained()


def audit(
    folder: Annotated[Path, typer.Argument(help="Folder of published tables, as data/raw/published.")],
    as_json: Json = False,
) -> None:
    """Audit published tables by themselves: sums, differences, means, forecasts, tables against each other."""
    from analytics.reconciliation import audit as audit_folder

    result = audit_folder(folder)
    print_result(as_json, result.as_record(), str(result))
