"""Distributed cost against the ledger, by the base unit where the cost is booked; every row foots in whole öre."""

from __future__ import annotations

from collections import defaultdict

import narwhals as nw
import polars as pl

from analytics import swedish
from analytics.errors import MissingDataError
from analytics.measures.care_units.tables import Cell, finish, row
from analytics.measures.catalogue import MeasureTable
from analytics.measures.kpp.contacts import Care
from analytics.measures.kpp.groups import Group
from analytics.measures.kpp.rows import ALL_CLINICS, head
from analytics.measures.ledger import COUNTED_PERIODS, ORE
from analytics.measures.scope import Data, Scope, collect, lazy
from analytics.patient_costs import COST_CLASSES
from analytics.periods import Period

TABLE = "kpp_reconciliation"
TOTAL = "Alla kliniker"
EXCLUDED = (
    "Projektansvar ingår inte. Ingående balans (period 00) ingår inte, bokslutsposter (period 13) räknas i december"
)


def kpp_reconciliation(data: Data, scope: Scope) -> MeasureTable:
    """Booked cost, what is outside, what is distributed, what remains and the share distributed, by base unit.

    Columns: base_unit, base_unit_label, row_type, column, text, value (kr; ``share`` per cent), n (patients behind what
    is distributed; 0 for what the ledger alone tells), largest (per cent). booked = outside + distributed + remaining
    in whole öre. Source: 000:1774-1790; decision 016.
    """
    care = Care.of(data, scope)
    booked, outside, reasons = _ledger(data, care)
    given = care.groups(
        pl.concat([care.costs, care.costs.with_columns(pl.lit(ALL_CLINICS).alias("base_unit"))]), "base_unit"
    )
    units = sorted({*booked, *(unit for (unit,) in given)} - {ALL_CLINICS})
    rows: list[dict[str, object]] = []
    for unit in (*units, ALL_CLINICS):
        own = units if unit == ALL_CLINICS else [unit]
        cells = _cells(
            sum(booked.get(code, 0) for code in own), sum(outside.get(code, 0) for code in own), given.get((unit,))
        )
        rows += row(head(unit, TOTAL if unit == ALL_CLINICS else care.name_of(unit)), cells)
    notes = [EXCLUDED]
    if reasons:
        labels = care.declared.reason_labels
        said = ", ".join(
            f"{labels[code].lower()} {swedish.millions(reasons[code] / ORE)}" for code in labels if reasons[code]
        )
        notes.insert(0, f"Utanför kostnad per patient ligger: {said}")
    if len(care.shown) < len(care.clinics):
        notes.append("I det som återstår ingår kostnaden för kontakter vid kliniker som inte får redovisas")
    return finish(TABLE, rows, period_label=scope.ledger_range.label, notes=notes)


def _cells(booked: int, outside: int, given: Group | None) -> dict[str, Cell]:
    distributed, n, largest = (given.ore, given.n, given.largest) if given else (0, 0, 0.0)
    whole = booked - outside
    share = distributed / whole * 100 if whole > 0 else None
    return {
        "booked": Cell(booked / ORE),
        "outside": Cell(outside / ORE),
        "distributed": Cell(distributed / ORE, n, largest=largest),
        "remaining": Cell((whole - distributed) / ORE, n, largest=largest),
        "share": Cell(share, n, None if share is None else swedish.percent(share, 1), largest),
    }


def _ledger(data: Data, care: Care) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """Öre by base unit: booked and outside; and what is outside by reason."""
    months = care.scope.ledger_range.months
    rows = collect(
        lazy(data.ledger)
        .filter(
            nw.col("kind") == "outcome",
            nw.col("administration") == care.scope.unit,
            nw.col("period").is_in(months),
            nw.col("period_kind").is_in(COUNTED_PERIODS),
            ~nw.col("is_project"),
        )
        .group_by("period", "base_unit", "cost_centre", "account", "account_class")
        .agg(nw.col("amount_ore").sum())
    )
    missing = sorted(set(months) - set(rows["period"]))
    if missing:
        raise MissingDataError(
            f"the table ledger has no outcome for unit {care.scope.unit} in {', '.join(missing)}",
            action="Load the ledger deliveries of these months (analytics load), or report a month that has them.",
        )
    periods = {month: Period.parse(month) for month in months}
    booked: dict[str, int] = defaultdict(int)
    outside: dict[str, int] = defaultdict(int)
    reasons: dict[str, int] = defaultdict(int)
    costs = rows.filter(pl.col("account_class").is_in(COST_CLASSES)).drop("account_class")
    for month, base_unit, cost_centre, account, ore in costs.iter_rows():
        booked[base_unit] += ore
        reason = care.declared.reason_of(account, cost_centre, periods[month])
        if reason:
            outside[base_unit] += ore
            reasons[reason] += ore
    return booked, outside, reasons
