"""Decided budgets, and their uprating by index."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import polars as pl

from analytics import swedish
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.scope import Data, Scope
from analytics.plan import PlanRegister
from analytics.plan.model import LINES

NOT_DECIDED = "Förvaltningen har ingen beslutad budget i de inlästa planerna."
PERCENT = 100


def plan_budget(data: Data, scope: Scope) -> MeasureTable:
    """Every line of the unit's decided budgets, by part of the unit and year.

    Columns: plan_part, plan_part_label, plan_line, plan_line_label, row_type (``total`` for the printed sum), column
    (years), value (kr as printed; null where the document prints nothing). Source: 000:1915-1926, 001:1112-1198.
    """
    del data
    register = PlanRegister.read(scope.reference.folder)
    own = [each for each in register.budgets if each.administration == scope.unit]
    order = {line: place for place, line in enumerate(LINES)}
    parts = list(dict.fromkeys(each.part for each in own))
    records = [
        (
            each.part,
            each.part,
            each.line,
            LINES[each.line],
            "total" if each.line == "total" else "row",
            str(each.year),
            None if each.kr is None else float(each.kr),
        )
        for each in sorted(own, key=lambda each: (parts.index(each.part), order[each.line], each.year))
    ]
    notes = ["Beslutade belopp, inte uppföljning. Summorna är de tryckta."] if own else [NOT_DECIDED]
    return table_of("plan_budget", records, "beslutade planer", notes)


def plan_uprating(data: Data, scope: Scope) -> MeasureTable:
    """Each line with an index: the budget of the year before, uprated, beside the decided one.

    Formula: before × (1 + index / 100) where the index is in the frame; otherwise before, with before × index / 100
    held centrally. Columns: plan_part, plan_line, plan_year (each with its label), column (before, index, computed,
    decided, difference, central), text (the index), value (kr; difference = decided − computed). A year whose year
    before has no budget is left out. Source: 001:1126-1131.
    """
    del data
    register = PlanRegister.read(scope.reference.folder)
    parts = list(dict.fromkeys(each.part for each in register.budgets if each.administration == scope.unit))
    records: list[tuple[Any, ...]] = []
    for part in parts:
        for index in register.indices:
            earlier = register.budget(scope.unit, part, index.line, index.year - 1)
            decided = register.budget(scope.unit, part, index.line, index.year)
            if earlier is None or decided is None or earlier.kr is None or decided.kr is None:
                continue
            raised = earlier.kr * index.percent / PERCENT
            computed = earlier.kr + (raised if index.in_frame else Fraction(0))
            cells = {
                "before": float(earlier.kr),
                "index": None,
                "computed": float(computed),
                "decided": float(decided.kr),
                "difference": float(decided.kr - computed),
                "central": None if index.in_frame else float(raised),
            }
            key = (part, part, index.line, LINES[index.line], str(index.year), str(index.year))
            words = {"index": swedish.percent(float(index.percent), 1)}
            records += [(*key, column, words.get(column), value) for column, value in cells.items()]
    notes = [
        "Löner är budgeterade i 2018 års lönenivå alla år; uppräkningen finns centralt och fördelas varje år.",
        "En skillnad är vad planen ändrar utöver index, till exempel avrundning eller flyttade uppdrag.",
    ]
    return table_of("plan_uprating", records, "beslutade planer", notes if records else [NOT_DECIDED])


def table_of(table_id: str, records: Sequence[tuple[Any, ...]], label: str, notes: Sequence[str]) -> MeasureTable:
    """A table of the plan from rows of its keys, then text (where it has texts) and value."""
    spec = TABLES[table_id]
    names = (*spec.keys, *(("text",) if spec.texts else ()), "value")
    schema = {name: pl.Float64 if name == "value" else pl.String for name in names}
    return MeasureTable(
        spec, pl.DataFrame(records, schema=schema, orient="row"), dict(spec.labels), label, tuple(notes)
    )
