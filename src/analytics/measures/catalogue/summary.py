"""The summary of a package: its largest deviations and what changed."""

from __future__ import annotations

from analytics.measures.catalogue.model import TableSpec

TELLER = "sammanfattning"
"""The report that tells of the others: it is made when they are."""

READS: tuple[str, ...] = ("ledger", "employments", "time", "absence", "agency", "indicators")
"""Processed tables that the measures of these tables read."""

SPECS: tuple[TableSpec, ...] = ()

REPORT: tuple[str, ...] = (
    "fr1_summary",
    "action_plan_required",
    "worked_fte",
    "sick_leave_pct",
    "overtime_fte",
    "indicator_overview",
    "deviations",
)
"""Its tables belong to other reports, which show them."""
