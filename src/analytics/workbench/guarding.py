"""How a shared table is protected: as the package's, or more strictly where packages print nothing of its kind."""

from __future__ import annotations

from typing import Final

import narwhals as nw
import polars as pl

from analytics.disclosure import ProtectedTable, protect
from analytics.disclosure.together import protect_part, strictest, untold
from analytics.errors import DisclosureError
from analytics.measures.catalogue import MeasureTable
from analytics.measures.catalogue.focus import PREFIX
from analytics.measures.scope import collect, lazy
from analytics.periods import PeriodRange
from analytics.settings import Audience
from analytics.workbench.deriving import Deriving

INTERNAL: Final = "internal"
OPERATIONS: Final = "operations_by_class"
"""Of the tables of the ledger only this and the focus areas hold no cost of staff."""


def protected_for(bench: Deriving, table_id: str, audience: str) -> ProtectedTable:
    """The table of a bench for those who are to read it.

    What a package prints is protected as there. A table about persons of another range, and every table of a part, is
    for those inside alone and by the strictest limits. Raises DisclosureError where it may not be shared.
    """
    scope, disclosure = bench.scope, bench.scope.settings.disclosure
    table = bench.explored_table(table_id)
    about_persons = table.spec.protection != "none"
    if bench.is_as_printed or (scope.part is None and not about_persons):
        return protect(table, disclosure.for_audience(audience), disclosure.mark)
    if audience != INTERNAL:
        what = "a part of an administration" if scope.part else f"staff over the range {scope.span!r}"
        raise DisclosureError(
            f"{table_id} of {what} is not published: with what the packages print it could tell of single persons",
            action=f'Share it inside: wb.share("{table_id}", audience="{INTERNAL}"), or the table of the whole unit.',
        )
    if scope.part is None:
        return protect(table, _strict(bench), disclosure.mark)
    if about_persons:
        return _with_neighbours(bench, table_id, table)
    if table_id != OPERATIONS and not table_id.startswith(PREFIX):
        _refuse_few(bench, table_id)
    return protect(table, _strict(bench), disclosure.mark)


def _strict(bench: Deriving) -> Audience:
    disclosure = bench.scope.settings.disclosure
    return strictest((disclosure.public, disclosure.internal), label=disclosure.internal.label)


def _whole_of(bench: Deriving) -> tuple[Deriving, str]:
    """The bench that a part is of, and the code of the part in it."""
    if bench.parent is None or bench.scope.part is None:
        raise DisclosureError(
            "a part can be shared only from wb.children, which know its neighbours",
            action='Take it from there: wb.children["171"].share(…).',
        )
    return bench.parent, bench.scope.part.code


def _with_neighbours(bench: Deriving, table_id: str, table: MeasureTable) -> ProtectedTable:
    """A table about persons of a part, hiding what any of its neighbours or the whole must hide."""
    whole, code = _whole_of(bench)
    neighbours = {each: whole.children[each].explored_table(table_id) for each in whole.children}
    return protect_part(
        code,
        {**neighbours, code: table},
        whole.explored_table(table_id),
        hidden_in_whole=_hidings(whole, table_id),
        limits=_strict(bench),
        mark=bench.scope.settings.disclosure.mark,
    )


def _hidings(whole: Deriving, table_id: str) -> list[ProtectedTable]:
    """How the table of a whole is protected, for everyone who may get it in some way."""
    disclosure, table = whole.scope.settings.disclosure, whole.explored_table(table_id)
    if whole.scope.part is not None:
        return [_with_neighbours(whole, table_id, table)]
    every = (disclosure.public, disclosure.internal, _strict(whole))
    return [protect(table, limits, disclosure.mark) for limits in every]


def _refuse_few(bench: Deriving, table_id: str) -> None:
    """Raise DisclosureError where the costs of a part would tell the pay of a few employees."""
    whole, code = _whole_of(bench)
    if whole.scope.part is not None:
        _refuse_few(whole, table_id)
    counted = {each: fewest_employees(whole.children[each]) for each in whole.children}
    if code in untold(counted, _strict(bench).staff_fewer_than):
        raise DisclosureError(
            f"{table_id} of a part with so few employees, or beside one, would tell what single persons earn",
            action=f"Share {OPERATIONS} or a focus area, which hold no pay, or the table of the whole unit.",
        )


def fewest_employees(bench: Deriving) -> int:
    """How few employees the unit or part has had in a month that its tables are about; 0 if it has none."""
    scope = bench.scope
    months = PeriodRange(min(scope.first_month, scope.staff_range.previous_year.first), scope.staff_range.last).months
    rows = lazy(bench.measured_data.employments).filter(
        nw.col("administration") == scope.unit, nw.col("period").is_in(months)
    )
    persons = collect(rows.select("period", "employee_key").unique()).group_by("period").agg(pl.len().cast(pl.Int64))
    return min(persons["len"].to_list(), default=0)
