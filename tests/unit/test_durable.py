from __future__ import annotations

import errno
from pathlib import Path

import pytest

from analytics import durable


def test_a_file_is_replaced_in_one_step_and_leaves_no_draft(tmp_path: Path):
    target = tmp_path / "a/index.html"
    durable.replace(target, "å".encode())
    durable.replace(target, "ä\n".encode())

    assert target.read_bytes() == "ä\n".encode()
    assert [file.name for file in target.parent.iterdir()] == ["index.html"]


def test_a_replacement_that_fails_leaves_the_old_file_and_no_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    target = tmp_path / "index.html"
    durable.replace(target, b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(durable.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        durable.replace(target, b"new")

    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("index.html", b"old")]


def test_a_reader_sees_the_old_file_until_the_new_one_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    target = tmp_path / "index.html"
    durable.replace(target, b"old")
    seen = []
    monkeypatch.setattr(durable.os, "fsync", lambda _: seen.append(target.read_bytes()))

    durable.replace(target, b"new")

    assert seen == [b"old"]
    assert target.read_bytes() == b"new"


def test_who_has_the_old_file_open_goes_on_reading_it(tmp_path: Path):
    target = tmp_path / "index.html"
    durable.replace(target, b"old")
    with target.open("rb") as reader:
        durable.replace(target, b"new")
        assert reader.read() == b"old"
    assert target.read_bytes() == b"new"


def test_every_file_and_folder_of_a_tree_is_written_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/file").write_bytes(b"1")
    synced = []
    monkeypatch.setattr(
        durable.os, "fsync", lambda descriptor: synced.append(Path(f"/proc/self/fd/{descriptor}").resolve())
    )

    durable.sync_tree(tmp_path)

    assert set(synced) == {tmp_path, tmp_path / "a", tmp_path / "a/b", tmp_path / "a/b/file"}
