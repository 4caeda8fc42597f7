"""The answer of a free query as a chart: its first column of numbers by the columns that are none."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Final

import polars as pl

from analytics import swedish
from analytics.charts.answered import answered
from analytics.charts.figure import Figure
from analytics.charts.still import Bar, Told
from analytics.workbench.querying import cell_text

MOST: Final = 30
"""Rows that are drawn; the table has more."""
NO_NUMBER: Final = "Svaret har ingen kolumn med tal, så det finns inget att rita."
NO_NAME: Final = "Svaret har inget annat än tal, så staplarna får inga namn. Ta med en kolumn med text eller datum."
NO_ROW: Final = "Svaret har inga rader med tal att rita."
EMPTY: Final = "(tomt)"


def columns_of(frame: pl.DataFrame) -> tuple[str | None, list[str]]:
    """The column of numbers that is drawn (None where there is none), and the columns that name the bars."""
    numeric = [name for name, dtype in frame.schema.items() if dtype.is_numeric()]
    return next(iter(numeric), None), [name for name in frame.columns if name not in numeric]


def title_of(frame: pl.DataFrame, example: str | None) -> str:
    """What was asked: the name of the example, else the columns of the answer."""
    if example:
        return example
    number, names = columns_of(frame)
    per = swedish_list(names)
    return f"Svar på frågan: {number or 'inga tal'}" + (f" per {per}" if per else "")


def drawn(frame: pl.DataFrame, *, title: str, until: str, source: str) -> Figure | str:
    """The chart, or a sentence that says why there is none.

    Args:
        frame: the answer; rows are drawn in its order, at most :data:`MOST`. Rows without a finite number are left
            out, and the title says how many are drawn of how many.
        title: what was asked.
        until: the month that the data go up to, in words.
        source: where the figures come from.
    """
    number, names = columns_of(frame)
    if number is None:
        return NO_NUMBER
    if not names:
        return NO_NAME
    values = frame[number].cast(pl.Float64)
    shown = frame.with_columns(values.alias(number)).filter(values.is_finite().fill_null(value=False)).head(MOST)
    if shown.is_empty():
        return NO_ROW
    decimals = 0 if all(math.floor(value) == value for value in shown[number]) else 2
    texts = [swedish.number(value, decimals) for value in shown[number]]
    labels = _apart([", ".join(cell_text(cell) or EMPTY for cell in row) for row in shown.select(names).rows()])
    bars = [Bar(*bar) for bar in zip(labels, shown[number], texts, strict=True)]
    part = ""
    if shown.height < frame.height:
        part = f", {swedish.number(shown.height)} av {swedish.number(frame.height)} rader"
    told = Told(
        figure_id="svar",
        title=f"{title}{part} (uppgifter till och med {until})",
        sentence=f"{swedish.number(len(bars))} staplar: {number} per {swedish_list(names)}.",
        caption=f"Frågans egen ordning, högst {MOST} rader; rader utan tal ritas inte.",
        unit=number,
        source=source,
    )
    return answered(bars, told)


def swedish_list(names: Sequence[str]) -> str:
    """``a, b och c``."""
    return " och ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def _apart(names: Sequence[str]) -> list[str]:
    """Names that differ: rows of the same name are numbered, since each has a bar of its own."""
    several = {name for name, count in Counter(names).items() if count > 1}
    met: Counter[str] = Counter()
    found: list[str] = []
    for name in names:
        met[name] += 1
        found.append(f"{name} [{met[name]}]" if name in several else name)
    return found
