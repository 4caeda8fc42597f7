"""Efficiency requirement, needs and the investment plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analytics import swedish
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.plan.budgets import PERCENT, table_of
from analytics.measures.scope import Data, Scope
from analytics.plan import PlanRegister

TOTAL = ("", "Summa (egen)", "total")


def plan_efficiency(data: Data, scope: Scope) -> MeasureTable:
    """The efficiency requirement computed on its declared base, beside what the plan prints, and printed savings.

    Formula: base × per cent / 100; base: the total of the part in the budget of the declared year. Columns: plan_item,
    plan_item_label, row_type, column (base, computed, printed, difference), value (kr; difference = printed −
    computed; null where the statement has no base). Source: 001:1223-1263.
    """
    del data
    register = PlanRegister.read(scope.reference.folder)
    records: list[tuple[Any, ...]] = []
    apart = []
    for saving in (each for each in register.savings if each.administration == scope.unit):
        base = computed = None
        if saving.base_year is not None and saving.percent is not None:
            budget = register.budget(scope.unit, saving.part, "total", saving.base_year)
            base = budget.kr if budget else None
            computed = None if base is None else base * saving.percent / PERCENT
        cells = {
            "base": None if base is None else float(base),
            "computed": None if computed is None else float(computed),
            "printed": float(saving.printed_kr),
            "difference": None if computed is None else float(saving.printed_kr - computed),
        }
        if computed is not None and abs(saving.printed_kr - computed) > saving.step_kr / 2:
            apart.append(saving.part)
        records += [(saving.number, saving.item, "row", column, value) for column, value in cells.items()]
    notes = ["Planen utgår från senaste prognosen, som inte är tryckt; här är basen budgeten för 2019."]
    if apart:
        notes.append(f"Skillnaden är större än avrundningen för: {', '.join(apart)}.")
    return table_of("plan_efficiency", records, "plan 2019", notes if records else [])


def plan_needs(data: Data, scope: Scope) -> MeasureTable:
    """The needs of the unit per year, with an own total.

    Columns: plan_item, plan_item_label, row_type, column (years, why), text (the description), value (kr; null where
    nothing is printed). Source: 001:1268-1347.
    """
    del data
    register = PlanRegister.read(scope.reference.folder)
    own = [each for each in register.needs if each.administration == scope.unit]
    records: list[tuple[Any, ...]] = []
    for need in own:
        key = (need.number, need.item, "row")
        records += _years(key, need.kr)
        records.append((*key, "why", need.description, None))
    if own:
        years = own[0].kr
        records += _years(TOTAL, {year: sum(each.kr[year] or 0 for each in own) for year in years})
        records.append((*TOTAL, "why", "Planen har ingen summa; den är räknad här.", None))
    return table_of("plan_needs", records, "plan 2019", [])


def plan_investments(data: Data, scope: Scope) -> MeasureTable:
    """The investment plan by area, with the share of its objects that are started and finished.

    Formula: objects / planned objects × 100. Columns: plan_item, plan_item_label, row_type, column (years, started,
    finished), text (``3 av 14 (21 %)``), value (kr; null for the shares). Source: 004:211-217; 001:1062-1068.
    """
    del data
    own = [
        each
        for each in PlanRegister.read(scope.reference.folder).investments
        if each.administration == scope.unit and each.as_of <= str(scope.period)
    ]
    records: list[tuple[Any, ...]] = []
    for each in own:
        key = (each.area, each.label, "row")
        records += _years(key, each.kr)
        records.append((*key, "started", _share(each.started, each.planned), None))
        records.append((*key, "finished", _share(each.finished, each.planned), None))
    if own:
        records += _years(TOTAL, {year: sum(each.kr[year] or 0 for each in own) for year in own[0].kr})
        planned = sum(each.planned for each in own)
        for column in ("started", "finished"):
            count = sum(each.started if column == "started" else each.finished for each in own)
            records.append((*TOTAL, column, _share(count, planned), None))
    notes = []
    if own:
        notes.append(f"Påbörjade och avslutade objekt till och med {max(each.as_of for each in own)}.")
    if any(each.is_demonstration for each in own):
        notes.append("Demonstration: planens belopp och objekt är påhittade, för de är inte tryckta i dokumenten.")
    return table_of("plan_investments", records, TABLES["plan_investments"].title.lower(), notes)


def _years(key: tuple[str, str, str], amounts: Mapping[int, int | None]) -> list[tuple[Any, ...]]:
    return [(*key, str(year), None, None if kr is None else float(kr)) for year, kr in amounts.items()]


def _share(count: int, whole: int) -> str:
    if not whole:
        return "inga planerade"
    return f"{count} av {whole} ({swedish.percent(count / whole * PERCENT)})"
