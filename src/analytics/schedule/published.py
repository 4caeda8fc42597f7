"""What is published, read from the manifests alone: version, inputs, and whether anything is left out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from analytics import needs
from analytics.needs import Missing, Told

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Published:
    """The package of a month and unit as its manifest tells.

    ``whole`` is False where someone asked for single reports by hand, so that others are lacking for no reason.
    ``missing`` is what its pages say is missing.
    ``comments_missing`` gives table → rows without the approved comment or action plan that they need.
    """

    version: int
    input_version: str
    created: str
    reports: tuple[str, ...]
    whole: bool
    missing: frozenset[Told] = frozenset()
    comments_missing: Mapping[str, int] = field(default_factory=dict)

    def is_of(self, input_version: str, missing: Iterable[Missing]) -> bool:
        """Whether it is made from these inputs, whole, and says nothing is missing that is not (any more).

        What is missing beyond that is a correction that was refused after it was published: then it stays.
        """
        still = {told for each in missing for told in each.told}
        return self.whole and self.input_version == input_version and self.missing <= still

    @property
    def made(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.created)


@dataclass(frozen=True, slots=True)
class Damaged:
    """There is a package whose manifest cannot be read."""


def read(folder: Path) -> Published | Damaged | None:
    """The package in a folder, or None if there is none. Nothing is raised: a damaged package is to be made again."""
    try:
        record: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        datetime.fromisoformat(record["created"])
        return Published(
            int(record.get("version", 1)),
            str(record["inputs"]["version"]),
            str(record["created"]),
            tuple(str(report["name"]) for report in record["reports"]),
            record.get("whole", True) is True,
            frozenset(needs.told(record.get("missing", ()))),
            _comments_missing(record["reports"]),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Damaged()


def subjects(packages: Iterable[Published | Damaged | None]) -> frozenset[str]:
    """Every report that any of the packages holds."""
    return frozenset(name for each in packages if isinstance(each, Published) for name in each.reports)


@dataclass(frozen=True, slots=True)
class Version:
    """One published version of a package, as its manifest tells: codes of ``versions.REASONS``, and what it lacked."""

    number: int
    created: str
    reason: tuple[str, ...]
    is_incomplete: bool

    def as_record(self) -> dict[str, Any]:
        return {
            "version": self.number,
            "created": self.created,
            "reason": list(self.reason),
            "incomplete": self.is_incomplete,
        }


def versions(folder: Path) -> tuple[Version, ...]:
    """Every version of the package in a folder, newest first. Manifests that cannot be read are left out."""
    found: dict[int, Version] = {}
    for file in (folder / MANIFEST, *folder.glob(f"v[1-9]*/{MANIFEST}")):
        try:
            record: dict[str, Any] = json.loads(file.read_bytes())
            version = Version(
                int(record.get("version", 1)),
                str(record["created"]),
                tuple(str(code) for code in record.get("reason", ("first",))),
                record.get("whole", True) is not True or bool(record.get("missing")),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
        found.setdefault(version.number, version)
    return tuple(found[number] for number in sorted(found, reverse=True))


def _comments_missing(reports: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Over all reports; a table that two of them show counts once."""
    return {str(table): int(rows) for report in reports for table, rows in report.get("comments_missing", {}).items()}
