"""What is told: that a package is published, failed or late, or lacks comments. In Swedish, without figures."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

from analytics.errors import StorageError

Kind = Literal["published", "failed", "late", "missing_comments", "operations"]
KINDS: tuple[Kind, ...] = ("published", "failed", "late", "missing_comments", "operations")
SUBJECTS: dict[Kind, str] = {
    "published": "Rapporterna är publicerade",
    "failed": "Rapporterna kunde inte framställas",
    "late": "Underlag saknas",
    "missing_comments": "Kommentarer saknas",
    "operations": "Den schemalagda körningen behöver tillsyn",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell about one package, or (``operations``) about the schedule itself, without month and unit.

    ``lines`` are Swedish sentences about status: names of reports, deliveries and rows, never a figure and never data
    about a person. ``link`` is the package's address below the portal. ``occasion`` tells two notices of one kind apart
    (the version that was published, the input version that failed); the same notice is sent once. ``attachments`` are
    paths of files of a public package.
    """

    kind: Kind
    period: str
    period_label: str
    unit: str
    unit_label: str
    occasion: str
    lines: tuple[str, ...]
    link: str = ""
    attachments: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The same for the same occasion, so that it is told once."""
        told = json.dumps([self.kind, self.period, self.unit, self.occasion])
        return f"{self.kind}-{self.period}-{self.unit}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"

    @property
    def subject(self) -> str:
        if not self.unit:
            return SUBJECTS[self.kind]
        return f"{SUBJECTS[self.kind]}: {self.unit} {self.unit_label}, {self.period_label}"

    def body(self, link_base: str) -> str:
        """The text of the message, with the full address where the portal's is known."""
        parts = [f"{self.subject}.", "", *self.lines]
        if self.link and link_base:
            parts += ["", f"{link_base.rstrip('/')}/{self.link}"]
        parts += ["", "Meddelandet är skickat av ett program och går inte att svara på."]
        return "\n".join(parts) + "\n"

    def as_record(self) -> dict[str, Any]:
        """As data, for the outbox."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Notice:
        """From the outbox. Raises StorageError if the record is not one."""
        try:
            return cls(**{**record, "lines": tuple(record["lines"]), "attachments": tuple(record["attachments"])})
        except (KeyError, TypeError):
            raise StorageError("a notice in the outbox is damaged", action="Remove its file.") from None
