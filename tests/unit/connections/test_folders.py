"""Folders of suppliers: what is complete arrives whole, what grows waits, what fails says so."""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analytics import connections, settings
from analytics.connections import folders, inbox
from analytics.credentials import Credentials
from analytics.errors import ServiceError, StorageError, UsageError
from analytics.settings import DropSource, FolderSource, Sources

PROJECT = Path(__file__).parents[3]
NOW = datetime(2018, 4, 15, 12, tzinfo=UTC)
NAME = "heroma_tid_201803.csv"


@pytest.fixture
def project(tmp_path):
    (tmp_path / "in").mkdir()
    root = tmp_path / "project"
    root.mkdir()
    shutil.copy(PROJECT / "analytics.toml", root)
    return settings.load(root)


def with_sources(project, *, folder=(), drop=()):
    return replace(project, sources=Sources(tuple(folder), tuple(drop), ()))


def pull(chosen, now=NOW):
    return connections.pull(chosen, credentials=Credentials({}), now=now)


def dropped(project, tmp_path, *, marker="", stable=60):
    return with_sources(project, drop=[DropSource("night", "heroma", str(tmp_path / "in"), marker, stable)])


def test_a_folder_is_copied_byte_for_byte_once_and_again_when_it_changes(project, tmp_path):
    chosen = with_sources(project, folder=[FolderSource("share", "heroma", str(tmp_path / "in"))])
    file = tmp_path / "in" / NAME
    file.write_bytes(b"\xe5\r\n")
    (tmp_path / "in" / ".hidden").touch()
    (tmp_path / "in" / "half.part").touch()
    assert pull(chosen).taken == (NAME,)
    arrived = project.paths.raw / "heroma" / NAME
    assert arrived.read_bytes() == b"\xe5\r\n"
    assert stat.S_IMODE(arrived.stat().st_mode) == 0o600
    assert pull(chosen).sources[0].unchanged == 1
    file.write_bytes(b"changed\r\n")
    assert pull(chosen).taken == (NAME,)
    assert arrived.read_bytes() == b"changed\r\n"
    assert file.exists(), "the folder is the supplier's"


def test_a_dropped_file_waits_until_it_has_been_still(project, tmp_path):
    chosen = dropped(project, tmp_path)
    file = tmp_path / "in" / NAME
    file.write_bytes(b"one")
    assert "not been still" in pull(chosen).sources[0].waiting[0]
    assert pull(chosen, NOW + timedelta(seconds=59)).taken == ()
    file.write_bytes(b"one and two")
    assert pull(chosen, NOW + timedelta(seconds=61)).taken == (), "it grew: the rest begins again"
    assert pull(chosen, NOW + timedelta(seconds=121)).taken == (NAME,)
    assert pull(chosen, NOW + timedelta(seconds=200)).sources[0].unchanged == 1


def test_a_clock_set_back_only_makes_a_file_wait_longer(project, tmp_path):
    chosen = dropped(project, tmp_path)
    (tmp_path / "in" / NAME).write_bytes(b"one")
    pull(chosen)
    assert pull(chosen, NOW - timedelta(days=1)).taken == ()
    assert pull(chosen, NOW + timedelta(seconds=60)).taken == (NAME,)


def test_a_dropped_file_waits_for_its_marker(project, tmp_path):
    chosen = dropped(project, tmp_path, marker=".ok", stable=0)
    (tmp_path / "in" / NAME).write_bytes(b"one")
    assert f"{NAME}.ok" in pull(chosen, NOW + timedelta(days=2)).sources[0].waiting[0]
    (tmp_path / "in" / f"{NAME}.ok").touch()
    assert pull(chosen).taken == (NAME,)
    assert [file.name for file in (project.paths.raw / "heroma").iterdir()] == [NAME]


def test_a_file_that_changes_while_it_is_copied_does_not_arrive(project, tmp_path, monkeypatch):
    chosen = with_sources(project, folder=[FolderSource("share", "heroma", str(tmp_path / "in"))])
    file = tmp_path / "in" / NAME
    file.write_bytes(b"x" * 100)
    grown = iter([False, True])
    real = folders._shape

    def growing(path):
        if next(grown, False):
            with path.open("ab") as stream:
                stream.write(b"y")
        return real(path)

    monkeypatch.setattr(folders, "_shape", growing)
    result = pull(chosen).sources[0]
    assert result.taken == ()
    assert "changed while it was copied" in result.waiting[0]
    assert not list((project.paths.raw / "heroma").iterdir())
    assert pull(chosen).taken == (NAME,)
    assert (project.paths.raw / "heroma" / NAME).stat().st_size == 101


def test_a_folder_that_is_gone_does_not_stop_the_others(project, tmp_path):
    good = FolderSource("share", "heroma", str(tmp_path / "in"))
    gone = FolderSource("gone", "raindance", str(tmp_path / "unmounted"))
    (tmp_path / "in" / NAME).write_bytes(b"one")
    report = pull(with_sources(project, folder=[gone, good]))
    assert report.taken == (NAME,)
    assert report.failed[0].passing
    assert "mounted" in report.failed[0].problem
    with pytest.raises(ServiceError, match="1 of 2 sources failed: gone"):
        report.raise_if_failed()


def test_a_full_or_read_only_inbox_leaves_what_was_there(project, tmp_path, monkeypatch):
    chosen = with_sources(project, folder=[FolderSource("share", "heroma", str(tmp_path / "in"))])
    (tmp_path / "in" / NAME).write_bytes(b"one")
    pull(chosen)
    (tmp_path / "in" / NAME).write_bytes(b"two")

    def full(_):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(inbox.os, "fsync", full)
    assert "No space left" in pull(chosen).failed[0].problem
    folder = project.paths.raw / "heroma"
    assert (folder / NAME).read_bytes() == b"one"
    assert [file.name for file in folder.iterdir()] == [NAME]


def test_a_damaged_memory_of_a_drop_folder_is_said(project, tmp_path):
    chosen = dropped(project, tmp_path)
    record = project.paths.raw / folders.SEEN / "night.json"
    record.parent.mkdir(parents=True)
    record.write_text("{", encoding="utf-8")
    with pytest.raises(StorageError, match="damaged"):
        folders.from_drop(chosen.sources.drop[0], chosen, now=NOW)


def test_nothing_to_fetch_from_is_a_wrong_call(project):
    with pytest.raises(UsageError, match="no source"):
        pull(project)
