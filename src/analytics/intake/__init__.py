"""Intake: deliveries registered, read by layout, validated and put in force, all by one commit or not at all."""

from __future__ import annotations

import gc
import shutil
import time
from collections.abc import Collection, Sequence
from datetime import datetime

from analytics import snapshots
from analytics.errors import AnalyticsError, DeliveryError
from analytics.intake import gate as gates
from analytics.intake import plan
from analytics.intake.discovery import discover
from analytics.intake.gate import Gate, Judged, Staged
from analytics.intake.plan import Work
from analytics.intake.report import LoadReport, Taken, ValidationReport, combined
from analytics.organisation import Organisation
from analytics.processed import Catalog, Entry, Source, Store, scan_files
from analytics.progress import Progress
from analytics.reference import Reference
from analytics.schemas import TABLES
from analytics.settings import Settings
from analytics.sources import Context, read_delivery
from analytics.validation import ValidationResult, Validator

__all__ = ["Gate", "LoadReport", "ValidationReport", "load", "validate_processed"]


def load(  # noqa: PLR0913
    settings: Settings,
    *,
    secret: bytes,
    now: datetime,
    validate: Gate | None = None,
    progress: Progress | None = None,
    partial: bool = False,
    only: Collection[str] | None = None,
) -> LoadReport:
    """Take the deliveries in ``data/raw`` into ``data/processed``.

    Args:
        settings: the settings, with absolute paths.
        secret: key of the employee hashes.
        now: the time of the load; later months are refused.
        validate: decides what may be taken; the suites of ``expectations/`` if not given.
        progress: told of each step.
        partial: take the good deliveries although others are refused; the error comes all the same.
        only: names of the layouts to look at; all if not given.

    Raises:
        DeliveryError: a delivery cannot be taken; every refused delivery is told.
        ValidationFailedError: a critical expectation failed.
        StorageError: disk full, no permission, or another load is running.
    """
    store = Store(settings.paths.processed)
    with store.locked(), store.intact():
        loading = _Loading(
            settings,
            store=store,
            secret=secret,
            now=now,
            validate=validate,
            progress=progress or Progress(),
            partial=partial,
        )
        try:
            return loading.run(only)
        finally:
            shutil.rmtree(store.folder / ".staging", ignore_errors=True)


def validate_processed(settings: Settings, *, validate: Gate | None = None) -> ValidationReport:
    """Try all suites on what is in force, delivery by delivery, and across the tables."""
    store = Store(settings.paths.processed)
    catalog = store.catalog()
    gate = validate or _usual_gate(settings)
    results: list[ValidationResult] = []
    with store.intact():
        for table in TABLES:
            entries = sorted(catalog.of_table(table), key=lambda entry: entry.delivery)
            for batch in _batches(entries):
                part = Catalog(tuple(batch))
                results.append(gate.table(table, store.scan(table, catalog=part).collect()))
        results.append(gate.across({table: store.scan(table, catalog=catalog) for table in TABLES}))
    return ValidationReport(tuple(results))


def _batches(entries: Sequence[Entry]) -> list[list[Entry]]:
    batches: list[list[Entry]] = []
    for entry in entries:
        if not batches or sum(one.rows for one in batches[-1]) + entry.rows > gates.BATCH_ROWS:
            batches.append([])
        batches[-1].append(entry)
    return batches


def _usual_gate(settings: Settings) -> Gate:
    reference = Reference(settings.paths.reference)
    return Validator(settings, reference, Organisation.read(settings.paths.reference))


