"""Folders that suppliers deliver into: one whose files are always whole, and one where they grow under our eyes.

A dropped file counts as complete when its marker is there (``<name>.ok``, or what the settings say), or, without
markers, when its size and time have stayed the same from one look to another at least ``stable_seconds`` apart. What
was seen is kept in ``data/raw/.pull/<source>.json``. A file that changes while it is copied is left for the next look.
Nothing is removed: the folder is the supplier's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from analytics import durable
from analytics.connections import inbox
from analytics.connections.model import SourceResult
from analytics.errors import DeliveryUnreadableError, Location, StorageError
from analytics.settings import DropSource, FolderSource, Settings

SEEN = ".pull"
_UNFINISHED = (".part", ".partial", ".tmp", ".filepart", ".crdownload")
_PIECE = 1 << 20


def from_folder(source: FolderSource, settings: Settings) -> SourceResult:
    """Copy every file of a folder whose files are always whole.

    Raises DeliveryUnreadableError if the folder cannot be read, StorageError if the inbox cannot be written.
    """
    taken, unchanged, waiting = [], 0, []
    for file in _files(Path(source.path)):
        arrived = _copy(file, settings.paths.raw / source.supplier / file.name)
        if arrived is None:
            waiting.append(_changing(file))
        elif arrived:
            taken.append(file.name)
        else:
            unchanged += 1
    return SourceResult(source.id, tuple(taken), unchanged, tuple(waiting))


def from_drop(source: DropSource, settings: Settings, *, now: datetime) -> SourceResult:
    """Copy the files of a folder that are complete by the rule of the source.

    Raises DeliveryUnreadableError if the folder cannot be read, StorageError if the inbox cannot be written.
    """
    record = settings.paths.raw / SEEN / f"{source.id}.json"
    before = _seen(record)
    looks: dict[str, Any] = {}
    taken, unchanged, waiting = [], 0, []
    folder = Path(source.path)
    for file in _files(folder):
        if source.marker and file.name.endswith(source.marker):
            continue
        shape = _shape(file)
        look = before.get(file.name)
        if look is None or look["shape"] != shape:
            look = {"shape": shape, "since": now.timestamp(), "copied": False}
        looks[file.name] = look
        if look["copied"]:
            unchanged += 1
            continue
        reason = _incomplete(source, folder, file, rested=now.timestamp() - look["since"])
        if reason:
            waiting.append(reason)
            continue
        arrived = _copy(file, settings.paths.raw / source.supplier / file.name)
        if arrived is None:
            waiting.append(_changing(file))
            continue
        look["copied"] = True
        if arrived:
            taken.append(file.name)
        else:
            unchanged += 1
    durable.replace(record, json.dumps(looks, ensure_ascii=False, indent=1).encode())
    return SourceResult(source.id, tuple(taken), unchanged, tuple(waiting))


def _incomplete(source: DropSource, folder: Path, file: Path, *, rested: float) -> str:
    if source.marker:
        marker = folder / f"{file.name}{source.marker}"
        return "" if marker.exists() else f"{file.name} has no {marker.name} yet"
    if rested < source.stable_seconds:
        return f"{file.name} has not been still for {source.stable_seconds} seconds yet"
    return ""


def _changing(file: Path) -> str:
    return f"{file.name} changed while it was copied"


def _files(folder: Path) -> list[Path]:
    try:
        found = sorted(entry for entry in folder.iterdir() if entry.is_file())
    except OSError as error:
        raise DeliveryUnreadableError(
            f"the folder cannot be read: {error.strerror}",
            where=Location(folder),
            action="Check the path of the source in analytics.toml, and that it is mounted.",
            passing=True,
        ) from None
    return [file for file in found if not file.name.startswith(".") and file.suffix.lower() not in _UNFINISHED]


def _copy(file: Path, target: Path) -> bool | None:
    """Whether new bytes arrived; None if the file changed meanwhile and nothing was taken."""
    before = _shape(file)
    still = True

    def pieces() -> Iterator[bytes]:
        nonlocal still
        with file.open("rb") as stream:
            while piece := stream.read(_PIECE):
                yield piece
        still = _shape(file) == before
        if not still:
            raise _ChangedError

    try:
        return inbox.put(target, pieces())
    except _ChangedError:
        return None


class _ChangedError(Exception):
    """The file is still being written."""


def _shape(file: Path) -> list[int]:
    status = file.stat()
    return [status.st_size, status.st_mtime_ns]


def _seen(record: Path) -> dict[str, Any]:
    try:
        looks: dict[str, Any] = json.loads(record.read_text(encoding="utf-8"))
        for look in looks.values():
            _ = look["shape"], look["since"], look["copied"]
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise StorageError(
            f"{record} is damaged", action="Remove it; what has arrived already is recognised by its bytes."
        ) from None
    return looks
