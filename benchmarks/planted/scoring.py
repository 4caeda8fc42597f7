"""Findings held against what was planted, the same way for every method.

A finding *tells of* a plant if, in the plant's administration, the finding's own keys and months hold a part of the
plant that has the finding's sign and explains at least half of it, and it of the plant: the smaller of the two is at
least :data:`HALF` of the larger. What the plant makes in a finding's keys and months depends on the comparison (a
budget that is misplaced makes nothing against last year). A finding that only does so in one of its named parts tells
of it too, with the part's kind if it has one. A posting that came in another month makes nothing over both months
together, so one of them is enough. Each finding tells of one plant, the one it fits best.

The first finding that tells of a plant, by rank, is its telling; more of the same are *told again*: they lower
precision but are no false alarms (a plant in both staff and ledger may be told once in each). A finding that tells of
no plant is a *false alarm*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from analytics.finder.model import Comparison, Finding
from analytics.measures.report_form import members
from analytics.periods import Period
from analytics.reference import Reference
from benchmarks.planted.model import Effect, Family, Plant, Scenario
from benchmarks.planted.world import PROJECT

HALF: Final = 0.5
HOURS_PER_YEAR: Final = 1760
FAMILIES: Final[Mapping[str, Family]] = {
    "worked": "worked",
    "absence": "absence",
    "sick": "absence",
    "overtime": "overtime",
    "additional": "additional",
    "hourly": "hourly",
    "headcount": "headcount",
    "left": "left",
    "started": "started",
    "agency": "agency",
    "care_unit_": "care_unit",
}
"""How the table id of a staff measure begins → what it is on."""


@dataclass(frozen=True, slots=True)
class PlantScore:
    """What became of one plant: ``rank`` of its telling (None: missed) and whether the kind was right."""

    name: str
    size: float
    rank: int | None
    right: bool
    says: str

    @property
    def found(self) -> bool:
        return self.rank is not None

    @property
    def counts(self) -> bool:
        return self.size >= 1.0


@dataclass(frozen=True, slots=True)
class UnitScore:
    """One administration and month of one scenario under one method."""

    seed: int
    unit: str
    plants: tuple[PlantScore, ...]
    findings: int
    again: int
    false: tuple[Finding, ...]

    @property
    def first(self) -> int:
        return self.findings - self.again - len(self.false)


def family_of(finding: Finding) -> Family | None:
    """What a finding is on, by its unit and the name of its measure; None for what is never planted in."""
    if finding.unit == "kr":
        return "ledger"
    name = finding.keys.get("movement", finding.measure)
    return next((family for start, family in FAMILIES.items() if name.startswith(start)), None)


def planted_in(
    plant: Plant, *, family: Family, keys: Mapping[str, str], months: Sequence[str], comparison: Comparison
) -> float:
    """What a plant makes of the deviation of some keys and months: kr as in the ledger's tables, or årsarbetare.

    Ledger: expected − outcome (more cost is negative). Staff: outcome − expected. Against last year, what was planted
    in last year's months counts the other way. A forecast holds all that happened so far, whatever months are named; a
    seasonal budget is a share of the whole year's.
    """
    if comparison == "forecast":
        year = months[-1][:4]
        months = [f"{year}-{month:02d}" for month in range(1, 13)]
    if family == "headcount":  # persons are counted on the last day
        months = months[-1:]
    total = sum(
        _weight(effect, family, months, comparison) * effect.amount for effect in plant.effects if _same(effect, keys)
    )
    if family in {"ledger", "headcount", "left", "started", "care_unit"}:
        return total
    return total / (HOURS_PER_YEAR / 12 * len(months))


def _weight(effect: Effect, family: Family, months: Sequence[str], comparison: Comparison) -> float:
    """How an effect counts in the deviation of some months: −1, 0 or 1, or a share of a year's budget."""
    if effect.family == "budget":
        if comparison == "seasonal":  # a share of the whole year's, whichever months it stands in
            return len(months) / 12 if family == "ledger" and effect.month[:4] == months[-1][:4] else 0.0
        planned = family == "ledger" and comparison in {"budget", "forecast"}
        return 1.0 if planned and effect.month in months else 0.0
    if effect.family == "forecast":
        return -1.0 if family == "ledger" and comparison == "forecast" and effect.month in months else 0.0
    if effect.family != family:
        return 0.0
    sign = -1.0 if family == "ledger" else 1.0
    weight = sign if effect.month in months else 0.0
    if comparison == "previous" and str(Period.parse(effect.month).plus(12)) in months:
        weight -= sign
    return weight


