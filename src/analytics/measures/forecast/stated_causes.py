"""What units say themselves about the causes of a deviation, in the text of their report: ``stated_causes.csv``."""

from __future__ import annotations

import re

from analytics.errors import Location, SettingsError, UsageError
from analytics.periods import Period
from analytics.reference import Reference, read_rows

FILE_NAME = "stated_causes.csv"
COLUMNS = ("administration", "period", "part", "kr", "source")
PARTS = ("calendar", "volume", "price", "contributions", "other")
_AMOUNT = re.compile(r"-?\d+")

Causes = dict[tuple[str, str], dict[str, int]]
"""Unit and report month → part → kronor more (positive) or less than last year, as the unit says it."""


def read_causes(reference: Reference) -> Causes:
    """The list. Raises SettingsError with the line of an unknown part, a wrong month or amount, or a part twice."""
    file = reference.folder / FILE_NAME
    found: Causes = {}
    for line, row in enumerate(read_rows(file, COLUMNS, unique=False), start=2):
        if row["part"] not in PARTS:
            raise SettingsError(f"the part must be one of {', '.join(PARTS)}", where=Location(file, line, "part"))
        if not _AMOUNT.fullmatch(row["kr"]):
            raise SettingsError("the cell must be whole kronor", where=Location(file, line, "kr"))
        try:
            period = str(Period.parse(row["period"]))
        except UsageError:
            raise SettingsError("the cell must be a month as YYYY-MM", where=Location(file, line, "period")) from None
        said = found.setdefault((row["administration"], period), {})
        if row["part"] in said:
            raise SettingsError("the unit says this part twice", where=Location(file, line, "part"))
        said[row["part"]] = int(row["kr"])
    return found
