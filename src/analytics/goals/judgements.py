"""What a person has judged about an indicator: ``indicator_judgements.csv``, signed by role and dated.

A judgement stands beside the computed status; it never replaces it unseen.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analytics.errors import Location, SettingsError, UsageError
from analytics.goals.model import STATUS_LABELS, Status
from analytics.goals.register import Register
from analytics.periods import Period
from analytics.reference import read_rows

FILE_NAME = "indicator_judgements.csv"
COLUMNS = ("indicator", "administration", "period", "status", "role", "date", "reason")
_WORDS = {label: status for status, label in STATUS_LABELS.items()}


@dataclass(frozen=True, slots=True)
class PersonsJudgement:
    """How a person judges an indicator of one unit in one month; ``role`` is a role such as Utvecklingsdirektör."""

    indicator: str
    administration: str
    period: Period
    status: Status
    role: str
    day: date
    reason: str


def read_judgements(
    folder: Path, register: Register, *, administrations: Collection[str]
) -> tuple[PersonsJudgement, ...]:
    """Every judgement of the file.

    Raises SettingsError with file, line and column: an unknown indicator, administration or status, a wrong month or
    day, a month in which the indicator's plan is not followed up, a judgement without role or reason, one that is
    signed before its month begins, or two about the same. None is ever left out of the report that it is about.
    """
    file = folder / FILE_NAME
    known = {indicator.id: register.generation_of(indicator) for indicator in register.indicators}
    found: dict[tuple[str, str, Period], PersonsJudgement] = {}
    for line, row in enumerate(read_rows(file, COLUMNS, unique=False), start=2):
        if row["indicator"] not in known:
            raise SettingsError("there is no such indicator", where=Location(file, line, "indicator"))
        if row["status"] not in _WORDS:
            raise SettingsError(f"the status is one of {', '.join(_WORDS)}", where=Location(file, line, "status"))
        for column in ("administration", "role", "reason"):
            if not row[column]:
                raise SettingsError("a judgement has a unit, a role and a reason", where=Location(file, line, column))
        if row["administration"] not in administrations:
            raise SettingsError("there is no such administration", where=Location(file, line, "administration"))
        period, day = _dated(row, file, line)
        if not known[row["indicator"]].is_valid_in(period):
            raise SettingsError(
                "the plan of the indicator is not followed up in that month", where=Location(file, line, "period")
            )
        key = (row["indicator"], row["administration"], period)
        if key in found:
            raise SettingsError(
                "the indicator is judged twice for the same unit and month",
                where=Location(file, line, "indicator"),
                action="Keep the judgement that holds.",
            )
        found[key] = PersonsJudgement(*key, _WORDS[row["status"]], row["role"], day, row["reason"])
    return tuple(found.values())


def _dated(row: dict[str, str], file: Path, line: int) -> tuple[Period, date]:
    try:
        period = Period.parse(row["period"])
    except UsageError:
        raise SettingsError("the cell must be a month as YYYY-MM", where=Location(file, line, "period")) from None
    try:
        day = date.fromisoformat(row["date"])
    except ValueError:
        raise SettingsError("the cell must be a day as YYYY-MM-DD", where=Location(file, line, "date")) from None
    if day < period.first_day:
        raise SettingsError("the judgement is signed before its month begins", where=Location(file, line, "date"))
    return period, day
