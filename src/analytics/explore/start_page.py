"""The start page: what is in the data, and where to go on."""

from __future__ import annotations

from pathlib import Path

from analytics import frame, settings
from analytics.processed import Store


def start() -> frame.Html:
    """What is in ``data/processed``: tables and their months. Says what to do when there is nothing."""
    read = settings.load(settings.find_root(Path.cwd()))
    catalog = Store(read.paths.processed).catalog()
    rows = "".join(f"<li>{table}</li>" for table in sorted({entry.table for entry in catalog.entries}))
    return frame.Html(f"<ul>{rows}</ul>" if rows else "<p>Inga underlag är inlästa. Kör analytics load.</p>")
