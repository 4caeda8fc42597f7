"""Which indicators the panel has: one row an indicator and unit, with its area and its status."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.measures.indicators.status import SYMBOLS

UNJUDGED: Final = "Utan bedömning"
ELSEWHERE: Final = "Utanför planen (jämförelser)"
"""Indicators that are compared and belong to no area of the plan, as those of Kolada."""
KEYS: Final = ("indicator", "area", "state", "observed_unit")


def of_tables(status: pl.DataFrame, units: pl.DataFrame, unit: str, unit_label: str) -> pl.DataFrame:
    """The rows of ``indicator_status`` and ``indicator_units`` side by side, in the order of the plan.

    Columns: indicator, area, state and observed_unit, each with ``_label``; ``is_first`` is true for one row of each
    indicator, that of the own unit (``unit``) if it has one. Indicators without other units have that of their own.
    """
    areas: dict[str, tuple[str, str]] = {}
    area = ("", ELSEWHERE)
    names: dict[str, str] = {}
    own = status["level"].max() if status.height else None
    for code, label, level in status.select("indicator", "indicator_label", "level").unique(maintain_order=True).rows():
        if level == own:
            areas[code], names[code] = area, label
        elif level == 1:
            area = (code, label)
    states = dict(status.filter(column="status").select("indicator", "text").rows())
    observed: dict[str, dict[str, str]] = {}
    keys = ("indicator", "indicator_label", "observed_unit", "observed_unit_label")
    for code, label, place, place_label in units.select(keys).unique(maintain_order=True).rows():
        names.setdefault(code, label)
        observed.setdefault(code, {})[place] = place_label
    signs = "".join(SYMBOLS.values())
    rows = []
    for code, label in names.items():
        places = observed.get(code) or {unit: unit_label}
        first = unit if unit in places else next(iter(places))
        state = (states.get(code) or UNJUDGED).lstrip(f"{signs} ")
        area_code, area_label = areas.get(code, ("~", ELSEWHERE))
        rows += [
            {
                "indicator": code,
                "indicator_label": label,
                "area": area_code,
                "area_label": area_label,
                "state": state,
                "state_label": state,
                "observed_unit": place,
                "observed_unit_label": place_label,
                "is_first": place == first,
            }
            for place, place_label in places.items()
        ]
    text = [f"{name}{suffix}" for name in KEYS for suffix in ("", "_label")]
    return pl.DataFrame(rows, schema={**dict.fromkeys(text, pl.String()), "is_first": pl.Boolean()})
