from __future__ import annotations

from pathlib import Path

import pytest
from many_project import make_many

from analytics.settings import Settings


@pytest.fixture
def many(tmp_path: Path, vega_cache: Path) -> Settings:
    return make_many(tmp_path / "many" / "project", vega_cache)
