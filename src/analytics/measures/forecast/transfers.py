"""The budget before and after the transfers of the year: all of them in the year, those that apply in the months."""

from __future__ import annotations

from dataclasses import replace
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

PARTS = ("budget_year", "budget", "outcome", "forecast")


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
    """Budget before and after the transfers of the year, and the deviations from both, for lines that move and totals.

    Columns: report_line, report_line_label, level, parent, column, value (kr; income negative, deviation = budget −
    outcome or forecast). Columns of the year: year_before, year_transfer (applies in the report month), year_coming
    (begins later in the year), year_after (with both), forecast_before, forecast_after (against the unit's own
    forecast). Columns up to the report month, with what applies then: acc_before, acc_transfer, acc_after, vs_before,
    vs_after. Columns of transfers that do not exist are left out, and so are the deviations of a forecast that was not
    given; a year without transfers has no rows. No other table changes with a transfer. Source: 002:601-603, 622, 681.
    """
    parts, lines = ledger.parts(data, scope), scope.reference.report_lines
    applied, coming = in_effect(read_transfers(scope.reference, scope.organisation), scope)
    posted = ledger.sums(data, scope, parts, by=("report_line",), columns=PARTS)
    touched = {leg.report_line for one in (*applied, *coming) for leg in one.legs}
    shown = _columns(parts, applied, coming)
    records = []
    for code, line in lines.items():
        if not leaves(scope, code) & touched or code == TOTAL_INCOME:
            continue
        selected = [amounts for (leaf,), amounts in posted.items() if leaf in leaves(scope, code)]
        row = ledger.zeros(ledger.add(selected, PARTS), parts.held)
        values = _values(row, moved(applied, scope, code), moved(coming, scope, code)[0])
        key = (code, line.label, line.level, line.parent)
        records += [(*key, column, value) for column, value in values.items() if column in shown]
    notes = [ledger.EXCLUDED, *map(_described, applied), *(_coming(one) for one in coming)]
    notes += _booked(data, scope, applied)
    made = table_of(TABLES["budget_transfers"], records, period_label=scope.ledger_range.label, notes=notes)
    return replace(made, headings={code: text for code, text in made.headings.items() if code in shown})


def _columns(parts: ledger.Parts, applied: list[Transfer], coming: list[Transfer]) -> set[str]:
    """Which columns say anything: of the year if anything moves in it, up to the month if anything moved by then."""
    shown = {"year_before", "year_after"}
    if "forecast" in parts.held:
        shown |= {"forecast_before", "forecast_after"}
    if applied:
        shown |= {"year_transfer", "acc_before", "acc_transfer", "acc_after", "vs_before", "vs_after"}
    if coming:
        shown.add("year_coming")
    return shown


def _values(row: ledger.Sums, applied: tuple[Fraction, Fraction], coming: Fraction) -> dict[str, float | None]:
    """Every column of a line in kr; ``applied`` are öre of the year and up to the month."""
    in_year, so_far, later = (float(ore / ledger.ORE) for ore in (*applied, coming))
    year, acc, outcome, forecast = (ledger.kronor(row[part]) for part in PARTS)
    year_after, acc_after = _plus(year, in_year + later), _plus(acc, so_far)
    return {
        "year_before": year,
        "year_transfer": in_year,
        "year_coming": later,
        "year_after": year_after,
        "forecast_before": _less(year, forecast),
        "forecast_after": _less(year_after, forecast),
        "acc_before": acc,
        "acc_transfer": so_far,
        "acc_after": acc_after,
        "vs_before": _less(acc, outcome),
        "vs_after": _less(acc_after, outcome),
    }


def _plus(kr: float | None, more: float) -> float | None:
    return None if kr is None else kr + more


def _less(kr: float | None, other: float | None) -> float | None:
    return None if kr is None or other is None else kr - other


def _described(one: Transfer) -> str:
    remark = f" {one.remark.rstrip('.')}." if one.remark else ""
    return (
        f"Omfördelning {one.code}, {swedish.thousands(one.moved / ledger.ORE)}, gäller från och med "
        f"{one.valid_from.label} och fördelas lika på årets återstående månader. Beslut: {one.decision}.{remark}"
    )


def _coming(one: Transfer) -> str:
    return (
        f"Omfördelning {one.code}, {swedish.thousands(one.moved / ledger.ORE)}, gäller först från och med "
        f"{one.valid_from.label}. Den ingår i helåret efter men inte i budgeten hittills. Beslut: {one.decision}."
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
