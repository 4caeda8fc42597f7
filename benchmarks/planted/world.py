"""The made region: three administrations, their base units and cost centres, their accounts and their people.

The organisation is the same in every scenario; amounts, people and deviations are drawn from the seed. Account shares
and seasonal weights are those of the demonstration region (``analytics.sample``), so the likeness is one of
construction where it can be, and measured where it cannot (``likeness``).
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from analytics.measures.scope import Scope
from analytics.organisation import FILE_NAME, Organisation
from analytics.periods import Period, PeriodRange
from analytics.reference import Reference
from analytics.sample.ledger_patterns import WHOLE_YEAR, kind_of
from analytics.sample.ledger_region import PROFILES
from analytics.settings import Settings, load

Floats = npt.NDArray[np.float64]

PROJECT: Final = Path(__file__).parents[2]
REPORT: Final = Period(2018, 3)
MONTHS: Final = PeriodRange(Period(2016, 1), REPORT)
STAFF_MONTHS: Final = PeriodRange(Period(2016, 1), Period(2018, 2))
BUDGET_YEARS: Final = (2016, 2017, 2018)
YEAR: Final = 12
LAST_YEAR_ENDS: Final = 24
"""Position of January of the report year among the months."""


@dataclass(frozen=True, slots=True)
class Place:
    """One administration: its size in mnkr of 2016, whose accounts and mix of personnel it has, and its base units."""

    code: str
    label: str
    million: float
    like: str
    base_units: tuple[str, ...]


PLACES: Final = (
    Place("50", "Norra vården", 120.0, "30", ("501", "502", "503")),
    Place("60", "Södra vården", 160.0, "20", ("601", "602", "603")),
    Place("70", "Tandvården", 90.0, "40", ("701", "702", "703")),
)
CENTRES_OF_A_BASE_UNIT: Final = 2
CENTRES: Final = 6
"""Cost centres of every administration."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One account of one administration from one origin (E or I), with its share of the yearly cost in per cent."""

    administration: str
    account: str
    origin: str
    line: str
    level: float

    @property
    def is_pay(self) -> bool:
        """Whether it follows the people: pay and employer's contribution, not courses or agency staff."""
        return self.line == "staff_employees"


@dataclass(frozen=True)
class World:
    """Settings, organisation and accounts, read once from a folder of its own."""

    root: Path

    @cached_property
    def settings(self) -> Settings:
        return load(self.root)

    @cached_property
    def reference(self) -> Reference:
        return Reference(self.settings.paths.reference)

    @cached_property
    def organisation(self) -> Organisation:
        return Organisation.read(self.settings.paths.reference)

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """Every account of every administration. ``level``: kr per month of 2016 before season, income negative."""
        return tuple(
            Leaf(
                place.code,
                account,
                origin,
                self.reference.report_line_of(account),
                place.million * 1e6 * share / 100 / YEAR,
            )
            for place in PLACES
            for (account, origin), share in PROFILES[place.like].shares.items()
            if not (origin == "I" and account.startswith("3"))
        )

    def scope(self, unit: str) -> Scope:
        """March 2018 of one administration."""
        return Scope(
            period=REPORT,
            unit=unit,
            settings=self.settings,
            organisation=self.organisation,
            reference=self.reference,
        )


def centres_of(place: Place) -> tuple[tuple[str, str], ...]:
    """(base unit, cost centre) of an administration, in order."""
    return tuple(
        (base_unit, f"{base_unit}{number}")
        for base_unit in place.base_units
        for number in range(1, CENTRES_OF_A_BASE_UNIT + 1)
    )


PLACE_OF: Final = {place.code: place for place in PLACES}
CENTRES_OF: Final = {place.code: centres_of(place) for place in PLACES}


def season(account: str) -> Floats:
    """Weight of each month of the year, 1 on average (staff cost is low in summer)."""
    weights = np.array(WHOLE_YEAR.get(kind_of(account), WHOLE_YEAR["other"]), dtype=np.float64)
    return weights / weights.mean()


def make_world(root: Path) -> World:
    """A project folder with the settings and reference tables of the project and an organisation of its own."""
    reference = root / "data/raw/reference"
    if not (reference / FILE_NAME).exists():
        shutil.copytree(PROJECT / "data/raw/reference", reference, dirs_exist_ok=True)
        shutil.copy(PROJECT / "analytics.toml", root)
        rows = ["level;code;label;parent;valid_from;valid_to;is_project"]
        for place in PLACES:
            rows.append(f"administration;{place.code};{place.label};;2015-01-01;;0")
            rows += [f"base_unit;{code};Enhet {code};{place.code};2015-01-01;;0" for code in place.base_units]
            rows += [f"cost_centre;{code};Ansvar {code};{unit};2015-01-01;;0" for unit, code in CENTRES_OF[place.code]]
        (reference / "care_units.csv").write_text(
            "care_unit;label;ownership;administration;base_unit;valid_from;valid_to\n", encoding="utf-8"
        )
        (reference / FILE_NAME).write_text("\n".join(rows) + "\n", encoding="utf-8")
    return World(root)
