"""The panel ``personal``: staff measures by unit, group, sex and month, this year against last year."""

from __future__ import annotations

from typing import Final

import ipywidgets as widgets
import polars as pl

from analytics import swedish
from analytics.charts import theme
from analytics.charts.figure import Figure
from analytics.charts.linked import Linked, View
from analytics.disclosure import protect
from analytics.explore import binding, marks, staff_chart, staff_cubes, staff_view
from analytics.explore.binding import Draft
from analytics.explore.found import NONE_HERE, Found, here, picked
from analytics.explore.panel import LinkedPanel, buttons
from analytics.explore.reading import data_of
from analytics.explore.saving import Saving
from analytics.explore.staff_chart import StaffChart
from analytics.explore.staff_cubes import MEASURES, StaffCube
from analytics.explore.staff_view import NAMES, Selected
from analytics.explore.tables import CopiedTable, for_spreadsheet
from analytics.explore.writing import Writing
from analytics.finder.model import Finding
from analytics.workbench import Workbench

COLUMNS: Final = (("base_unit", "month", "sex"), ("group",))
GROUPS: Final = {"personnel_group": "Personalgrupp", "absence_group": "Frånvarogrupp"}
CHANGE, LEVEL = "change", "level"
SHOWN: Final = {CHANGE: "Förändring mot föregående år", LEVEL: "Nivå i år"}
_CHOSEN: Final = "isArray(vald_month.month)"


def linked(cube: StaffCube, shown: str, selected: Selected) -> Linked:
    """The four linked charts of one measure, in the unit of its table."""
    every = tuple(column for columns in COLUMNS for column in columns)
    titles = {"base_unit": "Basenhet", "month": "Månad", "sex": "Kvinnor och män", "group": GROUPS[cube.measure.group]}
    # Several months are their mean, a headcount that of the last month: so the bars are what the reports print.
    months = f"({_CHOSEN} ? length(vald_month.month) : {len(cube.months)})"
    last = f"{_CHOSEN} || datum.month === '{cube.months[-1]}'" if cube.measure.kind == "last" else ""
    places = 0 if cube.measure.kind == "last" else staff_view.decimals(cube)
    return Linked(
        data=cube.frame,
        columns=tuple(
            tuple(
                View(
                    column,
                    titles[column],
                    tuple(other for other in every if other != column),
                    ordered=column in ("month", "sex"),
                    test="" if column == "month" else last,
                    value=_value(cube, "1" if column == "month" else months),
                    most=16,
                )
                for column in columns
            )
            for columns in COLUMNS
        ),
        sums={name: f"datum.{name}" for name in ("current", "previous", "current_base", "previous_base")},
        value="0",
        number_format=f"{'+' if shown == CHANGE else ''},.{places}f",
        parameters={"visa": shown},
        colours=(theme.DECREASE, theme.FAVOURABLE),
        tooltips={"value": SHOWN[shown]},
        selected=selected,
    )


def _value(cube: StaffCube, months: str) -> str:
    """The expression of a bar: the measure of this year, or what it has changed."""
    if cube.measure.kind == "share":
        year, before = (
            f"(datum.{name}_base > 0 ? 100 * datum.{name} / datum.{name}_base : NaN)"
            for name in ("current", "previous")
        )
    else:
        divisor = months if cube.measure.kind == "mean" else "1"
        year, before = (f"datum.{name} / {divisor}" for name in ("current", "previous"))
    return f"visa === '{LEVEL}' ? {year} : {year} - {before}"


