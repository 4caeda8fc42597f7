"""Swedish statements of a report's text read as: which subject, which figure of it, in which direction.

Only words in the vocabulary are understood. A statement with any other word is not guessed at: it is reported as not
checkable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SUBJECTS = {
    "intäkter": "income", "intäkterna": "income", "personalkostnader": "staff", "personalkostnaderna": "staff",
    "personal": "staff", "drift": "operations", "driftkostnader": "operations", "driftkostnaderna": "operations",
    "avskrivningar": "capital", "kapitalkostnad": "capital", "kapitalkostnader": "capital",
    "utbildning": "focus_training", "resor": "focus_travel", "konsulter": "focus_consultants",
    "årsarbetare": "worked_fte", "frånvaro": "absence_fte", "frånvaron": "absence_fte",
    "sjukfrånvaro": "sick_leave_pct", "sjukfrånvaron": "sick_leave_pct", "anställda": "headcount",
    "övertid": "overtime_fte", "mertid": "additional_fte", "timavlönade": "hourly_fte",
    "personalrörlighet": "turnover_pct", "resultat": "net", "nettoresultat": "net", "netto": "net",
}  # fmt: skip
ORIGINS = {"externa": "external", "externt": "external", "interna": "internal", "internt": "internal"}
LOWER = {"lägre", "minskning", "minskade", "minskat", "minskar", "under"}
HIGHER = {"högre", "ökning", "ökade", "ökat", "ökar", "över"}
_MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december", "jan", "feb", "apr", "aug", "sep", "okt", "nov", "dec",
)  # fmt: skip
_FILLING = {
    "mot", "än", "jämfört", "med", "och", "de", "den", "det", "per", "i", "till", "på", "av", "för", "jan-feb",
    "jan-mar", "antal", "samma", "period", "motsvarande", "ack", "ackumulerat", "ackumulerad", "utfall", "utfallet",
    "kostnader", "helår", "helåret", "totalt", "total", *_MONTHS,
}  # fmt: skip
_COMPARED = {"budget", "budgeten", "föregående", "år", "året", "åren", "snitt", "månad", "prognos", "två"}
_WORD = re.compile(r"[a-zåäöé-]+|\d+(?:-\d+)?")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement understood. ``measure`` is a column code, ``monthly`` or empty where the text does not say."""

    subjects: tuple[str, ...]
    origin: str
    measure: str
    direction: int
    """-1 lower, 1 higher, 0 not said."""
    year: str
    several_years: bool


def understand(text: str) -> Statement | None:
    """Read a statement; None where it holds a word outside the vocabulary."""
    words = _WORD.findall(text.casefold())
    known = (*SUBJECTS, *ORIGINS, *LOWER, *HIGHER, *_FILLING, *_COMPARED)
    if any(word not in known and not re.fullmatch(r"(19|20)\d{2}", word) for word in words):
        return None
    years = [word for word in words if word.isdigit()]
    direction = (any(word in HIGHER for word in words)) - (any(word in LOWER for word in words))
    subjects = tuple(dict.fromkeys(SUBJECTS[word] for word in words if word in SUBJECTS))
    if not subjects and ("utfall" in words or "ackumulerat" in words):
        subjects = ("net",)
    return Statement(
        subjects=subjects,
        origin=next((ORIGINS[word] for word in words if word in ORIGINS), "total"),
        measure=_measure(words, years, direction),
        direction=direction,
        year=years[-1] if years else "",
        several_years="åren" in words or len(years) > 1,
    )


def _measure(words: list[str], years: list[str], direction: int) -> str:  # noqa: PLR0911 - one line per meaning
    if "snitt" in words:
        return "monthly"
    if "prognos" in words:
        return "forecast_vs_budget" if "mot" in words or direction else "forecast"
    compared = direction != 0 or "mot" in words or "jämfört" in words
    if compared and ("budget" in words or "budgeten" in words):
        return "vs_budget"
    if "budget" in words or "budgeten" in words:
        return "budget"
    if compared and not {"budget", "budgeten"} & set(words):
        return "vs_previous"
    if "föregående" in words:
        return "previous"
    if "utfall" in words:
        return "outcome"
    return f"year {years[-1]}" if years else ""
