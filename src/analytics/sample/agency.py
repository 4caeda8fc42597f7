"""Agency staff extracts (P7) of the demonstration region: weekly statements per supplier, with later versions.

The totals of January–February 2017 and 2018 are those of the published text; how they divide between administrations
and professions is made up, within what the text says: doctors fewer in all three administrations, nurses more in
Primärvården. Invoices lag: some statements come a month late, and some come again with a higher version.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from analytics.errors import Location, SettingsError
from analytics.organisation import Organisation
from analytics.periods import Period, PeriodRange
from analytics.progress import Progress
from analytics.reference import Reference
from analytics.sample.files import write_semicolon
from analytics.sample.published import TEXT_NUMBERS, published_rows
from analytics.sample.staff_calendar import STAFF_RANGE
from analytics.settings import Settings

FOLDER = "inhyrd"
HEADER = ("Leverantör", "Förvaltning", "Yrke", "Vecka", "Timmar", "Fakturadatum", "Belopp", "Version")
STATEMENTS = {
    2017: "inhyrd personal jan-feb 2017",
    2018: "inhyrd personal jan-feb 2018",
}
SHARES = {
    ("10", "LÄK"): (22.3, 19.6),
    ("20", "LÄK"): (19.1, 17.2),
    ("30", "LÄK"): (12.6, 11.4),
    ("10", "SSK"): (9.2, 8.9),
    ("20", "SSK"): (2.4, 4.5),
    ("30", "SSK"): (2.8, 2.7),
}
"""Made-up full-time equivalents of the two ranges; only their proportions are used."""
SUPPLIERS = {
    "LÄK": ("Läkarpool Syd AB", "Stafett Sju AB", "Vikarie Nord AB"),
    "SSK": ("Omvårdnad Direkt AB", "Vårdpool Öst AB"),
}
PRICES = {"LÄK": (1_120, 1_390), "SSK": (610, 760)}
LATE = 0.08
REVISED = 0.25
REVISED_TWICE = 0.03
_STREAM = 2_099


@dataclass(frozen=True, slots=True)
class _Statement:
    """One version of one supplier's week; hours in hundredths, price in kr per hour."""

    delivery: Period
    supplier: str
    administration: str
    profession: str
    thursday: date
    hours: int
    invoiced: date
    price: int
    version: int


def write_agency(  # noqa: PLR0913
    out: Path,
    *,
    settings: Settings,
    reference: Reference,
    organisation: Organisation,
    scale: int,
    seed: int,
    progress: Progress,
) -> None:
    """Write ``inhyrd/inhyrd_ÅÅÅÅMM.csv`` below ``out``, January 2016 to February 2018.

    Args:
        out: Folder of the raw extracts.
        settings: For the published totals and the hours of a full-time equivalent.
        reference: Codes of the professions.
        organisation: The administrations.
        scale: Number of copies, each with suppliers of its own.
        seed: The same seed gives the same files.
        progress: One step per month.

    Raises:
        SettingsError: The published totals are missing, or an administration or profession does not exist.
    """
    for administration, profession in SHARES:
        organisation.administration(administration, STAFF_RANGE.last)
        if profession not in reference.professions:
            raise SettingsError(f"profession {profession} is not in professions.csv")
    totals = _published_totals(settings.paths.published)
    rng = np.random.default_rng([seed, _STREAM])
    statements: list[_Statement] = []
    for cell in SHARES:
        statements += _versions(_cell(cell, totals, settings.staff.hours_per_year, rng), rng)
    order = sorted(
        statements, key=lambda each: (each.thursday, each.administration, each.profession, each.supplier, each.version)
    )
    progress.start(len(STAFF_RANGE), "Inhyrd personal")
    for period in STAFF_RANGE:
        delivered = [each for each in order if each.delivery == period]
        file = out / FOLDER / f"inhyrd_{period.compact}.csv"
        write_semicolon(file, title="Inhyrd personal", header=HEADER, rows=_cells(delivered, scale))
        progress.step(period.label)


def _published_totals(published: Path) -> dict[int, float]:
    stated = {row["statement"]: float(row["value"]) for row in published_rows(published, TEXT_NUMBERS)}
    missing = [text for text in STATEMENTS.values() if text not in stated]
    if missing:
        raise SettingsError(f"no row states {missing[0]!r}", where=Location(published / TEXT_NUMBERS))
    return {year: stated[text] for year, text in STATEMENTS.items()}


