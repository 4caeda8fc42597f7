"""How many people work in each part of a unit: amounts of a part where few work may tell what one of them costs.

What leaves a panel follows the rules of a shared table of a part (decision 030): a part where few work is told together
with enough of its neighbours, and the parts of one unit are neighbours of each other alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import narwhals as nw
import polars as pl

from analytics.disclosure.together import untold
from analytics.measures.scope import Data, Scope, collect, lazy

LEVELS: Final = ("cost_centre", "base_unit")
FEW: Final = "få"
"""The code of parts where few people work, together."""
_LABEL: Final = "Delar med få anställda, sammanslagna"


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
    """The cube with parts where fewer than ``least`` work told together with enough of their neighbours.

    The base units of the unit are neighbours, and so are the cost centres of one base unit: the bar of the base unit
    less those of its cost centres must not tell a small one. A base unit that is merged takes its cost centres with it.
    Parts without any employee are left as they are.
    """
    centres = frame.select(*reversed(LEVELS)).unique()
    few_units = untold({code: persons["base_unit"].get(code, 0) for code in centres["base_unit"].unique()}, least)
    few = [
        {"base_unit": unit, "cost_centre": centre, "is_few": True}
        for (unit,), below in centres.group_by("base_unit")
        for centre in _few_centres(below["cost_centre"], persons["cost_centre"], least, whole=unit in few_units)
    ]
    schema = {"base_unit": pl.String, "cost_centre": pl.String, "is_few": pl.Boolean}
    marked = frame.join(
        pl.DataFrame(few, schema=schema), on=["base_unit", "cost_centre"], how="left", maintain_order="left"
    )
    is_few = {
        "base_unit": pl.col("base_unit").is_in(list(few_units)),
        "cost_centre": pl.col("is_few").fill_null(value=False),
    }
    return marked.with_columns(
        pl.when(is_few[level]).then(pl.lit(said)).otherwise(pl.col(column)).alias(column)
        for level in LEVELS
        for column, said in ((level, FEW), (f"{level}_label", _LABEL))
    ).drop("is_few")


def _few_centres(here: pl.Series, persons: Mapping[str, int], least: int, *, whole: bool) -> frozenset[str]:
    """The cost centres of one base unit that are told together: all of them where the base unit itself is."""
    return frozenset(here) if whole else untold({code: persons.get(code, 0) for code in here}, least)
