"""What a supplier delivered, byte for byte: immutable versions under ``data/raw/.snapshots``."""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from analytics import durable
from analytics.errors import DeliveryUnreadableError, Location, StorageError
from analytics.periods import Period

FOLDER = ".snapshots"
RECORD = "delivery.json"
NOT_DELIVERIES = frozenset({"reference", "published"})
"""Folders of ``data/raw`` that people edit; they hold no deliveries."""
_DRAFT = ".draft-"
_DRAFT_RECORD = "delivery.draft"
Status = Literal["received", "taken", "refused"]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One version of one delivery. ``status`` says whether it was received, taken or refused when last loaded."""

    path: Path
    layout: str
    supplier: str
    period: str
    version: int
    sha256: str
    received: datetime
    size: int
    original: Path
    status: Status = "received"

    @property
    def month(self) -> Period:
        return Period.parse(self.period)

    def content(self) -> bytes:
        """The bytes, proved to be those that were registered. Raises StorageError if they are not."""
        try:
            content = self.path.read_bytes()
        except OSError as error:
            raise StorageError(
                f"snapshot {self.path} cannot be read: {error.strerror}",
                action="Restore it from a backup, or remove its folder and deliver the file again.",
            ) from None
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise StorageError(
                f"snapshot {self.path} is not what was registered (checksum)",
                action="Restore it from a backup, or remove its folder and deliver the file again.",
            )
        return content


def read_inbox(file: Path) -> bytes:
    """The bytes of a delivered file. Raises DeliveryUnreadableError if it is no file, empty or not readable."""
    where = Location(file)
    try:
        mode = file.stat().st_mode
        if stat.S_ISDIR(mode):
            raise DeliveryUnreadableError(
                "a directory stands in place of the file", where=where, action="Put the delivered file there instead."
            )
        if not stat.S_ISREG(mode):
            raise DeliveryUnreadableError(
                "this is not an ordinary file", where=where, action="Put the delivered file there instead."
            )
        content = file.read_bytes()
    except OSError as error:
        raise DeliveryUnreadableError(
            f"the file cannot be read: {error.strerror}",
            where=where,
            action="Check its permissions, and that a link leads somewhere.",
        ) from None
    if not content:
        raise DeliveryUnreadableError(
            "the file is empty", where=where, action="Ask the supplier to deliver the file again."
        )
    return content


def register(  # noqa: PLR0913
    file: Path, *, layout: str, supplier: str, period: str, store: Path, now: datetime
) -> Snapshot:
    """Copy a delivered file to a new version, or find the version that already holds the same bytes.

    Args:
        file: the delivered file.
        layout: name of its layout.
        supplier: folder it was delivered in.
        period: month of the delivery, YYYY-MM.
        store: the folder of snapshots (``data/raw/.snapshots``).
        now: the time to record.

    Raises DeliveryUnreadableError if the file cannot be read, StorageError if the version cannot be written.
    """
    content = read_inbox(file)
    checksum = hashlib.sha256(content).hexdigest()
    known = versions(store, layout, period)
    for snapshot in known:
        if snapshot.sha256 == checksum:
            return snapshot
    version = known[-1].version + 1 if known else 1
    record = {
        "layout": layout,
        "supplier": supplier,
        "period": period,
        "version": version,
        "sha256": checksum,
        "received": now.isoformat(),
        "size": len(content),
        "file": file.name,
        "status": "received",
    }
    folder = store / layout / period
    draft = folder / f"{_DRAFT}{version:03d}"
    final = folder / f"v{version:03d}"
    try:
        # The bytes hold personal identity numbers: only the account that loads may look in.
        store.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        _write(draft / file.name, content)
        _write(draft / RECORD, json.dumps(record, ensure_ascii=False, indent=2).encode())
        draft.rename(final)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise StorageError(
            f"the snapshot of {file.name} cannot be written: {error.strerror}",
            action="Check free space and permissions of the data folder, then load again.",
        ) from None
    return _read(final)


def versions(store: Path, layout: str, period: str) -> list[Snapshot]:
    """All versions of one delivery, oldest first."""
    return [_read(folder) for folder in sorted((store / layout / period).glob("v[0-9]*"))]


def newest_status(store: Path, layout: str, period: str) -> Status | None:
    """What became of the newest version of a delivery, or None if there is none."""
    folders = sorted((store / layout / period).glob("v[0-9]*"))
    return _read(folders[-1]).status if folders else None


def newest_taken(store: Path, layout: str, period: str) -> Snapshot | None:
    """The newest version that has been taken, or None."""
    taken = [snapshot for snapshot in versions(store, layout, period) if snapshot.status == "taken"]
    return taken[-1] if taken else None


def deliveries(store: Path) -> list[tuple[str, str]]:
    """Layout and period of everything that was ever registered."""
    return sorted((folder.parent.name, folder.name) for folder in store.glob("*/[0-9]*") if folder.is_dir())


def mark(snapshot: Snapshot, status: Status) -> None:
    """Record whether the version was taken or refused; its bytes are never touched."""
    if snapshot.status == status:
        return
    record = snapshot.path.parent / RECORD
    draft = record.with_name(_DRAFT_RECORD)
    content = json.loads(record.read_text(encoding="utf-8")) | {"status": status}
    draft.unlink(missing_ok=True)
    _write(draft, json.dumps(content, ensure_ascii=False, indent=2).encode())
    draft.replace(record)


def sweep(store: Path) -> None:
    """Remove what a killed load left half-registered. Only the holder of the load lock may call this."""
    for draft in store.glob(f"*/*/{_DRAFT}*"):
        shutil.rmtree(draft, ignore_errors=True)
    for record in store.glob(f"*/*/v*/{_DRAFT_RECORD}"):
        record.unlink(missing_ok=True)


def _write(file: Path, content: bytes) -> None:
    durable.write(file, content)
    file.chmod(0o444)


def _read(folder: Path) -> Snapshot:
    record_file = folder / RECORD
    try:
        record = json.loads(record_file.read_text(encoding="utf-8"))
        name = Path(Path(record["file"]).name)
        return Snapshot(
            path=folder / name,
            layout=record["layout"],
            supplier=record["supplier"],
            period=record["period"],
            version=int(record["version"]),
            sha256=record["sha256"],
            received=datetime.fromisoformat(record["received"]),
            size=record["size"],
            original=name,
            status=record["status"],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise StorageError(
            f"the snapshot record {record_file} is missing or damaged",
            action="Restore it from a backup, or remove its folder and deliver the file again.",
        ) from None
