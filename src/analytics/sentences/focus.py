"""Sentences about agency staff against own staff; the areas themselves speak by ``ledger.pivot`` and ``monthly``."""

from __future__ import annotations

from collections.abc import Callable

from analytics import swedish
from analytics.disclosure import ProtectedTable
from analytics.sentences.words import LAST_YEAR, find, rounds_to_zero, total_key

NATIONAL_LIMIT = 2
"""Per cent of own staff cost: the national goal for agency staff (domain rules 8)."""


def agency_share(table: ProtectedTable) -> str:
    """The region's share against the national goal and last year."""
    if table.frame.is_empty():
        return "Det finns inga uppgifter om inhyrd personal att jämföra."
    key = total_key(table)
    current, change = (find(table, column=name, **key).value for name in ("current", "change"))
    if current is None:
        return "Andelen kan inte räknas för perioden."
    side = "över" if current > NATIONAL_LIMIT else "inte över"
    level = (
        f"Kostnaden för inhyrd personal motsvarar {swedish.percent(current, 1)} av regionens kostnad för egen "
        f"personal, vilket är {side} det nationella målet på högst {swedish.percent(NATIONAL_LIMIT)}."
    )
    if change is None:
        return level
    if rounds_to_zero(change, 1):
        return f"{level} Andelen är oförändrad jämfört med {LAST_YEAR}."
    word = "högre" if change > 0 else "lägre"
    step = f"{swedish.number(abs(change), 1)}{swedish.HARD_SPACE}procentenheter"
    return f"{level} Andelen är {step} {word} än {LAST_YEAR}."


WRITERS: dict[str, Callable[[ProtectedTable], str]] = {"agency_share_pct": agency_share}
"""Table id → what writes its sentence."""
