"""What went wrong, in Swedish, for who works in a panel; the errors' own text is English, for Python."""

from __future__ import annotations

from typing import Final

from analytics.errors import AnalyticsError, MissingDataError, SettingsError, StorageError

_BY_KIND: Final[tuple[tuple[type[AnalyticsError], str], ...]] = (
    (MissingDataError, "Uppgifter som behövs är inte inlästa för enheten och månaden; analytics load läser in dem."),
    (StorageError, "Filen går inte att skriva. Se efter att mappen får ändras och att disken inte är full."),
    (SettingsError, "Inställningarna eller en referensfil är fel."),
)
"""Kind of error → what is said where the error itself has no Swedish text; of settings its own words too."""


def told(error: AnalyticsError) -> str:
    """Problem and advice in Swedish.

    Errors that panels and queries raise are Swedish already. Others have ``swedish``, or are told by their kind.
    """
    if error.swedish:
        return error.swedish
    for kind, said in _BY_KIND:
        if isinstance(error, kind):
            own = f" Programmets eget besked: ”{error.problem}”" if kind is SettingsError else ""
            return f"{said}{own}"
    return f"{error.problem} {error.action}".strip()


def not_written(name: str) -> str:
    """A folder or file that the system refuses, in Swedish; its own reason is in the system's language."""
    return f"{name} går inte att skriva. Se efter att mappen får ändras och att disken inte är full."
