"""What a validation found, as data: one outcome per expectation, without a single personal value.

An outcome has only these fields, so nothing else can reach the stored record: the library's own results,
which keep failing values, are never written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, cast

from analytics.errors import SettingsError

Severity = Literal["critical", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")
RECORD_VERSION = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """What the library said about one expectation, in numbers and codes."""

    passed: bool
    checked: int | None = None
    unexpected: int | None = None
    examples: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One expectation, tried once.

    ``title``, ``reason`` and ``detail`` are Swedish sentences for the reader of a report. ``checked`` and
    ``unexpected`` count what ``detail`` names (rows, person months, units …); both are None where nothing is counted.
    """

    expectation: str
    title: str
    reason: str
    severity: Severity
    passed: bool
    table: str
    column: str | None
    checked: int | None
    unexpected: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """All outcomes of one suite, in the order of its file."""

    table: str
    outcomes: tuple[Outcome, ...]

    @property
    def failures(self) -> tuple[Outcome, ...]:
        """Every expectation that did not hold, whatever its severity."""
        return tuple(outcome for outcome in self.outcomes if not outcome.passed)

    @property
    def critical(self) -> tuple[Outcome, ...]:
        """What stops the delivery."""
        return tuple(outcome for outcome in self.failures if outcome.severity == "critical")

    @property
    def warnings(self) -> tuple[Outcome, ...]:
        """What lets the delivery in and is printed in the package."""
        return tuple(outcome for outcome in self.failures if outcome.severity == "warning")

    @property
    def has_critical(self) -> bool:
        return bool(self.critical)

    def to_record(self) -> dict[str, Any]:
        """The result as JSON-ready data."""
        return {
            "version": RECORD_VERSION,
            "table": self.table,
            "outcomes": [asdict(outcome) for outcome in self.outcomes],
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> ValidationResult:
        """Read a stored record. Raises SettingsError if it is of another version or damaged."""
        names = {field.name for field in fields(Outcome)}
        if record.get("version") != RECORD_VERSION:
            raise SettingsError(
                f"a stored validation result has version {record.get('version')!r}, expected {RECORD_VERSION}",
                action="Run analytics load again.",
            )
        outcomes = record.get("outcomes")
        if not isinstance(outcomes, list) or any(set(entry) != names for entry in outcomes):
            raise SettingsError("a stored validation result is damaged", action="Run analytics load again.")
        return cls(cast("str", record["table"]), tuple(Outcome(**entry) for entry in outcomes))
