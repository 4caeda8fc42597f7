"""A package as a card in a list of packages: its reports, its status, its version and the earlier ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from analytics.measures.catalogue.summary import TELLER
from analytics.periods import Period
from analytics.reports import manifest, versions
from analytics.reports.manifest import Manifest

STATUS = {"ok": ("ok", "Data godkända"), "warnings": ("varning", "Data med anmärkningar")}
INCOMPLETE = "Ofullständig"
MEANING = (
    "Data med anmärkningar betyder att något i underlaget avviker och bör förklaras. Vad det är, och om siffrorna kan "
    "användas, står på sidan Datakvalitet vid varje rapport."
)
MEANING_INCOMPLETE = (
    "Ofullständig betyder att underlag saknades eller att inte alla rapporter togs fram. Vad som saknas står överst på "
    "varje sida."
)


def meanings(found: Sequence[Published]) -> str:
    """What the marks of these packages mean, as HTML; only of marks that stand there."""
    told = [MEANING] if any(each.record.status == "warnings" for each in found) else []
    told += [MEANING_INCOMPLETE] if any(each.is_incomplete for each in found) else []
    return "".join(f"<p>{text}</p>" for text in told)


@dataclass(frozen=True, slots=True)
class Published:
    """A published package: its folder, its manifest and those of its earlier versions, newest first.

    ``is_incomplete``: made without a delivery that it needs, or not with all its reports.
    """

    folder: Path
    record: Manifest
    earlier: tuple[Manifest, ...] = ()

    @property
    def is_incomplete(self) -> bool:
        return bool(self.record.missing) or not self.record.whole


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


def card(published: Published, *, base: Path, in_contents: bool = True) -> str:
    """One package as a list item; its links are relative to ``base``.

    ``in_contents``: whether its heading stands in the contents list of the page.
    """
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
    incomplete = f' <span class="etikett varning">{INCOMPLETE}</span>' if published.is_incomplete else ""
    heading = "<h3>" if in_contents else '<h3 class="utanfor">'
    return (
        f'<li data-sok="{escape(search_text(record))}">{heading}{escape(identity.unit)} {name}</h3>'
        f'<p><span class="etikett {css}">{escape(status)}</span>{incomplete}{synthetic}</p>{_lacking(record)}'
        f'<ul class="rapporter">{links}</ul>'
        f'<p class="mer"><a href="{escape(here)}/datakvalitet.html">Datakvalitet{about}</a> · '
        f'<a href="{escape(here)}/tabeller.xlsx">Tabeller i Excel{about}</a><br>'
        f"{_versions(published, here, about)}</p></li>"
    )


def _lacking(record: Manifest) -> str:
    told = [*record.missing_in_words, *([] if record.whole else ["Bara en del av rapporterna togs fram."])]
    return "".join(f'<p class="galler">{escape(sentence)}</p>' for sentence in told)


def search_text(record: Manifest) -> str:
    """What a package is found by: number and name of its unit, month in words and as YYYY-MM."""
    identity = record.identity
    return f"{identity.unit} {identity.unit_label} {Period.parse(identity.period).label} {identity.period}"


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
