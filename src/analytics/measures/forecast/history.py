"""Outcome per month of every report line, for the report year and every whole year before it in the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw

from analytics.measures import ledger
from analytics.measures.forecast.methods import Limits, Years
from analytics.measures.report_form import members
from analytics.measures.scope import Data, Scope, collect
from analytics.measures.seasonal import MONTHS
from analytics.periods import Period

PERCENT = 100


@dataclass(frozen=True, slots=True)
class History:
    """Öre per report line with accounts of its own, year and month; ``whole`` are the earlier years without a gap."""

    amounts: dict[tuple[str, int], tuple[int, ...]]
    whole: tuple[int, ...]
    year: int
    month: int

    def of(self, leaves: frozenset[str]) -> Years:
        """The months of some lines together: the report year (zero after the report month) and the whole years."""
        nothing = (0,) * MONTHS
        return {
            year: [
                sum(month) for month in zip(*(self.amounts.get((leaf, year), nothing) for leaf in leaves), strict=True)
            ]
            for year in (*self.whole, self.year)
        }


def history(data: Data, scope: Scope) -> History:
    """Outcome of the unit without project cost centres; closing entries (period 13) count in December.

    A year counts as whole if the unit has outcome in each of its twelve months. The caller has checked the months of
    the report year (:func:`analytics.measures.ledger.parts`).
    """
    rows = ledger.counted(data, scope, projects=False).filter(
        nw.col("kind") == "outcome", nw.col("period") <= str(scope.period)
    )
    frame = collect(rows.group_by("report_line", "period").agg(nw.col("amount_ore").sum()))
    amounts: dict[tuple[str, int], list[int]] = {}
    present: dict[int, set[int]] = {}
    for line, text, ore in frame.select("report_line", "period", "amount_ore").rows():
        period = Period.parse(text)
        present.setdefault(period.year, set()).add(period.month)
        amounts.setdefault((line, period.year), [0] * MONTHS)[period.month - 1] += ore
    whole = tuple(sorted(y for y, months in present.items() if y < scope.period.year and len(months) == MONTHS))
    return History(
        {key: tuple(months) for key, months in amounts.items()}, whole, scope.period.year, scope.period.month
    )


def limits(scope: Scope) -> Limits:
    """The declared limits of shares."""
    return Limits(least=scope.settings.forecast.least_share_pct / PERCENT)


def first_level(scope: Scope, *, without: Sequence[str] = ()) -> list[str]:
    """Report lines of the first level, totals included, in printed order."""
    return [code for code, line in scope.reference.report_lines.items() if line.level == 1 and code not in without]


def leaves(scope: Scope, code: str) -> frozenset[str]:
    """The lines with accounts of their own that a line sums."""
    return members(scope.reference.report_lines, code)
