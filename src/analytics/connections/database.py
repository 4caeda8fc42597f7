"""Deliveries out of a database: the answer to a query, written as the layout would be delivered.

The query stands in a file of its own, with the columns of the layout under their delivered names and ``:period``
(``2018-03``) or ``:month`` (``201803``) where the month belongs. Its answer goes through the same strict reader as a
delivered file, with the row count in its last line. SQLAlchemy knows the databases; a driver is installed for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.connections import inbox
from analytics.connections.model import SourceResult
from analytics.credentials import Credentials
from analytics.errors import (
    CellValueError,
    DeliveryUnreadableError,
    LayoutError,
    Location,
    ServiceError,
    SettingsError,
)
from analytics.periods import Period
from analytics.settings import FILE_NAME, DatabaseSource, Settings
from analytics.sources import LAYOUTS, Layout

if TYPE_CHECKING:
    from sqlalchemy import CursorResult, Engine

SEPARATOR = ";"
_PIECE_ROWS = 10_000
_FORBIDDEN = (SEPARATOR, "\n", "\r", "\x00")


def fetch(source: DatabaseSource, settings: Settings, *, credentials: Credentials, now: datetime) -> SourceResult:
    """Ask for the latest ``months`` months that have ended and put each that has rows into the inbox.

    Raises:
        SettingsError: unknown layout, no query, no credential, or the driver is not installed.
        ServiceError: the database does not answer, or refuses the query. Its own words are not repeated, since they may
            quote a row; its class and SQLSTATE are.
        LayoutError: the columns of the answer are not those of the layout.
        CellValueError: a cell that no delivered file could hold.
        DeliveryUnreadableError: no rows for a month that was delivered before.
        StorageError: the inbox cannot be written.
    """
    layout = _layout(source)
    query = _query(source, settings)
    engine = _engine(source, credentials)
    latest = Period.of(now.date()).plus(-1)
    taken, unchanged, waiting = [], 0, []
    try:
        for back in range(source.months - 1, -1, -1):
            period = latest.plus(-back)
            target = settings.paths.raw / layout.supplier / layout.file_name(period)
            answer = _Answer(source, layout, engine, query, period, target)
            if answer.put():
                taken.append(target.name)
            elif answer.rows or layout.may_be_empty:
                unchanged += 1
            else:
                waiting.append(f"{target.name}: the query gives no rows yet")
    finally:
        engine.dispose()
    return SourceResult(source.id, tuple(taken), unchanged, tuple(waiting))


class _Answer:
    """The answer for one month, streamed into its file."""

    def __init__(  # noqa: PLR0913, PLR0917
        self, source: DatabaseSource, layout: Layout, engine: Engine, query: str, period: Period, target: Path
    ) -> None:
        self._source, self._layout, self._engine = source, layout, engine
        self._query, self._period, self._target = query, period, target
        self.rows = 0

    def put(self) -> bool:
        """Write the file; False if there is nothing new."""
        try:
            return inbox.put(self._target, self._pieces())
        except _NothingError:
            return False

    def _pieces(self) -> Iterator[bytes]:
        import sqlalchemy

        parameters = {"period": str(self._period), "month": self._period.compact}
        statement = sqlalchemy.text(self._query)
        given = {name: value for name, value in parameters.items() if name in statement.compile().params}
        try:
            with self._engine.connect() as connection:
                options = {"stream_results": True, "yield_per": _PIECE_ROWS}
                with connection.execute(statement, given, execution_options=options) as answer:
                    yield from self._lines(answer)
        except sqlalchemy.exc.SQLAlchemyError as error:
            raise _failed(self._source, error) from None

    def _lines(self, answer: CursorResult[Any]) -> Iterator[bytes]:
        found = [str(name) for name in answer.keys()]  # noqa: SIM118 - the answer is no mapping
        if found != list(self._layout.columns):
            raise LayoutError(
                f"the query of {self._source.id} gives other columns than the layout {self._layout.name}",
                where=Location(Path(self._source.query)),
                action=f"Name them, in this order: {'; '.join(self._layout.columns)}.",
            )
        yield _encoded([(f"Uttag ur {self._source.id}",)], first=True, trailing=False)
        yield _encoded([found])
        for rows in answer.partitions(_PIECE_ROWS):
            yield _encoded([self._texts(row) for row in rows])
            self.rows += len(rows)
        if not self.rows and not self._layout.may_be_empty:
            if self._target.exists():
                raise DeliveryUnreadableError(
                    f"the query of {self._source.id} gives no rows for {self._period}, which was delivered before",
                    where=Location(self._target),
                    action="Ask the owner of the database why; the delivery before is still in use.",
                )
            raise _NothingError
        yield _encoded([(f"Antal rader: {self.rows}",)], trailing=False)

    def _texts(self, row: Sequence[Any]) -> list[str]:
        texts = []
        for name, value in zip(self._layout.columns, row, strict=True):
            text = _text(value)
            if text is None or any(sign in text for sign in _FORBIDDEN):
                raise CellValueError(
                    f"the query of {self._source.id} gives a cell that no delivered file can hold "
                    f"({type(value).__name__}{'' if text is None else ' with a separator or line break'})",
                    where=Location(self._target, column=name),
                    action="Give texts without ; and line breaks, whole or decimal numbers, and dates without time.",
                )
            texts.append(text)
        return texts


class _NothingError(Exception):
    """The month has no rows yet."""


def _text(value: Any) -> str | None:
    """The cell as a supplier would write it; None for what has no such form."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool() | datetime():
            text = None
        case int():
            text = str(value)
        case Decimal():
            text = f"{value:f}".replace(".", ",")
        case date():
            text = value.isoformat()
        case _:
            text = None
    return text


