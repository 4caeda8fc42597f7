from __future__ import annotations

import pytest
from made_maker import MadeMaker
from made_project import MadeProject, deliveries

from analytics.schedule.loading import Intake
from analytics.schedule.outcomes import Step


@pytest.fixture
def made(tmp_path) -> MadeProject:
    """A project with all deliveries of March."""
    made = MadeProject(tmp_path / "project")
    made.hold(deliveries("2018-03"))
    return made


@pytest.fixture
def maker(made) -> MadeMaker:
    return MadeMaker(made)


@pytest.fixture
def without_load(monkeypatch) -> None:
    """The catalog is what the test says: loading is tested elsewhere."""
    monkeypatch.setattr(Intake, "load", lambda _: Step("load", "nothing"))
