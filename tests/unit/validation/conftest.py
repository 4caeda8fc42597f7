"""A validator over the repository's own suites and reference tables, and one good frame per table."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics import settings as settings_module
from analytics.organisation import Organisation
from analytics.reference import Reference
from analytics.settings import Settings
from analytics.validation import Validator

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def settings() -> Settings:
    return settings_module.load(ROOT)


@pytest.fixture(scope="session")
def reference(settings: Settings) -> Reference:
    return Reference(settings.paths.reference)


@pytest.fixture(scope="session")
def organisation(settings: Settings) -> Organisation:
    return Organisation.read(settings.paths.reference)


@pytest.fixture(scope="session")
def validator(settings: Settings, reference: Reference, organisation: Organisation) -> Validator:
    return Validator(settings, reference, organisation)
