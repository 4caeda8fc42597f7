"""The processed data of one report month, shared by the benches that look at it, and looked after for newer ones."""

from __future__ import annotations

import sys
from collections.abc import Collection
from dataclasses import replace

from analytics.catalog import CATALOG
from analytics.comments import scheduled
from analytics.engines import Native
from analytics.errors import MissingDataError
from analytics.measures.scope import Data, Scope, collect, lazy
from analytics.processed import Catalog, Store

ROWS_AT_HAND = 1_000_000
"""Tables up to this size are read once per shelf; at about 100 bytes a row that is 100 MB each at most."""
Stamp = tuple[int, int, int]


class Shelf:
    """What is in for one month. ``edition`` grows when the data of the month have changed under it.

    Raises MissingDataError if nothing is loaded.
    """

    def __init__(self, store: Store, scope: Scope) -> None:
        self.store = store
        self.edition = 0
        self._period = scope.period
        self._lag = scope.settings.staff.lag_months
        self._engine = scope.settings.engine.name
        self._stamp = self._look()
        self._whole = store.catalog()
        self._take(self._whole)

    def refresh(self) -> None:
        """Take what has been loaded since the last look, and say so in one line. A run keeps what it began with.

        Looking costs one ``stat`` of the catalog, which a load replaces by one rename.
        """
        if scheduled.is_running():
            return
        stamp = self._look()
        if stamp == self._stamp:
            return
        before, whole = self.catalog.version, self.store.catalog()
        later = {entry.delivery for entry in whole.entries} - {entry.delivery for entry in self._whole.entries}
        self._stamp, self._whole = stamp, whole
        bounded = whole.until(self._period, staff_lag=self._lag)
        if bounded.version != before:
            self._take(whole)
            self.edition += 1
            _say(
                f"Nya data har lästs in för {self._period.label} (dataversion {before} → {bounded.version}). "
                "Tabellerna räknas om."
            )
        elif later:
            _say(
                f"Nya leveranser har kommit ({', '.join(sorted(later))}). De hör till senare månader och ändrar inte "
                f"{self._period.label}."
            )

    def data(self) -> Data:
        """The tables as they lie, not read."""
        return self._data

    def data_with(self, names: Collection[str]) -> Data:
        """The tables, those named in memory: many measures read the same. Large ones are streamed."""
        for name in names:
            rows = sum(entry.rows for entry in self.catalog.of_table(name))
            # Tables of two engines cannot be joined, so all stay where they are unless they are polars' already.
            if name not in self._at_hand and rows <= ROWS_AT_HAND and self._engine == "polars":
                self._at_hand[name] = collect(lazy(getattr(self._data, name))).lazy()
        return replace(self._data, **self._at_hand)

    def _take(self, whole: Catalog) -> None:
        self.catalog: Catalog = whole.until(self._period, staff_lag=self._lag)
        if not self.catalog.entries:
            raise MissingDataError(
                "no data are loaded", action="Run analytics load (and, for the demonstration region, analytics sample)."
            )
        self._data = Data.of(self.store, self.catalog, self._engine)
        self._at_hand: dict[str, Native] = {}

    def _look(self) -> Stamp:
        try:
            found = (self.store.folder / CATALOG).stat()
        except OSError:
            return (0, 0, 0)
        return (found.st_ino, found.st_mtime_ns, found.st_size)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
