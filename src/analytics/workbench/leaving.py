"""What is shared, as files: a protected table or chart with title, period, audience, source and marks in each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Final

from analytics import __version__, durable, tables
from analytics.charts import Figure
from analytics.charts import files as chart_files
from analytics.disclosure import ProtectedTable
from analytics.errors import StorageError, UsageError
from analytics.exports import csv_tables, workbook
from analytics.exports.table_data import from_protected
from analytics.workbench import listing
from analytics.workbench.listing import Listing

TABLE_SUFFIXES: Final = (".csv", ".xlsx", ".html")
CHART_SUFFIXES: Final = chart_files.SUFFIXES
SYNTHETIC: Final = "SYNTETISKA DATA – demonstrationsregion"
_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em;color:#1f2933}"
    "table{border-collapse:collapse}th,td{border-bottom:1px solid #d5dade;padding:.2em .6em;text-align:left}"
    "td.tal,th.tal{text-align:right;white-space:nowrap}tr.summa{font-weight:bold}caption{text-align:left;"
    "font-weight:bold;padding-bottom:.5em}.dold{position:absolute;left:-999em}.not{color:#4a5a63}"
    ".marke{background:#f6d98b;padding:.2em .6em;font-weight:bold}"
)


@dataclass(frozen=True, slots=True)
class About:
    """What every shared file says of itself. ``title`` is the table's; ``mark`` stands in a suppressed cell."""

    title: str
    organisation: str
    unit: str
    period: str
    audience: str
    source: str
    data_version: str
    synthetic: bool
    mark: str

    def facts(self) -> dict[str, str]:
        """Swedish name → fact, in order."""
        found = {
            "Organisation": self.organisation,
            "Förvaltning": self.unit,
            "Period": self.period,
            "Läsekrets": self.audience,
            "Källa": self.source,
            "Dataversion": f"{self.data_version}, program {__version__}",
        }
        return {**({"Märkning": SYNTHETIC} if self.synthetic else {}), **found}

    def lines(self) -> list[str]:
        """The facts as lines under a chart."""
        shown = self.facts()
        first = f"{shown['Organisation']}. {shown['Förvaltning']}. {shown['Period']}. Läsekrets: {shown['Läsekrets']}."
        rest = [f"Källa: {shown['Källa']}. Dataversion {shown['Dataversion']}."]
        return [*([SYNTHETIC] if self.synthetic else []), first, *rest]


@dataclass(frozen=True, slots=True)
class Shared:
    """Something that has passed disclosure control and may leave. Shows itself, with what it is and for whom."""

    about: About
    table: ProtectedTable | None = None
    figure: Figure | None = None
    listing: Listing | None = None

    def __repr__(self) -> str:
        kind = "chart" if self.figure is not None else "table" if self.listing is None else "list of deviations"
        return f"<shared {kind}: {self.about.title}, {self.about.period}, {self.about.audience}>"

    def _repr_html_(self) -> str:
        return f"{self._body()}{_facts_html(self.about)}"

    def _body(self) -> str:
        if self.figure is not None:
            return self.figure.html
        if self.listing is not None:
            return self.listing.html()
        return "" if self.table is None else tables.show(self.table, name="delad").html

    def content(self, suffix: str, *, created: datetime) -> bytes:
        """The bytes of a file of this kind. Raises UsageError for a kind that it cannot be written as."""
        known = CHART_SUFFIXES if self.figure is not None else TABLE_SUFFIXES
        if suffix not in known:
            kind = "table" if self.figure is None else "chart"
            raise UsageError(
                f"a {kind} cannot be written as {suffix!r}",
                action=f"Give a file name that ends with {', '.join(known)}.",
            )
        if self.figure is not None:
            return chart_files.content(self.figure, suffix, facts=self.about.lines())
        if suffix == ".csv":
            return self._csv()
        return self._workbook(created) if suffix == ".xlsx" else self._page()

    def _csv(self) -> bytes:
        facts: dict[str, str] = {
            "titel": self.about.title,
            **{name.lower(): text for name, text in self.about.facts().items()},
            "dold_uppgift_skrivs": self.about.mark,
        }
        if self.listing is not None:
            return self.listing.csv({**facts, "anmärkning": self.listing.note}).encode()
        return csv_tables.csv_text(from_protected(self.table), about=facts).encode()

    def _workbook(self, created: datetime) -> bytes:
        about = workbook.About(
            unit=f"{self.about.organisation}, {self.about.unit}",
            period=self.about.period,
            audience=self.about.audience,
            synthetic=self.about.synthetic,
            code_version=__version__,
            data_version=self.about.data_version,
            version=None,
        )
        stream = BytesIO()
        if self.listing is not None:
            listed = workbook.Listed(listing.TITLE, listing.HEADINGS, self.listing.rows, self.listing.note)
            workbook.write_list(stream, listed, about, created=created)
            return stream.getvalue()
        workbook.write(stream, [from_protected(self.table)], about, created=created)
        return stream.getvalue()

    def _page(self) -> bytes:
        title = escape(f"{self.about.title}, {self.about.period}")
        return (
            f'<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>{title}</title>'
            f"<style>{_STYLE}</style></head><body><main><h1>{title}</h1>{self._body()}{_facts_html(self.about)}</main>"
            "</body></html>\n"
        ).encode()


def _facts_html(about: About) -> str:
    shown = about.facts()
    mark = f'<p class="marke">{escape(shown.pop("Märkning"))}</p>' if "Märkning" in shown else ""
    return mark + "".join(f'<p class="not">{escape(name)}: {escape(text)}</p>' for name, text in shown.items())


def write(shared: Shared, file: Path, *, created: datetime) -> Path:
    """Write the file in one step, so that it is there whole or not at all. Gives its full path.

    Raises UsageError for an unknown folder or kind of file, StorageError where it cannot be written.
    """
    if not file.name.isprintable():
        raise UsageError(f"no file can be called {file.name!r}", action="Use letters, digits and hyphens.")
    if not file.parent.is_dir():
        raise UsageError(f"there is no folder {file.parent}", action="Make the folder first, or write to another.")
    content = shared.content(file.suffix.lower(), created=created)
    try:
        durable.replace(file, content)
    except OSError as error:
        raise StorageError(
            f"{file.name} cannot be written: {error.strerror}",
            action="Check the folder and the free space.",
            swedish=f"{file.name} går inte att skriva. Se efter att mappen får ändras och att disken inte är full.",
        ) from None
    return file.resolve()
