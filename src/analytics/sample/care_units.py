"""Care unit extracts (P6) of the demonstration region: all made up, in the form of the follow-up 2024.

The region has published no figures per care unit, so nothing here is calibrated. Sizes run from a very small unit to a
large one. A few signals are planted, so that funnels and control charts have something to find (:data:`PLANTED`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analytics.errors import SettingsError
from analytics.organisation import Organisation
from analytics.periods import Period, PeriodRange
from analytics.progress import Progress
from analytics.reference import CareUnit, Reference
from analytics.sample.files import write_semicolon
from analytics.settings import Settings

FOLDER = "halsoval"
RANGE = PeriodRange(Period(2016, 1), Period(2018, 3))
"""Months with care unit extracts."""
HEADER = (
    "Vårdenhet", "Vårdenhetens namn", "Driftform", "Listade", "Listade 65+", "Listade 75+", "Besök primärvård",
    "Besök totalt", "Influensavaccinerade 75+", "Diabetesdiagnos", "NDR-registrerade", "Fast läkarkontakt", "SÄBO",
    "Fast läkarkontakt SÄBO", "SIP", "Läkemedelskostnad", "Medicinsk service", "Kontakter", "Kontakt samma dag",
    "Bedömningar", "Bedömd inom 3 dagar",
)  # fmt: skip
PLANTED = {
    "V04": "influensavaccinerade under trattens gränser",
    "V07": "så liten att flera andelar inte får visas",
    "V09": "kontakt samma dag sjunker från oktober 2017",
    "V10": "läkemedelskostnad en sjättedel över jämförbara enheter",
    "V11": "besök på primärvårdsnivå stiger sedan hösten 2017",
}
SHIFT_FROM = Period(2017, 10)


@dataclass(frozen=True, slots=True)
class _Profile:
    """Size and age of one unit: listed in the first month, change per month, share aged 65+."""

    listed: int
    growth: int
    older: float


PROFILES = {
    "V01": _Profile(14_200, 9, 0.24),
    "V02": _Profile(11_800, 3, 0.19),
    "V03": _Profile(9_600, 5, 0.27),
    "V04": _Profile(8_900, -4, 0.26),
    "V05": _Profile(7_400, 2, 0.31),
    "V06": _Profile(6_300, 0, 0.23),
    "V07": _Profile(640, -1, 0.36),
    "V08": _Profile(8_100, 6, 0.21),
    "V09": _Profile(5_600, 4, 0.22),
    "V10": _Profile(4_900, 7, 0.28),
    "V11": _Profile(3_700, 5, 0.20),
    "V12": _Profile(1_500, 35, 0.17),
}
RATES = {
    "vaccinated": 0.745,
    "diabetes_register": 0.805,
    "doctor": 0.548,
    "nursing_home": 0.84,
    "same_day": 0.88,
    "assessed": 0.91,
    "coverage": 0.61,
}
SPREAD = 0.005
"""Standard deviation of what makes one unit differ from another without cause."""
SEASON = {9: 0.0, 10: 0.05, 11: 0.6, 12: 0.9}
"""Share of the season's vaccinations done by the end of the month; all of them from January to August."""
BASE_COST = {"medicine": 92.0, "service": 41.0}
AGE_COST = {"medicine": (1.0, 2.4, 3.4), "service": (1.0, 1.8, 2.3)}
_STREAM = 3_225


def write_care_units(  # noqa: PLR0913
    out: Path,
    *,
    settings: Settings,  # noqa: ARG001 - every writer is given the same
    reference: Reference,
    organisation: Organisation,  # noqa: ARG001
    scale: int,  # noqa: ARG001 - the register has its units; a larger region has no more of them
    seed: int,
    progress: Progress,
) -> None:
    """Write ``halsoval/halsoval_ÅÅÅÅMM.csv`` below ``out`` for the months of :data:`RANGE`.

    Raises SettingsError if the register of care units and the profiles here name different units.
    """
    units = reference.care_units
    if set(units) != set(PROFILES):
        raise SettingsError(
            f"care_units.csv and the demonstration region differ: {', '.join(sorted(set(units) ^ set(PROFILES)))}",
            action="Give the unit a profile in sample/care_units.py, or generate with the delivered register.",
        )
    rng = np.random.default_rng([seed, _STREAM])
    offsets = {code: {name: float(rng.normal(0, SPREAD)) for name in RATES} for code in PROFILES}
    progress.start(len(RANGE), "Vårdenheter")
    for period in RANGE:
        rows = [_row(unit, period, offsets[code], rng) for code, unit in units.items() if unit.is_valid_in(period)]
        file = out / FOLDER / f"halsoval_{period.compact}.csv"
        write_semicolon(file, title="Hälsoval per vårdenhet", header=HEADER, rows=rows)
        progress.step(period.label)


def _rate(name: str, code: str, period: Period, offsets: dict[str, float]) -> float:
    rate = RATES[name] + offsets[name]
    months = max(0, (period.year - SHIFT_FROM.year) * 12 + period.month - SHIFT_FROM.month + 1)
    if (code, name) == ("V04", "vaccinated"):
        rate -= 0.11
    if (code, name) == ("V09", "same_day") and months:
        return rate - 0.06
    if (code, name) == ("V11", "coverage"):
        return rate + 0.02 * months
    if name == "vaccinated":
        return rate * SEASON.get(period.month, 1.0)
    return rate


def _row(unit: CareUnit, period: Period, offsets: dict[str, float], rng: np.random.Generator) -> tuple[str, ...]:
    profile = PROFILES[unit.code]
    step = (period.year - RANGE.first.year) * 12 + period.month - RANGE.first.month
    listed = profile.listed + profile.growth * step
    older = round(listed * profile.older)
    oldest = round(older * 0.45)
    holiday = 0.75 if period.month == 7 else 1.0

    def part(whole: int, name: str) -> int:
        return int(rng.binomial(whole, _rate(name, unit.code, period, offsets)))

    visits = int(rng.poisson(listed * 0.34 * holiday))
    contacts = int(rng.poisson(listed * 0.28 * holiday))
    assessments = int(rng.poisson(listed * 0.08 * holiday))
    diabetes = round(listed * (0.035 + profile.older * 0.08))
    nursing_home = round(older * 0.032)
    people = (listed - older, older - oldest, oldest)
    return (
        unit.code,
        unit.label,
        "Offentlig" if unit.ownership == "public" else "Privat",
        *(str(number) for number in (listed, older, oldest, part(visits, "coverage"), visits)),
        *(str(number) for number in (part(oldest, "vaccinated"), diabetes, part(diabetes, "diabetes_register"))),
        *(str(number) for number in (part(listed, "doctor"), nursing_home, part(nursing_home, "nursing_home"))),
        str(int(rng.poisson(listed * 0.0009))),
        *_costs(unit.code, people, rng),
        *(str(number) for number in (contacts, part(contacts, "same_day"))),
        *(str(number) for number in (assessments, part(assessments, "assessed"))),
    )


def _costs(code: str, people: tuple[int, int, int], rng: np.random.Generator) -> Iterator[str]:
    for name, base in BASE_COST.items():
        weighted = sum(count * weight for count, weight in zip(people, AGE_COST[name], strict=True))
        planted = 7 / 6 if (code, name) == ("V10", "medicine") else 1.0
        kronor = round(weighted * base * planted * float(rng.normal(1, 0.03)), 2)
        yield f"{kronor:.2f}".replace(".", ",")
