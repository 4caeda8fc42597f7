"""Tab text whose cells may be quoted, with line breaks inside: rows by rule, a broken quote is refused."""

from __future__ import annotations

import csv
import io

from analytics.errors import LayoutError, Location
from analytics.sources import headers, lattice
from analytics.sources.decoding import decode
from analytics.sources.model import Delivery, Layout, RawRows


def split(content: bytes, layout: Layout, delivery: Delivery) -> RawRows:
    """Rows of one delivery as stripped text cells in the layout's columns, with the lines they begin on.

    Raises DeliveryUnreadableError (encoding, empty) and LayoutError (broken quote, columns, trailer, cells).
    """
    text, encoding = decode(content, file=delivery.name)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True)
    rows: list[tuple[int, list[str]]] = []
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            raise LayoutError(
                "a quote is broken: it is not closed, or text follows it within the cell",
                where=Location(delivery.name, line),
                action=headers.AGAIN,
            ) from None
        if cells is None:
            break
        rows.append((line, cells))
    return lattice.assemble(
        rows, layout, delivery, taken=(f"encoding {encoding}", "separator tab, cells may be quoted"), padded=False
    )
