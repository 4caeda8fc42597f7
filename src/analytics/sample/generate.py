"""Generate the demonstration region into the raw folder: deterministic, marked synthetic, never over real extracts."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analytics.errors import Location, StorageError, UsageError
from analytics.organisation import Organisation
from analytics.progress import Progress
from analytics.reference import Reference
from analytics.sample.files import NOTICE_NAME, SYNTHETIC_MARK, TEMPORARY_SUFFIX, is_synthetic
from analytics.settings import Settings

SUPPLIERS = ("heroma", "raindance", "inhyrd", "halsoval", "stratsys", "kolada", "kpp")
"""Folders of the raw folder that hold deliveries."""
DEFAULT_SEED = 20180331
_NOTICE = f"""{SYNTHETIC_MARK}

Filerna i leverantörernas mappar ({{folders}}) är framställda av programmet, inte levererade ur något källsystem.
Inga personer eller verifikationer i dem finns på riktigt. Förvaltning 17 är avstämd så att de publicerade
tabellerna i published/ kommer ut; övriga förvaltningar är påhittade.

Frö: {{seed}}
Skala: {{scale}}
"""


@dataclass(frozen=True, slots=True)
class SampleReport:
    """What was generated."""

    folder: Path
    files: int
    size: int
    scale: int
    seed: int

    def as_record(self) -> dict[str, object]:
        """The report as data, for ``--json``."""
        return {
            "generated": True,
            "folder": str(self.folder),
            "files": self.files,
            "bytes": self.size,
            "scale": self.scale,
            "seed": self.seed,
        }

    def __str__(self) -> str:
        return (
            f"Demonstration region generated: {self.files} files, {self.size / 1e6:.0f} MB in {self.folder} "
            f"(scale {self.scale}, seed {self.seed}). All of it is marked as synthetic."
        )


def deliveries(settings: Settings) -> list[Path]:
    """Every file in the supplier folders of the raw folder, in order."""
    found: list[Path] = []
    for supplier in SUPPLIERS:
        folder = settings.paths.raw / supplier
        if folder.is_dir():
            found += sorted(file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("."))
    return found


def holds_deliveries(settings: Settings) -> bool:
    """Whether the raw folder already holds a real delivery or a complete demonstration region.

    The notice is written last, so files without it that are all synthetic are what an interrupted generation left.
    """
    files = deliveries(settings)
    if (settings.paths.raw / NOTICE_NAME).is_file():
        return bool(files)
    return any(_is_real(file) for file in files)


def generate(
    settings: Settings, *, scale: int = 1, seed: int = DEFAULT_SEED, progress: Progress | None = None
) -> SampleReport:
    """Write ledger, staff, time, absence, agency, care unit and care contact extracts into ``settings.paths.raw``.

    The same seed and scale give the same bytes. Files of an earlier generation are replaced.

    Args:
        settings: Where raw, reference and published files are.
        scale: 50 makes 50 times the staff and postings; memory stays bounded.
        seed: Another seed gives another region with the same calibrated figures.
        progress: One step per file.

    Raises:
        UsageError: The scale is below 1.
        StorageError: The raw folder holds a delivery without the synthetic mark; nothing is touched.
    """
    if scale < 1:
        raise UsageError(f"scale {scale} is below 1", action="Give 1 for the region as it is, 50 for 50 times as much.")
    _refuse_real_extracts(settings)
    bar = progress or Progress()
    raw = settings.paths.raw
    raw.mkdir(parents=True, exist_ok=True)
    notice = raw / NOTICE_NAME
    notice.unlink(missing_ok=True)
    for old in deliveries(settings):
        old.unlink()
    reference = Reference(settings.paths.reference)
    organisation = Organisation.read(settings.paths.reference)
    for write in _writers():
        write(
            raw,
            settings=settings,
            reference=reference,
            organisation=organisation,
            scale=scale,
            seed=seed,
            progress=bar,
        )
    notice.write_text(_NOTICE.format(seed=seed, scale=scale, folders=", ".join(SUPPLIERS)), encoding="utf-8")
    files = deliveries(settings)
    return SampleReport(raw, len(files), sum(file.stat().st_size for file in files), scale, seed)


def _writers() -> list[Callable[..., None]]:
    names = (
        ("ledger", "write_ledger"),
        ("staff", "write_staff"),
        ("agency", "write_agency"),
        ("care_units", "write_care_units"),
        ("indicators", "write_indicators"),
        ("patient_costs", "write_patient_costs"),
    )
    return [getattr(importlib.import_module(f"analytics.sample.{module}"), name) for module, name in names]


def _refuse_real_extracts(settings: Settings) -> None:
    for file in deliveries(settings):
        if _is_real(file):
            raise StorageError(
                "the raw folder holds an extract that is not marked as synthetic; generating would overwrite it",
                where=Location(file),
                action="Move the real extracts away first, or generate in another folder; nothing has been changed.",
            )


def _is_real(file: Path) -> bool:
    return not file.name.endswith(TEMPORARY_SUFFIX) and not is_synthetic(file)
