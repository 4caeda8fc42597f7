"""What the cost of each clinic's contacts is made of."""

from __future__ import annotations

import dataclasses

import polars as pl

from analytics.measures.care_units.tables import Cell, finish, row
from analytics.measures.catalogue import MeasureTable
from analytics.measures.catalogue.model import WHOLE
from analytics.measures.kpp import clinics
from analytics.measures.kpp.contacts import WHOLE_HOSPITAL, Care
from analytics.measures.kpp.rows import ALL_CLINICS, apart_rows, head
from analytics.measures.ledger import ORE
from analytics.measures.scope import Data, Scope

ALL_KINDS = WHOLE["column"]
TABLE = "kpp_cost_kinds"
ALL_COSTS = "Hela kostnaden"


def kpp_cost_kinds(data: Data, scope: Scope) -> MeasureTable:
    """Cost by clinic (rows) and kind of cost (columns) with totals of both.

    Columns: base_unit, base_unit_label, row_type (``apart`` for a clinic that is in no sum), column (kind of cost, or
    ``all``), value (kr), n (patients with such a cost), largest (per cent). Source: 000:1774-1790; decision 016.
    """
    care = Care.of(data, scope)
    both = pl.concat([care.costs, care.costs.with_columns(pl.lit(ALL_CLINICS).alias("clinic"))])
    found = care.groups(
        pl.concat([both, both.with_columns(pl.lit(ALL_KINDS).alias("cost_kind"))]), "clinic", "cost_kind"
    )
    kinds = {kind: label for kind, label in care.declared.cost_labels.items() if (ALL_CLINICS, kind) in found}
    headings = {**kinds, ALL_KINDS: ALL_COSTS}
    shown = {code: label for code, label in care.clinics.items() if (code, ALL_KINDS) in found}
    rows: list[dict[str, object]] = []
    for clinic, label in {**shown, ALL_CLINICS: WHOLE_HOSPITAL}.items():
        cells = {}
        for kind in headings:
            group = found.get((clinic, kind))
            cells[kind] = Cell(group.ore / ORE, group.n, largest=group.largest) if group else Cell(0.0)
        rows += row(head(clinic, label), cells)
    rows += apart_rows(care, headings)
    made = finish(TABLE, rows, period_label=scope.ledger_range.label, notes=care.apart_notes, headings=headings)
    return dataclasses.replace(made, beside=clinics.table_of(care))
