"""What single postings tell: the largest, those that came twice, and those dated in another month than their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw
import polars as pl

from analytics.measures import ledger
from analytics.measures.scope import Data, Scope, collect
from analytics.periods import Period

LEAF = ("cost_centre", "account", "origin")


@dataclass(frozen=True)
class Postings:
    """Of each cost centre, account, origin and month: sums in öre, of the months that are looked at closely.

    ``frame`` columns: cost_centre, account, origin, period, largest (the posting furthest from zero), twins (what came
    more than once in the same month, once taken away), rows, from_before and from_after (dated in another month).
    ``usual`` columns: cost_centre, account, origin, usual (the largest posting of the months before, without sign).
    """

    frame: pl.DataFrame
    usual: pl.DataFrame

    def of(
        self, centres: set[str], accounts: set[str], months: list[str], origins: Sequence[str] = ()
    ) -> dict[str, int]:
        """Sums over some leaves and months; ``largest`` is the one furthest from zero. No ``origins``: all."""
        here = pl.col("cost_centre").is_in(centres) & pl.col("account").is_in(accounts)
        if origins:
            here &= pl.col("origin").is_in(origins)
        rows = self.frame.filter(here, pl.col("period").is_in(months))
        names = ("rows", "twins", "from_before", "from_after")
        found = {name: int(rows[name].sum()) for name in names}
        largest = rows["largest"].to_list()
        found["largest"] = max(largest, key=abs) if largest else 0
        usual = self.usual.filter(here)["usual"]
        found["usual"] = int(usual.max() or 0)  # type: ignore[arg-type]
        return found


def postings(data: Data, scope: Scope, *, first: Period) -> Postings:
    """Of the unit's outcome from a month on, and what was usual before it."""
    rows = ledger.counted(data, scope, projects=False).filter(nw.col("kind") == "outcome")
    until = rows.filter(nw.col("period") <= str(scope.period))
    usual = collect(
        until.filter(nw.col("period") < str(first)).group_by(*LEAF).agg(nw.col("amount_ore").abs().max().alias("usual"))
    )
    close = collect(until.filter(nw.col("period") >= str(first)).select(*LEAF, "period", "amount_ore", "posting_date"))
    month = pl.col("posting_date").dt.strftime("%Y-%m")
    each = close.group_by(*LEAF, "period", "amount_ore").agg(
        pl.len().cast(pl.Int64).alias("rows"),
        (pl.col("amount_ore").first() * (pl.len() - 1).cast(pl.Int64)).alias("twins"),
        (pl.col("amount_ore").first() * (month < pl.col("period")).sum().cast(pl.Int64)).alias("from_before"),
        (pl.col("amount_ore").first() * (month > pl.col("period")).sum().cast(pl.Int64)).alias("from_after"),
    )
    frame = each.group_by(*LEAF, "period").agg(
        pl.col("amount_ore").sort_by(pl.col("amount_ore").abs()).last().alias("largest"),
        pl.col("rows", "twins", "from_before", "from_after").sum(),
    )
    return Postings(frame, usual)
