"""One JupyterLab with the demonstration region, for all tests that open notebooks in a browser (``opened_lab``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from network_off import Network
    from opened_lab import Analyst, Lab
    from region_project import Region


@pytest.fixture(scope="session")
def lab_region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    """A project with the loaded demonstration region and no packages. Tests may write only under ``notebooks/``."""
    from region_project import loaded_once

    return loaded_once(tmp_path_factory.getbasetemp(), "lab_region")


@pytest.fixture(scope="session")
def lab_network() -> Iterator[Network]:
    """The network of JupyterLab, its kernels and the browser: only loopback."""
    from network_off import network_off

    with network_off() as network:
        yield network


@pytest.fixture(scope="session")
def lab(lab_region: Region, lab_network: Network, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A started JupyterLab."""
    from opened_lab import started

    with started(lab_region, tmp_path_factory.mktemp("lab"), network=lab_network) as running:
        yield running


@pytest.fixture(scope="session")
def lab_downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the browser keeps what a page downloads, under names of its own."""
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def lab_browser(
    lab_network: Network, lab_downloads: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """A browser in that network; closed after the module, as a process can drive only one at a time (``chromium``)."""
    from started_chromium import chromium

    folder = tmp_path_factory.mktemp("browser")
    with chromium(lambda program: lab_network.executable(program, folder), lab_downloads) as opened:
        yield opened


@pytest.fixture
def analyst(lab_browser: Browser, lab: Lab) -> Iterator[Analyst]:
    """Opens notebooks; closes them after the test."""
    from opened_lab import Analyst

    opened = Analyst(lab_browser, lab)
    yield opened
    opened.close()
