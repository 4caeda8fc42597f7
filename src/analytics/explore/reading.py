"""The processed tables behind a workbench, as the measures see them."""

from __future__ import annotations

from pathlib import Path

from analytics.measures.scope import Data
from analytics.workbench import Workbench


def data_of(wb: Workbench) -> Data:
    """The tables of the deliveries that count in the month of the workbench."""
    return wb._data  # noqa: SLF001 - the door shows tables to notebooks, not to the layer above it


def cache_of(wb: Workbench) -> Path:
    """Where scripts for the browser are kept."""
    return wb.scope.settings.paths.reports / ".cache"
