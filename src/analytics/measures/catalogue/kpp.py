"""Cost per patient: cost per contact and per patient by clinic, outliers, reconciliation to the ledger."""

from __future__ import annotations

from analytics.measures.catalogue.model import TableSpec

READS: tuple[str, ...] = ("care_contacts", "care_costs", "ledger")
"""Processed tables that the measures of these tables read."""

SPECS: tuple[TableSpec, ...] = ()

REPORT: tuple[str, ...] = ()
