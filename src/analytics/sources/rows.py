"""Text of a delivery to rows of text cells: header, separator, trailer and sum rows by rule, nothing guessed."""

from __future__ import annotations

import unicodedata

import polars as pl

from analytics.errors import DeliveryUnreadableError, LayoutError, Location
from analytics.sources import headers
from analytics.sources.decoding import decode
from analytics.sources.model import LINE, Delivery, Layout, RawRows

_SEPARATORS = {";": "semicolon", "\t": "tab", ",": "comma", "|": "bar"}
_ACCOUNT_SUM = r"(?i)(?:^|[;\t,|])\s*Summa konto\b"
_ANY_SUM = (
    r"(?i)(?:^|[;\t,|])\s*[\"']?\s*(?:(?:del|slut|total)?summa\b|"
    r"(?:(?:grand )?total|totalt|sum|summering|s:a)\s*:?\s*\d*\s*[\"']?\s*(?:[;\t,|]|$))"
)
_LONGEST_ROW = 5_000
"""Characters; a longer row is rubbish, whatever separators it has."""


def split(content: bytes, layout: Layout, delivery: Delivery) -> RawRows:
    """Rows of one delivery as stripped text cells in the layout's columns, with line numbers.

    Raises DeliveryUnreadableError (encoding, empty) and LayoutError (columns, trailer, cells, sum rows).
    """
    text, encoding = decode(content, file=delivery.name)
    lines = pl.DataFrame({"text": pl.Series([text]).str.split("\n").explode()}).with_row_index(LINE, offset=1)
    header_line, separator, trailing = _header(lines, layout, delivery)
    last = lines.filter(pl.col("text").str.strip_chars() != "").tail(1)
    end = int(last[LINE][0])
    if end <= header_line:
        raise DeliveryUnreadableError(
            "the file ends after its header", where=Location(delivery.name, end), action=headers.AGAIN
        )
    promised = headers.promised_rows(str(last["text"][0]), end, delivery)
    body = lines.filter((pl.col(LINE) > header_line) & (pl.col(LINE) < end))
    sums, rows = _without_sum_rows(body, layout, delivery)
    _check_cells(rows, separator, len(layout.columns) - 1 + trailing, delivery)
    headers.check_rows(rows.height, promised, layout, Location(delivery.name, end))
    taken = (
        f"encoding {encoding}",
        f"separator {_SEPARATORS[separator]}",
        f"header on line {header_line}",
        f"rows: {rows.height}, as the last line says",
        *((f"sum rows checked and left out: {sums.height}",) if sums.height else ()),
    )
    return RawRows(delivery, _cells(rows, separator, layout), _cells(sums, separator, layout), taken)


def _cells(rows: pl.DataFrame, separator: str, layout: Layout) -> pl.DataFrame:
    parts = pl.col("text").str.split_exact(separator, len(layout.columns) - 1).struct.rename_fields(layout.columns)
    frame = rows.select(LINE, parts.alias("parts")).unnest("parts")
    return frame.with_columns(pl.col(layout.columns).str.strip_chars().fill_null(""))


def _header(lines: pl.DataFrame, layout: Layout, delivery: Delivery) -> tuple[int, str, int]:
    """Line of the header, separator, and how many extra separators end each row (0 or 1)."""
    expected = list(layout.columns)
    best: tuple[int, int, str, list[str]] = (0, 0, "", [])
    for line, text in lines.head(headers.WITHIN).iter_rows():
        for separator in _SEPARATORS:
            cells = [unicodedata.normalize("NFC", cell.strip()) for cell in text.split(separator)]
            hits = len(set(cells) & set(expected))
            if hits > best[0]:
                best = (hits, line, separator, cells)
    hits, line, separator, cells = best
    if hits * 2 < len(expected):
        raise LayoutError(
            f"no header row with the columns of {layout.name} within the first {headers.WITHIN} lines",
            where=Location(delivery.name, layout.header_line),
            action=f"Columns: {'; '.join(expected)}. {headers.AGAIN}",
        )
    trailing = int(cells[-1] == "")
    found = cells[:-1] if trailing else cells
    headers.check(found, layout, Location(delivery.name, line))
    return line, separator, trailing


def _without_sum_rows(body: pl.DataFrame, layout: Layout, delivery: Delivery) -> tuple[pl.DataFrame, pl.DataFrame]:
    is_sum = pl.col("text").str.contains(_ACCOUNT_SUM) if layout.sum_rows else pl.lit(value=False)
    sums, rows = body.filter(is_sum), body.filter(~is_sum)
    stray = rows.filter(pl.col("text").str.contains(_ANY_SUM))
    if not stray.is_empty():
        raise LayoutError(
            "a sum row stands among the data: its amount would be counted twice",
            where=Location(delivery.name, int(stray[LINE][0]), count=stray.height),
            action="Ask the supplier for the file without sum rows (Summa, Totalt).",
        )
    return sums, rows


def _check_cells(rows: pl.DataFrame, separator: str, separators: int, delivery: Delivery) -> None:
    long = rows.filter(pl.col("text").str.len_chars() > _LONGEST_ROW)
    if not long.is_empty():
        raise LayoutError(
            f"a row is longer than {_LONGEST_ROW} characters: the file is damaged",
            where=Location(delivery.name, int(long[LINE][0]), count=long.height),
            action=headers.AGAIN,
        )
    wrong = rows.filter(pl.col("text").str.count_matches(separator, literal=True) != separators)
    if wrong.is_empty():
        return
    raise LayoutError(
        f"a row has {str(wrong['text'][0]).count(separator)} separators instead of {separators}: "
        "it is cut off, or a text holds the separator or a line break",
        where=Location(delivery.name, int(wrong[LINE][0]), count=wrong.height),
        action=headers.AGAIN,
    )
