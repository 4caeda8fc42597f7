"""The panel ``fraga``: an empty page for SQL over the processed tables, with their columns and examples at hand."""

from __future__ import annotations

from html import escape
from typing import Final

import ipywidgets as widgets

from analytics.charts.figure import Figure
from analytics.errors import AnalyticsError, DisclosureError
from analytics.explore import answer_chart, binding, marks
from analytics.explore.binding import Draft
from analytics.explore.pictures import Picture
from analytics.explore.problems import told
from analytics.explore.reading import cache_of
from analytics.explore.saving import Saving
from analytics.explore.tables import CopiedTable, for_spreadsheet
from analytics.explore.writing import Writing
from analytics.measures.report_form import NET
from analytics.workbench import Workbench
from analytics.workbench.guarding import INTERNAL
from analytics.workbench.querying import Answer

OTHER_QUESTION: Final = "Tabellen nedan svarar på en tidigare fråga än den som nu står i fältet."

EXAMPLES: Final[tuple[tuple[str, str], ...]] = (
    (
        "Utfall per kontoslag och månad i år",
        """select report_line, period, sum(amount_ore) / 100 as kr
from ledger
where kind = 'outcome' and administration = '{unit}' and not is_project and period like '{year}-%'
group by all order by report_line, period""",
    ),
    (
        "De största posterna på resekonton i månaden",
        """select posting_date, cost_centre, l.account, a.label, amount_ore / 100 as kr
from ledger l join accounts a using (account)
where kind = 'outcome' and administration = '{unit}' and l.account like '68%' and period = '{period}'
order by abs(amount_ore) desc limit 20""",
    ),
    (
        "Utfall mot budget per ansvar, ackumulerat",
        """select cost_centre,
       sum(amount_ore) filter (kind = 'outcome') / 100 as utfall_kr,
       sum(amount_ore) filter (kind = 'budget') / 100 as budget_kr
from ledger
where administration = '{unit}' and not is_project and period between '{year}-01' and '{period}'
group by all order by utfall_kr - budget_kr desc""",
    ),
    (
        "Poster som registrerades minst 20 dagar efter verifikationsdatum",
        """select period, account, posting_date, registration_date, amount_ore / 100 as kr
from ledger
where kind = 'outcome' and administration = '{unit}' and registration_date - posting_date >= 20
order by abs(amount_ore) desc limit 50""",
    ),
    (
        "Timmar per slag av tid och månad",
        """select time_type, period, round(sum(hours), 1) as timmar, count(distinct employee_key) as personer
from time where administration = '{unit}' and period like '{year}-%'
group by all having count(distinct employee_key) >= 5 order by time_type, period""",
    ),
    (
        "Inhyrd personal per yrke och månad i hela regionen",
        """select profession, period, round(sum(hours)) as timmar, sum(amount_ore) / 100 as kr
from agency where period like '{year}-%' group by all order by profession, period""",
    ),
)


