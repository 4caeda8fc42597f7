"""Published figures of one report against the measures of the same month and unit."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from analytics.errors import MissingDataError
from analytics.goals import Register
from analytics.measures import registry
from analytics.measures.catalogue import MeasureTable
from analytics.measures.scope import Data, Scope
from analytics.organisation import Organisation
from analytics.periods import Period
from analytics.plan import PlanRegister
from analytics.processed import Store
from analytics.reconciliation import indicator_cells, mapping, plan_cells
from analytics.reconciliation.comparison import ReconcileReport, compare
from analytics.reconciliation.published import read_folder
from analytics.reference import Reference
from analytics.settings import Settings


def reconcile(settings: Settings, *, period: Period, unit: str, published: Path, audience: str) -> ReconcileReport:
    """Compare every published cell of the report of ``period`` with the measures before disclosure control.

    Args:
        settings: paths, staff lag and audiences.
        period: the report month; staff tables are looked for ``staff.lag_months`` earlier.
        unit: administration code.
        published: folder of published tables, or of figures closed elsewhere in the same layout.
        audience: ``public`` or ``internal``; decides which package values may be shown.

    Raises:
        MissingDataError: The folder holds no table of this report, or the store lacks the data.
        UsageError: No such unit.
        DeliveryUnreadableError, LayoutError: The folder or a file in it cannot be read.
    """
    organisation = Organisation.read(settings.paths.reference)
    organisation.administration(unit, period)
    tables = [
        table
        for table in read_folder(published)[0]
        if mapping.belongs(table, period=period, lag_months=settings.staff.lag_months)
    ]
    if not tables:
        raise MissingDataError(
            f"{published} holds no table of the report of {period}",
            action=f"Name the files by their month, for example kvartal_{str(period).replace('-', '_')}_ipdk.csv.",
        )
    store = Store(settings.paths.processed)
    # One reading, so that a load at the same time cannot mix versions.
    catalog = store.catalog().until(period, staff_lag=settings.staff.lag_months)
    data = Data.of(store, catalog, settings.engine.name)
    scope = Scope(
        period=period,
        unit=unit,
        settings=settings,
        organisation=organisation,
        reference=Reference(settings.paths.reference),
    )

    @cache
    def measure(table_id: str) -> MeasureTable:
        return registry.compute(table_id, data, scope)

    limits = settings.disclosure.for_audience(audience)
    cells = compare(tables, measure, audience=limits, mark=settings.disclosure.mark)
    register = Register.read(settings.paths.reference)
    cells += indicator_cells.compare(published, register, data.indicators, period=period, unit=unit)
    plan = PlanRegister.read(settings.paths.reference)
    cells += plan_cells.compare(published, plan, measure, unit=unit)
    return ReconcileReport(str(period), unit, limits.label, cells)
