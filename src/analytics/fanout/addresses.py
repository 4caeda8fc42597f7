"""Addresses of schedulers, where plain TCP may be used, and what is said when nobody answers."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from analytics.errors import MachineError, SettingsError, UsageError
from analytics.settings import FILE_NAME, Machines


def checked(address: str, machines: Machines) -> str:
    """The address, if it is one of a scheduler and may be used.

    Raises UsageError for what is no address, and SettingsError for plain TCP to another machine unless the settings
    allow it: whoever can reach such a scheduler can run code where the data are.
    """
    parts = urlsplit(address)
    try:
        is_whole = parts.scheme in ("tcp", "tls") and parts.hostname is not None and parts.port is not None
    except ValueError:
        is_whole = False
    if not is_whole:
        raise UsageError(
            f"{address!r} is no address of a scheduler", action="Give one like tls://host:8786 or tcp://127.0.0.1:8786."
        )
    if parts.scheme == "tcp" and not machines.plain_tcp and not _is_loopback(host_of(address)):
        raise SettingsError(
            f"{address} is plain TCP to another machine: whoever reaches it can run code where the data are",
            action=f"Use tls:// (docs/machines.md); or set machines.plain_tcp in {FILE_NAME} if nobody else can.",
        )
    return address


def host_of(address: str) -> str:
    """The host of an address that was checked."""
    return str(urlsplit(address).hostname)


def unreachable(address: str, error: Exception) -> MachineError:
    """Nobody answers there, or nobody who is understood."""
    tls = " Both sides need certificates of one authority (docs/machines.md)." if address.startswith("tls") else ""
    return MachineError(
        f"the scheduler {address} cannot be reached: {_in_words(error)}",
        action=f"Check that it runs, and its address.{tls}",
    )


def lost(address: str, error: Exception) -> MachineError:
    """The scheduler answered once and does not any more."""
    return MachineError(
        f"the connection to the scheduler {address} was lost: {_in_words(error)}",
        action="What is published stays; run the command again for the rest.",
    )


def missing_library() -> UsageError:
    """Dask is an extra."""
    return UsageError("Dask is not installed", action='Install it with: pip install "analytics[dask]".')


def _in_words(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
