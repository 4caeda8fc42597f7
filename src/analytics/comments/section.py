"""Comments of a table as HTML: each beside its figure, with role and date; what is stale and what is missing.

Classes: ``kommentarer`` (the section), ``kommentar`` (one of them), ``kommentar-om`` (its figure), ``inaktuell`` (the
mark of a figure that has changed), ``kommentar-saknas`` (the list of what is missing).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Final

from analytics.comments import markdown
from analytics.comments.binding import Bound
from analytics.comments.model import ACTION_PLAN, COMMENT, KINDS, REQUIRED
from analytics.periods import day_label

_MISSING: Final = {COMMENT: "Kommentar saknas", ACTION_PLAN: "Åtgärdsplan saknas"}
_NOUNS: Final = {COMMENT: "kommentaren", ACTION_PLAN: "åtgärdsplanen"}


def html(table_id: str, bound: Sequence[Bound], *, internal: bool) -> str:
    """The section below a table; empty where there is nothing to say.

    Drafts and comments that are ready but not approved are never printed; an internal page says how many there are. A
    comment whose figure is suppressed is not printed: its text may tell what the figure would.
    """
    pieces = [_printed(item) for item in bound if item.state in ("approved", "stale")]
    pieces += _missing(table_id, bound)
    hidden = sum(item.state == "hidden" and item.comment is not None for item in bound)
    if hidden:
        count = "En kommentar visas" if hidden == 1 else f"{hidden} kommentarer visas"
        pieces.append(f'<p class="not">{count} inte, eftersom uppgiften inte visas av sekretesskäl.</p>')
    waiting = [sum(item.state == state for item in bound) for state in ("draft", "ready")]
    if internal and any(waiting):
        pieces.append(f'<p class="not">Ännu inte godkända: {waiting[0]} utkast, {waiting[1]} klara.</p>')
    return f'<div class="kommentarer">{"".join(pieces)}</div>' if pieces else ""


def _printed(item: Bound) -> str:
    comment = item.comment
    if comment is None:
        return ""
    stale = ""
    if item.state == "stale":
        stale = (
            f'<p class="inaktuell"><strong>Siffran har ändrats sedan {_NOUNS[comment.kind]} godkändes:</strong> '
            f"var {escape(comment.figure)}, nu {escape(item.cell.text)}.</p>"
        )
    about = f"{KINDS[comment.kind]} till {item.cell.title}: {item.cell.text}"
    return (
        f'<div class="kommentar"><p class="kommentar-om"><strong>{escape(about)}</strong></p>{stale}'
        f"{markdown.to_html(comment.text)}"
        f'<p class="not">{escape(comment.author_role)}, {escape(day(comment.date))}</p></div>'
    )


def lacking(bound: Sequence[Bound]) -> list[str]:
    """What lacks an approved text: nothing written, or not approved yet. A reader cannot see the difference."""
    asked = [item for item in bound if item.is_required]
    answered = {item.cell.place for item in asked if item.state in ("approved", "stale")}
    found = {
        item.cell.place: f"{item.cell.title}: {item.cell.text}"
        for item in asked
        if item.state in ("missing", "draft", "ready") and item.cell.place not in answered
    }
    return list(found.values())


def _missing(table_id: str, bound: Sequence[Bound]) -> list[str]:
    requirement = REQUIRED.get(table_id)
    lines = lacking(bound)
    if requirement is None or not lines:
        return []
    rows = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return [f'<div class="kommentar-saknas"><p><strong>{_MISSING[requirement.kind]}</strong></p><ul>{rows}</ul></div>']


def day(text: str) -> str:
    """``2018-04-12`` → ``12 april 2018``."""
    return day_label(date.fromisoformat(text))
