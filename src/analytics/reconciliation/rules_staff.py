"""Staff tables: percentages against heads and hours, and hours against heads."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from analytics.reconciliation.findings import Result
from analytics.reconciliation.identities import text
from analytics.reconciliation.published import Cell, Table
from analytics.reconciliation.rules_structure import found
from analytics.reconciliation.vocabulary import RATE_KINDS, STAFF_KINDS

WEIGHT_MARGIN = 0.05
"""How far the women's weight in a mean may be from their share of heads and hours."""
FTE_PER_HEAD = Decimal("1.25")
LEAST_FTE_PER_HEAD = Decimal("0.3")
PERMANENT_SHARE = 0.8
"""At least so large a share of the heads is the base of the turnover (temporary staff are not in it)."""
RATE_MARGIN = 1.0
"""Percentage points that a sick-leave rate may be from sick hours over the hours in the other tables."""
YEARS = ("previous", "current")
WEIGHTED_MEAN = "weighted mean"


def check(tables: Sequence[Table]) -> Iterator[Result]:
    """Checks between the staff tables of one period."""
    by_kind = {table.kind: table for table in tables}
    for kind in RATE_KINDS:
        if kind in by_kind:
            yield from _weighted_mean(by_kind[kind], by_kind)
    if "turnover_pct" in by_kind and "headcount" in by_kind:
        yield from _whole_persons(by_kind["turnover_pct"], by_kind["headcount"])
    if {"sick_leave_pct", "absence_fte", "worked_fte"} <= by_kind.keys():
        yield from _sick_leave(by_kind)
    yield from _hours_and_heads(by_kind)
    yield from _part_of_hours(by_kind)


def _total(table: Table | None, part: str, column: str) -> Cell | None:
    if table is None:
        return None
    row = next((each for each in table.rows if each.is_total), None)
    return table.cell(row.key, part, column) if row else None


def _women_shares(by_kind: dict[str, Table], year: str) -> list[float]:
    shares = []
    for kind in ("headcount", "worked_fte"):
        women, both = (_total(by_kind.get(kind), part, year) for part in ("K", "T"))
        if women and both and both.value > 0:
            shares.append(float(women.value / both.value))
    return shares


def implied_weight(women: Cell, men: Cell, both: Cell) -> tuple[float, float] | None:
    """The least and greatest weight of women that gives the printed mean; None if no weight in 0–1 can."""
    weights = []
    signs = (-1, 1)
    lowest = float(women.value - women.half - men.value - men.half)
    highest = float(women.value + women.half - men.value + men.half)
    if lowest <= 0 <= highest:
        return (0.0, 1.0) if abs(both.value - women.value) <= both.half + 2 * women.half else None
    for k, m, t in itertools.product(signs, repeat=3):
        k_value, m_value = women.value + k * women.half, men.value + m * men.half
        weights.append(float((both.value + t * both.half - m_value) / (k_value - m_value)))
    low, high = min(weights), max(weights)
    return (max(low, 0.0), min(high, 1.0)) if low <= 1 and high >= 0 else None


def _weighted_mean(table: Table, by_kind: dict[str, Table]) -> Iterator[Result]:
    name = WEIGHTED_MEAN
    for row, year in itertools.product(table.rows, YEARS):
        cells = [table.cell(row.key, part, year) for part in ("K", "M", "T")]
        if not all(cell and cell.figure for cell in cells):
            continue
        women, men, both = (cell for cell in cells if cell)
        shares = _women_shares(by_kind, year)
        weight = implied_weight(women, men, both)
        if weight is None:
            low, high = sorted((women.value, men.value))
            why = "The total of two groups lies between them, whatever their sizes."
            yield found(both, name, f"{text(low)} to {text(high)}", "contradiction", why)
            continue
        if not shares or _near(weight, shares):
            yield Result(name)
            continue
        swapped = implied_weight(men, women, both)
        if swapped is not None and _near(swapped, shares):
            remedy = f"Exchanging women and men gives {_range(swapped)}, which fits: the columns look swapped."
        else:
            remedy = "Exchanging women and men does not satisfy it either."
        why = (
            f"The total {both.shown} of women {women.shown} and men {men.shown} gives women a weight of "
            f"{_range(weight)}, but they are {_range((min(shares), max(shares)))} of heads and hours. {remedy}"
        )
        share = Decimal(str(sum(shares) / len(shares)))
        mean = share * women.value + (1 - share) * men.value
        yield found(both, name, text(mean.quantize(Decimal("0.01"))), "contradiction", why)


