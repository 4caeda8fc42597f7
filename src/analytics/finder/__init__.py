"""The finder of deviations: what deviates, how much it matters, and what explains it."""

from __future__ import annotations

from analytics.finder.finding import MEASURES, READS, evidence, find, level_of

__all__ = ["MEASURES", "READS", "evidence", "find", "level_of"]
