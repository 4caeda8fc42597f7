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
    """A numerator and its denominator. ``n`` is the smallest group that the share tells of.

    ``told`` is that group for a sum of months, where it is not that of the sum itself (:func:`smallest_told`).
    """

    numerator: float
    denominator: float
    told: int | None = None

    @property
    def pct(self) -> float | None:
        """The share in per cent; None where nobody is counted."""
        return self.numerator / self.denominator * 100 if self.denominator else None

    @property
    def n(self) -> int:
        """Those counted or those left over, whichever is fewer; an empty group reveals nobody."""
        if self.told is not None:
            return self.told
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

        Summed months are the first of a year; what the reports of the earlier ones have shown is taken to be known.
        None if the unit lacks any of the months it takes, except months before its first: a new unit is whole.
        """
        taken = list(months) if share.is_summed else list(months)[-1:]
        own = self.months_of(unit)
        if not own or taken[-1] not in own or any(month not in own for month in taken if month >= own[0]):
            return None
        held = [self._pair(share, unit, month) for month in taken if month in own]
        numerator, denominator = (sum(pair[place] for pair in held) for place in (0, 1))
        told = smallest_told([(part, whole - part) for part, whole in held], self._limits) if share.is_summed else None
        return Part(numerator, denominator, told)

    def _pair(self, share: Share, unit: str, month: str) -> tuple[float, float]:
        return self._values[month, unit, share.numerator], self._values[month, unit, share.denominator]

    def parts(self, share: Share, months: Sequence[str]) -> dict[str, Part]:
        """The share of every unit that has it."""
        found = {unit: self.part(share, unit, months) for unit in self.units}
        return {unit: part for unit, part in found.items() if part is not None}

    def told(self, unit: str, quantity: str, months: Iterable[str]) -> int:
        """The smallest group that the sum of a quantity over the year's first months tells of."""
        found = [self._values.get((month, unit, quantity), 0.0) for month in months]
        return smallest_told([(value,) for value in found], self._limits)

    @property
    def _limits(self) -> tuple[int, ...]:
        disclosure = self.scope.settings.disclosure
        return tuple(max(2, each.patients_fewer_than) for each in (disclosure.public, disclosure.internal))

    @property
    def least(self) -> int:
        """Persons that a group must have to be shown to any audience."""
        return max(self._limits)

    def compared(self, parts: dict[str, Part]) -> dict[str, Part]:
        """The units that the group is made of: those whose own share can be shown.

        A unit that is hidden is in no sum, so it cannot be worked out from one.
        """
        return {unit: part for unit, part in parts.items() if part.denominator and not 0 < part.n < self.least}


def smallest_told(monthly: Sequence[tuple[float, ...]], limits: Iterable[int]) -> int:
    """The smallest group that the sums of the months tell of, given the sums that earlier months' reports have shown.

    Each month holds the groups that are counted then (those counted, those left over). A reader who has the report of
    an earlier month subtracts: so what counts is not the sum but what it adds to the last sum that was shown, under the
    limit of either audience. Groups that nothing was added to reveal nobody.
    """
    smallest = []
    for limit in limits:
        shown = [0.0] * len(monthly[0]) if monthly else []
        running, added = list(shown), 0
        for groups in monthly:
            running = [so_far + group for so_far, group in zip(running, groups, strict=True)]
            steps = [int(now - before) for now, before in zip(running, shown, strict=True) if now > before]
            added = min(steps, default=0)
            if not 0 < added < limit:
                shown = list(running)
        smallest.append(added)
    return min((added for added in smallest if added), default=0)


def together(parts: Iterable[Part]) -> Part:
    """All units as one."""
    held = list(parts)
    return Part(sum(part.numerator for part in held), sum(part.denominator for part in held))


def shares_of(counts: Counts, months: Sequence[str]) -> dict[str, dict[str, Part]]:
    """Share → unit → its parts."""
    return {share.code: counts.parts(share, months) for share in SHARES}