class Staff(LinkedPanel):
    """The panel. ``measure`` is a name of ``staff_cubes.MEASURES``, ``shown`` whether change or level is drawn."""

    titles = {"base_unit": "Basenhet", "group": "Grupp", "sex": "Kön", "month": "Månad"}  # noqa: RUF012 - never changed

    def __init__(self, wb: Workbench) -> None:
        marks.refuse_in_run("personal")
        self._cubes: dict[str, StaffCube] = {}
        self.wb = wb
        scope = wb.scope
        self.measure = next(iter(MEASURES))
        self.shown = CHANGE if self.cube.has_previous else LEVEL
        super().__init__(wb, self.cube.frame)
        facts = f"{scope.unit} {scope.unit_label}, {scope.staff_range.label} mot samma månader föregående år."
        head = marks.heading("Personal", facts, synthetic=scope.settings.region.synthetic)
        self._numbers = CopiedTable()
        self._measured = buttons("Mått", [(label, code) for code, label in NAMES.items()], self.measure)
        self._measured.observe(lambda change: self.show_measure(change["new"]), names="value")
        self._shown = buttons("Visa", [(label, code) for code, label in SHOWN.items()], self.shown)
        self._shown.observe(lambda change: self.show(change["new"]), names="value")
        self._empty = widgets.HTML()
        self.saving, self.writing = Saving(wb, self, "personal"), Writing(wb, self._draft)
        self.found = Found(here(wb, MEASURES), self.show_finding, measures=MEASURES, none=NONE_HERE)
        self.build(
            head, [self.found, self._measured, self._shown, self._empty], [self.saving, self.writing, self._numbers]
        )

    @property
    def cube(self) -> StaffCube:
        """The parts of the measure that is shown, computed once."""
        if self.measure not in self._cubes:
            self._cubes[self.measure] = staff_cubes.staff_cube(self.measure, data_of(self.wb), self.wb.scope)
        return self._cubes[self.measure]

    def linked(self) -> Linked:
        return linked(self.cube, self.shown, self.selected)

    def show_measure(self, measure: str) -> None:
        """Show another measure: a name of ``staff_cubes.MEASURES``."""
        self.measure = measure
        if self._measured.value != measure:
            self._measured.value = measure  # comes back here
            return
        self.replace(self.cube.frame)

    def show_finding(self, finding: Finding) -> None:
        """Show the measure, unit and group that a finding is about, as far as they are large enough to be seen."""
        self.show_measure(finding.measure)
        group = self.cube.measure.group
        self.select(picked(finding, self.cube.frame, {"base_unit": "base_unit", group: "group"}))

    def show(self, shown: str) -> None:
        """Draw the change against last year, or the level of this year."""
        self.shown = shown
        if self._shown.value != shown:
            self._shown.value = shown
            return
        self.redraw()

    @property
    def place(self) -> str:
        """What is selected, in words."""
        return staff_view.place(self.cube, self.selected, self.wb.scope)

    @property
    def sentence(self) -> str:
        """The selection with its figures."""
        return staff_view.tell(self.cube, self.selected, self.wb.scope, printed=self._printed)

    @property
    def _printed(self) -> list[staff_view.StaffLine]:
        """The groups of the whole unit as its report prints them for the internal audience; none for a part of it."""
        if any(self.selected.values()) or self.cube.measure.kind == "share" or not self.cube.has_previous:
            return []
        measure, disclosure = self.cube.measure, self.wb.scope.settings.disclosure
        table = protect(self.wb.table(measure.table), disclosure.internal, disclosure.mark).frame
        rows = table.filter(
            pl.col("sex") == "T", pl.col("row_type") == "row", pl.col("column").is_in(["current", "previous"])
        ).pivot("column", index=[measure.group, f"{measure.group}_label"], values="value", maintain_order=True)
        return [staff_view.StaffLine(*row) for row in rows.drop_nulls().rows()]

    def for_audience(self, audience: str) -> Figure:
        """The charts of the present choice, of cells that these readers may see (:mod:`staff_chart`).

        Raises DisclosureError where no table tells them of the choice, or nothing of it may be shown.
        """
        chosen = staff_chart.check(self.cube, self.selected, audience)
        what, unit = NAMES[self.measure].removesuffix(", %"), staff_view.UNITS[self.cube.measure.kind]
        chart = StaffChart(self.wb, self.cube, chosen, audience, self.shown == LEVEL)
        return chart.figure(
            self.linked(),
            title=f"{what}, {SHOWN[self.shown].lower()} ({unit})",
            shown=f"{SHOWN[self.shown]}, {unit}",
        )

    def _draft(self, kind: str) -> Draft:
        return binding.of_staff(self.wb, self.measure, self.selected, kind=kind)

    def follow(self) -> None:
        self.writing.close_form()
        if self.cube.frame.is_empty():
            least = "Ingen i förvaltningen har sådan tid i månaderna, eller så få att uppgiften inte får visas."
            self._empty.value = marks.problem(f"{NAMES[self.measure]}: {least}")
            self.said.value = ""
        else:
            self._empty.value = ""
            self.say(self.sentence)
        self._fill()

    def _fill(self) -> None:
        by = next(
            (column for column in ("group", "base_unit", "sex") if len(self.selected.get(column, ())) != 1), "month"
        )
        cube, places = self.cube, staff_view.decimals(self.cube)
        found = staff_view.lines(cube, self.selected, by=by)
        if found:
            found.append(staff_view.summed(cube, self.selected))
        year = self.wb.scope.staff_range.last.year
        heads = [self.titles[by], str(year), str(year - 1), "Förändring"]
        figures = [(line, (line.current, line.previous, line.change)) for line in found]
        what, unit = NAMES[self.measure].removesuffix(", %"), staff_view.UNITS[cube.measure.kind]
        self._numbers.fill(
            caption=f"Siffrorna: {what}, {self.place} ({unit})",
            heads=heads,
            rows=[
                [line.label, *("" if value is None else swedish.number(value, places) for value in values)]
                for line, values in figures
            ],
            copied=for_spreadsheet(heads, [(line.label, *values) for line, values in figures]),
            note=" ".join([*cube.notes, *cube.own_notes]),
        )
