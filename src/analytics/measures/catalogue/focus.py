"""Focus areas declared in the settings, and agency staff against own staff cost."""

from __future__ import annotations

from analytics.measures.catalogue.model import TableSpec

READS: tuple[str, ...] = ("ledger", "agency", "employments", "time", "absence")
"""Processed tables that the measures of these tables read."""

SPECS: tuple[TableSpec, ...] = ()

REPORT: tuple[str, ...] = ()