class _Loading:
    """One load, step by step. Holds the lock of the store throughout."""

    def __init__(  # noqa: PLR0913
        self,
        settings: Settings,
        *,
        store: Store,
        secret: bytes,
        now: datetime,
        validate: Gate | None,
        progress: Progress,
        partial: bool,
    ) -> None:
        self._settings = settings
        self._store = store
        self._validate = validate
        self._progress = progress
        self._partial = partial
        self._reference = Reference(settings.paths.reference)
        organisation = Organisation.read(settings.paths.reference)
        self._context = Context(settings, self._reference, organisation, secret, now)
        self._errors: list[AnalyticsError] = []

    def run(self, only: Collection[str] | None) -> LoadReport:
        began = time.perf_counter()
        raw = self._settings.paths.raw
        registry = raw / snapshots.FOLDER
        self._store.sweep()
        snapshots.sweep(registry)
        catalog = self._store.catalog()
        found = discover(raw, now=self._context.now, only=only)
        active, unreadable = plan.register_all(found, store=registry, now=self._context.now)
        self._errors += [*found.errors, *unreadable]
        todo = plan.make(
            active,
            catalog=catalog,
            store=registry,
            processed=self._store.folder,
            reference=self._reference.checksum,
            secret=self._context.secret,
            only=only,
        )
        for snapshot in todo.standing:
            # A load that was killed after its commit has not said so yet.
            snapshots.mark(snapshot, "taken")
        staged = self._read(todo.changed)
        self._stop_unless_partial()
        judged, across, catalog_now = self._judge(staged, catalog)
        if self._errors:
            raise combined(self._errors, committed=bool(judged))
        return LoadReport(
            taken=tuple(_taken(one) for batch in judged for one in batch.staged),
            unchanged=tuple(entry.snapshot.file for entry in todo.unchanged),
            notes=tuple(found.notes),
            results=(*(batch.result for batch in judged), *across),
            catalog=catalog_now.version,
            seconds=time.perf_counter() - began,
        )

    def _read(self, changed: Sequence[Work]) -> list[Staged]:
        staged = []
        self._progress.start(len(changed), "Reading")
        for work in changed:
            try:
                reading = read_delivery(work.snapshot, self._context)
            except DeliveryError as error:
                self._refuse(work, error)
            else:
                self._store.stage(work.name, reading.frame)
                staged.append(Staged(work, reading.frame.height, reading.taken))
            # A reader's frames hang in reference cycles; left to the collector's own pace they add up to gigabytes.
            gc.collect()
            self._progress.step(work.snapshot.original.name)
        return staged

    def _judge(
        self, staged: Sequence[Staged], catalog: Catalog
    ) -> tuple[list[Judged], tuple[ValidationResult, ...], Catalog]:
        if not staged:
            return [], (), catalog
        gate = self._validate or Validator(self._settings, self._reference, self._context.organisation)
        judged, refused = gates.judge(staged, gate=gate, store=self._store, catalog=catalog, progress=self._progress)
        for one, error in refused:
            self._refuse(one.work, error)
        self._stop_unless_partial()
        if not judged:
            return [], (), catalog
        entries = [_entry(one, batch.record, self._reference.checksum) for batch in judged for one in batch.staged]
        replaced = {(entry.snapshot.layout, entry.delivery) for entry in entries}
        kept = [entry for entry in catalog.entries if (entry.snapshot.layout, entry.delivery) not in replaced]
        order = list(TABLES)
        together = sorted(
            [*kept, *entries], key=lambda entry: (order.index(entry.table), entry.delivery, entry.snapshot.layout)
        )
        staged_files = {entry.file for entry in entries}
        across = gate.across(
            {
                table: scan_files(
                    table,
                    [
                        self._store.staged(entry.file)
                        if entry.file in staged_files
                        else self._store.folder / entry.file
                        for entry in together
                        if entry.table == table
                    ],
                )
                for table in TABLES
            }
        )
        if across.has_critical:
            together_with = [one for batch in judged for one in batch.staged]
            raise combined([gates.failure(across, together_with), *self._errors], committed=False)
        record = gates.store_record(self._store, across)
        fresh = Catalog(tuple(together), tuple(sorted(catalog.files)), record)
        names = sorted({*staged_files, *(batch.record for batch in judged), record})
        self._store.commit(fresh, names)
        for one in (one for batch in judged for one in batch.staged):
            snapshots.mark(one.work.snapshot, "taken")
        self._store.sweep()
        return judged, (across,), fresh

    def _refuse(self, work: Work, error: AnalyticsError) -> None:
        snapshots.mark(work.snapshot, "refused")
        self._errors.append(error)

    def _stop_unless_partial(self) -> None:
        if self._errors and not self._partial:
            raise combined(self._errors, committed=False)


def _entry(staged: Staged, validation: str, reference: str) -> Entry:
    snapshot, layout = staged.work.snapshot, staged.work.layout
    return Entry(
        table=layout.table,
        delivery=snapshot.period,
        file=staged.work.name,
        rows=staged.rows,
        key=staged.work.key,
        snapshot=Source(
            snapshot.layout,
            snapshot.supplier,
            snapshot.version,
            snapshot.sha256,
            snapshot.received.isoformat(),
            snapshot.original.name,
        ),
        reader_version=layout.reader_version,
        reference=reference,
        taken=staged.taken,
        validation=validation,
    )


def _taken(staged: Staged) -> Taken:
    snapshot = staged.work.snapshot
    return Taken(
        staged.work.layout.table,
        snapshot.layout,
        snapshot.period,
        snapshot.original.name,
        snapshot.version,
        staged.rows,
        staged.taken,
    )
