"""At the end of a tick: how it stands is kept for the portal, the portal and the status page are written anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from analytics import durable
from analytics.calendar import STOCKHOLM, Body, Occasion, ReportingCalendar
from analytics.periods import day_label
from analytics.reports import package, portal, situation
from analytics.reports.situation import Coming, Situation, Standing
from analytics.schedule import last_tick, plain, positions, status_page
from analytics.schedule.looking import Outlook, Project
from analytics.schedule.outcomes import TickReport
from analytics.settings import Settings

COMING: Final = 3
"""So many reports to come are told of."""
NOT_OPEN: Final = ("not_closed", "embargo")


def teller(settings: Settings) -> Callable[[TickReport], None]:
    """What a tick tells the portal with (``Means.tell``)."""

    def tell(report: TickReport) -> None:
        write(Project(settings, ""), report)

    return tell


def write(project: Project, report: TickReport) -> Path:
    """Write what the portal shows of a tick: its pages, and what a run by hand shows again until the next tick.

    Raises OSError, ReportError for a damaged manifest, SettingsError for the calendar, StorageError for the history.
    """
    settings = project.settings
    place = _portal(settings)
    tick = last_tick.of(report, every=timedelta(minutes=settings.schedule.every_minutes))
    last_tick.write(settings.paths.reports, tick)
    could_look = all(each.what != "due" for each in report.troubles)
    found = positions.of_packages(project, report.outlook.asked) if could_look else None
    page = status_page.page(place, project, tick, found, report.outlook)
    with package.locked(settings.paths.reports, package.PORTAL_LOCK):
        durable.replace(place.folder / status_page.FILE_NAME, page.encode(), locked=True)
        kept = situation_of(project, report.outlook) if could_look else _unknown(report.outlook)
        situation.write(situation.file_of(settings.paths.reports, internal=place.is_internal), kept)
    return portal.write(place, reports=settings.paths.reports)


def situation_of(project: Project, outlook: Outlook) -> Situation:
    """How it stands, for readers. Raises SettingsError for the calendar."""
    opened = [each for each in outlook.asked if each.reason not in NOT_OPEN]
    return Situation(
        at=outlook.now,
        is_known=True,
        asked=dict(Counter(str(each.period) for each in opened)),
        standing=tuple(
            Standing(str(each.period), each.unit, each.unit_label, each.state, plain.sentence(each))
            for each in opened
            if each.state != "published"
        ),
        coming=tuple(_coming(each) for each in _not_open(project.calendar, outlook)[:COMING]),
        made_up=any(year.status == "demonstration" for year in project.calendar.years.values()),
        status_page=status_page.FILE_NAME,
    )


def _unknown(outlook: Outlook) -> Situation:
    return Situation(outlook.now, is_known=False, status_page=status_page.FILE_NAME)


def _portal(settings: Settings) -> portal.Portal:
    """The portal of the audience that the schedule makes packages for."""
    audience = settings.disclosure.audience
    limits = settings.disclosure.for_audience(audience)
    label = limits.label if audience == "internal" else ""
    return portal.Portal(settings.paths.reports / limits.folder, settings.region.name, settings.region.synthetic, label)


def _not_open(calendar: ReportingCalendar, outlook: Outlook) -> list[Occasion]:
    day = outlook.now.astimezone(STOCKHOLM).date()
    return [each for each in (*calendar.until(day), *calendar.after(day)) if each.opens > outlook.now]


def _coming(occasion: Occasion) -> Coming:
    return Coming(
        period=str(occasion.period),
        label=occasion.label,
        months=occasion.months_label,
        opens=occasion.opens,
        receivers=tuple(_receiver(body) for body in occasion.bodies),
    )


def _receiver(body: Body) -> str:
    if body.meeting_day is not None:
        return f"{body.name}, möte {day_label(body.meeting_day)}"
    if not body.meets:
        return body.name
    return f"{body.name}, möte i {body.month.label}" if body.month else f"{body.name}, nästa möte"
