"""Linked charts as a picture: the bars as they are drawn for a selection, and no row behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analytics import grid, tables
from analytics.charts import theme
from analytics.charts.figure import Figure
from analytics.charts.linked import FADED, SCHEMA, Linked, View, bars_of, heading, on_lines


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, length and printed number; ``is_selected`` is False where another bar is."""

    name: str
    value: float
    text: str
    is_selected: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What stands around the picture: title, what it says, and notes."""

    figure_id: str
    title: str
    sentence: str
    caption: str
    unit: str
    source: str


def still(linked: Linked, bars: Sequence[Sequence[Bar]], told: Told) -> Figure:
    """The figure of the linked charts.

    ``bars`` are those of each view, in the order of ``linked.views``: the largest are drawn, as many as the view asks
    for, and its heading says so. A view without bars is left out.
    """
    drawn = {view: _largest(each, view.most) for view, each in zip(linked.views, bars, strict=True)}
    headings = {view: heading(view, len(each)) for view, each in zip(linked.views, bars, strict=True)}
    apart = {"scale": {"x": "independent", "y": "independent", "color": "independent"}}
    spec = {
        "$schema": SCHEMA,
        "description": f"{told.title}. {told.sentence}",
        "hconcat": [
            {
                "vconcat": [
                    {"title": headings[view], **_still(view, drawn[view], linked)} for view in column if drawn[view]
                ],
                "resolve": apart,
            }
            for column in linked.columns
            if any(drawn[view] for view in column)
        ],
        "spacing": 24,
        "resolve": apart,
        "config": {name: value for name, value in theme.config().items() if name != "legend"},
    }
    rows = [
        grid.Row(heads=(headings[view], bar.name), cells=(grid.Cell(bar.text, "ok"),))
        for view in linked.views
        for bar in drawn[view]
    ]
    numbers = grid.Grid(heads=("Diagram", "Rad"), groups=(), columns=(told.unit,), rows=tuple(rows), unit=told.unit)
    return Figure(
        figure_id=told.figure_id,
        title=told.title,
        alternative=f"Stapeldiagram: {told.title}. {told.sentence}",
        caption=told.caption,
        spec=spec,
        table_html=tables.render(numbers, caption=f"Siffrorna i diagrammet {told.title}", prefix=told.figure_id),
        text=told.sentence,
        source=told.source,
    )


def _still(view: View, bars: Sequence[Bar], linked: Linked) -> dict[str, Any]:
    names = [on_lines(bar.name) for bar in bars]
    values = [
        {
            "lines": name,
            "value": bar.value,
            "direction": 0 if bar.value < 0 else 1,
            "text": bar.text,
            "opacity": 1 if bar.is_selected else FADED,
        }
        for name, bar in zip(names, bars, strict=True)
    ]
    made = bars_of(linked, names=names, field="lines", sort=names, opacity=None)
    layers: list[dict[str, Any]] = made["layer"]
    layers[0]["encoding"]["opacity"] = {"field": "opacity", "type": "quantitative", "scale": None}
    layers[2]["encoding"]["text"] = {"field": "text", "type": "nominal"}
    return {"width": view.width, "data": {"values": values}, **made}


def _largest(bars: Sequence[Bar], most: int) -> list[Bar]:
    """The largest of the bars, in the order that they stand in."""
    kept = sorted(range(len(bars)), key=lambda number: -abs(bars[number].value))[:most]
    return [bars[number] for number in sorted(kept)]
