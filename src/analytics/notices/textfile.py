"""Metrics for operations: a file that Prometheus' node exporter picks up (textfile collector), replaced in one step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import generate_latest

from analytics import durable


@dataclass(frozen=True, slots=True)
class Metrics:
    """What one tick saw. ``states`` holds one state per period and unit that the calendar asks for."""

    finished: datetime
    seconds: float
    succeeded: bool
    states: tuple[str, ...]
    published: int
    notices_waiting: int


STATES = ("published", "run", "waiting", "failed", "missing")


def write(file: Path, metrics: Metrics, *, known: Iterable[str] = STATES) -> None:
    """Replace the file. Every known state has a line, also where nothing is in it, so that an alarm can rest on it."""
    registry = CollectorRegistry()
    counted = Counter(metrics.states)
    packages = Gauge("analytics_packages", "Packages the calendar asks for, by state", ["state"], registry=registry)
    for state in dict.fromkeys((*known, *counted)):
        packages.labels(state).set(counted[state])
    values = {
        "analytics_last_tick_timestamp_seconds": ("When the last tick ended", metrics.finished.timestamp()),
        "analytics_last_tick_duration_seconds": ("How long it took", metrics.seconds),
        "analytics_last_tick_success": ("1 if nothing failed", float(metrics.succeeded)),
        "analytics_last_tick_published": ("Packages that it published", float(metrics.published)),
        "analytics_notices_waiting": ("Notices that could not be sent yet", float(metrics.notices_waiting)),
    }
    for name, (words, value) in values.items():
        Gauge(name, words, registry=registry).set(value)
    durable.replace(file, generate_latest(registry))
    # The exporter runs as another user.
    file.chmod(0o644)