def _near(weight: tuple[float, float], shares: list[float]) -> bool:
    return weight[0] - WEIGHT_MARGIN <= max(shares) and weight[1] + WEIGHT_MARGIN >= min(shares)


def _range(weight: tuple[float, float]) -> str:
    low, high = (round(100 * each) for each in weight)
    return f"{low} %" if low == high else f"{low}–{high} %"


def _whole_persons(table: Table, heads: Table) -> Iterator[Result]:
    name = "whole persons"
    for row, year in itertools.product(table.rows, YEARS):
        possible: dict[str, range] = {}
        for part in ("K", "M", "T"):
            cell = table.cell(row.key, part, year)
            counts = [count.value for each in YEARS if (count := _total(heads, part, each))]
            if cell is None or cell.figure is None or not counts:
                continue
            low = float(cell.value - cell.half) * PERMANENT_SHARE * float(min(counts)) / 100
            high = float(cell.value + cell.half) * float(max(counts)) / 100
            possible[part] = range(max(0, math.ceil(low - 1e-9)), math.floor(high + 1e-9) + 1)
            if possible[part]:
                yield Result(name)
            else:
                why = f"{cell.shown} of at most {max(counts)} persons is {low:.2f}–{high:.2f} persons, never whole."
                yield found(cell, name, f"{low:.2f}–{high:.2f}", "contradiction", why)
        whole = table.cell(row.key, "T", year)
        if whole and len(possible) == 3 and all(possible.values()):
            sums = {k + m for k in possible["K"] for m in possible["M"]}
            if sums & set(possible["T"]):
                yield Result(name)
            else:
                why = "The persons who left among women and men do not add up to those in the total."
                yield found(whole, name, f"{min(sums)}–{max(sums)} persons", "contradiction", why)


def _sick_leave(by_kind: dict[str, Table]) -> Iterator[Result]:
    rates, absence = by_kind["sick_leave_pct"], by_kind["absence_fte"]
    sick = next((row for row in absence.rows if "sjuk" in row.label.casefold()), None)
    if sick is None:
        return
    expected = {
        (part, year): float(hours.value / base) * 100
        for part, year in itertools.product(("K", "M", "T"), YEARS)
        if (hours := absence.cell(sick.key, part, year)) and (base := _ordinary(by_kind, part, year)) > 0
    }
    for part in ("K", "M", "T"):
        if all((part, year) in expected for year in YEARS):
            expected[part, "change"] = expected[part, "current"] - expected[part, "previous"]
    for row, column in itertools.product(rates.rows, (*YEARS, "change")):
        yield from _rates_of_column(rates, row.key, column, expected, absence.file)


def _rates_of_column(
    rates: Table, row: str, column: str, expected: Mapping[tuple[str, str], float], source: str
) -> Iterator[Result]:
    name = "sick hours and sick rate"
    cells = {part: rates.cell(row, part, column) for part in ("K", "M", "T") if (part, column) in expected}
    for part, cell in cells.items():
        if cell is None or cell.figure is None:
            continue
        if _fits(cell, expected[part, column]):
            yield Result(name)
            continue
        other = cells.get({"K": "M", "M": "K"}.get(part, ""))
        swapped = (
            other is not None and _fits(other, expected[part, column]) and _fits(cell, expected[other.part, column])
        )
        remedy = "The other sex's figure fits: the columns look swapped." if swapped else ""
        why = (
            f"Sick hours over worked and absent hours in {source} and the worked-time table give "
            f"{expected[part, column]:.1f}. {remedy}".strip()
        )
        yield found(cell, name, f"{expected[part, column]:.1f}", "contradiction", why)


