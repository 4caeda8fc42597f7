"""Links within a package: every one must lead to a file of the package and, with ``#``, to an id on that page."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

_SCRIPT: Final = re.compile(r"<script\b[^>]*>.*?</script>", re.DOTALL)
_HREF: Final = re.compile(r"""<a\b[^>]*?\shref=["']([^"']*)["']""")
_ID: Final = re.compile(r"""<[a-z][^>]*?\sid=["']([^"']+)["']""")
TABLE_ID: Final = re.compile(r'id="tabell-([a-z0-9_]+)-rubrik"')
"""The caption of a table that stands on a page (``tables.show``)."""


def tables_on(page: str) -> tuple[str, ...]:
    """Ids of the tables that a page shows, in order."""
    return tuple(dict.fromkeys(TABLE_ID.findall(page)))


def to_table(report: str, table_id: str) -> str:
    """The link from another page of the package to a table."""
    return f"{report}.html#tabell-{table_id}-rubrik"


def broken(folder: Path) -> list[str]:
    """Links of the pages in a folder that lead nowhere, as ``page: link``.

    Links to the outside (with a scheme) and out of the folder (the portal) are not looked at.
    """
    pages = {file.name: _SCRIPT.sub("", file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.html"))}
    ids = {name: {unescape(found) for found in _ID.findall(text)} for name, text in pages.items()}
    return [
        f"{name}: {href}"
        for name, text in pages.items()
        for href in dict.fromkeys(unescape(found) for found in _HREF.findall(text))
        if not _leads_somewhere(href, name, folder, ids)
    ]


def _leads_somewhere(href: str, page: str, folder: Path, ids: dict[str, set[str]]) -> bool:
    parts = urlsplit(href)
    path = unquote(parts.path)
    if parts.scheme or parts.netloc or path.startswith("../"):
        return True
    target = path or page
    if not (folder / target).is_file():
        return False
    return not parts.fragment or unquote(parts.fragment) in ids.get(target, set())
