"""A workbench on a few made months (``tests/unit/made_store.py``), for tests that need data and no whole region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from analytics.workbench import Workbench


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a project with the made months of unit 17; what a test writes there stays within its module."""
    from made_store import fill, new_project

    made = new_project(tmp_path_factory.mktemp("region") / "project")
    fill(made)
    return made


@pytest.fixture
def wb(root: Path) -> Workbench:
    """Unit 17 in March 2018."""
    import analytics

    return analytics.open(period="2018-03", unit="17", root=root)
