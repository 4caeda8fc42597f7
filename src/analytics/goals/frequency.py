"""When an indicator is measured, read from the plan's text: an indicator measured yearly is not missing in March."""

from __future__ import annotations

import re

from analytics.periods import Period

_MONTHS = (
    (r"månads|månadsvis", frozenset(range(1, 13))),
    (r"kvartals", frozenset({3, 6, 9, 12})),
    (r"tertial", frozenset({3, 8})),
    (r"delår", frozenset({8})),
    (r"årsbokslut|årbokslut|årsredovisning|årsrapport|patientsäkerhets ?berättelse", frozenset({12})),
)
"""Words of the plans → months of follow-up. Tertialbokslut are made in March and August (000:1467)."""


def months_measured(frequency_text: str) -> frozenset[int]:
    """The months (1–12) in which the text promises a follow-up; empty if it does not say."""
    found: frozenset[int] = frozenset()
    for words, months in _MONTHS:
        if re.search(words, frequency_text, re.IGNORECASE):
            found |= months
    return found


def next_measured(frequency_text: str, period: Period) -> Period | None:
    """The first month at or after ``period`` with a follow-up; None if the text does not say."""
    months = months_measured(frequency_text)
    return next((period.plus(step) for step in range(12) if period.plus(step).month in months), None)


def last_measured(frequency_text: str, period: Period) -> Period | None:
    """The last month at or before ``period`` with a follow-up; None if the text does not say."""
    months = months_measured(frequency_text)
    return next((period.plus(-step) for step in range(12) if period.plus(-step).month in months), None)


def missing_since(frequency_text: str, latest: Period, period: Period) -> Period | None:
    """The follow-up due by ``period`` that the latest outcome does not cover; None if there is none.

    An outcome covers the next follow-up after the one before it: an enquiry of November is that of the year.
    """
    due = last_measured(frequency_text, period)
    before = last_measured(frequency_text, due.plus(-1)) if due else None
    return due if before and latest <= before else None


def is_along_the_way(frequency_text: str, period: Period) -> bool:
    """Whether the month has a follow-up, and the year a later one: its outcome is then not that of the year."""
    months = months_measured(frequency_text)
    return period.month in months and period.month != max(months)
