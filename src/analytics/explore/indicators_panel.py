"""The panel ``indikatorer``: areas, statuses and units narrow the indicators; the picked one is shown beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import ipywidgets as widgets
import polars as pl

from analytics import disclosure, swedish, tables
from analytics.charts import targets
from analytics.charts.figure import Figure
from analytics.charts.linked import Linked, View
from analytics.disclosure import ProtectedTable
from analytics.errors import DisclosureError, MissingDataError
from analytics.explore import binding, indicator_rows, marks
from analytics.explore.binding import Draft
from analytics.explore.found import NONE_HERE, Found, here
from analytics.explore.panel import LinkedPanel
from analytics.explore.pictures import Picture
from analytics.explore.reading import cache_of
from analytics.explore.saving import Saving
from analytics.explore.tables import CopiedTable, for_spreadsheet
from analytics.explore.writing import Writing
from analytics.finder.indicator_findings import MEASURE
from analytics.finder.model import Finding
from analytics.workbench import Workbench
from analytics.workbench.guarding import INTERNAL

WIDTH: Final = 190
"""Pixels of a bar: two columns of charts stand beside each other in a window of an ordinary laptop."""
TITLES: Final = {"area": "Målområde", "state": "Status", "observed_unit": "Enhet"}


class Indicators(LinkedPanel):
    """The panel. ``code`` is the indicator that is shown. Figures have the limits of the internal audience.

    ``selected`` narrows the indicators by area, status and unit; their number is what the bars show.
    """

    titles = TITLES

    def __init__(self, wb: Workbench) -> None:
        marks.refuse_in_run("indikatorer")
        self.wb = wb
        scope = wb.scope
        facts = f"{scope.unit} {scope.unit_label}, {scope.period.label}."
        head = marks.heading("Mål och indikatorer", facts, synthetic=scope.settings.region.synthetic)
        try:
            self._status = self._table("indicator_status")
        except MissingDataError:
            self._refuse(wb, head)
            return
        self._units_table = self._table("indicator_units")
        rows = indicator_rows.of_tables(self._status.frame, self._units_table.frame, scope.unit, scope.unit_label)
        self._names: dict[str, str] = dict(
            rows.select("indicator", "indicator_label").unique(maintain_order=True).rows()
        )
        if not self._names:
            self._refuse(wb, head)
            return
        super().__init__(wb, rows)
        self._history = targets.histories(self._table("indicator_history"))
        self._units = targets.comparisons(self._units_table, unit=scope.unit)
        self.list: Any = widgets.Select(rows=10, layout=widgets.Layout(width="auto"))
        self.list.observe(lambda change: self._picked(change["new"]), names="value")
        self._is_listing = False
        self.told = widgets.HTML()
        self.history, self.units = Picture(cache_of(wb)), Picture(cache_of(wb))
        self.facts, self.beside, self.narrowed = CopiedTable(), CopiedTable(), CopiedTable()
        self.saving, self.writing = Saving(wb, self, "indikatorer"), Writing(wb, self._draft)
        self.code = self.sentence = ""
        below = [self.list, self.told, self.saving, self.writing, self.facts, self.history, self.units, self.beside]
        self.found = Found(here(wb, (MEASURE,)), self.show_finding, measures=(MEASURE,), none=NONE_HERE)
        self.build(head, [self.found], [*below, self.narrowed])

    def show_finding(self, finding: Finding) -> None:
        """Show the indicator that a finding is about."""
        self.select({})
        self.list.value = finding.keys["indicator"]

    def _refuse(self, wb: Workbench, head: str) -> None:
        super().__init__(wb, pl.DataFrame())
        said = f"{wb.scope.unit_label} har inga indikatorer i {wb.scope.period.label}."
        self.children = [widgets.HTML(head), widgets.HTML(marks.problem(said))]

    def linked(self) -> Linked:
        # An indicator has a row for each of its units: without a picked unit it counts once.
        once = "isArray(vald_observed_unit.observed_unit) || datum.is_first"
        views = {
            column: View(
                column,
                title,
                tuple(other for other in TITLES if other != column),
                most=20,
                ordered=True,
                test="" if column == "observed_unit" else once,
                width=WIDTH,
            )
            for column, title in (
                ("area", "Indikatorer per målområde"),
                ("state", "Indikatorer per status"),
                ("observed_unit", "Enheter som följs upp"),
            )
        }
        return Linked(
            data=self.frame,
            columns=((views["area"], views["state"]), (views["observed_unit"],)),
            sums={"indicators": "1"},
            value="datum.indicators",
            number_format=",.0f",
            parameters={},
            selected=self.selected,
            several=False,
        )

    @property
    def unit(self) -> str:
        """The unit that is picked; empty for none."""
        return next(iter(self.selected.get("observed_unit", ())), "")

    def follow(self) -> None:
        """List the indicators of the choice; the one that is shown stays if it is among them."""
        rows = self.frame
        for column, codes in self.selected.items():
            rows = rows.filter(pl.col(column).is_in(list(codes)))
        rows = rows if self.unit else rows.filter("is_first")
        chosen = [rows[f"{column}_label"][0] for column in TITLES if column in self.selected and rows.height]
        count = f"{swedish.number(rows.height)} {'indikator' if rows.height == 1 else 'indikatorer'}"
        self.say(f"{', '.join(chosen) or 'Alla målområden, statusar och enheter'}: {count}.")
        found = [
            (f"{code}  {label}" + (f"  ({state})" if state != indicator_rows.UNJUDGED else ""), code)
            for code, label, state in rows.select("indicator", "indicator_label", "state_label").rows()
        ]
        listed = [code for _, code in found]
        picked = self.code if self.code in listed else next(iter(listed), None)
        # New options pick the first one by themselves.
        self._is_listing = True
        self.list.options = found
        self.list.value = picked
        self._is_listing = False
        self._list_narrowed(rows)
        self.show(picked)

    def _list_narrowed(self, rows: pl.DataFrame) -> None:
        """The indicators of the choice as a table, with the outcome of the picked unit or else of the own one."""
        heads = ["Indikator", "Enhet", "Utfall", "Förvaltningens mål", "Förvaltningens status"]
        lines = [
            [label, unit, self._outcome(code, unit_code), self._cell(code, "target"), state]
            for code, label, unit_code, unit, state in rows.select(
                "indicator", "indicator_label", "observed_unit", "observed_unit_label", "state_label"
            ).rows()
        ]
        self.narrowed.fill(
            caption="Indikatorerna i urvalet", heads=heads, words=5, rows=lines, copied=for_spreadsheet(heads, lines)
        )

    def _cell(self, code: str, column: str) -> str:
        found = self._status.frame.filter(indicator=code, column=column)
        return _shown(found["text"][0], found["status"][0], self._status.mark) if found.height else ""

    def _outcome(self, code: str, unit: str) -> str:
        """The outcome of a unit; of the own unit what the status is judged by."""
        found = self._units_table.frame.filter(indicator=code, column="outcome", observed_unit=unit)
        if found.height:
            return _shown(found["text"][0], found["status"][0], self._units_table.mark)
        return self._cell(code, "outcome") if unit == self.wb.scope.unit else ""

    def _table(self, table_id: str, audience: str = INTERNAL) -> ProtectedTable:
        """The table with the limits of an audience: some indicators are about few persons."""
        limits = self.wb.scope.settings.disclosure
        return disclosure.protect(self.wb.explored_table(table_id), limits.for_audience(audience), limits.mark)

    @property
    def place(self) -> str:
        """What is shown, in words."""
        return str(self._names[self.code])

    def for_audience(self, audience: str) -> Figure:
        """The history of the indicator, else its units beside each other, as the report draws it for these readers.

        Raises DisclosureError where they have no such chart.
        """
        history, units = (self._table(name, audience) for name in ("indicator_history", "indicator_units"))
        for table, drawn in (
            (history, targets.histories(history)),
            (units, targets.comparisons(units, unit=self.wb.scope.unit)),
        ):
            if self.code in drawn:
                return replace(drawn[self.code], source=tables.source_of(table))
        raise DisclosureError(
            f"{self.place}: det finns inget diagram som läsarna får se.", action="Välj en annan indikator."
        )

    def _draft(self, kind: str) -> Draft:
        keys = {"indicator": self.code, "column": "outcome"}
        return binding.of_cell(self.wb, "indicator_status", text=self.sentence, kind=kind, **keys)

    def _picked(self, code: str | None) -> None:
        if not self._is_listing:
            self.show(code)

    def show(self, code: str | None) -> None:
        """Show one indicator by its code, with the outcome of the unit that is picked."""
        if code is None:
            return
        self.code = code
        label = self._names[code]
        rows = self._status.frame.filter(indicator=code)
        facts = [
            (self._status.headings[column], _shown(text, status, self._status.mark))
            for column, text, status in rows.select("column", "text", "status").rows()
        ]
        told = [self._status.headings[column] for column in ("outcome", "target", "status")]
        known = [f"{name.lower()} {text}" for name, text in facts if name in told and text]
        self.sentence = f"{label}: {', '.join(known)}." if known else f"{label}."
        self.told.value = marks.sentence(self.sentence + self._of_unit(code), strong=True)
        self.writing.close_form()
        self._fill(self.facts, f"Målet och bedömningen: {label}", ["Uppgift", "Innehåll"], facts)
        self.history.show(self._history.get(code), otherwise="Indikatorn har för få utfall för att följas över tid.")
        self.units.show(
            self._units.get(code),
            otherwise="Indikatorn följs inte i flera enheter, så det finns inget att jämföra med.",
        )
        beside = self._units_table.frame.filter(indicator=code, column="outcome")
        lines = [
            (unit, _shown(text, status, self._units_table.mark))
            for unit, text, status in beside.select("observed_unit_label", "text", "status").rows()
        ]
        self.beside.layout.display = "" if lines else "none"
        self._fill(self.beside, f"Enheterna: {label}", ["Enhet", "Utfall"], lines)

    def _of_unit(self, code: str) -> str:
        """What the picked unit reached; nothing for the own one, which the sentence is about."""
        rows = self.frame.filter(indicator=code, observed_unit=self.unit)
        if not self.unit or self.unit == self.wb.scope.unit or rows.is_empty():
            return ""
        return f" {rows['observed_unit_label'][0]}: {self._outcome(code, self.unit)}."

    @staticmethod
    def _fill(table: CopiedTable, caption: str, heads: list[str], rows: list[tuple[str, str]]) -> None:
        table.fill(caption=caption, heads=heads, words=2, rows=rows, copied=for_spreadsheet(heads, rows))


def _shown(text: str | None, status: str, mark: str) -> str:
    return mark if status == disclosure.SUPPRESSED else text or ""
