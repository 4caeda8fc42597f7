"""Which comment files a package was made from, and the version that changes with them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analytics.comments import reading
from analytics.comments.model import APPROVED
from analytics.errors import CommentError
from analytics.settings import Focus


@dataclass(frozen=True, slots=True)
class CommentFile:
    """One file as it was; ``state`` is empty if it cannot be read (the report that needs it will fail)."""

    file: str
    state: str
    sha256: str


def inventory(
    folder: Path, period: str, unit: str, areas: Sequence[Focus], *, approved_only: bool
) -> tuple[CommentFile, ...]:
    """The comment files of a month and unit, by name. Pages for the public know of the approved ones alone."""
    place = folder / period / unit
    files = [path for path in sorted(place.glob("*.md")) if path.is_file() and path.name != reading.README]
    found = [_described(file, period, unit, areas) for file in files]
    return tuple(item for item in found if not approved_only or item.state in (APPROVED, ""))


def _described(file: Path, period: str, unit: str, areas: Sequence[Focus]) -> CommentFile:
    content = file.read_bytes()
    try:
        state = reading.read_text(content, file, period=period, unit=unit, areas=areas).state
    except CommentError:
        state = ""
    return CommentFile(file.name, state, hashlib.sha256(content).hexdigest())


def version(data_version: str, files: Sequence[CommentFile]) -> str:
    """The version of data and comments together; that of the data where there are no comments."""
    if not files:
        return data_version
    text = "\n".join(f"{item.file} {item.sha256}" for item in files)
    return f"{data_version}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
