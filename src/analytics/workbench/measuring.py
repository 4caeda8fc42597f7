"""Tables computed once: unprotected for analysis, protected for what is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from analytics.companions import Kind, Said
from analytics.disclosure import ProtectedTable, protect
from analytics.measures import registry
from analytics.measures.catalogue import READS, MeasureTable
from analytics.measures.catalogue.focus import PREFIX as FOCUS
from analytics.measures.scope import Data, Scope
from analytics.processed import Catalog, Store
from analytics.workbench.renamed import checked
from analytics.workbench.shelf import Shelf


class Measuring:
    """The data of one scope and its tables. ``shelf`` is given where another bench looks at the same month."""

    def __init__(self, *, scope: Scope, audience: str, store: Store, shelf: Shelf | None = None) -> None:
        self.scope = scope
        self.audience = audience
        self._store = store
        self._shelf = shelf or Shelf(store, scope)
        self._edition = self._shelf.edition
        self._used: dict[str, None] = {}
        self._protected: dict[str, ProtectedTable] = {}
        self._measures: dict[str, MeasureTable] = {}
        self._kept: dict[str, Any] = {}
        self._said: dict[Said, None] = {}

    def _fresh(self) -> Shelf:
        """The data as they are now; what was computed from older ones is forgotten."""
        self._shelf.refresh()
        if self._shelf.edition != self._edition:
            self._edition = self._shelf.edition
            for computed in (self._protected, self._measures, self._kept):
                computed.clear()
        return self._shelf

    def _keep[Made](self, name: str, make: Callable[[], Made]) -> Made:
        """What ``make`` gives, made once for the data as they are."""
        self._fresh()
        if name not in self._kept:
            self._kept[name] = make()
        made: Made = self._kept[name]
        return made

    @property
    def catalog(self) -> Catalog:
        """What is in for the month of the scope (decision 019)."""
        return self._fresh().catalog

    @property
    def _data(self) -> Data:
        return self._fresh().data()

    @property
    def used(self) -> tuple[str, ...]:
        """Ids of the protected tables asked for so far, in order."""
        return tuple(self._used)

    @property
    def said(self) -> tuple[Said, ...]:
        """Key figures, sentences and comments asked for so far, in order, each once."""
        return tuple(self._said)

    def _remember(self, kind: Kind, table_id: str, about: str, text: str) -> None:
        self._said[Said(kind, table_id, about, text)] = None

    @checked("wb.table")
    def table(self, table_id: str) -> MeasureTable:
        """One unprotected measure table, for further analysis. It cannot be shown, drawn or written about.

        Raises UsageError for an unknown id and MissingDataError if months are not in the data.
        """
        shelf = self._fresh()
        if table_id not in self._measures:
            names = ("ledger",) if table_id.startswith(FOCUS) else READS.get(table_id, ())
            self._measures[table_id] = self._compute(table_id, shelf.data_with(names))
        return self._measures[table_id]

    def _compute(self, table_id: str, data: Data) -> MeasureTable:
        return registry.compute(table_id, data, self.scope)

    @checked("wb.protected")
    def protected(self, table_id: str) -> ProtectedTable:
        """One table after disclosure control for the audience; remembered in :attr:`used`."""
        self._fresh()
        if table_id not in self._protected:
            disclosure = self.scope.settings.disclosure
            limits = disclosure.for_audience(self.audience)
            self._protected[table_id] = protect(self.table(table_id), limits, disclosure.mark)
            self._used[table_id] = None
        return self._protected[table_id]