def _fits(cell: Cell, expected: float) -> bool:
    return abs(expected - float(cell.value)) <= RATE_MARGIN + float(cell.half)


def _ordinary(by_kind: dict[str, Table], part: str, year: str) -> Decimal:
    """Ordinary hours in FTE: worked − overtime − additional + absent."""
    signs = {"worked_fte": 1, "absence_fte": 1, "overtime_fte": -1, "additional_fte": -1}
    cells = ((sign, _total(by_kind.get(kind), part, year)) for kind, sign in signs.items())
    return sum((sign * cell.value for sign, cell in cells if cell), Decimal(0))


def _hours_and_heads(by_kind: dict[str, Table]) -> Iterator[Result]:
    heads, worked = by_kind.get("headcount"), by_kind.get("worked_fte")
    if heads is None or worked is None:
        return
    name = "hours and heads"
    for cell in (each for each in worked.cells if each.column in YEARS and each.figure):
        row = next(each for each in worked.rows if each.key == cell.row)
        total = row.is_total
        count = _total(heads, cell.part, cell.column) if total else heads.cell(cell.row, cell.part, cell.column)
        persons = count.value if count else Decimal(0)
        hourly = by_kind.get("hourly_fte")
        paid_by_hour = _total(hourly, cell.part, cell.column) if total else (
            hourly.cell(cell.row, cell.part, cell.column) if hourly else None
        )  # fmt: skip
        absent = _total(by_kind.get("absence_fte"), cell.part, cell.column) if total else None
        hours = cell.value - (paid_by_hour.value if paid_by_hour else 0) + (absent.value if absent else 0)
        if persons == 0 and hours - cell.half > 0:
            why = f"Hours of {text(hours)} FTE besides hourly staff, but no employee in {heads.file}."
            yield found(cell, name, "0 employees", "implausible", why)
        elif persons and hours - cell.half > FTE_PER_HEAD * persons:
            why = f"{text(hours)} FTE besides hourly staff on {text(persons)} employees in {heads.file}."
            yield found(cell, name, f"at most {text(FTE_PER_HEAD * persons)}", "implausible", why)
        elif persons >= 2 and hours < LEAST_FTE_PER_HEAD * persons:
            why = f"Only {text(hours)} FTE on {text(persons)} employees in {heads.file}."
            yield found(cell, name, f"at least {text(LEAST_FTE_PER_HEAD * persons)}", "implausible", why)
        else:
            yield Result(name)
    for cell in heads.cells:
        if cell.column in YEARS and cell.value and not _is_total(heads, cell) and not _has(worked, cell):
            yield found(cell, name, "no hours", "implausible", f"Employees without any worked time in {worked.file}.")


def _is_total(table: Table, cell: Cell) -> bool:
    return any(row.is_total and row.key == cell.row for row in table.rows)


def _has(table: Table, cell: Cell) -> bool:
    return table.cell(cell.row, cell.part, cell.column) is not None


def _part_of_hours(by_kind: dict[str, Table]) -> Iterator[Result]:
    """Overtime, additional time and hourly staff are parts of worked time, group by group."""
    name = "part of worked time"
    worked = by_kind.get("worked_fte")
    for kind in ("overtime_fte", "additional_fte", "hourly_fte"):
        table = by_kind.get(kind)
        if worked is None or table is None:
            continue
        for cell in (each for each in table.cells if each.column in YEARS and each.figure):
            whole = _total(worked, cell.part, cell.column) if _is_total(table, cell) else worked.cell(
                cell.row, cell.part, cell.column
            )  # fmt: skip
            most = whole.value + whole.half if whole else Decimal(0)
            if cell.value - cell.half > most:
                why = f"The part is larger than the worked time of the group in {worked.file}."
                yield found(cell, name, f"at most {text(most)}", "implausible", why)
            else:
                yield Result(name)


def staff_tables(tables: Sequence[Table]) -> list[Table]:
    """The staff tables among all tables."""
    return [table for table in tables if table.kind in (*STAFF_KINDS, *RATE_KINDS)]
