"""The panel ``indikatorer``: an indicator is picked; target, status, history and the other units follow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import ipywidgets as widgets
import polars as pl

from analytics import disclosure, tables
from analytics.charts import targets
from analytics.charts.figure import Figure
from analytics.disclosure import ProtectedTable
from analytics.errors import DisclosureError, MissingDataError
from analytics.explore import binding, marks
from analytics.explore.binding import Draft
from analytics.explore.panel import ROW
from analytics.explore.pictures import Picture
from analytics.explore.reading import cache_of
from analytics.explore.saving import Saving
from analytics.explore.tables import CopiedTable, for_spreadsheet
from analytics.explore.writing import Writing
from analytics.workbench import Workbench

EVERY: Final = "Alla"
INTERNAL: Final = "internal"


class Indicators(widgets.VBox):  # type: ignore[misc] # ipywidgets is untyped
    """The panel. ``code`` is the indicator that is shown. Figures have the limits of the internal audience."""

    def __init__(self, wb: Workbench) -> None:
        marks.refuse_in_run("indikatorer")
        self.wb = wb
        scope = wb.scope
        facts = f"{scope.unit} {scope.unit_label}, {scope.period.label}."
        head = widgets.HTML(marks.heading("Mål och indikatorer", facts, synthetic=scope.settings.region.synthetic))
        try:
            self._status = self._table("indicator_status")
        except MissingDataError:
            said = f"{scope.unit_label} har inga indikatorer i {scope.period.label}."
            super().__init__([head, widgets.HTML(marks.problem(said))])
            return
        self._history = targets.histories(self._table("indicator_history"))
        self._units = targets.comparisons(self._table("indicator_units"), unit=scope.unit)
        self._units_table = self._table("indicator_units")
        rows = self._status.frame
        own = rows.filter(pl.col("level") == pl.col("level").max())
        self._names = dict(own.select("indicator", "indicator_label").unique(maintain_order=True).rows())
        names = self._units_table.frame.select("indicator", "indicator_label").unique(maintain_order=True).rows()
        self._names = {**self._names, **{code: label for code, label in names if code not in self._names}}
        states = rows.filter(column="status").select("indicator", "text")
        self._states: dict[str, str] = {code: text or "" for code, text in states.rows()}
        if not self._names:
            said = f"{scope.unit_label} har inga indikatorer i {scope.period.label}."
            super().__init__([head, widgets.HTML(marks.problem(said))])
            return
        self._wanted = widgets.Dropdown(
            options=[EVERY, *sorted({self._states[code] for code in self._names if self._states.get(code)})],
            description="Status",
            style={"description_width": "auto"},
        )
        self._wanted.observe(lambda _: self._fill_list(), names="value")
        self.list: Any = widgets.Select(rows=10, layout=widgets.Layout(width="100%"))
        self.list.observe(lambda change: self.show(change["new"]), names="value")
        self.said = widgets.HTML()
        self.history, self.units = Picture(cache_of(wb)), Picture(cache_of(wb))
        self.facts, self.beside = CopiedTable(), CopiedTable()
        self.saving, self.writing = Saving(wb, self, "indikatorer"), Writing(wb, self._draft)
        super().__init__(
            [
                head,
                widgets.HBox([self._wanted], layout=ROW),
                self.list,
                self.said,
                self.saving,
                self.writing,
                self.facts,
                self.history,
                self.units,
                self.beside,
            ]
        )
        self.code = self.sentence = ""
        self._fill_list()

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

    def _fill_list(self) -> None:
        wanted = self._wanted.value
        found = [
            (
                f"{code}  {label}" + (f"  ({self._states[code].removeprefix('– ')})" if self._states.get(code) else ""),
                code,
            )
            for code, label in self._names.items()
            if wanted in (EVERY, self._states.get(code))
        ]
        self.list.options = found
        self.list.value = found[0][1] if found else None

    def show(self, code: str | None) -> None:
        """Show one indicator by its code."""
        if code is None or code == self.code:
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
        self.said.value = marks.sentence(self.sentence, strong=True)
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
        self._fill(self.beside, f"Enheterna: {label}", ["Enhet", "Utfall"], lines)

    @staticmethod
    def _fill(table: CopiedTable, caption: str, heads: list[str], rows: list[tuple[str, str]]) -> None:
        table.fill(caption=caption, heads=heads, words=2, rows=rows, copied=for_spreadsheet(heads, rows))


def _shown(text: str | None, status: str, mark: str) -> str:
    return mark if status == disclosure.SUPPRESSED else text or ""
