"""A free query whose answer may be saved for those inside: asked again where nothing about persons can be read.

No rule of disclosure control fits an answer of any form, so it is the tables that decide (decision 032).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import polars as pl

from analytics.errors import DisclosureError, UsageError
from analytics.processed import schema_of
from analytics.schemas import TABLES
from analytics.workbench.querying import REFERENCE, Answer, Querying, ask, opened
from analytics.workbench.renamed import checked

SAVED: Final[Mapping[str, frozenset[str]]] = {
    # Accounts of pay of a small part of the organisation can be one person's.
    "ledger": frozenset({"base_unit", "cost_centre", "project", "activity"}),
    "agency": frozenset(),
}
"""Processed table that may be saved from → its columns that may not. A table that is not named here may not."""
INSTEAD: Final = (
    'Dela en tabell eller ett diagram ur katalogen, till exempel wb.share("net_monthly"), eller spara från en annan '
    "anteckningsbok."
)


class QueryingToSave(Querying):
    """``wb.sql_to_save``."""

    @checked("wb.sql_to_save")
    def sql_to_save(self, query: str) -> Answer:
        """The answer of a query that may be saved for the audience ``internal``, with the tables that it reads.

        It is asked of a database that holds only :data:`SAVED` and the tables of names, so nothing else can be in it.

        Raises:
            DisclosureError: the query reads another table, none, or a column that may not be saved.
            UsageError: as ``wb.sql``.
        """
        whole = self.sql(query)
        read = self._tables_read(query)
        if not read:
            raise DisclosureError("Frågan läser ingen av tabellerna.", action=f"Fråga {', '.join(SAVED)}. {INSTEAD}")
        others = [name for name in read if name not in SAVED and name not in REFERENCE]
        if others:
            raise DisclosureError(
                f"Frågan läser {', '.join(others)}. Ur en fri fråga sparas bara {', '.join(SAVED)}: andra tabeller kan "
                "ha uppgifter om enskilda personer, patienter eller listade.",
                action=INSTEAD,
            )
        import duckdb

        connection = self._keep("sql_to_save", self._saved_from)
        try:
            found = ask(connection, query)
        except (duckdb.Error, UsageError):
            found = None
        # A star gives fewer columns here: what is saved would be another answer than the one that is shown.
        if found is None or found.columns != whole.frame.columns or found.height != whole.frame.height:
            kept = sorted({column for name in read for column in SAVED.get(name, ())})
            raise DisclosureError(
                f"Frågan läser något av {', '.join(kept) or 'det som inte får sparas'}: på ett ställe där få arbetar "
                "kan beloppet vara en enda persons.",
                action="Räkna per förvaltning, konto eller månad, och skriv kolumnerna i stället för en stjärna. "
                "Delar av organisationen sparas från anteckningsboken avvikelser.",
            )
        return replace(whole, frame=found, tables=read)

    def _tables_read(self, query: str) -> tuple[str, ...]:
        """Every table that the query cannot do without, also in subqueries and common table expressions.

        DuckDB's own ``get_table_names`` knows no registered tables and stops at USING, so each table is taken away in
        turn from a database without rows.
        """
        connection = self._keep("sql_names", self._named)
        if not _is_understood(connection, query):
            raise DisclosureError("Det går inte att avgöra vilka tabeller frågan läser.", action=INSTEAD)
        read = []
        for name in sorted((*TABLES, *REFERENCE)):
            connection.begin()
            try:
                connection.execute(f'drop table "{name}"')
                if not _is_understood(connection, query):
                    read.append(name)
            finally:
                connection.rollback()
        return tuple(read)

    def _named(self) -> Any:
        frames = {**{name: pl.DataFrame(schema=schema_of(name)) for name in TABLES}, **self._names()}
        return opened({name: frame.clear().to_arrow() for name, frame in frames.items()}, own=True)

    def _saved_from(self) -> Any:
        held: dict[str, Any] = {}
        for name, hidden in SAVED.items():
            columns = [column for column in TABLES[name].column_names if column not in hidden]
            whole = self._held(name)
            held[name] = whole.to_table(columns=columns) if hasattr(whole, "to_table") else whole.select(columns)
        return opened({**held, **{name: frame.to_arrow() for name, frame in self._names().items()}})


def _is_understood(connection: Any, query: str) -> bool:
    import duckdb

    try:
        ask(connection, query)
    except duckdb.Error:
        return False
    return True
