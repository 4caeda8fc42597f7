"""Funnel plot: each unit by how many it counts and its share, with limits that narrow as the number grows.

A unit outside the limits has another shape and its name beside it, so nothing is told by colour alone.
"""

from __future__ import annotations

from typing import Any, Literal

import altair as alt

from analytics import grid, sentences, tables
from analytics.charts import theme
from analytics.charts.figure import Figure, spec_of
from analytics.disclosure import ProtectedTable

INSIDE = "inom gränserna"
LOW_HIGH = (("low_95", "high_95", "95\u00a0%-gräns"), ("low_998", "high_998", "99,8\u00a0%-gräns"))
GROUP = "gruppens andel"
NEARLY_ALL = 98
MEANING = "Ju fler som räknas, desto smalare gränser: slumpen betyder mindre för en stor enhet."
LINES = {GROUP: (1, 0), "95\u00a0%-gräns": (7, 4), "99,8\u00a0%-gräns": (2, 3)}
"""Each line with its dash; they lie too close to carry their names."""
MARKS = {
    INSIDE: theme.Style(theme.FAVOURABLE, (1, 0), "circle", 1, 70),
    "utanför 95\u00a0%-gränsen": theme.Style("#7b2d86", (1, 0), "square", 1, 130),
    "utanför 99,8\u00a0%-gränsen": theme.Style(theme.UNFAVOURABLE, (1, 0), "diamond", 1, 200),
}

LABELS: tuple[tuple[str, Literal["left", "center", "right"], int, int], ...] = (
    ("vänster", "left", 10, 0),
    ("höger", "right", -10, 0),
    ("över", "center", 0, -14),
    ("under", "center", 0, 16),
)
"""Where a unit's name stands: side, alignment and distance from its point in pixels."""


def funnel(protected: ProtectedTable) -> Figure:
    """The units of one funnel table. A unit whose share is hidden is not drawn.

    Raises DisclosureError unless the table is protected.
    """
    table = grid.require_protected(protected)
    title = f"{table.spec.title} ({table.spec.unit})"
    message = str(sentences.main_change(table))
    alternative = f"Trattdiagram: {title}. {message}"
    figure_id = f"diagram-{table.spec.table_id}"
    units, lines = _drawn(table)
    hidden = any(row["status"] == "suppressed" for row in table.frame.iter_rows(named=True))
    extra = " Enheter vars andel inte visas av sekretesskäl saknas i diagrammet." if hidden else ""
    numbers = grid.build(table)
    return Figure(
        figure_id=figure_id,
        title=title,
        alternative=alternative,
        caption=" ".join([MEANING, *table.notes]) + extra,
        spec=spec_of(_chart(table, units, lines), description=alternative),
        table_html=tables.render(numbers, caption=f"Siffrorna i diagrammet {title}", prefix=figure_id),
        text=message,
    )


