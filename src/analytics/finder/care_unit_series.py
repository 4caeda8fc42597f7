"""What is looked at of care units, month by month: numbers per listed person, shares and registers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import narwhals as nw
import numpy as np
import polars as pl

from analytics import swedish
from analytics.care_follow_up import SHARES, Share
from analytics.finder.axes import Floats
from analytics.finder.model import NotLookedAt
from analytics.measures.catalogue.care_units import SERIES
from analytics.measures.scope import Data, Scope, collect, lazy
from analytics.periods import PeriodRange

Way = Literal["flow", "share", "stock"]
LEAST_UNITS: Final = 4
COSTS: Final = "care_unit_costs"
SHARES_TABLE: Final = "care_unit_shares"
REGISTERS: Final = "care_unit_registers"
PLANS: Final = "care_unit_care_plans"


@dataclass(frozen=True, slots=True)
class Looked:
    """One thing that is looked at: the table that defines it, what it is called, and its quantities.

    ``way``: a ``flow`` is so many (or kronor) a month per listed person, a ``share`` one of events or of persons, a
    ``stock`` persons as they are listed, who are much the same from month to month. ``summed``: months together are
    looked at too; what is counted of a register stands in its last month.
    """

    code: str
    measure: str
    noun: str
    unit: str
    way: Way
    numerator: str
    denominator: str
    counted: bool
    """Whether the numerator is a count, which varies by chance at least as its root does."""
    summed: bool = True


def _of_share(share: Share) -> Looked:
    measure = f"{SERIES}{share.code}" if share.is_summed else REGISTERS
    label = swedish.inline(share.label)
    return Looked(
        share.code,
        measure,
        f"andelen {label}",
        "%",
        "share",
        share.numerator,
        share.denominator,
        counted=True,
        summed=share.is_summed,
    )


LOOKED: Final = (
    Looked("listed", COSTS, "antalet listade", "listade", "stock", "listed", "", counted=True),
    Looked("contacts", SHARES_TABLE, "antalet kontakter", "kontakter", "flow", "contacts", "listed", counted=True),
    Looked("visits_all", SHARES_TABLE, "antalet besök", "besök", "flow", "visits_all", "listed", counted=True),
    Looked(
        "assessments", SHARES_TABLE, "antalet bedömningar", "bedömningar", "flow", "assessments", "listed", counted=True
    ),
    Looked("care_plans", PLANS, "antalet SIP", "planer", "flow", "care_plans", "listed", counted=True),
    Looked(
        "medicine_cost",
        COSTS,
        "läkemedelskostnaden per listad",
        "kr per listad",
        "flow",
        "medicine_cost",
        "listed",
        counted=False,
    ),
    Looked(
        "service_cost",
        COSTS,
        "kostnaden för medicinsk service per listad",
        "kr per listad",
        "flow",
        "service_cost",
        "listed",
        counted=False,
    ),
    *(_of_share(share) for share in SHARES),
)
MEASURES: Final = tuple(dict.fromkeys(each.measure for each in LOOKED))


@dataclass(frozen=True)
class CareUnits:
    """Quantities of the care units of one administration by month; not a number where a unit has none."""

    scope: Scope
    months: PeriodRange
    labels: Mapping[str, str]
    values: Mapping[str, Floats]
    """Quantity → care unit × month."""

    @cached_property
    def codes(self) -> list[str]:
        return list(self.labels)

    def pair(self, looked: Looked) -> tuple[Floats, Floats]:
        """Numerator and denominator of what is looked at, care unit × month; the denominator of a number is 1."""
        top = self.values[looked.numerator]
        return top, self.values[looked.denominator] if looked.denominator else np.where(np.isfinite(top), 1.0, np.nan)


def care_units(data: Data, scope: Scope) -> CareUnits | NotLookedAt | None:
    """The care units over the months without a gap up to the report month; why not; None if the unit has none at all.

    A care unit that is not in the report month is not looked at; one that began later is, from when it began.
    """
    first = scope.period.plus(-(scope.settings.finder.history_months + scope.period.month - 1))
    span = PeriodRange(first, scope.period).months
    rows = collect(
        lazy(data.care_units)
        .filter(nw.col("administration") == scope.unit, nw.col("period").is_in(span))
        .select("period", "care_unit", "quantity", "value")
    )
    register = scope.reference.care_units
    if rows.is_empty():
        expected = any(each.administration == scope.unit for each in register.values())
        return NotLookedAt(SHARES_TABLE, "uppgifter om vårdenheter saknas") if expected else None
    present = set(rows["period"])
    if str(scope.period) not in present:
        return NotLookedAt(SHARES_TABLE, f"uppgifter om vårdenheter saknas för {scope.period.label}")
    start = scope.period
    while str(start.plus(-1)) in present and start.plus(-1) >= first:
        start = start.plus(-1)
    months = PeriodRange(start, scope.period)
    if len(months) - 1 <= scope.settings.finder.least_months:
        return NotLookedAt(SHARES_TABLE, f"bara {len(months) - 1} månader med vårdenheter finns före den sista")
    codes = sorted(rows.filter(pl.col("period") == str(scope.period))["care_unit"].unique())
    if len(codes) < LEAST_UNITS:
        return NotLookedAt(SHARES_TABLE, f"färre än {LEAST_UNITS} vårdenheter finns att jämföra med")
    labels = {code: register[code].label if code in register else code for code in codes}
    return CareUnits(scope, months, labels, _values(rows, codes, months.months))


def _values(rows: pl.DataFrame, codes: Sequence[str], months: Sequence[str]) -> dict[str, Floats]:
    at_unit = {code: place for place, code in enumerate(codes)}
    at_month = {month: place for place, month in enumerate(months)}
    needed = {name for each in LOOKED for name in (each.numerator, each.denominator) if name}
    found = {name: np.full((len(codes), len(months)), np.nan) for name in needed}
    for month, unit, quantity, value in rows.iter_rows():
        if quantity in found and unit in at_unit and month in at_month and value is not None:
            found[quantity][at_unit[unit], at_month[month]] = value
    return found
