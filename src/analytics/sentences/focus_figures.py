"""The key figures of the focus areas, and of agency staff in the whole region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analytics import swedish
from analytics.disclosure import ProtectedTable
from analytics.sentences.focus import NATIONAL_LIMIT
from analytics.sentences.key_figures import KeyFigure, KeyFigures, turned_figure
from analytics.sentences.ledger import turned
from analytics.sentences.words import LAST_YEAR, find, more_or_less, rounds_to_zero, total_key

AGENCY = ("agency_staff_fte", "agency_share_pct")
EVERYWHERE = "alla förvaltningar"


def figures(areas: Sequence[ProtectedTable], agency: Mapping[str, ProtectedTable]) -> KeyFigures:
    """What each focus area cost against last year and budget, then agency staff and its share of own staff cost.

    Areas without postings are left to their own section; so is agency staff where there is none.
    """
    found = []
    for table in areas:
        key = total_key(table) if not table.frame.is_empty() else {}
        row = turned(table, table.spec.title, **key)
        if row is not None:
            found.append(turned_figure(row, table.spec.title))
    staff, share = (agency[table_id] for table_id in AGENCY)
    goal = f"Nationellt mål högst {swedish.percent(NATIONAL_LIMIT)}"
    found += _agency(staff, f"Inhyrd personal, årsarbetare i {EVERYWHERE}", unit="", step="")
    found += _agency(
        share,
        f"Inhyrd personal, andel av egen personalkostnad i {EVERYWHERE}",
        unit="%",
        step="procentenheter",
        start=goal,
    )
    return KeyFigures(tuple(found))


def _agency(table: ProtectedTable, label: str, *, unit: str, step: str, start: str = "") -> list[KeyFigure]:
    """The total of a table of agency staff against last year; nothing where there is no total."""
    if table.frame.is_empty():
        return []
    key = total_key(table)
    current, change = (find(table, column=column, **key).value for column in ("current", "change"))
    if current is None:
        return []
    if change is None:
        compared = f"ingen uppgift för {LAST_YEAR}"
    elif rounds_to_zero(change, 1):
        compared = f"oförändrat jämfört med {LAST_YEAR}"
    else:
        size = f"{swedish.number(abs(change), 1)}{f'{swedish.HARD_SPACE}{step}' if step else ''}"
        # Staff are more or fewer, a share is higher or lower.
        compared = f"{size} {more_or_less(change, '' if step else 'antal')} än {LAST_YEAR}"
    said = f"{start}, {compared}" if start else f"{compared[:1].upper()}{compared[1:]}"
    value = swedish.percent(current, 1) if unit else swedish.number(current, 1)
    return [KeyFigure(label, value, said)]
