"""Puts staged deliveries through validation in batches, and finds the guilty ones when a batch fails."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from analytics.errors import Location, ValidationFailedError
from analytics.intake.plan import Work
from analytics.processed import Catalog, Store, scan_files
from analytics.progress import Progress
from analytics.validation import ValidationResult, totals_of

BATCH_ROWS = 500_000
"""Rows that are validated at once: the suites cost more per call than per row."""
_MOST_NAMES = 5


class Gate(Protocol):
    """What decides whether deliveries may be taken; :class:`analytics.validation.Validator` is the usual one."""

    def table(
        self, table: str, frame: pl.DataFrame, *, previous: Mapping[str, float] | None = None
    ) -> ValidationResult:
        """Judge one or several deliveries of a table."""

    def across(self, frames: Mapping[str, pl.LazyFrame]) -> ValidationResult:
        """Judge all tables together."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A delivery that has been read and lies staged. ``taken`` is what its reader detected."""

    work: Work
    rows: int
    taken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A batch with its result: the deliveries it was about and the name of the stored record."""

    staged: tuple[Staged, ...]
    result: ValidationResult
    record: str


def batches(staged: Sequence[Staged]) -> Iterator[tuple[Staged, ...]]:
    """Deliveries of one table at a time, in order, together at most :data:`BATCH_ROWS` unless one alone is larger."""
    for _, group in groupby(staged, key=lambda one: one.work.layout.table):
        batch: list[Staged] = []
        for one in group:
            if batch and sum(other.rows for other in batch) + one.rows > BATCH_ROWS:
                yield tuple(batch)
                batch = []
            batch.append(one)
        yield tuple(batch)


def judge(
    staged: Sequence[Staged], *, gate: Gate, store: Store, catalog: Catalog, progress: Progress
) -> tuple[list[Judged], list[tuple[Staged, ValidationFailedError]]]:
    """Validate all staged deliveries. Returns what passed, and each refused delivery with its error."""
    passed: list[Judged] = []
    refused: list[tuple[Staged, ValidationFailedError]] = []
    whole = list(batches(staged))
    progress.start(len(whole), "Validating")
    totals = _LastTotals(store, catalog)
    for batch in whole:
        parts = [batch]
        while parts:
            part = parts.pop(0)
            frame = _frame(part, store)
            table = part[0].work.layout.table
            result = gate.table(table, frame, previous=totals.before(part[0]))
            if not result.has_critical:
                passed.append(Judged(part, result, store_record(store, result)))
                totals.keep(part[-1], frame)
            elif len(part) > 1:
                parts = [(one,) for one in part] + parts
            else:
                refused.append((part[0], failure(result, part)))
        progress.step(batch[0].work.layout.table)
    return passed, refused


def failure(result: ValidationResult, staged: Sequence[Staged] = ()) -> ValidationFailedError:
    """The error of a result with critical failures; it names the deliveries that were being taken."""
    outcomes = result.critical
    text = "; ".join(f"{outcome.title}: {outcome.detail}" for outcome in outcomes[:5])
    more = f"; and {len(outcomes) - 5} more" if len(outcomes) > 5 else ""
    counts = [outcome.unexpected for outcome in outcomes if outcome.unexpected is not None]
    names = [one.work.snapshot.original.name for one in staged]
    if len(names) > 1:
        others = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        more += f". With the deliveries {', '.join(names[:_MOST_NAMES])}{others}"
    where = Location(
        Path(names[0]) if len(names) == 1 else None,
        column=next((outcome.column for outcome in outcomes if outcome.column), None),
        count=counts[0] if counts else None,
    )
    return ValidationFailedError(
        f"critical validation of {result.table}: {text}{more}",
        where=where,
        action="Correct the delivery, or the expectation in expectations/ if it is wrong. Nothing of it was taken.",
    )


def store_record(store: Store, result: ValidationResult) -> str:
    """Stage the result under a name made of its content; returns the name."""
    content = json.dumps(result.to_record(), ensure_ascii=False, indent=1, sort_keys=True).encode()
    name = f"validation/{hashlib.sha256(content).hexdigest()[:16]}.json"
    store.stage_bytes(name, content)
    return name


def _frame(batch: Sequence[Staged], store: Store) -> pl.DataFrame:
    files = [store.staged(one.work.name) for one in batch]
    return scan_files(batch[0].work.layout.table, files).collect()


class _LastTotals:
    """Control totals of the delivery before a given one, from this load or from the catalog."""

    def __init__(self, store: Store, catalog: Catalog) -> None:
        self._store = store
        self._catalog = catalog
        self._kept: dict[str, tuple[str, dict[str, float]]] = {}

    def keep(self, staged: Staged, frame: pl.DataFrame) -> None:
        table, period = staged.work.layout.table, staged.work.snapshot.period
        totals = totals_of(table, frame)
        if totals:
            self._kept[table] = (period, totals)

    def before(self, staged: Staged) -> dict[str, float] | None:
        table, period = staged.work.layout.table, staged.work.snapshot.period
        kept = self._kept.get(table)
        entries = [entry for entry in self._catalog.of_table(table) if entry.delivery < period]
        # Outcome is what is followed in the ledger; budgets and forecasts have no month before them.
        entries = [entry for entry in entries if entry.snapshot.layout not in ("raindance_budget", "raindance_prognos")]
        newest = max(entries, key=lambda entry: entry.delivery, default=None)
        if kept is not None and kept[0] < period and (newest is None or newest.delivery <= kept[0]):
            return kept[1]
        if newest is None or not (self._store.folder / newest.file).is_file():
            return None
        return totals_of(table, scan_files(table, [self._store.folder / newest.file]).collect())


def warnings_of(result: ValidationResult) -> list[dict[str, Any]]:
    """The warnings of a result as records: expectation, title and detail."""
    return [
        {"expectation": outcome.expectation, "title": outcome.title, "detail": outcome.detail}
        for outcome in result.warnings
    ]
