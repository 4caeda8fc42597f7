"""One scenario from one seed: a region, and what is planted in each of its administrations.

Seeds 0–39 are for development, and so are all others below 1 000. Seeds 40 000–40 199 are for evaluation: nobody looks
at their scenarios one by one and nothing is tuned on them; they are run when a version of the finder is scored. Seeds
10 000–10 199 and 20 000–20 199 were used for that by earlier versions, and are not unseen any more.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from analytics.measures.scope import Data
from analytics.processed import schema_of
from analytics.schemas import TABLES
from benchmarks.planted import planting_compared as compared_plants
from benchmarks.planted import planting_ledger as ledger_plants
from benchmarks.planted import planting_people as people_plants
from benchmarks.planted import planting_staff as staff_plants
from benchmarks.planted.beside import make_beside
from benchmarks.planted.ground import Ground, NoPlaceError, Planter
from benchmarks.planted.ledger import frame_of, make_ledger
from benchmarks.planted.model import Declared, Scenario
from benchmarks.planted.staff import make_staff
from benchmarks.planted.world import PLACES, World, make_world

DEVELOPMENT: Final = range(40)
EVALUATION: Final = range(40_000, 40_200)
NOISE_ALONE: Final = 5
"""Every so many scenarios nothing is planted at all."""
PLANTS_OF_A_UNIT: Final = (0.25, 0.45, 0.30)
"""How often an administration of the others has no, one and two plants."""

PLANTERS: Final[Mapping[str, Planter]] = {
    "pay_level": staff_plants.pay_level,
    "employer_contribution": staff_plants.employer_contribution,
    "volume": staff_plants.volume,
    "mix": staff_plants.mix,
    "late": ledger_plants.late,
    "early": ledger_plants.early,
    "doubled": ledger_plants.doubled,
    "missing": ledger_plants.missing,
    "misplaced_budget": ledger_plants.misplaced_budget,
    "one_off": ledger_plants.one_off,
    "moved_account": ledger_plants.moved_account,
    "moved_unit": ledger_plants.moved_unit,
    "reorganisation": staff_plants.reorganisation,
    "lasting": ledger_plants.lasting,
    "spread": ledger_plants.spread,
    "absence": staff_plants.absence,
    "overtime": staff_plants.overtime,
    "hourly": staff_plants.hourly,
    "moved_people": staff_plants.moved_people,
    "missing_time": staff_plants.missing_time,
    "doubled_time": staff_plants.doubled_time,
    "seasonal_budget": compared_plants.seasonal_budget,
    "forecast": compared_plants.forecast,
    "long_lasting": compared_plants.long_lasting,
    "long_volume": compared_plants.long_volume,
}
ADDED: Final[Mapping[str, Planter]] = {
    "forecast_kept": compared_plants.forecast_kept,
    "left": people_plants.left,
    "started": people_plants.started,
    "headcount": people_plants.headcount,
}
"""Planted beside the others, now and then, in what they have left."""
EVERY: Final[Mapping[str, Planter]] = {**PLANTERS, **ADDED}
ADDED_CHANCE: Final = 0.3
RARER: Final = frozenset(
    {
        *("absence", "overtime", "hourly", "moved_people", "missing_time", "doubled_time"),
        *("seasonal_budget", "forecast", "long_lasting", "long_volume"),
    }
)
"""Variants of staff alone, and what one comparison alone shows, are planted half as often as a kind of their own."""


def make(seed: int, world: World | None = None, *, only: Sequence[str] = (), none: bool = False) -> Scenario:
    """The scenario of a seed: the same seed gives the same frames, byte for byte.

    ``only``: one plant of each of these names, in turn over the administrations, instead of a draw; ``none``: nothing
    is planted. Amounts follow the size that the settings of ``world`` declare.
    """
    world = world or shared_world()
    rng = np.random.default_rng([seed, 2018])
    staff = make_staff(rng)
    seasonal = bool(rng.random() < 0.5)
    ledger = make_ledger(world.leaves, staff.posts, rng, seasonal=seasonal)
    ground = Ground(world, rng, staff, ledger, Declared.of(world.settings))
    rules = world.settings.finder
    beside = make_beside(
        np.random.default_rng([seed, 2019]),
        planted=not only and not none and bool(seed % NOISE_ALONE),
        fte=rules.fte,
        pct=rules.other_pct,
        only=tuple(only),
    )
    if only:
        for number, name in enumerate(each for each in only if each in EVERY):
            EVERY[name](ground, PLACES[number % len(PLACES)].code)
    elif not none and seed % NOISE_ALONE:
        _plant(ground)
    if not only and not none:
        ground = replace(ground, rng=np.random.default_rng([seed, 2020]))
        _add(ground, planted=bool(seed % NOISE_ALONE))
    ordered = ("period", "employee_key")
    frames = {
        "ledger": frame_of(ground.ledger, rng),
        "employments": ground.staff.employments.sort(*ordered, "cost_centre", maintain_order=True),
        "time": ground.staff.time.sort(*ordered, "cost_centre", "time_type", maintain_order=True),
        "absence": ground.staff.absence.sort(*ordered, maintain_order=True),
        "agency": beside.agency,
        "care_units": beside.care_units,
    }
    empty = {name: pl.DataFrame(schema=schema_of(name)) for name in TABLES}
    data = Data(**{name: frame.lazy() for name, frame in {**empty, **frames}.items()})
    scopes = {place.code: world.scope(place.code) for place in PLACES}
    return Scenario(seed, data, scopes, (*ground.plants, *beside.plants))


def _plant(ground: Ground) -> None:
    names = list(PLANTERS)
    chances = np.array([0.5 if name in RARER else 1.0 for name in names])
    for place in PLACES:
        wanted = int(ground.rng.choice(len(PLANTS_OF_A_UNIT), p=PLANTS_OF_A_UNIT))
        for name in ground.rng.choice(names, len(names), replace=False, p=chances / chances.sum()):
            if wanted and _planted(ground, str(name), place.code):
                wanted -= 1


def _add(ground: Ground, *, planted: bool) -> None:
    """What was thought of later, from draws of its own, so that what a seed had before stays as it was."""
    for place in PLACES:
        if planted and ground.rng.random() < ADDED_CHANCE:
            _planted(ground, str(ground.rng.choice(list(ADDED))), place.code)
        compared_plants.keep_forecasts(ground, place.code)


def _planted(ground: Ground, name: str, unit: str) -> bool:
    try:
        return EVERY[name](ground, unit)
    except NoPlaceError:
        return False


@cache
def shared_world() -> World:
    """A project folder of this process; it is removed with it."""
    folder = tempfile.TemporaryDirectory(prefix="planted-")
    world = make_world(Path(folder.name))
    _KEPT.append(folder)
    return world


_KEPT: Final[list[tempfile.TemporaryDirectory[str]]] = []
