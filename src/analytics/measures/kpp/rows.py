"""Rows that the tables of cost per patient have alike: a clinic's, that of all, and those of clinics in no sum."""

from __future__ import annotations

from collections.abc import Iterable

from analytics.measures.care_units.tables import Cell, row
from analytics.measures.catalogue.model import APART, WHOLE
from analytics.measures.kpp.contacts import Care

ALL_CLINICS = WHOLE["base_unit"]


def head(clinic: str, label: str, row_type: str = "") -> dict[str, str]:
    """Key columns of a row; no code means the row of all."""
    usual = "total" if clinic == ALL_CLINICS else "row"
    return {"base_unit": clinic, "base_unit_label": label, "row_type": row_type or usual}


def apart_rows(care: Care, columns: Iterable[str], **keys: str) -> list[dict[str, object]]:
    """A row for each clinic that may not be shown: no values, and the persons that keep every cell of it hidden."""
    rows: list[dict[str, object]] = []
    for clinic, label in care.clinics.items():
        if clinic not in care.shown:
            smallest = care.smallest(clinic)
            hidden = Cell(None, smallest.n, largest=smallest.largest)
            rows += row({**head(clinic, label, APART), **keys}, dict.fromkeys(columns, hidden))
    return rows
