"""Sentences of the ledger tables. Costs are positive and income negative in the tables; the words follow the sign.

A deviation is comparator − outcome, so outcome − comparator is its negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analytics import swedish
from analytics.disclosure import ProtectedTable
from analytics.errors import UsageError
from analytics.sentences.words import (
    LAST_YEAR,
    Figure,
    against_budget,
    amount,
    compared,
    find,
    listed,
    records,
    rounds_to_zero,
    sentence,
    total_key,
)

# Subject of the total of each pivot table, in the definite plural or singular.
SUBJECTS = {
    "result_by_class": "",
    "staff_cost_by_group": "Personalkostnaderna",
    "operations_by_class": "Driftskostnaderna",
    "focus_training": "Utbildningskostnaderna",
    "focus_travel": "Resekostnaderna",
    "focus_consultants": "Konsultkostnaderna",
}
_ABSENT = {
    "result_by_class": "Inget är bokfört för perioden eller för samma period föregående år.",
    "staff_cost_by_group": "Förvaltningen har inga bokförda personalkostnader för perioden.",
    "operations_by_class": "Förvaltningen har inga bokförda driftskostnader för perioden.",
    "focus_training": "Förvaltningen har inga bokförda utbildningskostnader för perioden.",
    "focus_travel": "Förvaltningen har inga bokförda resekostnader för perioden.",
    "focus_consultants": "Förvaltningen har inga bokförda konsultkostnader för perioden.",
}
_ACCOUNT_WORDS = {1: "kontoklass", 2: "kontogrupp", 3: "kontogrupp"}
NO_PROJECTS = "Förvaltningen har ingen projektverksamhet."


@dataclass(frozen=True, slots=True)
class Compared:
    """One row of a ledger table turned so that more is more, for income as for cost."""

    subject: str
    size: float
    previous: Figure
    more_than_budget: float | None
    more_than_previous: float | None

    def text(self) -> str:
        """``X är 237 tkr, vilket är 27 % lägre än … och 66 tkr lägre än budget``."""
        parts = []
        if self.more_than_previous is not None:
            parts.append(compared(self.more_than_previous, self.previous, self.size, LAST_YEAR))
        if self.more_than_budget is not None:
            parts.append(against_budget(self.more_than_budget, self.size))
        tail = f", vilket är {listed(parts)}" if parts else ""
        return sentence(f"{self.subject} är {amount(self.size, signed=True)}{tail}")


def turned(table: ProtectedTable, subject: str, *, income: bool = False, **keys: Any) -> Compared | None:
    """One row as :class:`Compared`; None if its outcome is missing. An empty subject means the net."""
    column = "forecast" if "forecast" in table.headings and "outcome" not in table.headings else "outcome"
    outcome = find(table, column=column, **keys)
    if outcome.value is None:
        return None
    sign = -1 if income or (not subject and outcome.value < 0) else 1
    previous = find(table, column="previous", **keys)
    deviations = [find(table, column=name, **keys).value for name in ("vs_budget", "vs_previous")]
    more = [None if value is None else -sign * value for value in deviations]
    return Compared(
        subject or ("Nettointäkten" if sign < 0 else "Nettokostnaden"),
        sign * outcome.value,
        Figure(None if previous.value is None else sign * previous.value, previous.status),
        more[0],
        more[1],
    )


def pivot(table: ProtectedTable) -> str:
    """Total against last year and budget, and the row that moved most."""
    table_id, area = table.spec.table_id, swedish.inline(table.spec.title)
    absent = _ABSENT.get(table_id, f"Förvaltningen har inga bokförda kostnader för {area} i perioden.")
    if table.frame.is_empty():
        return absent
    key = total_key(table)
    found = turned(table, SUBJECTS.get(table_id, f"Kostnaden för {area}"), **key)
    if found is None:
        budget, previous = (find(table, column=column, **key).value or 0 for column in ("budget", "previous"))
        extra = "" if rounds_to_zero(budget / 1000, 0) else f" Budgeten till och med perioden är {amount(budget)}."
        if not rounds_to_zero(previous / 1000, 0):
            extra += f" {sentence(f'{LAST_YEAR} var utfallet {amount(previous)}')}"
        return absent + extra
    return " ".join(part for part in (found.text(), _largest(table)) if part)


def _largest(table: ProtectedTable) -> str:
    """The detail row with the largest change against last year, named."""
    rows = [row for row in records(table, column="vs_previous", row_type="row") if row["status"] == "ok"]
    deepest = max((row["level"] for row in rows), default=0)
    details = [row for row in rows if row["level"] == deepest and row["value"] is not None]
    if len(details) < 2:
        return ""
    top = max(details, key=lambda row: abs(row["value"]))
    if rounds_to_zero(top["value"] / 1000, 0):
        return ""
    change = -top["value"]
    if str(top["code"]).startswith("3"):
        change = -change
    word = "högre" if change > 0 else "lägre"
    return f"Den största förändringen finns på {_account(table, top)}: {amount(change)} {word} än {LAST_YEAR}."


def _account(table: ProtectedTable, row: dict[str, Any]) -> str:
    """``kontogrupp 40 Lön arbetad tid``; by kind of income and cost the kind alone, which can be several classes."""
    if table.spec.table_id == "result_by_class":
        return str(row["label"]).lower()
    code = str(row["code"])
    return f"{_ACCOUNT_WORDS.get(len(code), 'konto')} {code} {row['label']}"


def fr1_outcome(table: ProtectedTable) -> str:
    """Net against last year and budget, and how it divides between external and internal."""
    found = turned(table, "", report_line="net", origin="total")
    if found is None:
        return "Inget är bokfört för perioden."
    text = found.text()
    external = find(table, report_line="net", origin="external", column="outcome").value
    internal = find(table, report_line="net", origin="internal", column="outcome").value
    # With opposite signs the two are not parts of a whole, and the words would say that they are.
    if external is not None and internal is not None and external >= 0 and internal >= 0:
        text += f" Av nettokostnaden är {amount(external)} extern och {amount(internal)} intern."
    return text


LINES = {
    "income": ("Intäkterna", True),
    "staff": ("Personalkostnaderna", False),
    "operations": ("Driftskostnaderna och finansnettot", False),
    "capital": ("Kapitalkostnaden", False),
}


def line(table: ProtectedTable, code: str) -> str:
    """One first-level line of FR1 against last year and budget. Raises UsageError for another line."""
    if code not in LINES or table.spec.table_id != "fr1_outcome":
        raise UsageError(f"no sentence for the line {code!r}", action=f"Lines of fr1_outcome: {', '.join(LINES)}.")
    subject, income = LINES[code]
    found = turned(table, subject, income=income, report_line=code, origin="total")
    if found is None:
        return f"{subject}: inget är bokfört för perioden."
    if found.size == 0 and not found.previous.value and not found.more_than_budget:
        return f"Förvaltningen har varken utfall eller budget för {subject.lower()}."
    return found.text()


def fr1_forecast(table: ProtectedTable) -> str:
    """Forecast of the net for the full year against budget and last year's outcome."""
    found = turned(table, "", report_line="net", origin="total")
    if found is None:
        return "Ingen prognos är lämnad för perioden."
    parts = []
    if found.more_than_budget is not None:
        parts.append(against_budget(found.more_than_budget, found.size))
    if found.more_than_previous is not None:
        parts.append(compared(found.more_than_previous, found.previous, found.size, "föregående års utfall"))
    tail = f", vilket är {listed(parts)}" if parts else ""
    return f"Prognosen för helåret är en {found.subject.lower().removesuffix('en')} på {amount(found.size)}{tail}."


