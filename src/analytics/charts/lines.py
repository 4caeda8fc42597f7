"""Monthly series as lines: ledger series by year with budgets, staff series by sex."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from analytics import grid, sentences, tables
from analytics.charts import axes, theme
from analytics.charts.figure import Figure, spec_of
from analytics.disclosure import ProtectedTable
from analytics.errors import UsageError
from analytics.measures.catalogue import SERIES, SEXES
from analytics.periods import MONTH_NAMES, Period

AXIS_TITLE = "Månad"
_SHORT_MONTHS = [name[:3] for name in MONTH_NAMES]
_CODES = re.compile(r"\s*\(series:[^)]*\)")


@dataclass(frozen=True, slots=True)
class Point:
    """One value of one series at one place on the axis; ``value`` is None where nothing may or can be drawn."""

    series: str
    place: str
    cell: grid.Cell
    value: float | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn: the table, its unit, the places on the axis and the style of each series, in order."""

    table: ProtectedTable
    unit: str
    places: list[str]
    styles: dict[str, theme.Style]

    @property
    def words(self) -> str:
        return grid.UNIT_WORDS.get(self.unit, self.unit)

    def point(self, row: dict[str, Any], series: str, place: str) -> Point:
        """One row of the frame as a point of a series."""
        if row["status"] == "suppressed":
            return Point(series, place, grid.Cell(self.table.mark, "suppressed"), None)
        if row["status"] == "missing" or row["value"] is None:
            return Point(series, place, grid.Cell("", "missing"), None)
        text = grid.number_text(self.table, row["value"], self.unit)
        return Point(series, place, grid.Cell(text, "ok"), grid.drawn_value(self.table, row["value"], self.unit))


def monthly(protected: ProtectedTable) -> Figure:
    """A monthly series as a line chart. Raises DisclosureError unless protected, UsageError if it is not monthly."""
    table = grid.require_protected(protected)
    if "period" not in table.spec.keys:
        raise UsageError(
            f"{table.spec.table_id} is not a monthly series", action="Monthly tables have ids that end in _monthly."
        )
    drawing, points = _by_year(table) if "series" in table.spec.keys else _staff(table)
    return _figure(drawing, points)


OF_LATEST = {"budget": theme.BUDGET, "seasonal": theme.SEASONAL, "likely": theme.SEASONAL}
"""Series that are drawn of the latest year only; the others are drawn of each year."""


def _by_year(table: ProtectedTable) -> tuple[Drawing, list[Point]]:
    """What was booked or invoiced in each year, by month name; budgets and what is computed of the latest year only."""
    rows = list(table.frame.iter_rows(named=True))
    of_years = {(row["series"], row["period"][:4]) for row in rows if row["status"] == "ok"}
    booked = [(series, year) for series, year in of_years if series not in OF_LATEST]
    years = sorted({year for _, year in booked})
    order = zip(reversed(years), (theme.LATEST, *theme.EARLIER), strict=False)
    style_of = {(series, year): style for year, style in order for series, of in booked if of == year}
    styles = {_series_name(*key): style for key, style in sorted(style_of.items())}
    for series, style in OF_LATEST.items():
        for year in years[-1:]:
            if (series, year) in of_years:
                styles[_series_name(series, year)] = style
    unit = grid.printed_unit(table, "tkr" if table.spec.unit == "kr" else None)
    drawing = Drawing(table, unit, _SHORT_MONTHS, styles)
    points = [
        drawing.point(row, _series_name(row["series"], row["period"][:4]), _SHORT_MONTHS[int(row["period"][5:]) - 1])
        for row in rows
    ]
    return drawing, [point for point in points if point.series in styles]


def _series_name(series: str, year: str) -> str:
    return f"{SERIES[series]} {year}"


def _staff(table: ProtectedTable) -> tuple[Drawing, list[Point]]:
    """All months in a row, by sex; absence by its largest groups, women and men together."""
    rows = list(table.frame.iter_rows(named=True))
    if "absence_group" in table.spec.keys:
        rows = [row for row in rows if row["sex"] == "T"]
        names = {row["absence_group"]: grid.row_head(row, "absence_group") for row in rows}
        largest = sorted(_largest_groups(rows))
        styles = {names[code]: style for code, style in zip(largest, theme.GROUPS, strict=False)}
        named = [(row, names[row["absence_group"]]) for row in rows]
    else:
        present = {row["sex"] for row in rows}
        styles = {SEXES[sex]: style for sex, style in theme.BY_SEX.items() if sex in present}
        named = [(row, SEXES[row["sex"]]) for row in rows]
    periods = sorted({row["period"] for row in rows})
    drawing = Drawing(table, grid.printed_unit(table), [_short(period) for period in periods], styles)
    points = [drawing.point(row, name, _short(row["period"])) for row, name in named]
    return drawing, [point for point in points if point.series in styles]


