"""From a month's amount per account to postings: cost centres, counterparties, dates and many small rows."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from analytics.sample.amounts import split, uneven
from analytics.sample.files import LedgerRow
from analytics.sample.ledger_targets import Leaf

TEXT_WIDTH = 30
"""The source cuts account texts here."""
LATE_SHARE = 0.06
"""Share of postings registered after the end of their month."""
CLOSING_SHARE = 0.05
"""Share of December's postings made in closing period 13."""
OPENING_SHARE = 0.03
"""Share of January's postings of operations beside which opening rows stand."""
EXTERNAL_PARTIES = ("E", "E", "E1041", "E1187", "E2093", "E3310")
SERVICE = "18"
"""The administration that sells internal services to the others."""


@dataclass(frozen=True, slots=True)
class Centre:
    """A cost centre with its path and its share of the administration."""

    administration: str
    base_unit: str
    code: str
    weight: float


@dataclass(frozen=True, slots=True)
class Posting:
    """One amount of one cost centre and account in one month (0 opening, 13 closing)."""

    centre: Centre
    account: str
    party: str
    project: str
    activity: str
    year: int
    month: int
    ore: int


def post_month(  # noqa: PLR0913  (the fields of a posting that are not chance)
    generator: random.Random,
    centres: list[Centre],
    leaves: Mapping[Leaf, int],
    *,
    year: int,
    month: int,
    buyer: str = "",
    project: str = "",
) -> Iterator[Posting]:
    """Postings that sum to the given öre per leaf.

    Pay is posted on every cost centre, other accounts on some. A part of December is posted in closing period 13.
    January also has opening rows (period 00) that cancel out.

    Args:
        generator: Decides cost centres, counterparties and sizes.
        centres: Where amounts may be posted.
        leaves: Öre by account and origin.
        year: Year of the postings.
        month: Calendar month.
        buyer: The administration on the other side of internal postings of the service administration.
        project: Project code on every row.
    """
    for (account, origin), total in leaves.items():
        chosen = centres if account[0] == "4" else _some(generator, centres, total)
        factors = uneven(generator, len(chosen))
        weights = [centre.weight * factor for centre, factor in zip(chosen, factors, strict=True)]
        for centre, share in zip(chosen, split(total, weights), strict=True):
            if not share:
                continue
            pieces = 1 if abs(share) < 500_00 or account[0] == "4" else generator.choice((1, 1, 2, 3))
            for piece in split(share, uneven(generator, pieces, 0.7)):
                if not piece:
                    continue
                party = f"I{buyer or SERVICE}" if origin == "I" else generator.choice(EXTERNAL_PARTIES)
                activity = generator.choice(("", "", "", "100", "210"))
                at = 13 if month == 12 and generator.random() < CLOSING_SHARE else month
                yield Posting(centre, account, party, project, activity, year, at, piece)
                if month == 1 and account[0] in "567" and generator.random() < OPENING_SHARE:
                    # An accrual of last year's closing and its reversal: opening rows never change a result.
                    for accrual in (piece, -piece):
                        yield Posting(centre, account, party, project, activity, year, 0, accrual)


def ledger_rows(
    posting: Posting, *, text: str, kind: str, pieces: int, generator: random.Random
) -> Iterator[LedgerRow]:
    """The posting as ``pieces`` rows of a ledger file that sum to it."""
    calendar_month = min(max(posting.month, 1), 12)
    first = date(posting.year, calendar_month, 1)
    centre = posting.centre
    period = f"{posting.year}{posting.month:02d}"
    parts = [posting.ore] if pieces == 1 else split(posting.ore, uneven(generator, pieces, 0.4))
    for part in parts:
        day = first + timedelta(days=generator.randrange(28))
        late = 28 if posting.month == 13 or generator.random() < LATE_SHARE else generator.randrange(3)
        registered = day + timedelta(days=late)
        yield (
            centre.administration,
            centre.base_unit,
            centre.code,
            posting.account,
            text[:TEXT_WIDTH],
            posting.party,
            posting.project,
            posting.activity,
            period,
            kind,
            part,
            day.isoformat(),
            registered.isoformat(),
        )


def _some(generator: random.Random, centres: list[Centre], total: int) -> list[Centre]:
    count = min(len(centres), 1 + abs(total) // 20_000_00)
    return generator.sample(centres, count) if count < len(centres) else centres
