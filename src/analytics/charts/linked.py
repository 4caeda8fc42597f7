"""Linked bar charts for exploration: a click in one narrows the others, in the browser and at once.

Everything is summed by Vega from one table of parts, so that no click waits for Python. The drawing goes into
:class:`analytics.charts.linked_widget.LinkedChart`, which tells Python what is selected.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from analytics.charts import theme

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
FADED: Final = 0.35
LETTERS: Final = 32
"""A name beside its bar is set on lines of at most so many letters."""
NAMES: Final = 235
"""Pixels that the names take."""
ROOM: Final = 64
"""Pixels beyond the longest bars for their numbers."""


@dataclass(frozen=True, slots=True)
class View:
    """One chart of bars: a bar for each code of ``column``, named by ``<column>_label``.

    ``narrowed_by`` are the columns whose selections narrow this view; ``most`` bars are drawn, the largest; ``ordered``
    keeps the order of the codes instead of the size. ``test`` is an expression that rows must pass; ``width`` is
    that of the bars in pixels; ``value`` replaces that of the drawing.
    """

    column: str
    title: str
    narrowed_by: tuple[str, ...]
    most: int = 12
    ordered: bool = False
    test: str = ""
    width: int = 230
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What is drawn: rows of parts, columns of views side by side, and expressions of what is summed.

    ``sums`` names each sum and the expression of what a row adds to it; ``value`` is the expression of a bar's length
    over those sums; ``parameters`` are names with their first values, set from Python. ``selected`` holds column →
    codes that are selected from the beginning. ``tooltips`` are sums → their Swedish names.
    ``several``: more than one bar of a view can be selected; not where bars cannot be added.
    """

    data: pl.DataFrame
    columns: tuple[tuple[View, ...], ...]
    sums: Mapping[str, str]
    value: str
    number_format: str
    parameters: Mapping[str, Any]
    colours: tuple[str, str] = (theme.UNFAVOURABLE, theme.FAVOURABLE)
    tooltips: Mapping[str, str] = field(default_factory=dict)
    selected: Mapping[str, Sequence[str]] = field(default_factory=dict)
    several: bool = True

    @property
    def views(self) -> tuple[View, ...]:
        return tuple(view for column in self.columns for view in column)


def selection_name(column: str) -> str:
    """What the selection of a view is called in the drawing."""
    return f"vald_{column}"


def set_on_lines(linked: Linked) -> pl.DataFrame:
    """The rows with each name set on lines too, ``|`` between them, in ``<column>_lines``."""
    return linked.data.with_columns(
        pl.col(f"{view.column}_label")
        .replace_strict(
            {name: on_lines(name) for name in linked.data[f"{view.column}_label"].unique()}, return_dtype=pl.String
        )
        .alias(f"{view.column}_lines")
        for view in linked.views
    )


def on_lines(name: str) -> str:
    """A name set on lines, | between them; none is cut."""
    return "|".join(textwrap.wrap(name.replace("|", "/"), LETTERS, break_long_words=False)) or name


def spec_of(linked: Linked) -> dict[str, Any]:
    """The drawing as Vega-Lite JSON without its data (:func:`set_on_lines`)."""
    apart = {"scale": {"x": "independent", "y": "independent", "color": "independent"}}
    config = {name: value for name, value in theme.config().items() if name != "legend"}
    title = {"fontSize": 15, "fontWeight": 600, "anchor": "start", "color": theme.TEXT_COLOUR, "offset": 6}
    return {
        "$schema": SCHEMA,
        "params": [*map(_variable, linked.parameters.items()), *(_selection(view, linked) for view in linked.views)],
        "hconcat": [
            {"vconcat": [_view(view, linked) for view in column], "spacing": 14, "resolve": apart}
            for column in linked.columns
        ],
        "spacing": 24,
        "resolve": apart,
        "config": {**config, "title": title},
    }


def _variable(named: tuple[str, Any]) -> dict[str, Any]:
    name, value = named
    return {"name": name, "value": value}


def _selection(view: View, linked: Linked) -> dict[str, Any]:
    first = [{view.column: code} for code in linked.selected.get(view.column, ())]
    return {
        "name": selection_name(view.column),
        "select": {"type": "point", "fields": [view.column], **({} if linked.several else {"toggle": False})},
        "views": [f"rader_{view.column}"],
        **({"value": first} if first else {}),
    }


def _view(view: View, linked: Linked) -> dict[str, Any]:
    made = bars_of(
        linked,
        names=[on_lines(name) for name in linked.data[f"{view.column}_label"].unique()],
        field=f"{view.column}_lines",
        sort={"field": view.column if view.ordered else "value", "op": "min", "order": "ascending"},
        opacity={"condition": {"param": selection_name(view.column), "value": 1}, "value": FADED},
    )
    made["layer"].append(_touched(view, linked, made["layer"][0]["encoding"]["y"]))
    title = heading(view, linked.data[view.column].n_unique())
    return {"title": title, "width": view.width, "transform": _transforms(view, linked), **made}


