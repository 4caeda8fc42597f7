"""The catalog of the processed data: which deliveries are in, and which of them the report of a month is made from.

Light on purpose: what is due is worked out from the catalog alone, without the libraries that read the data.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from analytics.errors import StorageError
from analytics.periods import Period
from analytics.schemas import TABLES

CATALOG: Final = "catalog.json"
CATALOG_SCHEMA: Final = 1
LAGGING: Final = frozenset({"employments", "time", "absence", "agency"})
"""Tables whose months are complete later than the month of the report ([staff] lag_months)."""


@dataclass(frozen=True, slots=True)
class Source:
    """The snapshot that a partition was read from."""

    layout: str
    supplier: str
    version: int
    sha256: str
    received: str
    file: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One partition: one delivery in one table. ``key`` is a hash of all it depends on."""

    table: str
    delivery: str
    file: str
    rows: int
    key: str
    snapshot: Source
    reader_version: int
    reference: str
    taken: tuple[str, ...]
    validation: str


@dataclass(frozen=True, slots=True)
class Catalog:
    """What is in. ``version`` is a short hash of it; ``previous_files`` still serve readers of the catalog before."""

    entries: tuple[Entry, ...] = ()
    previous_files: tuple[str, ...] = ()
    across: str = ""

    @property
    def version(self) -> str:
        """Changes exactly when the data do: not with the time at which they were loaded."""
        keys = sorted((entry.table, entry.snapshot.layout, entry.delivery, entry.key) for entry in self.entries)
        return hashlib.sha256(json.dumps(keys).encode()).hexdigest()[:12]

    @property
    def files(self) -> set[str]:
        """Every file that the catalog needs."""
        named = {entry.file for entry in self.entries} | {entry.validation for entry in self.entries} | {self.across}
        return named - {""}

    def of_table(self, table: str) -> list[Entry]:
        """The partitions of one table, by delivery."""
        return [entry for entry in self.entries if entry.table == table]

    def until(self, period: Period, *, staff_lag: int) -> Catalog:
        """Only what the report of a month is made from: what was known when the books of the month were closed.

        That is the deliveries of the month and earlier; of staff (:data:`LAGGING`) those of ``staff_lag`` months
        earlier, since time and absence of the month itself come after its report. So the next delivery does not change
        a report that is made, and a corrected delivery of a month that the report is about does (decision 019).
        """
        last, last_of_staff = str(period), str(period.plus(-staff_lag))
        return replace(
            self,
            entries=tuple(
                entry for entry in self.entries if entry.delivery <= (last_of_staff if entry.table in LAGGING else last)
            ),
        )

    def find(self, layout: str, delivery: str) -> Entry | None:
        """The partition that a delivery of a layout gave, or None."""
        for entry in self.entries:
            if entry.snapshot.layout == layout and entry.delivery == delivery:
                return entry
        return None


def read(folder: Path) -> Catalog:
    """What is in the folder of processed data; empty before the first load.

    Raises StorageError if the catalog is damaged or cannot be read.
    """
    file = folder / CATALOG
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        entries = tuple(_entry(entry) for entry in record["entries"])
        catalog = Catalog(entries, tuple(record["previous_files"]), record["across"])
        # A catalog that someone has edited could leave a table out of every figure without a word.
        sound = catalog.version == record["version"] and all(_is_sound(entry) for entry in entries)
    except FileNotFoundError:
        return Catalog()
    except OSError as error:
        raise StorageError(
            f"{file} cannot be read: {error.strerror}",
            action=f"Check that {CATALOG} is a file and that this account may read it.",
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise StorageError(
            f"{file} is damaged", action="Remove it and run analytics load; everything is made again."
        ) from None
    if not sound:
        raise StorageError(
            f"{file} has been changed by hand",
            action="Remove it and run analytics load; everything is made again.",
        )
    return catalog


def content_of(catalog: Catalog) -> bytes:
    """The catalog as the bytes of its file."""
    record = {
        "schema": CATALOG_SCHEMA,
        "version": catalog.version,
        "across": catalog.across,
        "entries": [asdict(entry) for entry in catalog.entries],
        "previous_files": sorted(catalog.previous_files),
    }
    return json.dumps(record, ensure_ascii=False, indent=1).encode()


def _is_sound(entry: Entry) -> bool:
    folder, _, name = entry.file.partition("/")
    return folder == entry.table and entry.table in TABLES and Path(name).name == name


def _entry(record: dict[str, Any]) -> Entry:
    return Entry(**{**record, "snapshot": Source(**record["snapshot"]), "taken": tuple(record["taken"])})
