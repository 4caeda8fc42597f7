"""The charts of the staff panel for readers: every bar is a cell that a report prints or that ``wb.share`` gives.

The panel itself merges small groups, and its sums are those of the reports. A bar of it that lacks a small group would,
beside the whole group in a report, tell the small one. So no bar of the panel leaves: its charts are drawn anew from
protected tables, and what these hide is not drawn (decision 030: parts are for those inside, and judged together).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from analytics import swedish
from analytics.charts.figure import Figure
from analytics.charts.linked import Linked, View
from analytics.charts.still import Bar, Told, still
from analytics.disclosure import ProtectedTable
from analytics.errors import DisclosureError
from analytics.explore import staff_view
from analytics.explore.staff_cubes import BOTH, MERGED, REST, SEXES, StaffCube
from analytics.explore.staff_view import Selected, StaffLine
from analytics.periods import Period
from analytics.workbench import Workbench
from analytics.workbench.guarding import INTERNAL

MONTHLY: Final = frozenset({"worked_fte", "absence_fte", "sick_leave_pct", "headcount"})
"""Measures that have a table by month: ``<measure>_monthly``."""
HIDDEN: Final = "visas inte: få personer står bakom, eller så kunde en sådan uppgift räknas ut."


def check(cube: StaffCube, selected: Selected, audience: str) -> dict[str, str]:
    """What is chosen, column → code, for these readers.

    Raises DisclosureError (in Swedish, as the panel says it) for a choice that no table tells them of.
    """
    chosen = {column: tuple(codes) for column, codes in selected.items() if codes}
    if set(chosen.get("month", ())) == set(cube.months):
        del chosen["month"]
    if any(set(codes) & MERGED for codes in chosen.values()):
        raise DisclosureError(
            "Det valda är en grupp som är för liten för läsekretsen.", action="Välj en större grupp, eller ingen."
        )
    if "month" in chosen:
        raise DisclosureError(
            "En del av månaderna för sig kan tillsammans med rapportens tal röja enskilda.",
            action="Välj alla månader; månaderna får ett eget diagram där rapporten har dem.",
        )
    if any(len(codes) > 1 for codes in chosen.values()):
        raise DisclosureError("Flera staplar i samma diagram är valda.", action="Välj högst en i varje diagram.")
    if "base_unit" in chosen and audience != INTERNAL:
        raise DisclosureError(
            "Delar av en förvaltning lämnas bara till interna läsare.",
            action="Välj den interna läsekretsen, eller hela förvaltningen.",
        )
    if "group" in chosen and cube.measure.kind == "share":
        raise DisclosureError("Rapporten visar inte sjukfrånvaro i procent per grupp.", action="Välj ingen grupp.")
    return {column: codes[0] for column, codes in chosen.items()}


@dataclass(frozen=True)
class StaffChart:
    """What one audience may see of the choice in a panel. ``chosen`` is what :func:`check` has let through."""

    wb: Workbench
    cube: StaffCube
    chosen: Mapping[str, str]
    audience: str
    is_level: bool
    _tables: dict[tuple[str, str], ProtectedTable] = field(default_factory=dict)

    def figure(self, drawn: Linked, *, title: str, shown: str) -> Figure:
        """The charts in the form of those of the panel, with sentence, notes and how much is left out.

        ``title`` says what is measured, ``shown`` what a bar is, both with unit. Raises DisclosureError where these
        readers may see nothing of it.
        """
        found = {view.column: self.lines(view.column) for view in drawn.views}
        bars = [self._bars(found[view.column], view) for view in drawn.views]
        if not any(bars):
            raise DisclosureError(
                "Inget av det valda får visas för läsekretsen.", action="Välj en större del, eller ett annat mått."
            )
        hidden = sum(self._value(line) is None for lines in found.values() for line in lines)
        notes = [f"{shown}.", *self.cube.notes]
        if hidden:
            notes.append(f"{'En stapel' if hidden == 1 else f'{swedish.number(hidden)} staplar'} {HIDDEN}")
        selected = {column: (code,) for column, code in self.chosen.items()}
        where = staff_view.place(self.cube, selected, self.wb.scope).replace(REST, "")
        by = "base_unit" if "group" in self.chosen else "group"
        told = Told(
            figure_id="personal",
            title=f"{title}: {where}",
            sentence=staff_view.said(
                self.cube, where, self._line("", "Summa"), [] if by in self.chosen else found[by], is_protected=True
            ),
            caption=" ".join(notes),
            unit=shown,
            source="personalsystemet (anställningar, arbetad tid och frånvaro)",
        )
        return still(drawn, bars, told)

    def lines(self, column: str) -> list[StaffLine]:
        """What one chart is about, narrowed by what is chosen in the others; hidden figures are None.

        Empty where no table tells it to these readers, and without what is nothing in both years.
        """
        if column == "month":
            return self._months()
        found = [self._line(code, label, column) for code, label in self._named(column).items()]
        return [line for line in found if line.current != 0 or line.previous not in (0, None)]

    def _named(self, column: str) -> Mapping[str, str]:
        """Code → name of the bars that a chart could have."""
        if column == "sex":
            return {code: label for code, label in SEXES.items() if code != BOTH}
        if column == "base_unit":
            labels = self.wb.children.labels if self.audience == INTERNAL else {}
            return {code: f"{code} {label}" for code, label in labels.items()}
        if self.cube.measure.kind == "share":
            return {}
        key = self.cube.measure.group
        rows = self._table(self.chosen.get("base_unit", "")).frame.filter(row_type="row")
        return dict(rows.select(key, f"{key}_label").unique(maintain_order=True).rows())

    def _table(self, base_unit: str, suffix: str = "") -> ProtectedTable:
        table_id = f"{self.cube.measure.table}{suffix}"
        if (base_unit, table_id) not in self._tables:
            bench = self.wb.children[base_unit] if base_unit else self.wb
            table = bench.of_table(table_id, self.audience, drawn=False).table
            assert table is not None  # noqa: S101 - a table was asked for
            self._tables[base_unit, table_id] = table
        return self._tables[base_unit, table_id]

    def _line(self, code: str, label: str, column: str = "") -> StaffLine:
        """One bar of a chart, or the whole of what is chosen."""
        chosen = {**self.chosen, **({column: code} if column else {})}
        frame = self._table(chosen.get("base_unit", "")).frame.filter(sex=chosen.get("sex", BOTH))
        if "group" in chosen:
            frame = frame.filter(pl.col(self.cube.measure.group) == chosen["group"], pl.col("row_type") == "row")
        elif self.cube.measure.kind != "share":
            frame = frame.filter(row_type="total")
        values = dict(frame.select("column", "value").rows())
        return StaffLine(code, label, values.get("current"), values.get("previous"))

    def _months(self) -> list[StaffLine]:
        """The months of the range, from the table that has them: of absence by group, of others for all groups."""
        measure, is_absence = self.cube.measure, self.cube.measure.group == "absence_group"
        if measure.table not in MONTHLY or is_absence != ("group" in self.chosen):
            return []
        rows = self._table(self.chosen.get("base_unit", ""), "_monthly").frame
        rows = rows.filter(sex=self.chosen.get("sex", BOTH))
        if is_absence:
            rows = rows.filter(pl.col(measure.group) == self.chosen["group"])
        values = dict(rows.select("period", "value").rows())
        return [
            StaffLine(code, month.label.capitalize(), values.get(code), values.get(str(month.previous_year)))
            for code in self.cube.months
            for month in (Period.parse(code),)
        ]

    def _bars(self, lines: Sequence[StaffLine], view: View) -> list[Bar]:
        places, chosen = staff_view.decimals(self.cube), self.chosen.get(view.column)
        bars = []
        for line in lines:
            value = self._value(line)
            if value is not None:
                text = swedish.number(value, places) if self.is_level else staff_view.signed(value, places)
                bars.append(Bar(line.label, value, text, chosen in (None, line.code)))
        return bars if view.ordered else sorted(bars, key=lambda bar: bar.value)

    def _value(self, line: StaffLine) -> float | None:
        return line.current if self.is_level else line.change
