"""Cost per contact and per patient, by clinic and kind of contact, this year and last."""

from __future__ import annotations

import polars as pl

from analytics import swedish
from analytics.measures import comparisons
from analytics.measures.care_units.tables import Cell, finish, row
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.catalogue.model import WHOLE
from analytics.measures.kpp.contacts import ALL_CONTACTS, CURRENT, PREVIOUS, WHOLE_HOSPITAL, Care
from analytics.measures.kpp.groups import Group
from analytics.measures.kpp.rows import ALL_CLINICS, apart_rows, head
from analytics.measures.ledger import ORE
from analytics.measures.scope import Data, Scope
from analytics.patient_costs import INPATIENT

ALL_KINDS = WHOLE["contact_kind"]
TABLE = "kpp_clinics"


def kpp_clinics(data: Data, scope: Scope) -> MeasureTable:
    """Contacts, patients and cost of every clinic and kind of contact, and of all clinics that may be shown.

    Columns: base_unit, base_unit_label, contact_kind, contact_kind_label, row_type (``apart`` for a clinic that is in
    no sum), column, text, value (number of contacts or patients, kronor, per cent for changes, days), n (patients),
    largest (per cent). Source: 000:1774-1790; decision 016.
    """
    return table_of(Care.of(data, scope))


def table_of(care: Care) -> MeasureTable:
    """The table of contacts that are at hand."""
    clinics = {**{code: care.clinics[code] for code in care.clinics if code in care.shown}, ALL_CLINICS: WHOLE_HOSPITAL}
    kinds = {ALL_KINDS: ALL_CONTACTS, **care.declared.contact_labels}
    found = _every_group(care)
    rows: list[dict[str, object]] = []
    for clinic, clinic_label in clinics.items():
        for kind, kind_label in kinds.items():
            years = {code: found.get((code, clinic, kind)) for code in (CURRENT, PREVIOUS)}
            if any(years.values()):
                row_type = "total" if (clinic, kind) == (ALL_CLINICS, ALL_KINDS) else "row"
                keys = {**head(clinic, clinic_label, row_type), "contact_kind": kind, "contact_kind_label": kind_label}
                rows += row(keys, _cells(years[CURRENT], years[PREVIOUS], is_inpatient=kind == INPATIENT))
    kind_of_all = {"contact_kind": ALL_KINDS, "contact_kind_label": ALL_CONTACTS}
    rows += apart_rows(care, TABLES[TABLE].together, **kind_of_all)
    spec = TABLES[TABLE]
    return finish(
        TABLE,
        rows,
        period_label=care.scope.ledger_range.label,
        notes=(*care.apart_notes, *care.previous_notes()),
        headings=comparisons.year_headings(spec, care.scope.ledger_range),
    )


def _every_group(care: Care) -> dict[tuple[str, ...], Group]:
    """(slice, clinic, kind) → group, with all clinics and all kinds as groups of their own."""
    contacts = care.shown_contacts
    every_clinic = contacts.with_columns(pl.lit(ALL_CLINICS).alias("base_unit"))
    both = pl.concat([contacts, every_clinic])
    every_kind = both.with_columns(pl.lit(ALL_KINDS).alias("contact_kind"))
    return care.groups(pl.concat([both, every_kind]), "slice", "base_unit", "contact_kind")


def _cells(now: Group | None, before: Group | None, *, is_inpatient: bool) -> dict[str, Cell]:
    cells = {
        **_counts(now),
        **_rates("per_contact", now, before),
        **_rates("per_patient", now, before),
        "care_days": Cell(),
    }
    if is_inpatient and now is not None:
        days = now.care_days / now.contacts
        cells["care_days"] = Cell(days, now.n, swedish.number(days, 1), now.largest)
    return cells


def _counts(group: Group | None) -> dict[str, Cell]:
    if group is None:
        return {"contacts": Cell(0.0), "patients": Cell(0.0), "cost": Cell(0.0, text="0")}
    n, largest = group.n, group.largest
    kronor = group.ore / ORE
    return {
        "contacts": Cell(float(group.contacts), n, largest=largest),
        "patients": Cell(float(group.patients), n, largest=largest),
        "cost": Cell(kronor, n, swedish.number(kronor / 1000), largest),
    }


def _rates(name: str, now: Group | None, before: Group | None) -> dict[str, Cell]:
    """Kronor per contact or patient in both years, and the change."""
    years = [
        None if group is None else Cell(getattr(group, name), group.n, largest=group.largest) for group in (now, before)
    ]
    current, previous = (cell or Cell() for cell in years)
    held = [cell for cell in years if cell is not None]
    n, largest = min(cell.n for cell in held), max(cell.largest for cell in held)
    return {
        name: current,
        f"{name}_previous": previous,
        f"{name}_change": change(current.value, previous.value, n, largest),
    }


def change(current: float | None, previous: float | None, n: int, largest: float) -> Cell:
    """Change in per cent of last year, with its sign; missing where either year is or last year is nothing."""
    if current is None or not previous:
        return Cell(None, n, largest=largest)
    pct = (current - previous) / previous * 100
    rounded = swedish.round_half_away(pct, 1)
    return Cell(pct, n, f"{'+' if rounded > 0 else ''}{swedish.percent(pct, 1)}", largest)
