"""Deliveries read by layout: decode, split, check, harmonise to the declared columns. Nothing is dropped silently."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analytics.processed import schema_of
from analytics.snapshots import Snapshot
from analytics.sources import kolada, quoted, rows, sheet
from analytics.sources.layouts import LAYOUTS
from analytics.sources.model import Context, Delivery, Layout, RawRows, Reading, Splitting

__all__ = ["LAYOUTS", "Context", "Delivery", "Layout", "Reading", "read_delivery"]

_SPLITTERS: dict[Splitting, Callable[[bytes, Layout, Delivery], RawRows]] = {
    "plain": rows.split,
    "quoted": quoted.split,
    "sheet": sheet.split,
    "records": kolada.split,
}


def read_delivery(snapshot: Snapshot, context: Context) -> Reading:
    """The rows of a snapshot in the declared columns of its table.

    Raises a DeliveryError with file, line, column and count, never with a personal value.
    """
    layout = LAYOUTS[snapshot.layout]
    delivery = Delivery(snapshot.path, snapshot.original, snapshot.month)
    split = _SPLITTERS[layout.forms[snapshot.original.suffix[1:].lower()]]
    reading = layout.read(split(snapshot.content(), layout, delivery), layout, context)
    schema = schema_of(layout.table)
    frame = reading.frame.select(pl.col(name).cast(kind) for name, kind in schema.items())
    return Reading(frame, reading.taken)
