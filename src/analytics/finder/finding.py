"""All findings of one unit and month, ranked; and the rows behind one."""

from __future__ import annotations

import math
from dataclasses import replace

import narwhals as nw
import polars as pl

from analytics.finder import ledger_cube, ledger_findings, staff_cube, staff_findings
from analytics.finder.model import Finding
from analytics.measures import ledger
from analytics.measures.scope import Data, Lazy, Scope, collect, lazy
from analytics.organisation import LEVELS
from analytics.settings import Finder

MEASURES = (ledger_cube.MEASURE, *staff_cube.MEASURES)
"""Table ids of the catalogue that are looked at."""
READS = ("ledger", "employments", "time", "absence")
"""Processed tables that are read."""


def find(data: Data, scope: Scope) -> tuple[Finding, ...]:
    """What deviates in one administration and month, at every level below it, what matters most first.

    Ledger findings are in kr over the month or from January to it, staff findings in årsarbetare over the staff range.
    Raises UsageError for an unknown unit and MissingDataError if the month is not in the data.
    """
    scope.organisation.administration(scope.unit, scope.period)
    cubes = staff_cube.staff_cubes(data, scope)
    of_staff, hours = staff_findings.findings(cubes, scope)
    found = [*ledger_findings.findings(data, scope, hours), *of_staff]
    rules = scope.settings.finder
    ordered = sorted(found, key=lambda finding: (-weight(finding, rules), finding.id))
    return tuple(replace(each, rank=place) for place, each in enumerate(ordered, start=1))


def weight(finding: Finding, rules: Finder) -> float:
    """How much a finding matters: its size in kronor, more if it is unlikely and if it goes on.

    An årsarbetare counts as its declared cost of the months that are compared. Sides that cancel each other count with
    the larger of them. Unlikeliness and persistence at most double the size each.
    """
    sizes = [abs(finding.deviation), *(abs(part.deviation) for part in finding.parts)]
    size = max(sizes)
    if finding.unit != "kr":
        size *= rules.fte_tkr * 1000 * len(finding.months) / 12
    unlikely = min(1.0, max(0.0, -_log10(finding.p_value) / 10))
    lasting = min(1.0, (finding.persistence - 1) / 5)
    return size * (1 + unlikely / 2) * (1 + lasting / 2)


def _log10(p_value: float) -> float:
    return math.log10(max(p_value, 1e-300))


def level_of(finding: Finding) -> str:
    """The level of the organisation that a finding is at: ``administration``, ``base_unit`` or ``cost_centre``."""
    return next(level for level in reversed(LEVELS) if level in finding.keys)


def evidence(data: Data, finding: Finding) -> pl.DataFrame:
    """The rows of the processed table behind a finding, as the measure counts them.

    Columns as in ``schemas.TABLES``; of the ledger the largest posting first.
    """
    where = finding.evidence
    rows = lazy(getattr(data, where.table)).filter(nw.col("period").is_in(where.months.months))
    for column, codes in where.keys.items():
        rows = rows.filter(nw.col(column).is_in(list(codes)))
    if where.table == "ledger":
        rows = rows.filter(nw.col("period_kind").is_in(ledger.COUNTED_PERIODS), ~nw.col("is_project"))
        frame = collect(rows)
        return frame.sort(pl.col("amount_ore").abs(), descending=True)
    return collect(_of_groups(data, finding, rows))


def _of_groups(data: Data, finding: Finding, rows: Lazy) -> Lazy:
    """Hours of the employments that a staff finding is about: its groups, and for absence the main employment."""
    of_staff = finding.evidence.table == "absence"
    groups = {
        keys["personnel_group"]
        for keys in (finding.keys, *(p.keys for p in finding.parts))
        if "personnel_group" in keys
    }
    units = {**finding.keys} if of_staff else {}
    employments = lazy(data.employments).filter(nw.col("period").is_in(finding.months.months))
    if groups:
        employments = employments.filter(nw.col("personnel_group").is_in(sorted(groups)))
    on = ["employee_key", "period", "cost_centre"]
    if of_staff:
        on = ["employee_key", "period"]
        employments = employments.filter(nw.col("is_main"))
        for level in LEVELS:
            if level in units:
                employments = employments.filter(nw.col(level) == units[level])
    else:
        types = staff_cube.TYPES[finding.measure]
        rows = rows.filter(nw.col("time_type").is_in(types))
    return rows.join(employments.select(*on).unique(), on=on, how="semi")
