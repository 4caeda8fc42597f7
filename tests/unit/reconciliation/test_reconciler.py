"""What reconcile refuses, before anything is compared."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from analytics import settings as configuration
from analytics.errors import LayoutError, MissingDataError, UsageError
from analytics.periods import Period
from analytics.reconciliation import reconcile
from analytics.settings import Settings

ROOT = Path(__file__).parents[3]
PUBLISHED = ROOT / "data" / "raw" / "published"
MARCH = Period(2018, 3)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    real = configuration.load(ROOT)
    return dataclasses.replace(real, paths=dataclasses.replace(real.paths, processed=tmp_path / "processed"))


def test_a_month_without_published_tables_is_refused(settings: Settings) -> None:
    with pytest.raises(MissingDataError, match="2017-09"):
        reconcile(settings, period=Period(2017, 9), unit="17", published=PUBLISHED, audience="public")


def test_an_unknown_unit_is_refused(settings: Settings) -> None:
    with pytest.raises(UsageError):
        reconcile(settings, period=MARCH, unit="99", published=PUBLISHED, audience="public")


def test_an_empty_store_is_refused(settings: Settings) -> None:
    with pytest.raises(MissingDataError):
        reconcile(settings, period=MARCH, unit="17", published=PUBLISHED, audience="public")


def test_a_missing_folder_is_refused(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a folder"):
        reconcile(settings, period=MARCH, unit="17", published=tmp_path / "nowhere", audience="public")


def test_a_file_without_its_columns_is_refused(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "kvartal_2018_03_ipdk.csv").write_text("konto,belopp\n3,1\n", encoding="utf-8")
    with pytest.raises(LayoutError, match="account_code"):
        reconcile(settings, period=MARCH, unit="17", published=tmp_path, audience="public")
