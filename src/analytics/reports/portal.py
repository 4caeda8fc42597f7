"""``index.html``: every package of one audience, newest first, how it stands with the rest, and a search.

The packages are read from the manifests and nothing else; how it stands is what the last tick of the schedule left
(``situation``), with its time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Final

from analytics import durable
from analytics.periods import Period
from analytics.reports import addresses, html, package, situation, situation_text
from analytics.reports.cards import Published, card, meanings, packages
from analytics.reports.situation import Situation

EXTRA: Final = "portal"
"""Style and script of the pages that list packages and how they stand."""
SEARCH: Final = (
    '<div class="sok" role="search" hidden><label for="sok">Sök förvaltning eller månad</label>'
    '<input id="sok" type="search" autocomplete="off" spellcheck="false" aria-describedby="sok-traffar">'
    '<p id="sok-traffar" role="status"></p></div>'
)


@dataclass(frozen=True, slots=True)
class Portal:
    """Where the portal lies and who sends it."""

    folder: Path
    region: str
    synthetic: bool
    internal_label: str = ""

    @property
    def is_internal(self) -> bool:
        return bool(self.internal_label)

    def frame(self, title: str) -> html.Page:
        """The frame of a page of the portal."""
        return html.Page(
            title=f"{title} – {self.region}",
            sender=self.region,
            kind="portal",
            footer=("Rapporterna fungerar utan nätverk och kan sparas eller skickas vidare som de är.",),
            synthetic=self.synthetic,
            internal_label=self.internal_label,
        )

    @property
    def file(self) -> Path:
        """The first page."""
        return self.folder / "index.html"


def write(portal: Portal, *, reports: Path) -> Path:
    """Rewrite the portal in one step. Two runs at once take turns, so that neither forgets the other's packages."""
    with package.locked(reports, package.PORTAL_LOCK):
        target = portal.file
        frame = portal.frame("Månadsrapporter")
        found = _of_audience(portal)
        addresses.write(portal.folder, found, frame)
        last = situation.read(situation.file_of(reports, internal=portal.is_internal))
        text = html.page(replace(frame, extra=EXTRA), body(portal, found, last))
        durable.replace(target, text.encode(), locked=True)
    return target


def _of_audience(portal: Portal) -> list[Published]:
    """What the portal may list: a package of another audience that was put among its own is left out."""
    return [
        each for each in packages(portal.folder) if (each.record.identity.audience == "internal") == portal.is_internal
    ]


def body(portal: Portal, found: Sequence[Published], last: Situation | None = None) -> str:
    """The content of the page. ``last`` is how it stood at the last tick, None where nothing runs by the calendar."""
    parts = [
        "<h1>Månadsrapporter</h1>",
        '<p class="ingress">Personal, ekonomi, prognos och mål per förvaltning, månad för månad.</p>',
    ]
    if not found:
        parts.append("<p>Inga rapporter är publicerade ännu.</p>")
    else:
        parts += [SEARCH, _newest(found)]
    if last is not None:
        parts.append(f"<div data-ej-sok>{situation_text.section(last, _created(found))}</div>")
    periods = list(dict.fromkeys(each.record.identity.period for each in found))
    parts += [
        _month(
            portal, [each for each in found if each.record.identity.period == period], is_newest=period == periods[0]
        )
        for period in periods
    ]
    if found and (told := meanings(found)):
        parts.append(f"<h2>Vad märkena betyder</h2>{told}")
    return "\n".join(parts)


def _newest(found: Sequence[Published]) -> str:
    """The shortest way: each unit's newest month, by an address that stays."""
    newest: dict[str, Published] = {}
    for each in found:
        newest.setdefault(each.record.identity.unit, each)
    entries = sorted(newest.values(), key=lambda each: (len(each.record.identity.unit), each.record.identity.unit))
    links = "".join(
        f'<li><a href="{addresses.LATEST}/{escape(each.record.identity.unit)}/index.html">'
        f"{escape(each.record.identity.unit)} {escape(each.record.identity.unit_label)} "
        f"<span>{escape(Period.parse(each.record.identity.period).label)}</span></a></li>"
        for each in entries
    )
    return f'<div data-ej-sok><h2>Senaste rapporten per förvaltning</h2><ul class="senaste">{links}</ul></div>'


def _month(portal: Portal, of_month: Sequence[Published], *, is_newest: bool) -> str:
    """A month with its packages; those of earlier months are folded."""
    period = of_month[0].record.identity.period
    label = Period.parse(period).label
    cards = "".join(card(each, base=portal.folder, in_contents=False) for each in of_month)
    listed = f'<ul class="paket">{cards}</ul>'
    if not is_newest:
        count = "En förvaltning" if len(of_month) == 1 else f"{len(of_month)} förvaltningar"
        listed = f"<details><summary>{count} i {escape(label)}</summary>{listed}</details>"
    return f"<section data-manad><h2>{label[0].upper()}{label[1:]}</h2>{listed}</section>"


def _created(found: Sequence[Published]) -> dict[tuple[str, str], datetime]:
    moments = {
        (each.record.identity.period, each.record.identity.unit): datetime.fromisoformat(each.record.identity.created)
        for each in found
    }
    return {place: at if at.tzinfo else at.replace(tzinfo=UTC) for place, at in moments.items()}
