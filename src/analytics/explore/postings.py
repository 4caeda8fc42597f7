"""The postings behind a selection, from the processed ledger. It holds no persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import narwhals as nw
import polars as pl

from analytics.measures import ledger
from analytics.measures.scope import Data, Scope, collect
from analytics.periods import PeriodRange

MOST: Final = 200
"""So many postings are listed, the largest; the rest is told as a number and a sum."""
_KEPT: Final = (
    "period",
    "base_unit",
    "cost_centre",
    "report_line",
    "account",
    "counterparty",
    "project",
    "activity",
    "posting_date",
    "registration_date",
    "amount_ore",
)


@dataclass(frozen=True, slots=True)
class Postings:
    """The largest postings of a selection, how many there are in all and their sum in öre."""

    largest: pl.DataFrame
    count: int
    amount_ore: int


def of_range(data: Data, scope: Scope, months: PeriodRange) -> pl.DataFrame:
    """Every posted row of the unit that reports count, in these months; ``month`` is the month it counts in."""
    rows = ledger.counted(data, scope, projects=False).filter(
        nw.col("kind") == "outcome", nw.col("period").is_in(months.months)
    )
    return collect(rows.select(*_KEPT)).rename({"period": "month"})


def behind(rows: pl.DataFrame, selected: Mapping[str, Sequence[str]]) -> Postings:
    """The postings that a selection is made of (column → codes; a column without codes narrows nothing)."""
    found = narrowed(rows, selected)
    largest = found.sort(pl.col("amount_ore").abs(), descending=True, maintain_order=True).head(MOST)
    return Postings(largest, found.height, int(found["amount_ore"].sum()))


def narrowed(rows: pl.DataFrame, selected: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """The rows whose codes are all selected."""
    tests = [pl.col(column).is_in(list(codes)) for column, codes in selected.items() if codes]
    return rows.filter(*tests) if tests else rows
