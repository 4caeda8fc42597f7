"""``index.html``: every package of one audience, newest first, read from the manifests and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analytics import durable
from analytics.periods import Period
from analytics.reports import addresses, html, package
from analytics.reports.cards import MEANING, Published, card, packages


@dataclass(frozen=True, slots=True)
class Portal:
    """Where the portal lies and who sends it."""

    folder: Path
    region: str
    synthetic: bool
    internal_label: str = ""


def write(portal: Portal, *, reports: Path) -> Path:
    """Rewrite the portal in one step. Two runs at once take turns, so that neither forgets the other's packages."""
    with package.locked(reports, package.PORTAL_LOCK):
        target = portal.folder / "index.html"
        frame = html.Page(
            title=f"Månadsrapporter – {portal.region}",
            sender=portal.region,
            kind="portal",
            footer=("Rapporterna fungerar utan nätverk och kan sparas eller skickas vidare som de är.",),
            synthetic=portal.synthetic,
            internal_label=portal.internal_label,
        )
        found = _of_audience(portal)
        addresses.write(portal.folder, found, frame)
        durable.replace(target, html.page(frame, body(portal, found)).encode(), locked=True)
    return target


def _of_audience(portal: Portal) -> list[Published]:
    """What the portal may list: a package of another audience that was put among its own is left out."""
    internal = bool(portal.internal_label)
    return [each for each in packages(portal.folder) if (each.record.identity.audience == "internal") == internal]


def body(portal: Portal, found: Sequence[Published]) -> str:
    """The content of the page."""
    parts = [
        "<h1>Månadsrapporter</h1>",
        '<p class="ingress">Personal, ekonomi, prognos och mål per förvaltning, månad för månad.</p>',
    ]
    if any(each.record.status == "warnings" for each in found):
        parts.append(f"<p>{MEANING}</p>")
    if not found:
        parts.append("<p>Inga rapporter är publicerade ännu.</p>")
    for period in dict.fromkeys(each.record.identity.period for each in found):
        label = Period.parse(period).label
        parts.append(f"<h2>{label[0].upper()}{label[1:]}</h2>")
        cards = "".join(card(each, base=portal.folder) for each in found if each.record.identity.period == period)
        parts.append(f'<ul class="paket">{cards}</ul>')
    return "\n".join(parts)
