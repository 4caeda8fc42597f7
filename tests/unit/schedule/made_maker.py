"""A maker that publishes manifests instead of reports, and can be told what goes wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from made_project import MadeProject

from analytics.errors import LeaseLostError
from analytics.fanout import Order
from analytics.reports.results import ReportResult, RunReport
from analytics.schedule.clock import Clock
from analytics.schedule.looking import Held, Project
from analytics.schedule.outcomes import TickReport
from analytics.schedule.published import Published, read
from analytics.schedule.tick import Means, tick


@dataclass
class MadeMaker:
    """Publishes each unit as a real run does: version by version, after the permit. ``faults`` come instead."""

    made: MadeProject
    faults: dict[str, ReportResult | Exception | Callable[[], None]] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)

    def __call__(self, order: Order) -> RunReport:
        from analytics import catalog

        self.orders.append(order)
        held = Held(catalog.read(order.settings.paths.processed), order.settings)
        results, published = [], []
        for unit in order.units:
            fault = self.faults.get(unit)
            if isinstance(fault, Exception):
                raise fault
            if callable(fault):
                fault()
            result = fault if isinstance(fault, ReportResult) else ReportResult(unit, "ekonomi", "ok", 1.5, 1.0)
            if result.status == "ok":
                try:
                    order.confirm(unit)
                except LeaseLostError as error:
                    result = ReportResult(unit, "paket", "failed", 0, 0, str(error), cause=type(error).__name__)
                else:
                    published.append(self._publish(order, unit, held))
            order.hear(result)
            results.append(result)
        return RunReport(
            str(order.period), order.audience, tuple(results), tuple(published), order.settings.paths.reports
        )

    def _publish(self, order: Order, unit: str, held: Held):
        folder = order.settings.paths.reports / str(order.period) / unit
        before = read(folder)
        number = before.version + 1 if isinstance(before, Published) else 1
        missing = [each.as_record() for each in order.missing[unit]]
        self.made.publish(
            str(order.period),
            unit,
            held.version(order.period, unit),
            version=number,
            created=order.now.isoformat(),
            missing=missing,
        )
        return folder

    @property
    def units(self) -> list[tuple[str, str]]:
        """Everything that was ordered so far, in order."""
        return [(str(order.period), unit) for order in self.orders for unit in order.units]


def tick_at(made: MadeProject, moment, maker: MadeMaker, *, again: bool = False, **means) -> TickReport:
    """One tick of a project whose catalog is given: nothing is loaded."""
    project = Project(made.settings, "0.1.0", again=again)
    given = Means(secret_file=made.root.parent / "key", maker=maker, **means)
    return tick(project, Clock(moment), given)


def versions(made: MadeProject) -> dict[tuple[str, str], int]:
    """Month and unit → version of the published package."""
    files = sorted(made.settings.paths.reports.glob("2*/*/manifest.json"))
    records = [json.loads(file.read_text()) for file in files]
    return {(record["period"], record["unit"]): record["version"] for record in records}
