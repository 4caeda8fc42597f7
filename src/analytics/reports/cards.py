"""A package as a card in a list of packages: its reports, its status, its version and the earlier ones."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

from analytics.measures.catalogue.summary import TELLER
from analytics.periods import Period
from analytics.reports import manifest, versions
from analytics.reports.manifest import Manifest

STATUS = {"ok": ("ok", "Data godkända"), "warnings": ("varning", "Data med anmärkningar")}
MEANING = (
    "Data med anmärkningar betyder att något i underlaget avviker och bör förklaras. Vad det är, och om siffrorna kan "
    "användas, står på sidan Datakvalitet vid varje rapport."
)


@dataclass(frozen=True, slots=True)
class Published:
    """A published package: its folder, its manifest and those of its earlier versions, newest first."""

    folder: Path
    record: Manifest
    earlier: tuple[Manifest, ...] = ()


def packages(folder: Path) -> list[Published]:
    """All published packages below ``folder``: latest period first, then by unit. Other folders are not looked into.

    Raises ReportError if a manifest is damaged.
    """
    found = []
    for file in folder.glob("[12][0-9][0-9][0-9]-[01][0-9]/*/" + manifest.FILE_NAME):
        record = manifest.read(file.parent)
        if record is not None:
            found.append(Published(file.parent, record, _earlier(file.parent, record)))
    by_unit = sorted(found, key=lambda each: (len(each.record.identity.unit), each.record.identity.unit))
    return sorted(by_unit, key=lambda each: each.record.identity.period, reverse=True)


def _earlier(folder: Path, current: Manifest) -> tuple[Manifest, ...]:
    records = [manifest.read(place) for number, place in versions.folders(folder).items() if number != _number(current)]
    return tuple(record for record in reversed(records) if record is not None)


def _number(record: Manifest) -> int:
    return record.identity.version


def card(published: Published, *, base: Path) -> str:
    """One package as a list item; its links are relative to ``base``."""
    record, identity = published.record, published.record.identity
    here = published.folder.relative_to(base).as_posix()
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
        f"{_versions(published, here, about)}</p></li>"
    )


def _first(report: str) -> str:
    """The summary stands on a line of its own, before the reports that it sums up."""
    return ' class="forst"' if report == TELLER else ""


def _versions(published: Published, here: str, about: str) -> str:
    """Which version it is, why it was made, and links to the earlier ones, which stay as they were."""
    identity = published.record.identity
    lines = [f"Version {identity.version}, framställd {escape(identity.created[:10])}"]
    if identity.version > 1:
        lines.append(
            f"{escape(versions.in_words(identity.reason))}. "
            f'<a href="{escape(here)}/andringar.html">Vad som har ändrats{about}</a>'
        )
    lines += [
        f'<a href="{escape(here)}/{versions.name(_number(old))}/index.html">Version {_number(old)}{about}</a>, '
        f"framställd {escape(old.identity.created[:10])}, ersatt"
        for old in published.earlier
    ]
    return "<br>".join(lines)
