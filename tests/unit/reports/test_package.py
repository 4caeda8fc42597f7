"""Publishing: one step, nothing half, whatever happens meanwhile."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import threading
from pathlib import Path

import pytest
from made_packages import faults, make_draft, publish, tree

from analytics.errors import ReportError, StorageError
from analytics.reports import ledger, manifest, package, versions


def test_a_package_lies_at_its_address_and_again_as_its_version(tmp_path: Path):
    folder = publish(tmp_path, "one")

    assert set(tree(folder)) == {
        "manifest.json",
        "personal.html",
        "tables/headcount.csv",
        "v1/manifest.json",
        "v1/personal.html",
        "v1/tables/headcount.csv",
    }
    assert faults(folder) == []
    assert (folder / "personal.html").samefile(folder / "v1/personal.html")


def test_a_new_version_keeps_the_old_ones_byte_for_byte(tmp_path: Path):
    folder = publish(tmp_path, "one")
    first = tree(folder / "v1")
    publish(tmp_path, "two", data="d2")
    second = tree(folder / "v2")
    publish(tmp_path, "three", data="d3")

    assert faults(folder) == []
    assert [tree(folder / name) for name in ("v1", "v2")] == [first, second]
    assert b"three" in (folder / "personal.html").read_bytes()
    assert list(versions.folders(folder)) == [1, 2, 3]


def test_the_same_package_again_is_no_new_version(tmp_path: Path):
    folder = publish(tmp_path, "one")
    before = tree(tmp_path / "2018-03")
    with package.workspace(tmp_path) as work:
        draft = make_draft(work / "17", "one", version=2)  # made at another time
        published = package.publish(draft, folder, reports=tmp_path, workspace_folder=work)

        assert not draft.exists()
    assert published is False
    assert tree(tmp_path / "2018-03") == before


def test_another_input_version_is_a_new_version_although_it_reads_the_same(tmp_path: Path):
    publish(tmp_path, "one", data="d1")
    folder = publish(tmp_path, "one", data="d2")

    assert list(versions.folders(folder)) == [1, 2]


def test_published_files_are_read_only(tmp_path: Path):
    folder = publish(tmp_path, "one")

    assert {file.stat().st_mode & 0o222 for file in manifest.own_files(folder)} == {0}


@pytest.mark.parametrize("error", ["EPERM", "EXDEV", "EMLINK", "ENOTSUP"])
def test_without_hard_links_the_versions_are_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: str):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(getattr(errno, error), "no links here")

    monkeypatch.setattr(os, "link", refuse)
    publish(tmp_path, "one")
    folder = publish(tmp_path, "two", data="d2")

    assert faults(folder) == []
    assert not (folder / "personal.html").samefile(folder / "v2/personal.html")
    assert b"one" in (folder / "v1/personal.html").read_bytes()


def test_without_exchange_the_old_package_is_moved_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(package, "_exchange", lambda *_: False)
    publish(tmp_path, "one")
    folder = publish(tmp_path, "two", data="d2")

    assert faults(folder) == []
    assert list(versions.folders(folder)) == [1, 2]


def test_a_package_from_before_there_were_versions_becomes_the_first(tmp_path: Path):
    folder = make_draft(tmp_path / "2018-03/17", "old", version=1)
    record = json.loads((folder / "manifest.json").read_text())
    for key in ("version", "reason", "content"):
        del record[key]
    (folder / "manifest.json").write_text(json.dumps(record))
    old = tree(folder)

    publish(tmp_path, "new", data="d2")

    assert tree(folder / "v1") == old
    assert b"new" in (folder / "v2/personal.html").read_bytes()


def test_a_number_is_never_given_to_two_packages(tmp_path: Path):
    folder = publish(tmp_path, "one")
    publish(tmp_path, "two", data="d2")
    shutil.rmtree(folder)  # someone removes it by hand

    publish(tmp_path, "three", data="d3")

    assert list(versions.folders(folder)) == [3]


def test_of_two_runs_at_once_the_second_is_refused(tmp_path: Path):
    with package.workspace(tmp_path) as one, package.workspace(tmp_path) as other:
        target = tmp_path / "2018-03/17"
        first, second = make_draft(one / "17", "one", version=1), make_draft(other / "17", "other", version=1)
        package.publish(first, target, reports=tmp_path, workspace_folder=one)

        with pytest.raises(ReportError, match="another run has published version 1 while version 1 was made"):
            package.publish(second, target, reports=tmp_path, workspace_folder=other)

    assert b"one" in (target / "personal.html").read_bytes()
    assert faults(target) == []


def test_of_two_runs_at_once_with_the_same_outcome_one_counts(tmp_path: Path):
    with package.workspace(tmp_path) as one, package.workspace(tmp_path) as other:
        target = tmp_path / "2018-03/17"
        drafts = [make_draft(folder / "17", "one", version=1) for folder in (one, other)]
        done = [package.publish(draft, target, reports=tmp_path, workspace_folder=draft.parent) for draft in drafts]

    assert done == [True, False]
    assert list(versions.folders(target)) == [1]


def test_a_folder_that_cannot_be_written_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = publish(tmp_path, "one")
    before = tree(folder)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ledger.durable, "write", full)
    with package.workspace(tmp_path) as work, pytest.raises(OSError, match="No space left"):
        package.publish(
            make_draft(work / "17", "two", version=2, data="d2"), folder, reports=tmp_path, workspace_folder=work
        )

    assert tree(folder) == before


class Reader(threading.Thread):
    """Reads a package over and over as a web server or a person would, and remembers everything that did not fit."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder, self.stop = folder, threading.Event()
        self.seen: set[int] = set()
        self.wrong: list[str] = []

    def run(self) -> None:
        while not self.stop.is_set():
            self.through_the_version()
            self.through_one_folder()

    def through_the_version(self) -> None:
        """By paths: the version that the current manifest names is whole, and stays whole."""
        try:
            text = (self.folder / "manifest.json").read_text()
        except FileNotFoundError:
            self.wrong.append("no manifest")
            return
        record = json.loads(text)
        place = self.folder / f"v{record['version']}"
        self.seen.add(record["version"])
        if (place / "manifest.json").read_text() != text:
            self.wrong.append(f"{place.name}: another manifest")
        self.wrong += [
            f"{place.name}: {name}" for name, data in record["files"].items() if self.differs(place / name, data)
        ]

    def through_one_folder(self) -> None:
        """By an open folder: all of one version, until the old one is being removed."""
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            place = Path(f"/proc/self/fd/{handle}")
            record = json.loads((place / "manifest.json").read_text())
            self.wrong += [
                f"open: {name}" for name, data in record["files"].items() if self.differs(place / name, data)
            ]
        except FileNotFoundError:
            if not self.folder.exists():
                self.wrong.append("gone")
        finally:
            os.close(handle)

    @staticmethod
    def differs(file: Path, digest: str) -> bool:
        return hashlib.sha256(file.read_bytes()).hexdigest() != digest


