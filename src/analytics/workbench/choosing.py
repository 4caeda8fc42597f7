"""A name that does not exist is refused with those that do, the nearest first."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from analytics.errors import UsageError


def unknown(what: str, given: str, known: Sequence[str]) -> UsageError:
    """The error for a name of its kind that does not exist; the nearest right one and all are named."""
    near = get_close_matches(given, known, n=1, cutoff=0.4)
    hint = f"Did you mean {near[0]}? " if near else ""
    return UsageError(f"there is no {what} {given!r}", action=f"{hint}There are: {', '.join(known)}.")
