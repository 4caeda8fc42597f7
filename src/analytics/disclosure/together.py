"""Disclosure control of the parts of a unit: what one part hides, all its neighbours hide, or it could be worked out.

A published whole less the shown parts gives the part that is hidden. So the cells of all parts of a unit are judged as
one: a cell that any part must hide is hidden in every part, and so is one that the whole hides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from analytics.disclosure import ProtectedTable, hidden_cells, sealed
from analytics.errors import DisclosureError
from analytics.measures.catalogue import MeasureTable
from analytics.settings import Audience


def strictest(audiences: Sequence[Audience], *, label: str) -> Audience:
    """The limits that hold where each of these holds."""
    return Audience(
        label=label,
        folder="",
        sick_leave_at_most=max(each.sick_leave_at_most for each in audiences),
        staff_fewer_than=max(each.staff_fewer_than for each in audiences),
        patients_fewer_than=max(each.patients_fewer_than for each in audiences),
        largest_patient_pct=min(each.largest_patient_pct for each in audiences),
    )


def protect_part(  # noqa: PLR0913 - one part needs its whole and all its neighbours
    code: str,
    parts: Mapping[str, MeasureTable],
    whole: MeasureTable,
    *,
    hidden_in_whole: Sequence[ProtectedTable],
    limits: Audience,
    mark: str,
) -> ProtectedTable:
    """One part's table about persons, protected together with its neighbours.

    Args:
        code: which of ``parts`` is wanted.
        parts: the same table of every part of the whole.
        whole: the table of the whole itself.
        hidden_in_whole: how the whole is protected for each audience that may see it.
        limits: the limits to hold.
        mark: what stands in a suppressed cell.

    All parts get the rows of the whole, and hide the same cells of them. Raises DisclosureError if a table does not say
    how many persons are behind its cells.
    """
    if any("n" not in table.frame.columns for table in (whole, *parts.values())):
        raise DisclosureError(f"the table {whole.spec.table_id} does not say how many persons are behind each cell")
    keys = list(whole.spec.keys)
    rows = pl.concat([table.frame.select(keys) for table in (whole, *parts.values())]).unique(maintain_order=True)
    everyone = pl.concat([table.frame.select(*keys, "n") for table in parts.values()])
    fewest = everyone.group_by(keys).agg(pl.col("n").filter(pl.col("n") > 0).min().fill_null(0))
    hidden = pl.concat(
        [table.frame.filter(pl.col("status") == "suppressed").select(keys) for table in hidden_in_whole]
    ).unique()
    pattern = (
        rows.join(fewest, on=keys, how="left", nulls_equal=True, maintain_order="left")
        .join(
            hidden.with_columns(told=pl.lit(value=True)), on=keys, how="left", nulls_equal=True, maintain_order="left"
        )
        .join(whole.frame.select(*keys, "value"), on=keys, how="left", nulls_equal=True, maintain_order="left")
        # One person is too few for every audience.
        .with_columns(n=pl.when(pl.col("told")).then(1).otherwise(pl.col("n").fill_null(0)).cast(pl.Int64))
        .select(*keys, "value", "n")
    )
    taken = hidden_cells(replace(whole, frame=pattern, beside=None), limits)
    own = parts[code]
    nothing = 0.0 if own.spec.is_additive else None
    frame = (
        _beside(rows, own.frame.with_columns(given=pl.lit(value=True)), keys)
        .with_columns(pl.when(pl.col("given")).then(pl.col("value")).otherwise(nothing).alias("value"))
        .select(own.frame.columns)
    )
    return sealed(replace(own, frame=frame, beside=None), taken, limits, mark)


def _beside(rows: pl.DataFrame, other: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    return rows.join(other, on=keys, how="left", nulls_equal=True, maintain_order="left")


def untold(persons: Mapping[str, int], least: int) -> frozenset[str]:
    """Parts whose costs may not be shown, because those of a few employees could be read from them.

    Args:
        persons: part → how few employees it has had in any month; 0 for one without employees.
        least: employees that a part must have.

    A part with fewer is not shown; and as the whole less the others gives what is not shown, enough other parts are
    left out too, the smallest first, until at least two that together have as many employees as asked for are left out.
    """
    hidden = {code for code, count in persons.items() if 0 < count < least}
    others = sorted((count, code) for code, count in persons.items() if count >= least)
    while hidden and others and (len(hidden) == 1 or sum(persons[code] for code in hidden) < least):
        hidden.add(others.pop(0)[1])
    return frozenset(hidden)
