"""``tabeller.xlsx``: every table of the package for people, one sheet each.

Numbers are numbers with a format, a suppressed figure is the mark as text, a missing one an empty cell. Every text is
written as text, so that a label beginning with ``=``, ``+``, ``-`` or ``@`` never becomes a formula.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from analytics.exports.table_data import TableData, Value
from analytics.measures.catalogue import ORIGINS, SERIES, SEXES

KEY_HEADINGS = {
    "personnel_group": "Personalgrupp, kod",
    "personnel_group_label": "Personalgrupp",
    "absence_group": "Frånvarogrupp, kod",
    "absence_group_label": "Frånvarogrupp",
    "measure": "Nyckeltal, kod",
    "measure_label": "Nyckeltal",
    "report_line": "Kontoslag, kod",
    "report_line_label": "Kontoslag",
    "test": "Prov, kod",
    "test_label": "Prov",
    "part": "Del, kod",
    "part_label": "Del",
    "deviation": "Kontoslag och jämförelse, kod",
    "deviation_label": "Kontoslag och jämförelse",
    "level": "Nivå",
    "parent": "Överordnad rad",
    "code": "Konto eller grupp",
    "label": "Benämning",
    "cost_centre": "Ansvar, kod",
    "cost_centre_label": "Ansvar",
    "account_class": "Kontoklass, kod",
    "account_class_label": "Kontoklass",
    "administration": "Förvaltning, kod",
    "administration_label": "Förvaltning",
    "profession": "Yrkesgrupp, kod",
    "profession_label": "Yrkesgrupp",
    "share": "Andel, kod",
    "share_label": "Andel",
    "plan_part": "Verksamhet, kod",
    "plan_part_label": "Verksamhet",
    "plan_line": "Post, kod",
    "plan_line_label": "Post",
    "plan_year": "År, kod",
    "plan_year_label": "År",
    "plan_item": "Avser, kod",
    "plan_item_label": "Avser",
    "goal_area": "Målområde, kod",
    "goal_area_label": "Målområde",
    "indicator": "Indikator, kod",
    "indicator_label": "Indikator",
    "observed_unit": "Enhet, kod",
    "observed_unit_label": "Enhet",
    "care_unit": "Vårdenhet, kod",
    "care_unit_label": "Vårdenhet",
    "base_unit": "Klinik, kod",
    "base_unit_label": "Klinik",
    "contact_kind": "Slag av kontakt, kod",
    "contact_kind_label": "Slag av kontakt",
    "row_type": "Radtyp",
    "period": "Månad",
    "sex": "Kön",
    "origin": "Motpart",
    "column": "Kolumn",
    "series": "Serie",
}
ROW_TYPES = {
    "group": "Grupp",
    "total": "Summa",
    "subtotal": "Delsumma",
    "sum": "Summa",
    "account": "Konto",
    "apart": "Utanför summan",
}
SPREAD = ("sex", "origin", "column", "series")
HEADING_ROW = 4
WIDTHS = {"label": 38, "code": 14, "number": 17}


@dataclass(frozen=True, slots=True)
class About:
    """What the first sheet says."""

    unit: str
    period: str
    audience: str
    synthetic: bool
    code_version: str
    data_version: str
    version: int | None
    """Version of the package; none for a table that is shared by itself."""
    missing: tuple[str, ...] = ()
    """Sentences on what the package lacks, below their heading; none where nothing is missing."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that is no table of the catalogue: texts and numbers under headings, and a note below."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str | float | int, ...], ...]
    note: str


@dataclass(frozen=True, slots=True)
class _Formats:
    title: Any
    heading: Any
    heading_number: Any
    text: Any
    wrapped: Any
    warning: Any
    mark: Any
    numbers: dict[int, Any]


def write(target: Path | BytesIO, tables: Sequence[TableData], about: About, *, created: datetime) -> None:
    """Write the workbook. ``created`` stands in its properties, so that equal data give equal files."""
    import xlsxwriter

    with xlsxwriter.Workbook(
        target, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    ) as book:
        book.set_properties(
            {"title": f"Tabeller {about.unit}, {about.period}", "created": created.replace(tzinfo=None)}
        )
        formats = _formats(book, tables)
        names = _sheet_names(tables)
        _about_sheet(book.add_worksheet("Om"), tables, names, about, formats)
        for table in tables:
            _table_sheet(book.add_worksheet(names[table.table_id]), table, about, formats)