def _drawn(table: ProtectedTable) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Units whose share is shown, and the points of each line."""
    by_unit: dict[str, dict[str, dict[str, Any]]] = {}
    for row in table.frame.iter_rows(named=True):
        if row["status"] == "ok":
            by_unit.setdefault(row["care_unit"], {})[row["column"]] = row
    centre = by_unit.get("", {}).get("share", {}).get("value")
    units, lines = [], []
    for unit, cells in by_unit.items():
        if not unit or "denominator" not in cells:
            continue
        size = cells["denominator"]["value"]
        for low, high, name in LOW_HIGH:
            lines += [_line(table, name, side, size, cells[side]["value"]) for side in (low, high) if side in cells]
        if centre is not None:
            lines.append(_line(table, GROUP, GROUP, size, centre))
        if "share" in cells:
            place = cells["place"]["text"]
            mark = INSIDE if place == INSIDE else f"utanför {place.split(' ', 1)[1]}"
            label = cells["share"]["care_unit_label"]
            units.append(
                {
                    "namn": label,
                    "sida": "",
                    "kort": "" if mark == INSIDE else label.partition(" (")[0],
                    "storlek": size,
                    "antal": cells["denominator"]["text"],
                    "andel": grid.drawn_value(table, cells["share"]["value"], table.spec.unit),
                    "text": grid.number_text(table, cells["share"]["value"], table.spec.unit),
                    "läge": place,
                    "märke": mark,
                }
            )
    _place_names(units)
    return units, lines


def _place_names(units: list[dict[str, Any]]) -> None:
    """A name stands beside its point, towards the middle of the drawing, so that none is cut."""
    widths = [unit["storlek"] ** 0.5 for unit in units]
    for unit, width in zip(units, widths, strict=True):
        if unit["kort"]:
            share = (width - min(widths)) / (max(widths) - min(widths) or 1)
            ends = "vänster" if share < 0.3 else "höger" if share > 0.7 else ""
            unit["sida"] = ends or ("över" if unit["läge"].startswith("över") else "under")


def _line(table: ProtectedTable, name: str, side: str, size: float, value: float) -> dict[str, Any]:
    drawn = grid.drawn_value(table, value, table.spec.unit)
    return {"linje": name, "sida": side, "storlek": size, "gräns": drawn}


def _share_scale(lines: list[dict[str, Any]]) -> alt.Scale:
    """Room above and below the lines, but none above a hundred per cent."""
    highest = max(line["gräns"] for line in lines)
    return alt.Scale(zero=False, domainMax=100) if highest > NEARLY_ALL else alt.Scale(zero=False, padding=10)


def _chart(table: ProtectedTable, units: list[dict[str, Any]], lines: list[dict[str, Any]]) -> alt.LayerChart:
    x = alt.X(
        "storlek:Q",
        title="Antal i underlaget",
        scale=alt.Scale(type="sqrt", nice=False, padding=22),
        axis=alt.Axis(
            format=",~f", tickCount=5, grid=False, labelOverlap="greedy", labelSeparation=10, labelBound=True
        ),
    )
    drawn = alt.Chart(alt.InlineData(values=lines, name=f"{table.spec.table_id}-granser"))
    limits = drawn.mark_line(interpolate="monotone", color=theme.DECREASE, strokeWidth=1.5).encode(
        x=x,
        y=alt.Y("gräns:Q", title="procent", scale=_share_scale(lines), axis=alt.Axis(format=",~f")),
        detail="sida:N",
        strokeDash=alt.StrokeDash(
            "linje:N",
            scale=alt.Scale(domain=list(LINES), range=[list(dash) for dash in LINES.values()]),
            legend=alt.Legend(
                symbolType="stroke", symbolSize=300, symbolStrokeWidth=1.8, symbolStrokeColor=theme.DECREASE
            ),
        ),
    )
    places = alt.Chart(alt.InlineData(values=units, name=f"{table.spec.table_id}-data"))
    base = places.encode(
        x=x,
        y=alt.Y("andel:Q"),
        tooltip=[
            alt.Tooltip("namn:N", title="Vårdenhet"),
            alt.Tooltip("antal:N", title="Antal i underlaget"),
            alt.Tooltip("text:N", title="Andel, %"),
            alt.Tooltip("läge:N", title="Läge"),
        ],
    )
    points = base.mark_point(filled=True, opacity=1).encode(
        shape=alt.Shape(
            "märke:N", scale=alt.Scale(domain=list(MARKS), range=[style.shape for style in MARKS.values()])
        ),
        color=alt.Color(
            "märke:N", scale=alt.Scale(domain=list(MARKS), range=[style.colour for style in MARKS.values()])
        ),
        size=theme.sized("märke", {name: style.points for name, style in MARKS.items()}),
    )
    edges, labels = [], []
    # A layer for a side that no name stands on would have nothing to draw, and Vega would warn in the reader's browser.
    used = {unit["sida"] for unit in units}
    for side, align, across, down in (each for each in LABELS if each[0] in used):
        place: dict[str, Any] = {"align": align, "dx": across, "dy": down, "fontSize": theme.FONT_SIZE}
        label = places.transform_filter(f"datum.sida === '{side}'").encode(x=x, y=alt.Y("andel:Q"), text="kort:N")
        # A white edge under the points, so that a line behind the name does not cross it out and no point is covered.
        edges.append(label.mark_text(**place, stroke="#ffffff", strokeWidth=4))
        labels.append(label.mark_text(**place, color=theme.TEXT_COLOUR))
    return alt.LayerChart(layer=[limits, *edges, points, *labels])
