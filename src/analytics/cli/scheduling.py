"""Commands about when reports are made: ``calendar`` and ``due``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analytics.cli.context import Context, Json, code_version, print_result
from analytics.errors import UsageError

if TYPE_CHECKING:
    from analytics.schedule.looking import Project

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


def _project() -> Project:
    from analytics.schedule.looking import Project

    settings = Context.settings()
    return Project(settings, code_version(settings.root))


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
