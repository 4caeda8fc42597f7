"""The dearest contacts: how many, what share of the cost they have, and what the others cost."""

from __future__ import annotations

import dataclasses

import polars as pl

from analytics import swedish
from analytics.measures import comparisons
from analytics.measures.care_units.tables import Cell, finish, row
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.kpp import clinics
from analytics.measures.kpp.contacts import CURRENT, PREVIOUS, WHOLE_HOSPITAL, Care
from analytics.measures.kpp.groups import Group
from analytics.measures.kpp.rows import ALL_CLINICS, apart_rows, head
from analytics.measures.scope import Data, Scope
from analytics.patient_costs import INPATIENT
from analytics.settings import Kpp

TABLE = "kpp_outliers"
OUTER, INNER = "outer", "inner"


def kpp_outliers(data: Data, scope: Scope) -> MeasureTable:
    """Outliers by clinic: number, share of contacts and of cost, and cost per contact without them in both years.

    Columns: base_unit, base_unit_label, row_type (``apart`` for a clinic that is in no sum), column, text, value
    (number, per cent, kronor), n (patients with outliers; of what the others cost the smaller of both groups), largest
    (per cent). No limit and no single cost is given. Source: SKR's national database (decision 016).
    """
    care = Care.of(data, scope)
    marked = marked_outliers(care.shown_contacts, scope.settings.kpp)
    both = pl.concat([marked, marked.with_columns(pl.lit(ALL_CLINICS).alias("base_unit"))])
    parts = care.groups(both, "slice", "base_unit", "place")
    whole = care.groups(both, "slice", "base_unit")
    rows: list[dict[str, object]] = []
    for clinic, label in {**care.clinics, ALL_CLINICS: WHOLE_HOSPITAL}.items():
        if (CURRENT, clinic) in whole:
            now, before = (
                [parts.get((code, clinic, place)) for place in (OUTER, INNER)] for code in (CURRENT, PREVIOUS)
            )
            rows += row(head(clinic, label), _cells(whole[CURRENT, clinic], *now, *before))
    rows += apart_rows(care, TABLES[TABLE].together)
    made = finish(
        TABLE,
        rows,
        period_label=scope.ledger_range.label,
        notes=(_rule(scope.settings.kpp), *care.apart_notes, *care.previous_notes()),
        headings=comparisons.year_headings(TABLES[TABLE], scope.ledger_range),
    )
    return dataclasses.replace(made, beside=clinics.table_of(care))


def marked_outliers(contacts: pl.DataFrame, rule: Kpp) -> pl.DataFrame:
    """Contacts with ``place``: ``outer`` for the dearest of their year, clinic and kind, ``inner`` for the others.

    Of n contacts the n · share dearest (rounded down) are outliers. Where the cost at the limit is that of several
    contacts none of those is, so that the order of the rows decides nothing.
    """
    share = (
        pl.when(pl.col("contact_kind") == INPATIENT).then(rule.outlier_pct_inpatient).otherwise(rule.outlier_pct_other)
    )
    group = ["slice", "base_unit", "contact_kind"]
    limits = contacts.group_by(group).agg(
        pl.col("ore").sort(descending=True).get((pl.len() * share.first() / 100).floor().cast(pl.Int64)).alias("limit")
    )
    outer = pl.when(pl.col("ore") > pl.col("limit")).then(pl.lit(OUTER)).otherwise(pl.lit(INNER))
    return contacts.join(limits, on=group, how="left").with_columns(outer.alias("place")).drop("limit")


def _cells(
    whole: Group, outer: Group | None, inner: Group | None, outer_before: Group | None, inner_before: Group | None
) -> dict[str, Cell]:
    n, largest = (outer.n, outer.largest) if outer else (0, 0.0)
    count, ore = (outer.contacts, outer.ore) if outer else (0, 0)
    contact_pct = count / whole.contacts * 100
    cost_pct = ore / whole.ore * 100 if whole.ore else None
    now, before = _inner(inner, outer), _inner(inner_before, outer_before)
    smallest = min((cell.n for cell in (now, before) if cell.n), default=0)
    most = max(now.largest, before.largest)
    return {
        "outliers": Cell(float(count), n, largest=largest),
        "contact_pct": Cell(contact_pct, n, swedish.percent(contact_pct, 1), largest),
        "cost_pct": Cell(cost_pct, n, None if cost_pct is None else swedish.percent(cost_pct, 1), largest),
        "per_contact": Cell(whole.per_contact, whole.n, largest=whole.largest),
        "inner": now,
        "inner_previous": before,
        "inner_change": clinics.change(now.value, before.value, smallest, most),
    }


def _inner(inner: Group | None, outer: Group | None) -> Cell:
    """What an inner contact costs; it tells of the outliers too, because the mean of all contacts is known."""
    if inner is None:
        return Cell()
    people = [group for group in (inner, outer) if group is not None]
    return Cell(
        inner.per_contact,
        min(group.n for group in people),
        largest=max(group.largest for group in people),
    )


def _rule(rule: Kpp) -> str:
    inpatient, other = (
        swedish.percent(share, 0 if share == round(share) else 1)
        for share in (rule.outlier_pct_inpatient, rule.outlier_pct_other)
    )
    return (
        f"Ytterfall är de dyraste kontakterna vid varje klinik: {inpatient} av slutenvårdens och {other} av de andra. "
        "I den nationella databasen står slutenvårdens ytterfall för ungefär en femtedel av kostnaden"
    )
