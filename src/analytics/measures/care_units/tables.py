"""From cells of care units, or of clinics, to a measure table in printed order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from analytics.measures.catalogue import TABLES, MeasureTable

ALL = "Alla jämförda enheter"
TARGET = "Mål"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: ``n`` persons behind the value, ``text`` printed instead of it.

    ``largest`` is the share (per cent) of an amount that one person has at most.
    """

    value: float | None = None
    n: int = 0
    text: str | None = None
    largest: float = 0.0


def row(head: Mapping[str, str], cells: Mapping[str, Cell]) -> list[dict[str, object]]:
    """The cells of one printed row, one per column."""
    return [
        {**head, "column": column, "text": cell.text, "value": cell.value, "n": cell.n, "largest": cell.largest}
        for column, cell in cells.items()
    ]


def unit_head(code: str, label: str) -> dict[str, str]:
    """Key columns of a unit's row; no code means the row of all."""
    return {"care_unit": code, "care_unit_label": label, "row_type": "row" if code else "total"}


def finish(
    table_id: str,
    rows: Sequence[dict[str, object]],
    *,
    period_label: str,
    notes: Sequence[str] = (),
    headings: Mapping[str, str] | None = None,
) -> MeasureTable:
    """The rows as they stand, in the declared columns."""
    spec = TABLES[table_id]
    names = [*spec.keys, *(("text",) if spec.texts else ()), "value", "n", *(("largest",) if spec.dominance else ())]
    types = {"value": pl.Float64(), "n": pl.Int64(), "largest": pl.Float64()}
    frame = pl.DataFrame(
        [{name: record.get(name) for name in names} for record in rows],
        schema={name: types.get(name, pl.String()) for name in names},
    )
    return MeasureTable(spec, frame, dict(headings or spec.labels), period_label, tuple(notes))
