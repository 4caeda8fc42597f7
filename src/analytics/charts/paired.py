"""Bars of one column by clinic, with last year as a mark on them: cost per patient, and the share distributed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from analytics import grid, sentences, swedish, tables
from analytics.charts import axes, theme
from analytics.charts.figure import Figure, spec_of
from analytics.disclosure import ProtectedTable
from analytics.measures.catalogue.model import WHOLE

_ROOM = 1.36
"""Length of the axis against the longest bar, so that its number has room on a phone too."""
NOW, BEFORE = theme.GROUPS[0], theme.GROUPS[1]
HIDDEN = " Kliniker som inte visas av sekretesskäl saknas i diagrammet."


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Which columns are drawn and how: ``before`` is empty where there is no year to compare with.

    ``highest`` is the end of the axis; without it there is room for the numbers beyond the longest bar.
    """

    title: str
    current: str
    before: str
    unit: str
    decimals: int
    meaning: str
    highest: float | None = None


_COST = _Drawn(
    "Kostnad per patient",
    "per_patient",
    "per_patient_previous",
    "kronor",
    0,
    "Stapeln är årets kostnad per patient, fyrkanten samma period föregående år",
)
_SHARE = _Drawn(
    "Andel av kostnaden som är fördelad",
    "share",
    "",
    "procent",
    1,
    "Stapeln är hur stor del av den kostnad som ska fördelas som har fördelats",
    highest=115,
)


def cost_bars(protected: ProtectedTable) -> Figure:
    """Cost per patient of each clinic, all kinds of contact together. Raises DisclosureError unless protected."""
    return _figure(grid.require_protected(protected), _COST)


def share_bars(protected: ProtectedTable) -> Figure:
    """Share of the cost that is distributed, by clinic. Raises DisclosureError unless protected."""
    return _figure(grid.require_protected(protected), _SHARE)


def _figure(table: ProtectedTable, drawn: _Drawn) -> Figure:
    columns = [column for column in (drawn.current, drawn.before) if column]
    rows = [
        row
        for row in table.frame.iter_rows(named=True)
        if row["column"] in columns and row.get("contact_kind", WHOLE["contact_kind"]) == WHOLE["contact_kind"]
    ]
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["base_unit_label"], {})[row["column"]] = row
    shown = [
        {
            "namn": name,
            "serie": table.headings[column],
            "värde": float(swedish.round_half_away(cell["value"], drawn.decimals)),
            "text": swedish.number(cell["value"], drawn.decimals),
        }
        for name, cells in found.items()
        for column, cell in cells.items()
        if cell["status"] == "ok" and cell["value"] is not None
    ]
    names = list(dict.fromkeys(str(row["namn"]) for row in shown))
    title = f"{drawn.title} ({drawn.unit})"
    message = str(sentences.main_change(table))
    alternative = f"Stapeldiagram: {title}. {message}"
    figure_id = f"diagram-{table.spec.table_id}"
    numbers = grid.Grid(
        (grid.ROW_HEADINGS["base_unit"],),
        (),
        tuple(table.headings[column] for column in columns),
        tuple(
            grid.Row((name,), tuple(_cell(table, cells.get(column), drawn) for column in columns))
            for name, cells in found.items()
        ),
        drawn.unit,
    )
    hidden = any(cell["status"] == "suppressed" for cells in found.values() for cell in cells.values())
    height, narrow = axes.set_names(names).heights()
    return Figure(
        figure_id=figure_id,
        title=title,
        alternative=alternative,
        caption=f"{table.period_label[0].upper()}{table.period_label[1:]}. {drawn.meaning}.{HIDDEN if hidden else ''}",
        spec=spec_of(_chart(table, names, shown, drawn), description=alternative, height=height, narrow_height=narrow),
        table_html=tables.render(numbers, caption=f"Siffrorna i diagrammet {title}", prefix=figure_id),
        text=message,
    )


def _cell(table: ProtectedTable, row: dict[str, Any] | None, drawn: _Drawn) -> grid.Cell:
    if row is None or row["status"] == "missing":
        return grid.Cell("", "missing")
    if row["status"] == "suppressed":
        return grid.Cell(table.mark, "suppressed")
    return grid.Cell(swedish.number(row["value"], drawn.decimals), "ok")


def _chart(table: ProtectedTable, names: Sequence[str], shown: list[dict[str, Any]], drawn: _Drawn) -> alt.LayerChart:
    labels = axes.set_names(names)
    now, before = table.headings[drawn.current], table.headings.get(drawn.before, "")
    years = [row for row in shown if row["serie"] == now], [row for row in shown if row["serie"] == before]
    longest = max(row["värde"] for row in shown)
    where = labels.y(names)
    along = alt.X(
        "värde:Q",
        axis=alt.Axis(**axes.amounts(drawn.unit)),
        scale=alt.Scale(nice=False, domain=[0, drawn.highest or longest * _ROOM]),
    )
    series = [name for name, rows in zip((now, before), years, strict=True) if rows]
    styles = {now: NOW, before: BEFORE}
    colour = alt.Color(
        "serie:N",
        scale=alt.Scale(domain=series, range=[styles[name].colour for name in series]),
        legend=alt.Legend() if len(series) > 1 else None,
    )
    tooltip = [
        alt.Tooltip("namn:N", title="Klinik"),
        alt.Tooltip("serie:N", title="Uppgift"),
        alt.Tooltip("text:N", title=drawn.unit.capitalize()),
    ]
    base = alt.Chart(alt.InlineData(values=years[0], name=f"{table.spec.table_id}-data"))
    layers: list[alt.Chart] = [
        base.mark_bar(height=labels.thickness(), yOffset=labels.below).encode(
            y=where, x=along, color=colour, tooltip=tooltip
        ),
    ]
    if years[1]:
        earlier = alt.Chart(alt.InlineData(values=years[1], name=f"{table.spec.table_id}-before"))
        point = earlier.mark_point(
            shape=BEFORE.shape,
            filled=True,
            yOffset=labels.below,
            opacity=1,
            stroke="#ffffff",
            strokeWidth=1.5,
            size=90,
        )
        layers.append(point.encode(y=where, x=along, color=colour, tooltip=tooltip))
    # The number stands at the far end of bar and mark, so that neither runs into it.
    ends: dict[str, float] = {}
    for row in shown:
        ends[row["namn"]] = max(row["värde"], ends.get(row["namn"], 0.0))
    texts = [{**row, "slut": ends[row["namn"]]} for row in years[0]]
    label = alt.Chart(alt.InlineData(values=texts, name=f"{table.spec.table_id}-text"))
    layers.append(
        label.mark_text(
            align="left", dx=9, fontSize=theme.FONT_SIZE, color=theme.TEXT_COLOUR, yOffset=labels.below
        ).encode(y=where, x=alt.X("slut:Q"), text="text:N")
    )
    return alt.LayerChart(layer=layers)
