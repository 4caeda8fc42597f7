"""Folders of packages: built under ``reports/.work``, published by one rename, never half there.

``.work/<run>/`` belongs to one run, which holds a lock on ``.work/<run>.lock`` while it lives; what a dead run left is
removed by the next, which also confirms in the ledger what had been published. A draft is given its version folders
(``versions``) before it is put in its place, so a package and all its versions appear together. A package that replaces
another is exchanged with it in one step (``renameat2`` with ``RENAME_EXCHANGE``, Linux). Where the file system cannot
do that, the old package is moved aside first: for an instant there is none, and a run killed in that instant leaves the
old one under ``.work`` until the next run puts it back.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from analytics import durable
from analytics.errors import Location, ReportError, StorageError
from analytics.reports import ledger, manifest, versions

WORK = ".work"
PORTAL_LOCK = "portal.lock"
PUBLISH_LOCK = "publish.lock"
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
        tidy(reports)
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


def tidy(reports: Path) -> None:
    """Remove what dead runs left, and confirm what they had published. Does nothing where none has died.

    A package that was moved aside and never replaced goes back first. Raises OSError.
    """
    work = reports / WORK
    for lock_file in work.glob("*.lock"):
        if lock_file.name in (PORTAL_LOCK, PUBLISH_LOCK):
            continue
        with lock_file.open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            left = lock_file.with_suffix("")
            with locked(reports, PUBLISH_LOCK):
                _put_back(left / ASIDE, reports)
                _confirm(reports)
            shutil.rmtree(left, ignore_errors=True)
            lock_file.unlink(missing_ok=True)


def _put_back(aside: Path, reports: Path) -> None:
    for found in sorted(file.parent for file in aside.rglob(manifest.FILE_NAME)):
        home = reports / found.relative_to(aside)
        if not manifest.is_version(found.name) and not home.exists():
            home.parent.mkdir(parents=True, exist_ok=True)
            found.rename(home)
            durable.sync_folder(home.parent)


def _confirm(reports: Path) -> None:
    """Note in the ledger the versions that a dead run had put in their place and not yet confirmed."""
    books = reports / ledger.FOLDER
    for book in sorted(books.rglob("*.json")):
        # A damaged ledger or manifest is said where its package is made or verified.
        with contextlib.suppress(ReportError, OSError):
            text = (reports / book.relative_to(books).with_suffix("") / manifest.FILE_NAME).read_bytes()
            for number, entry in ledger.read(book).items():
                if not entry.published:
                    ledger.confirm(book, number, manifest=text)


@contextmanager
def locked(reports: Path, name: str) -> Iterator[None]:
    """Hold one of the locks that all runs share (``PORTAL_LOCK``, ``PUBLISH_LOCK``) for a short while."""
    (reports / WORK).mkdir(parents=True, exist_ok=True)
    with (reports / WORK / name).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def publish(
    draft: Path, target: Path, *, reports: Path, workspace_folder: Path, permit: Callable[[], None] = lambda: None
) -> bool:
    """Publish a finished draft as a new version, in one step, and make it last over a power cut.

    Gives False, and removes the draft, where the published package is the same (``versions.is_same``). ``permit`` is
    called right before the step; what it raises hinders it.

    Raises ReportError if the draft is not the next version, because another run has published one meanwhile, and
    OSError if the folder of reports cannot be written; then what was published before stays.
    """
    with locked(reports, PUBLISH_LOCK):
        mine, current = manifest.read(draft), manifest.read(target)
        if mine is None:
            raise ReportError("the draft of a package has no manifest", where=Location(draft))
        number, book = mine.identity.version, ledger.file_of(reports, target)
        if current is not None and versions.RESTORED not in mine.identity.reason and versions.is_same(mine, current):
            text = (target / manifest.FILE_NAME).read_bytes()
            ledger.confirm(book, current.identity.version, manifest=text)
            shutil.rmtree(draft)
            return False
        following = versions.next_number(current, ledger.read(book))
        if number != following:
            raise ReportError(
                f"another run has published version {following - 1} while version {number} was made",
                action="Run the unit again.",
            )
        versions.lay(draft, target, number=number, current=current)
        text = (draft / manifest.FILE_NAME).read_bytes()
        permit()
        ledger.intend(book, number, manifest=text, created=mine.identity.created)
        _put_in_place(draft, target, reports=reports, workspace_folder=workspace_folder)
        ledger.confirm(book, number, manifest=text)
    return True


def _put_in_place(draft: Path, target: Path, *, reports: Path, workspace_folder: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    replaced = draft
    if not target.exists():
        draft.rename(target)
    elif not _exchange(draft, target):
        replaced = workspace_folder / ASIDE / target.relative_to(reports)
        replaced.parent.mkdir(parents=True, exist_ok=True)
        target.rename(replaced)
        draft.rename(target)
    for folder in (target.parent, target.parent.parent):
        durable.sync_folder(folder)
    # Its versions live on in the new package; what cannot be removed goes with the workspace.
    shutil.rmtree(replaced, ignore_errors=True)


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
