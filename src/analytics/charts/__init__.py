"""Altair charts of protected tables; nothing else can be drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analytics.charts.figure import Figure

if TYPE_CHECKING:
    from analytics.charts.drawing import changes, deviations, monthly, of

__all__ = ["Figure", "changes", "deviations", "monthly", "of"]


def __getattr__(name: str) -> Any:
    # Only who draws pays for Altair.
    if name in __all__:
        from analytics.charts import drawing

        return getattr(drawing, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
