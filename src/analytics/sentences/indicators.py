"""Sentences about goals and indicators."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from analytics.disclosure import ProtectedTable
from analytics.sentences.words import find, listed, records

_STATUSES = {
    "met": ("är uppfylld", "är uppfyllda"),
    "on_track": ("är på väg", "är på väg"),
    "not_met": ("är inte uppfylld", "är inte uppfyllda"),
    "not_assessable": ("kan inte bedömas", "kan inte bedömas"),
    "not_measured": ("är inte mätt ännu", "är inte mätta ännu"),
}
NO_PLAN = "Ingen plan med indikatorer gäller för förvaltningen den här månaden."


def counts(table: ProtectedTable) -> Mapping[str, int]:
    """Status → how many indicators in all; empty if the unit has none."""
    if table.frame.is_empty():
        return {}
    total = {"goal_area": "", "row_type": "total"}
    return {code: round(find(table, column=code, **total).value or 0) for code in (*_STATUSES, "all")}


def overview(table: ProtectedTable) -> str:
    """How many indicators there are and how they stand."""
    held = counts(table)
    if not held:
        return NO_PLAN
    if held["all"] == 1:
        stands = next(words[0] for code, words in _STATUSES.items() if held[code])
        return f"Förvaltningen följs upp med en indikator, som {_as_clause(stands)}."
    parts = [f"{held[code]} {words[held[code] != 1]}" for code, words in _STATUSES.items() if held[code]]
    return f"Förvaltningen följs upp med {held['all']} indikatorer: {listed(parts)}."


def _as_clause(words: str) -> str:
    """``är inte mätt ännu`` → ``inte är mätt ännu``: in a subordinate clause the negation stands first."""
    verb, _, rest = words.partition(" inte")
    return f"inte {verb}{rest}" if rest else words


def status(table: ProtectedTable) -> str:
    """Which indicators are not met, or that none is; a person's judgement holds before the computed status."""
    if table.frame.is_empty():
        return NO_PLAN
    rows = records(table, column="status", level=3)
    judged = {row["indicator"]: row["text"] for row in records(table, column="person", level=3) if row["text"]}
    missed = [
        f"”{row['indicator_label']}”" for row in rows if _says_missed(judged.get(row["indicator"], row["text"] or ""))
    ]
    hidden = any(row["status"] == "suppressed" for row in rows)
    among = " bland de indikatorer som visas" if hidden else ""
    if not missed:
        return f"Ingen indikator är bedömd som ej uppfylld{among}."
    verb = "Ej uppfylld är" if len(missed) == 1 else "Ej uppfyllda är"
    return f"{verb}{among} {listed(missed)}."


def _says_missed(text: str) -> bool:
    return text.partition(" ")[2].partition(".")[0] == "Ej uppfyllt"


def history(table: ProtectedTable) -> str:
    """How many indicators can be followed over time."""
    names = {row["indicator"] for row in records(table, column="outcome")}
    if not names:
        return "Ingen av indikatorerna har ännu utfall från mer än ett tillfälle."
    word = "En indikator" if len(names) == 1 else f"{len(names)} indikatorer"
    return f"{word} har utfall från mer än ett tillfälle och visas över tid."


def units(table: ProtectedTable) -> str:
    """How many indicators can be compared between units."""
    names = {row["indicator"] for row in records(table, column="outcome")}
    if not names:
        return "Ingen annan enhet har rapporterat samma indikatorer."
    word = "En indikator" if len(names) == 1 else f"{len(names)} indikatorer"
    return f"{word} kan jämföras med andra enheter. Jämförelsen visar var enheten står, inte varför."


WRITERS: dict[str, Callable[[ProtectedTable], str]] = {
    "indicator_overview": overview,
    "indicator_status": status,
    "indicator_history": history,
    "indicator_units": units,
}
"""Table id → what writes its sentence."""
