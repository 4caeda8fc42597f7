"""Commands about when reports are made: ``calendar``, ``due``, ``status`` and ``schedule``."""

from __future__ import annotations

import signal
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from analytics.cli import machines
from analytics.cli.context import Context, Json, Unit, print_result
from analytics.errors import UsageError
from analytics.progress import Progress

if TYPE_CHECKING:
    from analytics.connections import PullReport
    from analytics.schedule.looking import Project
    from analytics.schedule.tick import Means
    from analytics.settings import Settings

At = Annotated[
    str | None, typer.Option("--at", metavar="MOMENT", help="As if it were this moment, for example 2018-04-16T08:00.")
]


def _moment(at: str | None) -> datetime:
    """The moment that was asked about; without an offset it is Swedish time."""
    if at is None:
        return Context.now()
    from analytics.calendar import STOCKHOLM

    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise UsageError(
            f"{at!r} is no moment", action="Give a day and a time as 2018-04-16T08:00, or a day as 2018-04-16."
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=STOCKHOLM)


def _project(*, again: bool = False) -> Project:
    from analytics.schedule.looking import Project
    from analytics.schedule.program import code_version

    settings = Context.settings()
    return Project(settings, code_version(settings.root), again=again)


def calendar(
    year: Annotated[int, typer.Argument(help="Year of the reports, for example 2018.")],
    ics: Annotated[
        str | None, typer.Option("--ics", metavar="FILE", help="Write the year as iCalendar; - for standard output.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="Tell what a report's name means, for example 'tertialbokslut mars'.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Print the reporting calendar of a year: what is reported when, to whom, and the public holidays."""
    from analytics.calendar import ReportingCalendar, names, table
    from analytics.calendar import ics as icalendar_file

    if name is not None:
        if ics is not None:
            raise UsageError("--name and --ics are two questions", action="Give one of them.")
        found = names.resolve(name, year)
        print_result(as_json, found.as_record(), str(found))
        return
    settings = Context.settings()
    asked = ReportingCalendar.read(settings).year(year)
    if ics is None:
        print_result(as_json, table.record(asked, settings.region.name), table.text(asked, settings.region.name))
        return
    content = icalendar_file.write([asked], settings.region.name, now=Context.now())
    if ics == "-":
        if as_json:
            raise UsageError("--ics - and --json both print to standard output", action="Give one of them.")
        typer.echo(content, nl=False)
        return
    from analytics import durable

    durable.replace(Path(ics), content)
    print_result(as_json, {"file": ics, "bytes": len(content)}, f"{ics}: the calendar of {year}, {len(content)} bytes.")


def due(at: At = None, as_json: Json = False) -> None:
    """Tell what the calendar asks for, what of it is published for the present data, and why the rest is not."""
    from analytics.schedule import words

    outlook = _project().look(_moment(at))
    print_result(as_json, words.record(outlook), words.text(outlook))


def status(
    period: Annotated[str | None, typer.Option("--period", help="Only this month, YYYY-MM; tells all of it.")] = None,
    unit: Unit = None,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Explain every package: state, versions, attempts, who makes it now; and whether the schedule still ticks."""
    from analytics.periods import Period
    from analytics.schedule.status import read

    month = Period.parse(period) if period is not None else None
    found = read(_project(), _moment(at), period=month, unit=unit)
    if found.narrowed and not found.packages:
        raise UsageError(
            "the calendar asks for no such package yet", action="analytics due lists the months and units it asks for."
        )
    print_result(as_json, found.as_record(), str(found))
    found.raise_if_wanting()


def schedule(
    once: Annotated[bool, typer.Option("--once", help="One tick, and stop.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="With --once: try also what failed and would not be tried again.")
    ] = False,
    at: At = None,
    dask: machines.Dask = None,
    as_json: Json = False,
) -> None:
    """Fetch, load and make all that is due, again and again; with --once a single time."""
    if not once:
        if at is not None or again or as_json:
            raise UsageError("--at, --again and --json go with --once", action="Add --once, or leave them out.")
        _serve(dask)
        return
    from analytics.schedule.clock import Clock
    from analytics.schedule.tick import tick

    project = _project(again=again)
    signal.signal(signal.SIGTERM, _stop_once)
    with Progress.for_terminal(quiet=as_json) as progress:
        report = tick(project, Clock(_moment(at)), _means(project, progress, dask))
    print_result(as_json, report.as_record(), str(report))
    report.raise_if_failed()


def _stop_once(number: int, frame: FrameType | None) -> None:
    """As on Ctrl-C: the tick records that it was stopped and gives its leases back. Asking again changes nothing."""
    del frame
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _means(project: Project, progress: Progress, dask: str | None) -> Means:
    from analytics import connections
    from analytics.notices import Post
    from analytics.schedule import portal, telling
    from analytics.schedule.tick import Means

    def pull(sources: Settings) -> PullReport:
        return connections.pull(sources, credentials=Context.credentials(), now=Context.now(), progress=progress)

    settings = project.settings
    post = Post(settings.notices, Context.credentials(), settings.paths.reports / telling.OUTBOX)
    teller = telling.Teller(project, post)
    return Means(
        secret_file=Context.secret_file(),
        pull=pull if connections.is_configured(settings) else None,
        maker=machines.maker(dask),
        progress=progress,
        # Of a portal that could not be written people are told; metrics count what went wrong with either.
        tell={"portal": portal.teller(settings), "notices": teller.people, "metrics": teller.metrics},
    )


def _serve(dask: str | None) -> None:
    from analytics.schedule.service import Service, command

    settings = Context.settings()
    machines.check(dask, settings)
    every = timedelta(minutes=settings.schedule.every_minutes)
    service = Service(command(settings.root, dask), every, lambda text: typer.echo(text, err=True))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, service.stop)
    typer.echo(f"Ticking every {settings.schedule.every_minutes} minutes; stop with Ctrl-C or SIGTERM.", err=True)
    service.run()
