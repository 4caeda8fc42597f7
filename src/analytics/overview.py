"""What the summary shows: sentences and lists whose numbers are links to their tables in the other reports.

A number without a table in the package stands as it is. Classes: ``huvudbudskap``, ``besked``,
``avvikelser``, ``kommentar``, ``inaktuell``, ``sedan-forra``, ``andringar``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from analytics.comments import markdown, section
from analytics.comments.binding import Bound
from analytics.companions import Change, Changes, Companions
from analytics.disclosure import ProtectedTable
from analytics.frame import Html
from analytics.periods import MONTH_NAMES
from analytics.sentences import summary
from analytics.sentences.deviations import NONE as NO_DEVIATIONS
from analytics.sentences.summary import LargeDeviation, Remark, ThenAndNow

MOST_REMARKS = 3
NO_COMMENT = "Kommentar saknas."
STALE = "Siffran har ändrats sedan kommentaren godkändes."
BY_HAND = "Jämförelsen görs när rapporterna framställs tillsammans."
FIRST_MONTH = "Det finns ingen tidigare månadsrapport för förvaltningen att jämföra med."
# A number as the sentences print it, with its unit; codes (1.2, FR1, 40 Lön) and the year of a month are no numbers.
_NO_YEAR = "".join(rf"(?<!{name} )" for name in MONTH_NAMES)
_NUMBER = re.compile(
    _NO_YEAR
    + r"(?<![\w.,])[\u2212]?\d+(?:\u00a0\d{3})*(?:,\d+)?(?:\u00a0(?:%|mnkr|tkr|kr|årsarbetare|procentenheter))?"
    r"(?![\w\u00a0]|[.,]\d| [A-ZÅÄÖ])"
)


def point(text: str, href: str | None) -> Html:
    """A sentence; each number in it leads to ``href``, the table it comes from."""
    return Html(f'<p class="huvudbudskap">{_linked(text, href)}</p>')


def _linked(text: str, href: str | None) -> str:
    if not href:
        return escape(text)
    parts, end = [], 0
    for match in _NUMBER.finditer(text):
        parts += [escape(text[end : match.start()]), f'<a href="{escape(href)}">{escape(match[0])}</a>']
        end = match.end()
    return "".join([*parts, escape(text[end:])])


def deviations(table: ProtectedTable, bound: Sequence[Bound], href: str | None) -> Html:
    """The largest deviations, each with its largest part and its approved comment, or that it lacks one."""
    found = summary.largest_deviations(table)
    if not found:
        return Html(f"<p>{escape(NO_DEVIATIONS)}</p>")
    items = "".join(_deviation(each, [item for item in bound if item.cell.place == each.place], href) for each in found)
    rest = len({row["deviation"] for row in table.frame.iter_rows(named=True)}) - len(found)
    more = ""
    if rest > 0:
        text = f"Ytterligare {rest} avvikelser är så stora att de ska kommenteras."
        if rest == 1:
            text = "Ytterligare en avvikelse är så stor att den ska kommenteras."
        more = f"<p>{_linked(text, href)}</p>"
    return Html(f'<ol class="avvikelser">{items}</ol>{more}')


def _deviation(found: LargeDeviation, bound: Sequence[Bound], href: str | None) -> str:
    cause = f"<p>Största del: {_linked(found.cause, href)}.</p>" if found.cause else ""
    printed = [item for item in bound if item.comment is not None and item.state in ("approved", "stale")]
    said = "".join(_comment(item) for item in printed) or f'<p class="not">{NO_COMMENT}</p>'
    return f"<li><p><strong>{escape(found.label)}: {_linked(found.size, href)}</strong></p>{cause}{said}</li>"


def _comment(item: Bound) -> str:
    if item.comment is None:
        return ""
    stale = f'<p class="inaktuell">{STALE}</p>' if item.state == "stale" else ""
    signed = f"{item.comment.author_role}, {section.day(item.comment.date)}"
    text = markdown.to_html(item.comment.text)
    return f'<div class="kommentar">{stale}{text}<p class="not">{escape(signed)}</p></div>'


def quality(found: Sequence[Remark], around: Companions | None, *, names: Mapping[str, str]) -> Html:
    """Whether the figures can be used and the gravest remarks, with a link to the page of data quality.

    ``names`` gives what the deliveries of a table are called.
    """
    css = "besked fel" if any(remark.is_critical for remark in found) else "besked varning" if found else "besked"
    said = f'<p class="{css}">{escape(summary.quality(found))}</p>'
    lines = [_remark(remark, names.get(remark.table, "")) for remark in found[:MOST_REMARKS]]
    href = around.quality if around else None
    items = "".join(f"<li>{_linked(line, href)}</li>" for line in lines)
    more = len(found) - MOST_REMARKS
    rest = f"Det finns {more} {'anmärkning' if more == 1 else 'anmärkningar'} till. " if more > 0 else ""
    page = f'<a href="{escape(href)}">Läs mer på sidan Datakvalitet</a>.' if href else ""
    tail = f"<p>{_linked(rest, href)}{page}</p>" if rest or page else ""
    return Html(f"{said}{f'<ul>{items}</ul>' if items else ''}{tail}")


def _remark(remark: Remark, name: str) -> str:
    when = f" för {remark.months}" if remark.months else ""
    return f"{name}{': ' if name else ''}”{remark.title}” stämmer inte{when}. {remark.reason}"


def since_last_version(around: Companions | None) -> Html:
    """How many figures have changed since the last version and the largest of them, old and new."""
    if around is None:
        return Html(f"<p>{BY_HAND}</p>")
    said = " ".join(summary.since_last_version(around.changes))
    more = ""
    if around.differences and around.changes is not None and around.changes.since:
        more = f'<p><a href="{escape(around.differences)}">Alla ändringar, före och efter</a></p>'
    # In a box of its own: what it says depends on the version published, so packages are told apart without it.
    return Html(f'<div class="sedan-forra"><p>{escape(said)}</p>{_largest(around.changes, around.places)}{more}</div>')


def _largest(changes: Changes | None, places: Mapping[str, str]) -> str:
    if changes is None or not changes.largest:
        return ""
    items = "".join(_change(change, places.get(change.table_id)) for change in changes.largest)
    few = "Den största ändringen" if len(changes.largest) == 1 else "De största ändringarna"
    return f'<p>{few}:</p><ul class="andringar">{items}</ul>'


def _change(change: Change, href: str | None) -> str:
    step = f'{escape(change.before)} <span aria-hidden="true">→</span><span class="dold">ändrat till</span> '
    step += escape(change.after)
    linked = f'<a href="{escape(href)}">{step}</a>' if href else step
    return f"<li>{escape(change.what)}: {linked}</li>"


def since_last_month(rows: Sequence[ThenAndNow], *, then: str, now: str, places: Mapping[str, str]) -> Html:
    """The key figures of the earlier month and of this one as a table, without any difference between them."""
    body = "".join(
        f'<tr><th scope="row">{escape(row.label)}</th><td class="tal">{escape(row.then)}</td>'
        f'<td class="tal">{_linked_cell(row.now, places.get(row.table_id))}</td></tr>'
        for row in rows
    )
    caption = f"Nyckeltal i {then} och i {now}"
    return Html(
        '<div class="tabellyta" role="region" tabindex="0" aria-labelledby="forra-manaden-rubrik">'
        f'<table class="rapport-tabell"><caption id="forra-manaden-rubrik">{escape(caption)}</caption>'
        f'<thead><tr><th scope="col">Nyckeltal</th><th scope="col" class="tal">{escape(then.capitalize())}</th>'
        f'<th scope="col" class="tal">{escape(now.capitalize())}</th></tr></thead><tbody>{body}</tbody></table></div>'
        '<p class="not">Beloppen är samlade från årets början och växer därför med varje månad; kostnader är '
        "positiva och intäkter negativa. Siffrorna för den tidigare månaden är de som då publicerades.</p>"
    )


def _linked_cell(text: str, href: str | None) -> str:
    is_figure = text not in (summary.NOT_COMPARED, summary.NOTHING)
    return f'<a href="{escape(href)}">{escape(text)}</a>' if href and is_figure else escape(text)