def _cell(
    cell: tuple[str, str],
    totals: dict[int, float],
    hours_per_year: float,
    rng: np.random.Generator,
) -> list[_Statement]:
    """Final statements of one administration and profession; the calibrated ranges get their exact hours."""
    administration, profession = cell
    levels = [
        totals[year] * SHARES[cell][index] / sum(share[index] for share in SHARES.values())
        for index, year in enumerate(totals)
    ]
    first, last = STAFF_RANGE.first.first_day, STAFF_RANGE.last.last_day
    thursday = first + timedelta(days=(3 - first.weekday()) % 7)
    found: list[_Statement] = []
    while thursday <= last:
        # Straight on from one calibrated range to the next; 2016 lies a little above 2017.
        years = (thursday - date(2017, 1, 31)).days / 365.25
        fte = levels[0] + (levels[1] - levels[0]) * max(-0.8, min(1.0, years))
        for supplier in SUPPLIERS[profession]:
            hours = fte / len(SUPPLIERS[profession]) * hours_per_year / 52 * rng.uniform(0.75, 1.25)
            low, high = PRICES[profession]
            late = rng.random() < LATE and Period.of(thursday) != STAFF_RANGE.last
            sunday = thursday + timedelta(days=3)
            delivery = Period.of(thursday).plus(1 if late else 0)
            invoiced = min(sunday + timedelta(days=int(rng.integers(5, 30))), delivery.last_day)
            found.append(
                _Statement(
                    delivery=delivery,
                    supplier=supplier,
                    administration=administration,
                    profession=profession,
                    thursday=thursday,
                    hours=25 * round(4 * hours),
                    invoiced=max(invoiced, min(sunday, delivery.last_day)),
                    price=int(rng.integers(low, high)),
                    version=1,
                )
            )
        thursday += timedelta(days=7)
    for index, year in enumerate(totals):
        span = PeriodRange(Period(year, 1), Period(year, 2))
        found = _scaled(found, span, round(100 * levels[index] * hours_per_year / 6))
    return found


def _scaled(statements: list[_Statement], span: PeriodRange, wanted: int) -> list[_Statement]:
    inside = [each for each in statements if Period.of(each.thursday) in span]
    factor = wanted / sum(each.hours for each in inside)
    changed = [replace(each, hours=round(each.hours * factor)) for each in inside]
    rest = wanted - sum(each.hours for each in changed)
    changed[-1] = replace(changed[-1], hours=changed[-1].hours + rest)
    return [each for each in statements if Period.of(each.thursday) not in span] + changed


def _versions(final: list[_Statement], rng: np.random.Generator) -> list[_Statement]:
    """Every statement as it first came, and its revisions; the last one delivered holds the final hours."""
    found = []
    for each in final:
        draw = rng.random()
        count = 3 if draw < REVISED_TWICE else 2 if draw < REVISED else 1
        count = min(count, 1 + 12 * (STAFF_RANGE.last.year - each.delivery.year) + 2 - each.delivery.month)
        for version in range(1, count + 1):
            off = 0.0 if version == count else rng.uniform(-0.15, 0.08)
            delivery = each.delivery.plus(version - 1)
            hours = round(each.hours * (1 + off))
            invoiced = each.invoiced if version == 1 else delivery.first_day + timedelta(days=int(rng.integers(2, 27)))
            found.append(
                replace(
                    each,
                    delivery=delivery,
                    hours=hours,
                    invoiced=invoiced,
                    version=version,
                )
            )
    return found


def _cells(statements: list[_Statement], scale: int) -> Iterator[tuple[str, ...]]:
    for copy in range(scale):
        suffix = f" {copy + 1}" if copy else ""
        for each in statements:
            year, week, _ = each.thursday.isocalendar()
            yield (
                each.supplier + suffix,
                each.administration,
                each.profession,
                f"{year}-V{week:02d}",
                _comma(each.hours),
                each.invoiced.isoformat(),
                _comma(each.hours * each.price),
                str(each.version),
            )


def _comma(hundredths: int) -> str:
    return f"{hundredths // 100},{hundredths % 100:02d}"
