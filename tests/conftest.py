"""What all tests share: the demonstration region, taken from raw extracts to packages once per test run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from region_project import Region, loaded_once, new_project

# No test depends on how fast the machine is.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

pytest_plugins = ("fixtures_of_lab", "fixtures_of_made")
PERIOD = "2018-03"


@pytest.fixture(scope="session")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    """The demonstration region with all packages of March 2018. Tests read it and never change it."""
    base = tmp_path_factory.getbasetemp()
    return loaded_once(base, "region", lambda made: made.analytics("run", PERIOD))


@pytest.fixture(scope="module")
def own_region(region: Region, tmp_path_factory: pytest.TempPathFactory) -> Region:
    """A project of the module's own with the loaded demonstration region and no package; its notebooks may be changed."""
    made = new_project(tmp_path_factory.mktemp("own") / "region")
    shutil.copytree(region.root / "data/processed", made.root / "data/processed", copy_function=os.link)
    return made


@pytest.fixture
def unloaded_region(region: Region, tmp_path: Path) -> Region:
    """A project of the test's own with the deliveries of the demonstration region, of which none is loaded."""
    made = new_project(tmp_path / "region")
    for supplier in (region.root / "data/raw").iterdir():
        if supplier.is_dir() and not supplier.name.startswith(".") and supplier.name not in ("reference", "published"):
            shutil.copytree(supplier, made.root / "data/raw" / supplier.name, copy_function=os.link)
    shutil.copy(region.secret_file, made.secret_file)
    return made
