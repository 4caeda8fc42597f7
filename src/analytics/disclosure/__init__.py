"""Disclosure control: the only way from a measure to something shown.

A cell that could reveal a person is null with status ``suppressed``; the number of persons behind each cell never
leaves this module. Source of the limits: lag 1997:614 4 kap. 1 a § (at most ten employees); domain rules section 12.
"""

from __future__ import annotations

from dataclasses import InitVar, dataclass
from typing import Final

import polars as pl

from analytics.disclosure.complements import complements
from analytics.errors import DisclosureError
from analytics.measures.catalogue import MeasureTable, TableSpec
from analytics.measures.catalogue.model import WHOLE
from analytics.settings import Audience

OK: Final = "ok"
SUPPRESSED: Final = "suppressed"
MISSING: Final = "missing"

_SEAL: Final = object()


@dataclass(frozen=True, eq=False, repr=False)
class ProtectedTable:
    """A table that may be shown. Only :func:`protect` makes one.

    ``frame`` has the keys of the table, ``text`` if the table has texts, ``value`` (both null where suppressed or
    missing; a text may stand without a value) and ``status`` (``ok``, ``suppressed`` or ``missing``). ``mark`` is
    what is printed in a suppressed cell.
    """

    spec: TableSpec
    frame: pl.DataFrame
    headings: dict[str, str]
    period_label: str
    notes: tuple[str, ...]
    audience_label: str
    mark: str
    seal: InitVar[object] = None

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise DisclosureError(
                "a protected table can only be made by disclosure control",
                action="Call analytics.disclosure.protect with a measure table.",
            )

    @property
    def suppressed(self) -> int:
        """How many cells are suppressed."""
        return self.frame.filter(pl.col("status") == SUPPRESSED).height

    @property
    def missing(self) -> int:
        """How many cells have no data."""
        return self.frame.filter(pl.col("status") == MISSING).height

    def __repr__(self) -> str:
        return (
            f"<ProtectedTable {self.spec.table_id}: {self.frame.height} cells, "
            f"{self.suppressed} suppressed, {self.missing} missing>"
        )

    def _repr_html_(self) -> str:
        """Notebooks show this; values are shown by ``tables.show`` alone, in its accessible form."""
        return f"<p>Skyddad tabell: {self.spec.title}. {self.suppressed} celler är undertryckta.</p>"


def protect(table: MeasureTable, audience: Audience, mark: str) -> ProtectedTable:
    """Take away what could reveal a person, for one audience.

    Rules, on the number of persons n behind a cell: a sick-leave figure is given for more than
    ``audience.sick_leave_at_most`` persons, another staff figure for at least ``audience.staff_fewer_than``, a figure
    of patients or listed persons for at least ``audience.patients_fewer_than``; a figure about a single person is
    never given; nobody (n = 0) reveals nobody. An amount of which one patient has more than
    ``audience.largest_patient_pct`` per cent is not given either. A change is suppressed if either of its years is.
    What would let a suppressed cell be worked out from the others is suppressed too (:func:`complements.complements`).
    Tables without persons pass unchanged.

    Raises DisclosureError if a table about persons does not say how many are behind each cell, or a table of amounts
    per patient not what one of them has.
    """
    if not isinstance(table, MeasureTable):
        raise DisclosureError(f"{type(table).__name__} is not a measure table")
    return sealed(table, hidden_cells(table, audience), audience, mark)


def sealed(table: MeasureTable, hidden: pl.Series, audience: Audience, mark: str) -> ProtectedTable:
    """The table with these cells taken away: the last step of disclosure control, for this package alone."""
    keys = list(table.spec.keys)
    missing = pl.col("value").is_null() | pl.col("value").is_nan()
    texts = ["text"] if table.spec.texts else []
    if texts:
        # A cell may be given in words alone.
        missing &= pl.col("text").is_null()
    frame = (
        table.frame.with_columns(hidden.alias("hidden"))
        .with_columns(
            status=pl.when(pl.col("hidden"))
            .then(pl.lit(SUPPRESSED))
            .when(missing)
            .then(pl.lit(MISSING))
            .otherwise(pl.lit(OK))
        )
        .with_columns(pl.when(pl.col("status") == OK).then(pl.col(name)).alias(name) for name in ("value", *texts))
        .select(*keys, *texts, "value", "status")
    )
    return ProtectedTable(
        spec=table.spec,
        frame=frame,
        headings=dict(table.headings),
        period_label=table.period_label,
        notes=table.notes,
        audience_label=audience.label,
        mark=mark,
        seal=_SEAL,
    )


