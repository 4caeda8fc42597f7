"""Sentences about agency staff against own staff; the areas themselves speak by ``ledger.pivot`` and ``monthly``."""

from __future__ import annotations

from collections.abc import Callable

from analytics import swedish
from analytics.disclosure import ProtectedTable
from analytics.sentences import monthly
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
        f"Kostnaden för inhyrd personal motsvarar {swedish.percent(current, 1)} av kostnaden för all egen "
        f"personal, vilket är {side} det nationella målet på högst {swedish.percent(NATIONAL_LIMIT)}."
    )
    if change is None:
        return level
    if rounds_to_zero(change, 1):
        return f"{level} Andelen är oförändrad jämfört med {LAST_YEAR}."
    word = "högre" if change > 0 else "lägre"
    step = f"{swedish.number(abs(change), 1)}{swedish.HARD_SPACE}procentenheter"
    return f"{level} Andelen är {step} {word} än {LAST_YEAR}."


def agency_lag(table: ProtectedTable) -> str:
    """What the period is likely to end at when all invoices have come."""
    if table.frame.is_empty():
        return "Det finns inga uppgifter om inhyrd personal."
    known, likely, lowest, highest = (
        find(table, period="", row_type="total", column=name).value for name in ("known", "likely", "lowest", "highest")
    )
    if known is None or likely is None or lowest is None or highest is None:
        return "De tidigare månaderna är för få för att säga hur mycket som ännu inte har fakturerats."
    spaced = f"{swedish.HARD_SPACE}årsarbetare"
    so_far = f"Hittills har {swedish.number(known, 1)}{spaced} fakturerats"
    if rounds_to_zero(likely - known, 1):
        return f"{so_far}, och fakturorna brukar vara kompletta så här långt efter perioden."
    return (
        f"{so_far}. När alla fakturor har kommit kan det bli omkring {swedish.number(likely, 1)}{spaced}, "
        f"om de kommer lika sent som tidigare (mellan {swedish.number(lowest, 1)} och {swedish.number(highest, 1)})."
    )


WRITERS: dict[str, Callable[[ProtectedTable], str]] = {
    "agency_share_pct": agency_share,
    "agency_lag_fte": agency_lag,
    "agency_fte_monthly": monthly.agency,
}
"""Table id → what writes its sentence."""
