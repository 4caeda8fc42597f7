"""Addresses that stay: ``<period>/`` lists a month's packages, ``latest/<unit>/`` leads on to a unit's newest ones.

They are written after each run from the packages themselves, each file replaced in one step and only if it differs
(the caller holds ``package.PORTAL_LOCK``), and need neither a server nor scripts. They hold no figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Final

from analytics import durable
from analytics.periods import Period
from analytics.reports import html
from analytics.reports.cards import Published, card, meanings

LATEST: Final = "latest"
INDEX: Final = "index.html"
OTHERS: Final = {"datakvalitet": "Datakvalitet", "andringar": "Ändringar"}
"""Pages of every package beside its reports."""


def write(base: Path, found: Sequence[Published], frame: html.Page) -> None:
    """Write the pages of the months and of the newest packages below ``base``; remove those that lead nowhere.

    ``found`` are the packages that may be listed, newest first. Raises OSError.
    """
    for period in dict.fromkeys(each.record.identity.period for each in found):
        of_month = [each for each in found if each.record.identity.period == period]
        _replace(base / period / INDEX, _month(base / period, period, of_month, frame))
    newest: dict[str, Published] = {}
    for each in found:
        newest.setdefault(each.record.identity.unit, each)
    for unit, package in newest.items():
        pages = {INDEX: package.record.reports[0].name} | {
            f"{name}.html": name for name in (*(entry.name for entry in package.record.reports), *OTHERS)
        }
        folder = base / LATEST / unit
        for name, report in pages.items():
            _replace(folder / name, _leading_on(package, report, frame))
        _remove_others(folder, pages)
    for folder in sorted((base / LATEST).glob("*/")):
        if folder.name not in newest:
            _remove_others(folder, {})


def _month(folder: Path, period: str, found: Sequence[Published], frame: html.Page) -> str:
    label = Period.parse(period).label
    cards = "".join(card(each, base=folder) for each in found)
    body = (
        f'<h1>Månadsrapporter {escape(label)}</h1>{meanings(found)}<h2>Förvaltningar</h2><ul class="paket">{cards}</ul>'
    )
    titled = _titled(frame, f"Månadsrapporter {label}")
    return html.page(replace(titled, links=(html.Link("Alla månader", "../index.html"),)), body)


def _leading_on(package: Published, report: str, frame: html.Page) -> str:
    identity = package.record.identity
    href = f"../../{identity.period}/{identity.unit}/{report}.html"
    titles = OTHERS | {entry.name: entry.title for entry in package.record.reports}
    name = f"{titles[report]}, {identity.unit_label}, {Period.parse(identity.period).label}"
    body = f'<h1>Senaste månadsrapporten</h1><p><a href="{escape(href)}">{escape(name)}</a></p>'
    return html.page(_titled(frame, f"Senaste: {name}", leads_to=href), body)


def _titled(frame: html.Page, title: str, *, leads_to: str = "") -> html.Page:
    return replace(frame, title=f"{title} – {frame.sender}", leads_to=leads_to)


def _replace(target: Path, text: str) -> None:
    content = text.encode()
    if not target.is_file() or target.read_bytes() != content:
        durable.replace(target, content, locked=True)


def _remove_others(folder: Path, wanted: Mapping[str, str]) -> None:
    for file in folder.glob("*.html"):
        if file.name not in wanted:
            file.unlink()
    if not wanted and not any(folder.iterdir()):
        folder.rmdir()
