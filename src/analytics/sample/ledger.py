"""The ledger of the demonstration region: outcome, budget and forecast, January 2016 – March 2018, layout P4.

Administration 17 is calibrated (``ledger_calibration``); the others are plausible. What the administrations buy from
each other is sold by the service administration, so internal postings sum to zero over the region every month.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from analytics.organisation import Organisation
from analytics.periods import Period
from analytics.progress import Progress
from analytics.reference import Reference
from analytics.sample.amounts import chances
from analytics.sample.files import LedgerRow, LedgerStyle, write_ledger_file
from analytics.sample.ledger_calibration import UNIT
from analytics.sample.ledger_postings import MONTHS, TRANSFER, Region
from analytics.sample.ledger_region import PROFILES
from analytics.sample.ledger_rows import Posting, ledger_rows
from analytics.settings import Settings

BUDGET_YEARS = (2016, 2017, 2018)
FORECASTS = ("2016-03", "2016-05", "2016-08", "2017-03", "2017-05", "2017-08", "2018-03")
CORRECTED = Period(2017, 11)
"""The month that is delivered twice: the first delivery lacks postings that the second has."""
LATE_EVERY = 97
"""Every so many external postings of the corrected month had not been registered at its first delivery."""
FOLDER = "raindance"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One ledger file: name without extension, title, month, type of its rows, and rows per posting."""

    name: str
    title: str
    month: Period
    kind: str
    pieces: int = 1


def write_ledger(  # noqa: PLR0913  (every writer of the region takes the same)
    out: Path,
    *,
    settings: Settings,
    reference: Reference,
    organisation: Organisation,
    scale: int,
    seed: int,
    progress: Progress,
    units: Iterable[str] = (UNIT, *PROFILES),
) -> None:
    """Write all ledger files into ``out/raindance``.

    Args:
        out: The raw folder.
        settings: Where the published tables are.
        reference: Accounts and their report lines.
        organisation: Cost centres.
        scale: Every posting becomes so many rows that sum to it; the calibrated figures hold at any scale.
        seed: Another seed gives other postings with the same calibrated figures.
        progress: One step per file.
        units: Only these administrations; internal postings balance only over all of them.
    """
    wanted = frozenset(units)
    region = Region(settings.paths.published, reference, organisation, seed)
    progress.start(len(MONTHS) + 1 + len(BUDGET_YEARS) + len(FORECASTS), "Ekonomi")
    for delivery, postings in _deliveries(region, scale):
        chosen = [posting for posting in postings if posting.centre.administration in wanted]
        write_ledger_file(
            out / FOLDER / f"{delivery.name}.txt",
            title=delivery.title,
            style=style_of(delivery.month),
            rows=_rows(chosen, delivery, reference, seed),
        )
        progress.step(delivery.name)


def style_of(month: Period) -> LedgerStyle:
    """How the file of a month is written: mostly plain, some from the web client, some with trailing minus."""
    index = month.year * 12 + month.month
    web_client = index % 7 == 3
    return LedgerStyle(web_client=web_client, trailing_minus=index % 5 == 2 and not web_client)


def without_late(postings: list[Posting]) -> list[Posting]:
    """What the first delivery of the corrected month holds. Internal postings are complete, so they still balance."""
    external = [position for position, posting in enumerate(postings) if posting.party.startswith("E")]
    late = frozenset(external[::LATE_EVERY])
    return [posting for position, posting in enumerate(postings) if position not in late]


def _deliveries(region: Region, scale: int) -> Iterator[tuple[Delivery, list[Posting]]]:
    for month in MONTHS:
        postings = region.outcome(month)
        name, title = f"raindance_saldo_{month.compact}", f"Saldo per konto och ansvar {month.label}"
        if month == CORRECTED:
            yield Delivery(name, title, month, "UTFALL", scale), without_late(postings)
            name, title = f"{name}_v2", f"{title} (rättad)"
        yield Delivery(name, title, month, "UTFALL", scale), postings
    for year in BUDGET_YEARS:
        first = Period(year, 1)
        yield Delivery(f"raindance_budget_{first.compact}", f"Budget {year}", first, "BUDGET"), region.budget(year)
    for month in map(Period.parse, FORECASTS):
        title = f"Prognos helår per {month.label}"
        yield Delivery(f"raindance_prognos_{month.compact}", title, month, "PROGNOS"), region.forecast(month)


def _rows(postings: list[Posting], delivery: Delivery, reference: Reference, seed: int) -> Iterator[LedgerRow]:
    chance = chances(seed, "rows", delivery.name)
    for posting in sorted(postings, key=lambda each: (each.account, each.centre.code)):
        yield from ledger_rows(
            posting,
            text=reference.accounts[posting.account],
            kind="BUDGETOMF" if posting.activity == TRANSFER else delivery.kind,
            pieces=delivery.pieces,
            generator=chance,
        )
