"""Finds the deliveries in ``data/raw``: which file belongs to which layout and month, and which one counts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from analytics.errors import (
    AnalyticsError,
    DeliveryError,
    DeliveryPeriodError,
    DeliveryUnreadableError,
    LayoutError,
    Location,
    PersonalDataError,
)
from analytics.periods import Period
from analytics.snapshots import NOT_DELIVERIES, read_inbox
from analytics.sources import LAYOUTS, Layout
from analytics.sources.personal import holds_identity_number

ALLOWED = frozenset({"SYNTETISKA_DATA.txt", "README.md"})


@dataclass(frozen=True, slots=True)
class Inbox:
    """One delivered file that is to be registered. ``declared`` is the version that its name declares."""

    file: Path
    layout: Layout
    period: Period
    declared: int


@dataclass(slots=True)
class Found:
    """All that was found: files to register (oldest version first), what was said, what is wrong."""

    files: list[Inbox] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    errors: list[AnalyticsError] = field(default_factory=list)

    def newest(self) -> dict[tuple[str, str], Inbox]:
        """The file that counts for each layout and month."""
        return {(item.layout.name, str(item.period)): item for item in self.files}


@dataclass(frozen=True, slots=True)
class _Candidate:
    item: Inbox
    exact: bool


def discover(raw: Path, *, now: datetime, only: Collection[str] | None = None) -> Found:
    """Look through the supplier folders. Nothing is raised: what is wrong is in the result.

    ``only`` limits the look to these layouts; files of others are then left alone.
    """
    found = Found()
    candidates: dict[tuple[str, Period], list[_Candidate]] = {}
    for file in _files(raw, found):
        try:
            candidate = _candidate(file, raw, now)
        except DeliveryError as error:
            found.errors.append(error)
            continue
        if only is None or candidate.item.layout.name in only:
            candidates.setdefault((candidate.item.layout.name, candidate.item.period), []).append(candidate)
    for _, group in sorted(candidates.items()):
        try:
            found.files += _choose(group, found.notes)
        except DeliveryError as error:
            found.errors.append(error)
    return found


def _files(raw: Path, found: Found) -> list[Path]:
    if not raw.is_dir():
        return []
    files = []
    for entry in sorted(raw.iterdir()):
        if entry.name.startswith(".") or entry.name in NOT_DELIVERIES or entry.name in ALLOWED:
            continue
        if entry.is_dir():
            files += sorted(file for file in entry.iterdir() if not _is_ignored(file))
        else:
            found.errors.append(_stray(entry))
    return files


def _is_ignored(file: Path) -> bool:
    return file.name.startswith(".") or file.name in ALLOWED


def _stray(file: Path) -> LayoutError:
    names = ", ".join(f"{layout.supplier}/{layout.name}_ÅÅÅÅMM.{layout.extension}" for layout in LAYOUTS.values())
    return LayoutError(
        "the file name matches no layout",
        where=Location(file),
        action=f"Rename the file, or move it out of data/raw. Known: {names}; _v2 before the dot for a re-delivery.",
    )


def _candidate(file: Path, raw: Path, now: datetime) -> _Candidate:
    printable = file.name.encode(errors="backslashreplace").decode()
    if printable != file.name:
        raise LayoutError(
            "the file name is not in UTF-8", where=Location(Path(printable)), action="Rename the file without å, ä, ö."
        )
    if holds_identity_number(file.name):
        # The name itself would be the leak, so only the folder is told.
        raise PersonalDataError(
            "the name of a file in this folder holds a personal identity number",
            where=Location(file.parent),
            action="Rename the file without it; nothing was taken.",
        )
    for layout in LAYOUTS.values():
        match = layout.pattern.fullmatch(file.name)
        loose = match or re.search(rf"{layout.name}_(?P<period>\d{{6}})(?!\d)", file.name, re.IGNORECASE)
        if loose is None:
            continue
        if file.parent != raw / layout.supplier:
            raise LayoutError(
                f"the file lies in {file.parent.name}/, its layout belongs in {layout.supplier}/",
                where=Location(file),
                action="Move the file.",
            )
        period = _period(file, loose["period"], layout, now)
        declared = int(match["version"] or 1) if match else 1
        exact = match is not None and file.suffix[1:] in layout.forms
        return _Candidate(Inbox(file, layout, period, declared), exact)
    if file.is_dir():
        raise DeliveryUnreadableError(
            f"a folder stands among the deliveries in {file.parent.name}/; nothing in it is read",
            where=Location(file),
            action=f"Move the delivered files to {file.parent.name}/ itself, and the folder out of data/raw.",
        )
    raise _stray(file)


def _period(file: Path, digits: str, layout: Layout, now: datetime) -> Period:
    year, month = int(digits[:4]), int(digits[4:])
    if not (1 <= month <= 12 and 1990 <= year <= 2200):
        raise DeliveryPeriodError(
            f"{digits} in the file name is not a month", where=Location(file), action="Name the file by its month."
        )
    period = Period(year, month)
    if period > Period.of(now.date()).plus(layout.months_ahead):
        raise DeliveryPeriodError(
            f"future period: {period} has not begun",
            where=Location(file),
            action="Check the month in the file name, and the clock of this machine.",
        )
    return period


def _choose(group: list[_Candidate], notes: list[str]) -> list[Inbox]:
    """The files of one layout and month in order of version. Copies are noted, contradictions refused."""
    chosen: dict[int, tuple[_Candidate, str]] = {}
    for candidate in sorted(group, key=lambda one: (not one.exact, one.item.file.name)):
        item = candidate.item
        # Only files that compete for a month need comparing; the others are read when they are registered.
        checksum = hashlib.sha256(read_inbox(item.file)).hexdigest() if len(group) > 1 else ""
        if item.declared not in chosen:
            chosen[item.declared] = (candidate, checksum)
            continue
        first, first_checksum = chosen[item.declared]
        if checksum != first_checksum:
            raise DeliveryPeriodError(
                f"the same period {item.period} was delivered twice with different content: "
                f"{first.item.file.name} and {item.file.name}",
                where=Location(item.file),
                action="Remove the wrong one, or name the re-delivery "
                f"{item.layout.file_name(item.period, max(chosen) + 1)}.",
            )
        notes.append(f"{item.file.name} has the same content as {first.item.file.name}: taken once")
    for candidate, _ in chosen.values():
        item = candidate.item
        if not candidate.exact and item.layout.pattern.fullmatch(item.file.name) is None:
            raise LayoutError(
                "the file name looks like a copy and says no version",
                where=Location(item.file),
                action=f"Name it {item.layout.file_name(item.period)}, "
                f"or {item.layout.file_name(item.period, 2)} if it is a re-delivery.",
            )
    ordered = [chosen[version][0].item for version in sorted(chosen)]
    notes += [f"{item.file.name} is superseded by {ordered[-1].file.name}" for item in ordered[:-1]]
    return ordered
