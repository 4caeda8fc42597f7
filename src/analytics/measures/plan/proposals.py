"""Efficiency requirement, needs and the investment plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analytics import swedish
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.plan.budgets import DECIDED, PERCENT, table_of
from analytics.measures.scope import Data, Scope
from analytics.periods import Period
from analytics.plan import Investment, Need, PlanRegister

TOTAL = ("", "Summa (räknad här)", "total")


def plan_efficiency(data: Data, scope: Scope) -> MeasureTable:
    """The efficiency requirement computed on its declared base, beside what the plan prints, and printed savings.

    Formula: base × per cent / 100; base: the total of the part in the budget of the declared year. Columns: plan_item,
    plan_item_label, row_type, column (base, percent, computed, printed, difference), text (the per cent), value (kr;
    difference = printed − computed; null where the statement has no base). Source: 001:1223-1263.
    """
    del data
    register = PlanRegister.read(scope.reference.folder)
    records: list[tuple[Any, ...]] = []
    apart, years = [], set()
    for saving in (each for each in register.savings if each.administration == scope.unit):
        base = computed = None
        if saving.base_year is not None and saving.percent is not None:
            years.add(saving.base_year)
            budget = register.budget(scope.unit, saving.part, "total", saving.base_year)
            base = budget.kr if budget else None
            computed = None if base is None else base * saving.percent / PERCENT
        cells = {
            "base": None if base is None else float(base),
            "percent": None,
            "computed": None if computed is None else float(computed),
            "printed": float(saving.printed_kr),
            "difference": None if computed is None else float(saving.printed_kr - computed),
        }
        if computed is not None and abs(saving.printed_kr - computed) > saving.step_kr / 2:
            apart.append(saving.part)
        words = {"percent": None if saving.percent is None else swedish.percent(float(saving.percent), 1)}
        key = (saving.number, saving.item, "row")
        records += [(*key, column, words.get(column), value) for column, value in cells.items()]
    notes = []
    if years:
        named = " och ".join(str(year) for year in sorted(years))
        notes.append(f"Planen utgår från senaste prognosen, som inte är tryckt; här är basen budgeten för {named}.")
    if apart:
        notes.append(f"Skillnaden är större än avrundningen för: {', '.join(apart)}.")
    return table_of("plan_efficiency", records, DECIDED, notes)


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
        records += _years(TOTAL, {year: sum(each.kr[year] or 0 for each in own) for year in own[0].kr})
        records.append((*TOTAL, "why", "Planen har ingen summa; den är räknad här.", None))
    labels = TABLES["plan_needs"].labels
    return table_of("plan_needs", records, _span(own), [], headings=_headings(own) | labels)


def plan_investments(data: Data, scope: Scope) -> MeasureTable:
    """The investment plan by area, with the share of its objects that are started and finished.

    Formula: objects / planned objects × 100, as followed up last by the report month; before the first follow-up the
    shares are empty. Columns: plan_item, plan_item_label, row_type, column (years, started, finished), text (``3 av 14
    (21 %)``), value (kr; null for the shares). Source: 004:211-217; 001:1062-1068.
    """
    del data
    held = [each for each in PlanRegister.read(scope.reference.folder).investments if each.administration == scope.unit]
    own = _as_of(held, str(scope.period))
    followed = [each for each in own if each.as_of <= str(scope.period)]
    shares = {"started": sum(each.started for each in own), "finished": sum(each.finished for each in own)}
    records: list[tuple[Any, ...]] = []
    for each in own:
        key = (each.area, each.label, "row")
        records += _years(key, each.kr)
        for column, count in (("started", each.started), ("finished", each.finished)):
            records.append((*key, column, _share(count, each.planned) if each in followed else None, None))
    if own:
        records += _years(TOTAL, {year: sum(each.kr[year] or 0 for each in own) for year in own[0].kr})
        planned = sum(each.planned for each in own)
        for column, count in shares.items():
            records.append((*TOTAL, column, _share(count, planned) if followed == own else None, None))
    labels = TABLES["plan_investments"].labels
    headings = _headings(own) | labels
    return table_of("plan_investments", records, _span(own), _investment_notes(own, followed), headings=headings)


def _as_of(held: Sequence[Investment], period: str) -> list[Investment]:
    """Each area as it stood last by a month, or as it stands first if it had not been followed up by then."""
    found: dict[str, Investment] = {}
    for each in sorted(held, key=lambda each: each.as_of):
        if each.area not in found or each.as_of <= period:
            found[each.area] = each
    return [found[area] for area in dict.fromkeys(each.area for each in held)]


def _investment_notes(own: Sequence[Investment], followed: Sequence[Investment]) -> list[str]:
    notes = []
    if followed:
        latest = Period.parse(max(each.as_of for each in followed)).label
        notes.append(f"Påbörjade och avslutade objekt till och med {latest}.")
    elif own:
        first = Period.parse(min(each.as_of for each in own)).label
        notes.append(f"Påbörjade och avslutade objekt är uppföljda först från och med {first}.")
    if any(each.is_demonstration for each in own):
        notes.append("Demonstration: planens belopp och objekt är påhittade, för de är inte tryckta i dokumenten.")
    return notes


def _headings(rows: Sequence[Need | Investment]) -> dict[str, str]:
    """The years that the rows have amounts for."""
    return {str(year): str(year) for year in (rows[0].kr if rows else ())}


def _span(rows: Sequence[Need | Investment]) -> str:
    """``2019–2021``; the name of the plans where there is nothing."""
    years = list(rows[0].kr) if rows else []
    return f"{years[0]}–{years[-1]}" if years else DECIDED


def _years(key: tuple[str, str, str], amounts: Mapping[int, int | None]) -> list[tuple[Any, ...]]:
    return [(*key, str(year), None, None if kr is None else float(kr)) for year, kr in amounts.items()]


def _share(count: int, whole: int) -> str:
    if not whole:
        return "inga planerade"
    return f"{count} av {whole} ({swedish.percent(count / whole * PERCENT)})"
