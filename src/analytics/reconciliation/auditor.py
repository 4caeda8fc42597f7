"""Audit of a folder of published tables by themselves, by rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from analytics.reconciliation import (
    culprits,
    rules_across,
    rules_plans,
    rules_staff,
    rules_structure,
    rules_text,
    rules_within,
    rules_years,
    systems,
)
from analytics.reconciliation import (
    identities as relations,
)
from analytics.reconciliation.findings import AuditReport, Result, report
from analytics.reconciliation.identities import Identity
from analytics.reconciliation.published import Table, read_folder
from analytics.reconciliation.vocabulary import LEDGER_KINDS


def audit(folder: Path) -> AuditReport:
    """Audit every known table in a folder.

    Args:
        folder: CSV files named and laid out as those in ``data/raw/published``, of any periods.

    Raises:
        DeliveryUnreadableError: No such folder, or no known table in it.
        LayoutError: A file lacks the columns that its name promises.
    """
    tables, unknown = read_folder(folder)
    statements = rules_text.check(tables)
    results = (*_results(tables), *statements.results)
    return report(str(folder), results, not_audited=unknown, not_checkable=statements.not_checkable)


def printed_identities(tables: Sequence[Table]) -> list[Identity]:
    """Every linear relation within and between tables."""
    found = [identity for table in tables for identity in rules_within.identities(table)]
    for period in _periods(tables):
        found += rules_across.identities([table for table in tables if table.period == period])
    return found


def _results(tables: Sequence[Table]) -> Iterator[Result]:
    for table in tables:
        yield from rules_structure.check(table)
    linear = printed_identities(tables)
    yield from relations.results(iter(linear))
    for period in _periods(tables):
        of_period = [table for table in tables if table.period == period]
        yield from rules_years.check([table for table in of_period if table.kind in LEDGER_KINDS])
        yield from rules_staff.check(rules_staff.staff_tables(of_period))
        yield from rules_across.parts_of_groups(of_period)
    yield from rules_years.between_reports(tables)
    yield from rules_plans.check(tables)
    yield from culprits.check(linear)
    yield from systems.check(linear)


def _periods(tables: Sequence[Table]) -> list[str]:
    return sorted({table.period for table in tables if table.period})
