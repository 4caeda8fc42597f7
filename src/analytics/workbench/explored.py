"""One table in exploration: computed when it is looked at, unprotected, and saying so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from html import escape
from typing import Any, Final, Protocol

import polars as pl

from analytics import charts, grid, sentences, tables
from analytics.comments import scheduled
from analytics.disclosure import ProtectedTable
from analytics.errors import AnalyticsError, DisclosureError, UnknownNameError
from analytics.measures.catalogue import ORIGINS, SERIES, SEXES, MeasureTable, TableSpec
from analytics.workbench import boxes, describing

UNPROTECTED: Final = "Oskyddade uppgifter – visas bara för den som får se dem; dela med wb.share"
"""Stands over everything that exploration shows and disclosure control has not seen."""
SPREAD: Final[Mapping[str, Mapping[str, str]]] = {"column": {}, "sex": SEXES, "origin": ORIGINS, "series": SERIES}
"""Keys that become columns of the readable form → their labels; those of ``column`` are the table's headings."""
_MARK_STYLE: Final = "border-left:4px solid #b45309;background:#fef3c7;color:#422006;padding:4px 8px;margin:4px 0"


def mark_html() -> str:
    """The mark of unprotected figures, visible without a style sheet."""
    return f'<p class="oskyddat" style="{_MARK_STYLE}"><strong>{escape(UNPROTECTED)}</strong></p>'


def refuse_in_run(what: str) -> None:
    """Raise DisclosureError while a package is made: what a run shows is stored and published."""
    if scheduled.is_running():
        raise DisclosureError(
            f"{what} is unprotected and cannot be shown in a report",
            action="Use wb.show(table_id) or wb.protected(table_id) in a notebook of reports.",
        )


def _not_a_frame(handle: object, asked: object, where: str) -> Exception:
    """The error for what a data frame has and the handle of a table has not: where the frames are."""
    known = [name for name in dir(type(handle)) if not name.startswith("_")]
    # Python's and IPython's own, and a property that has itself failed with such an error.
    if isinstance(asked, str) and (asked.startswith("_") or asked in known):
        return AttributeError(asked)
    near = get_close_matches(asked, known, n=1, cutoff=0.75) if isinstance(asked, str) else []
    return UnknownNameError(
        f"{where} has no {asked!r}",
        action=(f"Did you mean .{near[0]}? " if near else "")
        + f"Its figures are data frames: {where}.frame (polars), {where}.pandas, {where}.lazy.",
    )


class Bench(Protocol):
    """What a table needs of its workbench."""

    def explored_table(self, table_id: str) -> MeasureTable: ...
    def protected(self, table_id: str) -> ProtectedTable: ...
    def draw(self, table_id: str, *, column: str | None = None) -> charts.Figure | sentences.Text: ...


@dataclass(frozen=True, eq=False, repr=False)
class Unprotected:
    """A measure table that can be laid out in exploration (``grid.Figures``); nothing in it is suppressed."""

    spec: TableSpec
    frame: pl.DataFrame
    headings: dict[str, str]
    period_label: str
    notes: tuple[str, ...]
    mark: str = ""

    @classmethod
    def of(cls, table: MeasureTable) -> Unprotected:
        """The table with the status of each cell: ``ok`` or ``missing``."""
        given = pl.col("value").is_not_null() & ~pl.col("value").is_nan().fill_null(value=False)
        if table.spec.texts:
            given |= pl.col("text").is_not_null()
        frame = table.frame.with_columns(status=pl.when(given).then(pl.lit("ok")).otherwise(pl.lit("missing")))
        return cls(table.spec, frame, dict(table.headings), table.period_label, table.notes)


