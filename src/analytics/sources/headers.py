"""What every form of delivery promises: the agreed header, and on its last line how many rows it holds."""

from __future__ import annotations

import re

from analytics.errors import DeliveryUnreadableError, LayoutError, Location
from analytics.sources.model import Delivery, Layout

WITHIN = 10
"""The header stands within so many first lines."""
AGAIN = "Ask the supplier to deliver the file again, complete and as exported."
_TRAILER = re.compile(r"Antal rader:?\s*(?P<count>\d[\d\s]*?)[;\t,|\s]*", re.IGNORECASE)


def check(found: list[str], layout: Layout, where: Location) -> None:
    """Raise LayoutError unless the header is the agreed one, in the agreed order."""
    expected = list(layout.columns)
    if found != expected:
        raise LayoutError(
            _difference(found, expected),
            where=Location(where.file, where.line, ", ".join(_wrong_columns(found, expected))),
            action=f"The columns must be: {'; '.join(expected)}. {AGAIN}",
        )


def _wrong_columns(found: list[str], expected: list[str]) -> list[str]:
    missing = [name for name in expected if name not in found]
    extra = [name or "(blank)" for name in found if name not in expected]
    swapped = [name for name, other in zip(found, expected, strict=False) if name != other]
    return missing + extra or swapped or sorted({name for name in found if found.count(name) > 1})


def _difference(found: list[str], expected: list[str]) -> str:
    missing = [name for name in expected if name not in found]
    extra = [name or "(blank)" for name in found if name not in expected]
    repeated = sorted({name for name in found if name in expected and found.count(name) > 1})
    parts = [
        f"{word}: {', '.join(names)}"
        for word, names in (("missing columns", missing), ("extra columns", extra), ("repeated columns", repeated))
        if names
    ]
    if parts:
        return "; ".join(parts)
    swapped = [name for name, other in zip(found, expected, strict=True) if name != other]
    return f"columns swapped or moved: {', '.join(swapped)}"


def promised_rows(text: str, line: int, delivery: Delivery) -> int:
    """How many rows the last line says. Raises LayoutError if it says nothing: the file is cut off."""
    match = _TRAILER.fullmatch(text.strip())
    if match is None:
        raise LayoutError(
            "the last line is not 'Antal rader: n': the file is cut off",
            where=Location(delivery.name, line),
            action=AGAIN,
        )
    return int(re.sub(r"\s", "", match["count"]))


def check_rows(held: int, promised: int, layout: Layout, where: Location) -> None:
    """Raise LayoutError if rows are missing or added, DeliveryUnreadableError if there are none and must be."""
    if held != promised:
        raise LayoutError(
            f"the last line says {promised} rows, the file holds {held}: rows are missing or added",
            where=Location(where.file, where.line, count=abs(promised - held)),
            action=AGAIN,
        )
    if not held and not layout.may_be_empty:
        raise DeliveryUnreadableError(
            "the file holds no rows", where=where, action="Ask the supplier whether it should."
        )
