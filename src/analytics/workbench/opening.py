"""A workbench is opened for one report month of one administration; wrong arguments are refused here."""

from __future__ import annotations

from pathlib import Path

from analytics import organisation, settings
from analytics.finder.model import Finding
from analytics.measures.scope import Scope
from analytics.processed import Store
from analytics.reference import Reference
from analytics.workbench import boxes
from analytics.workbench.bench import Workbench
from analytics.workbench.choosing import unknown
from analytics.workbench.deviating import html_of
from analytics.workbench.months import month_of, refuse_without_data
from analytics.workbench.names import Group, ProcessedTables
from analytics.workbench.renamed import checked


@checked("analytics.open")
def open_workbench(*, period: str, unit: str, audience: str = "public", root: str | Path | None = None) -> Workbench:
    """Open the processed data for one report month and administration.

    Args:
        period: the report month as ``2018-03``.
        unit: code of the administration, as text: ``17``.
        audience: ``public`` or ``internal``.
        root: the folder with ``analytics.toml``; by default the nearest one at or above the working folder.

    Raises:
        UsageError: period, unit or audience does not exist; the nearest right ones are named.
        MissingDataError: nothing is loaded, or nothing for the month; the months that have data are named.
        SettingsError: ``analytics.toml`` or a reference file is wrong.
    """
    boxes.install(Workbench, Group, ProcessedTables)
    boxes.display(Finding, html_of)
    if audience not in settings.AUDIENCES:
        raise unknown("audience", audience, settings.AUDIENCES)
    month = month_of(period)
    loaded = settings.load(Path(root) if root else settings.find_root(Path.cwd()))
    store = Store(loaded.paths.processed)
    units = organisation.Organisation.read(loaded.paths.reference)
    refuse_without_data(store.catalog(), month, lag=loaded.staff.lag_months)
    units.administration(unit, month)
    scope = Scope(
        period=month,
        unit=unit,
        settings=loaded,
        organisation=units,
        reference=Reference(loaded.paths.reference),
    )
    return Workbench(scope=scope, audience=audience, store=store)
