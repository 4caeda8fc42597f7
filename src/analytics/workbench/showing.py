"""Protected tables as a report shows them: as tables, sentences, charts and areas of them."""

from __future__ import annotations

from analytics import charts, frame, sentences, tables
from analytics.measures.catalogue.focus import MONTHLY
from analytics.measures.catalogue.focus import PREFIX as FOCUS
from analytics.workbench.commenting import Commenting
from analytics.workbench.renamed import checked


class Showing(Commenting):
    """What a cell of a report notebook ends with."""

    @checked("wb.show")
    def show(self, table_id: str, *, unit: str | None = None) -> tables.HtmlTable:
        """The table as accessible HTML."""
        return tables.show(self.protected(table_id), unit=unit)

    @checked("wb.say")
    def say(self, table_id: str, *, line: str | None = None) -> sentences.Text:
        """The sentence that states the main change of the table, or of one line of ``fr1_outcome``."""
        text = sentences.main_change(self.protected(table_id), line=line)
        self._remember("sentence", table_id, line or "", str(text))
        return text

    @checked("wb.draw")
    def draw(self, table_id: str, *, column: str | None = None) -> charts.Figure | sentences.Text:
        """The chart that suits the table; a sentence instead where there is nothing to draw.

        Monthly tables become lines, group tables bars of the change, ledger tables bars of a deviation (``column``).
        """
        return charts.of(self.protected(table_id), column=column)

    def focus(self) -> frame.Html:
        """Every focus area of the settings: what it cost, by account and by month. An area without postings is said."""
        areas = self.scope.settings.focus
        return frame.areas([(area.label, self._area(f"{FOCUS}{area.id}")) for area in areas])

    def _area(self, table_id: str) -> list[str]:
        said = self.say(table_id)._repr_html_()
        posted = self.protected(table_id).frame
        if (posted["status"] != "ok").all():
            return [said]
        monthly = f"{table_id}{MONTHLY}"
        drawn = self.draw(monthly)
        return [
            said,
            self.show(table_id).html,
            self._comments(table_id),
            self.say(monthly)._repr_html_(),
            drawn._repr_html_(),
            self._comments(monthly),
        ]

    def indicators(self) -> frame.Html:
        """Every indicator that can be followed over time or compared between units, each with its drawings."""
        from analytics.charts import targets

        unit = self.scope.unit
        over_time = targets.histories(self.protected("indicator_history"))
        beside = targets.comparisons(self.protected("indicator_units"), unit=unit)
        names = {
            code: label
            for table_id in ("indicator_history", "indicator_units")
            for code, label in self.protected(table_id).frame.select("indicator", "indicator_label").rows()
        }
        drawn = {code: [found[code] for found in (over_time, beside) if code in found] for code in names}
        return frame.areas([(names[code], [each.html for each in held]) for code, held in drawn.items() if held])
