"""Settings: one file, ``analytics.toml``, read into frozen dataclasses."""

from __future__ import annotations

from analytics.settings.checks import AGE_GROUPS, FORECASTS
from analytics.settings.model import (
    AUDIENCES,
    FILE_NAME,
    Audience,
    CareUnits,
    Deviations,
    Disclosure,
    Focus,
    Forecast,
    Kolada,
    Ledger,
    Mail,
    Notices,
    Paths,
    Recipients,
    Region,
    Settings,
    Staff,
    Validation,
    Webhook,
)
from analytics.settings.reading import find_root, load

__all__ = [
    "AGE_GROUPS",
    "AUDIENCES",
    "FILE_NAME",
    "FORECASTS",
    "Audience",
    "CareUnits",
    "Deviations",
    "Disclosure",
    "Focus",
    "Forecast",
    "Kolada",
    "Ledger",
    "Mail",
    "Notices",
    "Paths",
    "Recipients",
    "Region",
    "Settings",
    "Staff",
    "Validation",
    "Webhook",
    "find_root",
    "load",
]
