"""Every table a package can hold, declared once: id, Swedish title, keys, columns, unit, decimals and definition.

Measures fill these tables, disclosure control protects them, the reports print them and ``reconcile`` compares
them. ``docs/definitions.md`` is written from here. One module per subject, each with its ``SPECS``.
"""

from __future__ import annotations

from analytics.measures.catalogue import care_units, focus, forecast, indicators, kpp, ledger, plan, staff, summary
from analytics.measures.catalogue.model import (
    LEDGER_SIGN,
    ORIGINS,
    PIVOT,
    SERIES,
    SEXES,
    MeasureTable,
    TableSpec,
)

__all__ = [
    "LEDGER_SIGN",
    "ORIGINS",
    "PIVOT",
    "READS",
    "REPORTS",
    "SERIES",
    "SEXES",
    "TABLES",
    "MeasureTable",
    "TableSpec",
]

_SUBJECTS = (staff, ledger, forecast, plan, focus, indicators, care_units, kpp, summary)

TABLES: dict[str, TableSpec] = {spec.table_id: spec for subject in _SUBJECTS for spec in subject.SPECS}
READS: dict[str, tuple[str, ...]] = {spec.table_id: subject.READS for subject in _SUBJECTS for spec in subject.SPECS}
"""Table id → processed tables that its measure reads."""

REPORTS: dict[str, tuple[str, ...]] = {
    summary.TELLER: summary.REPORT,
    "personal": staff.REPORT,
    "ekonomi": ledger.REPORT,
    "prognos": (*forecast.REPORT, *plan.REPORT),
    "fokusomraden": focus.REPORT,
    "indikatorer": indicators.REPORT,
    "halsoval": care_units.REPORT,
    "kpp": kpp.REPORT,
}
"""Report, in the order of a package → its tables."""