def write_list(target: Path | BytesIO, listed: Listed, about: About, *, created: datetime) -> None:
    """Write a list as a workbook of one sheet that says what it is, for whom and of what data."""
    import xlsxwriter

    with xlsxwriter.Workbook(
        target, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    ) as book:
        book.set_properties({"title": f"{listed.title} {about.unit}", "created": created.replace(tzinfo=None)})
        formats = _formats(book, ())
        sheet = book.add_worksheet("Lista")
        sheet.write_string(0, 0, listed.title, formats.title)
        sheet.write_string(1, 0, f"{about.unit} – {about.period} – {about.audience}", formats.text)
        sheet.write_string(2, 0, f"Dataversion {about.data_version}, program {about.code_version}", formats.text)
        if about.synthetic:
            sheet.write_string(3, 0, "SYNTETISKA DATA – demonstrationsregion", formats.warning)
        for place, heading in enumerate(listed.headings):
            sheet.write_string(HEADING_ROW, place, heading, formats.heading)
        for line, row in enumerate(listed.rows, start=HEADING_ROW + 1):
            for place, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(line, place, value, formats.text)
                else:
                    sheet.write_number(line, place, value)
        if listed.note:
            sheet.write_string(HEADING_ROW + 2 + len(listed.rows), 0, listed.note, formats.text)


def _formats(book: Any, tables: Sequence[TableData]) -> _Formats:
    heading = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", "bg_color": "#E9EFEF"}
    return _Formats(
        title=book.add_format({"bold": True, "font_size": 14, "font_color": "#083A44"}),
        heading=book.add_format(heading),
        heading_number=book.add_format({**heading, "align": "right"}),
        text=book.add_format({"valign": "top"}),
        wrapped=book.add_format({"text_wrap": True, "valign": "top"}),
        warning=book.add_format({"bold": True, "bg_color": "#F6D98B"}),
        mark=book.add_format({"align": "right", "font_color": "#4A5A63"}),
        numbers={
            decimals: book.add_format({"num_format": "#,##0" + ("." + "0" * decimals if decimals else "")})
            for decimals in {table.decimals for table in tables}
        },
    )


def _sheet_names(tables: Sequence[TableData]) -> dict[str, str]:
    """Names of at most 31 characters without the signs Excel forbids, each once."""
    names: dict[str, str] = {}
    taken = {"om"}
    for table in tables:
        base = re.sub(r"[\[\]:*?/\\']", " ", table.title).strip()[:31].strip()
        name, number = base, 2
        while name.lower() in taken:
            suffix = f" {number}"
            name, number = base[: 31 - len(suffix)] + suffix, number + 1
        taken.add(name.lower())
        names[table.table_id] = name
    return names


def _about_sheet(
    sheet: Any, tables: Sequence[TableData], names: dict[str, str], about: About, formats: _Formats
) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 20)
    sheet.set_column(2, 2, 80)
    sheet.write_string(0, 0, f"Tabeller – {about.unit}", formats.title)
    row = 1
    if about.synthetic:
        sheet.write_string(row, 0, "SYNTETISKA DATA – demonstrationsregion", formats.warning)
        row += 1
    for line in about.missing:
        sheet.write_string(row, 0, line, formats.warning)
        row += 1
    facts = (
        ("Period", about.period),
        ("Målgrupp", about.audience),
        *((("Version", str(about.version)),) if about.version is not None else ()),
        ("Dataversion", about.data_version),
        ("Kodversion", about.code_version),
    )
    for name, value in facts:
        sheet.write_string(row, 0, name, formats.text)
        sheet.write_string(row, 1, value, formats.text)
        row += 1
    marks = sorted({table.mark for table in tables})
    if marks:
        text = f"{', '.join(marks)} betyder att uppgiften inte visas av sekretesskäl. Tom cell: ingen uppgift."
        sheet.write_string(row, 0, text, formats.text)
        row += 1
    row += 1
    for column, heading in enumerate(("Tabell", "Enhet", "Definition")):
        sheet.write_string(row, column, heading, formats.heading)
    for table in tables:
        row += 1
        sheet.write_url(row, 0, f"internal:'{names[table.table_id]}'!A1", string=table.title)
        sheet.write_string(row, 1, table.unit, formats.text)
        sheet.write_string(row, 2, table.definition, formats.wrapped)