class QueryPage(widgets.VBox):  # type: ignore[misc] # ipywidgets is untyped
    """A field for SQL, examples, the tables with their columns; the answer as a table to copy and a chart to save.

    A comment is about a line that the package prints, and begins with what it prints: nothing of the answer is in it.
    """

    def __init__(self, wb: Workbench) -> None:
        marks.refuse_in_run("fraga")
        self.wb = wb
        scope = wb.scope
        head = marks.heading(
            "Fråga tabellerna",
            f"SQL (DuckDB) över de bearbetade tabellerna, som de är i {scope.period.label}. Frågan läser bara.",
            synthetic=scope.settings.region.synthetic,
        )
        self.examples = widgets.Dropdown(
            options=[("Välj ett exempel", ""), *EXAMPLES],
            description="Exempel",
            style={"description_width": "auto"},
            layout=widgets.Layout(width="auto", max_width="620px"),
        )
        self.examples.observe(lambda change: self._take(change["new"]), names="value")
        self.query = widgets.Textarea(
            placeholder="select … from ledger where …", layout=widgets.Layout(width="auto", height="150px")
        )
        self.run = widgets.Button(description="Kör frågan", button_style="primary")
        self.run.on_click(lambda _: self.answer())
        self.query.observe(lambda _: self._say_whether_answered(), names="value")
        self.said = widgets.HTML()
        self.other = widgets.HTML()
        self.table = CopiedTable()
        listed = widgets.Accordion(children=[widgets.HTML(self._listed())], selected_index=None)
        listed.set_title(0, "Tabeller och kolumner")
        self.picture = Picture(cache_of(wb))
        self.saving = Saving(wb, self, "fraga", audiences=(INTERNAL,))
        self.line = widgets.Dropdown(
            options=self._lines(),
            value=NET,
            description="Kommentera rapportraden",
            style={"description_width": "auto"},
            layout=widgets.Layout(width="auto", max_width="620px"),
        )
        self.writing = Writing(wb, self._draft)
        self.line.observe(lambda _: self.writing.close_form(), names="value")
        self._answer: Answer | None = None
        asked = [self.examples, self.query, self.run, listed, self.said, self.other, self.table]
        super().__init__([widgets.HTML(head), *asked, self.picture, self.saving, self.line, self.writing])
        self.picture.show(None, otherwise="Diagrammet ritas av svaret.")
        self.table.fill(caption="Svar", heads=[], rows=[], copied="", empty="Ställ en fråga ovan.")

    def _take(self, example: str) -> None:
        if example:
            self.query.value = self._filled(example)

    def _filled(self, example: str) -> str:
        period = str(self.wb.scope.period)
        return example.format(unit=self.wb.scope.unit, period=period, year=period[:4])

    def _say_whether_answered(self) -> None:
        """Say so where the table and the chart are the answer to another question than the one in the field."""
        other = self._answer is not None and self._answer.query.strip() != self.query.value.strip()
        self.other.value = marks.sentence(OTHER_QUESTION, strong=True) if other else ""

    def answer(self) -> None:
        """Run the query and show its rows, or what is wrong with it."""
        self.said.value = self.saving.said.value = ""
        try:
            found = self.wb.sql(self.query.value)
        except AnalyticsError as error:
            self.said.value = marks.problem(told(error))
            return
        self._answer = found
        self._say_whether_answered()
        heads = found.frame.columns
        kinds = [dtype.is_numeric() for dtype in found.frame.dtypes]
        words = kinds.index(True) if True in kinds else len(kinds)
        self.table.fill(
            caption="Svar",
            heads=heads,
            rows=found.texts(),
            words=max(words, 1),
            copied=for_spreadsheet(heads, found.frame.rows()),
            note=found.note(),
            empty="Frågan gav inga rader.",
        )
        made = self._drawn(found)
        if isinstance(made, Figure):
            self.picture.show(made, otherwise="")
        else:
            self.picture.show(None, otherwise=made)

    @property
    def place(self) -> str:
        """What was asked: the name of the example, else the columns of the answer."""
        if self._answer is None:
            return "Ingen fråga är besvarad"
        asked = self._answer.query.strip()
        example = next((name for name, text in EXAMPLES if self._filled(text).strip() == asked), None)
        return answer_chart.title_of(self._answer.frame, example)

    def for_audience(self, audience: str) -> Figure:
        """The chart of the answer for those inside, asked again of the tables that may be saved from.

        Raises DisclosureError for other readers, for other tables (``wb.sql_to_save``) and where nothing is drawn.
        """
        if audience != INTERNAL:
            raise DisclosureError(
                "Svaret på en fri fråga kan inte prövas mot gränserna för andra läsare än interna.",
                action='Välj audience="internal", eller dela en tabell eller ett diagram ur katalogen.',
            )
        if self._answer is None:
            raise DisclosureError("Ingen fråga är besvarad.", action="Kör frågan först.")
        made = self._drawn(self.wb.sql_to_save(self._answer.query))
        if not isinstance(made, Figure):
            raise DisclosureError(made, action="Ställ en fråga med en kolumn text och en kolumn tal.")
        return made

    def _drawn(self, answer: Answer) -> Figure | str:
        source = (
            f"fri fråga i SQL till {answer_chart.swedish_list(answer.tables)}" if answer.tables else "fri fråga i SQL"
        )
        until = self.wb.scope.period.label
        return answer_chart.drawn(answer.frame, title=self.place, until=until, source=source)

    def _lines(self) -> list[tuple[str, str]]:
        lines = self.wb.scope.reference.report_lines
        return [
            (f"{lines[line.parent].label} – {line.label}" if line.parent in lines else line.label, code)
            for code, line in lines.items()
        ]

    def _draft(self, kind: str) -> Draft:
        return binding.of_report_line(self.wb, self.line.value, kind=kind)

    def _listed(self) -> str:
        parts = []
        for (name,), rows in self.wb.sql_tables().group_by("table", maintain_order=True):
            items = "".join(
                f"<tr><td><code>{escape(column)}</code></td><td>{escape(kind)}</td><td>{escape(meaning)}</td></tr>"
                for column, kind, meaning in rows.select("column", "type", "meaning").rows()
            )
            parts.append(
                f"<details><summary><code>{escape(str(name))}</code></summary><table>{items}</table></details>"
            )
        return "".join(parts)
