"""What a load or a validation did, for people and for machines; and all refusals of a load as one error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from analytics.errors import AnalyticsError
from analytics.intake.gate import failure, warnings_of
from analytics.validation import ValidationResult

DETECTED_FORM = 3
"""What a reader detected begins with encoding, separator and header line; the rest differs from file to file."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One delivery that was taken in this load."""

    table: str
    layout: str
    delivery: str
    file: str
    version: int
    rows: int
    detected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoadReport:
    """The result of a load. ``catalog`` is the version of the data now in force."""

    taken: tuple[Taken, ...]
    unchanged: tuple[str, ...]
    notes: tuple[str, ...]
    results: tuple[ValidationResult, ...]
    catalog: str
    seconds: float

    @property
    def warnings(self) -> list[dict[str, Any]]:
        """Warnings of the validation, with the table they are about."""
        return [{"table": result.table, **warning} for result in self.results for warning in warnings_of(result)]

    def as_record(self) -> dict[str, Any]:
        """The report as data, for ``--json``."""
        return {
            "taken": [asdict(one) for one in self.taken],
            "unchanged": list(self.unchanged),
            "superseded": list(self.notes),
            "warnings": self.warnings,
            "validation": summary(self.results),
            "catalog": self.catalog,
            "seconds": round(self.seconds, 3),
        }

    def __str__(self) -> str:
        rows = sum(one.rows for one in self.taken)
        lines = [f"Taken: {len(self.taken)} deliveries, {rows} rows. Unchanged: {len(self.unchanged)}."]
        lines.append(f"Data version {self.catalog}.")
        read_as = Counter((one.layout, one.detected[:DETECTED_FORM]) for one in self.taken)
        lines += [f"Read {layout}: {', '.join(form)} ({count} files)" for (layout, form), count in read_as.items()]
        lines += [f"Note: {note}" for note in self.notes]
        lines += [f"Warning: {one['table']}: {one['title']}: {one['detail']}" for one in self.warnings]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """All suites tried on what is in ``data/processed``."""

    results: tuple[ValidationResult, ...]

    def as_record(self) -> dict[str, Any]:
        """The report as data, for ``--json``."""
        return {"validation": summary(self.results), "results": [result.to_record() for result in self.results]}

    def raise_if_critical(self) -> None:
        """Raise ValidationFailedError for the first table that has a critical failure."""
        for result in self.results:
            if result.has_critical:
                raise failure(result)

    def __str__(self) -> str:
        counts = summary(self.results)
        lines = [f"Expectations: {counts['passed']} hold, {counts['failed']} do not ({counts['critical']} critical)."]
        lines += [
            f"{outcome.severity}: {result.table}: {outcome.title}: {outcome.detail}"
            for result in self.results
            for outcome in result.failures
        ]
        return "\n".join(lines)


def summary(results: Sequence[ValidationResult]) -> dict[str, int]:
    """Counts of expectations tried (over batches): passed, failed, of these critical and warnings."""
    outcomes = [outcome for result in results for outcome in result.outcomes]
    return {
        "passed": sum(outcome.passed for outcome in outcomes),
        "failed": sum(not outcome.passed for outcome in outcomes),
        "critical": sum(len(result.critical) for result in results),
        "warnings": sum(len(result.warnings) for result in results),
    }


def combined(errors: Sequence[AnalyticsError], *, committed: bool) -> AnalyticsError:
    """One error that tells of every refused delivery; its kind and place are those of the first."""
    first, *others = errors
    lines = [first.problem]
    lines += [f"Also refused: {error.where}: {error.problem}" for error in others]
    lines.append(
        "The other deliveries were taken." if committed else "Nothing was taken; what was in force is still in force."
    )
    return type(first)("\n".join(lines), where=first.where, action=first.action)
