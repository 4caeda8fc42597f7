"""Report months as analysts write them: refused with the right form, or with the months that have data."""

from __future__ import annotations

import re

from analytics.catalog import LAGGING, Catalog
from analytics.errors import MissingDataError, UsageError
from analytics.periods import MONTH_NAMES, Period

_COMPACT = re.compile(r"(?P<year>\d{4})[-/. ]?(?P<month>\d{1,2})")
_DAY = re.compile(r"(?P<year>\d{4})[-/.]?(?P<month>\d{2})[-/.]?(?:\d{2})(?:[ T].*)?")
_MONTH_FIRST = re.compile(r"(?P<month>\d{1,2})[-/. ](?P<year>\d{4})")
_IN_WORDS = re.compile(r"(?P<word>[a-zåäö]+)\.? ?(?P<year>\d{4})")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4}) (?P<word>[a-zåäö]+)\.?")


def month_of(text: str) -> Period:
    """The month that is written. Raises UsageError, with the month that was meant if it can be told."""
    try:
        return Period.parse(text)
    except UsageError:
        near = meant(text)
        if near is None:
            raise
        raise UsageError(
            f"{text!r} is not a period", action=f"Did you mean {str(near)!r}? Give a month as YYYY-MM."
        ) from None


def meant(text: str) -> Period | None:
    """The month that someone meant who wrote it in another way; 2018-13 is nearest to December."""
    written = text.strip().lower()
    compact = next((read for form in (_COMPACT, _DAY, _MONTH_FIRST) if (read := form.fullmatch(written))), None)
    words = _IN_WORDS.fullmatch(written) or _YEAR_FIRST.fullmatch(written)
    if compact is not None:
        year, month = int(compact["year"]), min(max(int(compact["month"]), 1), 12)
    elif words is not None and len(words["word"]) >= 3:
        found = [place for place, name in enumerate(MONTH_NAMES, start=1) if name.startswith(words["word"])]
        if not found:
            return None
        year, month = int(words["year"]), found[0]
    else:
        return None
    return Period(year, month) if 1900 <= year <= 2200 else None


def refuse_without_data(catalog: Catalog, month: Period, *, lag: int) -> None:
    """Raise MissingDataError, naming the months that have data, if no delivery belongs to the report of the month."""
    known = {Period.parse(entry.delivery).plus(lag if entry.table in LAGGING else 0) for entry in catalog.entries}
    if not known or month in known:  # that nothing at all is loaded is said by the shelf
        return
    nearest = min(known, key=lambda each: (abs(_months(each) - _months(month)), each))
    raise MissingDataError(
        f"no delivery is loaded for {month}",
        action=(
            f"The nearest month with data is {nearest}; there are data from {min(known)} to {max(known)}. "
            f"Load the deliveries of {month} (analytics load), or open another month."
        ),
    )


def _months(period: Period) -> int:
    return period.year * 12 + period.month
