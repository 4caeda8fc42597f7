"""Versions of a package: ``v1/ … vN/`` beside the current one's files, each whole and never changed (decision 021).

``vN`` holds the same bytes as the package itself, by hard links, or as copies where links cannot be made.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from analytics import durable, needs, swedish
from analytics.reports import ledger, manifest
from analytics.reports.manifest import Manifest

FIRST: Final = "first"
DATA: Final = "data"
COMMENTS: Final = "comments"
REPORTS: Final = "reports"
MISSING: Final = "missing"
CODE: Final = "code"
OTHER: Final = "other"
RESTORED: Final = "restored"
REASONS: Final = {
    FIRST: "Första versionen",
    DATA: "Nya eller rättade leveranser",
    COMMENTS: "Nya eller ändrade kommentarer",
    REPORTS: "Andra rapporter än förut",
    MISSING: "Annat saknas i underlaget än förut",
    CODE: "Ändrat program",
    OTHER: "Ändrade inställningar, rapportmallar eller referensuppgifter, eller en ändrad tidigare månadsrapport",
    RESTORED: "Den förra versionens filer var skadade eller ändrade",
}
"""Why a version was made, for readers. A manifest holds the codes."""
_NO_LINKS: Final = (errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS)
_WRITE: Final = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def folders(package: Path) -> dict[int, Path]:
    """The whole versions of a package by number, oldest first."""
    found = [entry for entry in package.iterdir() if manifest.is_version(entry.name)] if package.is_dir() else []
    return {int(entry.name[1:]): entry for entry in sorted(found, key=lambda entry: int(entry.name[1:]))}


def name(number: int) -> str:
    """``v2``."""
    return f"v{number}"


def next_number(current: Manifest | None, entries: dict[int, ledger.Entry]) -> int:
    """The number of the version after this one. A number that was published once is never given to another version."""
    return max(current.identity.version if current else 0, ledger.last_published(entries)) + 1


def is_same(one: Manifest, other: Manifest) -> bool:
    """Whether two packages differ in nothing but when, with which code and under which number they were made."""
    return bool(one.content) and _substance(one) == _substance(other)


def _substance(record: Manifest) -> tuple[object, ...]:
    identity = record.identity
    return (
        (identity.period, identity.unit, identity.unit_label, identity.audience, identity.synthetic),
        record.data_version,
        record.status,
        [(entry.name, entry.title, entry.tables) for entry in record.reports],
        record.content,
        {file: digest for file, digest in record.files.items() if file.startswith("tables/")},
    )


def reasons(  # noqa: PLR0913 - all that a reason is told by
    current: Manifest | None,
    *,
    data_version: str,
    reports: Sequence[str],
    missing: Sequence[Mapping[str, Any]] = (),
    code_version: str,
    number: int,
) -> tuple[str, ...]:
    """Why a package differs from the current one: codes of :data:`REASONS`, the gravest first.

    ``missing`` is told only where the deliveries are the same; it follows from them otherwise. Where deliveries,
    comments, reports, what is missing and code are the same, something that has no version of its own differs.
    """
    if current is None:
        return (FIRST,) if number == 1 else (RESTORED,)
    then, now = (version.partition("-") for version in (current.data_version, data_version))
    found = (
        (DATA, then[0] != now[0]),
        (COMMENTS, then[2] != now[2]),
        (REPORTS, [entry.name for entry in current.reports] != list(reports)),
        (MISSING, then[0] == now[0] and needs.told(current.missing) != needs.told(missing)),
        (CODE, current.identity.code_version != code_version),
    )
    return tuple(code for code, differs in found if differs) or (OTHER,)


def in_words(codes: Sequence[str]) -> str:
    """The reasons as one Swedish sentence without its full stop."""
    words = [REASONS.get(code, code) for code in codes]
    return "; ".join([*words[:1], *(swedish.inline(word) for word in words[1:])])


def lay(draft: Path, published: Path, *, number: int, current: Manifest | None) -> None:
    """Give a finished draft its version folders: its own as ``v<number>``, and those of the published package.

    Its files become read-only: with hard links, who writes into one would write into two. Raises OSError.
    """
    own = manifest.own_files(draft)
    for file in own:
        file.chmod(file.stat().st_mode & ~_WRITE)
    earlier = folders(published)
    if current is not None and current.identity.version not in earlier:
        _lay_one(manifest.own_files(published), published, draft / name(current.identity.version))
    for old, folder in earlier.items():
        if old != number:
            _lay_one(manifest.own_files(folder), folder, draft / name(old))
    _lay_one(own, draft, draft / name(number))
    durable.sync_folder(draft)


def _lay_one(files: Sequence[Path], source: Path, target: Path) -> None:
    made = {target}
    target.mkdir()
    for file in files:
        copy = target / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        made.add(copy.parent)
        _link(file, copy)
    for folder in made:
        durable.sync_folder(folder)


def _link(file: Path, copy: Path) -> None:
    try:
        os.link(file, copy)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        with file.open("rb") as source, copy.open("xb") as target:
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
        shutil.copystat(file, copy)