def _table_sheet(sheet: Any, table: TableData, about: About, formats: _Formats) -> None:
    sheet.write_string(0, 0, table.title, formats.title)
    sheet.write_string(1, 0, f"{about.unit} – {table.period_label} – {table.unit} – {about.audience}", formats.text)
    if about.synthetic:
        sheet.write_string(2, 0, "SYNTETISKA DATA – demonstrationsregion", formats.warning)
    top = HEADING_ROW
    row_keys = [key for key in table.keys if key not in SPREAD]
    columns, rows = _spread(table, row_keys)
    _headings(sheet, row_keys, columns, formats)
    line = top
    for keys, cells in rows:
        line += 1
        for place, text in enumerate(keys):
            sheet.write_string(line, place, text, formats.text)
        for place, parts in enumerate(columns, start=len(row_keys)):
            _figure(sheet, (line, place), cells.get(parts, (None, "missing", None)), table, formats)
    sheet.freeze_panes(top + 1, len(row_keys))
    for note in (*table.notes, f"Definition: {table.definition}", f"Källa: {table.source}"):
        line += 1
        sheet.write_string(line + 1, 0, note, formats.text)


def _headings(sheet: Any, row_keys: list[str], columns: list[tuple[str, ...]], formats: _Formats) -> None:
    for place, key in enumerate(row_keys):
        sheet.write_string(HEADING_ROW, place, KEY_HEADINGS.get(key, key), formats.heading)
        is_label = key == "label" or key.endswith("_label")
        sheet.set_column(place, place, WIDTHS["label" if is_label else "code"])
    for place, parts in enumerate(columns, start=len(row_keys)):
        sheet.write_string(HEADING_ROW, place, ", ".join(parts) or "Värde", formats.heading_number)
        sheet.set_column(place, place, WIDTHS["number"])


def _spread(
    table: TableData, row_keys: list[str]
) -> tuple[list[tuple[str, ...]], list[tuple[tuple[str, ...], dict[tuple[str, ...], tuple[Value, Value, Value]]]]]:
    """Sex, origin, column and series become columns; both orders are those of the table."""
    spread = [key for key in table.keys if key in SPREAD]
    columns: dict[tuple[str, ...], None] = {}
    rows: dict[tuple[str, ...], dict[tuple[str, ...], tuple[Value, Value, Value]]] = {}
    for row in table.rows:
        named = dict(zip(table.keys, row, strict=False))
        keys = tuple(_key_text(key, named[key]) for key in row_keys)
        parts = tuple(_heading(table, key, named[key]) for key in spread)
        columns[parts] = None
        rows.setdefault(keys, {})[parts] = (row[-2], row[-1], row[-3] if table.texts else None)
    return list(columns), list(rows.items())


def _key_text(key: str, value: Value) -> str:
    text = "" if value is None else str(value)
    return ROW_TYPES.get(text, text) if key == "row_type" else text


def _heading(table: TableData, key: str, value: Value) -> str:
    text = "" if value is None else str(value)
    if key == "column":
        return table.headings.get(text, text)
    return {"sex": SEXES, "origin": ORIGINS, "series": SERIES}[key].get(text, text)


def _figure(
    sheet: Any, place: tuple[int, int], figure: tuple[Value, Value, Value], table: TableData, formats: _Formats
) -> None:
    value, status, text = figure
    if status == "suppressed":
        sheet.write_string(*place, table.mark, formats.mark)
    elif text is not None:
        sheet.write_string(*place, str(text), formats.text)
    elif status == "ok" and isinstance(value, int | float):
        sheet.write_number(*place, value, formats.numbers[table.decimals])
