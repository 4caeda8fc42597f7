"""The counts of the care units of one administration, and the shares made of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import narwhals as nw
import polars as pl

from analytics.care_follow_up import OWNERSHIP_LABELS, SHARES, Share
from analytics.errors import MissingDataError
from analytics.measures.scope import Data, Scope, Slices, collect, incomplete, lazy
from analytics.periods import PeriodRange


@dataclass(frozen=True, slots=True)
class Part:
    """A numerator and its denominator. ``n`` is the smallest group that the share tells of."""

    numerator: float
    denominator: float

    @property
    def pct(self) -> float | None:
        """The share in per cent; None where nobody is counted."""
        return self.numerator / self.denominator * 100 if self.denominator else None

    @property
    def n(self) -> int:
        """Those counted or those left over, whichever is fewer; an empty group reveals nobody."""
        groups = [int(group) for group in (self.numerator, self.denominator - self.numerator) if group > 0]
        return min(groups, default=0)


@dataclass(frozen=True)
class Counts:
    """Monthly quantities of the care units that the unit of the scope follows up, up to the report month."""

    scope: Scope
    frame: pl.DataFrame

    @classmethod
    def of(cls, data: Data, scope: Scope) -> Counts:
        """All months from two calendar years before the report year.

        Raises MissingDataError if a month from January to the report month has no rows.
        """
        rows = lazy(data.care_units).filter(nw.col("administration") == scope.unit)
        slices = Slices.years(scope.ledger_range)
        incomplete(rows, slices=slices, required=frozenset({"current"}), table="care_units", unit=scope.unit)
        months = PeriodRange(scope.first_month, scope.period).months
        return cls(scope, collect(rows.filter(nw.col("period").is_in(months))))

    @cached_property
    def _values(self) -> dict[tuple[str, str, str], float]:
        rows = self.frame.select("period", "care_unit", "quantity", "value").iter_rows()
        return {(period, unit, quantity): value for period, unit, quantity, value in rows}

    @cached_property
    def units(self) -> dict[str, str]:
        """Care units of the report month → name with who runs it, by code.

        Raises MissingDataError if the register does not know a unit.
        """
        rows = self.frame.filter(pl.col("period") == str(self.scope.period))
        found = rows.select("care_unit", "ownership").unique().sort("care_unit").rows()
        register = self.scope.reference.care_units
        unknown = [code for code, _ in found if code not in register]
        if unknown:
            raise MissingDataError(
                f"care units are not in the register: {', '.join(unknown)}",
                action="Add them to data/raw/reference/care_units.csv.",
            )
        return {code: f"{register[code].label} ({OWNERSHIP_LABELS[ownership]})" for code, ownership in found}

    def total(self, unit: str, quantity: str, months: Iterable[str]) -> float | None:
        """Sum over the months that the unit has; None where it has none."""
        found = [self._values[key] for month in months if (key := (month, unit, quantity)) in self._values]
        return sum(found) if found else None

    def months_of(self, unit: str) -> list[str]:
        """The months that a unit has, oldest first."""
        return sorted({month for month, code, _ in self._values if code == unit})

    def part(self, share: Share, unit: str, months: Sequence[str]) -> Part | None:
        """Numerator and denominator of a share: events summed, persons as they stand in the last of the months.

        None if the unit lacks any of the months it takes, except months before its first: a new unit is whole.
        """
        taken = list(months) if share.is_summed else list(months)[-1:]
        own = self.months_of(unit)
        if not own or taken[-1] not in own or any(month not in own for month in taken if month >= own[0]):
            return None
        numerator, denominator = (self.total(unit, name, taken) for name in (share.numerator, share.denominator))
        return None if numerator is None or denominator is None else Part(numerator, denominator)

    def parts(self, share: Share, months: Sequence[str]) -> dict[str, Part]:
        """The share of every unit that has it."""
        found = {unit: self.part(share, unit, months) for unit in self.units}
        return {unit: part for unit, part in found.items() if part is not None}

    @property
    def least(self) -> int:
        """Persons that a group must have to be shown to any audience."""
        disclosure = self.scope.settings.disclosure
        return max(2, disclosure.public.patients_fewer_than, disclosure.internal.patients_fewer_than)

    def compared(self, parts: dict[str, Part]) -> dict[str, Part]:
        """The units that the group is made of: those whose own share can be shown.

        A unit that is hidden is in no sum, so it cannot be worked out from one.
        """
        return {unit: part for unit, part in parts.items() if part.denominator and not 0 < part.n < self.least}


def together(parts: Iterable[Part]) -> Part:
    """All units as one."""
    held = list(parts)
    return Part(sum(part.numerator for part in held), sum(part.denominator for part in held))


def shares_of(counts: Counts, months: Sequence[str]) -> dict[str, dict[str, Part]]:
    """Share → unit → its parts."""
    return {share.code: counts.parts(share, months) for share in SHARES}
