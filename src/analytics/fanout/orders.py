"""The interface: what is asked of a maker of packages. What it gives back is a report of paths and states."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from analytics import leases
from analytics.leases import Ticket
from analytics.needs import Missing
from analytics.periods import Period
from analytics.progress import Progress
from analytics.reports.limits import Limits
from analytics.reports.results import ReportResult, RunReport
from analytics.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Packages of one month to be made and published. ``units`` and ``reports`` empty mean all.

    ``missing`` are the deliveries that each unit's package has to do without. ``tickets`` prove the right to publish,
    unit by unit; ``hear`` is told every result as it comes. ``jobs`` notebooks run at the same time on this machine
    (workers elsewhere have a number of their own), each within ``limits``. ``leave`` is as in ``reports.run``.
    """

    settings: Settings
    period: Period
    units: tuple[str, ...]
    audience: str
    now: datetime
    code_version: str
    limits: Limits
    jobs: int
    reports: tuple[str, ...] = ()
    missing: Mapping[str, tuple[Missing, ...]] = field(default_factory=dict)
    tickets: Mapping[str, Ticket] = field(default_factory=dict)
    leave: Literal["nothing", "published"] = "nothing"
    hear: Callable[[ReportResult], None] = field(default=lambda _: None)
    progress: Progress = field(default_factory=Progress)

    def confirm(self, unit: str) -> None:
        """Raise LeaseLostError if the unit's package is another run's by now."""
        if unit in self.tickets:
            leases.confirm(self.tickets[unit])


Maker = Callable[[Order], RunReport]
"""Makes what is ordered. Raises an AnalyticsError only if nothing could be begun; a failed unit stops no other."""
