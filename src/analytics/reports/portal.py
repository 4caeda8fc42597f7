"""``index.html``: every package of one audience, newest first, read from the manifests and nothing else."""

from __future__ import annotations

import fcntl
from dataclasses import dataclass
from html import escape
from pathlib import Path

from analytics import durable
from analytics.measures.catalogue.summary import TELLER
from analytics.periods import Period
from analytics.reports import html, manifest, package
from analytics.reports.manifest import Manifest

STATUS = {"ok": ("ok", "Data godkända"), "warnings": ("varning", "Data med anmärkningar")}
MEANING = (
    "Data med anmärkningar betyder att något i underlaget avviker och bör förklaras. Vad det är, och om siffrorna kan "
    "användas, står på sidan Datakvalitet vid varje rapport."
)


@dataclass(frozen=True, slots=True)
class Portal:
    """Where the portal lies and who sends it."""

    folder: Path
    region: str
    synthetic: bool
    internal_label: str = ""


def packages(folder: Path) -> list[tuple[Path, Manifest]]:
    """All published packages below ``folder``: latest period first, then by unit. Other folders are not looked into."""
    found = []
    for file in folder.glob("[12][0-9][0-9][0-9]-[01][0-9]/*/" + manifest.FILE_NAME):
        record = manifest.read(file.parent)
        if record is not None:
            found.append((file.parent, record))
    by_unit = sorted(found, key=lambda pair: (len(pair[1].identity.unit), pair[1].identity.unit))
    return sorted(by_unit, key=lambda pair: pair[1].identity.period, reverse=True)


def write(portal: Portal, *, reports: Path) -> Path:
    """Rewrite the portal in one step. Two runs at once take turns, so that neither forgets the other's packages."""
    (reports / package.WORK).mkdir(parents=True, exist_ok=True)
    with (reports / package.WORK / "portal.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        target = portal.folder / "index.html"
        frame = html.Page(
            title=f"Månadsrapporter – {portal.region}",
            sender=portal.region,
            kind="portal",
            footer=("Rapporterna fungerar utan nätverk och kan sparas eller skickas vidare som de är.",),
            synthetic=portal.synthetic,
            internal_label=portal.internal_label,
        )
        durable.replace(target, html.page(frame, body(portal, _of_audience(portal))).encode())
    return target


def _of_audience(portal: Portal) -> list[tuple[Path, Manifest]]:
    """What the portal may list: a package of another audience that was put among its own is left out."""
    internal = bool(portal.internal_label)
    return [found for found in packages(portal.folder) if (found[1].identity.audience == "internal") == internal]


def body(portal: Portal, found: list[tuple[Path, Manifest]]) -> str:
    """The content of the page."""
    parts = [
        "<h1>Månadsrapporter</h1>",
        '<p class="ingress">Personal, ekonomi, prognos och mål per förvaltning, månad för månad.</p>',
    ]
    if any(record.status == "warnings" for _, record in found):
        parts.append(f"<p>{MEANING}</p>")
    if not found:
        parts.append("<p>Inga rapporter är publicerade ännu.</p>")
    for period in dict.fromkeys(record.identity.period for _, record in found):
        label = Period.parse(period).label
        parts.append(f"<h2>{label[0].upper()}{label[1:]}</h2>")
        cards = "".join(_card(portal, folder, record) for folder, record in found if record.identity.period == period)
        parts.append(f'<ul class="paket">{cards}</ul>')
    return "\n".join(parts)


def _first(report: str) -> str:
    """The summary stands on a line of its own, before the reports that it sums up."""
    return ' class="forst"' if report == TELLER else ""


def _card(portal: Portal, folder: Path, record: Manifest) -> str:
    here = folder.relative_to(portal.folder).as_posix()
    identity = record.identity
    name = escape(identity.unit_label)
    links = "".join(
        f'<li{_first(report.name)}><a href="{escape(f"{here}/{report.name}.html")}">{escape(report.title)}'
        f'<span class="dold">, {name}, {escape(Period.parse(identity.period).label)}</span></a></li>'
        for report in record.reports
    )
    css, status = STATUS.get(record.status, ("varning", record.status))
    about = f'<span class="dold"> för {name}</span>'
    synthetic = ' <span class="etikett varning">Syntetiska data</span>' if identity.synthetic else ""
    return (
        f"<li><h3>{escape(identity.unit)} {name}</h3>"
        f'<p><span class="etikett {css}">{escape(status)}</span>{synthetic}</p>'
        f'<ul class="rapporter">{links}</ul>'
        f'<p class="mer"><a href="{escape(here)}/datakvalitet.html">Datakvalitet{about}</a> · '
        f'<a href="{escape(here)}/tabeller.xlsx">Tabeller i Excel{about}</a><br>'
        f"Framställd {escape(identity.created[:10])}</p></li>"
    )
