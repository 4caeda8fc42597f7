"""The finder of deviations: what deviates, how much it matters, and what explains it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analytics.finder.behind import evidence
    from analytics.finder.finding import MEASURES, READS, Found, find, level_of, search

__all__ = ["MEASURES", "READS", "Found", "evidence", "find", "level_of", "search"]


def __getattr__(name: str) -> Any:
    # Findings are passed on everywhere; only who looks for them pays for SciPy.
    if name == "evidence":
        from analytics.finder import behind

        return behind.evidence
    if name in __all__:
        from analytics.finder import finding

        return getattr(finding, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
