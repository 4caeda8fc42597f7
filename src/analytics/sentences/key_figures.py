"""The few figures at the top of a report, each with its comparison: the message in two minutes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from analytics import swedish
from analytics.care_follow_up import SHARES
from analytics.disclosure import ProtectedTable
from analytics.goals import STATUS_LABELS, Status
from analytics.sentences.care_units import reached
from analytics.sentences.indicators import counts
from analytics.sentences.ledger import Compared, turned
from analytics.sentences.words import (
    LAST_YEAR,
    SUPPRESSED,
    against_budget,
    amount,
    compared,
    find,
    more_or_less,
    records,
    rounds_to_zero,
    total_key,
)

STAFF = {
    "worked_fte": "Utförd arbetstid, årsarbetare",
    "headcount": "Anställda",
    "sick_leave_pct": "Sjukfrånvaro av ordinarie arbetstid",
    "absence_fte": "Frånvaro, årsarbetare",
    "turnover_pct": "Extern personalrörlighet",
    "overtime_fte": "Övertid, årsarbetare",
}
# The line Drift of FR1 holds the financial items too; the table of operations by class does not.
LEDGER_LINES = (
    ("income", "Intäkter", True),
    ("staff", "Personalkostnader", False),
    ("operations", "Driftskostnader och finansnetto", False),
)


LACKING = "Uppgiften saknas"
GOALS = "indicator_overview"
# What is not measured yet stands first: it is no failure, and it is most of them for most of the year.
GOAL_WORDS = {
    Status.NOT_MEASURED: ("är inte mätt ännu", "är inte mätta ännu"),
    Status.NOT_MET: ("är inte uppfylld", "är inte uppfyllda"),
    Status.ON_TRACK: ("är på väg", "är på väg"),
    Status.NOT_ASSESSABLE: ("kan inte bedömas", "kan inte bedömas"),
}


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One figure: what it is, the figure itself and what it is compared with, all as printed."""

    label: str
    value: str
    comparison: str
    href: str = ""
    """Where the figure's table stands; empty where there is nowhere to link to."""
    table_id: str = ""
    """The table that the figure is from, where the figures of a report are from several."""


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The figures as a list; shows itself as HTML."""

    figures: tuple[KeyFigure, ...]

    def _repr_html_(self) -> str:
        return f'<ul class="nyckeltal">{"".join(_item(figure) for figure in self.figures)}</ul>'

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        del include, exclude
        text = "\n".join(f"{figure.label}: {figure.value}. {figure.comparison}" for figure in self.figures)
        return {"text/html": self._repr_html_(), "text/plain": text}


def _item(figure: KeyFigure) -> str:
    content = (
        f"<span>{escape(figure.label)}</span> "
        f'<strong class="varde">{escape(figure.value)}</strong> '
        f"<span>{escape(figure.comparison)}</span>"
    )
    # The whole card is one link: a finger hits it, and its name says what the figure is.
    return f'<li><a href="{escape(figure.href)}">{content}</a></li>' if figure.href else f"<li>{content}</li>"


def staff(tables: Mapping[str, ProtectedTable]) -> KeyFigures:
    """Totals of the staff tables against the same months last year."""
    return KeyFigures(
        tuple(replace(_staff_figure(tables[name], label), table_id=name) for name, label in STAFF.items())
    )


def ledger(tables: Mapping[str, ProtectedTable]) -> KeyFigures:
    """Net against budget and its forecast, then income, staff and operations against budget."""
    outcome = tables["fr1_outcome"]
    figures = [
        _line(outcome, "", "", income=False, report_line="net", origin="total"),
        _forecast(tables["fr1_forecast"]),
    ]
    figures += [
        _line(outcome, label, label, income=income, report_line=line, origin="total")
        for line, label, income in LEDGER_LINES
    ]
    return KeyFigures(tuple(figures))


def summary(tables: Mapping[str, ProtectedTable], places: Mapping[str, str]) -> KeyFigures:
    """Result, forecast, working time, sick leave, overtime and, where the unit has them, goals.

    Each has a link to its table where it stands. A table of staff that is not in the package is said to be missing.
    """
    result = tables["fr1_summary"]
    found = [
        ("fr1_summary", _net(result, "{} hittills i år", column="outcome")),
        ("fr1_summary", _net(result, "{} enligt helårsprognosen", column="forecast")),
        *(
            (name, _staff_figure(tables[name], STAFF[name]) if name in tables else KeyFigure(STAFF[name], "–", LACKING))
            for name in ("worked_fte", "sick_leave_pct", "overtime_fte")
        ),
    ]
    if GOALS in tables:
        found.append((GOALS, _goals(tables[GOALS])))
    return KeyFigures(tuple(replace(figure, href=places.get(name, ""), table_id=name) for name, figure in found))


def _goals(table: ProtectedTable) -> KeyFigure:
    """How many indicators have met their goal, and how the others stand."""
    held = {status: int(find(table, row_type="total", column=status).value or 0) for status in STATUS_LABELS}
    whole = sum(held.values())
    if not whole:
        return KeyFigure("Uppfyllda mål", "–", "Inga indikatorer gäller för perioden")
    others = [f"{held[status]} {words[held[status] != 1]}" for status, words in GOAL_WORDS.items() if held[status]]
    return KeyFigure("Uppfyllda mål", f"{held[Status.MET]} av {whole}", ", ".join(others))


def _net(table: ProtectedTable, label: str, *, column: str) -> KeyFigure:
    """The net of ``fr1_summary`` against budget; a cost is a positive cost, an income a positive income."""
    size = find(table, report_line="net", column=column).value
    if size is None:
        return KeyFigure(label.format("Netto"), "–", "Ingen uppgift för perioden")
    sign = -1 if size < 0 else 1
    # A deviation is comparator − outcome, so outcome − comparator is its negative.
    deviation = find(table, report_line="net", column=f"{column}_vs_budget").value
    against = "" if deviation is None else against_budget(-sign * deviation, size)
    subject = "Nettointäkt" if sign < 0 else "Nettokostnad"
    return KeyFigure(label.format(subject), amount(sign * size, signed=True), against[:1].upper() + against[1:])


def indicators(tables: Mapping[str, ProtectedTable]) -> KeyFigures:
    """How many indicators have each status, of all."""
    table = tables["indicator_overview"]
    held = counts(table)
    labels = {code: label for code, label in table.headings.items() if code != "all"}
    noun = "indikator" if held.get("all") == 1 else "indikatorer"
    return KeyFigures(
        tuple(KeyFigure(label, str(held[code]), f"av {held['all']} {noun}") for code, label in labels.items())
        if held
        else ()
    )


def care_units(tables: Mapping[str, ProtectedTable]) -> KeyFigures:
    """Each share of the care units together, with its target and how many reach it; a share without target alone."""
    table = tables["care_unit_overview"]
    figures = []
    for share in SHARES:
        value = find(table, care_unit="", column=share.code).value
        target = next(iter(records(table, care_unit="target", column=share.code)), None)
        words = target["text"] if target else ""
        found = reached(table, share.code)
        comparison = f"Mål {words}, nås av {found[0]} av {found[1]} enheter" if found else f"Målet: andelen {words}"
        figures.append(KeyFigure(share.label, "–" if value is None else swedish.percent(value, 1), comparison))
    return KeyFigures(tuple(figures))


def _staff_figure(table: ProtectedTable, label: str) -> KeyFigure:
    key = {**(total_key(table) if not table.frame.is_empty() else {}), "sex": "T"}
    current, change = find(table, column="current", **key), find(table, column="change", **key)
    if current.is_suppressed:
        return KeyFigure(label, table.mark, f"Uppgiften {SUPPRESSED}")
    if current.value is None:
        return KeyFigure(label, "–", "Ingen uppgift för perioden")
    decimals = table.spec.decimals
    value = swedish.number(current.value, decimals)
    unit = swedish.HARD_SPACE + "%" if table.spec.unit == "%" else ""
    if change.is_suppressed:
        comparison = f"Jämförelsen {SUPPRESSED}"
    elif change.value is None:
        comparison = f"Ingen uppgift för {LAST_YEAR}"
    elif rounds_to_zero(change.value, decimals):
        comparison = f"Oförändrat jämfört med {LAST_YEAR}"
    else:
        step = f"{swedish.HARD_SPACE}{table.spec.change_unit}" if table.spec.change_unit else ""
        word = more_or_less(change.value, table.spec.unit)
        comparison = f"{swedish.number(abs(change.value), decimals)}{step} {word} än {LAST_YEAR}"
    return KeyFigure(label, f"{value}{unit}", comparison)


def _line(table: ProtectedTable, subject: str, label: str, *, income: bool, **keys: Any) -> KeyFigure:
    return turned_figure(turned(table, subject, income=income, **keys), label)


def turned_figure(found: Compared | None, label: str) -> KeyFigure:
    """A row of a ledger table against budget and last year."""
    if found is None:
        return KeyFigure(label or "Nettokostnad", "–", "Ingen uppgift för perioden")
    parts = []
    if found.more_than_budget is not None:
        parts.append(against_budget(found.more_than_budget, found.size))
    if found.more_than_previous is not None:
        parts.append(compared(found.more_than_previous, found.previous, found.size, LAST_YEAR))
    comparison = ", ".join(parts)
    return KeyFigure(
        label or found.subject.removesuffix("en"),
        amount(found.size, signed=True),
        comparison[:1].upper() + comparison[1:],
    )


def _forecast(table: ProtectedTable) -> KeyFigure:
    found = turned(table, "", report_line="net", origin="total")
    if found is None:
        return KeyFigure("Helårsprognos", "–", "Ingen prognos är lämnad")
    against = "" if found.more_than_budget is None else against_budget(found.more_than_budget, found.size)
    label = f"Helårsprognos, {found.subject.lower().removesuffix('en')}"
    return KeyFigure(label, amount(found.size, signed=True), against[:1].upper() + against[1:])
