"""Other benches from one: the same month last year, another range of months, the organisation below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, cast

from analytics.comments import scheduled
from analytics.disclosure import ProtectedTable
from analytics.errors import CommentError, DisclosureError, UsageError
from analytics.measures import registry
from analytics.measures.catalogue import MeasureTable
from analytics.measures.scope import Data, Part, Scope, of_part
from analytics.periods import SPANS, PeriodRange, Span
from analytics.workbench import asked
from analytics.workbench.children import Children
from analytics.workbench.choosing import unknown
from analytics.workbench.exploring import Exploring
from analytics.workbench.months import refuse_without_data
from analytics.workbench.renamed import checked
from analytics.workbench.shelf import Shelf

if TYPE_CHECKING:
    from analytics.workbench.bench import Workbench

SWEDISH: Final = {
    "månad": "month",
    "kvartal": "quarter",
    "halvår": "half_year",
    "delår": "accumulated",
    "ackumulerat": "accumulated",
    "år": "year",
    "rullande12": "rolling12",
}
"""Swedish name of a range → the name to write."""
_BELOW: Final[Mapping[str, Literal["base_unit", "cost_centre"]]] = {
    "administration": "base_unit",
    "base_unit": "cost_centre",
}


class Deriving(Exploring):
    """What is asked of the bench beside its own month, range and unit. Not in a run: a report is about one of each."""

    parent: Deriving | None = None
    """The bench whose part this is."""

    @property
    def is_as_printed(self) -> bool:
        """Whether the bench is about what a package prints: a whole administration, accumulated from January."""
        return self.scope.part is None and self.scope.span == "accumulated"

    @property
    def previous_year(self) -> Workbench:
        """The bench of the same month last year, with what was known then (decision 019). Comments are those of then.

        Raises MissingDataError if nothing is loaded for it, UsageError if the unit did not exist.
        """
        self._refuse_in_run("previous_year")
        return self._keep("previous_year", self._a_year_ago)

    def _a_year_ago(self) -> Workbench:
        scope = replace(self.scope, period=self.scope.period.previous_year)
        refuse_without_data(self._store.catalog(), scope.period, lag=scope.settings.staff.lag_months)
        scope.organisation.administration(scope.unit, scope.period)
        return self._derived(scope)

    @checked("wb.range")
    def range(self, months: str) -> Workbench:
        """The bench over another range of months that ends with the month: staff and ledger tables follow it.

        Args:
            months: ``month``, ``quarter``, ``tertial``, ``half_year``, ``accumulated`` (as the packages), ``year``
                (December alone, the whole year) or ``rolling12``. Ranges of staff end with the last month that has
                complete time and absence.

        Monthly tables are the same; a table that has no meaning for the range says so. Raises UsageError.
        """
        self._refuse_in_run("range")
        known = [*SPANS, "year"]
        if months not in known:
            meant = SWEDISH.get(str(months).strip().casefold())
            if meant is not None:
                raise UsageError(f"there is no range {months!r}", action=f'Write wb.range("{meant}").')
            raise unknown("range", str(months), known)
        if months == "year" and self.scope.period.month != 12:
            last = self.scope.period.year - 1
            raise UsageError(
                f"{self.scope.period.year} is not over in {self.scope.period}",
                action=f'Use wb.range("accumulated") or wb.range("rolling12"), or open period="{last}-12".',
            )
        span: Span = "accumulated" if months == "year" else cast("Span", months)
        return self._keep(f"range {span}", lambda: self._derived(replace(self.scope, span=span), self._shelf))

    @property
    def children(self) -> Children:
        """The organisation below: base units of an administration, cost centres of a base unit. Code → bench."""
        self._refuse_in_run("children")
        return self._keep("children", self._children)

    def _children(self) -> Children:
        part, scope = self.scope.part, self.scope
        level = _BELOW.get("administration" if part is None else part.level)
        if level is None:
            raise UsageError(
                f"there is no level below the cost centre {part.code if part else ''}",
                action="Accounts are in wb.economy, single postings in wb.data.ledger.",
            )
        months = PeriodRange(min(scope.first_month, scope.ledger_range.previous_year.first), scope.period)
        units = scope.organisation.below(level, scope.unit if part is None else part.code, months)
        parts = {unit.code: Part(level, unit.code, unit.label) for unit in units}
        whole = scope.unit_label if part is None else part.label
        return Children(parts, self._child, whole)

    def _child(self, part: Part) -> Workbench:
        made = self._derived(replace(self.scope, part=part), self._shelf)
        made.parent = self
        return made

    def _derived(self, scope: Scope, shelf: Shelf | None = None) -> Workbench:
        made: Workbench = cast("type[Workbench]", type(self))(
            scope=scope, audience=self.audience, store=self._store, shelf=shelf
        )
        return made

    def _refuse_in_run(self, name: str) -> None:
        if scheduled.is_running():
            raise DisclosureError(
                f"a report cannot use wb.{name}: its tables would be published under the names of the report's own",
                action="Open another month or unit in its own report; ranges and parts are for exploration.",
            )

    @property
    def measured_data(self) -> Data:
        """The processed tables as the measures of this bench see them."""
        data = self._data
        return data if self.scope.part is None else of_part(data, self.scope.unit, self.scope.part)

    @checked("wb.table")
    def table(self, table_id: str) -> MeasureTable:
        """One unprotected measure table, for further analysis. It cannot be shown, drawn or written about.

        Raises UsageError for an unknown id, or one that has no meaning for the range or part of the bench, and
        MissingDataError if months are not in the data.
        """
        if not self.is_as_printed and table_id in self._specs:
            asked.refuse(table_id, self.scope)
        return super().table(table_id)

    def _compute(self, table_id: str, data: Data) -> MeasureTable:
        if self.is_as_printed:
            return super()._compute(table_id, data)
        scope = replace(self.scope, span="accumulated") if asked.is_monthly(table_id) else self.scope
        if scope.part is not None:
            data = of_part(data, scope.unit, scope.part)
        return asked.named(registry.compute(table_id, data, scope), self.scope)

    @checked("wb.protected")
    def protected(self, table_id: str) -> ProtectedTable:
        """One table after disclosure control for the audience; remembered in :attr:`used`.

        Raises DisclosureError for a part or another range, which are protected with their neighbours: ``wb.share``.
        """
        if not self.is_as_printed:
            raise DisclosureError(
                f"{table_id} of a part or of another range is protected together with its neighbours",
                action=f'Use wb.share("{table_id}", audience="internal").',
            )
        return super().protected(table_id)

    @checked("wb.comment")
    def comment(self, *, about: Mapping[str, str], text: str, author_role: str, kind: str = "", name: str = "") -> Path:
        """As in the bench of the whole unit. Raises CommentError for a part or range, which no package prints."""
        if not self.is_as_printed:
            raise CommentError(
                "a comment is bound to a figure that the package prints, and this bench is about a part or a range",
                action="Write it from the bench that analytics.open gives.",
            )
        return super().comment(about=about, text=text, author_role=author_role, kind=kind, name=name)
