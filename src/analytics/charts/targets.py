"""Drill-down of indicators: each over time with its target as a line, and beside the same indicator of other units.

Units and measures differ between indicators, so each has a drawing of its own. The report's own unit has its name in
the drawing and another shape, so nothing is told by colour alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import altair as alt

from analytics import grid, tables
from analytics.charts import axes, theme
from analytics.charts.figure import Figure, spec_of
from analytics.disclosure import ProtectedTable
from analytics.kolada import ATTRIBUTION, NAME
from analytics.periods import Period, PeriodRange

LEAST = 2
HEIGHT = 220
ROOM = 0.3
"""The longest bar leaves room for its number, in shares of the whole drawing."""
_SIDES: tuple[tuple[str, Literal["left", "right"], int], ...] = ((">=", "left", 4), ("<", "right", -4))
"""Bars that go to one side: how their number stands, and how far from their end."""
OUTCOME, TARGET = "Utfall", "Mål"
_LINES: tuple[tuple[str, Literal["linear", "step-after"]], ...] = ((OUTCOME, "linear"), (TARGET, "step-after"))
OWN, OTHER = "Förvaltningen", "Andra enheter"


def histories(protected: ProtectedTable) -> dict[str, Figure]:
    """Indicator → its outcomes over time, with its target where that is a value. Raises DisclosureError as ``grid``."""
    table = grid.require_protected(protected)
    return {code: _history(table, code) for code in _codes(table) if len(_shown(table, code, "outcome")) >= LEAST}


def comparisons(protected: ProtectedTable, *, unit: str) -> dict[str, Figure]:
    """Indicator → its latest outcome in each unit, the report's own unit marked."""
    table = grid.require_protected(protected)
    return {code: _units(table, code, unit) for code in _codes(table) if len(_shown(table, code, "outcome")) >= LEAST}


def _codes(table: ProtectedTable) -> list[str]:
    return list(dict.fromkeys(table.frame["indicator"].to_list()))


def _shown(table: ProtectedTable, code: str, column: str) -> list[dict[str, Any]]:
    return [
        row
        for row in table.frame.iter_rows(named=True)
        if row["indicator"] == code and row["column"] == column and row["status"] == "ok" and row["value"] is not None
    ]


def _history(table: ProtectedTable, code: str) -> Figure:
    outcomes, targets = _shown(table, code, "outcome"), _shown(table, code, "target")
    points = [
        {
            "serie": name,
            "när": row["period"],
            "månad": Period.parse(row["period"]).label,
            "värde": grid.drawn_value(table, row["value"], table.spec.unit),
            "text": row["text"],
        }
        for name, rows in ((OUTCOME, outcomes), (TARGET, targets))
        for row in rows
    ]
    first, last = outcomes[0], outcomes[-1]
    said = f"{_when(first)} var utfallet {first['text']} och {_when(last)} {last['text']}"
    aim = f"; målet är {targets[-1]['text']}" if targets else ""
    return _figure(
        table, code, _history_chart(points, code), f"Linjediagram: {outcomes[0]['indicator_label']}. {said}{aim}."
    )


def _when(row: dict[str, Any]) -> str:
    return f"i {Period.parse(row['period']).label}"


def _history_chart(points: list[dict[str, Any]], code: str) -> alt.LayerChart:
    names = [OUTCOME, TARGET]
    styles = {OUTCOME: theme.LATEST, TARGET: theme.BUDGET}
    held = sorted({Period.parse(point["när"]) for point in points})
    # Every month has its place, so that a slope shows the change per time; only those with a point are named.
    months = [month.label for month in (Period.parse(each) for each in PeriodRange(held[0], held[-1]).months)]
    x = alt.X(
        "månad:O",
        title=None,
        scale=alt.Scale(domain=months),
        axis=alt.Axis(
            labelAngle=0,
            labelExpr="split(datum.label, ' ')",
            labelOverlap="greedy",
            labelLineHeight=theme.LINE_HEIGHT,
            values=[month.label for month in reversed(held)],
        ),
    )
    ticks = alt.Axis(format=",~f", tickCount=5)
    y = alt.Y("värde:Q", title=_axis_title(points), scale=alt.Scale(zero=False, nice=True, padding=12), axis=ticks)
    colour = alt.Color("serie:N", scale=alt.Scale(domain=names, range=[styles[name].colour for name in names]))
    base = alt.Chart(alt.InlineData(values=points, name=f"over-tid-{_plain(code)}")).encode(
        x=x, y=y, tooltip=[alt.Tooltip("serie:N"), alt.Tooltip("månad:N"), alt.Tooltip("text:N", title="utfall")]
    )
    dash = alt.StrokeDash(
        "serie:N", scale=alt.Scale(domain=names, range=[list(styles[name].dash) for name in names]), legend=None
    )
    # A target holds until another plan sets a new one; an outcome moves.
    lines = [
        base.transform_filter(f"datum.serie === '{name}'")
        .mark_line(strokeWidth=2.5, interpolate=shape)
        .encode(color=colour, strokeDash=dash)
        for name, shape in _LINES
    ]
    marks = base.mark_point(filled=True, size=70, opacity=1).encode(
        color=colour,
        shape=alt.Shape(
            "serie:N", scale=alt.Scale(domain=names, range=[styles[name].shape for name in names]), legend=None
        ),
    )
    return alt.LayerChart(layer=[*lines, marks])


