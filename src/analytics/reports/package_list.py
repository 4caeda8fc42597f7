"""Which notebooks are reports: those of the catalogue, and those that ``analytics promote`` has put on the list.

A notebook that only lies in the folder is none, so that what somebody tries out is not published by the next tick.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analytics import durable
from analytics.errors import Location, SettingsError
from analytics.measures.catalogue import REPORTS

FILE_NAME: Final = "reports.toml"
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_HEAD: Final = (
    "# Reports of a package beside those of the catalogue, in this order. Written by analytics promote;\n"
    "# a report is taken out by taking out its lines.\n"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A report on the list: its name (that of the notebook without ending), and what it was promoted from and when."""

    name: str
    source: str
    added: str


def is_name(name: str) -> bool:
    """Whether a report may have this name: small letters a–z, digits and underscores, a letter first."""
    return _NAME.fullmatch(name) is not None


def read(folder: Path) -> tuple[Listed, ...]:
    """The list of a folder of notebooks; empty without a file. Raises SettingsError for anything but such entries."""
    file = folder / FILE_NAME
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except (ValueError, UnicodeDecodeError) as error:
        raise SettingsError(f"the list of reports cannot be read: {error}", where=Location(file)) from None
    listed = entries.pop("report", [])
    columns = {"name", "source", "added"}
    if entries or not all(
        isinstance(row, dict) and set(row) == columns and all(isinstance(text, str) for text in row.values())
        for row in listed
    ):
        raise SettingsError(
            "every entry must be a [[report]] with name, source and added, each a text", where=Location(file)
        )
    found = tuple(Listed(row["name"], row["source"], row["added"]) for row in listed)
    names = [report.name for report in found]
    wrong = [name for name in names if not is_name(name) or name in REPORTS or names.count(name) > 1]
    if wrong:
        raise SettingsError(
            f"{wrong[0]!r} cannot be on the list of reports",
            where=Location(file),
            action="A name stands there once, has only a-z, 0-9 and _, and is not that of a report of the catalogue.",
        )
    return found


def write(folder: Path, reports: tuple[Listed, ...]) -> None:
    """Replace the list in one step."""
    blocks = [
        "\n[[report]]\n"
        + "".join(
            # A JSON text is a TOML text too.
            f"{key} = {json.dumps(text, ensure_ascii=False)}\n"
            for key, text in (("name", report.name), ("source", report.source), ("added", report.added))
        )
        for report in reports
    ]
    durable.replace(folder / FILE_NAME, (_HEAD + "".join(blocks)).encode())


def notebooks(folder: Path) -> dict[str, Path]:
    """Reports by name: those of the catalogue first, in its order, then those of the list.

    Raises SettingsError if the list is wrong or names a notebook that is not there.
    """
    listed = read(folder)
    gone = [report.name for report in listed if not (folder / f"{report.name}.ipynb").is_file()]
    if gone:
        raise SettingsError(
            f"the report {gone[0]!r} is on the list, but there is no notebook {gone[0]}.ipynb beside it",
            where=Location(folder / FILE_NAME),
            action="Put the notebook back, or take its entry out of the list.",
        )
    names = [*(name for name in REPORTS if (folder / f"{name}.ipynb").is_file()), *(report.name for report in listed)]
    return {name: folder / f"{name}.ipynb" for name in names}


def unlisted(folder: Path) -> tuple[str, ...]:
    """File names of notebooks that lie in the folder but are no reports."""
    reports = {file.name for file in notebooks(folder).values()}
    return tuple(file.name for file in sorted(folder.glob("*.ipynb")) if file.name not in reports)
