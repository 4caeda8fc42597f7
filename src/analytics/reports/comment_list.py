"""``analytics comments``: which comments and action plans a month has, which are missing, and the steps of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from analytics.comments import reading
from analytics.comments.desk import Line
from analytics.errors import MissingDataError, UsageError
from analytics.organisation import Organisation
from analytics.periods import Period
from analytics.settings import Settings
from analytics.workbench import open_workbench

STATES: Final = ("missing", "draft", "ready", "approved", "stale", "hidden")


@dataclass(frozen=True, slots=True)
class CommentList:
    """Lines by unit; ``skipped`` gives units without data and why; ``ready``, ``approved``: files marked so now."""

    period: str
    units: Mapping[str, Sequence[Line]]
    skipped: Mapping[str, str]
    approved: Path | None = None
    ready: Path | None = None

    def as_record(self) -> dict[str, object]:
        """As data, for ``--json``."""
        return {
            "period": self.period,
            "units": {unit: [asdict(line) for line in lines] for unit, lines in self.units.items()},
            "skipped": dict(self.skipped),
            "ready": self.ready.name if self.ready else None,
            "approved": self.approved.name if self.approved else None,
        }

    def __str__(self) -> str:
        pieces = [f"Ready: {self.ready.name}"] if self.ready else []
        pieces += [f"Approved: {self.approved.name}"] if self.approved else []
        for unit, lines in self.units.items():
            counts = {state: sum(line.state == state for line in lines) for state in STATES}
            said = ", ".join(f"{count} {state}" for state, count in counts.items() if count) or "nothing to comment"
            pieces += [f"Unit {unit}, {self.period}: {said}", *(f"  {line}" for line in lines)]
        pieces += [f"Unit {unit}: no data ({why})" for unit, why in self.skipped.items()]
        return "\n".join(pieces)


def comments(  # noqa: PLR0913 - what the command line takes
    settings: Settings,
    *,
    period: Period,
    unit: str | None,
    audience: str,
    ready: str | None = None,
    approve: str | None = None,
) -> CommentList:
    """The comments of one unit, or of all administrations; the named files are marked as ready or approved first.

    Raises UsageError for a step without a unit, CommentError for a bad file and for comments that no report would look
    at, MissingDataError if nothing is loaded or the named unit has no data for the month.
    """
    for option, name in (("--ready", ready), ("--approve", approve)):
        if name is not None and unit is None:
            raise UsageError(f"{option} needs --unit", action="Name the unit whose comment it is: --unit 17.")
    organisation = Organisation.read(settings.paths.reference)
    held = [found.code for found in organisation.at("administration", period)]
    reading.refuse_strays(settings.paths.comments, str(period), held)
    codes = [unit] if unit else held
    lines: dict[str, Sequence[Line]] = {}
    skipped: dict[str, str] = {}
    marked = approved = None
    for code in codes:
        workbench = open_workbench(period=str(period), unit=code, audience=audience, root=settings.root)
        if ready is not None:
            marked = workbench.ready_comment(ready)
        if approve is not None:
            approved = workbench.approve_comment(approve)
        try:
            lines[code] = workbench.comment_lines()
        except MissingDataError as error:
            if unit is not None:
                raise
            skipped[code] = error.problem
    return CommentList(str(period), lines, skipped, approved, marked)