def _largest_groups(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Codes of the groups with the largest shown values, as many as there are styles."""
    sums: dict[str, float] = {}
    for row in rows:
        if row["status"] == "ok":
            sums[row["absence_group"]] = sums.get(row["absence_group"], 0.0) + row["value"]
    return sorted(sums, key=lambda code: -sums[code])[: len(theme.GROUPS)]


def _short(period: str) -> str:
    parsed = Period.parse(period)
    return f"{_SHORT_MONTHS[parsed.month - 1]} {parsed.year}"


def _figure(drawing: Drawing, points: Sequence[Point]) -> Figure:
    table, series = drawing.table, list(drawing.styles)
    title = table.spec.title
    message = str(sentences.main_change(table))
    alternative = f"Linjediagram: {title} ({drawing.words}). Serier: {', '.join(series)}. {message}"
    figure_id = f"diagram-{table.spec.table_id}"
    table_caption = f"Siffrorna i diagrammet {title}, {table.period_label} ({drawing.words})"
    return Figure(
        figure_id=figure_id,
        title=f"{title} ({drawing.words})",
        alternative=alternative,
        caption=_caption(table, points),
        spec=spec_of(_chart(drawing, points), description=alternative),
        table_html=tables.render(_numbers(drawing, points), caption=table_caption, prefix=figure_id),
        text=message,
    )


def _chart(drawing: Drawing, points: Sequence[Point]) -> alt.LayerChart:
    series = list(drawing.styles)
    styles = list(drawing.styles.values())
    values = [
        _datum(point, drawing.unit)
        # What comes last is drawn on top: the strongest line.
        for point in sorted(_with_gaps(points), key=lambda point: drawing.styles[point.series].width)
    ]
    base = alt.Chart(alt.InlineData(values=values, name=f"{drawing.table.spec.table_id}-data")).encode(
        x=alt.X(
            "plats:N",
            sort=drawing.places,
            scale=alt.Scale(domain=drawing.places),
            axis=axes.months(drawing.places),
            title=AXIS_TITLE,
        ),
        y=alt.Y("värde:Q", title=drawing.words, axis=alt.Axis(format=",~f")),
        color=alt.Color("serie:N", scale=alt.Scale(domain=series, range=[style.colour for style in styles])),
        tooltip=[
            alt.Tooltip("serie:N", title="Serie"),
            alt.Tooltip("plats:N", title=AXIS_TITLE),
            alt.Tooltip("text:N", title="Värde"),
        ],
    )
    dash = alt.StrokeDash("serie:N", scale=alt.Scale(domain=series, range=[list(style.dash) for style in styles]))
    shape = alt.Shape("serie:N", scale=alt.Scale(domain=series, range=[style.shape for style in styles]))
    # Conditions and not scales: a scale without a legend would take the legend of the series with it.
    width = alt.StrokeWidthValue(theme.LATEST.width, condition=_by_series(drawing, lambda style: style.width))
    size = alt.SizeValue(theme.LATEST.points, condition=_by_series(drawing, lambda style: style.points))
    line = base.mark_line().encode(strokeDash=dash, strokeWidth=width)
    return alt.LayerChart(layer=[line, base.mark_point(filled=True, opacity=1).encode(shape=shape, size=size)])


def _with_gaps(points: Sequence[Point]) -> list[Point]:
    """The known points of each series and the unknown ones between them.

    A line is broken where a month may or can not be shown: drawn across, it would say a figure that nobody has given.
    """
    kept: list[Point] = []
    for series in dict.fromkeys(point.series for point in points):
        line = [point for point in points if point.series == series]
        known = [place for place, point in enumerate(line) if point.value is not None]
        if known:
            kept += line[known[0] : known[-1] + 1]
    return kept


def _datum(point: Point, unit: str) -> dict[str, Any]:
    if point.value is None:
        return {"serie": point.series, "plats": point.place, "värde": None}
    text = grid.with_unit(point.cell.text, unit)
    return {"serie": point.series, "plats": point.place, "värde": point.value, "text": text}


def _by_series(drawing: Drawing, value_of: Callable[[theme.Style], float]) -> list[dict[str, Any]]:
    return [
        {"test": f"datum.serie === {json.dumps(name, ensure_ascii=False)}", "value": value_of(style)}
        for name, style in drawing.styles.items()
    ]


def _caption(table: ProtectedTable, points: Sequence[Point]) -> str:
    hidden = any(point.cell.status == "suppressed" for point in points)
    extra = " Månader som inte visas av sekretesskäl saknas i diagrammet, och linjen är bruten där." if hidden else ""
    return f"{_CODES.sub('', table.spec.definition)}.{extra}"


def _numbers(drawing: Drawing, points: Sequence[Point]) -> grid.Grid:
    found = {(point.place, point.series): point.cell for point in points}
    empty = grid.Cell("", "missing")
    return grid.Grid(
        heads=(AXIS_TITLE,),
        groups=(),
        columns=tuple(drawing.styles),
        rows=tuple(
            grid.Row((place,), tuple(found.get((place, name), empty) for name in drawing.styles))
            for place in drawing.places
        ),
        unit=drawing.unit,
    )
