"""The finder: its score on planted deviations beside two plain methods, and its time on the demonstration region."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.measure import BIN, PROJECT, measure
from benchmarks.planted.figures import put, table
from benchmarks.planted.running import score
from benchmarks.planted.scenario import DEVELOPMENT, EVALUATION
from benchmarks.planted.scoring import UnitScore

PAGE = PROJECT / "docs/finder.md"


def run(*, development: bool = False, show: bool = False) -> list[str]:
    """Score, print the table, and with the evaluation seeds write it into docs/finder.md.

    ``show`` lists missed plants, wrong kinds and false alarms of the finder, of the development seeds alone: nobody
    looks at single scenarios of the evaluation seeds.
    """
    seeds = DEVELOPMENT if development else EVALUATION
    scores = score(seeds)
    command = f"python -m benchmarks finder{' --development' if development else ''}"
    text = table(scores, seeds=seeds, command=command)
    if not development:
        put(PAGE, text)
    return [*text.split("\n"), *(details(scores) if show and development else [])]


def details(scores: Mapping[str, Sequence[UnitScore]]) -> list[str]:
    """A line for each plant that the finder missed or named wrongly, and for each false alarm."""
    lines = []
    for unit in scores["finder"]:
        for plant in unit.plants:
            state = "found" if plant.right else "wrong kind" if plant.found else "MISSED"
            if state != "found":
                small = "" if plant.counts else " (below the declared size)"
                lines.append(f"{unit.seed} {unit.unit} {state} {plant.name} ×{plant.size:.1f}{small}: {plant.says}")
        for finding in unit.false:
            where = " ".join(f"{key}={code}" for key, code in finding.keys.items() if key != "administration")
            lines.append(
                f"{unit.seed} {unit.unit} FALSE #{finding.rank} {finding.measure} {finding.kind} {finding.comparison} "
                f"{finding.months.first}–{finding.months.last} {where}: {finding.deviation:,.1f} {finding.unit}, "
                f"p {finding.p_value:.2g}"
            )
    return lines


def speed(scales: tuple[int, ...] = (1, 4)) -> list[str]:
    """Seconds of the finder over all units of March 2018, and how they grow with the rows of the region."""
    lines: list[str] = []
    first: tuple[float, int] | None = None
    for scale in scales:
        with tempfile.TemporaryDirectory() as folder:  # outside the project, as the key must be
            seconds, rows, found = _over_all_units(Path(folder) / "project", scale, secret=Path(folder) / "key")
        first = first or (seconds, rows)
        growth = (seconds / first[0]) / (rows / first[1])
        lines.append(
            f"scale {scale:>3}: all units {seconds:6.1f} s, {found} findings, {rows:>9,} rows; "
            f"time {seconds / first[0]:4.2f} × for rows {rows / first[1]:4.2f} ×: {growth:4.2f}"
        )
    return [*lines, "goal: under 10 s at scale 1, and the last figure at most 1"]


def _over_all_units(root: Path, scale: int, *, secret: Path) -> tuple[float, int, int]:
    """Seconds, rows of the tables that are read, and number of findings."""
    from analytics import finder
    from analytics.measures.scope import Data, Scope
    from analytics.organisation import Organisation
    from analytics.periods import Period
    from analytics.processed import Store
    from analytics.reference import Reference
    from analytics.settings import load

    root.mkdir()
    shutil.copy(PROJECT / "analytics.toml", root)
    shutil.copytree(PROJECT / "expectations", root / "expectations")
    for part in ("reference", "published"):
        shutil.copytree(PROJECT / "data/raw" / part, root / "data/raw" / part)
    env = {"ANALYTICS_SECRET_FILE": str(secret)}
    measure(BIN / "analytics", "--root", root, "sample", "--scale", str(scale), env=env)
    measure(BIN / "analytics", "--root", root, "load", env=env)
    settings = load(root)
    store, period = Store(settings.paths.processed), Period(2018, 3)
    catalog = store.catalog()
    read = ("ledger", "employments", "time", "absence")
    rows = sum(entry.rows for table in read for entry in catalog.of_table(table))
    organisation, reference = Organisation.read(settings.paths.reference), Reference(settings.paths.reference)
    started, found = time.perf_counter(), 0
    data = Data.of(store, catalog, settings.engine.name)
    for unit in organisation.at("administration", period):
        scope = Scope(period=period, unit=unit.code, settings=settings, organisation=organisation, reference=reference)
        found += len(finder.find(data, scope))
    return time.perf_counter() - started, rows, found
