from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from small_project import make_project

from analytics.reports import vega
from analytics.settings import Settings


@pytest.fixture(scope="session")
def vega_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Vega bundle, made once for all tests."""
    folder = tmp_path_factory.mktemp("vega")
    vega.bundle(folder)
    return folder


@pytest.fixture
def project(tmp_path: Path, vega_cache: Path) -> Settings:
    settings = make_project(tmp_path / "projekt")
    shutil.copytree(vega_cache, settings.paths.reports / ".cache")
    return settings
