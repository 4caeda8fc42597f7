"""Tables of the forecast from rows that already stand in printed order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from analytics.measures.catalogue import MeasureTable, TableSpec


def table_of(
    spec: TableSpec, records: Sequence[tuple[Any, ...]], *, period_label: str, notes: Sequence[str]
) -> MeasureTable:
    """A table from rows of its keys, then text (if it prints words), value and (if it is protected) n."""
    names = (
        *spec.keys,
        *(("text",) if spec.texts else ()),
        "value",
        *(("n",) if spec.protection != "none" else ()),
    )
    kinds: dict[str, Any] = {"level": pl.Int64, "value": pl.Float64, "n": pl.Int64}
    frame = pl.DataFrame(records, schema={name: kinds.get(name, pl.String) for name in names}, orient="row")
    return MeasureTable(spec, frame, dict(spec.labels), period_label, tuple(notes))
