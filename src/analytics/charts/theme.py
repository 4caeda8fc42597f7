"""Colours, fonts and the Swedish locale that every chart shares.

Each colour has a contrast of at least 4.5:1 on white and the series differ in dash and point shape as well, so that
no series is told by colour alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analytics.periods import MONTH_NAMES

HEIGHT = 320
BAR_STEP = 30
FONT_SIZE = 13
LINE_HEIGHT = 16
# A name is never cut: two names cut alike would be the same. It is set on lines of so many letters, fewer on a phone,
# where it stands above its bar.
WIDE_LETTERS = 46
NARROW_LETTERS = 36
IS_WIDE = "containerSize()[0] > 600"
TEXT_COLOUR = "#1f2933"
GRID_COLOUR = "#d5dade"
UNFAVOURABLE = "#a63603"
FAVOURABLE = "#00588f"
DECREASE = "#5f6368"


@dataclass(frozen=True, slots=True)
class Style:
    """How one series is drawn: ``width`` of its line and area of its ``points`` in pixels."""

    colour: str
    dash: tuple[int, ...]
    shape: str
    width: float = 2.5
    points: int = 60


# The year of the report is the strongest line, earlier years are paler and budgets are thin.
LATEST = Style("#00588f", (1, 0), "circle", 4, 90)
EARLIER = (Style("#8a6240", (6, 3), "square", 2, 40), Style("#6f757b", (2, 2), "triangle-up", 2, 40))
BUDGET = Style("#00694a", (10, 4), "diamond", 1.4, 25)
SEASONAL = Style("#7b2d86", (8, 3, 2, 3), "cross", 1.4, 25)
BY_SEX = {
    "T": Style("#00588f", (1, 0), "circle"),
    "K": Style("#7b2d86", (6, 3), "square"),
    "M": Style("#00694a", (2, 2), "triangle-up"),
}
GROUPS = (
    Style("#00588f", (1, 0), "circle"),
    Style("#a63603", (6, 3), "square"),
    Style("#5f6368", (2, 2), "triangle-up"),
    Style("#7b2d86", (8, 3, 2, 3), "cross"),
    Style("#00694a", (10, 4), "diamond"),
)
_NUMBER_LOCALE: dict[str, Any] = {
    "decimal": ",",
    "thousands": "\u00a0",
    "grouping": [3],
    "currency": ["", "\u00a0kr"],
    "minus": "\u2212",
    "percent": "\u00a0%",
}
_DAYS = ["söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"]
_TIME_LOCALE: dict[str, Any] = {
    "dateTime": "%A %e %B %Y %X",
    "date": "%Y-%m-%d",
    "time": "%H:%M:%S",
    "periods": ["fm", "em"],
    "days": _DAYS,
    "shortDays": [day[:3] for day in _DAYS],
    "months": list(MONTH_NAMES),
    "shortMonths": [name[:3] for name in MONTH_NAMES],
}


def sized(field: str, sizes: Mapping[str, int]) -> dict[str, Any]:
    """Point sizes by the value of a field. A scale without a legend would take the others' with it."""
    return {
        "condition": [
            {"test": f"datum['{field}'] === {json.dumps(name, ensure_ascii=False)}", "value": size}
            for name, size in sizes.items()
        ],
        "value": min(sizes.values()),
    }


def config() -> dict[str, Any]:
    """The Vega-Lite configuration. ``aria`` is off inside the drawing: its place on the page carries the text."""
    text = {
        "labelFontSize": FONT_SIZE,
        "titleFontSize": FONT_SIZE,
        "labelColor": TEXT_COLOUR,
        "titleColor": TEXT_COLOUR,
    }
    return {
        "aria": False,
        "background": "#ffffff",
        "font": "system-ui, 'Segoe UI', Roboto, Arial, sans-serif",
        "locale": {"number": _NUMBER_LOCALE, "time": _TIME_LOCALE},
        "view": {"stroke": None},
        "axis": {
            **text,
            "gridColor": GRID_COLOUR,
            "domainColor": "#6b7280",
            "tickColor": "#6b7280",
            "titleFontWeight": 400,
        },
        "legend": {
            "labelFontSize": FONT_SIZE,
            "labelColor": TEXT_COLOUR,
            "orient": "top",
            "direction": "horizontal",
            "columns": {"expr": f"{IS_WIDE} ? 3 : 1"},
            "title": None,
            "symbolSize": 90,
            "symbolStrokeWidth": 0,
            "labelLimit": 260,
            # Two legends stand one under the other: side by side the second is cut.
            "layout": {"top": {"anchor": "start", "direction": "vertical"}},
        },
    }
