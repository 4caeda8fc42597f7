"""A project with eight months of small deliveries and two notebooks that are quick to run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import polars as pl
from small_project import MAKE_TABLE, notebook, outcome

from analytics import settings as settings_module
from analytics.processed import Catalog, Entry, Source, Store, schema_of
from analytics.settings import Settings
from analytics.validation.results import ValidationResult

PROJECT = Path(__file__).parents[4]
MONTHS = tuple(f"2018-{month:02d}" for month in range(1, 9))
UNITS = ("10", "17", "18", "20", "30")


def write_months(folder: Path) -> None:
    """One small delivery of the ledger for each month, with its validation."""
    store = Store(folder)
    entries = []
    with store.locked():
        for month in MONTHS:
            key = f"k{month}"
            source = Source(
                "raindance_saldo", "raindance", 1, "ab" * 32, "2018-04-02T10:00:00+00:00", f"saldo_{month}.txt"
            )
            result = ValidationResult("ledger", (outcome(passed=True),))
            entry = Entry(
                "ledger", month, f"ledger/{month}.parquet", 0, key, source, 1, "", (), f"validation/{key}.json"
            )
            store.stage(entry.file, pl.DataFrame(schema=schema_of("ledger")))
            store.stage_bytes(entry.validation, json.dumps(result.to_record()).encode())
            entries.append(entry)
        store.commit(Catalog(tuple(entries)), [file for each in entries for file in (each.file, each.validation)])


def make_many(root: Path, vega_cache: Path) -> Settings:
    root.mkdir(parents=True)
    shutil.copy(PROJECT / "analytics.toml", root)
    shutil.copytree(PROJECT / "data/raw/reference", root / "data/raw/reference")
    settings = settings_module.load(root)
    write_months(settings.paths.processed)
    settings.paths.notebooks.mkdir()
    for name, table in (("personal", "worked_fte"), ("ekonomi", "overtime_fte")):
        made = notebook(MAKE_TABLE.replace("@ID@", table), heading=name.capitalize())
        for number, cell in enumerate(made.cells):
            cell.id = f"{name}-{number}"  # as in any file that two machines share
        nbformat.write(made, settings.paths.notebooks / f"{name}.ipynb")
    shutil.copytree(vega_cache, settings.paths.reports / ".cache")
    return settings
