"""Key figures of Kolada: the latest of every region, of women and men, and what is missing after it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import narwhals as nw
import polars as pl

from analytics.goals import written
from analytics.kolada import ATTRIBUTION
from analytics.measures.indicators.observed import ALL, KOLADA
from analytics.measures.scope import Data, Scope, collect, lazy

NOTE = f"{ATTRIBUTION}, för jämförelsen mellan regioner."
_SEXES = {"K": "women", "M": "men"}
NO_VALUE = "Saknas"


@dataclass(frozen=True, slots=True)
class Region:
    """The latest year of one region that has a value: in all, of each sex, and the gap after it, if any."""

    code: str
    label: str
    year: int | None
    total: float | None
    sexes: dict[str, float]
    gap: str

    @property
    def when(self) -> str:
        """``2016 (2017 saknas: Missing)``, with Kolada's own word for why."""
        year = "" if self.year is None else str(self.year)
        return f"{year} ({self.gap})".strip() if self.gap else year


def key_figures(data: Data, scope: Scope) -> dict[str, tuple[str, list[Region]]]:
    """Key figure → its name and its regions, up to the report month; a later delivery replaces an earlier one."""
    rows = (
        collect(lazy(data.indicators).filter(nw.col("source") == KOLADA, nw.col("period") <= str(scope.period)))
        .sort("delivery", "period")
        .unique(["period", "indicator", "observed_unit", "sex"], keep="last", maintain_order=True)
        .sort("indicator", "observed_unit", "period")
    )
    found: dict[str, tuple[str, list[Region]]] = {}
    for (code, region), held in rows.group_by("indicator", "observed_unit", maintain_order=True):
        name = str(held["indicator_label"][-1] or code)
        found.setdefault(str(code), (name, []))[1].append(_region(str(region), held))
    return found


def cells(region: Region) -> list[tuple[str, str, float | None]]:
    """Column, text and value of each printed cell."""
    total = NO_VALUE if region.total is None else _text(region.total)
    sexes = [(column, region.sexes[sex]) for sex, column in _SEXES.items() if sex in region.sexes]
    return [
        ("outcome", total, region.total),
        *((column, _text(value), value) for column, value in sexes),
        ("when", region.when, None),
    ]


def _text(value: float) -> str:
    return written(Fraction(str(value)), "")


def _region(code: str, held: pl.DataFrame) -> Region:
    totals = held.filter(pl.col("sex") == ALL)
    given = totals.filter(pl.col("value").is_not_null())
    newest = str(given["period"][-1]) if given.height else ""
    rows = held.filter(pl.col("period") == newest, pl.col("value").is_not_null()).select("sex", "value").rows()
    values: dict[str, float] = dict(rows)
    later = totals.filter(pl.col("value").is_null(), pl.col("period") > newest)
    gap = "; ".join(f"{row['period'][:4]} saknas: {row['missing_status']}" for row in later.iter_rows(named=True))
    return Region(
        code=code,
        label=str(held["observed_label"][-1]),
        year=int(newest[:4]) if newest else None,
        total=values.get(ALL),
        sexes={sex: value for sex, value in values.items() if sex != ALL},
        gap=gap,
    )
