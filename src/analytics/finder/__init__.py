"""The finder of deviations: what deviates, how much it matters, and what explains it."""

from __future__ import annotations

from analytics.finder.behind import evidence
from analytics.finder.finding import MEASURES, READS, Found, find, level_of, search

__all__ = ["MEASURES", "READS", "Found", "evidence", "find", "level_of", "search"]
