"""The key figures of cost per patient: a contact, a patient, how many, the dearest, and what is distributed."""

from __future__ import annotations

from collections.abc import Mapping

from analytics import swedish
from analytics.disclosure import ProtectedTable
from analytics.sentences.key_figures import KeyFigure, KeyFigures
from analytics.sentences.kpp import ALL_CLINICS, ALL_KINDS, kronor, step
from analytics.sentences.words import LAST_YEAR, SUPPRESSED, Figure, amount, find

TABLES = ("kpp_clinics", "kpp_outliers", "kpp_reconciliation")
NONE = "–"


def figures(tables: Mapping[str, ProtectedTable]) -> KeyFigures:
    """What the contacts of all clinics that may be shown cost, against the same months last year."""
    clinics, outliers, ledger = (tables[table_id] for table_id in TABLES)
    return KeyFigures(
        (
            _cost(clinics, "per_contact", "Kostnad per vårdkontakt"),
            _cost(clinics, "per_patient", "Kostnad per patient"),
            _contacts(clinics),
            _outliers(outliers),
            _distributed(ledger),
        )
    )


def _missing(label: str, figure: Figure, table: ProtectedTable) -> KeyFigure:
    if figure.is_suppressed:
        return KeyFigure(label, table.mark, f"Uppgiften {SUPPRESSED}")
    return KeyFigure(label, NONE, "Ingen uppgift för perioden")


def _cost(table: ProtectedTable, column: str, label: str) -> KeyFigure:
    whole = {"base_unit": ALL_CLINICS, "contact_kind": ALL_KINDS}
    found = find(table, **whole, column=column)
    if found.value is None:
        return _missing(label, found, table)
    against = step(find(table, **whole, column=f"{column}_change"))
    return KeyFigure(
        label, kronor(found.value), f"{against[:1].upper()}{against[1:]}" or f"Ingen uppgift för {LAST_YEAR}"
    )


def _contacts(table: ProtectedTable) -> KeyFigure:
    whole = {"base_unit": ALL_CLINICS, "contact_kind": ALL_KINDS}
    contacts, patients = (find(table, **whole, column=name) for name in ("contacts", "patients"))
    if contacts.value is None or patients.value is None:
        return _missing("Vårdkontakter", contacts, table)
    return KeyFigure("Vårdkontakter", swedish.number(contacts.value), f"För {swedish.number(patients.value)} patienter")


def _outliers(table: ProtectedTable) -> KeyFigure:
    label = "De dyraste kontakternas del av kostnaden"
    cost, contacts = (find(table, base_unit=ALL_CLINICS, column=name) for name in ("cost_pct", "contact_pct"))
    if cost.value is None or contacts.value is None:
        return _missing(label, cost, table)
    return KeyFigure(label, swedish.percent(cost.value, 1), f"{swedish.percent(contacts.value, 1)} av kontakterna")


def _distributed(table: ProtectedTable) -> KeyFigure:
    label = "Fördelat av den kostnad som ska fördelas"
    share, remaining = (find(table, base_unit=ALL_CLINICS, column=name) for name in ("share", "remaining"))
    if share.value is None or remaining.value is None:
        return _missing(label, share, table)
    return KeyFigure(label, swedish.percent(share.value, 1), f"{amount(remaining.value, signed=True)} återstår")
