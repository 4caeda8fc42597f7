"""Leases: one owner at a time, real processes that die, owners elsewhere, and a run that was given up."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from analytics import leases
from analytics.errors import LeaseLostError, StorageError
from analytics.leases import Heart, Holder, Lease

SECONDS = 60.0
HOLD = """\
import sys, time
from pathlib import Path
from analytics import leases
taken = leases.acquire(Path(sys.argv[1]), seconds=60)
print(type(taken).__name__, flush=True)
sys.stdin.read()
"""
RACE = """\
import sys, time
from pathlib import Path
from analytics import leases
folder, start = Path(sys.argv[1]), Path(sys.argv[2])
print("ready", flush=True)
while not start.exists():
    pass
print(type(leases.acquire(folder, seconds=60)).__name__, flush=True)
sys.stdin.read()
"""


def run(script: str, *arguments: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def end(*processes: subprocess.Popen[str]) -> None:
    for process in processes:
        process.kill()
        process.communicate()


def take(folder: Path, seconds: float = SECONDS) -> Lease:
    taken = leases.acquire(folder, seconds=seconds)
    assert isinstance(taken, Lease)
    return taken


def only_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def as_if_elsewhere(folder: Path, *, touched_ago: float) -> Path:
    """Let the holder be a process on another machine that touched its lease so many seconds ago."""
    file = only_file(folder)
    record = json.loads(file.read_text())
    record["owner"] |= {"host": "annan", "boot": "another boot"}
    file.write_text(json.dumps(record))
    now = file.stat().st_mtime
    os.utime(file, (now - touched_ago, now - touched_ago))
    return file


def test_a_lease_that_is_given_back_can_be_taken_again(tmp_path):
    folder = tmp_path / "2018-03-17"
    first = take(folder)
    assert leases.holder(folder).token == first.ticket.token
    first.release()
    assert leases.holder(folder) is None
    second = take(folder)
    assert second.ticket.token != first.ticket.token
    assert only_file(folder).name == "000000002"


def test_another_process_finds_it_taken_until_the_owner_is_killed(tmp_path):
    folder = tmp_path / "lease"
    owner = run(HOLD, folder)
    try:
        assert line_of(owner) == "Lease"
        found = leases.acquire(folder, seconds=SECONDS)
        assert isinstance(found, Holder)
        assert found.owner.pid == owner.pid
        assert str(owner.pid) in str(found)

        # A process that is stopped or slow lives, however long it has not touched its lease.
        owner.send_signal(signal.SIGSTOP)
        os.utime(only_file(folder), (0, 0))
        assert isinstance(leases.acquire(folder, seconds=SECONDS), Holder)

        owner.send_signal(signal.SIGKILL)
        os.waitid(os.P_PID, owner.pid, os.WEXITED | os.WNOWAIT)
        # Dead but not yet buried by its parent: taken at once all the same.
        taken = take(folder)
        assert leases.holder(folder).token == taken.ticket.token
    finally:
        end(owner)


def test_of_many_that_find_a_dead_owner_exactly_one_takes_over(tmp_path):
    folder, start = tmp_path / "lease", tmp_path / "start"
    owner = run(HOLD, folder)
    assert line_of(owner) == "Lease"
    end(owner)
    rivals = [run(RACE, folder, start) for _ in range(6)]
    try:
        assert [line_of(rival) for rival in rivals] == ["ready"] * 6
        start.touch()
        assert sorted(line_of(rival) for rival in rivals) == ["Holder"] * 5 + ["Lease"]
    finally:
        end(*rivals)


@pytest.mark.parametrize(("ago", "kind"), [(1, Holder), (SECONDS - 5, Holder), (SECONDS + 5, Lease)])
def test_an_owner_elsewhere_is_judged_by_the_clock_of_the_files(tmp_path, monkeypatch, ago, kind):
    take(tmp_path / "lease")
    as_if_elsewhere(tmp_path / "lease", touched_ago=ago)
    monkeypatch.setattr(time, "time", lambda: 0.0)  # this machine's clock is wrong by decades
    assert isinstance(leases.acquire(tmp_path / "lease", seconds=SECONDS), kind)


@pytest.mark.parametrize("lives", [True, False])
def test_after_the_clock_was_set_back_only_waiting_tells(tmp_path, lives):
    take(tmp_path / "lease")
    file = as_if_elsewhere(tmp_path / "lease", touched_ago=-3600)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if lives and len(slept) == 3:
            os.utime(file)

    taken = leases.acquire(tmp_path / "lease", seconds=SECONDS, sleep=sleep)
    assert isinstance(taken, Holder if lives else Lease)
    assert sum(slept) == pytest.approx(SECONDS / leases.BEATS * 3 if lives else SECONDS)


def test_a_process_that_is_hidden_counts_as_one_elsewhere(tmp_path, monkeypatch):
    take(tmp_path / "lease")
    monkeypatch.setattr(leases, "_started", lambda _: None)
    assert isinstance(leases.acquire(tmp_path / "lease", seconds=SECONDS), Holder)
    file = only_file(tmp_path / "lease")
    old = file.stat().st_mtime - SECONDS - 5
    os.utime(file, (old, old))
    assert isinstance(leases.acquire(tmp_path / "lease", seconds=SECONDS), Lease)


def test_another_process_with_the_same_number_is_not_the_owner(tmp_path):
    take(tmp_path / "lease")
    file = only_file(tmp_path / "lease")
    record = json.loads(file.read_text())
    assert record["owner"]["pid"] == os.getpid()
    record["owner"]["started"] -= 1
    file.write_text(json.dumps(record))
    assert isinstance(leases.acquire(tmp_path / "lease", seconds=SECONDS), Lease)


def test_who_was_given_up_may_not_publish_nor_give_back(tmp_path):
    folder = tmp_path / "lease"
    suspended = take(folder)
    as_if_elsewhere(folder, touched_ago=SECONDS + 5)
    taken = take(folder)
    with pytest.raises(LeaseLostError, match="taken over"):
        leases.confirm(suspended.ticket)
    with pytest.raises(LeaseLostError):
        suspended.touch()
    suspended.release()
    leases.confirm(taken.ticket)
    assert leases.holder(folder).token == taken.ticket.token


def test_confirming_and_taking_over_exclude_each_other(tmp_path):
    outcomes = set()
    for number in range(40):
        folder = tmp_path / str(number)
        ticket = take(folder).ticket
        as_if_elsewhere(folder, touched_ago=SECONDS + 5)
        together = threading.Barrier(2)
        taken: list[Lease | Holder] = []

        def rival(folder=folder, together=together, taken=taken) -> None:
            together.wait()
            taken.append(leases.acquire(folder, seconds=SECONDS, sleep=lambda _: pytest.fail("waited")))

        thread = threading.Thread(target=rival)
        thread.start()
        together.wait()
        try:
            leases.confirm(ticket)
            confirmed = True
        except LeaseLostError:
            confirmed = False
        thread.join()
        assert confirmed == isinstance(taken[0], Holder)
        outcomes.add(confirmed)
    assert outcomes


def test_a_confirmed_lease_is_fresh_again(tmp_path):
    folder = tmp_path / "lease"
    ticket = take(folder).ticket
    as_if_elsewhere(folder, touched_ago=SECONDS + 5)
    leases.confirm(ticket)
    assert only_file(folder).name == "000000002"
    assert isinstance(leases.acquire(folder, seconds=SECONDS), Holder)


def test_a_heart_touches_what_it_keeps_and_gives_it_back(tmp_path):
    folder = tmp_path / "lease"
    lease = take(folder, seconds=0.06)
    os.utime(only_file(folder), (0, 0))
    with Heart(seconds=lease.seconds) as heart:
        heart.keep(lease)
        leases.confirm(lease.ticket)  # takes it to a new number, which is the one to touch from now on
        file = only_file(folder)
        os.utime(file, (0, 0))
        deadline = time.monotonic() + 30
        while file.stat().st_mtime == 0 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert file.stat().st_mtime > 0
    assert leases.holder(folder) is None


def test_storage_without_hard_links_is_as_exclusive(tmp_path, monkeypatch):
    def no_links(*_):
        raise OSError(errno.EPERM, "no links")

    monkeypatch.setattr(os, "link", no_links)
    lease = take(tmp_path / "lease")
    assert isinstance(leases.acquire(tmp_path / "lease", seconds=SECONDS), Holder)
    leases.confirm(lease.ticket)
    lease.release()
    take(tmp_path / "lease")


def test_an_unreadable_lease_counts_as_held_until_it_is_old(tmp_path):
    folder = tmp_path / "lease"
    take(folder)
    file = only_file(folder)
    file.write_bytes(b"")
    assert isinstance(leases.acquire(folder, seconds=SECONDS), Holder)
    old = file.stat().st_mtime - SECONDS - 5
    os.utime(file, (old, old))
    assert isinstance(leases.acquire(folder, seconds=SECONDS), Lease)


def test_what_a_killed_process_was_writing_is_removed_when_it_is_old(tmp_path):
    folder = tmp_path / "lease"
    take(folder).release()
    for name, age in ((".draft-old", SECONDS + 5), (".draft-new", 0)):
        (folder / name).touch()
        moment = (folder / name).stat().st_mtime - age
        os.utime(folder / name, (moment, moment))
    take(folder)
    assert sorted(file.name for file in folder.iterdir()) == [".draft-new", "000000002"]


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be written"):
        leases.acquire(tmp_path / "file" / "lease", seconds=SECONDS)
