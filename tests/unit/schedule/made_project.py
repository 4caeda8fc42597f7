"""A project whose catalog and packages are written by hand: what a look at it reads, without any data."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from analytics import catalog, settings
from analytics.catalog import Catalog, Entry, Source
from analytics.periods import Period, PeriodRange
from analytics.schedule.looking import Project
from analytics.settings import Settings
from analytics.sources import LAYOUTS

PROJECT = Path(__file__).parents[3]
Delivery = tuple[str, str]
REPORT = {
    "name": "ekonomi",
    "title": "Ekonomi",
    "status": "ok",
    "seconds": 1.0,
    "cpu_seconds": 1.0,
    "parameters": {},
    "tables": [],
}
MONTHLY = ("raindance_saldo", "heroma_anstallning", "heroma_tid", "heroma_franvaro", "inhyrd", "halsoval")


def deliveries(until: str) -> set[Delivery]:
    """All that reports need up to a month's report: the ledger of the month, staff one month less."""
    last = Period.parse(until)
    found = {
        (layout, str(month))
        for layout in MONTHLY
        for month in PeriodRange(Period(2017, 1), last)
        if month < last or layout in ("raindance_saldo", "halsoval")
    }
    found |= {("raindance_budget", f"{year}-01") for year in (2017, 2018)}
    found |= {("raindance_prognos", f"2018-{month}") for month in ("03", "05", "08")}
    return found | {("stratsys_indikatorer", f"2018-{month}") for month in ("03", "08", "12")}


@dataclass
class MadeProject:
    root: Path

    def __post_init__(self) -> None:
        if not self.root.exists():
            self.root.mkdir(parents=True)
            shutil.copy(PROJECT / "analytics.toml", self.root)
            for folder in ("data/raw/reference", "notebooks"):
                shutil.copytree(PROJECT / folder, self.root / folder)

    @property
    def settings(self) -> Settings:
        return settings.load(self.root)

    @property
    def project(self) -> Project:
        return Project(self.settings, "0.1.0")

    def hold(self, found: Iterable[Delivery], *, corrected: Delivery | None = None) -> None:
        """Let exactly these deliveries be in force, one of them with other content than it usually has."""
        entries = [
            Entry(
                LAYOUTS[layout].table,
                month,
                f"{LAYOUTS[layout].table}/{layout}-{month}.parquet",
                1,
                f"{layout}-{month}{' corrected' if (layout, month) == corrected else ''}",
                Source(layout, LAYOUTS[layout].supplier, 1, "0" * 64, "2018-04-02T10:00:00+00:00", f"{layout}.csv"),
                1,
                "",
                (),
                "",
            )
            for layout, month in sorted(found)
        ]
        processed = self.settings.paths.processed
        processed.mkdir(parents=True, exist_ok=True)
        (processed / "catalog.json").write_bytes(catalog.content_of(Catalog(tuple(entries))))

    def publish(self, period: str, unit: str, input_version: str, **changes: object) -> None:
        """A manifest as a package has it."""
        folder = self.settings.paths.reports / period / unit
        folder.mkdir(parents=True, exist_ok=True)
        record = {
            "schema_version": 1,
            "period": period,
            "unit": unit,
            "unit_label": f"Förvaltning {unit}",
            "audience": "public",
            "audience_label": "Offentlig",
            "synthetic": True,
            "created": "2018-04-16T06:03:00+00:00",
            "code_version": "0.1.0",
            "version": 1,
            "status": "ok",
            "reports": [REPORT],
            "inputs": {"version": input_version, "deliveries": []},
            "validation": {},
            "files": {},
            **changes,
        }
        (folder / "manifest.json").write_text(json.dumps(record))

    def snapshot(self, layout: str, month: str, *statuses: str) -> None:
        """Versions of one delivery, registered with these statuses."""
        for number, status in enumerate(statuses, start=1):
            folder = self.settings.paths.raw / ".snapshots" / layout / month / f"v{number:03d}"
            folder.mkdir(parents=True)
            record = {
                "layout": layout,
                "supplier": LAYOUTS[layout].supplier,
                "period": month,
                "version": number,
                "sha256": "0" * 64,
                "received": "2018-04-02T10:00:00+00:00",
                "size": 1,
                "file": "x.csv",
                "status": status,
            }
            (folder / "delivery.json").write_text(json.dumps(record))
