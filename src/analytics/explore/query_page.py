"""The panel ``fraga``: an empty page for SQL over the processed tables, with their columns and examples at hand."""

from __future__ import annotations

from html import escape
from typing import Final

import ipywidgets as widgets

from analytics.errors import AnalyticsError
from analytics.explore import marks
from analytics.explore.tables import CopiedTable, for_spreadsheet
from analytics.workbench import Workbench

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
    """A field for SQL, examples, the tables with their columns, and the answer as a table to copy."""

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
            placeholder="select … from ledger where …", layout=widgets.Layout(width="100%", height="150px")
        )
        self.run = widgets.Button(description="Kör frågan", button_style="primary")
        self.run.on_click(lambda _: self.answer())
        self.said = widgets.HTML()
        self.table = CopiedTable()
        listed = widgets.Accordion(children=[widgets.HTML(self._listed())], selected_index=None)
        listed.set_title(0, "Tabeller och kolumner")
        super().__init__([widgets.HTML(head), self.examples, self.query, self.run, listed, self.said, self.table])
        self.table.fill(caption="Svar", heads=[], rows=[], copied="", empty="Ställ en fråga ovan.")

    def _take(self, example: str) -> None:
        if example:
            period = str(self.wb.scope.period)
            self.query.value = example.format(unit=self.wb.scope.unit, period=period, year=period[:4])

    def answer(self) -> None:
        """Run the query and show its rows, or what is wrong with it."""
        self.said.value = ""
        try:
            found = self.wb.sql(self.query.value)
        except AnalyticsError as error:
            self.said.value = marks.problem(f"{error.problem} {error.action}")
            return
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
