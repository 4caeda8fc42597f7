"""Approved comments that no page of a package prints: a comment that is left out silently would be a lost one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from analytics.comments import reading
from analytics.comments.model import APPROVED
from analytics.measures.catalogue import REPORTS
from analytics.measures.catalogue.focus import PREFIX as FOCUS
from analytics.measures.catalogue.summary import TELLER
from analytics.periods import Period
from analytics.settings import Settings

FOCUS_REPORT: Final = "fokusomraden"


def unprinted(  # noqa: PLR0913 - what was asked for, what was made and what was printed
    settings: Settings,
    *,
    period: Period,
    unit: str,
    made: Collection[str],
    possible: Collection[str],
    commented: Collection[str],
) -> list[str]:
    """What is said of each approved comment that no page prints although its report is made, or never can be.

    ``made`` are the reports of the package, ``possible`` those that the unit can have, ``commented`` the tables whose
    comments the pages print. A comment whose report was not asked for this time waits for it. Raises CommentError for
    a bad file.
    """
    comments = reading.read_all(settings.paths.comments, str(period), unit, settings.focus)
    found = []
    for comment in comments:
        table = comment.about.table
        holders = _holders(table)
        if comment.state != APPROVED or table in commented:
            continue
        if not holders & set(possible):
            found.append(f"{comment.file.name} is about {table}, which no report of the unit shows")
        elif holders & set(made):
            found.append(f"{comment.file.name} is about {table}, whose comments no page prints: add wb.comments(…)")
    return found


def _holders(table_id: str) -> set[str]:
    if table_id.startswith(FOCUS):
        return {FOCUS_REPORT}
    return {name for name, held in REPORTS.items() if table_id in held and name != TELLER}
