"""One made region's folder for all tests of what is planted."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.planted.world import World, make_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    root: Path = tmp_path_factory.mktemp("planted")
    return make_world(root)
