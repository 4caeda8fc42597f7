"""Rows of the published tables, for the calibration of the demonstration region.

Only the calibration, the reconciliation and the audit read ``data/raw/published``; no measure does.
"""

from __future__ import annotations

import csv
from pathlib import Path

from analytics.errors import Location, SettingsError

TEXT_NUMBERS = "text_numbers.csv"
"""The numbers that the report states in its text: ``statement`` and ``value``."""


def published_rows(published: Path, name: str) -> list[dict[str, str]]:
    """Rows of one published table. Raises SettingsError if it cannot be read."""
    file = published / name
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))
    except OSError as error:
        raise SettingsError(f"published table cannot be read: {error.strerror}", where=Location(file)) from None
