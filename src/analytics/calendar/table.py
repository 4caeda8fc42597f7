"""One year of the reporting calendar as text and as data, in Swedish, for a controller."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from analytics.calendar.model import Body, CalendarYear, Occasion
from analytics.calendar.workdays import holidays_of
from analytics.periods import MONTH_NAMES

WEEKDAYS = ("mån", "tis", "ons", "tor", "fre", "lör", "sön")
_HEADINGS = ("Månad", "Rapport", "Tid klar", "Bokföring stänger", "Paket tidigast", "Väntar till")
_NEXT = "närmast följande möte"


def text(year: CalendarYear, region: str) -> str:
    """The year as lines: what is reported and when, who gets it, what differs from the rules, and public holidays."""
    parts = [f"Rapportkalender {year.year} – {region}", *_provenance(year), "", *_months(year), "", *_recipients(year)]
    exceptions = [f"  {_month(each)}: {each.exception}" for each in year.occasions if each.exception]
    if exceptions:
        parts += ["", "Avviker från reglerna i analytics.toml:", *exceptions]
    return "\n".join([*parts, "", *_holidays(year.year)])


def record(year: CalendarYear, region: str) -> dict[str, Any]:
    """The year as data for ``--json``; days are ISO days, moments have the offset of Swedish time."""
    return {
        "year": year.year,
        "region": region,
        "status": year.status,
        "source": year.source,
        "occasions": [_occasion(each) for each in year.occasions],
        "not_reported": [{"period": str(each.period), "why": each.why} for each in year.unreported],
        "holidays": {day.isoformat(): name for day, name in holidays_of(year.year).items()},
    }


def day_text(day: date) -> str:
    """``tis 2018-04-10``."""
    return f"{WEEKDAYS[day.weekday()]} {day.isoformat()}"


def _occasion(each: Occasion) -> dict[str, Any]:
    return {
        "period": str(each.period),
        "kind": each.kind,
        "label": each.label,
        "with_forecast": each.with_forecast,
        "time_complete": each.time_complete.isoformat(),
        "ledger_closes": each.ledger_closes.isoformat(),
        "embargo_until": each.embargo_until.isoformat() if each.embargo_until else None,
        "opens": each.opens.isoformat(),
        "wait_until": each.wait_until.isoformat(),
        "units": list(each.units),
        "exception": each.exception,
        "bodies": [
            {
                "id": body.id,
                "name": body.name,
                "meeting_day": body.meeting_day.isoformat() if body.meeting_day else None,
                "month": str(body.month) if body.month else None,
                "meets": body.meets,
                "note": body.note,
            }
            for body in each.bodies
        ],
    }


def _provenance(year: CalendarYear) -> list[str]:
    if year.status == "demonstration":
        return ["DEMONSTRATION – dagarna är påhittade och inte beslutade.", year.source]
    return [year.source]


def _months(year: CalendarYear) -> list[str]:
    occasions = {each.period.month: each for each in year.occasions}
    why = {each.period.month: each.why for each in year.unreported}
    rows: list[Sequence[str]] = [_HEADINGS]
    for month, name in enumerate(MONTH_NAMES, start=1):
        each = occasions.get(month)
        rows.append((name, f"– {why[month]}") if each is None else _row(name, each))
    widths = [max(len(row[column]) for row in rows if len(row) > 2) for column in range(len(_HEADINGS))]
    lines = [_line(row, widths) for row in rows]
    return [lines[0], "-" * max(map(len, lines)), *lines[1:]]


def _row(name: str, each: Occasion) -> tuple[str, ...]:
    held = " embargo" if each.embargo_until else ""
    return (
        name,
        each.label,
        day_text(each.time_complete),
        day_text(each.ledger_closes),
        f"{moment_text(each.opens)}{held}",
        day_text(each.wait_until),
    )


def moment_text(moment: datetime) -> str:
    """``mån 2018-04-16 08:00``."""
    return f"{day_text(moment.date())} {moment:%H:%M}"


def _line(row: Sequence[str], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()


def _recipients(year: CalendarYear) -> list[str]:
    rows = [
        (_month(each) if index == 0 else "", body.name, _meeting(body), body.note)
        for each in year.occasions
        for index, body in enumerate(each.bodies)
    ]
    headings = ("Månad", "Går till", "Möte", "Vad")
    table = [headings, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(headings))]
    lines = [_line(row, widths) for row in table]
    units = [f"  {_month(each)}: {', '.join(each.units)}" for each in year.occasions if each.units]
    told = ["", "Bara dessa förvaltningar rapporterar:", *units] if units else []
    return [lines[0], "-" * max(map(len, lines)), *lines[1:], *told]


def _month(each: Occasion) -> str:
    return MONTH_NAMES[each.period.month - 1]


def _meeting(body: Body) -> str:
    if body.meeting_day:
        return day_text(body.meeting_day)
    if not body.meets:
        return "utan möte"
    return f"{body.month.label}, dag ej satt" if body.month else _NEXT


def _holidays(year: int) -> list[str]:
    return ["Helgdagar och aftnar som räknas som helgdag:"] + [
        f"  {day_text(day)}  {name}" for day, name in holidays_of(year).items()
    ]
