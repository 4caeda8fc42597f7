"""Writing that outlasts a power cut: through to the disk, before anything counts on it."""

from __future__ import annotations

import os
from pathlib import Path


def write(file: Path, content: bytes) -> None:
    """Write a file and wait until its bytes are on the disk. The name is safe only after :func:`sync_folder`."""
    with file.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Write one folder's list of names through to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Write every file and folder below ``folder`` through to the disk."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
        else:
            sync_folder(path)
    sync_folder(folder)


def replace(target: Path, content: bytes, *, locked: bool = False) -> None:
    """Replace one file in one step: readers see the old bytes or the new ones. Its folder is made if need be.

    ``locked`` says that nobody else writes this file meanwhile: its draft has one name, so that what a killed process
    left is replaced by the next one.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.tmp" if locked else f".{target.name}.{os.getpid()}.tmp")
    try:
        write(draft, content)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
