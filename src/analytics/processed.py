"""The processed tables: typed Parquet partitions and the one catalog that says which of them count.

A reader opens only what ``catalog.json`` lists. It is replaced by one rename, so a load is seen whole or not at all;
what a killed load left lying is unlisted and removed by the next one.
"""

from __future__ import annotations

import fcntl
import io
import json
import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from analytics import catalog as catalogs
from analytics import durable
from analytics.catalog import CATALOG, Catalog, Entry, Source, content_of
from analytics.errors import MissingDataError, StorageError
from analytics.schemas import TABLES

__all__ = ["CATALOG", "Catalog", "Entry", "Source", "Store", "remove_others", "scan_files", "schema_of"]
_STAGING = ".staging"
_VALIDATION = "validation"
_TYPES: dict[str, pl.DataType] = {
    "text": pl.String(),
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "date": pl.Date(),
    "flag": pl.Boolean(),
}


def schema_of(table: str) -> dict[str, pl.DataType]:
    """The declared columns of a processed table with their polars types."""
    return {column.name: _TYPES[column.type] for column in TABLES[table].columns}


class Store:
    """The folder of processed data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def catalog(self) -> Catalog:
        """What is in; empty before the first load. Raises StorageError if the catalog is damaged."""
        return catalogs.read(self.folder)

    def scan(self, table: str, *, catalog: Catalog | None = None) -> pl.LazyFrame:
        """The declared columns of a table as a lazy frame; with no rows if nothing is in.

        Raises MissingDataError if a listed file is gone.
        """
        files = [self.folder / entry.file for entry in (catalog or self.catalog()).of_table(table)]
        return scan_files(table, files)

    def validation_record(self, name: str) -> dict[str, Any]:
        """A stored validation result, by the name the catalog gives it."""
        file = self.folder / name
        try:
            record: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise MissingDataError(f"{file} cannot be read", action="Run analytics load again.") from None
        return record

    @contextmanager
    def intact(self) -> Iterator[None]:
        """Say which partition is damaged when reading one fails. Raises StorageError."""
        try:
            yield
        except pl.exceptions.PolarsError as error:
            damaged = [entry.file for entry in self.catalog().entries if not _is_readable(self.folder / entry.file)]
            if not damaged:
                raise
            raise StorageError(
                f"{self.folder / damaged[0]} is damaged ({len(damaged)} of its kind)",
                action=f"Remove {CATALOG} and run analytics load; everything is made again from the snapshots.",
            ) from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One load at a time. Raises StorageError if another one runs or the folder cannot be made."""
        with _storage_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            try:
                # The lock is on the folder itself, so that no file comes and goes with it.
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StorageError(
                    f"another load is running on {self.folder}", action="Wait until it is done, then load again."
                ) from None
            yield
        finally:
            os.close(descriptor)

    def stage(self, name: str, frame: pl.DataFrame) -> Path:
        """Write a partition where no reader looks. Raises StorageError (disk full, no permission)."""
        buffer = io.BytesIO()
        frame.write_parquet(buffer, compression="zstd", compression_level=3)
        # A copy, for a view that an error leaves in a traceback crashes the interpreter when both are collected.
        return self.stage_bytes(name, buffer.getvalue())

    def stage_bytes(self, name: str, content: bytes) -> Path:
        """Write any file where no reader looks."""
        file = self.folder / _STAGING / name
        with _storage_errors(file):
            file.parent.mkdir(parents=True, exist_ok=True)
            durable.write(file, content)
        return file

    def staged(self, name: str) -> Path:
        """Where a staged file lies."""
        return self.folder / _STAGING / name

    def commit(self, catalog: Catalog, names: Sequence[str]) -> None:
        """Put the staged files in place and the new catalog in force, by one rename; then remove what nobody needs.

        Raises StorageError; then the old catalog is still in force and the staged files are gone.
        """
        draft = self.stage_bytes(CATALOG, content_of(catalog))
        placed: list[Path] = []
        try:
            with _storage_errors(self.folder / CATALOG):
                for name in names:
                    target = self.folder / name
                    target.parent.mkdir(exist_ok=True)
                    if not target.exists():
                        placed.append(target)
                    self.staged(name).rename(target)
                for folder in {(self.folder / name).parent for name in names}:
                    durable.sync_folder(folder)
                draft.replace(self.folder / CATALOG)
        except StorageError:
            for target in placed:
                target.unlink(missing_ok=True)
            raise
        with _storage_errors(self.folder / CATALOG):
            durable.sync_folder(self.folder)

    def sweep(self) -> None:
        """Remove staged files and all that neither the catalog nor its predecessor lists.

        Only the holder of the lock may call this. A file that cannot be removed does no harm and stays.
        """
        catalog = self.catalog()
        keep = catalog.files | set(catalog.previous_files)
        shutil.rmtree(self.folder / _STAGING, ignore_errors=True)
        if not catalog.entries:
            # A lost catalog: what it listed stays until a load has made everything again.
            return
        for folder in (*TABLES, _VALIDATION):
            remove_others(self.folder, folder, keep)


def remove_others(root: Path, folder: str, keep: Collection[str]) -> None:
    """Remove the files of one folder that are not to be kept, and the folder if nothing is left."""
    place = root / folder
    if not place.is_dir():
        return
    for file in place.iterdir():
        if f"{folder}/{file.name}" not in keep:
            file.unlink(missing_ok=True)
    if not any(place.iterdir()):
        place.rmdir()


def scan_files(table: str, files: Sequence[Path]) -> pl.LazyFrame:
    """Partitions as one lazy frame in the declared columns. Raises MissingDataError if one is gone."""
    schema = schema_of(table)
    if not files:
        return pl.LazyFrame(schema=schema)
    for file in files:
        if not file.is_file():
            raise MissingDataError(
                f"{file} is listed in the catalog but gone",
                action=f"Remove {CATALOG} and run analytics load; everything is made again from the snapshots.",
            )
    return pl.scan_parquet(list(files), schema=schema, glob=False)


def damaged() -> StorageError:
    """The error for a file of the processed tables that is no whole Parquet file any more, or is gone."""
    return StorageError(
        "a file of the processed tables is damaged or gone",
        action=f"Remove {CATALOG} and run analytics load; everything is made again from the snapshots.",
        passing=False,
        swedish="En fil med bearbetade uppgifter är skadad eller borta. Ta bort catalog.json i data/processed och kör "
        "analytics load; allt görs om från leveranserna.",
    )


def _is_readable(file: Path) -> bool:
    try:
        pl.read_parquet(file, glob=False)
    except (pl.exceptions.PolarsError, OSError):
        return False
    return True


@contextmanager
def _storage_errors(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"{place} cannot be written: {error.strerror or error}",
            action="Check free space and permissions, then load again; what was there is still in force.",
        ) from None
