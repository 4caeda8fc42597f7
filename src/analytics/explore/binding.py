"""From what is selected to the cell of the package that a comment about it is bound to, and the text it begins with.

The text is for readers of the package, so it holds what the package prints: the figures of the cell and the largest
parts among printed rows. A part of the organisation is named with its amount only where enough people work there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from analytics import swedish
from analytics.comments.model import ACTION_PLAN, COMMENT
from analytics.disclosure import SUPPRESSED
from analytics.errors import CommentError
from analytics.explore import ledger_view, places, staff_view
from analytics.explore.ledger_view import Selected
from analytics.explore.reading import data_of
from analytics.measures.catalogue import TABLES
from analytics.measures.report_form import NET
from analytics.workbench import Workbench

COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "budget": ("fr1_outcome", "vs_budget"),
    "previous": ("fr1_outcome", "vs_previous"),
    "seasonal": ("seasonal_budget", "vs_seasonal"),
    "forecast": ("fr1_forecast", "vs_budget"),
}
"""Comparison → the table and column that prints it for every report line."""
PLAN: Final = "\n\nÅtgärd: \n\nAnsvarig (roll): \n\nKlart senast: \n\nBeräknad effekt (tkr): "


@dataclass(frozen=True, slots=True)
class Draft:
    """What a comment begins with."""

    about: Mapping[str, str]
    kind: str
    text: str


def of_ledger(wb: Workbench, frame: pl.DataFrame, comparison: str, selected: Selected, *, kind: str) -> Draft:
    """A comment or action plan about the report line that is selected, or that the selected account belongs to.

    Raises CommentError where several lines are selected, or none and the season is compared with: the net of the
    seasonal budget follows a pattern of its own, so its figure is not the sum of the lines.
    """
    line = _line(frame, selected)
    if kind == ACTION_PLAN and _has(wb, "action_plan_required", report_line=line, column="vs_budget"):
        about = {"table": "action_plan_required", "report_line": line, "column": "vs_budget"}
        comparison = "forecast"
    elif _has(wb, "deviations", deviation=f"{comparison}-{line}"):
        about = {"table": "deviations", "deviation": f"{comparison}-{line}"}
    else:
        table, column = COLUMNS[comparison]
        about = {"table": table, "report_line": line, "column": column}
        if "origin" in TABLES[table].keys:
            about["origin"] = "total"
    if comparison == "seasonal" and line == NET:
        raise CommentError(
            "Den säsongsfördelade budgeten för hela resultatet är inte summan av kontoslagens.",
            action="Välj ett kontoslag först.",
        )
    whole: Selected = {} if line == NET else {"report_line": (line,)}
    unit = wb.scope.unit_label
    where = ledger_view.place(
        frame, whole, unit_label=unit, range_label=wb.scope.ledger_range.label, comparison=comparison
    )
    text = ledger_view.tell(frame, comparison, whole, where=where) + _of_part(wb, frame, comparison, whole, selected)
    return Draft(about, kind, text + (PLAN if kind == ACTION_PLAN else "\n\nOrsak: "))


def _line(frame: pl.DataFrame, selected: Selected) -> str:
    lines = set(selected.get("report_line", ()))
    if not lines and selected.get("account"):
        lines = set(frame.filter(pl.col("account").is_in(list(selected["account"])))["report_line"])
    if len(lines) > 1:
        raise CommentError(
            f"En kommentar gäller en enda siffra, och {len(lines)} kontoslag är valda.",
            action="Välj ett kontoslag, eller inget för hela resultatet.",
        )
    return next(iter(lines), NET)


def _has(wb: Workbench, table_id: str, **keys: str) -> bool:
    """Whether the package prints the cell."""
    frame = wb.protected(table_id).frame
    return not frame.filter(*(pl.col(name) == value for name, value in keys.items())).is_empty()


def _of_part(wb: Workbench, frame: pl.DataFrame, comparison: str, whole: Selected, selected: Selected) -> str:
    """What the selected part of the organisation has of the deviation, where enough people work there."""
    level = next((column for column in ("cost_centre", "base_unit") if len(selected.get(column, ())) == 1), None)
    if level is None:
        return ""
    [code] = selected[level]
    least = wb.scope.settings.disclosure.public.staff_fewer_than
    if 0 < places.employees(data_of(wb), wb.scope)[level].get(code, 0) < least:
        return ""
    part = ledger_view.whole(frame, comparison, {**whole, level: (code,)})
    label = frame.filter(pl.col(level) == code)[f"{level}_label"][0]
    return f" Av avvikelsen finns {ledger_view.thousands(part.deviation)} på {label}."


def of_staff(wb: Workbench, measure: str, selected: Selected, *, kind: str) -> Draft:
    """A comment about the change of a staff measure, of one group if one is selected that the package shows.

    Figures and parts are those of the protected table. Raises CommentError where the package hides the figure.
    """
    table = wb.protected(measure)
    sexes = selected.get("sex", ())
    keys = {"sex": sexes[0] if len(sexes) == 1 and sexes[0] in ("K", "M") else "T"}
    head = next((key for key in ("personnel_group", "absence_group") if key in table.spec.keys), None)
    groups = selected.get("group", ())
    if head is not None:
        is_one = len(groups) == 1 and _has(wb, measure, **{head: groups[0]})
        keys |= {head: groups[0]} if is_one else {"row_type": "total"}
    rows = table.frame.filter(*(pl.col(name) == value for name, value in keys.items()))
    if (rows["status"] != "ok").any():
        raise CommentError(
            "Rapporten visar inte den här siffran för sina läsare.", action="Välj en större grupp, eller ingen."
        )
    values = dict(rows.select("column", "value").rows())
    unit = staff_view.UNITS[staff_view.kind_of(measure)]
    places_shown = table.spec.decimals
    label = "" if head is None or "row_type" in keys else f", {rows[f'{head}_label'][0]}"
    sex = {"K": ", kvinnor", "M": ", män", "T": ""}[keys["sex"]]
    text = (
        f"{table.spec.title}{label}{sex}, {table.period_label}: "
        f"{swedish.number(values['current'], places_shown)} {unit}, "
        f"föregående år {swedish.number(values['previous'], places_shown)}, "
        f"förändring {staff_view.signed(values['change'], places_shown)}."
    )
    if head is not None and "row_type" in keys:
        text += _largest(table.frame, head, keys["sex"], values["change"], places_shown)
    return Draft(
        {"table": measure, **keys, "column": "change"}, kind, text + (PLAN if kind == ACTION_PLAN else "\n\nOrsak: ")
    )


def _largest(frame: pl.DataFrame, head: str, sex: str, change: float, places_shown: int) -> str:
    """The printed rows that changed most in the direction of the total."""
    rows = frame.filter(
        pl.col("row_type") == "row", pl.col("sex") == sex, pl.col("column") == "change", pl.col("status") == "ok"
    ).filter(pl.col("value").sign() == (1 if change >= 0 else -1))
    found = rows.sort(pl.col("value").abs(), descending=True).head(staff_view.LARGEST_PARTS)
    listed = [
        f"{label} ({staff_view.signed(value, places_shown)})"
        for label, value in found.select(f"{head}_label", "value").rows()
    ]
    return f" Störst bidrag åt samma håll: {', '.join(listed)}." if listed else ""


def of_cell(wb: Workbench, table: str, *, text: str, kind: str, **keys: str) -> Draft:
    """A comment about one cell that the package prints, begun with ``text``.

    Raises CommentError where the package has no such cell, or hides something of its row, which the text may hold.
    """
    row = wb.protected(table).frame.filter(*(pl.col(name) == value for name, value in keys.items() if name != "column"))
    cells = row.filter(pl.col("column") == keys["column"])
    if cells.is_empty() or (cells["status"] != "ok").any() or (row["status"] == SUPPRESSED).any():
        raise CommentError("Rapporten visar inte den här siffran för sina läsare.", action="Välj något annat.")
    return Draft({"table": table, **keys}, kind, text + (PLAN if kind == ACTION_PLAN else "\n\nOrsak: "))


def of_report_line(wb: Workbench, line: str, *, kind: str) -> Draft:
    """A comment about the deviation of a report line from its budget, begun with what ``fr1_outcome`` prints of it.

    Raises CommentError where the package does not print it, MissingDataError where the unit has no ledger.
    """
    table = wb.protected("fr1_outcome")
    row = table.frame.filter(report_line=line, origin="total", status="ok")
    kronor = dict(row.select("column", "value").drop_nulls().rows())
    printed = [
        f"{swedish.inline(heading)} {swedish.thousands(kronor[column])}"
        for column, heading in table.headings.items()
        if column in kronor
    ]
    label = next(iter(row["report_line_label"]), "")
    text = f"{label}, {table.period_label}: {', '.join(printed)}. Minus i en avvikelse är ogynnsamt."
    keys = {"report_line": line, "origin": "total", "column": "vs_budget"}
    return of_cell(wb, "fr1_outcome", text=text, kind=kind, **keys)


STARTS: Final = {COMMENT: "Skriv kommentar", ACTION_PLAN: "Starta åtgärdsplan"}
