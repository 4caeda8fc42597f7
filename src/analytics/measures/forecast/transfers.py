"""The budget before and after the transfers of the year, for the full year and up to the report month."""

from __future__ import annotations

from fractions import Fraction

import narwhals as nw

from analytics import swedish
from analytics.measures import ledger
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.forecast.full_year import line_name
from analytics.measures.forecast.history import leaves
from analytics.measures.forecast.rows import table_of
from analytics.measures.forecast.transfer_list import Transfer, read_transfers
from analytics.measures.report_form import NET, TOTAL_INCOME
from analytics.measures.scope import Data, Scope, collect

PARTS = ("budget_year", "budget", "outcome")


def in_effect(transfers: tuple[Transfer, ...], scope: Scope) -> tuple[list[Transfer], list[Transfer]]:
    """Transfers of the unit and year that apply in the report month, and those that begin later in the year."""
    own = [one for one in transfers if one.administration == scope.unit and one.valid_from.year == scope.period.year]
    return (
        [one for one in own if one.valid_from <= scope.period],
        [one for one in own if one.valid_from > scope.period],
    )


def moved(transfers: list[Transfer], scope: Scope, code: str) -> tuple[Fraction, Fraction]:
    """Öre that the transfers give a line: over the year, and up to the report month."""
    wanted = leaves(scope, code)
    legs = [(one, leg.ore) for one in transfers for leg in one.legs if leg.report_line in wanted]
    year = sum((Fraction(ore) for _, ore in legs), Fraction(0))
    return year, sum((one.effect(scope.period) * ore for one, ore in legs), Fraction(0))


def budget_transfers(data: Data, scope: Scope) -> MeasureTable:
    """Budget before, transfer and after, and the deviation of the outcome from both, for lines that move and the net.

    Columns: report_line, report_line_label, level, parent, column (year_before, year_transfer, year_after,
    acc_before, acc_transfer, acc_after, vs_before, vs_after), value (kr; income negative,
    deviation = budget − outcome). A transfer applies to report months from its own month on, so packages of earlier
    months do not change. Source: 002:601-603, 622, 681.
    """
    parts, lines = ledger.parts(data, scope), scope.reference.report_lines
    applied, coming = in_effect(read_transfers(scope.reference, scope.organisation), scope)
    posted = ledger.sums(data, scope, parts, by=("report_line",), columns=PARTS)
    touched = {leg.report_line for one in applied for leg in one.legs}
    records = []
    for code, line in lines.items():
        if code != NET and (not leaves(scope, code) & touched or code == TOTAL_INCOME):
            continue
        selected = [amounts for (leaf,), amounts in posted.items() if leaf in leaves(scope, code)]
        row = ledger.zeros(ledger.add(selected, PARTS), parts.held)
        year, so_far = (float(ore / ledger.ORE) for ore in moved(applied, scope, code))
        before, acc, outcome = (ledger.kronor(row[part]) for part in PARTS)
        after = None if acc is None else acc + so_far
        values = {
            "year_before": before,
            "year_transfer": year,
            "year_after": None if before is None else before + year,
            "acc_before": acc,
            "acc_transfer": so_far,
            "acc_after": after,
            "vs_before": None if acc is None or outcome is None else acc - outcome,
            "vs_after": None if after is None or outcome is None else after - outcome,
        }
        records += [(code, line.label, line.level, line.parent, column, value) for column, value in values.items()]
    notes = [ledger.EXCLUDED, *map(_described, applied), *(_coming(one) for one in coming)]
    notes += _booked(data, scope, applied)
    return table_of(TABLES["budget_transfers"], records, period_label=scope.ledger_range.label, notes=notes)


def _described(one: Transfer) -> str:
    remark = f" {one.remark.rstrip('.')}." if one.remark else ""
    return (
        f"Omfördelning {one.code}, {swedish.thousands(one.moved / ledger.ORE)}, gäller från och med "
        f"{one.valid_from.label} och fördelas lika på årets återstående månader. Beslut: {one.decision}.{remark}"
    )


def _coming(one: Transfer) -> str:
    return (
        f"Omfördelning {one.code}, {swedish.thousands(one.moved / ledger.ORE)}, gäller först från och med "
        f"{one.valid_from.label} och ingår inte i den här rapporten. Beslut: {one.decision}."
        + (f" {one.remark.rstrip('.')}." if one.remark else "")
    )


def _booked(data: Data, scope: Scope, applied: list[Transfer]) -> list[str]:
    """What the ledger itself holds of revised budget up to the report month, where it differs from the list."""
    lines = scope.reference.report_lines
    rows = ledger.counted(data, scope, projects=False).filter(
        nw.col("kind") == "budget_revised", nw.col("period").is_in(scope.ledger_range.months)
    )
    booked = dict(collect(rows.group_by("report_line").agg(nw.col("amount_ore").sum())).rows())
    leaf_lines = [code for code in lines if code in leaves(scope, NET)]
    differing = [
        line_name(lines, code)
        for code in leaf_lines
        if abs(Fraction(booked.get(code, 0)) - moved(applied, scope, code)[1]) >= ledger.ORE
    ]
    if not differing:
        return ["Ekonomisystemets bokförda budgetändringar stämmer med listan."] if applied else []
    where = ", ".join(differing)
    return [f"Ekonomisystemets bokförda budgetändringar stämmer inte med listan för {where}; tabellen följer listan."]
