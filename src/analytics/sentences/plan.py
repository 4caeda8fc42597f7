"""Sentences about the plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from analytics import swedish
from analytics.disclosure import ProtectedTable
from analytics.measures.plan.budgets import WITHIN
from analytics.sentences.words import amount, find, listed, records

NO_PLAN = "De inlästa planerna har inget beslut för förvaltningen."


def budget(table: ProtectedTable) -> str:
    """The first and last decided total of each part."""
    parts = []
    for part in _codes(table, "plan_part"):
        totals = [row for row in records(table, plan_part=part, row_type="total") if row["value"] is not None]
        if totals:
            first, last = totals[0], totals[-1]
            parts.append(
                f"{first['plan_part_label']} har {amount(first['value'], signed=True)} {first['column']} och "
                f"{amount(last['value'], signed=True)} {last['column']}"
            )
    return f"Beslutad budget: {'; '.join(parts)}." if parts else NO_PLAN


def uprating(table: ProtectedTable) -> str:
    """How many lines follow the index as far as they are printed, and the largest difference."""
    found = [row for row in records(table, column="difference") if row["value"] is not None]
    if not found:
        return NO_PLAN
    following = {_place(row) for row in records(table, column="follows") if row["text"] == WITHIN}
    said = f"{len(following)} av {len(found)} poster följer index inom avrundningen."
    apart = [row for row in found if _place(row) not in following]
    if not apart:
        return said
    largest = max(apart, key=lambda row: abs(row["value"]))
    what = f"{largest['plan_part_label']}, {largest['plan_line_label'].lower()} {largest['plan_year']}"
    more = "mer" if largest["value"] > 0 else "mindre"
    return f"{said} Störst skillnad har {what}: {amount(largest['value'])} {more} än uppräkningen."


def _place(row: dict[str, Any]) -> tuple[str, ...]:
    return row["plan_part"], row["plan_line"], row["plan_year"]


def efficiency(table: ProtectedTable) -> str:
    """The requirements together, and those that the declared base does not give."""
    wanted = [row for row in records(table, column="computed") if row["value"] is not None]
    if not wanted:
        return NO_PLAN
    printed = sum(find(table, column="printed", plan_item=row["plan_item"]).value or 0 for row in wanted)
    return (
        f"Planen kräver effektiviseringar på sammanlagt {amount(printed)}. Beräknat på den angivna basen blir kravet "
        f"{amount(sum(row['value'] for row in wanted))}."
    )


def needs(table: ProtectedTable) -> str:
    """How many needs there are and what they come to each year."""
    if table.frame.is_empty():
        return NO_PLAN
    count = len(_codes(table, "plan_item")) - 1
    years = [code for code in table.headings if code.isdigit()]
    sums = [f"{amount(find(table, column=year, plan_item='', row_type='total').value or 0)} {year}" for year in years]
    return f"Förvaltningen har redovisat {swedish.number(count)} behov, sammanlagt {listed(sums)}."


def investments(table: ProtectedTable) -> str:
    """How much of the investment plan is started and finished."""
    if table.frame.is_empty():
        return "Ingen investeringsplan är inläst för förvaltningen."
    shares = {
        code: next(iter(records(table, column=code, plan_item="", row_type="total")))["text"]
        for code in ("started", "finished")
    }
    if not all(shares.values()):
        return "Investeringsplanen är beslutad, men hur mycket som är påbörjat och avslutat är inte uppföljt ännu."
    return f"Av planens objekt är {shares['started']} påbörjade och {shares['finished']} avslutade."


def _codes(table: ProtectedTable, key: str) -> list[str]:
    return list(dict.fromkeys(table.frame[key].to_list()))


WRITERS: dict[str, Callable[[ProtectedTable], str]] = {
    "plan_budget": budget,
    "plan_uprating": uprating,
    "plan_efficiency": efficiency,
    "plan_needs": needs,
    "plan_investments": investments,
}
"""Table id → what writes its sentence."""
