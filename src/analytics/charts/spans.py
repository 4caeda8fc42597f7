"""A span for each row with points in it: the interval of a forecast, the computed forecast and the unit's own."""

from __future__ import annotations

from typing import Any

import altair as alt

from analytics import grid, sentences, tables
from analytics.charts import axes, theme
from analytics.charts.figure import Figure, spec_of
from analytics.disclosure import ProtectedTable
from analytics.sentences.words import find

LOW, HIGH = "low", "high"
POINTS = ("forecast", "own")
STYLES = (theme.Style("#00588f", (1, 0), "circle", points=45), theme.Style("#a63603", (1, 0), "square", points=150))
MEANING = "Stapeln är intervallet från lägst till högst. En rad utan stapel har inget intervall."


def spans(protected: ProtectedTable) -> Figure:
    """Low to high of each report line as a bar, and the columns of ``POINTS`` as marks of different shape.

    Raises DisclosureError unless the table is protected.
    """
    table = grid.require_protected(protected)
    unit = grid.printed_unit(table, "tkr")
    names = dict(table.frame.select("report_line", "report_line_label").unique(maintain_order=True).rows())
    bars: list[dict[str, Any]] = []
    marks: list[dict[str, Any]] = []
    rows: list[grid.Row] = []
    columns = (*POINTS, LOW, HIGH)
    for line, name in names.items():
        found = {column: find(table, report_line=line, column=column).value for column in columns}
        if found[LOW] is not None and found[HIGH] is not None:
            low, high = (grid.drawn_value(table, found[end] or 0, unit) for end in (LOW, HIGH))
            texts = (grid.number_text(table, found[end] or 0, unit) for end in (LOW, HIGH))
            bars.append({"namn": name, "lägst": low, "högst": high, "text": " till ".join(texts)})
        for column in POINTS:
            value = found[column]
            if value is not None:
                marks.append(
                    {
                        "namn": name,
                        "serie": table.headings[column],
                        "värde": grid.drawn_value(table, value, unit),
                        "text": grid.number_text(table, value, unit),
                    }
                )
        cells = tuple(
            grid.Cell("", "missing") if value is None else grid.Cell(grid.number_text(table, value, unit), "ok")
            for value in found.values()
        )
        rows.append(grid.Row((name,), cells, is_total=line in grid.TOTAL_LINES))
    title = f"{table.spec.title} ({unit})"
    message = str(sentences.main_change(table))
    alternative = f"Diagram med intervall: {title}. {message}"
    figure_id = f"diagram-{table.spec.table_id}"
    numbers = grid.Grid(("Kontoslag",), (), tuple(table.headings[column] for column in columns), tuple(rows), unit)
    height, narrow = axes.set_names(list(names.values())).heights()
    return Figure(
        figure_id=figure_id,
        title=title,
        alternative=alternative,
        caption=f"{table.period_label[0].upper()}{table.period_label[1:]}. {MEANING}",
        spec=spec_of(
            _chart(table, list(names.values()), bars, marks),
            description=alternative,
            height=height,
            narrow_height=narrow,
        ),
        table_html=tables.render(numbers, caption=f"Siffrorna i diagrammet {title}", prefix=figure_id),
        text=message,
    )


def _chart(
    table: ProtectedTable, names: list[str], bars: list[dict[str, Any]], marks: list[dict[str, Any]]
) -> alt.LayerChart:
    labels = axes.set_names(names)
    where = labels.y(names)
    axis = alt.Axis(**axes.amounts("tkr"))
    drawn = (
        alt.Chart(alt.InlineData(values=bars, name=f"{table.spec.table_id}-spans"))
        .mark_bar(color=theme.GRID_COLOUR, stroke="#6b7280", height=14, yOffset=labels.below)
        .encode(
            y=where,
            x=alt.X("lägst:Q", axis=axis, scale=alt.Scale(padding=10)),
            x2="högst:Q",
            tooltip=[alt.Tooltip("namn:N", title="Kontoslag"), alt.Tooltip("text:N", title="tkr")],
        )
    )
    shown = [heading for heading in (table.headings[column] for column in POINTS) if _is_used(heading, marks)]
    styles = dict(zip((table.headings[column] for column in POINTS), STYLES, strict=True))
    # The larger marks lie below, so that two forecasts alike are both seen.
    below = sorted(marks, key=lambda row: -styles[row["serie"]].points)
    points = (
        alt.Chart(alt.InlineData(values=below, name=f"{table.spec.table_id}-points"))
        .mark_point(filled=True, opacity=1, yOffset=labels.below)
        .encode(
            y=where,
            x=alt.X("värde:Q", axis=axis),
            color=alt.Color("serie:N", scale=alt.Scale(domain=shown, range=[styles[name].colour for name in shown])),
            shape=alt.Shape("serie:N", scale=alt.Scale(domain=shown, range=[styles[name].shape for name in shown])),
            size=theme.sized("serie", {name: styles[name].points for name in shown}),
            tooltip=[
                alt.Tooltip("namn:N", title="Kontoslag"),
                alt.Tooltip("serie:N", title="Prognos"),
                alt.Tooltip("text:N", title="tkr"),
            ],
        )
    )
    return alt.LayerChart(layer=[drawn, points])


def _is_used(heading: str, marks: list[dict[str, Any]]) -> bool:
    return any(row["serie"] == heading for row in marks)
