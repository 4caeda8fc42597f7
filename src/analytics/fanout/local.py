"""The processes of this machine."""

from __future__ import annotations

from analytics.fanout.orders import Order
from analytics.reports.results import RunReport, Watch


def on_this_machine(order: Order) -> RunReport:
    """Make the packages here; the notebooks of all units are mixed, so that both ends of a unit overlap."""
    # The libraries that make reports are loaded here only: a schedule with nothing due stays small.
    from analytics.reports.run import run

    return run(
        order.settings,
        period=order.period,
        units=order.units,
        reports=order.reports,
        audience=order.audience,
        now=order.now,
        jobs=order.jobs,
        time_limit=order.limits.seconds,
        memory_limit_mb=order.limits.megabytes,
        code_version=order.code_version,
        missing=order.missing,
        progress=order.progress,
        watch=Watch(order.hear, order.confirm),
        leave=order.leave,
    )
