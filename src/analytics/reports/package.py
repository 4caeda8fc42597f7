"""Folders of packages: built under ``reports/.work``, published by one rename, never half there.

``.work/<run>/`` belongs to one run, which holds a lock on ``.work/<run>.lock`` while it lives; what a dead run left is
removed by the next. A package that replaces another is exchanged with it in one step (``renameat2`` with
``RENAME_EXCHANGE``, Linux). Where the file system cannot do that, the old package is moved aside first: for an instant
there is none, and a run killed in that instant leaves the old one under ``.work`` until the next run puts it back.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analytics import durable
from analytics.errors import StorageError

WORK = ".work"
FAILED = ".failed"
CACHE = ".cache"
ASIDE = "aside"
AT_FDCWD = -100
RENAME_EXCHANGE = 2
_CANNOT_EXCHANGE = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)


def folder_of(reports: Path, *, audience_folder: str, period: str, unit: str) -> Path:
    """Where a package lies: ``reports/[internal/]<period>/<unit>``."""
    return reports / audience_folder / period / unit


@contextmanager
def workspace(reports: Path) -> Iterator[Path]:
    """A folder for the drafts of one run; gone afterwards, and so is what dead runs left.

    Raises StorageError if the folder of reports cannot be written.
    """
    work = reports / WORK
    try:
        work.mkdir(parents=True, exist_ok=True)
        _tidy(reports)
        name = f"{os.getpid()}-{secrets.token_hex(4)}"
        lock = (work / f"{name}.lock").open("w")
    except OSError as error:
        raise StorageError(f"{reports} cannot be written: {error.strerror}") from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        draft = work / name
        draft.mkdir()
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)
            (work / f"{name}.lock").unlink(missing_ok=True)


def _tidy(reports: Path) -> None:
    """Remove what dead runs left. A package that was moved aside and never replaced goes back first."""
    work = reports / WORK
    for lock_file in work.glob("*.lock"):
        if lock_file.name == "portal.lock":
            continue
        with lock_file.open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            left = lock_file.with_suffix("")
            for aside in sorted((left / ASIDE).rglob("manifest.json")):
                home = reports / aside.parent.relative_to(left / ASIDE)
                if not home.exists():
                    home.parent.mkdir(parents=True, exist_ok=True)
                    aside.parent.rename(home)
            shutil.rmtree(left, ignore_errors=True)
            lock_file.unlink(missing_ok=True)


def publish(draft: Path, target: Path, *, reports: Path, workspace_folder: Path) -> None:
    """Put a finished draft in its place in one step and make it last over a power cut."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        draft.rename(target)
    elif _exchange(draft, target):
        shutil.rmtree(draft)
    else:
        aside = workspace_folder / ASIDE / target.relative_to(reports)
        aside.parent.mkdir(parents=True, exist_ok=True)
        target.rename(aside)
        draft.rename(target)
        shutil.rmtree(aside)
    for folder in (target.parent, target.parent.parent):
        durable.sync_folder(folder)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step; False where the system cannot."""
    if sys.platform != "linux":
        return False
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "renameat2"):
        return False
    answer = library.renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), ctypes.c_uint(RENAME_EXCHANGE))
    if answer == 0:
        return True
    code = ctypes.get_errno()
    if code in _CANNOT_EXCHANGE:
        return False
    raise OSError(code, os.strerror(code), str(other))
