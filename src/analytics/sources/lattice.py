"""Rows of cells, from quoted text or a worksheet, to the columns of a layout: header, width and row count by rule."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import polars as pl

from analytics.errors import DeliveryUnreadableError, LayoutError, Location
from analytics.sources import headers
from analytics.sources.model import LINE, Delivery, Layout, RawRows

_LONGEST_CELL = 8_000
"""Characters; a longer cell is rubbish, or rows swallowed by a quote."""


def assemble(
    rows: Sequence[tuple[int, list[str]]],
    layout: Layout,
    delivery: Delivery,
    *,
    taken: tuple[str, ...],
    padded: bool,
) -> RawRows:
    """The rows between header and trailer as stripped cells.

    Args:
        rows: line number and cells, from the first line of the file.
        layout: the columns.
        delivery: the file.
        taken: what has been detected so far.
        padded: a short row has blank cells at its end (a worksheet), and is not one that is cut off (a text).

    Raises LayoutError (columns, trailer, width) and DeliveryUnreadableError (no rows).
    """
    stripped = [(line, [cell.strip() for cell in cells]) for line, cells in rows]
    while stripped and not any(stripped[-1][1]):
        stripped.pop()
    position = _header(stripped, layout, delivery)
    if position == len(stripped) - 1:
        raise DeliveryUnreadableError(
            "the file ends after its header",
            where=Location(delivery.name, stripped[position][0]),
            action=headers.AGAIN,
        )
    end, last = stripped[-1]
    promised = headers.promised_rows(" ".join(cell for cell in last if cell), end, delivery)
    width = len(layout.columns)
    body = [(line, _of_width(cells, width, padded=padded)) for line, cells in stripped[position + 1 : -1]]
    wrong = [line for line, cells in body if len(cells) != width or not any(cells)]
    if wrong:
        raise LayoutError(
            f"a row has not {width} cells: it is blank, cut off, or a text holds the separator",
            where=Location(delivery.name, wrong[0], count=len(wrong)),
            action=headers.AGAIN,
        )
    long = [line for line, cells in body if max(len(cell) for cell in cells) > _LONGEST_CELL]
    if long:
        raise LayoutError(
            f"a cell is longer than {_LONGEST_CELL} characters: the file is damaged",
            where=Location(delivery.name, long[0], count=len(long)),
            action=headers.AGAIN,
        )
    headers.check_rows(len(body), promised, layout, Location(delivery.name, end))
    frame = pl.DataFrame(
        [(line, *cells) for line, cells in body],
        schema={LINE: pl.UInt32, **dict.fromkeys(layout.columns, pl.String)},
        orient="row",
    )
    said = (f"header on line {stripped[position][0]}", f"rows: {frame.height}, as the last line says")
    return RawRows(delivery, frame, frame.clear(), (*taken, *said))


def _header(rows: Sequence[tuple[int, list[str]]], layout: Layout, delivery: Delivery) -> int:
    """Position of the header among the rows."""
    for position, (line, cells) in enumerate(rows[: headers.WITHIN]):
        names = _of_width([unicodedata.normalize("NFC", cell) for cell in cells], len(layout.columns), padded=False)
        if len(set(names) & set(layout.columns)) * 2 >= len(layout.columns):
            headers.check(names, layout, Location(delivery.name, line))
            return position
    raise LayoutError(
        f"no header row with the columns of {layout.name} within the first {headers.WITHIN} lines",
        where=Location(delivery.name, layout.header_line),
        action=f"Columns: {'; '.join(layout.columns)}. {headers.AGAIN}",
    )


def _of_width(cells: list[str], width: int, *, padded: bool) -> list[str]:
    """The cells without blank ones beyond the width, and filled up to it where short rows are usual."""
    kept = list(cells)
    while len(kept) > width and not kept[-1]:
        kept.pop()
    return kept + [""] * (width - len(kept)) if padded else kept
