"""What is selected in the cube of a staff measure, summed and told as the bars show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from analytics import swedish
from analytics.explore.postings import narrowed
from analytics.explore.staff_cubes import MEASURES, StaffCube
from analytics.measures.catalogue import TABLES
from analytics.measures.scope import Scope

Selected = Mapping[str, Sequence[str]]
LARGEST_PARTS: Final = 3
NAMES: Final[Mapping[str, str]] = {
    "worked_fte": "Utförd arbetstid",
    "overtime_fte": "Övertid",
    "additional_fte": "Mertid",
    "hourly_fte": "Timavlönade",
    "absence_fte": "Frånvaro",
    "sick_leave_pct": "Sjukfrånvaro, %",
    "headcount": "Antal anställda",
}
UNITS: Final[Mapping[str, str]] = {"mean": "årsarbetare", "share": "procent", "last": "personer"}


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One row of the numbers; None for a share of nothing, and where the year is not in the data."""

    code: str
    label: str
    current: float | None
    previous: float | None

    @property
    def change(self) -> float | None:
        """This year minus last year."""
        return None if self.current is None or self.previous is None else self.current - self.previous


def kind_of(measure: str) -> str:
    """Whether a measure is a mean of months, a share or a number on the last day."""
    return MEASURES[measure].kind


def decimals(cube: StaffCube) -> int:
    """As the table of the measure prints."""
    return TABLES[cube.measure.table].decimals


def summed(cube: StaffCube, selected: Selected) -> StaffLine:
    """The whole selection."""
    return _line("", "Summa" if cube.measure.kind != "share" else "Tillsammans", _rows(cube, selected), cube, selected)


def lines(cube: StaffCube, selected: Selected, *, by: str) -> list[StaffLine]:
    """The selection by one column, the largest change first; months in their order."""
    if by == "month":
        selected = {**selected, "month": selected.get("month") or cube.months}
    rows = _rows(cube, selected)
    found = []
    for (code, label), part in rows.group_by(by, f"{by}_label", maintain_order=True):
        one = {**selected, "month": (str(code),)} if by == "month" else selected
        found.append(_line(str(code), str(label), part, cube, one))
    if by == "month":
        return sorted(found, key=lambda line: line.code)
    return sorted(found, key=lambda line: (-abs(line.change or 0.0), -(line.current or 0.0), line.code))


def _rows(cube: StaffCube, selected: Selected) -> pl.DataFrame:
    if cube.measure.kind == "last" and not selected.get("month"):
        selected = {**selected, "month": cube.months[-1:]}
    return narrowed(cube.frame, selected)


def _line(code: str, label: str, rows: pl.DataFrame, cube: StaffCube, selected: Selected) -> StaffLine:
    current, previous = (_value(rows, name, cube, selected) for name in ("current", "previous"))
    return StaffLine(code, label, current, previous if cube.has_previous else None)


def _value(rows: pl.DataFrame, column: str, cube: StaffCube, selected: Selected) -> float | None:
    amount = float(rows[column].sum())
    if cube.measure.kind == "share":
        base = float(rows[f"{column}_base"].sum())
        return amount / base * 100 if base else None
    return amount / len(selected.get("month") or cube.months) if cube.measure.kind == "mean" else amount


def place(cube: StaffCube, selected: Selected, scope: Scope) -> str:
    """What is selected, in words."""
    parts = []
    for column in ("group", "sex", "base_unit"):
        codes = list(selected.get(column, ()))
        if codes:
            rows = cube.frame.filter(pl.col(column).is_in(codes))
            parts.append(", ".join(rows[f"{column}_label"].unique().sort().to_list()))
    months = cube.frame.filter(pl.col("month").is_in(list(selected.get("month", ()))))
    named = [swedish.inline(label) for _, label in months.select("month", "month_label").unique().sort("month").rows()]
    when = ", ".join(named) or scope.staff_range.label
    return ", ".join([*(parts or [f"Hela {scope.unit_label}"]), when])


def tell(cube: StaffCube, selected: Selected, scope: Scope, *, printed: Sequence[StaffLine] = ()) -> str:
    """The selection as a sentence with what has changed most.

    ``printed`` are the groups as the report prints them, for the whole unit: there none is too small to be whole.
    """
    by = "group" if len(selected.get("group", ())) != 1 else "base_unit"
    parts = [] if len(selected.get(by, ())) == 1 else printed or lines(cube, selected, by=by)
    return said(cube, place(cube, selected, scope), summed(cube, selected), parts)


def said(
    cube: StaffCube, where: str, total: StaffLine, parts: Sequence[StaffLine], *, is_protected: bool = False
) -> str:
    """A line with its level, change and the parts that have changed most the same way.

    ``is_protected``: None is what the readers may not see, and parts of it are missing.
    """
    places, unit = decimals(cube), UNITS[cube.measure.kind]
    begun = f"{NAMES[cube.measure.table].removesuffix(', %')}, {swedish.inline(where)}"
    if total.current is None:
        return f"{begun}: {'visas inte för läsekretsen' if is_protected else 'ingen uppgift'}."
    begun += f": {swedish.number(total.current, places)} {unit}"
    if total.change is None or total.previous is None:
        return f"{begun}. Föregående år {'visas inte' if is_protected and cube.has_previous else 'saknas'}."
    change_unit = "procentenheter" if cube.measure.kind == "share" else unit
    before, change = swedish.number(total.previous, places), signed(total.change, places)
    begun += f", föregående år {before}, förändring {change} {change_unit}."
    least = 0.5 * 10**-places
    if cube.measure.kind == "share" or abs(total.change) < least:
        return begun
    sign = -1 if total.change < 0 else 1
    told = sorted(parts, key=lambda line: (-abs(line.change or 0.0), line.code))
    same = [line for line in told if (line.change or 0.0) * sign >= least]
    if not same:
        return begun
    listed = ", ".join(f"{line.label} ({signed(line.change or 0.0, places)})" for line in same[:LARGEST_PARTS])
    hidden = " bland det som visas" if any(line.change is None for line in parts) else ""
    return f"{begun} Störst bidrag åt samma håll{hidden}: {listed}."


def signed(value: float, places: int) -> str:
    """A change with its sign."""
    text = swedish.number(value, places)
    return text if value <= 0 or text.strip("0,") == "" else f"+{text}"
