"""Forecast of the year, its back-test, budget changes and variance explained."""

from __future__ import annotations

from analytics.measures.catalogue.model import TableSpec

READS: tuple[str, ...] = ("ledger", "employments", "time", "absence")
"""Processed tables that the measures of these tables read."""

SPECS: tuple[TableSpec, ...] = ()

REPORT: tuple[str, ...] = ()
