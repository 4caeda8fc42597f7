"""Bars of the answer of a free query: one row a bar, in the order of the query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from analytics import grid, tables
from analytics.charts import axes, theme
from analytics.charts.figure import Figure, spec_of
from analytics.charts.still import Bar, Told


def answered(bars: Sequence[Bar], told: Told) -> Figure:
    """The figure of bars with names that differ. What may be in it for whom is for the caller to know.

    ``told.unit`` is the name of the column that is drawn; negative values are drawn to the left of zero.
    """
    names = [bar.name for bar in bars]
    labels = axes.set_names(names)
    height, narrow = labels.heights()
    alternative = f"Stapeldiagram: {told.title}. {told.sentence}"
    numbers = grid.Grid(
        heads=("Rad",),
        groups=(),
        columns=(told.unit,),
        rows=tuple(grid.Row(heads=(bar.name,), cells=(grid.Cell(bar.text, "ok"),)) for bar in bars),
        unit=told.unit,
    )
    return Figure(
        figure_id=told.figure_id,
        title=told.title,
        alternative=alternative,
        caption=told.caption,
        spec=spec_of(_chart(bars, labels, told.unit), description=alternative, height=height, narrow_height=narrow),
        table_html=tables.render(numbers, caption=f"Siffrorna i diagrammet {told.title}", prefix=told.figure_id),
        text=told.sentence,
        source=told.source,
    )


def _chart(bars: Sequence[Bar], labels: axes.Labels, unit: str) -> alt.LayerChart:
    values = [{"namn": bar.name, "värde": bar.value, "text": bar.text} for bar in bars]
    # Letters are at most 8 wide: no number beside a bar runs into the names.
    room = 8 * max((len(bar.text) for bar in bars), default=1) + 14
    base = alt.Chart(alt.InlineData(values=values, name="svar-data")).encode(
        y=labels.y([bar.name for bar in bars]),
        x=alt.X("värde:Q", axis=alt.Axis(**axes.amounts(unit)), scale=alt.Scale(padding=room, nice=False)),
        tooltip=[alt.Tooltip("namn:N", title="Rad"), alt.Tooltip("text:N", title="Värde")],
    )
    drawn = base.mark_bar(height=labels.thickness(), yOffset=labels.below, color=theme.FAVOURABLE)
    place: dict[str, Any] = {"fontSize": theme.FONT_SIZE, "yOffset": labels.below, "color": theme.TEXT_COLOUR}
    right = base.transform_filter("datum['värde'] >= 0").mark_text(align="left", dx=4, **place)
    left = base.transform_filter("datum['värde'] < 0").mark_text(align="right", dx=-4, **place)
    return alt.LayerChart(layer=[drawn, right.encode(text="text:N"), left.encode(text="text:N")])
