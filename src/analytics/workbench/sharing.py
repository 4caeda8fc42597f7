"""The one way out of exploration: what is shared goes through disclosure control, whatever it is (decision 030)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from analytics import charts, sentences, settings, tables
from analytics.charts import Figure
from analytics.comments import scheduled
from analytics.disclosure import ProtectedTable
from analytics.errors import DisclosureError, UsageError
from analytics.finder.model import Finding
from analytics.workbench import guarding, listing
from analytics.workbench.choosing import unknown
from analytics.workbench.deriving import Deriving
from analytics.workbench.explored import Explored
from analytics.workbench.leaving import CHART_SUFFIXES, TABLE_SUFFIXES, About, Shared, write
from analytics.workbench.names import no_such_name
from analytics.workbench.renamed import checked

HOW: Final = 'Share a table of the catalogue: wb.share("worked_fte"), wb.share(wb.staff.worked_fte, file="tid.xlsx").'


@runtime_checkable
class Shareable(Protocol):
    """Something of another layer that knows how it is protected: a panel, or the findings of deviations."""

    def for_audience(self, audience: str) -> ProtectedTable | Figure:
        """What may be shown of it to an audience, after disclosure control."""
        ...


class Sharing(Deriving):
    """``wb.share``."""

    @checked("wb.draw")
    def draw(self, table_id: str, *, column: str | None = None) -> Figure | sentences.Text:
        """The chart that suits the table; a sentence instead where there is nothing to draw.

        Monthly tables become lines, group tables bars of the change, ledger tables bars of a deviation (``column``).
        """
        drawn = super().draw(table_id, column=column)
        if isinstance(drawn, Figure):
            # Which table it was drawn from, so that it can be drawn anew for another audience.
            self._drawn[id(drawn)] = (drawn, table_id, column)
        return drawn

    @property
    def _drawn(self) -> dict[int, tuple[Figure, str, str | None]]:
        return self._keep("drawn", dict)

    @checked("wb.share")
    def share(self, thing: object, file: str | Path | None = None, audience: str = "public") -> Shared | Path:
        """Something that may leave the workbench, after disclosure control for those who will read it.

        Args:
            thing: a table id or a handle (``wb.staff.worked_fte``), a chart (``wb.draw(…)``), findings or a panel.
            file: where to write it; the ending decides: ``.csv``, ``.xlsx`` or ``.html`` for a table, ``.png``,
                ``.svg``, ``.html`` or ``.json`` for a chart. Each has title, period, audience, source and marks in it.
                A table is drawn for ``.png``, ``.svg`` and ``.json``. Without a file it is shown.
            audience: ``public`` or ``internal``. Parts of an administration, and staff tables of other ranges of
                months than the packages', are for ``internal`` alone, with the strictest limits of both.

        Returns:
            the protected table or chart, or the path of the file.

        Raises:
            DisclosureError: it cannot be protected (a bare data frame), may not leave, or a report is being made.
            UsageError: unknown table, audience or kind of file.
        """
        if scheduled.is_running():
            raise DisclosureError(
                "a report cannot share anything: the run publishes its tables",
                action="Show tables with wb.show(table_id).",
            )
        if audience not in settings.AUDIENCES:
            raise unknown("audience", str(audience), settings.AUDIENCES)
        target = None if file is None else Path(file)
        suffix = "" if target is None else target.suffix.lower()
        if target is not None and suffix not in (*TABLE_SUFFIXES, *CHART_SUFFIXES):
            kinds = ", ".join(dict.fromkeys((*TABLE_SUFFIXES, *CHART_SUFFIXES)))
            raise UsageError(f"no file can be written as {target.name!r}", action=f"Its name ends with one of {kinds}.")
        shared = self._protect(thing, audience, drawn=suffix in (".png", ".svg", ".json"))
        return shared if target is None else write(shared, target, created=datetime.now().astimezone())

    def _protect(self, thing: object, audience: str, *, drawn: bool) -> Shared:
        if isinstance(thing, Explored):
            # A handle is of the bench that it was asked of, which may be that of a part or of another range.
            owner = thing.bench if isinstance(thing.bench, Sharing) else self
            return owner.of_table(thing.id, audience, drawn=drawn)
        if isinstance(thing, str):
            return self.of_table(thing, audience, drawn=drawn)
        if isinstance(thing, Figure):
            return self._of_figure(thing, audience)
        if isinstance(thing, ProtectedTable):
            return self._of_protected(thing, audience)
        found = _findings(thing)
        if found is not None:
            return self._of_findings(found, audience)
        if isinstance(thing, Shareable):
            # A panel is of the bench that it was made for, and the file says the unit of that one.
            bench = getattr(thing, "wb", self)
            owner = bench if isinstance(bench, Sharing) else self
            given = thing.for_audience(audience)
            table, figure = (given, None) if isinstance(given, ProtectedTable) else (None, given)
            return Shared(owner.about(table, figure, audience), table, figure)
        kind = f"{type(thing).__name__} ({type(thing).__module__.partition('.')[0]})"
        raise DisclosureError(f"a {kind} has not passed disclosure control and cannot be shared", action=HOW)

    def of_table(self, table_id: str, audience: str, *, drawn: bool, column: str | None = None) -> Shared:
        """One table, or with ``drawn`` its chart, for an audience. Raises as :meth:`share`."""
        if table_id not in self._specs:
            raise no_such_name("the catalogue", table_id, list(self._specs))
        table = guarding.protected_for(self, table_id, audience)
        if not drawn:
            return Shared(self.about(table, None, audience), table)
        figure = charts.of(table, column=column)
        if not isinstance(figure, Figure):
            raise UsageError(f"{table_id} has nothing to draw: {figure}", action="Share it as a table.")
        return Shared(self.about(table, figure, audience), table, figure)

    def _of_figure(self, figure: Figure, audience: str) -> Shared:
        found = self._drawn.get(id(figure))
        if found is None:
            raise DisclosureError(
                "this chart was not drawn by this bench, so it cannot be told for whom it was protected",
                action='Draw it anew: wb.share(wb.draw("net_monthly"), file="netto.png").',
            )
        _, table_id, column = found
        return self.of_table(table_id, audience, drawn=True, column=column)

    def _of_protected(self, table: ProtectedTable, audience: str) -> Shared:
        limits = self.scope.settings.disclosure
        # What everybody may see, those inside may see too.
        if table.audience_label not in (limits.for_audience(audience).label, limits.public.label):
            raise DisclosureError(
                f"the table is protected for {table.audience_label!r}, not for {audience}",
                action=f'Share it by its name: wb.share("{table.spec.table_id}", audience="{audience}").',
            )
        if not any(table is own for own in self._protected.values()):
            raise DisclosureError(
                f"the table was not protected by this bench, so it cannot be told whether it is of {self.name}",
                action=f'Share it by its name from its own bench: wb.share("{table.spec.table_id}").',
            )
        return Shared(self.about(table, None, audience), table)

    @property
    def place(self) -> tuple[str, str]:
        """Report month and unit of the bench."""
        return str(self.scope.period), self.scope.unit

    @property
    def name(self) -> str:
        """The same in words, for messages."""
        return "{}, unit {}".format(*self.place)

    def refuse_of_another(self, found: Sequence[Finding]) -> None:
        """Raise UsageError for deviations of another unit or month: they would be told under the name of this one."""
        of = getattr(found, "of", None) or self.place
        units = {each.keys.get("administration", self.scope.unit) for each in found}
        if of != self.place or units - {self.scope.unit}:
            raise UsageError(
                f"the deviations are not of {self.name}", action="Use the bench whose wb.deviations() gave them."
            )

    def _of_findings(self, found: Sequence[Finding], audience: str) -> Shared:
        self.refuse_of_another(found)
        scope, limits = self.scope, self.scope.settings.disclosure.for_audience(audience)
        groups = scope.reference.sick_leave_groups
        published = audience != guarding.INTERNAL
        shown = listing.protected(found, limits, sick_groups=groups, published=published)
        about = replace(
            self.about(None, None, audience), title=listing.TITLE, source="beräknat av analytics (docs/finder.md)"
        )
        return Shared(about, listing=shown)

    def about(self, table: ProtectedTable | None, figure: Figure | None, audience: str) -> About:
        """What a file of this bench says of itself."""
        scope = self.scope
        limits, region = scope.settings.disclosure, scope.settings.region
        title = table.spec.title if table is not None else figure.title if figure is not None else ""
        return About(
            title=title,
            organisation=region.name_in(scope.period),
            unit=f"{scope.unit} {scope.unit_label}" + (f", {scope.part.code} {scope.part.label}" if scope.part else ""),
            period=table.period_label if table is not None else scope.period.label,
            audience=limits.for_audience(audience).label,
            source=tables.source_of(table) if table is not None else figure.source if figure is not None else "",
            data_version=self.catalog.version,
            synthetic=region.synthetic,
            mark=limits.mark,
        )


def _findings(thing: object) -> Sequence[Finding] | None:
    """One finding, or a list of them; None for anything else. An empty list is one of findings too."""
    if isinstance(thing, Finding):
        return [thing]
    if (
        isinstance(thing, Sequence)
        and not isinstance(thing, str | bytes)
        and all(isinstance(one, Finding) for one in thing)
    ):
        return thing
    return None