def fr1_summary(table: ProtectedTable) -> str:
    """Net against budget, the two lines that deviate most in each direction, and the forecast."""
    outcome = find(table, report_line="net", column="outcome")
    if outcome.value is None:
        return "Inget är bokfört för perioden."
    sign = -1 if outcome.value < 0 else 1
    subject = "Nettointäkten" if sign < 0 else "Nettokostnaden"
    text = f"{subject} är {amount(outcome.value)}"
    deviation = find(table, report_line="net", column="outcome_vs_budget").value
    if deviation is not None:
        text += f", vilket är {against_budget(-sign * deviation, outcome.value)}"
    text += "."
    text += _extremes(table)
    forecast = find(table, report_line="net", column="forecast").value
    against = find(table, report_line="net", column="forecast_vs_budget").value
    if forecast is not None and against is not None:
        turn = -1 if forecast < 0 else 1
        text += f" Helårsprognosen är {against_budget(-turn * against, forecast)}."
    return text


def _extremes(table: ProtectedTable) -> str:
    rows = [
        row
        for row in records(table, column="outcome_vs_budget", level=1)
        if row["report_line"] in ("income", "staff", "operations", "capital") and row["value"] is not None
    ]
    words = []
    worst = min(rows, key=lambda row: row["value"], default=None)
    best = max(rows, key=lambda row: row["value"], default=None)
    if worst is not None and worst["value"] < 0:
        words.append(f"Den största ogynnsamma avvikelsen finns på {_named(worst)}")
    if best is not None and best["value"] > 0:
        start = "den största gynnsamma" if words else "Den största gynnsamma avvikelsen finns"
        words.append(f"{start} på {_named(best)}")
    return f" {' och '.join(words)}." if words else ""


def _named(row: dict[str, Any]) -> str:
    return f"{str(row['report_line_label']).lower()} ({amount(row['value'])})"


def seasonal(table: ProtectedTable) -> str:
    """Net against the budget in twelfths and against the seasonal budget."""
    net = {name: find(table, report_line="net", column=name).value for name in ("outcome", "vs_budget", "vs_seasonal")}
    outcome = net["outcome"]
    if outcome is None:
        return "Inget är bokfört för perioden."
    sign = -1 if outcome < 0 else 1
    subject = "Nettointäkten" if sign < 0 else "Nettokostnaden"
    parts = [
        against_budget(-sign * deviation, outcome, versus)
        for deviation, versus in (
            (net["vs_budget"], "budgeten i tolftedelar"),
            (net["vs_seasonal"], "den säsongsfördelade budgeten"),
        )
        if deviation is not None
    ]
    if not parts:
        return f"{subject} är {amount(outcome)}."
    text = f"{subject} är {listed(parts)}."
    if net["vs_seasonal"] is None:
        text += " En säsongsfördelad budget kan inte beräknas, eftersom tidigare års mönster saknas."
    return text


def projects(table: ProtectedTable) -> str:
    """Net of all projects so far and in the forecast."""
    if table.frame.is_empty():
        return NO_PROJECTS
    key = total_key(table)
    outcome = find(table, column="outcome", **key).value
    forecast = find(table, column="forecast", **key).value
    if outcome is None:
        return NO_PROJECTS
    balance = (
        "är hittills under året i balans: kostnader och intäkter tar ut varandra"
        if rounds_to_zero(outcome / 1000, 0)
        else f"har hittills under året {amount(outcome)} {'högre' if outcome > 0 else 'lägre'} kostnader än intäkter"
    )
    text = f"Projekten {balance}."
    if forecast is None:
        return text
    if rounds_to_zero(forecast / 1000, 0):
        return f"{text} Enligt prognosen är de i balans vid årets slut."
    return f"{text} Enligt prognosen är {'under' if forecast > 0 else 'över'}skottet {amount(forecast)} vid årets slut."