def heading(view: View, bars: int) -> str:
    """The title of a chart, which says that smaller bars are left out where there may be more than are drawn."""
    return view.title if bars <= view.most else f"{view.title} (högst {view.most}, de största)"


def bars_of(linked: Linked, *, names: Sequence[str], field: str, sort: Any, opacity: Any) -> dict[str, Any]:
    """Height and layers of one chart: bars, the line at zero and the numbers. ``names`` are set on lines."""
    most_lines = max((name.count("|") + 1 for name in names), default=1)
    place = {
        "field": field,
        "type": "nominal",
        "sort": sort,
        "title": None,
        "scale": {"paddingInner": 0.15, "paddingOuter": 0.05},
        "axis": _names(most_lines),
    }
    length = {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "axis": {"labels": False, "ticks": False, "grid": False, "domain": False},
        "scale": {"padding": ROOM, "nice": False, "zero": True},
    }
    colour = {"domain": [0, 1], "range": list(linked.colours)}
    bars = {
        "mark": {"type": "bar"},
        "encoding": {
            "y": place,
            "x": length,
            "color": {"field": "direction", "type": "nominal", "scale": colour, "legend": None},
            "opacity": opacity,
        },
    }
    zero = {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "color": "#6b7280"},
        "encoding": {"x": {"datum": 0}},
    }
    step = theme.LINE_HEIGHT * most_lines + 8
    return {"height": {"step": step}, "layer": [bars, zero, _numbers(place, length, linked)]}


def _transforms(view: View, linked: Linked) -> list[dict[str, Any]]:
    tests: list[Any] = [view.test] if view.test else []
    tests += [{"param": selection_name(column)} for column in view.narrowed_by]
    return [
        *({"filter": test} for test in tests),
        *({"calculate": expression, "as": f"_{name}"} for name, expression in linked.sums.items()),
        {
            "aggregate": [{"op": "sum", "field": f"_{name}", "as": name} for name in linked.sums],
            "groupby": [view.column, f"{view.column}_label", f"{view.column}_lines"],
        },
        {"calculate": view.value or linked.value, "as": "value"},
        {"filter": "isValid(datum.value)"},
        {"calculate": "abs(datum.value)", "as": "size"},
        {"calculate": "datum.value < 0 ? 0 : 1", "as": "direction"},
        {"window": [{"op": "row_number", "as": "place"}], "sort": [{"field": "size", "order": "descending"}]},
        {"filter": f"datum.place <= {view.most}"},
    ]


def _names(most_lines: int) -> dict[str, Any]:
    lines = "split(datum.label, '|')"
    half = theme.LINE_HEIGHT // 2
    above = {"labelOffset": {"expr": f"-{half} * (length({lines}) - 1)"}} if most_lines > 1 else {}
    return {
        "labelExpr": lines,
        "labelLimit": 0,
        "labelLineHeight": theme.LINE_HEIGHT,
        "labelOverlap": False,
        "ticks": False,
        "domain": False,
        "minExtent": NAMES,
        "maxExtent": NAMES,
        **above,
    }


def _numbers(place: dict[str, Any], length: dict[str, Any], linked: Linked) -> dict[str, Any]:
    """The number of each bar, outside it on its own side, so that the sign is read without the colour."""
    return {
        "mark": {
            "type": "text",
            "fontSize": theme.FONT_SIZE,
            "color": theme.TEXT_COLOUR,
            "align": {"expr": "datum.value < 0 ? 'right' : 'left'"},
            "dx": {"expr": "datum.value < 0 ? -4 : 4"},
        },
        "encoding": {
            "y": place,
            "x": length,
            "text": {"field": "value", "type": "quantitative", "format": linked.number_format},
        },
    }


def _touched(view: View, linked: Linked, place: dict[str, Any]) -> dict[str, Any]:
    """The whole row is what is clicked on: a bar may be a single pixel long."""
    tips = [{"field": f"{view.column}_label", "type": "nominal", "title": view.title}]
    tips += [
        {"field": name, "type": "quantitative", "title": title, "format": linked.number_format}
        for name, title in linked.tooltips.items()
    ]
    return {
        "name": f"rader_{view.column}",
        "mark": {"type": "bar", "opacity": 0, "cursor": "pointer"},
        "encoding": {"y": place, "x": {"value": 0}, "x2": {"value": view.width}, "tooltip": tips},
    }
