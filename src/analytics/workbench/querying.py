"""SQL over the processed tables, for questions that no table answers: ``wb.sql("select … from ledger")``.

DuckDB runs in memory over the files that count in the month. It reads nothing else, writes nothing and loads nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from html import escape
from typing import Any, Final

import polars as pl

from analytics import swedish
from analytics.errors import UsageError
from analytics.processed import damaged, schema_of
from analytics.schemas import TABLES
from analytics.workbench import describing
from analytics.workbench.deviating import Deviating
from analytics.workbench.explored import mark_html, refuse_in_run
from analytics.workbench.renamed import checked

SHOWN: Final = 200
"""Rows that are shown; ``.frame`` has all of them."""
REFERENCE: Final[Mapping[str, str]] = {
    "accounts": "konton med namn",
    "report_lines": "rader i FR1 med namn",
    "units": "organisationens enheter, som de hette sist i månaden",
    "personnel_groups": "personalgrupper med namn",
    "absence_groups": "frånvarogrupper med namn",
}
"""Table of names that a query may join with → what it holds."""
_LOCKED: Final = (
    "SET enable_external_access = false",
    "SET python_enable_replacements = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET lock_configuration = true",
)
_NO_TABLE: Final = re.compile(r"Table with name \"?([\w.]+)\"? does not exist")
_NO_COLUMN: Final = re.compile(r"column (?:named )?\"?(\w+)\"?", re.IGNORECASE)


@dataclass(frozen=True, eq=False, repr=False)
class Answer:
    """The rows of a query, unprotected: ``.frame`` (polars), ``.pandas``."""

    query: str
    frame: pl.DataFrame
    tables: tuple[str, ...] = ()
    """The tables that it was read from, where that was asked for (``wb.sql_to_save``)."""

    @property
    def pandas(self) -> Any:
        """The rows as a pandas data frame."""
        return self.frame.to_pandas()

    def __repr__(self) -> str:
        return f"<answer of {self.frame.height} rows, {self.frame.width} columns, unprotected>"

    def texts(self) -> list[list[str]]:
        """The first rows as printed: Swedish numbers, nothing for null."""
        return [[cell_text(value) for value in row] for row in self.frame.head(SHOWN).rows()]

    def note(self) -> str:
        """How many rows there are, and whether all are shown."""
        if self.frame.height <= SHOWN:
            return f"{swedish.number(self.frame.height)} rader."
        return f"{swedish.number(self.frame.height)} rader; de {SHOWN} första visas, .frame har alla."

    def _repr_html_(self) -> str:
        refuse_in_run("the answer of a query")
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in self.frame.columns)
        body = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in self.texts())
        return (
            f"{mark_html()}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
            f"<p>{escape(self.note())}</p>"
        )


def _duckdb() -> Any:
    """DuckDB, which an extra installs; UsageError where it is not there."""
    try:
        import duckdb
    except ImportError:
        raise UsageError(
            "Frågor i SQL behöver DuckDB, som inte är installerat.",
            action="Öppna anteckningsboken i JupyterLab med make lab, eller installera: pip install -e '.[lab]'.",
        ) from None
    return duckdb


class Querying(Deviating):
    """``wb.sql`` and the tables it knows."""

    @checked("wb.sql")
    def sql(self, query: str) -> Answer:
        """Rows of one SELECT over the processed tables of the month and :data:`REFERENCE`, in DuckDB's SQL.

        Raises UsageError for anything but one SELECT, and for unknown tables and columns with the nearest names;
        DisclosureError in a run. UsageError also where DuckDB is not installed.
        """
        refuse_in_run("SQL over the processed tables")
        if not isinstance(query, str) or not query.strip():
            raise UsageError("Frågan är tom.", action='Skriv till exempel wb.sql("select * from ledger limit 10").')
        duckdb = _duckdb()
        connection = self._keep("sql", self._connected)
        try:
            return Answer(query, ask(connection, query))
        except duckdb.Error as error:
            # The database tells what Arrow met in a file, and a query cannot name one.
            is_damaged = isinstance(error, duckdb.InvalidInputException) and "parquet" in str(error).lower()
            raise damaged() if is_damaged else self._sql_error(error) from None

    def sql_tables(self) -> pl.DataFrame:
        """Every table and column of :meth:`sql`: ``table``, ``column``, ``type``, ``meaning``."""
        rows = [
            (name, column, kind, meaning)
            for name in TABLES
            for column, kind, _, meaning in describing.processed_columns(name)
        ]
        for name, frame in self._names().items():
            rows += [(name, column, "text", REFERENCE[name]) for column in frame.columns]
        return pl.DataFrame(rows, schema=["table", "column", "type", "meaning"], orient="row")

    def _connected(self) -> Any:
        named = {name: frame.to_arrow() for name, frame in self._names().items()}
        return opened({**{name: self._held(name) for name in TABLES}, **named})

    def _held(self, name: str) -> Any:
        """One processed table as Arrow has it: it reads the files, so that the database needs leave to read none."""
        import pyarrow as pa
        import pyarrow.dataset as arrow

        files = [str(self._store.folder / entry.file) for entry in self.catalog.of_table(name)]
        try:
            return arrow.dataset(files) if files else pl.DataFrame(schema=schema_of(name)).to_arrow()
        except (pa.ArrowInvalid, OSError):
            raise damaged() from None

    def _names(self) -> dict[str, pl.DataFrame]:
        reference, organisation, period = self.scope.reference, self.scope.organisation, self.scope.period
        units = [
            (unit.level, unit.code, unit.label, unit.parent)
            for level in ("administration", "base_unit", "cost_centre")
            for unit in organisation.at(level, period)
        ]
        lines = [(line.code, line.label, line.parent) for line in reference.report_lines.values()]
        groups = [(code, group.label) for code, group in reference.personnel_groups.items()]
        columns: dict[str, tuple[list[str], list[Any]]] = {
            "accounts": (["account", "label"], list(reference.accounts.items())),
            "report_lines": (["report_line", "label", "parent"], lines),
            "units": (["level", "code", "label", "parent"], units),
            "personnel_groups": (["personnel_group", "label"], groups),
            "absence_groups": (["absence_group", "label"], list(reference.absence_groups.items())),
        }
        return {
            name: pl.DataFrame(rows, schema=dict.fromkeys(heads, pl.String), orient="row")
            for name, (heads, rows) in columns.items()
        }

    def _sql_error(self, error: Exception) -> UsageError:
        """What is wrong in Swedish, with the nearest names; never a value that the database met on its way."""
        import duckdb

        said = str(error)
        table = _NO_TABLE.search(said)
        if table is not None:
            return _nearest("tabell", table[1], [*TABLES, *REFERENCE])
        if isinstance(error, duckdb.BinderException) and (column := _NO_COLUMN.search(said)) is not None:
            return _nearest("kolumn", column[1], self.sql_tables()["column"].unique().sort().to_list())
        if isinstance(error, duckdb.ParserException):
            return UsageError(f"Frågan går inte att läsa: {said.splitlines()[0]}", action="Rätta frågan.")
        if isinstance(error, duckdb.PermissionException):
            return UsageError(
                "Frågan försöker läsa eller skriva utanför tabellerna.", action="Fråga tabellerna i listan."
            )
        if isinstance(error, duckdb.BinderException | duckdb.CatalogException):
            return UsageError(f"Frågan går inte att tolka: {said.splitlines()[0]}", action="Rätta frågan.")
        return UsageError(
            f"Frågan kunde inte besvaras ({type(error).__name__}).", action="Ett värde går kanske inte att räkna om."
        )


def opened(held: Mapping[str, Any], *, own: bool = False) -> Any:
    """A database in memory with these Arrow tables and no way out of it; with ``own`` they become its own tables."""
    import duckdb

    connection = duckdb.connect(":memory:")
    for name, rows in held.items():
        if own:
            connection.register("given", rows)
            connection.execute(f'create table "{name}" as select * from given')  # noqa: S608 - names of TABLES
            connection.unregister("given")
        else:
            connection.register(name, rows)
    for setting in _LOCKED:
        connection.execute(setting)
    return connection


def ask(connection: Any, query: str) -> pl.DataFrame:
    """The rows of one SELECT. Raises UsageError for anything else, and the database's own errors."""
    import duckdb

    statements = connection.extract_statements(query)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise UsageError("Frågan ska vara en enda SELECT.", action="Ta bort övriga satser; inget kan ändras.")
    answered = connection.sql(statements[0]).to_arrow_table()
    twice = sorted({name for name in answered.column_names if answered.column_names.count(name) > 1})
    if twice:
        raise UsageError(
            f"Svaret har flera kolumner som heter {', '.join(twice)}.", action="Ge dem olika namn: select … as namn."
        )
    try:
        found = pl.from_arrow(answered)
    except pl.exceptions.PolarsError:
        kinds = ", ".join(f"{field.name} ({field.type})" for field in answered.schema)
        raise UsageError(
            f"Svaret har en kolumn av en typ som inte kan visas: {kinds}.", action="Gör om den: cast(… as varchar)."
        ) from None
    return found if isinstance(found, pl.DataFrame) else found.to_frame()


def _nearest(kind: str, given: str, known: list[str]) -> UsageError:
    near = get_close_matches(given.casefold(), known, n=3, cutoff=0.4)
    hint = f"Närmast är {', '.join(near)}. " if near else ""
    return UsageError(
        f"Det finns ingen {kind} {given!r}.", action=f"{hint}Listan över tabeller och kolumner: wb.sql_tables()."
    )


def cell_text(value: object) -> str:
    """One value as it is printed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, int):
        return swedish.number(value)
    if isinstance(value, float):
        return swedish.number(value, 2) if value == value and abs(value) != float("inf") else ""  # noqa: PLR0124 - NaN
    return str(value)
