"""How many people work in each part of a unit: amounts of a part where few work may tell what one of them costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import narwhals as nw
import polars as pl

from analytics.measures.scope import Data, Scope, collect, lazy

LEVELS: Final = ("cost_centre", "base_unit")
FEW: Final = "få"
"""The code of parts where few people work, together."""


def employees(data: Data, scope: Scope) -> dict[str, dict[str, int]]:
    """Level → code → persons employed there in the smallest month of this year and last in which anybody is."""
    months = [*scope.ledger_range.months, *scope.ledger_range.previous_year.months]
    rows = lazy(data.employments).filter(nw.col("administration") == scope.unit, nw.col("period").is_in(months))
    found = collect(rows.select(*LEVELS, "period", "employee_key").unique())
    return {
        level: dict(
            found.group_by(level, "period")
            .agg(pl.col("employee_key").n_unique().alias("persons"))
            .group_by(level)
            .agg(pl.col("persons").min())
            .rows()
        )
        for level in LEVELS
    }


def merged(frame: pl.DataFrame, persons: Mapping[str, Mapping[str, int]], *, least: int) -> pl.DataFrame:
    """The cube with parts where fewer than ``least`` work told together, with the next smallest if still too few.

    Parts without any employee are left as they are. A base unit that is merged takes its cost centres with it.
    """
    for level in ("base_unit", "cost_centre"):
        frame = _merged_at(frame, level, persons[level], least=least)
    return frame


def _merged_at(frame: pl.DataFrame, level: str, persons: Mapping[str, int], *, least: int) -> pl.DataFrame:
    here = {code: persons.get(code, 0) for code in frame[level].unique().sort() if code != FEW}
    few = {code: number for code, number in here.items() if 0 < number < least}
    others = sorted((number, code) for code, number in here.items() if code not in few and number)
    while few and (sum(few.values()) < least or len(few) < 2) and others:
        number, code = others.pop(0)
        few[code] = number
    if not few:
        return frame
    is_few = pl.col(level).is_in(list(few))
    label = "Delar med få anställda, sammanslagna"
    below = ["cost_centre"] if level == "base_unit" else []
    return frame.with_columns(
        *(pl.when(is_few).then(pl.lit(FEW)).otherwise(pl.col(name)).alias(name) for name in (level, *below)),
        *(
            pl.when(is_few).then(pl.lit(label)).otherwise(pl.col(f"{name}_label")).alias(f"{name}_label")
            for name in (level, *below)
        ),
    )