def _encoded(lines: Sequence[Sequence[str]], *, first: bool = False, trailing: bool = True) -> bytes:
    end = f"{SEPARATOR}\r\n" if trailing else "\r\n"
    text = "".join(f"{SEPARATOR.join(cells)}{end}" for cells in lines)
    return text.encode("utf-8-sig" if first else "utf-8")


def _layout(source: DatabaseSource) -> Layout:
    known = {name: layout for name, layout in LAYOUTS.items() if layout.splitting == "plain"}
    if source.layout not in known:
        raise SettingsError(
            f"the source {source.id} names the layout {source.layout!r}, which a database cannot give",
            action=f"Layouts for databases: {', '.join(known)}.",
        )
    return known[source.layout]


def _query(source: DatabaseSource, settings: Settings) -> str:
    file = settings.root / source.query
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise SettingsError(
            f"the query {source.query} of the source {source.id} cannot be read",
            action=f"Give the path of a file with SQL in UTF-8, relative to {FILE_NAME}.",
        ) from None


def _engine(source: DatabaseSource, credentials: Credentials) -> Engine:
    try:
        import sqlalchemy

        url = sqlalchemy.make_url(source.url)
        if source.credential:
            url = url.set(password=credentials.get(source.credential).reveal())
        return sqlalchemy.create_engine(url, hide_parameters=True, poolclass=sqlalchemy.NullPool)
    except ImportError as error:
        raise SettingsError(
            f"the source {source.id} needs the module {error.name}, which is not installed",
            action='Install the extra for databases, pip install "analytics[sql]", or the driver of your database.',
        ) from None
    except sqlalchemy.exc.ArgumentError:
        raise SettingsError(
            f"the url of the source {source.id} is no database address",
            action="Write it as postgresql+psycopg://user@host:port/name, without a password.",
        ) from None


def _failed(source: DatabaseSource, error: Exception) -> ServiceError:
    original = getattr(error, "orig", None)
    state = getattr(original, "sqlstate", None)
    kind = type(original or error).__name__
    passing = type(error).__name__ in {"OperationalError", "InterfaceError", "TimeoutError"}
    return ServiceError(
        f"the database of {source.id} did not answer the query: {kind}{f' (SQLSTATE {state})' if state else ''}",
        action="Check that it can be reached and that the query fits it; what was fetched before is still in use.",
        passing=passing,
    )
