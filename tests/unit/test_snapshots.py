"""Snapshots: immutable versions, written whole or not at all."""

from __future__ import annotations

import errno
import json
import os
from datetime import UTC, datetime

import pytest

from analytics import durable, snapshots
from analytics.errors import DeliveryUnreadableError, StorageError

NOW = datetime(2018, 4, 15, 12, tzinfo=UTC)


def register(folder, content: bytes) -> snapshots.Snapshot:
    file = folder / "heroma_tid_201802.csv"
    file.write_bytes(content)
    return snapshots.register(
        file, layout="heroma_tid", supplier="heroma", period="2018-02", store=folder / "store", now=NOW
    )


def test_same_bytes_are_the_same_version_and_changed_bytes_a_new_one(tmp_path):
    first = register(tmp_path, b"a")
    assert register(tmp_path, b"a") == first
    second = register(tmp_path, b"b")
    assert (first.version, second.version) == (1, 2)
    assert register(tmp_path, b"a") == first
    assert [one.sha256 for one in snapshots.versions(tmp_path / "store", "heroma_tid", "2018-02")] == [
        first.sha256,
        second.sha256,
    ]
    assert first.content() == b"a"
    assert snapshots.deliveries(tmp_path / "store") == [("heroma_tid", "2018-02")]


def test_status_changes_and_the_bytes_do_not(tmp_path):
    snapshot = register(tmp_path, b"a")
    assert snapshots.newest_taken(tmp_path / "store", "heroma_tid", "2018-02") is None
    stamp = snapshot.path.stat().st_mtime_ns
    snapshots.mark(snapshot, "taken")
    taken = snapshots.newest_taken(tmp_path / "store", "heroma_tid", "2018-02")
    assert taken is not None
    assert taken.status == "taken"
    assert snapshot.path.stat().st_mtime_ns == stamp
    assert {file.name for file in snapshot.path.parent.iterdir()} == {"delivery.json", "heroma_tid_201802.csv"}


def test_copy_that_fails_leaves_no_version(tmp_path, monkeypatch):
    def refuse(_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(durable.os, "fsync", refuse)
    with pytest.raises(StorageError, match="cannot be written: No space left"):
        register(tmp_path, b"a")
    monkeypatch.undo()
    assert list((tmp_path / "store").rglob("*.csv")) == []
    assert register(tmp_path, b"a").version == 1


def test_half_registered_versions_are_swept(tmp_path):
    snapshot = register(tmp_path, b"a")
    draft = tmp_path / "store/heroma_tid/2018-02/.draft-002"
    draft.mkdir()
    (draft / "heroma_tid_201802.csv").write_bytes(b"half")
    (snapshot.path.parent / "delivery.draft").write_text("half")
    snapshots.sweep(tmp_path / "store")
    assert {file.name for file in draft.parent.iterdir()} == {"v001"}
    assert snapshots.versions(tmp_path / "store", "heroma_tid", "2018-02") == [snapshot]
    assert {file.name for file in snapshot.path.parent.iterdir()} == {"delivery.json", "heroma_tid_201802.csv"}


@pytest.mark.parametrize("content", ["", "{}", "[]", json.dumps({"file": "x"}), json.dumps({"file": None})])
def test_damaged_record_is_said(tmp_path, content):
    record = register(tmp_path, b"a").path.parent / "delivery.json"
    record.chmod(0o644)
    record.write_text(content)
    with pytest.raises(StorageError, match="missing or damaged"):
        snapshots.versions(tmp_path / "store", "heroma_tid", "2018-02")


def test_what_is_no_readable_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    (tmp_path / "empty").touch()
    for name, says in (("pipe", "not an ordinary file"), ("link", "No such file"), ("empty", "empty"), (".", "dir")):
        with pytest.raises(DeliveryUnreadableError, match=says):
            snapshots.read_inbox(tmp_path / name)


def test_nobody_but_the_loading_account_looks_in_and_nobody_writes(tmp_path):
    snapshot = register(tmp_path, b"a")
    assert (tmp_path / "store").stat().st_mode & 0o777 == 0o700
    assert [file.stat().st_mode & 0o777 for file in snapshot.path.parent.iterdir()] == [0o444, 0o444]
    snapshots.mark(snapshot, "taken")
    assert (snapshot.path.parent / "delivery.json").stat().st_mode & 0o777 == 0o444


def test_bytes_that_are_not_those_registered_are_refused(tmp_path):
    snapshot = register(tmp_path, b"a")
    snapshot.path.chmod(0o644)
    snapshot.path.write_bytes(b"b")
    with pytest.raises(StorageError, match="not what was registered"):
        snapshot.content()
