"""One ledger table against another: the same amount in different tables, also in different units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from analytics.reconciliation.findings import Result
from analytics.reconciliation.identities import Identity, Term, text
from analytics.reconciliation.published import Cell, Table
from analytics.reconciliation.rules_structure import found

_PARTS_OF_LINE: dict[str, tuple[str, tuple[str, ...]]] = {
    "intäkter": ("result_by_class", ("3",)),
    "personal": ("result_by_class", ("4",)),
    "drift": ("result_by_class", ("5", "6", "7", "9")),
    "kapitalkostnad": ("result_by_class", ("8",)),
    "nettoresultat": ("result_by_class", ()),
    "personal/anställda": ("staff_cost_by_group", ("40", "41", "43", "44", "45")),
    "personal/inhyrda": ("staff_cost_by_group", ("42",)),
    "personal/övrigt": ("staff_cost_by_group", ("46",)),
    "drift/resor": ("focus_travel", ()),
}
"""FR1 line → the table with its parts and their codes; no codes means the total row.

FR1 puts financial items (class 9) in operations; the table by class prints classes 5–7 in its row 5.
"""
_PIVOT_COLUMNS = ("outcome", "budget", "vs_budget", "previous", "vs_previous")


def identities(tables: Sequence[Table]) -> Iterator[Identity]:
    """Relations between the ledger tables of one period."""
    by_kind = {table.kind: table for table in tables}
    yield from _summary(by_kind)
    for kind in ("fr1_outcome", "fr1_summary"):
        statement = by_kind.get(kind)
        if statement is not None:
            yield from _statement_and_pivots(statement, by_kind)
    yield from _pivot_totals(by_kind)


def _summary(by_kind: dict[str, Table]) -> Iterator[Identity]:
    summary = by_kind.get("fr1_summary")
    for other in (by_kind.get("fr1_outcome"), by_kind.get("fr1_forecast")):
        if summary is None or other is None:
            continue
        for cell in summary.cells:
            same = other.cell(cell.row, "total", cell.column)
            if same:
                yield _same(cell, same, "Sammandraget visar samma belopp som FR1")


def _same(target: Cell, other: Cell, formula: str) -> Identity:
    return Identity("table against table", target, ((1, other),), formula, both_named=True)


def _statement_and_pivots(statement: Table, by_kind: dict[str, Table]) -> Iterator[Identity]:
    for cell in (each for each in statement.cells if each.part == "total" and each.column in _PIVOT_COLUMNS):
        kind, codes = _PARTS_OF_LINE.get(cell.row, ("", ()))
        parts = by_kind.get(kind)
        if parts is None:
            continue
        if codes:
            yield from _sum(cell, parts, codes, "FR1-raden är summan av sina koder i kontotabellen")
            continue
        total = next((row for row in parts.rows if row.is_total), None)
        same = parts.cell(total.key, "", cell.column) if total else None
        if same:
            yield _same(cell, same, "FR1-raden är totalsumman i kontotabellen")


def _sum(cell: Cell, table: Table, codes: tuple[str, ...], formula: str) -> Iterator[Identity]:
    parts = [table.cell(row.key, "", cell.column) for row in table.rows if row.code in codes and not row.is_total]
    terms: tuple[Term, ...] = tuple((1, each) for each in parts if each)
    if terms:
        yield Identity("table against table", cell, terms, formula, both_named=True)


def parts_of_groups(tables: Sequence[Table]) -> Iterator[Result]:
    """Accounts of a focus area are not more than the account group or class that they belong to."""
    name = "part of account group"
    wholes = [table for table in tables if table.kind in ("staff_cost_by_group", "operations_by_class")]
    for focus in (table for table in tables if table.kind.startswith("focus_")):
        leaves = [row for row in focus.rows if not row.is_total and not any(r.parent == row.key for r in focus.rows)]
        for whole, group in ((table, row) for table in wholes for row in table.rows if row.code.isdigit()):
            inside = [row for row in leaves if row.code.startswith(group.code)]
            is_heading = any(row.parent == group.key for row in whole.rows)
            for column in ("outcome", "budget", "previous"):
                limit = whole.cell(group.key, "", column)
                cells = [cell for row in inside if (cell := focus.cell(row.key, "", column))]
                if is_heading or limit is None or limit.value <= 0 or not cells:
                    continue
                total = sum((cell.value * cell.scale for cell in cells), Decimal(0))
                largest = max(cells, key=lambda cell: cell.value)
                if min(cell.value for cell in cells) < 0 or total <= (limit.value + limit.half) * limit.scale:
                    yield Result(name)
                    continue
                why = f"Its accounts together are more than {limit.file} {limit.location} ({limit.shown})."
                most = text(limit.value * limit.scale / largest.scale)
                yield found(largest, name, f"at most {most}", "implausible", why)


def _pivot_totals(by_kind: dict[str, Table]) -> Iterator[Identity]:
    classes = by_kind.get("result_by_class")
    if classes is None:
        return
    for kind, code in (("staff_cost_by_group", "4"), ("operations_by_class", "5")):
        part = by_kind.get(kind)
        row = next((each for each in classes.rows if each.code == code), None)
        total = next((each for each in part.rows if each.is_total), None) if part else None
        if part is None or row is None or total is None:
            continue
        for column in _PIVOT_COLUMNS:
            first, second = classes.cell(row.key, "", column), part.cell(total.key, "", column)
            if first and second:
                yield _same(first, second, "Raden är totalsumman i tabellen per konto")
