"""Analytics workbench for a Swedish region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from analytics.workbench import open_workbench as open  # noqa: A004, F401 - read as analytics.open


def __getattr__(name: str) -> Any:
    # Only who opens the workbench pays for polars and Altair.
    if name == "open":
        from analytics.workbench import open_workbench

        return open_workbench
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