def _same(effect: Effect, keys: Mapping[str, str]) -> bool:
    """Whether an effect lies within some keys; a key that its table does not have leaves it open.

    A line of FR1 holds the lines that it sums, an account group the accounts that begin with it.
    """
    for key, code in keys.items():
        own = effect.keys.get(key, code)
        if key == "report_line":
            inside = own == code or own in summed_by(code)
        elif key == "account_group":
            inside = effect.keys.get("account", code).startswith(code)
        else:
            inside = own == code
        if not inside:
            return False
    return True


@cache
def summed_by(line: str) -> frozenset[str]:
    """The lines of FR1 that a line sums: of the reference tables, which every scenario shares."""
    lines = Reference(PROJECT / "data/raw/reference").report_lines
    return frozenset(members(lines, line)) if line in lines else frozenset()


def fit(plant: Plant, finding: Finding) -> tuple[float, str]:
    """How well a finding fits a plant, 0 to 1, and the kind that it says."""
    family = family_of(finding)
    if family is None or finding.keys.get("administration", plant.administration) != plant.administration:
        return 0.0, finding.kind
    months = finding.months.months
    spans = [months, *([month] for month in months if plant.name in {"late", "early"} and len(months) > 1)]
    best, kind = 0.0, str(finding.kind)
    for keys, deviation, said in _claims(finding):
        for span in spans:
            made = planted_in(plant, family=family, keys=keys, months=span, comparison=finding.comparison)
            share = _share(made, deviation)
            if share > best:
                best, kind = share, said
    return best, kind


def _claims(finding: Finding) -> Iterator[tuple[Mapping[str, str], float, str]]:
    yield finding.keys, finding.deviation, finding.kind
    for part in finding.parts:
        if not part.is_rest:
            yield {**finding.keys, **part.keys}, part.deviation, part.kind or finding.kind


def _share(made: float, deviation: float) -> float:
    if made * deviation <= 0:
        return 0.0
    return min(abs(made), abs(deviation)) / max(abs(made), abs(deviation))


def score_unit(scenario: Scenario, unit: str, findings: Sequence[Finding]) -> UnitScore:
    """Findings of one unit, by rank, held against its plants."""
    plants = scenario.of_unit(unit)
    told: dict[tuple[int, str], tuple[int, bool]] = {}
    again, false = 0, []
    for finding in sorted(findings, key=lambda each: each.rank):
        fits = [(*fit(plant, finding), number) for number, plant in enumerate(plants)]
        best = max(fits, key=lambda each: each[0], default=(0.0, "", -1))
        if best[0] < HALF:
            false.append(finding)
            continue
        side = "ledger" if finding.unit == "kr" else "staff"
        key = (best[2], side)
        if key in told:
            again += 1
        else:
            told[key] = (finding.rank, best[1] in plants[best[2]].accepted)
    scores = []
    for number, plant in enumerate(plants):
        tellings = sorted(telling for (which, _), telling in told.items() if which == number)
        rank, right = tellings[0] if tellings else (None, False)
        scores.append(PlantScore(plant.name, plant.size, rank, right, plant.says))
    return UnitScore(scenario.seed, unit, tuple(scores), len(findings), again, tuple(false))