def hidden_cells(table: MeasureTable, audience: Audience) -> pl.Series:
    """Which cells of the table may not be shown to the audience, by row. Raises as :func:`protect`."""
    frame, spec = table.frame, table.spec
    if spec.protection == "none":
        return pl.repeat(value=False, n=frame.height, dtype=pl.Boolean, eager=True)
    if "n" not in frame.columns or frame.get_column("n").null_count() or (frame.get_column("n") < 0).any():
        raise DisclosureError(f"the table {spec.table_id} does not say how many persons are behind each cell")
    n = pl.col("n")
    few = {
        "sick_leave": n <= audience.sick_leave_at_most,
        "staff": n < audience.staff_fewer_than,
        "patients": n < audience.patients_fewer_than,
    }[spec.protection]
    small = (n > 0) & (few | (n == 1) | _is_dominated(table, audience))
    least = {
        "sick_leave": audience.sick_leave_at_most + 1,
        "staff": audience.staff_fewer_than,
        "patients": audience.patients_fewer_than,
    }[spec.protection]
    primary = frame.select(small.alias("hidden")).to_series() | _hidden_beside(table, audience)
    hidden = _with_complements(frame, spec, primary, least=least)
    if "column" not in spec.keys:
        return hidden
    rest = [key for key in spec.keys if key != "column"]
    either = pl.col("hidden").any().over(rest) & (pl.col("column") == "change")
    return frame.with_columns(hidden.alias("hidden")).select(pl.col("hidden") | either).to_series()


def _is_dominated(table: MeasureTable, audience: Audience) -> pl.Expr:
    """Cells of which one person has so much that they tell of that person, however many others there are."""
    if not table.spec.dominance:
        return pl.lit(value=False)
    if "largest" not in table.frame.columns or table.frame["largest"].null_count():
        raise DisclosureError(f"the table {table.spec.table_id} does not say what one person has of each cell at most")
    return pl.col("largest") > audience.largest_patient_pct


def _hidden_beside(table: MeasureTable, audience: Audience) -> pl.Series:
    """Cells whose row is hidden in the table beside. A key that this table lacks stands for its whole there."""
    nothing = pl.repeat(value=False, n=table.frame.height, dtype=pl.Boolean, eager=True)
    other = table.beside
    if other is None:
        return nothing
    shared = [
        key
        for key in table.spec.keys
        if key in other.spec.keys and key not in ("column", "row_type") and not key.endswith("_label")
    ]
    lacking = [key for key in other.spec.keys if key not in table.spec.keys and key in WHOLE]
    wholes = [pl.col(key) == WHOLE[key] for key in lacking]
    rows = other.frame.with_columns(hidden_cells(other, audience).alias("hidden")).filter(pl.col("hidden"), *wholes)
    if rows.is_empty():
        return nothing
    return table.frame.select(pl.struct(shared).is_in(rows.select(pl.struct(shared)).to_series().implode())).to_series()


def _with_complements(frame: pl.DataFrame, spec: TableSpec, primary: pl.Series, *, least: int) -> pl.Series:
    """The hidden cells and what must go with them; cells that tell each other are judged as one."""
    if not spec.together:
        return complements(frame, spec, primary, least=least)
    rows = [key for key in spec.keys if key != "column"]
    cells = frame.with_columns(
        primary.alias("hidden"), pl.col("column").is_in(spec.together).alias("joint")
    ).with_row_index("place")
    joint = cells.filter("joint")
    first = joint.filter(pl.col("column") == spec.together[0])
    smallest = joint.group_by(rows).agg(
        pl.col("n").filter(pl.col("n") > 0).min().fill_null(0).alias("n"), pl.col("hidden").any()
    )
    judged = first.drop("n", "hidden").join(smallest, on=rows, how="left", maintain_order="left")
    judged = judged.with_columns(complements(judged, spec, judged["hidden"], least=least).alias("hidden"))
    together = joint.drop("hidden").join(judged.select(*rows, "hidden"), on=rows, how="left", maintain_order="left")
    alone = cells.filter(~pl.col("joint"))
    alone = alone.with_columns(complements(alone, spec, alone["hidden"], least=least).alias("hidden"))
    return pl.concat([each.select("place", "hidden") for each in (together, alone)]).sort("place")["hidden"]
