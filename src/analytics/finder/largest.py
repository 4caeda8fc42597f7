"""The posting that a one-off is: the largest of its rows, if it carries most of the deviation.

Never who it is paid to, and none of the accounts of staff: one posting there may be one person's pay.
"""

from __future__ import annotations

from dataclasses import replace

import narwhals as nw
import polars as pl

from analytics.finder.kinds import MOST
from analytics.finder.model import Finding, Posting
from analytics.measures import ledger
from analytics.measures.scope import Data, Scope, collect

STAFF = "4"
COLUMNS = ("posting_date", "account", "amount_ore", "period")


def named(found: Finding, data: Data, scope: Scope) -> Finding:
    """The finding with the posting that explains it, if it is a one-off of the ledger and there is one."""
    where = found.evidence
    if (
        found.kind != "one_off"
        or where.table != "ledger"
        or any(code.startswith(STAFF) for code in where.keys["account"])
    ):
        return found
    rows = ledger.counted(data, scope, projects=False).filter(nw.col("period").is_in(where.months.months))
    for column, codes in where.keys.items():
        rows = rows.filter(nw.col(column).is_in(list(codes)))
    excess = -found.deviation * ledger.ORE
    # What stood out last year makes this year's months differ the other way.
    sign = -1 if where.months.last < found.months.first else 1
    share = pl.col("amount_ore") * sign / excess
    own = collect(rows.select(*COLUMNS)).filter(share >= MOST)
    if own.is_empty():
        return found
    largest = own.sort(pl.col("amount_ore").abs(), "posting_date", "account", descending=[True, False, False])
    day, account, ore, _ = largest.select(COLUMNS).row(0)
    label = f"{account} {scope.reference.accounts.get(account, '')}".strip()
    posting = Posting(day=day.isoformat(), label=label, amount=ore / ledger.ORE)
    return replace(found, evidence=replace(where, posting=posting))
