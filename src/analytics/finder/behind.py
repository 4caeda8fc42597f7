"""The rows of a processed table behind a finding, as its measure counts them."""

from __future__ import annotations

from dataclasses import replace

import narwhals as nw
import polars as pl

from analytics.finder import people_cube, staff_cube, turnover_findings
from analytics.finder.model import Finding
from analytics.measures import ledger, staff, turnover
from analytics.measures.agency import STATEMENT
from analytics.measures.scope import Data, Lazy, collect, lazy
from analytics.organisation import LEVELS


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
    if where.table in ("time", "absence"):
        rows = _of_groups(data, finding, rows)
    if finding.measure == people_cube.MEASURE:
        rows = _employed(finding, rows)
    if finding.keys.get("movement") == turnover_findings.STARTED:
        came = turnover.started(data, finding.keys["administration"], where.months)
        here = came.filter(pl.col("cost_centre").is_in(where.keys["cost_centre"]))
        return here.unique("employee_key", keep="last", maintain_order=True)
    if finding.measure == turnover_findings.MEASURE:
        first, last = nw.lit(finding.months.first.first_day), nw.lit(finding.months.last.last_day)
        rows = rows.filter(
            nw.col("is_main"),
            nw.col("employment_form") == "permanent",
            nw.col("end_date") >= first,
            nw.col("end_date") <= last,
        )
        return collect(rows).unique("employee_key", keep="last", maintain_order=True)
    if where.table == "agency":
        rows = rows.filter(nw.col("version") == nw.col("version").max().over(*STATEMENT))
    return collect(rows)


def counted(data: Data, finding: Finding) -> Finding:
    """The finding with the number of rows behind it."""
    return replace(finding, evidence=replace(finding.evidence, rows=evidence(data, finding).height))


def _groups(finding: Finding) -> list[str]:
    """The personnel groups that a finding names."""
    named = (finding.keys, *(part.keys for part in finding.parts))
    return sorted({keys["personnel_group"] for keys in named if "personnel_group" in keys})


def _employed(finding: Finding, rows: Lazy) -> Lazy:
    """Those who are counted as employees on the last day, of the groups that the finding names."""
    day = nw.lit(finding.months.last.last_day)
    rows = rows.filter(
        nw.col("is_main"),
        nw.col("employment_form").is_in(staff.PERMANENT_OR_TEMPORARY),
        nw.col("start_date") <= day,
        nw.col("end_date").is_null() | (nw.col("end_date") >= day),
    )
    groups = _groups(finding)
    return rows.filter(nw.col("personnel_group").is_in(groups)) if groups else rows


def _of_groups(data: Data, finding: Finding, rows: Lazy) -> Lazy:
    """Hours of the employments that a staff finding is about: its groups, and for absence the main employment."""
    of_staff = finding.evidence.table == "absence"
    groups = _groups(finding)
    units = {**finding.keys} if of_staff else {}
    employments = lazy(data.employments).filter(nw.col("period").is_in(finding.months.months))
    if groups:
        employments = employments.filter(nw.col("personnel_group").is_in(groups))
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
