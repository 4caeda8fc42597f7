"""Calendar files for tests: the repository's, copied where they may be changed."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

from analytics import settings
from analytics.calendar import ReportingCalendar

PROJECT = Path(__file__).parents[3]
REFERENCE = PROJECT / "data/raw/reference"
SETTINGS = settings.load(PROJECT)


def copied(folder, *years):
    """The settings of the repository over a folder that holds its organisation and the calendars of some years."""
    shutil.copy(REFERENCE / "organisation.csv", folder)
    for year in years:
        shutil.copy(REFERENCE / f"calendar_{year}.toml", folder)
    return with_reference(SETTINGS, folder)


def with_reference(of, folder):
    return dataclasses.replace(of, paths=dataclasses.replace(of.paths, reference=folder))


def change(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert text.count(old) >= 1, old
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def repository():
    return ReportingCalendar.read(SETTINGS)
