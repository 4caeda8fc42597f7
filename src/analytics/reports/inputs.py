"""What a package was made from: deliveries with checksums and the outcomes of their validation, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analytics.errors import MissingDataError
from analytics.organisation import Organisation
from analytics.periods import Period
from analytics.settings import Settings

if TYPE_CHECKING:
    from analytics.comments.inventory import CommentFile


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery that is in ``data/processed``."""

    layout: str
    table: str
    supplier: str
    period: str
    version: int
    file: str
    sha256: str
    received: str
    rows: int


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation and how it ended. Holds counts, never values."""

    table: str
    period: str
    title: str
    reason: str
    severity: str
    passed: bool
    checked: int | None
    unexpected: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """``version`` changes when anything changes that a report could show."""

    version: str
    deliveries: tuple[Delivery, ...]
    checks: tuple[Check, ...]
    comments: tuple[CommentFile, ...] = ()

    @property
    def warnings(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if not check.passed)

    def summary(self) -> dict[str, int | str]:
        """Counts for the manifest and the quality page."""
        failed = self.warnings
        critical = sum(check.severity == "critical" for check in failed)
        status = "critical" if critical else "warnings" if failed else "passed" if self.checks else "not validated"
        return {
            "status": status,
            "checks": len(self.checks),
            "passed": len(self.checks) - len(failed),
            "warnings": len(failed) - critical,
            "critical": critical,
        }


def read(settings: Settings, period: Period) -> Inputs:
    """What ``data/processed`` holds for the report of one month: deliveries until then and their outcomes.

    Raises MissingDataError if nothing is loaded for the month, StorageError if the catalog is damaged.
    """
    # Intake's libraries are loaded here only: the caller may be a process that shows help.
    from analytics.processed import Store
    from analytics.validation.results import ValidationResult

    store = Store(settings.paths.processed)
    held = store.catalog()
    if not held.entries:
        raise MissingDataError("no data are loaded", action="Run analytics load first.")
    months = sorted({entry.delivery for entry in held.entries})
    if str(period) not in months:
        # A month that nothing was delivered for is a wrong call, not a dozen failed notebooks.
        raise MissingDataError(
            f"nothing is loaded for {period}",
            action=f"The data hold {months[0]} to {months[-1]}. Load the deliveries of the month, or name another one.",
        )
    catalog = held.until(period, staff_lag=settings.staff.lag_months)
    # One result covers all deliveries that were checked together.
    covered: dict[str, list[str]] = {}
    for entry in catalog.entries:
        covered.setdefault(entry.validation, []).append(entry.delivery)
    records = {name: _span(months) for name, months in covered.items() if name}
    if catalog.across:
        records[catalog.across] = ""
    checks = [
        Check(
            outcome.table,
            span,
            outcome.title,
            outcome.reason,
            outcome.severity,
            outcome.passed,
            outcome.checked,
            outcome.unexpected,
            outcome.detail,
        )
        for name, span in records.items()
        for outcome in ValidationResult.from_record(store.validation_record(name)).outcomes
    ]
    deliveries = [
        Delivery(
            entry.snapshot.layout,
            entry.table,
            entry.snapshot.supplier,
            entry.delivery,
            entry.snapshot.version,
            entry.snapshot.file,
            entry.snapshot.sha256,
            entry.snapshot.received,
            entry.rows,
        )
        for entry in catalog.entries
    ]
    deliveries.sort(key=lambda delivery: (delivery.layout, delivery.period, delivery.file))
    return Inputs(catalog.version, tuple(deliveries), tuple(checks))


def with_comments(given: Inputs, settings: Settings, *, period: Period, unit: str, audience: str) -> Inputs:
    """The inputs of one unit's package: the data and the comments of its month, with a version of both."""
    from analytics.comments.inventory import inventory, version

    comments = inventory(
        settings.paths.comments, str(period), unit, settings.focus, approved_only=audience != "internal"
    )
    return replace(given, version=version(given.version, comments), comments=comments)


def not_made(
    settings: Settings, organisation: Organisation, *, period: Period, units: Sequence[str]
) -> dict[str, dict[str, str]]:
    """Unit → reports that it has no data for → the reason, in Swedish."""
    from analytics.measures import availability
    from analytics.measures.scope import Data, Scope
    from analytics.processed import Store
    from analytics.reference import Reference

    store = Store(settings.paths.processed)
    catalog = store.catalog().until(period, staff_lag=settings.staff.lag_months)
    data = Data.of(store, catalog, settings.engine.name)
    reference = Reference(settings.paths.reference)
    return {
        unit: availability.not_made(
            data,
            Scope(period=period, unit=unit, settings=settings, organisation=organisation, reference=reference),
        )
        for unit in units
    }


def _span(months: list[str]) -> str:
    first, last = min(months), max(months)
    return first if first == last else f"{first}–{last}"
