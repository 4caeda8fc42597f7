"""Control chart: the series of one unit with its mean and limits; a month with a signal has another shape.

A table holds the series of every unit; drawn is the one with the clearest signal of the last year, for that is where
there is something to see.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from analytics import grid, sentences, tables
from analytics.charts import axes, theme
from analytics.charts.figure import Figure, spec_of
from analytics.disclosure import ProtectedTable
from analytics.errors import UsageError
from analytics.measures.catalogue.care_units import MISSING_MONTHS
from analytics.periods import MONTH_NAMES, Period

LINES = {"high": "Övre gräns", "centre": "Medel", "low": "Nedre gräns"}
RECENT = 12
CHOSEN = "Visad enhet är den med den tydligaste signalen det senaste året."
CALM = "Ingen enhet har haft en signal det senaste året; visad är den första."
LIMITS = "Medel och gränser räknas ur enhetens egna månader före det senaste året."
FEW = "Månaderna är ännu för få för att räkna medel och gränser; visad är den första enheten."
FEW_OF_UNIT = "Månaderna är ännu för få för att räkna medel och gränser."
ORDINARY, SIGNAL = "månad utan signal", "månad med signal"
MARKS = {
    ORDINARY: theme.Style(theme.FAVOURABLE, (1, 0), "circle", 1, 55),
    SIGNAL: theme.Style(theme.UNFAVOURABLE, (1, 0), "diamond", 1, 170),
}


def control(protected: ProtectedTable, *, unit: str | None = None) -> Figure:
    """The series with the clearest recent signal (without any: the first), or that of one care unit by its code.

    Raises UsageError for a unit without a series that is shown, and DisclosureError unless protected.
    """
    table = grid.require_protected(protected)
    label, months, has_signal = _chosen(table, unit)
    title = f"{table.spec.title}: {label} ({table.spec.unit})"
    message = str(sentences.main_change(table))
    alternative = f"Styrdiagram: {title}. {message}"
    figure_id = f"diagram-{table.spec.table_id}"
    shown = [_point(table, period, cells) for period, cells in months.items() if "value" in cells]
    lines = _lines(table, months)
    gaps = [note for note in table.notes if note.startswith(MISSING_MONTHS)]
    numbers = grid.Grid(
        ("Månad",),
        (),
        ("Andel", "Nedre gräns", "Övre gräns", "Signal"),
        tuple(
            grid.Row(
                (Period.parse(period).label,),
                tuple(
                    grid.printed(table, cells[name]) if name in cells else grid.Cell("", "missing")
                    for name in ("value", "low", "high", "signal")
                ),
            )
            for period, cells in months.items()
        ),
        table.spec.unit,
    )
    return Figure(
        figure_id=figure_id,
        title=title,
        alternative=alternative,
        caption=" ".join([*_why(unit, has_signal=has_signal, has_lines=bool(lines)), *gaps]),
        spec=spec_of(_chart(table, shown, lines), description=alternative),
        table_html=tables.render(numbers, caption=f"Siffrorna i diagrammet {title}", prefix=figure_id),
        text=message,
    )


def _why(unit: str | None, *, has_signal: bool, has_lines: bool) -> list[str]:
    """Why this unit is drawn, where nobody has picked it, and what its limits are."""
    if unit is not None:
        return [LIMITS] if has_lines else [FEW_OF_UNIT]
    return [f"{CHOSEN if has_signal else CALM} {LIMITS}"] if has_lines else [FEW]


Months = dict[str, dict[str, dict[str, Any]]]


def _chosen(table: ProtectedTable, unit: str | None) -> tuple[str, Months, bool]:
    """Name and months of the drawn unit (month → column → cell), and whether it has a signal in the last year."""
    series: dict[str, Months] = {}
    for row in table.frame.iter_rows(named=True):
        if row["status"] == "ok" and unit in (None, row["care_unit"]):
            of_unit = series.setdefault(row["care_unit_label"], {})
            of_unit.setdefault(row["period"], {})[row["column"]] = row

    if not series:
        raise UsageError(f"the care unit {unit!r} has no series in {table.spec.table_id}")
    recent = sorted({period for months in series.values() for period in months})[-RECENT:]
    clearness = {name: max(_clearness(months.get(period, {})) for period in recent) for name, months in series.items()}
    label = max(series, key=lambda name: clearness[name])
    return label, series[label], clearness[label] > 0


def _clearness(cells: dict[str, dict[str, Any]]) -> float:
    """0 without a signal; else 1 and how far the month lies from the mean, in distances from the mean to the limit."""
    if "signal" not in cells:
        return 0.0
    value, centre, low, high = (cells[name]["value"] for name in ("value", "centre", "low", "high"))
    return 1.0 + float(abs(value - centre) / (max(high - centre, centre - low) or 1.0))


def _place(period: str) -> str:
    month = Period.parse(period)
    return f"{MONTH_NAMES[month.month - 1][:3]} {month.year}"


def _point(table: ProtectedTable, period: str, cells: dict[str, dict[str, Any]]) -> dict[str, Any]:
    value = cells["value"]["value"]
    return {
        "plats": _place(period),
        "värde": grid.drawn_value(table, value, table.spec.unit),
        "text": grid.with_unit(grid.number_text(table, value, table.spec.unit), table.spec.unit),
        "märke": SIGNAL if "signal" in cells else ORDINARY,
        "signal": cells["signal"]["text"] if "signal" in cells else "ingen",
    }


def _lines(table: ProtectedTable, months: Months) -> list[dict[str, Any]]:
    return [
        {
            "plats": _place(period),
            "gräns": grid.drawn_value(table, cells[name]["value"], table.spec.unit),
            "linje": label,
            "namn": label if period == max(months) else "",
        }
        for period, cells in months.items()
        for name, label in LINES.items()
        if name in cells
    ]


def _chart(table: ProtectedTable, shown: list[dict[str, Any]], lines: list[dict[str, Any]]) -> alt.LayerChart:
    places = [point["plats"] for point in shown]
    x = alt.X(
        "plats:N",
        sort=places,
        scale=alt.Scale(domain=places),
        axis=axes.months(places),
        title="Månad",
    )
    y = alt.Y("värde:Q", title="procent", scale=alt.Scale(zero=False, padding=16), axis=alt.Axis(format=",~f"))
    limits = alt.Chart(alt.InlineData(values=lines, name=f"{table.spec.table_id}-granser"))
    line = limits.mark_line(color=theme.DECREASE, strokeWidth=1.5).encode(
        x=x,
        y=alt.Y("gräns:Q"),
        detail="linje:N",
        strokeDash=alt.StrokeDashValue([6, 3], condition={"test": "datum.linje === 'Medel'", "value": [1, 0]}),
    )
    names = (
        limits.transform_filter("datum.namn !== ''")
        .mark_text(align="right", dy=-9, fontSize=theme.FONT_SIZE, color=theme.TEXT_COLOUR)
        .encode(x=x, y=alt.Y("gräns:Q"), text="namn:N")
    )
    base = alt.Chart(alt.InlineData(values=shown, name=f"{table.spec.table_id}-data")).encode(
        x=x,
        y=y,
        tooltip=[
            alt.Tooltip("plats:N", title="Månad"),
            alt.Tooltip("text:N", title="Andel"),
            alt.Tooltip("signal:N", title="Signal"),
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
    series = base.mark_line(color=theme.FAVOURABLE, strokeWidth=1.5)
    return alt.LayerChart(layer=[line, names, series, points])
