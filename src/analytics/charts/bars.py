"""Bars of one column of a table by its rows: deviations by report line, changes by group, sick leave by measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from analytics import grid, sentences, swedish, tables
from analytics.charts import axes, theme
from analytics.charts.figure import Figure, spec_of
from analytics.disclosure import ProtectedTable
from analytics.errors import UsageError


@dataclass(frozen=True, slots=True)
class Directions:
    """What a bar to the left and to the right of zero means: words, colours and the sentence of the caption."""

    negative: str
    positive: str
    colours: tuple[str, str]
    meaning: str


_DEVIATION = Directions(
    "ogynnsam",
    "gynnsam",
    (theme.UNFAVOURABLE, theme.FAVOURABLE),
    "Minustecken betyder att avvikelsen är ogynnsam, det vill säga högre kostnad eller lägre intäkt.",
)
# An increase is neither good nor bad by itself, so its colours do not judge.
_CHANGE = Directions(
    "minskning",
    "ökning",
    (theme.DECREASE, theme.FAVOURABLE),
    "Förändring mot samma period föregående år; minustecken betyder minskning.",
)


def deviations(protected: ProtectedTable, *, column: str = "outcome_vs_budget") -> Figure:
    """Deviation of each report line or account (not totals) against a comparator; negative is unfavourable.

    ``column`` is a deviation column of the table. Raises DisclosureError unless the table is protected and
    UsageError for a column that the table lacks.
    """
    table = grid.require_protected(protected)
    wanted = [row for row in _rows(table, column) if row.get("origin", "total") == "total"]
    if "report_line" in table.spec.keys:
        top = {row["parent"] for row in wanted if row["parent"]}
        wanted = [row for row in wanted if row["report_line"] not in grid.TOTAL_LINES | top]
        wanted = [{**row, "name": _line_name(row, table)} for row in wanted]
    else:
        deepest = max((row["level"] for row in wanted if row["row_type"] == "row"), default=1)
        wanted = [row for row in wanted if row["row_type"] == "row" and row["level"] == deepest]
        wanted = [{**row, "name": grid.row_head(row, "code")} for row in wanted]
    return _figure(table, wanted, column, _DEVIATION)


def changes(protected: ProtectedTable) -> Figure:
    """Change of each personnel group or absence group, women and men together."""
    table = grid.require_protected(protected)
    head = next((key for key in ("personnel_group", "absence_group") if key in table.spec.keys), None)
    if head is None:
        raise UsageError(f"{table.spec.table_id} has no groups", action="Use a table by personnel or absence group.")
    rows = [row for row in _rows(table, "change") if row["sex"] == "T" and row["row_type"] == "row"]
    return _figure(table, [{**row, "name": grid.row_head(row, head)} for row in rows], "change", _CHANGE)


def _rows(table: ProtectedTable, column: str) -> list[dict[str, Any]]:
    if column not in table.headings:
        known = ", ".join(table.headings)
        raise UsageError(f"{table.spec.table_id} has no column {column!r}", action=f"Columns: {known}.")
    return [row for row in table.frame.iter_rows(named=True) if row["column"] == column]


def _line_name(row: dict[str, Any], table: ProtectedTable) -> str:
    if not row["parent"]:
        return str(row["report_line_label"])
    parents = dict(table.frame.select("report_line", "report_line_label").unique().rows())
    return f"{parents.get(row['parent'], '')} – {row['report_line_label']}"


def _figure(table: ProtectedTable, rows: list[dict[str, Any]], column: str, directions: Directions) -> Figure:
    unit = grid.printed_unit(table, "tkr" if table.spec.unit == "kr" else None)
    words = grid.UNIT_WORDS.get(unit, unit)
    heading = table.headings[column]
    title = f"{table.spec.title}: {swedish.inline(heading)} ({words})"
    shown, cells = [], []
    for row in rows:
        if row["status"] == "suppressed":
            cells.append(grid.Cell(table.mark, "suppressed"))
        elif row["status"] == "missing" or row["value"] is None:
            cells.append(grid.Cell("", "missing"))
        else:
            text = grid.number_text(table, row["value"], unit)
            cells.append(grid.Cell(text, "ok"))
            value = grid.drawn_value(table, row["value"], unit)
            sign = directions.negative if value < 0 else directions.positive
            shown.append({"namn": row["name"], "värde": value, "text": text, "riktning": sign})
    message = str(sentences.main_change(table))
    alternative = f"Stapeldiagram: {title}. {message}"
    figure_id = f"diagram-{table.spec.table_id}-{column.replace('_', '-')}"
    numbers = grid.Grid(
        heads=("Rad",),
        groups=(),
        columns=(heading,),
        rows=tuple(grid.Row(heads=(row["name"],), cells=(cell,)) for row, cell in zip(rows, cells, strict=True)),
        unit=unit,
    )
    hidden = any(cell.status == "suppressed" for cell in cells)
    height, narrow = axes.set_names([row["namn"] for row in shown]).heights()
    note = " Rader som inte visas av sekretesskäl saknas i diagrammet." if hidden else ""
    return Figure(
        figure_id=figure_id,
        title=title,
        alternative=alternative,
        caption=f"{_period(table, column)}. {directions.meaning}{note}",
        spec=spec_of(
            _chart(table, shown, unit, directions), description=alternative, height=height, narrow_height=narrow
        ),
        table_html=tables.render(numbers, caption=f"Siffrorna i diagrammet {title}", prefix=figure_id),
        text=message,
    )


def _period(table: ProtectedTable, column: str) -> str:
    if column.startswith("forecast"):
        return f"Prognos för helåret, efter utfallet för {table.period_label}"
    return f"{table.period_label[0].upper()}{table.period_label[1:]}"


def _room_for_numbers(shown: Sequence[dict[str, Any]]) -> int:
    """Pixels beyond the longest bars, so that no number runs into the names: letters are at most 8 wide."""
    return 8 * max((len(row["text"]) for row in shown), default=1) + 14


def _chart(table: ProtectedTable, shown: list[dict[str, Any]], unit: str, directions: Directions) -> alt.LayerChart:
    labels = axes.set_names([row["namn"] for row in shown])
    base = alt.Chart(alt.InlineData(values=shown, name=f"{table.spec.table_id}-data")).encode(
        y=labels.y([row["namn"] for row in shown]),
        x=alt.X(
            "värde:Q",
            axis=alt.Axis(**axes.amounts(grid.UNIT_WORDS.get(unit, unit))),
            scale=alt.Scale(padding=_room_for_numbers(shown), nice=False),
        ),
        tooltip=[
            alt.Tooltip("namn:N", title="Rad"),
            alt.Tooltip("text:N", title=grid.UNIT_WORDS.get(unit, unit).capitalize() if unit != "tkr" else "tkr"),
            alt.Tooltip("riktning:N", title="Riktning"),
        ],
    )
    bars = base.mark_bar(height=labels.thickness(), yOffset=labels.below).encode(
        color=alt.Color(
            "riktning:N",
            scale=alt.Scale(domain=[directions.negative, directions.positive], range=list(directions.colours)),
            legend=None,
        )
    )
    # The number stands outside the bar on its own side, so the sign is read without the colour.
    place: dict[str, Any] = {"fontSize": theme.FONT_SIZE, "yOffset": labels.below, "color": theme.TEXT_COLOUR}
    right = base.transform_filter("datum['värde'] >= 0").mark_text(align="left", dx=4, **place)
    left = base.transform_filter("datum['värde'] < 0").mark_text(align="right", dx=-4, **place)
    texts = [
        label.encode(text="text:N")
        for label, is_used in (
            (right, any(row["värde"] >= 0 for row in shown)),
            (left, any(row["värde"] < 0 for row in shown)),
        )
        if is_used
    ]
    return alt.LayerChart(layer=[bars, *texts])
