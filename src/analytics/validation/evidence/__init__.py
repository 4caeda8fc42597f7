"""Evidence: the small frames that the expectations of a suite are tried on, made with polars.

A suite names its evidence in ``meta.evidence``; :data:`TABLE_EVIDENCE` and :data:`STORE_EVIDENCE` say how it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from analytics.validation.evidence import (
    agency,
    care_contacts,
    care_units,
    declared,
    indicators,
    ledger,
    people,
    staff,
    store,
)
from analytics.validation.evidence.facts import Facts

TableEvidence = Callable[[pl.DataFrame, Facts], pl.DataFrame]
StoreEvidence = Callable[[Mapping[str, pl.LazyFrame], Facts], pl.DataFrame]

_EVERY_TABLE: dict[str, TableEvidence] = {
    "header": declared.header,
    "columns": declared.columns,
    "placement": declared.placement,
    "changes": declared.changes,
}

TABLE_EVIDENCE: dict[str, dict[str, TableEvidence]] = {
    "employments": {
        **_EVERY_TABLE,
        "rows": staff.employment_rows,
        "keys": declared.keys,
        "person_months": staff.employment_person_months,
        "aid_labels": staff.aid_labels,
    },
    "time": {**_EVERY_TABLE, "rows": staff.time_rows, "person_months": staff.hours_by_person_month},
    "absence": {**_EVERY_TABLE, "rows": staff.absence_rows, "person_months": staff.hours_by_person_month},
    "ledger": {
        **_EVERY_TABLE,
        "rows": ledger.rows,
        "accounts": ledger.accounts,
        "cost_centres": ledger.cost_centres,
        "line_totals": ledger.line_totals,
        "line_signs": ledger.line_signs,
        "internal": ledger.internal,
        "budget_rows": ledger.budget_rows,
    },
    "agency": {**_EVERY_TABLE, "rows": agency.rows, "keys": agency.keys},
    "indicators": {**_EVERY_TABLE, "rows": indicators.rows, "keys": declared.keys},
    "care_units": {
        **_EVERY_TABLE,
        "rows": care_units.rows,
        "keys": declared.keys,
        "units": care_units.units,
        "parts": care_units.parts,
        "register": care_units.register,
        "listed": care_units.listed,
    },
    "care_contacts": {
        **_EVERY_TABLE,
        "rows": care_contacts.contact_rows,
        "keys": declared.keys,
        "clinics": care_contacts.clinics,
        "kinds": care_contacts.contact_kinds,
        "patients": care_contacts.patients,
    },
    "care_costs": {
        **_EVERY_TABLE,
        "rows": care_contacts.cost_rows,
        "keys": declared.keys,
        "origins": care_contacts.cost_origins,
        "contacts": care_contacts.contact_costs,
    },
}

STORE_EVIDENCE: dict[str, StoreEvidence] = {
    "periods": store.periods,
    "coverage": store.coverage,
    "units": store.units,
    "forecasts": store.forecasts,
    "orphans": people.orphans,
    "persons": people.persons,
    "person_months": people.person_months,
    "sick_leave": people.sick_leave,
    "unmatched": care_contacts.unmatched,
    "repeated_contacts": care_contacts.repeated_contacts,
    "distributed": care_contacts.distributed,
}