def test_no_reader_ever_sees_a_half_package(tmp_path: Path):
    folder = publish(tmp_path, "0")
    reader = Reader(folder)
    reader.start()
    for number in range(1, 40):
        publish(tmp_path, str(number), data=f"d{number}")
    reader.stop.set()
    reader.join()

    assert reader.wrong == []
    assert len(reader.seen) > 1
    assert faults(folder) == []


def test_the_next_run_removes_what_a_dead_run_left_and_puts_a_package_aside_back(tmp_path: Path):
    folder = publish(tmp_path, "one")
    publish(tmp_path, "two", data="d2")
    before = tree(folder)
    dead = tmp_path / package.WORK / "123-dead"
    (dead / package.ASIDE / "2018-03").mkdir(parents=True)
    folder.rename(dead / package.ASIDE / "2018-03/17")
    make_draft(dead / "18", "half", version=1)
    (tmp_path / package.WORK / "123-dead.lock").touch()

    with package.workspace(tmp_path):
        assert tree(folder) == before
        assert not dead.exists()


def test_the_next_run_confirms_what_a_dead_run_had_put_in_its_place(tmp_path: Path):
    book = ledger.file_of(tmp_path, publish(tmp_path, "one"))
    publish(tmp_path, "other", unit="18")
    entry = ledger.read(book)[1]
    ledger.intend(book, 1, manifest=(tmp_path / "2018-03/17/manifest.json").read_bytes(), created=entry.created)
    ledger.intend(book, 2, manifest=b"never came to its place", created=entry.created)
    ledger.file_of(tmp_path, tmp_path / "2018-03/18").write_text("damaged")
    with package.workspace(tmp_path):
        assert not ledger.read(book)[1].published
    (tmp_path / ".work/99-dead").mkdir()
    (tmp_path / ".work/99-dead.lock").touch()
    with package.workspace(tmp_path):
        found = ledger.read(book)
    assert found[1] == entry
    assert entry.published
    assert not found[2].published


def test_what_a_dead_run_moved_aside_and_replaced_is_not_put_back(tmp_path: Path):
    folder = publish(tmp_path, "one")
    dead = tmp_path / package.WORK / "123-dead"
    shutil.copytree(folder, dead / package.ASIDE / "2018-03/17")
    shutil.copytree(folder / "v1", dead / package.ASIDE / "2018-03/17/v7")
    (tmp_path / package.WORK / "123-dead.lock").touch()
    before = tree(folder)

    with package.workspace(tmp_path):
        assert tree(folder) == before
        assert not dead.exists()


def test_a_living_run_keeps_its_drafts(tmp_path: Path):
    with package.workspace(tmp_path) as first:
        make_draft(first / "17", "x", version=1)
        with package.workspace(tmp_path) as second:
            assert second != first
        assert (first / "17/manifest.json").exists()


def test_a_folder_of_reports_that_cannot_be_written_is_said(tmp_path: Path):
    (tmp_path / "reports").write_text("a file")

    with pytest.raises(StorageError), package.workspace(tmp_path / "reports"):
        pass
