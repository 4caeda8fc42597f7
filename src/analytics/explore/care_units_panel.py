"""The panel ``vardenheter``: a share and a care unit are picked; the other shares, the funnel and the series follow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import ipywidgets as widgets
import polars as pl

from analytics import charts, disclosure, swedish, tables
from analytics.charts.control import control
from analytics.charts.figure import Figure
from analytics.charts.linked import Linked, View
from analytics.disclosure import ProtectedTable
from analytics.errors import DisclosureError, MissingDataError
from analytics.explore import binding, marks
from analytics.explore.binding import Draft
from analytics.explore.found import NONE_HERE, Found, here, picked
from analytics.explore.panel import LinkedPanel
from analytics.explore.pictures import Picture
from analytics.explore.problems import told
from analytics.explore.reading import cache_of
from analytics.explore.saving import Saving
from analytics.explore.tables import CopiedTable, for_spreadsheet
from analytics.explore.writing import Writing
from analytics.finder.care_unit_series import MEASURES
from analytics.finder.model import Finding
from analytics.measures.catalogue import REPORTS
from analytics.workbench import Workbench
from analytics.workbench.guarding import INTERNAL

WHOLE: Final = ""
"""The code of all compared units together."""
COLUMNS: Final = (("share",), ("care_unit",))


class CareUnits(LinkedPanel):
    """The panel. Figures have the limits of the internal audience: shares of few patients are not shown here either."""

    titles = {"share": "Andel", "care_unit": "Vårdenhet"}  # noqa: RUF012 - never changed

    def __init__(self, wb: Workbench) -> None:
        marks.refuse_in_run("vardenheter")
        scope = wb.scope
        self.wb = wb
        facts = f"{scope.unit} {scope.unit_label}, {scope.period.label}. Andelar i procent."
        head = marks.heading("Vårdenheter", facts, synthetic=scope.settings.region.synthetic)
        try:
            self._table = self._protected("care_unit_shares")
        except MissingDataError as error:
            self._refuse(wb, head, f"{scope.unit_label}: {told(error)}")
            return
        rows = self._table.frame.filter(pl.col("column") == "share", pl.col("status") == "ok")
        if rows.is_empty():
            self._refuse(wb, head, f"Det finns inga uppgifter om vårdenheterna i {scope.period.label}.")
            return
        super().__init__(wb, rows.select("share", "share_label", "care_unit", "care_unit_label", "value"))
        self.first = str(rows["share"][0])
        self._numbers = CopiedTable()
        self.funnel, self.control = Picture(cache_of(wb)), Picture(cache_of(wb))
        self.saving, self.writing = Saving(wb, self, "vardenheter"), Writing(wb, self._draft)
        self.found = Found(here(wb, MEASURES), self.show_finding, measures=MEASURES, none=NONE_HERE)
        self.build(head, [self.found], [self.saving, self.writing, self._numbers, self.funnel, self.control])

    def show_finding(self, finding: Finding) -> None:
        """Show the share and care unit that a finding is about, as far as they are among those of the panel."""
        self.select(picked(finding, self.frame, {"quantity": "share", "care_unit": "care_unit"}))

    def _refuse(self, wb: Workbench, head: str, said: str) -> None:
        super().__init__(wb, pl.DataFrame())
        self.children = [widgets.HTML(head), widgets.HTML(marks.problem(said))]

    def _protected(self, table_id: str, audience: str = INTERNAL) -> ProtectedTable:
        limits = self.wb.scope.settings.disclosure
        return disclosure.protect(self.wb.explored_table(table_id), limits.for_audience(audience), limits.mark)

    @property
    def place(self) -> str:
        """What is selected, in words."""
        rows = self._table.frame.filter(share=self.share, care_unit=self.unit)
        return f"{rows['share_label'][0]}, {rows['care_unit_label'][0]}"

    def for_audience(self, audience: str) -> Figure:
        """The series of the chosen unit, else the funnel of the share, as the report draws it for these readers.

        Raises DisclosureError where they have no such chart.
        """
        wanted = ("series", "funnel") if self.unit else ("funnel", "series")
        for kind in wanted:
            table_id = f"care_unit_{kind}_{self.share}"
            drawn = self._figure(table_id, audience)
            if drawn is not None:
                return replace(drawn, source=tables.source_of(self._protected(table_id, audience)))
        raise DisclosureError(
            f"{self.place}: det finns inget diagram som läsarna får se.", action="Välj en annan andel eller enhet."
        )

    def _draft(self, kind: str) -> Draft:
        keys = {"share": self.share, "care_unit": self.unit, "column": "share"}
        return binding.of_cell(self.wb, "care_unit_shares", text=self.sentence, kind=kind, **keys)

    def linked(self) -> Linked:
        # Without a choice the first share and all units together are shown: shares cannot be added up.
        picked = "isArray(vald_share.share) || datum.share === '" + self.first + "'"
        unit = f"isArray(vald_care_unit.care_unit) || datum.care_unit === '{WHOLE}'"
        tests = {"share": unit, "care_unit": picked}
        return Linked(
            data=self.frame,
            columns=tuple(
                tuple(
                    View(
                        column,
                        "Andelar för vald vårdenhet (annars alla)" if column == "share" else "Vårdenheter i vald andel",
                        tuple(other for other in ("share", "care_unit") if other != column),
                        most=40,
                        test=tests[column],
                    )
                    for column in columns
                )
                for columns in COLUMNS
            ),
            sums={"share_value": "datum.value"},
            value="datum.share_value",
            number_format=",.1f",
            parameters={},
            selected=self.selected,
            several=False,
        )

    @property
    def share(self) -> str:
        """The share that is shown."""
        return next(iter(self.selected.get("share", ())), self.first)

    @property
    def unit(self) -> str:
        """The care unit that is shown; :data:`WHOLE` for all."""
        return next(iter(self.selected.get("care_unit", ())), WHOLE)

    @property
    def sentence(self) -> str:
        """The selection with its figures."""
        values, whole = self._cells(self.share, self.unit), self._cells(self.share, WHOLE)
        said = f"{self.place}: {values['share']} procent ({values['numerator']} av {values['denominator']})"
        if self.unit != WHOLE:
            said += f"; alla jämförda enheter {whole['share']} procent"
        return f"{said}. Förändring på ett år {values['change']} procentenheter."

    def follow(self) -> None:
        table = self._table
        rows = table.frame.filter(care_unit=self.unit)
        label = rows["care_unit_label"][0]
        self.say(self.sentence)
        self.writing.close_form()
        heads = ["Andel", *table.headings.values()]
        shares = rows.select("share", "share_label").unique(maintain_order=True).rows()
        lines = [[text, *(self._cells(code, self.unit)[column] for column in table.headings)] for code, text in shares]
        self._numbers.fill(
            caption=f"Andelar: {label}",
            heads=heads,
            rows=lines,
            copied=for_spreadsheet(heads, [[_plain(cell) for cell in line] for line in lines]),
            note=" ".join(table.notes),
        )
        self.funnel.show(self._figure(f"care_unit_funnel_{self.share}"), otherwise="Andelen har inget trattdiagram.")
        self.control.show(
            self._figure(f"care_unit_series_{self.share}"), otherwise="Andelen följs inte månad för månad."
        )

    def _cells(self, share: str, unit: str) -> dict[str, str]:
        found: dict[str, str] = dict.fromkeys(self._table.headings, "")
        rows = self._table.frame.filter(share=share, care_unit=unit)
        for column, text, value, status in rows.select("column", "text", "value", "status").rows():
            if status == disclosure.SUPPRESSED:
                found[column] = self._table.mark
            else:
                found[column] = text or ("" if value is None else swedish.number(value, 1))
        return found

    def _figure(self, table_id: str, audience: str = INTERNAL) -> Figure | None:
        """The chart of a table, of the chosen unit where it is a series; None if the report has no such table."""
        if table_id not in REPORTS["halsoval"]:
            return None
        table = self._protected(table_id, audience)
        shown = table.frame.filter(pl.col("status") == disclosure.OK)
        if "period" in table.spec.keys and self.unit:
            has_series = not shown.filter(care_unit=self.unit).is_empty()
            return control(table, unit=self.unit) if has_series else None
        drawn: Any = charts.of(table)
        return drawn if isinstance(drawn, Figure) else None


def _plain(text: str) -> str | float:
    """A printed number for a spreadsheet."""
    try:
        return float(text.replace("\u00a0", "").replace(",", ".").replace(swedish.MINUS, "-"))
    except ValueError:
        return text
