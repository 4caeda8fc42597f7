"""Agency staff and care units of the made region, and what is planted in them: from draws of their own.

They come beside ledger and staff, so that what a seed draws there is the same with and without them. Noise as in the
demonstration region: hours of a week ±25 per cent and invoices 5–30 days late, counts that vary by chance alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from analytics.periods import Period
from analytics.processed import schema_of
from benchmarks.planted.model import Effect, Plant
from benchmarks.planted.world import MONTHS, STAFF_MONTHS

HIRED: Final[Mapping[tuple[str, str], float]] = {
    ("50", "doctor"): 16.0,
    ("50", "nurse"): 7.0,
    ("60", "doctor"): 22.0,
    ("60", "nurse"): 9.0,
}
"""Administration and profession → årsarbetare from agencies."""
SUPPLIERS: Final = ("Läkarpool", "Vårdpool")
REACHED: Final = date(2018, 3, 5)
"""The latest day that an invoice has come on."""
HOURS_PER_YEAR: Final = 1760
UNIT_WITH_CARE: Final = "60"
LISTED: Final = (12_400, 9_800, 8_700, 7_900, 6_600, 5_200, 4_300, 3_100, 1_900, 900)
OLDER: Final = 0.24
PER_LISTED: Final[Mapping[str, float]] = {
    "visits_all": 0.34,
    "contacts": 0.28,
    "assessments": 0.08,
    "care_plans": 0.0009,
}
COSTS: Final[Mapping[str, float]] = {"medicine_cost": 130.0, "service_cost": 52.0}
RATES: Final[Mapping[str, tuple[str, float]]] = {
    "visits_primary": ("visits_all", 0.61),
    "contacts_same_day": ("contacts", 0.88),
    "assessments_3_days": ("assessments", 0.91),
    "doctor": ("listed", 0.55),
    "nursing_home_doctor": ("nursing_home", 0.84),
    "vaccinated_75": ("listed_75", 0.745),
    "diabetes_register": ("diabetes", 0.805),
}
VACCINATED: Final = {9: 0.0, 10: 0.05, 11: 0.6, 12: 0.9}
HOLIDAY: Final = 0.75
PLANTED: Final = 0.4
"""How often a scenario with plants has one here."""
SIZES: Final = (1.3, 1.8, 2.5, 4.0)
USUAL: Final = 0.02


@dataclass(frozen=True, slots=True)
class Beside:
    """Processed tables of agency staff and care units, and what is planted in them."""

    agency: pl.DataFrame
    care_units: pl.DataFrame
    plants: tuple[Plant, ...] = ()


def make_beside(
    rng: np.random.Generator, *, planted: bool, fte: float, pct: float, only: tuple[str, ...] = ()
) -> Beside:
    """Both tables; if ``planted``, now and then with one deviation, of a size in multiples of the declared one."""
    made = Beside(_agency(rng), _care_units(rng))
    names = [name for name in only if name in PLANTERS]
    if not names and (not planted or rng.random() >= PLANTED):
        return made
    name = names[0] if names else str(rng.choice(list(PLANTERS)))
    size = float(rng.choice(SIZES))
    return PLANTERS[name](made, rng, size, {"agency": fte, "care_unit": pct}[name])


def _agency(rng: np.random.Generator) -> pl.DataFrame:
    rows = []
    first = STAFF_MONTHS.first.first_day
    thursday = first + timedelta(days=(3 - first.weekday()) % 7)
    while thursday <= STAFF_MONTHS.last.last_day:
        year, week, _ = thursday.isocalendar()
        month = str(Period.of(thursday))
        for (unit, profession), level in HIRED.items():
            for supplier in SUPPLIERS:
                hours = round(level / len(SUPPLIERS) * HOURS_PER_YEAR / 52 * float(rng.uniform(0.75, 1.25)), 2)
                invoiced = thursday + timedelta(days=3 + int(rng.integers(5, 31)))
                if invoiced <= REACHED:
                    ore = round(hours * (1250 if profession == "doctor" else 680) * 100)
                    rows.append((month, month, supplier, unit, profession, year, week, hours, invoiced, ore, 1))
        thursday += timedelta(days=7)
    return pl.DataFrame(rows, schema=schema_of("agency"), orient="row")


def _care_units(rng: np.random.Generator) -> pl.DataFrame:
    rows = []
    for number, size in enumerate(LISTED, start=1):
        growth = float(rng.normal(0.0, 0.001))
        offset = {name: float(rng.normal(0, 0.005)) for name in RATES}
        for step, month in enumerate(MONTHS):
            values = _quantities(round(size * (1 + growth) ** step), month, offset, rng)
            rows += [
                (str(month), str(month), UNIT_WITH_CARE, f"U{number:02d}", "public", name, value)
                for name, value in values.items()
            ]
    return pl.DataFrame(rows, schema=schema_of("care_units"), orient="row")


def _quantities(listed: int, month: Period, offset: Mapping[str, float], rng: np.random.Generator) -> dict[str, float]:
    holiday = HOLIDAY if month.month == 7 else 1.0
    older = round(listed * OLDER)
    found: dict[str, float] = {"listed": listed, "listed_65": older, "listed_75": round(older * 0.45)}
    found |= {name: float(rng.poisson(listed * rate * holiday)) for name, rate in PER_LISTED.items()}
    found |= {"diabetes": round(listed * 0.054), "nursing_home": round(older * 0.032)}
    for name, (whole, rate) in RATES.items():
        season = VACCINATED.get(month.month, 1.0) if name == "vaccinated_75" else 1.0
        found[name] = float(rng.binomial(round(found[whole]), (rate + offset[name]) * season))
    return found | {name: round(listed * kr * float(rng.normal(1, 0.03)), 2) for name, kr in COSTS.items()}


def _more_hired(made: Beside, rng: np.random.Generator, size: float, least: float) -> Beside:
    """From January, more or fewer are hired of one profession."""
    unit, profession = list(HIRED)[int(rng.integers(len(HIRED)))]
    level = HIRED[unit, profession]
    usual = 0.07 * level + 0.3  # of two months: weeks vary, and some invoices are still to come
    declared = max(least, 5 * usual)
    sign = 1.0 if size * declared >= level * 0.8 or rng.random() < 0.5 else -1.0
    factor = 1 + sign * size * declared / level
    here = (pl.col("administration") == unit) & (pl.col("profession") == profession) & (pl.col("period") >= "2018-01")
    effects = []
    for month in ("2018-01", "2018-02"):
        weeks = HOURS_PER_YEAR / 12 * level * (factor - 1)
        keys = {"administration": unit, "profession": profession}
        effects.append(Effect("agency", keys, month, weeks))
    agency = made.agency.with_columns(
        hours=pl.when(here).then((pl.col("hours") * factor).round(2)).otherwise("hours"),
        amount_ore=pl.when(here).then((pl.col("amount_ore") * factor).round().cast(pl.Int64)).otherwise("amount_ore"),
    )
    plant = Plant(
        "agency",
        "lasting",
        frozenset({"lasting", "one_off", "volume"}),
        unit,
        size,
        frozenset({"expected", "previous"}),
        tuple(effects),
        f"inhyrda {profession} × {factor:.2f} från januari",
    )
    return replace(made, agency=agency, plants=(plant,))


def _more_seen(made: Beside, rng: np.random.Generator, size: float, least: float) -> Beside:
    """One care unit has more or fewer contacts, visits or assessments, or dearer medicines, from January."""
    place = int(rng.integers(len(LISTED) - 1))
    unit, listed = f"U{place + 1:02d}", LISTED[place]
    name = str(rng.choice(["contacts", "visits_all", "assessments", "medicine_cost"]))
    per = PER_LISTED.get(name, 0.0)
    chance = 1 / np.sqrt(3 * listed * per) if per else USUAL
    share = size * max(least / 100, 5 * 1.2 * float(chance))
    factor = 1 + (share if share >= 0.8 or rng.random() < 0.5 else -share)
    also = {name, *(part for part, (whole, _) in RATES.items() if whole == name)}
    here = (pl.col("care_unit") == unit) & pl.col("quantity").is_in(also) & (pl.col("period") >= "2018-01")
    before = made.care_units.filter(here, pl.col("quantity") == name)
    effects = tuple(
        Effect(
            "care_unit",
            {"administration": UNIT_WITH_CARE, "care_unit": unit, "quantity": name},
            month,
            value * (factor - 1) / (1 if per else listed),
        )
        for month, value in before.select("period", "value").rows()
    )
    changed = (pl.col("value") * factor).round(0 if per else 2)
    plant = Plant(
        "care_unit",
        "lasting",
        frozenset({"lasting", "one_off"}),
        UNIT_WITH_CARE,
        size,
        frozenset({"expected", "previous"}),
        effects,
        f"{name} vid {unit} × {factor:.2f} från januari",
    )
    care_units = made.care_units.with_columns(value=pl.when(here).then(changed).otherwise("value"))
    return replace(made, care_units=care_units, plants=(plant,))


PLANTERS: Final = {"agency": _more_hired, "care_unit": _more_seen}
