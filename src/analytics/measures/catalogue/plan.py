"""Plan: decided budgets, uprating, efficiency requirement, needs and investments."""

from __future__ import annotations

from analytics.measures.catalogue.model import TableSpec

READS: tuple[str, ...] = ()
"""Processed tables that the measures of these tables read."""

SPECS: tuple[TableSpec, ...] = ()

REPORT: tuple[str, ...] = ()
