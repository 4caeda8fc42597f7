"""What a table is: its declaration, and the unprotected table that a measure gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import polars as pl

Protection = Literal["staff", "sick_leave", "patients", "none"]
"""Which limit decides; ``patients`` is for shares and costs of listed persons and patients."""

SEXES = {"K": "Kvinna", "M": "Man", "T": "Total"}
ORIGINS = {"external": "Externt", "internal": "Internt", "total": "Totalt"}
SERIES = {
    "outcome": "Utfall",
    "budget": "Budget i tolftedelar",
    "seasonal": "Säsongsfördelad budget",
    "invoiced": "Fakturerat",
    "likely": "Beräknat slutligt",
}
"""Code of each monthly series → its Swedish name."""

WHOLE = {
    "sex": "T",
    "row_type": "total",
    "measure": "total",
    "base_unit": "",
    "contact_kind": "all",
    "column": "all",
}
"""Key along which cells are parts of a whole → its code in the whole."""
APART = "apart"
"""``row_type`` of a row that is in no sum."""


@dataclass(frozen=True, slots=True)
class TableSpec:
    """What a table is. Its frame has the ``keys``, then ``value`` and, for tables about persons, ``n``.

    ``value`` is unrounded; null means that nothing was posted or measured, which is not zero.
    ``n`` is the number of persons behind the value; disclosure control uses it and takes it away. For a share of
    patients it is the smallest group that the figure tells of: those counted, or those who are left, if there are any.
    ``label_of`` names the Swedish label column that follows a key column.
    """

    table_id: str
    title: str
    keys: tuple[str, ...]
    unit: str
    decimals: int
    protection: Protection
    definition: str
    source: str
    labels: dict[str, str] = field(default_factory=dict)
    """Column codes of the key ``column`` → Swedish heading; ``{year}`` and ``{previous}`` are filled in."""
    change_unit: str = ""
    """Unit of the change column where it differs (procentenheter)."""
    texts: bool = False
    """The frame has a column ``text`` after the keys: what is printed instead of the number (null: the number is)."""
    chart: str = ""
    """Name of the drawer in ``charts`` where the keys do not say it."""
    in_kr: bool = False
    """Printed in whole kronor; every other table of amounts is printed in tkr."""
    parts: tuple[str, ...] = ()
    """Keys along which the cells are parts of a whole that is also a cell (``sex``, ``row_type``, ``measure``,
    ``base_unit``, ``contact_kind``, ``column``): a hidden part needs another hidden beside it."""
    together: tuple[str, ...] = ()
    """Codes of ``column`` whose cells in a row tell each other (cost, contacts, cost per contact), so that they are
    shown or hidden together; the first is the one whose parts add up."""
    dominance: bool = False
    """The frame also has ``largest`` after ``n``: the share (per cent) that one person has of the amount at most."""

    @property
    def is_additive(self) -> bool:
        """Whether parts add up to their whole; otherwise the whole is a weighted mean of them."""
        return self.unit in ("årsarbetare", "antal", "kr")


@dataclass(frozen=True, eq=False, repr=False)
class MeasureTable:
    """An unprotected table: never shown, only handed to disclosure control or to ``reconcile``.

    ``headings`` gives the printed heading of each code in ``column``; ``notes`` are Swedish sentences printed under
    the table (divisor, versions, as-of date).
    """

    spec: TableSpec
    frame: pl.DataFrame
    headings: dict[str, str]
    period_label: str
    notes: tuple[str, ...] = ()
    beside: MeasureTable | None = None
    """A table about the same groups: a row that is hidden in it is hidden here too, or the two would tell it."""

    def __repr__(self) -> str:
        return f"<MeasureTable {self.spec.table_id}: {self.frame.height} unprotected cells, not shown>"


YEARS = {"current": "{year}", "previous": "{previous}", "change": "Förändring"}
ACCUMULATED = {
    "outcome": "Utfall hittills",
    "budget": "Budget hittills",
    "previous": "Samma period föregående år",
    "vs_budget": "Avvikelse mot budget",
    "vs_previous": "Avvikelse mot föregående år",
}
FULL_YEAR = {
    "forecast": "Prognos helår",
    "budget": "Budget helår",
    "previous": "Föregående år helår",
    "vs_budget": "Avvikelse mot budget",
    "vs_previous": "Avvikelse mot föregående år",
}
SUMMARY = {
    "outcome": "Utfall hittills",
    "budget": "Budget hittills",
    "outcome_vs_budget": "Avvikelse mot budget hittills",
    "forecast": "Prognos helår",
    "budget_year": "Budget helår",
    "forecast_vs_budget": "Prognosens avvikelse mot budget",
}
PIVOT = {
    "outcome": "Utfall hittills",
    "budget": "Budget hittills",
    "vs_budget": "Avvikelse mot budget",
    "previous": "Samma period föregående år",
    "vs_previous": "Avvikelse mot föregående år",
}

GROUP_KEYS = ("personnel_group", "personnel_group_label", "row_type", "sex", "column")
ABSENCE_KEYS = ("absence_group", "absence_group_label", "row_type", "sex", "column")
RATE_KEYS = ("measure", "measure_label", "row_type", "sex", "column")
DISCLOSURE_KEYS = ("measure", "measure_label", "row_type", "column")
FR1_KEYS = ("report_line", "report_line_label", "level", "parent", "origin", "column")
SUMMARY_KEYS = ("report_line", "report_line_label", "level", "parent", "column")
PIVOT_KEYS = ("code", "label", "level", "row_type", "column")
PROJECT_KEYS = ("cost_centre", "cost_centre_label", "account_class", "account_class_label", "row_type", "column")
MONTHLY_STAFF_KEYS = ("period", "sex")
MONTHLY_ABSENCE_KEYS = ("period", "absence_group", "absence_group_label", "sex")
MONTHLY_LEDGER_KEYS = ("period", "series")
AGENCY_KEYS = ("administration", "administration_label", "profession", "profession_label", "row_type", "column")

FTE_FORMULA = "timmar / (timmar per årsarbetare och år × antal månader / 12)"
LEDGER_SIGN = "intäkter negativa, kostnader positiva; avvikelse = jämförelsetal − utfall, negativ är ogynnsam"
