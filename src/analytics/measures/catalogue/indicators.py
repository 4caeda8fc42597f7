"""Goals and indicators: targets, outcomes, status and comparison between units."""

from __future__ import annotations

from analytics.measures.catalogue.model import TableSpec

READS: tuple[str, ...] = ("indicators",)
"""Processed tables that the measures of these tables read."""

SPECS: tuple[TableSpec, ...] = ()

REPORT: tuple[str, ...] = ()
