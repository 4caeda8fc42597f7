"""A worksheet (xlsx) to rows of text cells: what a person sees in the cell, never what a formula or a macro makes."""

from __future__ import annotations

import io
import warnings
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from analytics.errors import CellValueError, DeliveryUnreadableError, LayoutError, Location
from analytics.sources import lattice
from analytics.sources.model import Delivery, Layout, RawRows

_MOST_BYTES = 100_000_000
"""Unpacked; a workbook of indicators is a thousandth of it."""
_MOST_ROWS = 100_000
_MACROS = "vbaproject.bin"
_AS_XLSX = "Save it in Excel as a workbook (.xlsx) without macros, with one sheet of values, and deliver it again."


def split(content: bytes, layout: Layout, delivery: Delivery) -> RawRows:
    """Rows of the only sheet as stripped text cells in the layout's columns, with their row numbers.

    Numbers come with decimal comma, a cell formatted as per cent with its sign (0,73 is shown as 73 %), days as
    YYYY-MM-DD. Raises DeliveryUnreadableError (not a workbook, macros), LayoutError (sheets, columns, trailer) and
    CellValueError (a formula, an error value, true or false).
    """
    _check_container(content, delivery)
    # openpyxl is needed for this form alone.
    import openpyxl

    try:
        with warnings.catch_warnings():
            # It warns of styles and extensions that are not kept; only cell values are read.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
            names = book.sheetnames
            rows = _rows(book[names[0]], delivery) if len(names) == 1 else []
    except (DeliveryUnreadableError, CellValueError, LayoutError):
        raise
    except Exception:  # noqa: BLE001 - whatever a damaged workbook makes the library raise, it is not one to read
        raise _unreadable("the file is not a workbook that can be read (xlsx)", delivery) from None
    if not names:
        raise _unreadable("the workbook has no sheet that can be read", delivery)
    if len(names) > 1:
        raise LayoutError(
            f"the workbook has {len(names)} sheets: which one counts cannot be known",
            where=Location(delivery.name),
            action=_AS_XLSX,
        )
    return lattice.assemble(
        rows, layout, delivery, taken=("workbook with one sheet", "cells as they are shown"), padded=True
    )


def _check_container(content: bytes, delivery: Delivery) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            entries = container.infolist()
            damaged = None if sum(entry.file_size for entry in entries) > _MOST_BYTES else container.testzip()
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise _unreadable("the file is not a workbook (xlsx), whatever its name says", delivery) from None
    if damaged is not None:
        raise _unreadable("the workbook is damaged", delivery)
    if sum(entry.file_size for entry in entries) > _MOST_BYTES:
        raise _unreadable("the workbook is larger than any of this layout can be", delivery)
    if any(entry.filename.lower().endswith(_MACROS) for entry in entries):
        raise _unreadable("the workbook holds macros", delivery)


def _unreadable(problem: str, delivery: Delivery) -> DeliveryUnreadableError:
    return DeliveryUnreadableError(problem, where=Location(delivery.name), action=_AS_XLSX)


def _rows(sheet: Any, delivery: Delivery) -> list[tuple[int, list[str]]]:
    rows = []
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        if line > _MOST_ROWS:
            raise _unreadable("the workbook is larger than any of this layout can be", delivery)
        rows.append((line, [_text(cell, line, delivery) for cell in cells]))
    return rows


def _text(cell: Any, line: int, delivery: Delivery) -> str:
    """The cell as text."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise _refused("a formula", cell, line, delivery)
    if cell.data_type == "e":
        raise _refused("an error value", cell, line, delivery)
    if isinstance(value, bool):
        raise _refused("true or false", cell, line, delivery)
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | str) and not isinstance(value, datetime):
        return str(value).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
    raise _refused("a time of day", cell, line, delivery)


def _refused(what: str, cell: Any, line: int, delivery: Delivery) -> CellValueError:
    return CellValueError(
        f"the cell holds {what} and not a value",
        where=Location(delivery.name, line, str(cell.column_letter)),
        action=_AS_XLSX,
    )


def _number(value: float, number_format: str) -> str:
    """The shortest decimal form of the stored number, with a decimal comma; a share as it is shown, in per cent."""
    exact = Decimal(repr(value))
    is_share = "%" in number_format
    text = f"{(exact * 100 if is_share else exact).normalize():f}".replace(".", ",")
    return f"{text} %" if is_share else text
