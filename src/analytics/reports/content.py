"""What a reader reads on a page, apart from when and with which code it was made: by it packages are told apart."""

from __future__ import annotations

import hashlib
import re
from html import escape
from pathlib import Path
from typing import Final

from analytics.reports import html

# What the summary says of the earlier version depends on which one is published, not on what the package holds.
_SINCE: Final = re.compile(r'<div class="sedan-forra">.*?</div>', re.DOTALL)


def fingerprint(page: str, frame: html.Page) -> str:
    """SHA-256 of a page without the lines of its frame that differ between two makings of the same."""
    text = _SINCE.sub("", page)
    for line in filter(None, (frame.version, *frame.footer)):
        # Two ways to write quotes in HTML; a line of the frame stands in one of them.
        for written in (escape(line), escape(line, quote=False), escape(line).replace("&#x27;", "&#39;")):
            text = text.replace(written, "")
    return hashlib.sha256(text.encode()).hexdigest()


def of(folder: Path, names: tuple[str, ...], frame: html.Page) -> dict[str, str]:
    """The fingerprints of these pages of a draft, by name."""
    return {name: fingerprint((folder / name).read_text(encoding="utf-8"), frame) for name in names}
