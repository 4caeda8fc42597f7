"""Decided budgets, and their uprating by index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import polars as pl

from analytics import swedish
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.scope import Data, Scope
from analytics.plan import DecidedBudget, Index, PlanRegister
from analytics.plan.model import LINES

PERCENT = 100
DECIDED = "enligt planerna"
CENTRAL = "Där uppräkningen av löner finns centralt och fördelas varje år är den egna ramen oförändrad."
BEYOND = "En skillnad är vad planen ändrar utöver index, till exempel avrundning eller flyttade uppdrag."
WITHIN, NOT_WITHIN = "ja", "nej"


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
    notes = ["Beslutade belopp, inte uppföljning. Summorna är de tryckta."] if own else []
    years = {str(year): str(year) for year in sorted({each.year for each in own})}
    return table_of("plan_budget", records, DECIDED, notes, headings=years)


def plan_uprating(data: Data, scope: Scope) -> MeasureTable:
    """Each line with an index: the budget of the year before, uprated, beside the decided one.

    Formula: before × (1 + index / 100) where the index is in the frame; otherwise before, with before × index / 100
    held centrally. Columns: plan_part, plan_line, plan_year (each with its label), column (before, index, computed,
    decided, difference, follows, central), text (the index; whether the decided amount is the uprated one within the
    rounding of both printed amounts), value (kr; difference = decided − computed). A year whose year before has no
    decided budget has its index and decided amount alone. Source: 001:1126-1131, 1151-1152.
    """
    del data
    register = PlanRegister.read(scope.reference.folder)
    parts = list(dict.fromkeys(each.part for each in register.budgets if each.administration == scope.unit))
    lines = dict.fromkeys((each.line, each.year) for each in register.indices)
    records: list[tuple[Any, ...]] = []
    without: set[int] = set()
    for part in parts:
        for line, year in lines:
            index = register.index(part, line, year)
            decided = register.budget(scope.unit, part, line, year)
            if index is None or decided is None or decided.kr is None:
                continue
            earlier = register.budget(scope.unit, part, line, year - 1)
            key = (part, part, line, LINES[line], str(year), str(year))
            words: dict[str, str | None] = {"index": swedish.percent(float(index.percent), 1)}
            cells: dict[str, float | None] = dict.fromkeys(TABLES["plan_uprating"].labels)
            cells["decided"] = float(decided.kr)
            if earlier is None or earlier.kr is None:
                without.add(year)
            else:
                found = _uprated(earlier, decided, index)
                cells |= found[0]
                words["follows"] = found[1]
            records += [(*key, column, words.get(column), value) for column, value in cells.items()]
    missing = [f"Budget för {year - 1} finns inte i planerna; därför visas {year} utan jämförelse." for year in without]
    return table_of("plan_uprating", records, DECIDED, [CENTRAL, BEYOND, *missing] if records else [])


def _uprated(earlier: DecidedBudget, decided: DecidedBudget, index: Index) -> tuple[dict[str, float | None], str]:
    """The amounts of one line and year, and whether the decided one is the uprated one as far as they are printed."""
    before, after = Fraction(earlier.kr or 0), Fraction(decided.kr or 0)
    raised = before * index.percent / PERCENT
    growth = 1 + (index.percent / PERCENT if index.in_frame else Fraction(0))
    difference = after - before * growth
    rounding = Fraction(decided.step_kr, 2) + Fraction(earlier.step_kr, 2) * growth
    cells = {
        "before": float(before),
        "computed": float(before * growth),
        "difference": float(difference),
        "central": None if index.in_frame else float(raised),
    }
    return cells, WITHIN if abs(difference) <= rounding else NOT_WITHIN


def table_of(
    table_id: str,
    records: Sequence[tuple[Any, ...]],
    label: str,
    notes: Sequence[str],
    *,
    headings: Mapping[str, str] | None = None,
) -> MeasureTable:
    """A table of the plan from rows of its keys, then text (where it has texts) and value.

    ``headings`` are the columns of this table, where the years of the plan decide them.
    """
    spec = TABLES[table_id]
    names = (*spec.keys, *(("text",) if spec.texts else ()), "value")
    schema = {name: pl.Float64 if name == "value" else pl.String for name in names}
    frame = pl.DataFrame(records, schema=schema, orient="row")
    return MeasureTable(spec, frame, dict(spec.labels if headings is None else headings), label, tuple(notes))
