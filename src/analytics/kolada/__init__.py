"""Kolada, the open database of municipalities and regions (RKA): fetched on request, kept as deliveries."""

from __future__ import annotations

from analytics.kolada.pulling import Pulled, pull
from analytics.kolada.snapshot import ATTRIBUTION, FOLDER, NAME, Named, Snapshot

__all__ = ["ATTRIBUTION", "FOLDER", "NAME", "Named", "Pulled", "Snapshot", "pull"]
