"""Fetching the key figures of the settings into the inbox, as one delivery that is never written over."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from pathlib import Path
from typing import Any

from analytics import durable
from analytics.errors import ServiceError, StorageError, UsageError
from analytics.kolada.client import Client, Clock
from analytics.kolada.snapshot import ATTRIBUTION, FOLDER, NAME, Named, Snapshot
from analytics.periods import Period
from analytics.progress import Progress
from analytics.settings import Kolada, Settings

_ANSWER_SECONDS = 30.0
_IDS_AT_ONCE = 25
"""Version 3 takes no more ids in one question."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull did. ``file`` is the new delivery, or the newest one if nothing has changed since."""

    file: Path
    written: bool
    kpis: int
    records: int

    def as_record(self) -> dict[str, object]:
        """The report as data, for ``--json``."""
        return {
            "file": str(self.file),
            "written": self.written,
            "kpis": self.kpis,
            "records": self.records,
            "attribution": ATTRIBUTION,
        }

    def __str__(self) -> str:
        said = "written; analytics load takes it in" if self.written else "holds the same already; nothing written"
        return f"{self.kpis} key figures, {self.records} records. {self.file.name}: {said}. {ATTRIBUTION}."


def pull(
    settings: Settings,
    *,
    now: datetime,
    progress: Progress | None = None,
    clock: Clock | None = None,
    answer_seconds: float = _ANSWER_SECONDS,
) -> Pulled:
    """Fetch the key figures of ``[kolada]`` and write ``kolada/kolada_ÅÅÅÅMM[_vN].json`` in the inbox.

    Args:
        settings: address, version, key figures and municipalities.
        now: decides the month of the delivery.
        progress: one step per key figure.
        clock: how to wait between attempts.
        answer_seconds: how long the server may be silent.

    Raises:
        UsageError: fetching is not enabled, or names nothing to fetch.
        ServiceError: no usable answer, or an id that Kolada does not know; nothing is written.
        StorageError: the delivery cannot be written.
    """
    chosen = settings.kolada
    if not chosen.enabled:
        raise UsageError(
            "fetching from Kolada is not enabled",
            action="Set enabled = true in the section [kolada] of analytics.toml; it then goes to the internet.",
        )
    if not chosen.kpis or not chosen.municipalities:
        raise UsageError(
            "no key figures or no municipalities to fetch",
            action="Name them in the section [kolada] of analytics.toml.",
        )
    client = Client(
        chosen.base_url,
        chosen.version,
        attempts=chosen.attempts,
        answer_seconds=answer_seconds,
        time_limit=chosen.time_limit_seconds,
        clock=clock or Clock(),
    )
    snapshot = _fetched(client, chosen, now, progress or Progress())
    file, written = _write(settings.paths.raw / FOLDER, Period.of(now.date()), snapshot)
    return Pulled(file, written, len(snapshot.kpis), len(snapshot.values))


def _fetched(client: Client, chosen: Kolada, now: datetime, progress: Progress) -> Snapshot:
    titles = {str(each.get("id")): str(each.get("title", "")) for each in client.records("municipality")}
    unknown = [each for each in chosen.municipalities if each not in titles]
    if unknown:
        raise ServiceError(f"Kolada knows no municipality {unknown[0]!r}", action=_correct("municipalities"))
    kpis: list[Named] = []
    values: list[dict[str, Any]] = []
    progress.start(len(chosen.kpis), "Kolada")
    for kpi in chosen.kpis:
        kpis.append(_kpi(client, kpi))
        for wanted in batched(chosen.municipalities, _IDS_AT_ONCE):
            values += client.records("data", "kpi", kpi, "municipality", ",".join(wanted))
        progress.step(kpi)
    return Snapshot(
        version=chosen.version,
        address=chosen.base_url,
        fetched=now.isoformat(timespec="seconds"),
        kpis=tuple(kpis),
        municipalities=tuple(Named(each, titles[each]) for each in chosen.municipalities),
        values=tuple(values),
    )


def _kpi(client: Client, kpi: str) -> Named:
    found = [each for each in client.records("kpi", kpi) if each.get("id") == kpi]
    if not found:
        raise ServiceError(f"Kolada knows no key figure {kpi!r}", action=_correct("kpis"))
    return Named(kpi, str(found[0].get("title", "")))


def _correct(key: str) -> str:
    return f"Correct {key} in the section [kolada] of analytics.toml; ids are text, with their leading zeros."


def _write(folder: Path, period: Period, snapshot: Snapshot) -> tuple[Path, bool]:
    """Write the next version of the month's delivery, unless the newest one holds the same."""
    content = snapshot.render()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        version = 1
        newest: Path | None = None
        while (file := folder / _file_name(period, version)).exists():
            newest, version = file, version + 1
        if newest is not None and _same(newest.read_bytes(), content):
            return newest, False
        draft = folder / f".{file.name}.{os.getpid()}.tmp"
        try:
            durable.write(draft, content)
            draft.chmod(0o444)
            # A link is made only if the name is free: a delivery is never written over.
            file.hardlink_to(draft)
            durable.sync_folder(folder)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(
            f"the delivery from Kolada cannot be written: {error.strerror}",
            action="Check free space and permissions of the data folder, then pull again.",
        ) from None
    return file, True


def _file_name(period: Period, version: int) -> str:
    mark = f"_v{version}" if version > 1 else ""
    return f"{NAME}_{period.compact}{mark}.json"


def _same(first: bytes, second: bytes) -> bool:
    """Whether two deliveries differ in nothing but when they were fetched."""
    try:
        one, other = json.loads(first), json.loads(second)
    except ValueError:
        return False
    return {**one, "fetched": ""} == {**other, "fetched": ""}
