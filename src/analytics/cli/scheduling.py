"""Commands about when reports are made: ``calendar``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analytics.cli.context import Context, Json, print_result
from analytics.errors import UsageError


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