class Explored:
    """One table of the catalogue for the bench it was asked of. Nothing is computed until a figure is asked for.

    The figures are unprotected. ``?`` and Shift-Tab show definition, unit, sign, source and columns.
    """

    def __init__(self, bench: Bench, spec: TableSpec, *, where: str) -> None:
        self._bench = bench
        self.spec = spec
        self.where = where
        """How it is written in a notebook: ``wb.staff.worked_fte``."""
        self.__doc__ = describing.table_help(spec, where=where)

    @property
    def bench(self) -> Bench:
        """The bench that computes it."""
        return self._bench

    def __repr__(self) -> str:
        return f"<{self.where}: {self.spec.title} ({self.spec.unit}), not shown>"

    def __getattr__(self, name: str) -> Any:
        raise _not_a_frame(self, name, self.__dict__.get("where", "the table"))

    def __getitem__(self, key: object) -> Any:
        raise _not_a_frame(self, key, self.where)

    @property
    def id(self) -> str:
        """Id of the table in the catalogue."""
        return self.spec.table_id

    @property
    def title(self) -> str:
        """Swedish title, as printed."""
        return self.spec.title

    @property
    def unit(self) -> str:
        """Swedish name of the unit of the values."""
        return self.spec.unit

    @property
    def definition(self) -> str:
        """How the values are worked out, in Swedish."""
        return self.spec.definition

    @property
    def sign(self) -> str:
        """How the signs of the values are read, in Swedish."""
        return describing.sign_of(self.spec)

    @property
    def source(self) -> str:
        """Law, or document and line, that the definition is from."""
        return self.spec.source

    @property
    def columns(self) -> dict[str, str]:
        """Column of :attr:`frame` → what it holds, in Swedish."""
        return describing.columns_of(self.spec)

    @property
    def table(self) -> MeasureTable:
        """The unprotected table as the measures give it. Raises MissingDataError where the unit has no such data."""
        return self._bench.explored_table(self.id)

    @property
    def frame(self) -> pl.DataFrame:
        """The unprotected figures as polars, one row a figure: the columns of :attr:`columns`."""
        return self.table.frame

    @property
    def lazy(self) -> pl.LazyFrame:
        """:attr:`frame`, lazily, for a query of one's own."""
        return self.frame.lazy()

    @property
    def pandas(self) -> Any:
        """:attr:`frame` as a pandas data frame."""
        return self.frame.to_pandas()

    @property
    def pivot(self) -> pl.DataFrame:
        """The figures as they are printed, side by side, but unrounded: a row for each row of the printed table.

        The keys stand first; columns, sexes, origins and series have the headings of the printed table.
        """
        table = self.table
        spread = [key for key in SPREAD if key in table.spec.keys]
        rows = [key for key in table.spec.keys if key not in spread]
        if not spread:
            return table.frame.select(*rows, "value")
        names = {**{key: dict(labels) for key, labels in SPREAD.items()}, "column": table.headings}
        heading = pl.concat_str(
            [pl.col(key).replace_strict(names[key], default=pl.col(key), return_dtype=pl.String) for key in spread],
            separator=" ",
        )
        return table.frame.with_columns(heading.alias("heading")).pivot("heading", index=rows, values="value")

    @property
    def protected(self) -> ProtectedTable:
        """The table after disclosure control for the audience of the bench."""
        return self._bench.protected(self.id)

    def draw(self, *, column: str | None = None) -> charts.Figure | sentences.Text:
        """The chart that suits the table, of its protected figures, so that it can be saved: ``wb.share``."""
        return self._bench.draw(self.id, column=column)

    def _repr_html_(self) -> str:
        refuse_in_run(f"the table {self.id}")
        try:
            found = Unprotected.of(self.table)
        except AnalyticsError as error:
            # IPython shows the error of a display with its trace, whatever is agreed on for other errors.
            return boxes.html(error)
        if (found.frame["status"] == "missing").all():
            said = f"{found.spec.title}, {found.period_label}: det finns inga uppgifter att visa."
            return f"{mark_html()}<p>{escape(said)}</p>"
        layout = grid.build(found)
        prefix = f"utforska-{self.id}"
        caption = tables.caption_of(found, layout)
        return mark_html() + tables.render(layout, caption=caption, prefix=prefix) + tables.notes(found, layout)


class Processed:
    """One processed table, whole, as it was delivered and checked. Read when a figure is asked for."""

    def __init__(self, name: str, read: Callable[[str], pl.LazyFrame]) -> None:
        self.name = name
        self._read = read
        self.__doc__ = describing.processed_help(name)

    def __repr__(self) -> str:
        return f"<wb.data.{self.name}, not read>"

    def __getattr__(self, name: str) -> Any:
        raise _not_a_frame(self, name, f"wb.data.{self.__dict__.get('name', 'table')}")

    def __getitem__(self, key: object) -> Any:
        raise _not_a_frame(self, key, f"wb.data.{self.name}")

    @property
    def lazy(self) -> pl.LazyFrame:
        """The table as a lazy polars frame, for a query of one's own. Raises DisclosureError in a run."""
        refuse_in_run(f"the processed table {self.name}")
        return self._read(self.name)

    @property
    def frame(self) -> pl.DataFrame:
        """The whole table as polars. Large: prefer :attr:`lazy` with a filter."""
        return self.lazy.collect()

    @property
    def pandas(self) -> Any:
        """The whole table as a pandas data frame."""
        return self.frame.to_pandas()

    @property
    def columns(self) -> pl.DataFrame:
        """The declared columns: ``column``, ``type``, ``unit`` and ``meaning``."""
        names = ("column", "type", "unit", "meaning")
        return pl.DataFrame(describing.processed_columns(self.name), schema=list(names), orient="row")

    def _repr_html_(self) -> str:
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>"
            for row in describing.processed_columns(self.name)
        )
        head = "".join(f'<th scope="col">{name}</th>' for name in ("Kolumn", "Typ", "Enhet", "Innehåll"))
        return (
            f"<table><caption>wb.data.{escape(self.name)}: hämta raderna med .frame, .pandas eller .lazy</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )
