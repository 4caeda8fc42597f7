"""Plans: savings against the budget they are taken from, uprating against the budget that follows it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from analytics.reconciliation import printed as forms
from analytics.reconciliation.findings import Result
from analytics.reconciliation.identities import text
from analytics.reconciliation.published import Cell, Table
from analytics.reconciliation.rules_structure import found
from analytics.reconciliation.vocabulary import is_total_label

_IN_TKR = re.compile(r"(?:\d[\d ]*[ \u00a0]?[–-][ \u00a0]?)?\d[\d \u00a0]*(?= ?tkr)")
SAVING_MARGIN = Decimal("0.2")
"""Share that a saving may be from the requirement times the budget: the requirement is on the latest forecast."""
INDEX_MARGIN = Decimal("0.15")
"""Percentage points between an index and the growth of a budget line that follows it."""


def check(tables: Sequence[Table]) -> Iterator[Result]:
    """Checks between efficiency, index and budget tables."""
    budgets = [table for table in tables if table.kind == "budget"]
    for table in tables:
        if table.kind == "efficiency":
            yield from _savings(table, budgets)
        elif table.kind == "index":
            yield from _uprating(table, budgets)
        elif table.kind == "needs":
            yield from _described(table)


def _savings(table: Table, budgets: Sequence[Table]) -> Iterator[Result]:
    name = "saving and requirement"
    units = [record.get("unit", "") for record in table.records]
    requirement = next((c for c, unit in zip(table.cells, units, strict=True) if unit == "procent"), None)
    if requirement is None:
        return
    sums = _first_sums(budgets)
    for cell, unit in zip(table.cells, units, strict=True):
        item = cell.row.casefold()
        owner = next((each for each in sums if _names(each, item)), None)
        if cell is requirement or owner is None or unit == "procent" or not cell.figure:
            continue
        base = sums[owner]
        expected = base.value * base.scale * requirement.value / 100 / cell.scale
        if abs(expected - cell.value) <= SAVING_MARGIN * expected + cell.half:
            yield Result(name)
            continue
        why = f"{requirement.shown} of {owner}, {base.shown} in {base.file} ({base.location})."
        yield found(cell, name, text(expected), "implausible", why)


def _first_sums(budgets: Sequence[Table]) -> dict[str, Cell]:
    sums: dict[str, Cell] = {}
    for table in budgets:
        for cell in table.cells:
            owner, _, line = cell.row.rpartition("/")
            if is_total_label(line) and cell.figure:
                sums.setdefault(owner, cell)
    return sums


def _names(owner: str, item: str) -> bool:
    """Whether an item speaks of a unit: by its name, or by a telling word of it (``LS Anslag``, ``Anslag under``)."""
    words = owner.casefold().split()
    return owner.casefold() in item or any(len(word) > 5 and word in item.split() for word in words)


def _described(table: Table) -> Iterator[Result]:
    """An amount against the amounts in tkr that its own description states: one of them, their sum, or their span."""
    name = "amount and description"
    for cell, record in zip(table.cells, table.records, strict=True):
        phrase = " ".join(_IN_TKR.findall(record.get("description", "")))
        stated = [abs(figure.value) for figure in forms.numbers_in(phrase)]
        if not stated or cell.figure is None:
            continue
        if min(stated) <= cell.value <= max(stated) or cell.value == sum(stated):
            yield Result(name)
        else:
            listed = ", ".join(text(each) for each in stated)
            yield found(
                cell, name, listed, "implausible", "The amount is neither one of these, between them nor their sum."
            )


def _uprating(table: Table, budgets: Sequence[Table]) -> Iterator[Result]:
    """An index that is said to be in the frame is followed by some budget line of its kind, in the same years."""
    name = "index and budget"
    for cell in table.cells:
        label = cell.row.casefold()
        line = next((each for each in ("drift", "personal") if each in label), None)
        if line is None or "ej i ram" in label or not cell.figure:
            continue
        growth = _growth(budgets, line, cell.column)
        if not growth:
            continue
        near = min(growth, key=lambda each: abs(each - cell.value))
        if abs(near - cell.value) <= INDEX_MARGIN + cell.half:
            yield Result(name)
        else:
            why = f"No {line} line of the budgets grows by the index that is said to be in the frame."
            yield found(cell, name, text(near.quantize(Decimal("0.01"))), "implausible", why)


def _growth(budgets: Sequence[Table], line: str, year: str) -> list[Decimal]:
    rates = []
    for table in budgets:
        for cell in (each for each in table.cells if each.column == year and each.row.casefold().endswith(line)):
            before = table.cell(cell.row, cell.part, str(int(year) - 1)) if year.isdigit() else None
            if before and before.value:
                rates.append((cell.value / before.value - 1) * 100)
    return rates
