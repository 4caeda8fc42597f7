"""Tables computed once: unprotected for analysis, protected for what is shown."""

from __future__ import annotations

from dataclasses import replace

from analytics.companions import Kind, Said
from analytics.disclosure import ProtectedTable, protect
from analytics.engines import Native
from analytics.errors import MissingDataError
from analytics.measures import registry
from analytics.measures.catalogue import READS, MeasureTable
from analytics.measures.catalogue.focus import PREFIX as FOCUS
from analytics.measures.scope import Data, Scope, collect, lazy
from analytics.processed import Catalog, Store

ROWS_AT_HAND = 1_000_000
"""Tables up to this size are read once per workbench; at about 100 bytes a row that is 100 MB each at most."""


class Measuring:
    """The data of one scope and its tables."""

    def __init__(self, *, scope: Scope, audience: str, store: Store) -> None:
        self.scope = scope
        self.audience = audience
        self.catalog: Catalog = store.catalog().until(scope.period, staff_lag=scope.settings.staff.lag_months)
        self._store = store
        self._protected: dict[str, ProtectedTable] = {}
        self._measures: dict[str, MeasureTable] = {}
        self._at_hand: dict[str, Native] = {}
        self._said: dict[Said, None] = {}
        if not self.catalog.entries:
            raise MissingDataError(
                "no data are loaded", action="Run analytics load (and, for the demonstration region, analytics sample)."
            )
        self._data = Data.of(store, self.catalog, scope.settings.engine.name)

    @property
    def used(self) -> tuple[str, ...]:
        """Ids of the protected tables asked for so far, in order."""
        return tuple(self._protected)

    @property
    def said(self) -> tuple[Said, ...]:
        """Key figures, sentences and comments asked for so far, in order, each once."""
        return tuple(self._said)

    def _remember(self, kind: Kind, table_id: str, about: str, text: str) -> None:
        self._said[Said(kind, table_id, about, text)] = None

    def table(self, table_id: str) -> MeasureTable:
        """One unprotected measure table, for further analysis. It cannot be shown, drawn or written about.

        Raises UsageError for an unknown id and MissingDataError if months are not in the data.
        """
        if table_id not in self._measures:
            self._measures[table_id] = registry.compute(table_id, self._data_for(table_id), self.scope)
        return self._measures[table_id]

    def _data_for(self, table_id: str) -> Data:
        """The data with the tables of the measure in memory: many measures read the same. Large ones are streamed."""
        for name in ("ledger",) if table_id.startswith(FOCUS) else READS.get(table_id, ()):
            rows = sum(entry.rows for entry in self.catalog.of_table(name))
            # Tables of two engines cannot be joined, so all stay where they are unless they are polars' already.
            if name not in self._at_hand and rows <= ROWS_AT_HAND and self.scope.settings.engine.name == "polars":
                self._at_hand[name] = collect(lazy(getattr(self._data, name))).lazy()
        return replace(self._data, **self._at_hand)

    def protected(self, table_id: str) -> ProtectedTable:
        """One table after disclosure control for the audience; remembered in :attr:`used`."""
        if table_id not in self._protected:
            disclosure = self.scope.settings.disclosure
            limits = disclosure.for_audience(self.audience)
            self._protected[table_id] = protect(self.table(table_id), limits, disclosure.mark)
        return self._protected[table_id]
