"""The error tree: one branch per kind of failure, one exit code per branch.

Every error is written for the person who has to act on it: what is wrong, where, and what to do next.
No message may hold a cell value of personal data; codes, counts and positions are enough to find the row.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Location:
    """Where in a delivery something is wrong. Lines and columns are counted as a person sees them, from 1."""

    file: Path | None = None
    line: int | None = None
    column: str | None = None
    count: int | None = None

    def __str__(self) -> str:
        parts = []
        if self.file is not None:
            parts.append(self.file.name)
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.column is not None:
            parts.append(f"column {self.column!r}")
        if self.count is not None:
            parts.append(f"{self.count} row{'' if self.count == 1 else 's'}")
        return ", ".join(parts)


class AnalyticsError(Exception):
    """Shown to the user as a message, without a traceback.

    ``passing`` says whether the same call may succeed later without anyone doing anything: a server that is down, a
    disk that is full, a lock that another holds. What is wrong with data or settings never passes by itself.
    ``swedish`` is problem and advice for who works in a panel; empty where none can meet the error.
    """

    exit_code = 1
    usually_passing = False

    def __init__(
        self,
        problem: str,
        *,
        where: Location | None = None,
        action: str = "",
        passing: bool | None = None,
        swedish: str = "",
    ) -> None:
        self.problem = problem
        self.swedish = swedish
        self.where = where
        self.action = action
        self.passing = self.usually_passing if passing is None else passing
        super().__init__(problem)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where is not None and str(self.where) else ""
        advice = f"\nWhat to do: {self.action}" if self.action else ""
        return f"{place}{self.problem}{advice}"

    def as_record(self) -> dict[str, object]:
        """The error as data, for ``--json``."""
        where = self.where or Location()
        return {
            "error": type(self).__name__,
            "problem": self.problem,
            "file": where.file.name if where.file else None,
            "line": where.line,
            "column": where.column,
            "count": where.count,
            "action": self.action,
            "exit_code": self.exit_code,
        }


class UsageError(AnalyticsError):
    """An argument, parameter, unit, period or report that does not exist."""

    exit_code = 2


class UnknownNameError(UsageError, AttributeError):
    """An attribute that does not exist. Python asks for some itself, and takes an AttributeError for no."""


class UnknownItemError(UsageError, KeyError, IndexError):
    """A code, key or place that does not exist. Python's own collections take a KeyError or IndexError for no."""


class SettingsError(AnalyticsError):
    """``analytics.toml`` or a reference file is wrong."""

    exit_code = 3


class DeliveryError(AnalyticsError):
    """A delivered file cannot be taken as it is."""

    exit_code = 4


class DeliveryUnreadableError(DeliveryError):
    """Missing, empty, a directory, no permission, or in no encoding we accept."""


class LayoutError(DeliveryError):
    """Columns missing, extra or swapped; trailer wrong; file cut off."""


class DeliveryPeriodError(DeliveryError):
    """Wrong period inside the file, future period, or the same period delivered twice."""


class CodeError(DeliveryError):
    """A code that no reference table knows, or that a spreadsheet has damaged."""


class CellValueError(DeliveryError):
    """A number, date or text that cannot be what its column says."""


class PersonalDataError(DeliveryError):
    """A personal identity number where none may be."""


class ServiceError(DeliveryError):
    """A web service or a database gave no usable answer."""

    usually_passing = True


class ValidationFailedError(AnalyticsError):
    """A critical expectation failed; the delivery was not taken."""

    exit_code = 5


class StorageError(AnalyticsError):
    """The disk is full or a folder cannot be written."""

    exit_code = 6
    usually_passing = True


class LeaseLostError(StorageError):
    """Another run took over what this one was working on; it must not publish."""


class BusyError(StorageError):
    """Another run is at it; nothing was begun."""


class ReportError(AnalyticsError):
    """A notebook failed or a package could not be made."""

    exit_code = 7


class ReconciliationError(AnalyticsError):
    """A published figure differs from the package without an explanation."""

    exit_code = 8


class DisclosureError(AnalyticsError):
    """Something unprotected was about to be shown."""

    exit_code = 9


class MissingDataError(AnalyticsError):
    """The processed data do not hold what was asked for."""

    exit_code = 10


class CommentError(AnalyticsError):
    """A file with a comment or an action plan that cannot be read as one, or that may not be written now."""

    exit_code = 11


class MachineError(AnalyticsError):
    """The machines that were to share the work cannot be reached, or cannot work together."""

    exit_code = 12
    usually_passing = True


class NoticesWaitError(AnalyticsError):
    """Notices could not be sent; they wait in the outbox. What was published is not touched by it."""

    exit_code = 13
