"""A workbench is opened for one report month of one administration; wrong arguments are refused here."""

from __future__ import annotations

import re
from pathlib import Path

from analytics import organisation, settings
from analytics.catalog import LAGGING, Catalog
from analytics.errors import MissingDataError, UsageError
from analytics.measures.scope import Scope
from analytics.periods import MONTH_NAMES, Period
from analytics.processed import Store
from analytics.reference import Reference
from analytics.workbench import boxes
from analytics.workbench.bench import Workbench
from analytics.workbench.choosing import unknown
from analytics.workbench.names import Group, ProcessedTables
from analytics.workbench.renamed import checked

_COMPACT = re.compile(r"(?P<year>\d{4})[-/. ]?(?P<month>\d{1,2})")
_IN_WORDS = re.compile(r"(?P<word>[a-zåäö]+)\.? ?(?P<year>\d{4})")


@checked("analytics.open")
def open_workbench(*, period: str, unit: str, audience: str = "public", root: Path | None = None) -> Workbench:
    """Open the processed data for one report month and administration.

    Args:
        period: the report month as ``2018-03``.
        unit: code of the administration, as text: ``17``.
        audience: ``public`` or ``internal``.
        root: the folder with ``analytics.toml``; by default the nearest one at or above the working folder.

    Raises:
        UsageError: period, unit or audience does not exist; the nearest right ones are named.
        MissingDataError: nothing is loaded, or nothing for the month; the months that have data are named.
        SettingsError: ``analytics.toml`` or a reference file is wrong.
    """
    boxes.install(Workbench, Group, ProcessedTables)
    given: dict[str, object] = {"period": period, "unit": unit, "audience": audience}
    for name, value in given.items():
        if not isinstance(value, str):
            meant = _meant(str(value)) if name == "period" else None
            raise UsageError(
                f"{name} must be text, not {type(value).__name__}",
                action=f"Write it in quotes: {name}={str(meant or value)!r}.",
            )
    if audience not in settings.AUDIENCES:
        raise unknown("audience", audience, settings.AUDIENCES)
    month = _month(period)
    loaded = settings.load(root or settings.find_root(Path.cwd()))
    store = Store(loaded.paths.processed)
    units = organisation.Organisation.read(loaded.paths.reference)
    _refuse_without_data(store.catalog(), month, lag=loaded.staff.lag_months)
    units.administration(unit, month)
    scope = Scope(
        period=month,
        unit=unit,
        settings=loaded,
        organisation=units,
        reference=Reference(loaded.paths.reference),
    )
    return Workbench(scope=scope, audience=audience, store=store)


def _month(text: str) -> Period:
    try:
        return Period.parse(text)
    except UsageError:
        meant = _meant(text)
        if meant is None:
            raise
        raise UsageError(
            f"{text!r} is not a period", action=f"Did you mean {str(meant)!r}? Give a month as YYYY-MM."
        ) from None


def _meant(text: str) -> Period | None:
    """The month that someone meant who wrote it in another way; 2018-13 is nearest to December."""
    written = text.strip().lower()
    compact, words = _COMPACT.fullmatch(written), _IN_WORDS.fullmatch(written)
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


def _refuse_without_data(catalog: Catalog, month: Period, *, lag: int) -> None:
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