def _units(table: ProtectedTable, code: str, unit: str) -> Figure:
    rows = sorted(_shown(table, code, "outcome"), key=lambda row: -row["value"])
    own = [row for row in rows if row["observed_unit"] == unit]
    when = _times(table, code)
    # Outcomes of different times may stand beside each other, but not without saying so.
    dated = len(set(when.values())) > 1
    bars = [
        {
            "namn": f"{row['observed_unit_label']}{f', {when[row["observed_unit"]]}' if dated else ''}",
            "vem": OWN if row in own else OTHER,
            "värde": grid.drawn_value(table, row["value"], table.spec.unit),
            "text": row["text"],
            "kort": row["text"].partition(" (")[0],
        }
        for row in rows
    ]
    highest, lowest = (f"{row['observed_unit_label']} ({row['text']})" for row in (rows[0], rows[-1]))
    ends = f"Högst är {highest}, lägst {lowest}"
    mine = f"; {own[0]['observed_unit_label']} har {own[0]['text']}" if own else ""
    said = f"Stapeldiagram: {rows[0]['indicator_label']}. {ends}{mine}."
    heights = axes.set_names([bar["namn"] for bar in bars]).heights()
    return _figure(table, code, _units_chart(bars, code), said, heights)


def _times(table: ProtectedTable, code: str) -> dict[str, str]:
    """Unit → when its outcome is from, of those with one that is shown; empty in a table of time."""
    shown = {row.get("observed_unit") for row in _shown(table, code, "outcome")}
    return {
        row["observed_unit"]: str(row["text"]).partition(" (")[0]
        for row in table.frame.iter_rows(named=True)
        if row["indicator"] == code and row["column"] == "when" and row["observed_unit"] in shown
    }


def _axis_title(drawn: list[dict[str, Any]]) -> str | None:
    """Shares are in per cent; the other indicators carry their unit in their name."""
    return "procent" if all("%" in item["text"] for item in drawn) else None


def _units_chart(bars: list[dict[str, Any]], code: str) -> alt.LayerChart:
    names, labels = [OWN, OTHER], axes.set_names([bar["namn"] for bar in bars])
    y = labels.y([bar["namn"] for bar in bars])
    lowest, highest = (end(0.0, *(bar["värde"] for bar in bars)) for end in (min, max))
    room = ROOM * ((highest - lowest) or 1)
    ends = alt.Scale(domain=[lowest - room if lowest < 0 else 0, highest + room], nice=False)
    x = alt.X("värde:Q", scale=ends, axis=alt.Axis(**{**axes.amounts(""), "title": _axis_title(bars)}))
    base = alt.Chart(alt.InlineData(values=bars, name=f"enheter-{_plain(code)}")).encode(
        y=y, x=x, tooltip=[alt.Tooltip("namn:N", title="enhet"), alt.Tooltip("text:N", title="utfall")]
    )
    colours = alt.Color(
        "vem:N",
        scale=alt.Scale(domain=names, range=[theme.FAVOURABLE, theme.GRID_COLOUR]),
        legend=alt.Legend() if any(bar["vem"] == OWN for bar in bars) else None,
    )
    words = [
        base.transform_filter(f"datum['värde'] {side} 0")
        .mark_text(align=align, dx=shift, fontSize=theme.FONT_SIZE, color=theme.TEXT_COLOUR, yOffset=labels.below)
        .encode(text="kort:N")
        for side, align, shift in _SIDES
        if any((bar["värde"] < 0) == (side == "<") for bar in bars)
    ]
    # Dark and filled beside pale with an edge: told apart without colour as well.
    drawn = base.mark_bar(height=axes.BAR, yOffset=labels.below, stroke=theme.DECREASE, strokeWidth=1)
    return alt.LayerChart(layer=[drawn.encode(color=colours), *words])


def _figure(
    table: ProtectedTable,
    code: str,
    chart: alt.LayerChart,
    alternative: str,
    heights: tuple[int, int] = (HEIGHT, HEIGHT),
) -> Figure:
    rows = [row for row in table.frame.iter_rows(named=True) if row["indicator"] == code]
    name = str(rows[0]["indicator_label"])
    hidden = any(row["status"] == "suppressed" for row in rows)
    when = sorted(set(_times(table, code).values()))
    figure_id = f"diagram-{table.spec.table_id}-{_plain(code)}"
    title = "Över tid" if "period" in table.spec.keys else "Jämförelse mellan enheter"
    numbers = grid.build(table)
    head = grid.row_head(rows[0], "indicator")
    own = _without_blanks(replace(numbers, rows=tuple(row for row in numbers.rows if row.heads[0] == head)))
    caption = " ".join(
        part
        for part in (
            "Den streckade linjen är målet." if any(row["column"] == "target" for row in rows) else "",
            "Utfall som inte visas av sekretesskäl saknas i diagrammet." if hidden else "",
            f"Utfallen är från {when[0]}." if len(when) == 1 else "",
            f"{ATTRIBUTION}." if code.startswith(f"{NAME}:") else "",
        )
        if part
    )
    return Figure(
        figure_id=figure_id,
        title=title,
        alternative=alternative,
        caption=caption,
        spec=spec_of(chart, description=alternative, height=heights[0], narrow_height=heights[1]),
        table_html=tables.render(own, caption=f"Siffrorna i diagrammet {name}: {title.lower()}", prefix=figure_id),
        text=alternative.partition(". ")[2],
        about=name,
    )


def _without_blanks(numbers: grid.Grid) -> grid.Grid:
    """Only the columns in which the indicator has anything, such as women and men for some alone."""
    held = [
        place
        for place in range(len(numbers.columns))
        if any(row.cells[place].status != "missing" for row in numbers.rows)
    ]
    return replace(
        numbers,
        columns=tuple(numbers.columns[place] for place in held),
        rows=tuple(replace(row, cells=tuple(row.cells[place] for place in held)) for row in numbers.rows),
    )


def _plain(code: str) -> str:
    """A code that can stand in an id."""
    return "".join(letter if letter.isalnum() else "-" for letter in code)
