"""All findings of one unit and month, ranked; and what could not be looked at."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from analytics.finder import (
    agency_findings,
    behind,
    care_unit_findings,
    care_unit_series,
    indicator_findings,
    ledger_cube,
    ledger_findings,
    pay,
    people_cube,
    staff_cube,
    staff_findings,
    turnover_findings,
)
from analytics.finder.cube import Cube
from analytics.finder.model import Finding, NotLookedAt
from analytics.measures.scope import Data, Scope
from analytics.organisation import LEVELS
from analytics.settings import Finder

MEASURES = (
    ledger_cube.MEASURE,
    *staff_cube.MEASURES,
    people_cube.MEASURE,
    turnover_findings.MEASURE,
    agency_findings.MEASURE,
    indicator_findings.MEASURE,
    *care_unit_series.MEASURES,
)
"""Table ids of the catalogue that are looked at."""
READS = ("ledger", "employments", "time", "absence", "agency", "indicators", "care_units")
"""Processed tables that are read."""


PEOPLE = frozenset({*staff_cube.MEASURES, people_cube.MEASURE, agency_findings.MEASURE})
"""Measures whose unit costs money by itself: årsarbetare and persons employed."""
MOST_TIMES = 5.0


@dataclass(frozen=True, slots=True)
class Found:
    """What the finder has found, ranked, and which measures it could not look at."""

    findings: tuple[Finding, ...]
    not_looked_at: tuple[NotLookedAt, ...]


def find(data: Data, scope: Scope) -> tuple[Finding, ...]:
    """What deviates (:func:`search`)."""
    return search(data, scope).findings


def search(data: Data, scope: Scope) -> Found:
    """What deviates in one administration and month, at every level below it, what matters most first.

    Ledger findings are in kr over the month or from January to it, staff findings in årsarbetare over the staff range,
    those employed in persons on its last day. Raises UsageError for an unknown unit and MissingDataError if the month
    is not in the ledger; what else is missing is said in ``not_looked_at``.
    """
    scope.organisation.administration(scope.unit, scope.period)
    missing: list[NotLookedAt] = []
    cubes = staff_cube.staff_cubes(data, scope)
    if not cubes:
        missing += [NotLookedAt(measure, _lacks("tid eller frånvaro", scope)) for measure in staff_cube.MEASURES]
    main = people_cube.main_employments(data, scope)
    employed = people_cube.people_cube(main, scope)
    if employed is None:
        missing.append(NotLookedAt(people_cube.MEASURE, _lacks("anställningar", scope)))
    every = [*cubes, *([employed] if employed is not None else [])]
    least = scope.settings.finder.least_months
    missing += [short for each in every for short in _short(each.cube, least)]
    of_staff, hours = staff_findings.findings(every, scope)
    ledger = ledger_cube.ledger_cube(data, scope)
    of_ledger = ledger_findings.findings(ledger, data, scope, hours)
    of_ledger = [pay.named_by_hours(each, of_staff) for each in of_ledger]
    missing += _short(ledger.outcome, least)
    hired = agency_findings.agency_hours(data, scope)
    if isinstance(hired, NotLookedAt):
        missing, hired = [*missing, hired], None
    of_agency = agency_findings.findings(hired) if hired is not None else []
    of_ledger, of_agency = agency_findings.beside_the_ledger(of_ledger, of_agency, hired)
    moved, lacking = turnover_findings.findings(data, scope, main)
    indicators, unmeasured = indicator_findings.findings(data, scope)
    units = care_unit_series.care_units(data, scope)
    of_units = care_unit_findings.findings(units) if isinstance(units, care_unit_series.CareUnits) else []
    missing += [*lacking, *unmeasured, *_of_care_units(units)]
    alone = [*of_agency, *turnover_findings.once(moved, of_staff), *indicators, *of_units]
    rules = scope.settings.finder
    found = [*of_ledger, *of_staff, *(behind.counted(data, each) for each in alone)]
    ordered = sorted(found, key=lambda finding: (-weight(finding, rules), finding.id))
    ranked = tuple(replace(each, rank=place) for place, each in enumerate(ordered, start=1))
    return Found(ranked, tuple(missing))


def _short(cube: Cube, least: int) -> list[NotLookedAt]:
    """Too few months before the last one say nothing of what is to be expected."""
    before = len(cube.months) - 1
    if before > least:
        return []
    return [NotLookedAt(cube.measure, f"bara {before} månader finns före den sista; det krävs fler än {least}")]


def _of_care_units(units: care_unit_series.CareUnits | NotLookedAt | None) -> list[NotLookedAt]:
    """All measures of care units are looked at together, or none of them."""
    if not isinstance(units, NotLookedAt):
        return []
    return [NotLookedAt(measure, units.reason) for measure in care_unit_series.MEASURES]


def _lacks(what: str, scope: Scope) -> str:
    return f"{what} saknas för {scope.unit_label} i {scope.staff_range.last.label}"


def weight(finding: Finding, rules: Finder) -> float:
    """How much a finding matters: its size in kronor, more if it is unlikely and if it goes on.

    An årsarbetare, and a person employed, counts as its declared cost of the months that are compared. What is in no
    such unit counts as so many times the declared size in kronor as it is times its own declared size, at most
    :data:`MOST_TIMES`. Sides that cancel each other count with the larger of them. Unlikeliness and persistence at most
    double the size each.
    """
    size = max(abs(finding.deviation), *(abs(part.deviation) for part in finding.parts), 0.0)
    if finding.measure in PEOPLE:
        size *= rules.fte_tkr * 1000 * len(finding.months) / 12
    elif finding.unit != "kr":
        least = rules.fte if finding.measure == turnover_findings.MEASURE else rules.other_pct / 100 * finding.expected
        times = min(size / abs(least), MOST_TIMES) if least else MOST_TIMES
        size = times * rules.amount_tkr * 1000
    unlikely = min(1.0, max(0.0, -_log10(finding.p_value) / 10))
    lasting = min(1.0, (finding.persistence - 1) / 5)
    return size * (1 + unlikely / 2) * (1 + lasting / 2)


def _log10(p_value: float) -> float:
    return math.log10(max(p_value, 1e-300))


def level_of(finding: Finding) -> str:
    """The level of the organisation that a finding is at: ``administration``, ``base_unit`` or ``cost_centre``."""
    return next(level for level in reversed(LEVELS) if level in finding.keys)
