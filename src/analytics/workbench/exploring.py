"""Every table, measure and processed table of a workbench by name, for exploration in a notebook."""

from __future__ import annotations

import narwhals as nw
import polars as pl

from analytics.errors import MissingDataError
from analytics.measures.availability import NEEDS
from analytics.measures.catalogue import REPORTS as REPORTS_OF
from analytics.measures.catalogue import MeasureTable, TableSpec
from analytics.measures.scope import collect, lazy
from analytics.schemas import TABLES as PROCESSED
from analytics.workbench import renamed
from analytics.workbench.explored import Explored, Processed
from analytics.workbench.names import (
    GROUPS,
    Group,
    Measure,
    Measures,
    ProcessedTables,
    group_of,
    no_such_name,
    specs_of,
    where,
)
from analytics.workbench.renamed import checked, refuse_type
from analytics.workbench.summing import Summing


class Exploring(Summing):
    """What a notebook of analysts asks for: ``wb.staff.worked_fte``, ``wb.measures``, ``wb.data.ledger``.

    Every table id is an attribute too (``wb.worked_fte``), except where a method has its name; ``wb["worked_fte"]``
    always is the table. Names cost nothing: a table is computed when its figures are asked for.
    """

    def __getattr__(self, name: str) -> Explored:
        # Python comes here also when a property has failed with an AttributeError of its own, which must be told.
        if name.startswith("_") or name in dir(type(self)):
            found: Explored = object.__getattribute__(self, name)
            return found
        specs = self._specs
        if name in specs:
            return self._explore(name)
        known = [*specs, *GROUPS, *(each for each in dir(type(self)) if not each.startswith("_"))]
        raise no_such_name("the workbench", name, known, hint=renamed.hint(name))

    def __getitem__(self, table_id: str) -> Explored:
        refuse_type("table_id", table_id)
        return self._explore(table_id) if table_id in self._specs else self.__getattr__(table_id.lstrip("_"))

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._specs})

    @property
    def _specs(self) -> dict[str, TableSpec]:
        return specs_of(self.scope.settings.focus)

    def _explore(self, table_id: str) -> Explored:
        return Explored(self, self._specs[table_id], where=where(table_id))

    @checked("wb.explored_table")
    def explored_table(self, table_id: str) -> MeasureTable:
        """One unprotected table, as :meth:`table`, but said why where the unit has no data for it.

        Raises MissingDataError naming the units that have, besides what :meth:`table` raises.
        """
        report = next((name for name in NEEDS if table_id in REPORTS_OF[name]), None)
        if report is not None and report in self._lacking:
            self._refuse_lacking(table_id, report)
        return self.table(table_id)

    def _refuse_lacking(self, table_id: str, report: str) -> None:
        table, _ = NEEDS[report]
        rows = lazy(getattr(self._data, table)).filter(nw.col("period") <= str(self.scope.period))
        codes = sorted(set(collect(rows.select("administration").unique()).get_column("administration")) - {""})
        found = [self.scope.organisation.find("administration", code, self.scope.period) for code in codes]
        having = ", ".join(f"{unit.code} {unit.label}" for unit in found if unit is not None)
        raise MissingDataError(
            f"unit {self.scope.unit} has no data for {table_id} ({self._lacking[report].rstrip('.')})",
            action=f"Units that have: {having}." if having else "No unit has data for it up to this month.",
            swedish=f"{self._lacking[report].rstrip('.')}. "
            + (f"Uppgifter finns för {having}." if having else "Ingen förvaltning har uppgifter om det hittills."),
        )

    def _group(self, name: str) -> Group:
        specs = {table_id: spec for table_id, spec in self._specs.items() if group_of(table_id) == name}
        return Group(name, GROUPS[name], specs, self._explore)

    @property
    def staff(self) -> Group:
        """Tables about staff: worked time, absence, employees, sick leave, turnover."""
        return self._group("staff")

    @property
    def economy(self) -> Group:
        """Tables of the ledger: outcome against budget and last year."""
        return self._group("economy")

    @property
    def forecast(self) -> Group:
        """Tables of the forecast of the year and what it rests on."""
        return self._group("forecast")

    @property
    def plan(self) -> Group:
        """Tables of the decided plan."""
        return self._group("plan")

    @property
    def focus_areas(self) -> Group:
        """Tables of the declared focus areas; :meth:`focus` shows them all."""
        return self._group("focus_areas")

    @property
    def agency(self) -> Group:
        """Tables of agency staff."""
        return self._group("agency")

    @property
    def goals(self) -> Group:
        """Tables of goals and indicators; :meth:`indicators` draws them all."""
        return self._group("goals")

    @property
    def care(self) -> Group:
        """Tables of the care units within Hälsovalet."""
        return self._group("care")

    @property
    def patient_costs(self) -> Group:
        """Tables of cost per patient."""
        return self._group("patient_costs")

    @property
    def measures(self) -> Measures:
        """Every table with title, unit, definition and how it is written; ``wb.measures.search("sjuk")`` narrows it."""
        return Measures([Measure.of(spec) for spec in self._specs.values()])

    @property
    def data(self) -> ProcessedTables:
        """The processed tables of the month, of all units: ``wb.data.ledger.lazy``, ``.frame``, ``.pandas``."""
        return ProcessedTables({name: Processed(name, self._read) for name in PROCESSED})

    def _read(self, table: str) -> pl.LazyFrame:
        native = getattr(self._fresh().data_with((table,)), table)
        # Another engine than polars reads the table first.
        return native if isinstance(native, pl.LazyFrame) else collect(lazy(native)).lazy()
