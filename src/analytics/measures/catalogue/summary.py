"""The summary of a package: its largest deviations and what changed."""

from __future__ import annotations

from analytics.measures.catalogue.model import TableSpec

READS: tuple[str, ...] = ("ledger", "employments", "time", "absence", "agency", "indicators")
"""Processed tables that the measures of these tables read."""

SPECS: tuple[TableSpec, ...] = ()

REPORT: tuple[str, ...] = ()
