"""``manifest.json``: what a package is, what it was made from, and the checksum of each of its files."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from analytics.errors import Location, ReportError
from analytics.reports.inputs import Inputs

FILE_NAME = "manifest.json"
_VERSION_FOLDER = re.compile(r"v[1-9][0-9]*")
SCHEMA_VERSION = 1
PACKAGES = ("altair", "great-expectations", "ipython", "nbconvert", "papermill", "polars", "xlsxwriter")


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """One report of the package and how long it took.

    ``comments_missing`` gives table → how many rows lack the approved comment or action plan that they must have.
    """

    name: str
    title: str
    status: str
    seconds: float
    cpu_seconds: float
    parameters: dict[str, Any]
    tables: tuple[str, ...]
    comments_missing: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Identity:
    """Which package this is. ``reason`` says why the version was made, in codes of ``versions.REASONS``."""

    period: str
    unit: str
    unit_label: str
    audience: str
    audience_label: str
    synthetic: bool
    created: str
    code_version: str
    version: int = 1
    reason: tuple[str, ...] = ("first",)


@dataclass(frozen=True)
class Manifest:
    """A manifest as read back: the fields that the portal and later runs need."""

    identity: Identity
    status: str
    reports: tuple[ReportEntry, ...]
    data_version: str
    validation: dict[str, Any]
    files: dict[str, str] = field(repr=False)
    content: dict[str, str] = field(default_factory=dict, repr=False)
    """Page → fingerprint of what is read on it (``content``); empty if the package does not say."""
    deliveries: tuple[dict[str, str], ...] = field(default=(), repr=False)
    missing: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    """What the package was made without (``needs.Missing``); ``missing_in_words`` is what its pages say of it."""
    missing_in_words: tuple[str, ...] = ()
    whole: bool = True
    """Whether it holds all reports that could be made; False where someone asked for single ones."""


def write(  # noqa: PLR0913 - everything that a package is
    folder: Path,
    identity: Identity,
    reports: tuple[ReportEntry, ...],
    inputs: Inputs,
    *,
    not_made: Mapping[str, str] | None = None,
    content: Mapping[str, str] | None = None,
    missing: Sequence[Mapping[str, Any]] = (),
    missing_in_words: Sequence[str] = (),
    whole: bool = True,
) -> None:
    """Write the manifest of a finished folder; every other file in it is listed with its SHA-256.

    ``not_made`` gives the reports that cannot be made for the unit, each with the reason; ``content`` the fingerprints
    of its pages. ``missing``, ``missing_in_words`` and ``whole`` are as in :class:`Manifest`.
    """
    summary = inputs.summary()
    record = {
        "schema_version": SCHEMA_VERSION,
        **asdict(identity),
        "status": status_of(inputs),
        "reports": [asdict(entry) for entry in reports],
        "not_made": dict(not_made or {}),
        "missing": [dict(each) for each in missing],
        "missing_in_words": list(missing_in_words),
        "whole": whole,
        "inputs": {
            "version": inputs.version,
            "deliveries": [asdict(delivery) for delivery in inputs.deliveries],
            "comments": [asdict(comment) for comment in inputs.comments],
        },
        "validation": summary,
        "packages": {name: _version(name) for name in PACKAGES},
        "content": dict(content or {}),
        "files": checksums(folder),
    }
    text = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
    (folder / FILE_NAME).write_text(text, encoding="utf-8")


def status_of(inputs: Inputs) -> str:
    """``ok``, or ``warnings`` where the data were taken with remarks (or without having been checked)."""
    return "ok" if inputs.summary()["status"] == "passed" else "warnings"


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a package but the manifest, by relative path. Its versions are packages of their own."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in own_files(folder)
        if path != folder / FILE_NAME
    }


def own_files(folder: Path) -> list[Path]:
    """Every file of a package itself, in order: not those of the versions in ``v1/ … vN/``."""
    return sorted(
        path for path in folder.rglob("*") if path.is_file() and not is_version(path.relative_to(folder).parts[0])
    )


def is_version(name: str) -> bool:
    """Whether a folder of a package is one of its versions: ``v1``, ``v2`` and so on."""
    return _VERSION_FOLDER.fullmatch(name) is not None


def read(folder: Path) -> Manifest | None:
    """The manifest of a package, or None if there is no package. Raises ReportError if it is damaged."""
    file = folder / FILE_NAME
    if not file.is_file():
        return None
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        if record["schema_version"] != SCHEMA_VERSION:
            raise ReportError(
                f"the manifest has schema version {record['schema_version']}, expected {SCHEMA_VERSION}",
                where=Location(file),
                action="Remove the package and run it again.",
            )
        return Manifest(
            _identity(record),
            record["status"],
            tuple(ReportEntry(**{**entry, "tables": tuple(entry["tables"])}) for entry in record["reports"]),
            record["inputs"]["version"],
            record["validation"],
            record["files"],
            record.get("content", {}),
            tuple(record["inputs"]["deliveries"]),
            tuple(record.get("missing", ())),
            tuple(record.get("missing_in_words", ())),
            record.get("whole", True) is True,
        )
    except (ValueError, KeyError, TypeError):
        raise ReportError(
            "the manifest is damaged", where=Location(file), action="Remove the package and run it again."
        ) from None


def _identity(record: Mapping[str, Any]) -> Identity:
    """Packages from before there were versions are the first."""
    given = {"version": 1, "reason": ["first"], **record}
    found = {name: given[name] for name in Identity.__dataclass_fields__}
    if type(found["version"]) is not int or found["version"] < 1:
        raise ValueError
    return Identity(**{**found, "reason": tuple(found["reason"])})


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"
