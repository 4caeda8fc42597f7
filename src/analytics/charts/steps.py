"""Bars in steps: the parts of a difference, each beginning where the one before ends, and the whole from zero."""

from __future__ import annotations

from typing import Any

import altair as alt

from analytics import grid, sentences, tables
from analytics.charts import axes, theme
from analytics.charts.axes import Labels
from analytics.charts.figure import Figure, spec_of
from analytics.disclosure import ProtectedTable

AMOUNT = "amount"
WHOLE = "Hela skillnaden"
COLOURS = {"ökar kostnaden": theme.UNFAVOURABLE, "sänker kostnaden": theme.FAVOURABLE, WHOLE: theme.DECREASE}
MEANING = (
    "Varje stapel börjar där den förra slutar, så att de tillsammans når hela skillnaden. En stapel åt vänster betyder "
    "att delen ökar kostnaden, en stapel åt höger att den sänker kostnaden."
)


def has_parts(table: ProtectedTable) -> bool:
    """Whether any part has a figure; a whole alone is no steps."""
    return any(
        row["column"] == AMOUNT and row["row_type"] == "row" and row["value"] is not None
        for row in table.frame.iter_rows(named=True)
    )


def steps(protected: ProtectedTable) -> Figure:
    """The parts of ``column`` amount in the order of the table, and their whole. Parts without a figure are left out.

    Raises DisclosureError unless the table is protected.
    """
    table = grid.require_protected(protected)
    unit = grid.printed_unit(table, "tkr")
    shown: list[dict[str, Any]] = []
    rows: list[grid.Row] = []
    reached = 0.0
    for row in table.frame.iter_rows(named=True):
        if row["column"] != AMOUNT or row["value"] is None:
            continue
        is_whole = row["row_type"] == "total"
        start, end = (0.0, row["value"]) if is_whole else (reached, reached + row["value"])
        reached = end
        text = grid.number_text(table, row["value"], unit)
        direction = WHOLE if is_whole else "ökar kostnaden" if row["value"] < 0 else "sänker kostnaden"
        shown.append(
            {
                "namn": row["part_label"],
                "från": grid.drawn_value(table, start, unit),
                "till": grid.drawn_value(table, end, unit),
                "text": text,
                "riktning": direction,
            }
        )
        rows.append(grid.Row(heads=(row["part_label"],), cells=(grid.Cell(text, "ok"),), is_total=is_whole))
    title = f"{table.spec.title} ({unit})"
    message = str(sentences.main_change(table))
    alternative = f"Stapeldiagram i steg: {title}. {message}"
    figure_id = f"diagram-{table.spec.table_id}"
    numbers = grid.Grid(("Del",), (), (table.headings[AMOUNT],), tuple(rows), unit)
    labels = _names(shown)
    height, narrow = labels.heights()
    return Figure(
        figure_id=figure_id,
        title=title,
        alternative=alternative,
        caption=f"{table.period_label[0].upper()}{table.period_label[1:]} mot samma period föregående år. {MEANING}",
        spec=spec_of(_chart(table, shown, labels), description=alternative, height=height, narrow_height=narrow),
        table_html=tables.render(numbers, caption=f"Siffrorna i diagrammet {title}", prefix=figure_id),
        text=message,
    )


def _names(shown: list[dict[str, Any]]) -> Labels:
    """The word before the colon with its figure: a figure beside a step would need room that a phone has not."""
    words = {row["namn"]: (row["namn"].split(":")[0], row["text"]) for row in shown}
    lines = {name: f"{word} {text}" for name, (word, text) in words.items()}
    return Labels(lines, lines)


def _chart(table: ProtectedTable, shown: list[dict[str, Any]], labels: Labels) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=shown, name=f"{table.spec.table_id}-data"))
        .mark_bar(height=labels.thickness(), yOffset=labels.below)
        .encode(
            y=labels.y([row["namn"] for row in shown]),
            x=alt.X("från:Q", axis=alt.Axis(**axes.amounts("tkr"))),
            x2="till:Q",
            color=alt.Color(
                "riktning:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=None
            ),
            tooltip=[
                alt.Tooltip("namn:N", title="Del"),
                alt.Tooltip("text:N", title="tkr"),
                alt.Tooltip("riktning:N", title="Riktning"),
            ],
        )
    )
    return chart
