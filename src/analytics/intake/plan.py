"""Registers what lies in the inbox and works out which deliveries have to be read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from analytics import pseudonyms, snapshots
from analytics.errors import DeliveryError
from analytics.intake.discovery import Found
from analytics.processed import Catalog, Entry, schema_of
from analytics.schemas import TABLES
from analytics.snapshots import Snapshot
from analytics.sources import LAYOUTS, Layout


@dataclass(frozen=True, slots=True)
class Work:
    """One delivery that counts: its snapshot, and the hash of all that its partition depends on."""

    snapshot: Snapshot
    layout: Layout
    key: str

    @property
    def name(self) -> str:
        """Name of the partition file within the folder of processed data."""
        return f"{self.layout.table}/{self.snapshot.period}-{self.key[:16]}.parquet"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be read, and the entries that stand as they are, with their snapshots."""

    changed: tuple[Work, ...]
    unchanged: tuple[Entry, ...]
    standing: tuple[Snapshot, ...]


def register_all(
    found: Found, *, store: Path, now: datetime
) -> tuple[dict[tuple[str, str], Snapshot], list[DeliveryError]]:
    """Register every file that was found, oldest version first; the last one of each delivery counts."""
    active: dict[tuple[str, str], Snapshot] = {}
    errors: list[DeliveryError] = []
    for item in found.files:
        period = str(item.period)
        try:
            active[item.layout.name, period] = snapshots.register(
                item.file, layout=item.layout.name, supplier=item.layout.supplier, period=period, store=store, now=now
            )
        except DeliveryError as error:
            errors.append(error)
    return active, errors


def make(  # noqa: PLR0913
    active: dict[tuple[str, str], Snapshot],
    *,
    catalog: Catalog,
    store: Path,
    processed: Path,
    reference: str,
    secret: bytes,
    only: Collection[str] | None,
) -> Plan:
    """Compare what counts with what the catalog has.

    A delivery that is no longer in the inbox counts with the version that was taken: snapshots are the memory.
    """
    wanted = dict(active)
    for known, period in snapshots.deliveries(store):
        if (known, period) not in wanted and known in LAYOUTS:
            remembered = _remembered(known, period, catalog, store)
            if remembered is not None:
                wanted[known, period] = remembered
    changed, unchanged, standing = [], [], []
    for (name, period), snapshot in sorted(wanted.items(), key=lambda pair: _order(*pair[0])):
        layout = LAYOUTS[name]
        work = Work(snapshot, layout, _key(snapshot, layout, reference, secret))
        entry = catalog.find(name, period)
        stands = entry is not None and entry.key == work.key and (processed / entry.file).is_file()
        if entry is not None and (stands or (only is not None and name not in only)):
            unchanged.append(entry)
            if stands:
                standing.append(snapshot)
        elif only is None or name in only:
            changed.append(work)
    return Plan(tuple(changed), tuple(unchanged), tuple(standing))


def _order(layout: str, period: str) -> tuple[int, str, str]:
    return list(TABLES).index(LAYOUTS[layout].table), period, layout


def _remembered(layout: str, period: str, catalog: Catalog, store: Path) -> Snapshot | None:
    entry = catalog.find(layout, period)
    if entry is None:
        return snapshots.newest_taken(store, layout, period)
    same = [one for one in snapshots.versions(store, layout, period) if one.sha256 == entry.snapshot.sha256]
    return same[0] if same else None


def _key(snapshot: Snapshot, layout: Layout, reference: str, secret: bytes) -> str:
    personal = bool(TABLES[layout.table].personal_columns)
    parts = [
        snapshot.sha256,
        layout.name,
        snapshot.period,
        str(layout.reader_version),
        reference,
        pseudonyms.fingerprint(secret) if personal else "",
        *(f"{name} {kind}" for name, kind in schema_of(layout.table).items()),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
