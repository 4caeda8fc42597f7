"""Leases: one owner at a time across processes and machines, by files on shared storage (decision 025).

A lease is a folder of numbered files of which the highest counts. Taking it means making the next number with link(2),
which only one can do, and no number is ever used twice. So nobody can take the lease away from another than the owner
that was judged to be dead, and an owner that was given up finds a higher number that is not its own.

An owner on this machine is dead when its process is: the process id and the start of the process are compared. An owner
elsewhere is dead when its file has not been touched for the length of the lease, by the clock of the file system and
not of this machine.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Self

from analytics import durable
from analytics.errors import LeaseLostError, StorageError

FOLDER: Final = ".leases"
BEATS: Final = 6
"""So many times during its length a living owner touches its lease."""
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK)


@dataclass(frozen=True, slots=True)
class Owner:
    """A process.

    ``boot`` and ``namespace`` say within what its ``pid`` means something; ``started`` (clock ticks after the start of
    the machine) tells it from a later process with the same number.
    """

    host: str
    boot: str
    namespace: str
    pid: int
    started: int

    @classmethod
    def this_process(cls) -> Owner:
        return cls(socket.gethostname(), _boot(), _namespace(), os.getpid(), _started(os.getpid()) or 0)

    @property
    def is_here(self) -> bool:
        """Whether this machine can say if the process lives."""
        return bool(self.boot) and (self.boot, self.namespace) == (_boot(), _namespace())

    @property
    def runs(self) -> bool | None:
        """Whether the process lives, for one that :attr:`is_here`; None if it is hidden from this account."""
        try:
            started = _started(self.pid)
        except ProcessLookupError:
            return False
        return None if started is None else started == self.started


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lease, as its file says; ``owner`` is None for a file that cannot be read."""

    number: int
    token: str
    owner: Owner | None
    state: Literal["held", "released"]

    def __str__(self) -> str:
        return f"process {self.owner.pid} on {self.owner.host}" if self.owner else "an unreadable lease"


