"""The cells left out of the calibration are exactly those that cannot stand beside the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.consistency import conflict
from analytics.reference import Reference
from analytics.sample.ledger_calibration import CONTRADICTED, calibrate, cells, system
from analytics.settings import load

ROOT = Path(__file__).parents[3]
PATHS = load(ROOT).paths
REFERENCE = Reference(PATHS.reference)


def test_all_numeric_cells_of_the_tables_are_in_the_system() -> None:
    labels = [cell.label for cell in cells(PATHS.published, REFERENCE)]
    assert len(labels) == 240 + 240 + 96 + 175 + 3
    assert set(labels) > CONTRADICTED


def test_without_the_contradicted_cells_everything_can_be_true() -> None:
    assert conflict(system(PATHS.published, REFERENCE)) == ()


@pytest.mark.parametrize("label", sorted(CONTRADICTED))
def test_each_contradicted_cell_alone_makes_it_impossible(label: str) -> None:
    found = conflict(system(PATHS.published, REFERENCE, leave_out=CONTRADICTED - {label}))
    assert label in found
    assert any(each.startswith("fr1_") for each in found) or label.startswith("drift_konto|6|")


def test_budget_amounts_are_twelve_equal_months() -> None:
    amounts = calibrate(PATHS.published, REFERENCE)
    assert set(amounts) == {"outcome", "previous", "rest", "forecast", "budget"}
    assert all(ore % 12 == 0 for ore in amounts["budget"].values())
