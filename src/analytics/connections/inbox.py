"""Putting a file into the inbox: whole or not at all, for the account that loads alone."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from analytics import durable
from analytics.errors import StorageError

_PRIVATE = 0o600
"""The bytes may hold personal identity numbers."""


def put(target: Path, pieces: Iterable[bytes]) -> bool:
    """Write the pieces as one file; False if the same bytes stand there already.

    Raises StorageError if it cannot be written; then what stood there still does.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    digest = hashlib.sha256()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE), "wb") as stream:
            for piece in pieces:
                digest.update(piece)
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
        if target.is_file() and sha256(target) == digest.hexdigest():
            return False
        draft.replace(target)
        durable.sync_folder(target.parent)
    except OSError as error:
        raise StorageError(
            f"{target} cannot be written: {error.strerror}",
            action="Check free space and permissions of the data folder, then pull again.",
        ) from None
    finally:
        draft.unlink(missing_ok=True)
    return True


def sha256(file: Path) -> str:
    """The checksum of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
