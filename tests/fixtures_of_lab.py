"""One JupyterLab with the demonstration region, for all tests that open notebooks in a browser (``opened_lab``)."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from opened_lab import Analyst, Lab
    from region_project import Region


@pytest.fixture(scope="session")
def lab_region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    """A project with the loaded demonstration region and no packages. Tests may write only under ``notebooks/``."""
    from region_project import Region, new_project

    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    made = Region(shared / "lab_region", shared / "lab_region.key")
    with (shared / "lab_region.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "lab_region.done").exists():
            shutil.rmtree(made.root, ignore_errors=True)
            new_project(made.root)
            made.analytics("sample")
            made.analytics("load")
            (shared / "lab_region.done").touch()
    return made


@pytest.fixture(scope="session")
def lab(lab_region: Region, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A started JupyterLab."""
    from opened_lab import started

    with started(lab_region, tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture(scope="session")
def lab_browser() -> Iterator[Browser]:
    from started_chromium import chromium

    with chromium() as opened:
        yield opened


@pytest.fixture
def analyst(lab_browser: Browser, lab: Lab) -> Iterator[Analyst]:
    """Opens notebooks; closes them after the test."""
    from opened_lab import Analyst

    opened = Analyst(lab_browser, lab)
    yield opened
    opened.close()
