"""The checksum of every manifest that was published, kept outside the packages: ``reports/.ledger/<package>.json``.

A package vouches for its files by its manifest, and the ledger vouches for the manifest. A version is written down
before it is put in its place (``published`` is false) and confirmed afterwards, so that a killed run leaves either a
version that is not there and was never confirmed, or one that is there with the checksum that was written down.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from analytics import durable
from analytics.errors import Location, ReportError

FOLDER: Final = ".ledger"
SCHEMA_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One version: SHA-256 of its ``manifest.json``, when it was made, and whether it is known to be in its place."""

    manifest: str
    created: str
    published: bool


def file_of(reports: Path, package: Path) -> Path:
    """Where the entries of a package lie: ``reports/.ledger/[internal/]<period>/<unit>.json``."""
    relative = package.relative_to(reports)
    return reports / FOLDER / relative.parent / f"{relative.name}.json"


def read(file: Path) -> dict[int, Entry]:
    """Entries by version; none if there is no file. Raises ReportError if it is damaged."""
    if not file.is_file():
        return {}
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        if record["schema_version"] != SCHEMA_VERSION:
            raise ReportError(
                f"the ledger has schema version {record['schema_version']}, expected {SCHEMA_VERSION}",
                where=Location(file),
            )
        return {int(number): Entry(**entry) for number, entry in record["versions"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ReportError(
            "the ledger of published manifests is damaged",
            where=Location(file),
            action="Restore it from a backup; without it nobody can tell whether a manifest is the one published.",
        ) from None


def last_published(entries: dict[int, Entry]) -> int:
    """The highest number that was ever in its place; 0 if none was."""
    return max((number for number, entry in entries.items() if entry.published), default=0)


def intend(file: Path, number: int, *, manifest: bytes, created: str) -> None:
    """Write down a version that is about to be put in its place. A number never published may be used again."""
    entries = read(file)
    entries[number] = Entry(hashlib.sha256(manifest).hexdigest(), created, published=False)
    _write(file, entries)


def confirm(file: Path, number: int, *, manifest: bytes) -> None:
    """Note that a version is in its place. Does nothing if that is known, or if another manifest was written down."""
    entries = read(file)
    entry = entries.get(number)
    if entry is None or entry.published or entry.manifest != hashlib.sha256(manifest).hexdigest():
        return
    entries[number] = Entry(entry.manifest, entry.created, published=True)
    _write(file, entries)


def _write(file: Path, entries: dict[int, Entry]) -> None:
    record = {
        "schema_version": SCHEMA_VERSION,
        "versions": {str(number): asdict(entries[number]) for number in sorted(entries)},
    }
    durable.replace(file, (json.dumps(record, indent=2) + "\n").encode(), locked=True)
    durable.sync_folder(file.parent)