@dataclass(frozen=True, slots=True)
class Ticket:
    """The right to confirm a lease, as plain data that another process may be given."""

    folder: Path
    token: str


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease that this process holds for ``seconds`` after each touch."""

    ticket: Ticket
    seconds: float

    def touch(self) -> None:
        """Show that the owner lives. Raises LeaseLostError if the lease belongs to another now."""
        holder = _own(self.ticket)
        with contextlib.suppress(FileNotFoundError):  # a number further in this moment: it is fresh
            os.utime(_file(self.ticket.folder, holder.number))

    def release(self) -> None:
        """Give the lease back, so that the next one need not wait. A lease that was lost is left alone."""
        with contextlib.suppress(LeaseLostError):
            holder = replace(_own(self.ticket), state="released")
            durable.replace(_file(self.ticket.folder, holder.number), _content(holder))


def acquire(folder: Path, *, seconds: float, sleep: Callable[[float], None] = time.sleep) -> Lease | Holder:
    """Take the lease of a folder, or say who holds it. The folder is made if need be.

    ``seconds`` is how long an owner on another machine is waited for after its last touch. Raises StorageError if the
    folder cannot be written.
    """
    token = secrets.token_hex(8)
    draft = folder / f".draft-{token}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        durable.write(draft, b"")
        newest = _newest(folder)
        if newest is not None and newest.state == "held" and _lives(folder, newest, draft, seconds, sleep):
            return newest
        mine = Holder(newest.number + 1 if newest else 1, token, Owner.this_process(), "held")
        if not _make(folder, mine):
            return _newest(folder) or mine
        _sweep(folder, draft.stat().st_mtime - seconds)
    except OSError as error:
        raise StorageError(
            f"the lease {folder} cannot be written: {error.strerror}",
            action="Check free space and permissions of the folder of reports.",
        ) from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()
    return Lease(Ticket(folder, token), seconds)


def confirm(ticket: Ticket) -> None:
    """Prove, in one step that excludes every other, that the lease is still the ticket's; call it before publishing.

    It makes the next number for the same owner, which fails if anybody has taken that number. Whoever wants to take the
    lease over must now find this number untouched for the length of the lease. Raises LeaseLostError.
    """
    holder = _own(ticket)
    if not _make(ticket.folder, replace(holder, number=holder.number + 1)):
        raise _lost(ticket)


def holder(folder: Path) -> Holder | None:
    """Who holds the lease of a folder, or None: nobody has it, or a process of this machine that is dead.

    An owner elsewhere is taken by its word; only :func:`acquire` waits for it.
    """
    newest = _newest(folder)
    if newest is None or newest.state == "released":
        return None
    is_dead = newest.owner is not None and newest.owner.is_here and newest.owner.runs is False
    return None if is_dead else newest


class Heart:
    """Touches leases from a thread while their owner works."""

    def __init__(self, *, seconds: float) -> None:
        self._every = seconds / BEATS
        self._leases: dict[Ticket, Lease] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="analytics-leases", daemon=True)

    def keep(self, lease: Lease) -> None:
        self._leases[lease.ticket] = lease

    def release(self, lease: Lease) -> None:
        self._leases.pop(lease.ticket, None)
        lease.release()

    def _beat(self) -> None:
        while not self._stop.wait(self._every):
            for lease in list(self._leases.values()):
                # A lease that is lost, or storage that is gone, shows itself when the work is to be published.
                with contextlib.suppress(LeaseLostError, OSError):
                    lease.touch()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        for lease in list(self._leases.values()):
            with contextlib.suppress(OSError):
                self.release(lease)


def _lives(folder: Path, newest: Holder, draft: Path, seconds: float, sleep: Callable[[float], None]) -> bool:
    if newest.owner is not None and newest.owner.is_here:
        runs = newest.owner.runs
        if runs is not None:
            return runs
    touched = _touched(folder, newest.number)
    if touched is None:
        return True  # it has just been taken further
    os.utime(draft)  # after the look: the clock of the storage now
    age = draft.stat().st_mtime - touched
    if age >= 0:
        return age < seconds
    # The clock of the storage has been set back: only waiting tells whether the owner still touches its lease.
    waited = 0.0
    while waited < seconds:
        sleep(seconds / BEATS)
        waited += seconds / BEATS
        if _touched(folder, newest.number) != touched:
            return True
    return False


def _touched(folder: Path, number: int) -> float | None:
    # Opened, for a network file system may answer a plain stat from what it remembers.
    try:
        with _file(folder, number).open("rb") as stream:
            return os.fstat(stream.fileno()).st_mtime
    except FileNotFoundError:
        return None


def _make(folder: Path, holder: Holder) -> bool:
    """Make the file of a number in one step; False if it exists. Lower numbers go."""
    target = _file(folder, holder.number)
    draft = folder / f".draft-{holder.token}-{holder.number}"
    try:
        durable.write(draft, _content(holder))
        os.link(draft, target)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if not _make_without_link(target, holder):
            return False
    finally:
        draft.unlink(missing_ok=True)
    durable.sync_folder(folder)
    for file in folder.iterdir():
        if file.name.isdecimal() and int(file.name) < holder.number:
            file.unlink(missing_ok=True)
    return True


def _sweep(folder: Path, before: float) -> None:
    """Remove drafts of processes that died while they wrote them."""
    for file in folder.glob(".*"):
        with contextlib.suppress(FileNotFoundError):
            if file.stat().st_mtime < before:
                file.unlink()


def _make_without_link(target: Path, holder: Holder) -> bool:
    """As exclusive, but seen empty for an instant: such a file counts as held until it is old."""
    try:
        descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(_content(holder))
        stream.flush()
        os.fsync(stream.fileno())
    return True


def _newest(folder: Path) -> Holder | None:
    while True:
        try:
            numbers = [int(file.name) for file in folder.iterdir() if file.name.isdecimal()]
        except FileNotFoundError:
            return None
        if not numbers:
            return None
        try:
            return _read(folder, max(numbers))
        except FileNotFoundError:
            continue  # taken further and removed between the two looks


def _read(folder: Path, number: int) -> Holder:
    try:
        record = json.loads(_file(folder, number).read_bytes())
        owner = Owner(**record["owner"])
        state: Literal["held", "released"] = "released" if record["state"] == "released" else "held"
        return Holder(number, str(record["token"]), owner, state)
    except (ValueError, KeyError, TypeError):
        return Holder(number, "", None, "held")


def _own(ticket: Ticket) -> Holder:
    newest = _newest(ticket.folder)
    if newest is None or newest.token != ticket.token or newest.state != "held":
        raise _lost(ticket)
    return newest


def _lost(ticket: Ticket) -> LeaseLostError:
    return LeaseLostError(
        f"the lease {ticket.folder.name} was taken over by another run while this one was not heard of",
        action="Nothing was published by this run; the other one publishes, and the next tick looks again.",
    )


def _content(holder: Holder) -> bytes:
    record = asdict(holder)
    del record["number"]
    return json.dumps(record).encode()


def _file(folder: Path, number: int) -> Path:
    return folder / f"{number:09d}"


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _namespace() -> str:
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""


def _started(pid: int) -> int | None:
    """When a process of this machine started, in clock ticks after the start of the machine.

    None if it lives but is hidden from this account. Raises ProcessLookupError if it is dead.
    """
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        with contextlib.suppress(PermissionError):
            os.kill(pid, 0)
        return None
    # The name of the program stands in brackets and may hold anything.
    fields = text[text.rindex(")") + 2 :].split()
    if fields[0] in ("Z", "X"):
        raise ProcessLookupError
    return int(fields[19])
