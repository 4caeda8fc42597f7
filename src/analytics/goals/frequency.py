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


def expected_in(frequency_text: str, period: Period) -> bool:
    """Whether an observation of the year should exist by ``period``."""
    months = months_measured(frequency_text)
    return any(month <= period.month for month in months)
