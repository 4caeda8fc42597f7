"""What the calendar asks for, for the start page: which packages are published, which are missing, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from analytics import swedish
from analytics.errors import AnalyticsError
from analytics.explore.problems import told
from analytics.periods import Period
from analytics.schedule.due import STATE_LABELS, Due
from analytics.schedule.looking import Project
from analytics.schedule.program import code_version
from analytics.settings import Settings


@dataclass(frozen=True, slots=True)
class DueTable:
    """``said`` and one row a month and state, newest month first: month, packages, which units, why (Swedish texts)."""

    said: str
    rows: tuple[tuple[str, str, str, str], ...]


def of_project(read: Settings, *, month: Period, now: datetime) -> DueTable:
    """Every month that the calendar asks for until ``month``, the newest month of the ledger; later ones as a sentence.

    A calendar or archive that cannot be read is told in ``said``; nothing is raised for it, since the rest of the page
    can be used.
    """
    try:
        outlook = Project(read, code_version(read.root)).look(now)
    except AnalyticsError as error:
        return DueTable(f"Det går inte att säga vad som ska tas fram. {told(error)}", ())
    return of_outlook(outlook.asked, years_without_calendar=outlook.years_without_calendar, month=month)


def of_outlook(asked: Sequence[Due], *, years_without_calendar: Sequence[int], month: Period) -> DueTable:
    """As :func:`of_project`, of what the calendar asks for."""
    said = [_summary([each for each in asked if each.period == month], month)]
    later = sorted({each.period for each in asked if each.period > month})
    if later:
        span = later[0].label if len(later) == 1 else f"{later[0].label} – {later[-1].label}"
        said.append(
            f"För {_counted(len(later), 'senare månad', 'senare månader')} ({span}) är bokföringen inte inläst; "
            "analytics due säger vilka underlag som saknas."
        )
    if years_without_calendar:
        first, last = min(years_without_calendar), max(years_without_calendar)
        years = str(first) if first == last else f"{first}–{last}"
        said.append(f"Det finns ingen rapportkalender för {years}, så inget av det begärs.")
    until = sorted((each for each in asked if each.period <= month), key=lambda each: each.period, reverse=True)
    rows = [
        row for period, units in groupby(until, key=lambda each: each.period) for row in _month(period, list(units))
    ]
    return DueTable(" ".join(said), tuple(rows))


def _summary(of_month: Sequence[Due], month: Period) -> str:
    if not of_month:
        return f"Kalendern begär inga paket för {month.label}."
    published = sum(each.state == "published" for each in of_month)
    told = {0: "inget är publicerat", 1: "ett är publicerat", len(of_month): "alla är publicerade"}
    said = told.get(published, f"{swedish.number(published)} är publicerade")
    return f"För {month.label} begär kalendern {swedish.number(len(of_month))} paket: {said}."


def _month(period: Period, units: list[Due]) -> list[tuple[str, str, str, str]]:
    """Units that stand alike are told together."""
    alike = Counter((each.state, each.detail, each.running) for each in units)
    rows = []
    for state, detail, running in alike:
        which = [each.unit for each in units if (each.state, each.detail, each.running) == (state, detail, running)]
        now = f" Görs just nu ({running})." if running else ""
        rows.append((period.label, STATE_LABELS[state], ", ".join(which), f"{detail}{now}"))
    return rows


def _counted(count: int, one: str, several: str) -> str:
    return f"{swedish.number(count)} {one if count == 1 else several}"
