"""The panel ``avvikelser``: organisation → report line → account → month → postings, each narrowed by a click."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import ipywidgets as widgets
import polars as pl

from analytics import swedish
from analytics.charts.figure import Figure
from analytics.charts.linked import Linked, View
from analytics.charts.still import Bar, Told, still
from analytics.errors import DisclosureError
from analytics.explore import binding, cubes, ledger_view, marks, places, postings
from analytics.explore.binding import Draft
from analytics.explore.found import Found, comparison_of
from analytics.explore.found import choice as found_choice
from analytics.explore.ledger_view import NAMES, TITLES, Selected
from analytics.explore.panel import LinkedPanel, buttons
from analytics.explore.reading import data_of
from analytics.explore.saving import Saving
from analytics.explore.tables import CopiedTable, for_spreadsheet
from analytics.explore.writing import Writing
from analytics.finder.model import Finding
from analytics.measures.report_form import NET
from analytics.workbench import Workbench
from analytics.workbench.guarding import INTERNAL

COLUMNS: Final = (("base_unit", "report_line", "month"), ("cost_centre", "account"))
FINER: Final[Mapping[str, tuple[str, ...]]] = {"base_unit": ("cost_centre",), "report_line": ("account",)}
"""A view is not narrowed by what lies within its own codes, so that the others can still be chosen."""
NOTHING: Final = "Det finns varken budget, prognos eller föregående år att jämföra utfallet med."
_TEST: Final = "(jamforelse == 'forecast') == (datum.month == 'year')"
_SUMS: Final = {
    "measured": "jamforelse == 'forecast' ? datum.forecast : datum.outcome",
    "comparator": (
        "jamforelse == 'seasonal' ? datum.seasonal : jamforelse == 'previous' ? datum.previous : datum.budget"
    ),
}


def linked(frame: pl.DataFrame, comparison: str, selected: Selected) -> Linked:
    """The five linked charts over a named cube (:func:`cubes.named`), in tkr."""
    every = tuple(column for columns in COLUMNS for column in columns)
    return Linked(
        data=frame,
        columns=tuple(
            tuple(
                View(
                    column,
                    TITLES[column],
                    tuple(other for other in every if other != column and other not in FINER.get(column, ())),
                    ordered=column == "month",
                    test=_TEST,
                )
                for column in columns
            )
            for columns in COLUMNS
        ),
        sums={
            **_SUMS,
            "measured_tkr": f"({_SUMS['measured']}) / 100000",
            "comparator_tkr": f"({_SUMS['comparator']}) / 100000",
        },
        value="(datum.comparator - datum.measured) / 100000",
        number_format=",.0f",
        parameters={"jamforelse": comparison},
        tooltips={
            "measured_tkr": "Utfall eller prognos, tkr",
            "comparator_tkr": "Jämförs med, tkr",
            "value": "Avvikelse, tkr",
        },
        selected=selected,
    )


class Deviations(LinkedPanel):
    """The panel. ``selected`` (column → codes) and ``comparison`` are what it shows now."""

    titles = {column: title.split(" ")[0] for column, title in TITLES.items()}  # noqa: RUF012 - never changed

    def __init__(self, wb: Workbench) -> None:
        marks.refuse_in_run("avvikelser")
        scope = wb.scope
        cube = cubes.ledger_cube(data_of(wb), scope)
        super().__init__(wb, cubes.named(cube.frame, scope))
        self.notes = cube.notes
        self.postings = postings.of_range(data_of(wb), scope, scope.ledger_range)
        self.comparison = cube.held[0] if cube.held else ""
        self._numbers, self._posted = CopiedTable(), CopiedTable()
        facts = f"{scope.unit} {scope.unit_label}, {scope.ledger_range.label}. Belopp i tkr; minus är ogynnsamt."
        head = marks.heading("Avvikelser i ekonomin", facts, synthetic=scope.settings.region.synthetic)
        if not self.comparison:
            self.children = [widgets.HTML(head), widgets.HTML(marks.problem(NOTHING))]
            return
        self._held = cube.held
        self._compared = buttons("Jämför med", [(NAMES[code], code) for code in cube.held], self.comparison)
        self._compared.observe(lambda change: self.compare(change["new"]), names="value")
        self.saving, self.writing = Saving(wb, self, "avvikelser"), Writing(wb, self._draft)
        self.found = Found(wb.deviations(), self.show)
        self.build(head, [self.found, self._compared], [self.saving, self.writing, self._numbers, self._posted])

    def _choices(self, column: str) -> list[tuple[str, str]]:
        return [choice for choice in super()._choices(column) if choice[1] != cubes.WHOLE_YEAR]

    def linked(self) -> Linked:
        return linked(self.frame, self.comparison, self.selected)

    def compare(self, comparison: str) -> None:
        """Compare with something else: a code of ``cubes.COMPARISONS`` that the data hold."""
        self.comparison = comparison
        if self._compared.value != comparison:
            self._compared.value = comparison  # comes back here
            return
        kept = {
            column: codes for column, codes in self.selected.items() if (comparison, column) != ("forecast", "month")
        }
        self.select(kept)

    def for_audience(self, audience: str) -> Figure:
        """The charts of the present choice for a group of readers (decision 030).

        For others than those inside without parts of the organisation; for them parts where few people work are told
        together, by the strictest limits. Raises DisclosureError where the choice is such a part.
        """
        is_inside = audience == INTERNAL
        frame = self._with_places_for(audience)
        drawn = linked(frame, self.comparison, self.selected)
        if not is_inside:
            without = (tuple(view for view in column if view.column not in places.LEVELS) for column in drawn.columns)
            drawn = replace(drawn, columns=tuple(without))
        told = Told(
            figure_id="avvikelser",
            title=f"Avvikelse mot {ledger_view.COMPARATORS[self.comparison]}, tkr: {self.place}",
            sentence=ledger_view.tell(
                frame, self.comparison, self.selected, where=self.place, net=self._net, names_places=is_inside
            ),
            caption=f"Avvikelse i tkr, jämfört med {ledger_view.COMPARATORS[self.comparison]}. Minus är ogynnsamt.",
            unit="Avvikelse, tkr",
            source="ekonomisystemet (utfall, budget och prognos)",
        )
        return still(drawn, [self._bars(frame, view) for view in drawn.views], told)

    def _with_places_for(self, audience: str) -> pl.DataFrame:
        """The cube for readers. Raises DisclosureError where what is chosen is not for them."""
        if audience != INTERNAL:
            if any(self.selected.get(level) for level in places.LEVELS):
                raise DisclosureError(
                    "Delar av en förvaltning lämnas bara till interna läsare.",
                    action="Välj den interna läsekretsen, eller hela förvaltningen.",
                )
            return self.frame
        disclosure = self.wb.scope.settings.disclosure
        least = max(disclosure.public.staff_fewer_than, disclosure.internal.staff_fewer_than)
        frame = places.merged(self.frame, places.employees(data_of(self.wb), self.wb.scope), least=least)
        if any(set(self.selected.get(level, ())) - set(frame[level]) for level in places.LEVELS):
            raise DisclosureError(
                f"På det valda stället, eller bredvid det, arbetar färre än {least} personer.",
                action="Välj en större del av organisationen.",
            )
        return frame

    def _bars(self, frame: pl.DataFrame, view: View) -> list[Bar]:
        others = {column: self.selected.get(column, ()) for column in view.narrowed_by}
        found = ledger_view.lines(frame, self.comparison, others, by=view.column)
        chosen = self.selected.get(view.column, ())
        return [
            Bar(
                line.label,
                line.deviation / ledger_view.ORE_PER_TKR,
                swedish.number(line.deviation / ledger_view.ORE_PER_TKR),
                not chosen or line.code in chosen,
            )
            for line in found
        ]

    def _draft(self, kind: str) -> Draft:
        return binding.of_ledger(self.wb, self.frame, self.comparison, self.selected, kind=kind)

    def show(self, finding: Finding) -> None:
        """Choose what a finding is about, and compare as it does."""
        self.comparison = comparison_of(finding, self._held)
        self.selected = found_choice(finding, self.frame, self.wb.scope.reference.report_lines)
        if self._compared.value != self.comparison:
            self._compared.value = self.comparison  # draws and tells
        else:
            self.select(self.selected)

    def follow(self) -> None:
        self.say(self.sentence)
        self.writing.close_form()
        self._fill_numbers()
        self._fill_postings()

    @property
    def place(self) -> str:
        """What is selected, in words."""
        scope = self.wb.scope
        return ledger_view.place(
            self.frame,
            self.selected,
            unit_label=scope.unit_label,
            range_label=scope.ledger_range.label,
            comparison=self.comparison,
        )

    @property
    def sentence(self) -> str:
        """The selection with its figures and largest parts."""
        return ledger_view.tell(self.frame, self.comparison, self.selected, where=self.place, net=self._net)

    @property
    def _net(self) -> ledger_view.Line | None:
        """The whole unit against its seasonal budget as the report prints it; None where the bars add up to that."""
        if self.comparison != "seasonal" or any(self.selected.values()):
            return None
        table = self.wb.table("seasonal_budget").frame.filter(pl.col("report_line") == NET)
        kronor = dict(table.select("column", "value").rows())
        return ledger_view.Line(NET, "", kronor["outcome"] * 100, kronor["seasonal"] * 100)

    def _fill_numbers(self) -> None:
        by = next(
            (column for column in ("account", "cost_centre", "month") if len(self.selected.get(column, ())) != 1),
            "month",
        )
        found = [
            *ledger_view.lines(self.frame, self.comparison, self.selected, by=by),
            ledger_view.whole(self.frame, self.comparison, self.selected),
        ]
        measured, _ = cubes.COMPARISONS[self.comparison]
        heads = [TITLES[by], ledger_view.MEASURED[measured].capitalize()]
        heads += [ledger_view.COMPARATORS[self.comparison].capitalize(), "Avvikelse"]
        self._numbers.fill(
            caption=f"Siffrorna: {self.place} (tkr)",
            heads=heads,
            rows=[
                [line.label, *(swedish.number(ore / ledger_view.ORE_PER_TKR) for ore in _amounts(line))]
                for line in found
            ],
            copied=for_spreadsheet(
                [heads[0], *(f"{head}, kr" for head in heads[1:])],
                [(line.label, *(round(ore / 100, 2) for ore in _amounts(line))) for line in found],
            ),
            note=" ".join(self.notes),
        )

    def _fill_postings(self) -> None:
        found = postings.behind(self.postings, self.selected)
        heads = ["Datum", "Registrerad", "Ansvar", "Konto", "Motpart", "Projekt", "Aktivitet", "Belopp, kr"]
        accounts = self.wb.scope.reference.accounts
        rows = [
            (
                _day(row["posting_date"]),
                _day(row["registration_date"]),
                row["cost_centre"],
                f"{row['account']} {accounts.get(row['account'], '')}".strip(),
                row["counterparty"] or "",
                row["project"] or "",
                row["activity"] or "",
                row["amount_ore"] / 100,
            )
            for row in found.largest.iter_rows(named=True)
        ]
        left = found.count - found.largest.height
        note = f"{found.count} verifikationsrader, tillsammans {swedish.number(found.amount_ore / 100, 2)} kr."
        if left:
            note += f" De {postings.MOST} största visas; {swedish.number(left)} rader till ingår i summan."
        if self.comparison == "forecast":
            note += " Prognosen har inga verifikationer; raderna är årets utfall hittills."
        self._posted.fill(
            caption=f"Verifikationer: {self.place}",
            heads=heads,
            words=7,
            rows=[[*row[:-1], swedish.number(row[-1], 2)] for row in rows],
            copied=for_spreadsheet(heads, rows),
            note=note,
            empty="Det finns inga verifikationer i urvalet.",
        )


def _amounts(line: ledger_view.Line) -> tuple[float, float, float]:
    return line.measured, line.comparator, line.deviation


def _day(day: Any) -> str:
    return "" if day is None else str(day)
