"""Write goal follow-up as Stratsys gives it (P5): tab text with quoted line breaks, or a workbook with one sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from analytics import durable
from analytics.sample.files import SYNTHETIC_MARK

HEADER = (
    "Enhet", "Perspektiv/målområde", "Inriktningsmål", "Indikator", "Ingångsvärde", "Målvärde", "Utfall", "Prognos",
    "Status", "Kommentar", "Periodicitet", "Källa", "Period",
)  # fmt: skip
TITLE = f"Måluppföljning – {SYNTHETIC_MARK}"
_MADE = datetime(2018, 4, 10, tzinfo=UTC).replace(tzinfo=None)
"""Stands in the properties of a workbook, so that the same rows give the same bytes."""


def write_text(file: Path, rows: Sequence[Sequence[str]]) -> None:
    """UTF-8 with byte order mark, CRLF, title with the synthetic mark, header, rows, trailer; quotes where needed."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter="\t", lineterminator="\r\n")
    writer.writerows([[TITLE], HEADER, *rows, [_trailer(rows)]])
    durable.replace(file, stream.getvalue().encode("utf-8-sig"))


def write_sheet(file: Path, rows: Sequence[Sequence[str]]) -> None:
    """The same as a workbook, where a whole per cent is a formatted share and a number a number, as Excel has them."""
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": TITLE, "created": _MADE})
        percent = book.add_format({"num_format": "0%"})
        sheet = book.add_worksheet("Indikatorer")
        for line, row in enumerate([[TITLE], HEADER, *rows, [_trailer(rows)]]):
            for column, cell in enumerate(row):
                if cell.endswith(" %") and cell[:-2].isdecimal():
                    sheet.write_number(line, column, int(cell[:-2]) / 100, percent)
                elif cell.isdecimal():
                    sheet.write_number(line, column, int(cell))
                elif cell:
                    sheet.write_string(line, column, cell)
    durable.replace(file, stream.getvalue())


def _trailer(rows: Sequence[Sequence[str]]) -> str:
    return f"Antal rader: {len(rows)}"
