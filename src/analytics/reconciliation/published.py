"""Published tables read into cells with a common vocabulary, whatever the report called its columns.

A cell knows its file, line, row, column and part (sex or origin) and its rounding interval. Column names of different
reports (``utfall_ack``, ``utfall_ackumulerat``, ``UTFALL Ack``) become one code each by pattern, so another period or
report is read by the same rules.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from analytics.errors import DeliveryUnreadableError, LayoutError, Location, UsageError
from analytics.reconciliation import printed as forms
from analytics.reconciliation.printed import Figure
from analytics.reconciliation.vocabulary import (
    FR1_KINDS,
    PARTS,
    PIVOT_KINDS,
    RATE_KINDS,
    STAFF_KINDS,
    column_code,
    is_total_label,
    kind_of,
)

_VALUE = re.compile(r"value(_\w+)?|fte|headcount|percent|threshold_value")
_SCALE = {"kr": Decimal(1), "tkr": Decimal(1000), "mnkr": Decimal(1000000)}
_ROW_COLUMNS = (
    ("account_line", None), ("account_code", "account_label"), ("personnel_group_code", "personnel_group"),
    ("absence_group_code", "absence_group"), ("measure_code", "measure"), ("ansvar_code", "ansvar_label"),
)  # fmt: skip
_REQUIRED = {
    **dict.fromkeys((*STAFF_KINDS, *RATE_KINDS), ("row_type", "sex", "year")),
    **dict.fromkeys(FR1_KINDS[:2], ("account_line", "level", "parent_line", "column_block", "origin")),
    "fr1_summary": ("account_line", "level", "parent_line", "column"),
    **dict.fromkeys(PIVOT_KINDS, ("account_code", "account_label", "row_type", "column")),
    "projects": ("ansvar_code", "ansvar_label", "ipdk_code", "ipdk_label", "column"),
    "budget": ("line", "year"),
    "text": ("line", "statement", "value", "unit"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One published figure. ``figure`` is None where the cell is blank (no posting), which is not zero."""

    file: str
    line: int
    seed_line: str
    row: str
    part: str
    column: str
    where: str
    printed: str
    figure: Figure | None
    value_text: str
    scale: Decimal
    rounded: bool

    @property
    def value(self) -> Decimal:
        """In the unit of the table; a blank counts as nothing posted."""
        return self.figure.value if self.figure else Decimal(0)

    @property
    def half(self) -> Decimal:
        """Half a unit of the last printed digit; 0 for counts. A blank difference may hide less than half a unit."""
        if not self.rounded:
            return Decimal(0)
        if self.figure is None:
            return Decimal("0.5") if "vs_" in self.column or self.column == "change" else Decimal(0)
        return self.figure.half

    @property
    def location(self) -> str:
        source = f", källrad {self.seed_line}" if self.seed_line else ""
        return f"rad {self.line}: {self.where}{source}"

    @property
    def shown(self) -> str:
        return self.printed or self.value_text or "blank"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: ``key`` is unique in it, ``parent`` the key of the row it is part of."""

    key: str
    code: str
    label: str
    parent: str
    is_total: bool


@dataclass(frozen=True)
class Table:
    """One file. ``records`` are its lines as text, ``cells`` its figures by (row, part, column)."""

    file: str
    kind: str
    period: str
    records: tuple[Mapping[str, str], ...]
    rows: tuple[Row, ...]
    cells: tuple[Cell, ...]
    unit: str

    def cell(self, row: str, part: str, column: str) -> Cell | None:
        """The cell, or None where the table has none."""
        return self._index().get((row, part, column))

    def _index(self) -> dict[tuple[str, str, str], Cell]:
        found = self.__dict__.get("_cells_by_key")
        if found is None:
            found = {(cell.row, cell.part, cell.column): cell for cell in reversed(self.cells)}
            self.__dict__["_cells_by_key"] = found
        return found

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(cell.part for cell in self.cells))

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(cell.column for cell in self.cells))

    @property
    def month(self) -> int:
        return int(self.period[5:7])

    @property
    def years(self) -> tuple[str, ...]:
        """The years of a staff table, earlier first, as printed."""
        return tuple(sorted({record["year"] for record in self.records if record.get("year", "").isdigit()}))


def read_folder(folder: Path) -> tuple[tuple[Table, ...], tuple[str, ...]]:
    """All tables of a folder in name order, and the names of files that no rule knows.

    Raises:
        UsageError: The folder does not exist.
        DeliveryUnreadableError: It holds no table.
        LayoutError: A file lacks the columns that its name promises.
    """
    if not folder.is_dir():
        raise UsageError(
            f"{folder} is not a folder", action="Give the folder that holds the published tables as CSV files."
        )
    tables, unknown = [], []
    for file in sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")):
        known = kind_of(file.name) if file.suffix == ".csv" else None
        if known is None:
            if file.suffix == ".csv":
                unknown.append(file.name)
            continue
        tables.append(read_table(file, *known))
    if not tables:
        raise DeliveryUnreadableError(
            f"{folder} holds no published table", action="Name the files as those in data/raw/published."
        )
    return tuple(tables), tuple(unknown)


def read_table(file: Path, kind: str, period: str) -> Table:
    """Read one CSV file (UTF-8, comma). Raises LayoutError or DeliveryUnreadableError."""
    records = _records(file)
    if not records:
        raise DeliveryUnreadableError("the file holds no rows", where=Location(file=file), action="Deliver it again.")
    headers = list(records[0])
    missing = [name for name in _REQUIRED.get(kind, ()) if name not in headers]
    value_column = next((name for name in headers if _VALUE.fullmatch(name)), "")
    if missing or (kind != "register" and not value_column):
        absent = ", ".join(missing) or "a value column (value_tkr, value_kr, fte, headcount, percent)"
        raise LayoutError(f"the file lacks {absent}", where=Location(file=file), action="Use the published columns.")
    rows, keys = _rows(kind, records)
    unit = value_column.removeprefix("value_") if value_column.startswith("value_") else value_column
    years = sorted({record["year"] for record in records if record.get("year", "").isdigit()})
    layout = _Layout(file.name, kind, value_column, unit, tuple(years))
    cells = tuple(
        _cell(layout, number, record, key)
        for number, (record, key) in enumerate(zip(records, keys, strict=True), start=2)
        if value_column
    )
    return Table(file.name, kind, period, records, rows, cells, unit)


def _records(file: Path) -> tuple[dict[str, str], ...]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise DeliveryUnreadableError(
            "the file is not UTF-8", where=Location(file=file), action="Save it as CSV UTF-8."
        ) from None
    except OSError as error:
        raise DeliveryUnreadableError(
            f"the file cannot be read: {error.strerror}", where=Location(file=file), action="Check its permissions."
        ) from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    records = []
    for record in reader:
        if None in record or None in record.values():
            raise LayoutError(
                "the line has another number of columns than the header",
                where=Location(file=file, line=reader.line_num),
                action="Quote texts that contain a comma.",
            )
        records.append({name: (value or "").strip() for name, value in record.items()})
    return tuple(records)


@dataclass(frozen=True, slots=True)
class _Layout:
    file: str
    kind: str
    value_column: str
    unit: str
    years: tuple[str, ...]


def _cell(layout: _Layout, number: int, record: Mapping[str, str], key: str) -> Cell:
    kind, unit = layout.kind, layout.unit
    heading = record.get("column_block") or record.get("column") or record.get("year") or ""
    part = PARTS.get((record.get("sex") or record.get("origin") or "").casefold(), "")
    if "sex" in record or kind == "budget":
        column = _year_code(heading, layout.years) if "sex" in record else heading
    else:
        column = column_code(heading)
    if "origin" in record and part == "T":
        part = "total"
    if kind == "fr1_summary":
        part = "total"
    value_text = record[layout.value_column]
    text = record.get("printed", value_text)
    figure = forms.parse(text) or forms.parse(value_text)
    names = [record.get(name, "") for pair in _ROW_COLUMNS for name in pair if name and record.get(name)]
    names += [record[name] for name in ("ipdk_code", "ipdk_label", "unit", "basenhet", "line", "item", "cost_class")
              if record.get(name) and kind in ("projects", "budget", "needs", "index", "efficiency")]  # fmt: skip
    names += [record[name] for name in ("parent_line", "statement", "sex", "origin") if record.get(name)]
    return Cell(
        file=layout.file,
        line=number,
        seed_line=record.get("seed_line") or record.get("line", "") * (kind == "text"),
        row=key,
        part=part,
        column=column,
        where=" · ".join([*names, *([heading] if heading else [])]),
        printed=text,
        figure=figure,
        value_text=value_text,
        scale=_SCALE.get(record.get("unit", unit) if kind in ("text", "efficiency") else unit, Decimal(1)),
        rounded=kind != "headcount",
    )


def _year_code(heading: str, years: tuple[str, ...]) -> str:
    if not heading.isdigit():
        return "change"
    return "current" if heading == years[-1] else "previous"


def _rows(kind: str, records: Iterable[Mapping[str, str]]) -> tuple[tuple[Row, ...], list[str]]:
    """The rows in order and, for every record, the key of its row."""
    identities = [_row_identity(kind, record) for record in records]
    rows: dict[str, Row] = {}
    outline: list[tuple[int, str, str]] = []
    for code, label, parent, is_total in identities:
        key = _key(kind, code, label, parent)
        if key in rows:
            continue
        if kind in PIVOT_KINDS and not is_total:
            parent = _outline_parent(outline, code, label, key)  # noqa: PLW2901 - the parent by outline replaces none
        rows[key] = Row(key, code, label, parent, is_total)
    return tuple(rows.values()), [_key(kind, code, label, parent) for code, label, parent, _ in identities]


def _key(kind: str, code: str, label: str, parent: str) -> str:
    if kind in FR1_KINDS:
        return f"{parent}/{label}".casefold().strip("/")
    if kind in PIVOT_KINDS:
        return f"{code} {label}".strip()
    if kind in ("projects", "budget"):
        return f"{parent}/{code or label}"
    return code or label


def _row_identity(kind: str, record: Mapping[str, str]) -> tuple[str, str, str, bool]:
    """Code, label, parent and whether the row is a total."""
    if kind in FR1_KINDS:
        label = record["account_line"]
        return "", label, record["parent_line"], label.isupper()
    if kind == "projects":
        centre = record["ansvar_code"] or record["ansvar_label"]
        return record["ipdk_code"], record["ipdk_label"], centre, not record["ipdk_code"]
    if kind == "budget":
        owner = record.get("unit") or record.get("basenhet") or ""
        return "", record["line"], owner, is_total_label(record["line"])
    code = next((record[name] for name, _ in _ROW_COLUMNS if name in record), "")
    label = next((record[name] for _, name in _ROW_COLUMNS if name and name in record), "")
    if not label:
        label = record.get("item") or record.get("statement") or record.get("cost_class") or ""
    return code, label, "", record.get("row_type") == "total"


def _outline_parent(outline: list[tuple[int, str, str]], code: str, label: str, key: str) -> str:
    """Parent of an account row: shorter code, same code above it, or the heading ``Kostnader`` over all classes."""
    depth = 0 if label.casefold() in ("kostnader", "intäkter och kostnader") else len(code)
    while outline and not (outline[-1][0] < depth or outline[-1][1] == code):
        outline.pop()
    parent = outline[-1][2] if outline else ""
    outline.append((depth, code, key))
    return parent
