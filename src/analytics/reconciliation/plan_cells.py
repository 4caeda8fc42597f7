"""Printed tables of the plan against the package's own: budgets, needs, indices and savings, cell by cell.

The package holds the plan as reviewed data of its own, so this finds a wrong digit, a lost row, a blank that became a
zero and a rounding that changes what was printed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from analytics import swedish
from analytics.errors import DeliveryUnreadableError, LayoutError, Location
from analytics.measures.catalogue import MeasureTable
from analytics.plan import PlanRegister
from analytics.plan.model import LINES
from analytics.reconciliation import printed
from analytics.reconciliation.comparison import Compared, Verdict
from analytics.reconciliation.vocabulary import is_total_label

BUDGETS = {
    "budget_2014_2017_ldstab.csv": "unit",
    "budget_2019_2021_regionstaben.csv": "unit",
    "budget_2019_2021_landstingsgemensamt.csv": "basenhet",
}
"""Published file of budgets → column that names the part of the unit."""
NEEDS = "behov_2019_2021.csv"
INDICES = "uppraknings_index_2019_2021.csv"
SAVINGS = "effektivisering_2019.csv"
SCALES = {"tkr": 1_000, "mnkr": 1_000_000}
ABSENT = "not in the plan"
BLANK = "blank"
_CODES = {label: code for code, label in LINES.items()}

Row = tuple[int, Mapping[str, str]]


def compare(
    folder: Path, register: PlanRegister, measure: Callable[[str], MeasureTable], *, unit: str
) -> tuple[Compared, ...]:
    """Compare the printed tables of the plan that the folder holds.

    Args:
        folder: published tables; files that are not there are not compared.
        register: the plan as the package holds it.
        measure: table id → measure of the unit, in kr.
        unit: administration code; the plans of other units are not compared.

    Raises:
        DeliveryUnreadableError, LayoutError: a file cannot be read or lacks its columns.
    """
    if not any(each.administration == unit for each in register.budgets):
        return ()
    cells: list[Compared] = []
    for name, column in BUDGETS.items():
        cells += _budgets(folder / name, column, measure)
    cells += _needs(folder / NEEDS, measure)
    cells += _indices(folder / INDICES, register)
    cells += _savings(folder / SAVINGS, register, measure)
    return tuple(cells)


def _rows(file: Path, *columns: str) -> list[Row]:
    """The rows of a file with their line numbers; none if there is no such file."""
    if not file.is_file():
        return []
    try:
        reader = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline=""))
    except (OSError, UnicodeDecodeError):
        raise DeliveryUnreadableError(
            "the published table cannot be read", where=Location(file), action="Save it as CSV UTF-8."
        ) from None
    missing = [name for name in (*columns, "printed", "seed_line") if name not in (reader.fieldnames or ())]
    if missing:
        raise LayoutError(
            f"the file lacks {', '.join(missing)}", where=Location(file), action="Use the published columns."
        )
    return [
        (number, {name: (value or "").strip() for name, value in row.items() if isinstance(value, str | None)})
        for number, row in enumerate(reader, start=2)
    ]


def _values(table: MeasureTable, *keys: str) -> dict[tuple[str, ...], float | None]:
    return {tuple(row[key] for key in keys): row["value"] for row in table.frame.iter_rows(named=True)}


def _budgets(file: Path, column: str, measure: Callable[[str], MeasureTable]) -> Iterator[Compared]:
    held = _values(measure("plan_budget"), "plan_part", "plan_line", "column")
    for number, row in _rows(file, column, "line", "year"):
        line = "total" if is_total_label(row["line"]) else _CODES.get(row["line"], row["line"])
        where = f"{row[column]}, {row['line']}, {row['year']}"
        yield _compared(file, number, row, where, held, (row[column], line, row["year"]), scale=1_000)


def _needs(file: Path, measure: Callable[[str], MeasureTable]) -> Iterator[Compared]:
    held = _values(measure("plan_needs"), "plan_item", "column")
    for number, row in _rows(file, "item_no", "item", "year"):
        where = f"{row['item']}, {row['year']}"
        yield _compared(file, number, row, where, held, (row["item_no"], row["year"]), scale=1_000)


def _indices(file: Path, register: PlanRegister) -> Iterator[Compared]:
    held = {(each.label, str(each.year)): float(each.percent) for each in register.indices}
    for number, row in _rows(file, "cost_class", "year"):
        label = row["cost_class"].partition(" (")[0]
        yield _compared(file, number, row, f"{label}, {row['year']}", held, (label, row["year"]), scale=1)


def _savings(file: Path, register: PlanRegister, measure: Callable[[str], MeasureTable]) -> Iterator[Compared]:
    """The requirement in per cent once, and each amount by its line of the document."""
    amounts = {each.source.partition(":")[2]: each.number for each in register.savings}
    shares = {float(each.percent) for each in register.savings if each.percent is not None}
    held = _values(measure("plan_efficiency"), "plan_item", "column")
    for number, row in _rows(file, "item", "unit"):
        if row["unit"] == "procent":
            declared: dict[tuple[str, ...], float | None] = {("percent",): next(iter(shares), None)}
            yield _compared(file, number, row, row["item"], declared, ("percent",), scale=1)
        else:
            key = (amounts.get(row["seed_line"], ""), "printed")
            yield _compared(file, number, row, row["item"], held, key, scale=SCALES[row["unit"]])


def _compared(  # noqa: PLR0913, PLR0917 - one printed cell and where the package has it
    file: Path,
    number: int,
    row: Mapping[str, str],
    where: str,
    held: Mapping[Any, float | None],
    key: tuple[str, ...],
    *,
    scale: int,
) -> Compared:
    numbers = printed.numbers_in(row["printed"])
    figure = numbers[-1] if numbers else None
    value = held.get(key)
    if figure is None:
        package = BLANK if value is None else swedish.number(value / scale)
        same = key in held and value is None
    elif value is None:
        package, same = (BLANK if key in held else ABSENT), False
    else:
        # The plan is compared exactly as far as it is printed: a half is never rounded to the other side.
        exact = swedish.round_half_away(float(Fraction(str(value)) / scale), figure.decimals)
        package, same = swedish.number(value / scale, figure.decimals), exact == figure.value
    verdict: Verdict = "matched" if same else "differs"
    return Compared(
        file=file.name,
        location=f"rad {number}: {where}, källrad {row['seed_line']}",
        printed=row["printed"] or BLANK,
        package=package,
        verdict=verdict,
        proof="",
        blank=figure is None,
        protected=False,
    )
