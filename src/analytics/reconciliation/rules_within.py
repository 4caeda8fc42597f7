"""Sums and differences that must hold inside one table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from analytics.reconciliation.identities import Identity, Term
from analytics.reconciliation.published import Row, Table
from analytics.reconciliation.vocabulary import FR1_KINDS, PIVOT_KINDS, RATE_KINDS, STAFF_KINDS, is_total_label

DIFFERENCES = (
    ("vs_budget", "budget", "outcome", "budget − utfall"),
    ("vs_previous", "previous", "outcome", "föregående år − utfall"),
    ("forecast_vs_budget", "budget_year", "forecast", "budget helår − prognos"),
    ("forecast_vs_previous", "previous_year", "forecast", "föregående år helår − prognos"),
    ("change", "current", "previous", "senare år − tidigare år"),
)


def identities(table: Table) -> Iterator[Identity]:
    """Every linear relation inside one table."""
    yield from differences(table)
    if table.kind in STAFF_KINDS:
        yield from _parts(table, "K", "M", "T", "kvinnor + män = totalt")
        yield from _total_row(table, tuple(row for row in table.rows if not row.is_total), "summan av grupperna")
    elif table.kind in FR1_KINDS:
        yield from _parts(table, "external", "internal", "total", "externt + internt = totalt")
        yield from _statement(table)
    elif table.kind in PIVOT_KINDS:
        yield from _outline(table)
    elif table.kind == "projects":
        yield from _projects(table)
    elif table.kind == "budget":
        yield from _budget(table)


def differences(table: Table) -> Iterator[Identity]:
    """Printed differences against the two columns they come from."""
    if table.kind not in (*STAFF_KINDS, *RATE_KINDS, *FR1_KINDS, *PIVOT_KINDS):
        return
    for cell in table.cells:
        for column, minuend, subtrahend, formula in DIFFERENCES:
            first = table.cell(cell.row, cell.part, minuend)
            second = table.cell(cell.row, cell.part, subtrahend)
            if cell.column == column and first and second:
                yield Identity("difference", cell, ((1, first), (-1, second)), f"Differensen är {formula}")


def _parts(table: Table, first: str, second: str, whole: str, formula: str) -> Iterator[Identity]:
    for cell in table.cells:
        one, two = table.cell(cell.row, first, cell.column), table.cell(cell.row, second, cell.column)
        if cell.part == whole and one and two:
            yield Identity("parts", cell, ((1, one), (1, two)), formula.capitalize())


def _sum_of(table: Table, target: Row, rows: tuple[Row, ...], formula: str, check: str = "sum") -> Iterator[Identity]:
    if not rows:
        return
    for cell in (each for each in table.cells if each.row == target.key):
        found = [table.cell(row.key, cell.part, cell.column) for row in rows]
        terms: tuple[Term, ...] = tuple((1, part) for part in found if part)
        if len(terms) == len(rows):
            yield Identity(check, cell, terms, formula)


def _total_row(table: Table, rows: tuple[Row, ...], formula: str) -> Iterator[Identity]:
    for total in (row for row in table.rows if row.is_total):
        yield from _sum_of(table, total, rows, f"{total.label} är {formula}")


def _statement(table: Table) -> Iterator[Identity]:
    """FR1: children to parent, income and cost totals, and the net result."""
    top = tuple(row for row in table.rows if not row.parent and not row.is_total)
    for row in top:
        children = tuple(child for child in table.rows if child.parent.casefold() == row.label.casefold())
        yield from _sum_of(table, row, children, f"{row.label} är summan av sina underrader")
    incomes = tuple(row for row in top if row.label.casefold().startswith("intäkt"))
    costs = tuple(row for row in top if row not in incomes)
    for total in (row for row in table.rows if row.is_total):
        label = total.label.casefold()
        if "intäkt" in label:
            yield from _sum_of(table, total, incomes, f"{total.label} är intäktsraderna")
        elif "kostnad" in label:
            yield from _sum_of(table, total, costs, f"{total.label} är summan av kostnadsraderna")
        else:
            totals = tuple(
                row for row in table.rows if row.is_total and re.search("intäkt|kostnad", row.label.casefold())
            )
            yield from _sum_of(table, total, totals, f"{total.label} är totala intäkter + totala kostnader")


def _outline(table: Table) -> Iterator[Identity]:
    rows = tuple(row for row in table.rows if not row.is_total)
    for row in rows:
        children = tuple(child for child in rows if child.parent == row.key)
        yield from _sum_of(table, row, children, f"{row.label} är summan av raderna under den")
    yield from _total_row(table, tuple(row for row in rows if not row.parent), "summan av huvudraderna")


def _projects(table: Table) -> Iterator[Identity]:
    owners = tuple(dict.fromkeys(row.parent for row in table.rows))
    totals = {row.parent: row for row in table.rows if row.is_total}
    for owner in owners:
        rows = tuple(row for row in table.rows if row.parent == owner and not row.is_total)
        if owner in totals and rows:
            yield from _sum_of(table, totals[owner], rows, f"Ansvar {owner}: totalt är summan av raderna")
    grand = tuple(row for owner, row in totals.items() if is_total_label(owner))
    parts = tuple(row for owner, row in totals.items() if not is_total_label(owner))
    for row in grand:
        yield from _sum_of(table, row, parts, "Totalt är summan av ansvarens totaler")


def _budget(table: Table) -> Iterator[Identity]:
    owners = tuple(dict.fromkeys(row.parent for row in table.rows))
    totals = {row.parent: row for row in table.rows if row.is_total}
    for owner, total in totals.items():
        rows = tuple(row for row in table.rows if row.parent == owner and not row.is_total)
        yield from _sum_of(table, total, rows, f"{owner}: {total.label.lower()} är summan av raderna")
    name = Path(table.file).stem.casefold()
    grand = [owner for owner in owners if len(owners) > 1 and owner.casefold().replace(" ", "_") in name]
    for owner in (each for each in grand if each in totals):
        parts = tuple(row for other, row in totals.items() if other != owner)
        yield from _sum_of(table, totals[owner], parts, f"{owner} är summan av basenheternas summor")
