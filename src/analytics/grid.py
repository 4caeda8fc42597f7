"""A protected table laid out as rows and columns of printed text: what both the HTML table and a chart's numbers show.

Nothing here computes: values are divided by 1 000 where a table is printed in tkr, rounded and written in Swedish.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal, Protocol

import polars as pl

from analytics import swedish
from analytics.disclosure import ProtectedTable
from analytics.errors import DisclosureError, UsageError
from analytics.measures.catalogue import ORIGINS, SERIES, SEXES, TableSpec
from analytics.measures.catalogue.model import APART, WHOLE
from analytics.periods import Period

Status = Literal["ok", "suppressed", "missing"]

# Printed heading of each row key, in the order of the keys; its label stands in the column that follows it.
ROW_HEADINGS = {
    "personnel_group": "Personalgrupp",
    "absence_group": "Frånvarogrupp",
    "measure": "Nyckeltal",
    "report_line": "Kontoslag",
    "test": "Prov",
    "part": "Del",
    "deviation": "Kontoslag och jämförelse",
    "code": "Konto",
    "cost_centre": "Ansvar",
    "account_class": "Slag",
    "administration": "Förvaltning",
    "profession": "Yrke",
    "share": "Andel",
    "care_unit": "Vårdenhet",
    "base_unit": "Klinik",
    "contact_kind": "Slag av kontakt",
    "plan_part": "Verksamhet",
    "plan_line": "Post",
    "plan_year": "År",
    "plan_item": "Avser",
    "goal_area": "Målområde",
    "indicator": "Indikator",
    "observed_unit": "Enhet",
    "period": "Månad",
}
CODES_UNKNOWN = frozenset({"base_unit"})
"""Row keys whose codes are numbers that readers do not know: the name says more without it."""
TOTAL_LINES = frozenset({"total_income", "total_cost", "net"})
NO_UNIT = "i ord"
"""The unit of a table whose cells are words."""
UNIT_WORDS = {"%": "procent", "antal": "personer"}


class Figures(Protocol):
    """What can be laid out: a protected table, or in exploration one that says that it is not (decision 030)."""

    @property
    def spec(self) -> TableSpec: ...
    @property
    def frame(self) -> pl.DataFrame: ...
    @property
    def headings(self) -> dict[str, str]: ...
    @property
    def period_label(self) -> str: ...
    @property
    def notes(self) -> tuple[str, ...]: ...
    @property
    def mark(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell. ``text`` is the mark where the value is suppressed and empty where it is missing."""

    text: str
    status: Status
    in_words: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row: its headings (one or two), its level of indent and whether it is a total."""

    heads: tuple[str, ...]
    cells: tuple[Cell, ...]
    level: int = 1
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """``groups`` are the first header level with the number of columns below each; empty with one level only."""

    heads: tuple[str, ...]
    groups: tuple[tuple[str, int], ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    unit: str

    @property
    def has_suppressed(self) -> bool:
        return any(cell.status == "suppressed" for row in self.rows for cell in row.cells)

    @property
    def has_missing(self) -> bool:
        return any(cell.status == "missing" for row in self.rows for cell in row.cells)

    def in_words(self, place: int) -> bool:
        """Whether the column at a place holds words, which are read from the left, and no bare numbers."""
        cells = [row.cells[place] for row in self.rows]
        given = [cell for cell in cells if cell.status == "ok"]
        return bool(given) and all(cell.in_words for cell in given)


def require_protected(table: object) -> ProtectedTable:
    """The table itself. Raises DisclosureError unless it has passed disclosure control."""
    if isinstance(table, ProtectedTable):
        return table
    raise DisclosureError(
        f"a {type(table).__name__} was about to be shown without disclosure control",
        action="Show what wb.protected(table_id) gives.",
    )


def printed_unit(table: Figures, unit: str | None = None) -> str:
    """The unit that a table is printed in: kr tables in tkr, as the printed report does, unless ``unit`` says else."""
    if table.spec.unit != "kr":
        if unit is not None and unit != table.spec.unit:
            raise UsageError(f"{table.spec.table_id} is in {table.spec.unit} and cannot be shown in {unit}")
        return table.spec.unit
    if unit is None:
        return "kr" if table.spec.in_kr else "tkr"
    if unit not in ("kr", "tkr"):
        raise UsageError(f"{unit!r} is not a unit of amounts", action="Use kr or tkr.")
    return unit


def number_text(table: Figures, value: float, unit: str) -> str:
    """One value as printed in the table: decimals of the table, tkr from unrounded kronor."""
    return swedish.number(value / 1000 if unit == "tkr" else value, table.spec.decimals)


def drawn_value(table: Figures, value: float, unit: str) -> float:
    """The value as a chart holds it: rounded as it is printed, so that nothing finer leaves the protected table."""
    return float(swedish.round_half_away(value / 1000 if unit == "tkr" else value, table.spec.decimals))


def with_unit(text: str, unit: str) -> str:
    """``237 tkr`` with a hard space; a plain count stands alone."""
    return text if unit == "antal" else f"{text}{swedish.HARD_SPACE}{unit}"


def column_codes(table: Figures) -> list[str]:
    """Codes of ``column`` in printed order: the earlier year stands before the later one."""
    present = table.frame["column"].unique().to_list()
    order = list(table.spec.labels)
    # The years of a plan are columns of its data: the declaration does not know them.
    order = order if set(order) >= set(present) else list(table.headings)
    if {"previous", "current"} <= set(order) and "outcome" not in order:
        order = ["previous", "current", *(code for code in order if code not in ("previous", "current"))]
    unknown = sorted(set(present) - set(order))
    if unknown:
        raise UsageError(f"{table.spec.table_id} has cells in columns without a heading: {', '.join(unknown)}")
    return [code for code in order if code in present]


def build(table: Figures, *, unit: str | None = None) -> Grid:
    """Lay a protected table out in printed order; rows stand as the measure gave them."""
    shown_unit = printed_unit(table, unit)
    keys = table.spec.keys
    outer, inner = _axes(table)
    axes = [axis for axis in (outer, inner) if axis is not None]
    row_keys = [key for key in keys if key not in {axis.key for axis in axes} and key not in _label_keys(axes)]
    cells: dict[tuple[Any, ...], dict[tuple[Any, ...], Cell]] = {}
    for record in table.frame.iter_rows(named=True):
        row = cells.setdefault(tuple(record[key] for key in row_keys), {})
        row[tuple(record[axis.key] for axis in axes)] = _cell(table, record, shown_unit)
    combinations: list[tuple[str, ...]] = (
        [(code,) for code in outer.codes] if inner is None else list(product(outer.codes, inner.codes))
    )
    missing = Cell("", "missing")
    head_keys = [key for key in row_keys if key in ROW_HEADINGS]
    rows = tuple(
        _row(
            dict(zip(row_keys, key, strict=True)),
            head_keys,
            tuple(found.get(combination, missing) for combination in combinations),
        )
        for key, found in cells.items()
    )
    return Grid(
        heads=tuple(ROW_HEADINGS[key] for key in head_keys),
        groups=() if inner is None else tuple((outer.labels[code], len(inner.codes)) for code in outer.codes),
        columns=tuple((inner or outer).labels[combination[-1]] for combination in combinations),
        rows=rows,
        unit=shown_unit,
    )


@dataclass(frozen=True, slots=True)
class _Axis:
    key: str
    codes: list[str]
    labels: dict[str, str]


def _axes(table: Figures) -> tuple[_Axis, _Axis | None]:
    keys = table.spec.keys
    found = []
    if "column" in keys:
        found.append(_Axis("column", column_codes(table), dict(table.headings)))
    elif "absence_group" in keys:
        names = table.frame.select("absence_group", "absence_group_label").unique(maintain_order=True).rows()
        found.append(_Axis("absence_group", [code for code, _ in names], {c: f"{c} {label}" for c, label in names}))
    for key, labels in (("sex", SEXES), ("origin", ORIGINS), ("series", SERIES)):
        if key in keys:
            present = set(table.frame[key].to_list())
            found.append(_Axis(key, [code for code in labels if code in present], labels))
    return found[0], found[1] if len(found) > 1 else None


def _label_keys(axes: Sequence[_Axis]) -> set[str]:
    return {f"{axis.key}_label" for axis in axes}


def _cell(table: Figures, record: dict[str, Any], unit: str) -> Cell:
    status: Status = record["status"]
    if status == "suppressed":
        return Cell(table.mark, "suppressed")
    if status == "ok" and record.get("text") is not None:
        return Cell(record["text"], "ok", in_words=True)
    if status == "missing" or record["value"] is None:
        return Cell("", "missing")
    return Cell(number_text(table, record["value"], unit), "ok")


def printed(table: Figures, record: dict[str, Any]) -> Cell:
    """One row of the frame as the cell that is printed for it."""
    return _cell(table, record, printed_unit(table))


def _row(key: dict[str, Any], head_keys: list[str], cells: tuple[Cell, ...]) -> Row:
    row_type = key.get("row_type", "row")
    of_all_kinds = key.get("contact_kind") == WHOLE["contact_kind"]
    is_total = row_type != APART and (row_type != "row" or of_all_kinds or key.get("report_line") in TOTAL_LINES)
    return Row(
        heads=tuple(row_head(key, head) for head in head_keys),
        cells=cells,
        level=int(key.get("level") or 1),
        is_total=is_total,
    )


def row_head(key: dict[str, Any], head: str) -> str:
    """``1.2 Ledningsarbete``: the code is printed where it is a number that readers know, else the label alone."""
    code = str(key[head] or "")
    if head == "period":
        return Period.parse(code).label if code else "Totalt"
    label = str(key.get("label" if head == "code" else f"{head}_label") or "")
    if not code[:1].isdigit() or code == label or head in CODES_UNKNOWN:
        return label or "Totalt"
    return f"{code} {label}".strip()
