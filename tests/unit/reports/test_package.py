from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from analytics.errors import StorageError
from analytics.reports import package


def draft(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True)
    for name in ("manifest.json", "personal.html"):
        (folder / name).write_text(text)
    return folder


def test_a_reader_sees_the_old_or_the_new_package_whole(tmp_path: Path):
    reports = tmp_path / "reports"
    target = reports / "2018-03/17"
    seen: set[tuple[str, str]] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            folder = os.open(target, os.O_RDONLY)
            try:
                texts = []
                for name in ("manifest.json", "personal.html"):
                    file = os.open(name, os.O_RDONLY, dir_fd=folder)
                    texts.append(os.read(file, 20).decode())
                    os.close(file)
                seen.add((texts[0], texts[1]))
            except FileNotFoundError:
                # The old package, opened before the exchange, is being removed; the name itself is always there.
                assert target.exists()
            finally:
                os.close(folder)

    with package.workspace(reports) as work:
        package.publish(draft(work / "0", "0"), target, reports=reports, workspace_folder=work)
        reader = threading.Thread(target=read)
        reader.start()
        for number in range(1, 60):
            package.publish(draft(work / str(number), str(number)), target, reports=reports, workspace_folder=work)
        stop.set()
        reader.join()

    assert seen
    assert all(first == second for first, second in seen)
    assert (target / "manifest.json").read_text() == "59"
    assert list((reports / package.WORK).iterdir()) == []


def test_without_exchange_the_old_package_is_moved_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(package, "_exchange", lambda *_: False)
    reports, target = tmp_path / "reports", tmp_path / "reports/2018-03/17"
    with package.workspace(reports) as work:
        for text in ("old", "new"):
            package.publish(draft(work / text, text), target, reports=reports, workspace_folder=work)

    assert (target / "manifest.json").read_text() == "new"


def test_the_next_run_removes_what_a_dead_run_left_and_puts_a_package_aside_back(tmp_path: Path):
    reports = tmp_path / "reports"
    dead = reports / package.WORK / "123-dead"
    draft(dead / package.ASIDE / "2018-03/17", "old")
    draft(dead / "18", "half")
    (reports / package.WORK / "123-dead.lock").touch()

    with package.workspace(reports):
        assert (reports / "2018-03/17/manifest.json").read_text() == "old"
        assert not dead.exists()


def test_a_living_run_keeps_its_drafts(tmp_path: Path):
    with package.workspace(tmp_path) as first:
        draft(first / "17", "x")
        with package.workspace(tmp_path) as second:
            assert second != first
        assert (first / "17/manifest.json").exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path):
    (tmp_path / "reports").write_text("a file")

    with pytest.raises(StorageError), package.workspace(tmp_path / "reports"):
        pass
