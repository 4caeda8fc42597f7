"""Cost per listed person of medicines and medical service, against units with the same ages (indirect adjustment)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analytics import swedish
from analytics.measures.care_units.counts import Counts
from analytics.measures.care_units.tables import ALL, Cell, finish, row, unit_head
from analytics.measures.catalogue import MeasureTable
from analytics.measures.scope import Data, Scope
from analytics.settings import AGE_GROUPS

KINDS = {"medicine": "läkemedel", "service": "medicinsk service"}


@dataclass(frozen=True, slots=True)
class Population:
    """Listed person-months of a unit by age group, its months, and those listed in the report month.

    ``smallest`` is the smallest age group of the report month that anybody is in.
    """

    by_age: tuple[float, ...]
    months: int
    listed: int
    smallest: int

    @property
    def mean(self) -> float:
        """Mean number of listed persons."""
        return sum(self.by_age) / self.months

    def weighted(self, weights: Sequence[float]) -> float:
        """Person-months, each as costly as its age."""
        return sum(count * weight for count, weight in zip(self.by_age, weights, strict=True))


def population(counts: Counts, unit: str) -> Population:
    """Listed by age over the months from January that the unit has."""
    own = set(counts.months_of(unit))
    months = [month for month in counts.scope.ledger_range.months if month in own]
    by_age, now = _by_age(counts, unit, months), _by_age(counts, unit, months[-1:])
    return Population(by_age, len(months), int(sum(now)), min((int(age) for age in now if age), default=0))


def _by_age(counts: Counts, unit: str, months: Sequence[str]) -> tuple[float, ...]:
    listed, older, oldest = (counts.total(unit, name, months) or 0.0 for name in ("listed", "listed_65", "listed_75"))
    return listed - older, older - oldest, oldest


def care_unit_costs(data: Data, scope: Scope) -> MeasureTable:
    """Kronor per listed person from January, what units with the same ages cost, and the index between them.

    Columns: care_unit, care_unit_label, row_type, column, text, value (kronor per listed; ``listed`` persons; an index
    is 100 where the cost is as comparable units'), n (listed). The age groups are 0–64, 65–74 and 75 or older; their
    relative costs are assumed in the settings and are the same for every unit. What depends on the ages of a unit has
    the smallest of its age groups as n, and a unit with a small one is not in the group: two costs with different
    weights would else tell how many of an age it has. Source: 003:244-254; decision 014.
    """
    counts = Counts.of(data, scope)
    people = {unit: population(counts, unit) for unit in counts.units}
    people = {unit: each for unit, each in people.items() if each.mean > 0}
    group = [unit for unit, each in people.items() if each.smallest >= counts.least]
    cells: dict[str, dict[str, Cell]] = {
        unit: {"listed": Cell(float(each.listed), each.listed)} for unit, each in people.items()
    }
    everybody = sum(people[unit].listed for unit in group)
    total: dict[str, Cell] = {"listed": Cell(float(everybody), everybody)}
    weights = {
        "medicine": scope.settings.care_units.medicine_weights,
        "service": scope.settings.care_units.service_weights,
    }
    for kind, by_age in weights.items():
        cost = {unit: counts.total(unit, f"{kind}_cost", scope.ledger_range.months) or 0.0 for unit in people}
        spent = sum(cost[unit] for unit in group)
        weighted = sum(people[unit].weighted(by_age) for unit in group)
        for unit, each in people.items():
            own = cost[unit] / each.mean
            comparable = spent * each.weighted(by_age) / weighted / each.mean if weighted else None
            index = own / comparable * 100 if comparable else None
            cells[unit] |= {
                kind: Cell(own, each.listed),
                f"{kind}_expected": Cell(comparable, each.smallest),
                f"{kind}_index": Cell(index, each.smallest),
            }
        mean = sum(people[unit].mean for unit in group)
        total[kind] = Cell(spent / mean if mean else None, everybody)
    rows = [
        record
        for unit, label in counts.units.items()
        if unit in cells
        for record in row(unit_head(unit, label), cells[unit])
    ]
    rows += row(unit_head("", ALL), total)
    return finish("care_unit_costs", rows, period_label=scope.ledger_range.label, notes=_notes(weights))


def _notes(weights: dict[str, tuple[float, ...]]) -> tuple[str, ...]:
    ages = ", ".join(AGE_GROUPS)
    said = "; ".join(
        f"{KINDS[kind]} {' / '.join(swedish.number(weight, 1) for weight in by_age)}"
        for kind, by_age in weights.items()
    )
    index = (
        "Index hundra betyder att enheten kostar lika mycket per listad som alla jämförda enheter tillsammans skulle "
        "göra med samma åldrar. Jämförelsen tar hänsyn till ålder och inget annat: skillnader i sjuklighet och "
        "vårdbehov syns i index."
    )
    return (index, f"Antagna vikter för åldrarna {ages}: {said}. De står i inställningarna och är inte uppmätta.")
