"""The finder: its score on planted deviations beside two plain methods, and its time on the demonstration region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.measure import PROJECT
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
