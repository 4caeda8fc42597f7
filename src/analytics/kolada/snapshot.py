"""The file that a pull leaves in the inbox: what Kolada answered, with the names it goes by and where it comes from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

NAME = "kolada"
"""Name of the layout, and of the files: ``kolada_ÅÅÅÅMM.json``."""
FOLDER = "kolada"
ATTRIBUTION = "Källa: Kolada (RKA)"
"""Its terms of use ask for the source to be named wherever its figures are shown."""
KEYS = ("notice", "version", "address", "fetched", "kpis", "municipalities", "count", "values")


@dataclass(frozen=True, slots=True)
class Named:
    """A key figure or a municipality: its id, which is text, and its name."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was fetched. ``values`` are the records as they came: kpi, municipality, period and values per sex."""

    version: str
    address: str
    fetched: str
    kpis: tuple[Named, ...]
    municipalities: tuple[Named, ...]
    values: tuple[Mapping[str, Any], ...]
    notice: str = ATTRIBUTION

    def render(self) -> bytes:
        """The file. ``count`` stands before the records, so that a file that is cut off is found out."""
        document = {
            "notice": self.notice,
            "version": self.version,
            "address": self.address,
            "fetched": self.fetched,
            "kpis": _as_records(self.kpis),
            "municipalities": _as_records(self.municipalities),
            "count": len(self.values),
            "values": list(self.values),
        }
        return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _as_records(named: Sequence[Named]) -> list[dict[str, str]]:
    return [{"id": each.id, "title": each.title} for each in named]
