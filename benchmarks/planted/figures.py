"""Scores of many scenarios as figures with their uncertainty, and as the table of docs/finder.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.planted.scoring import PlantScore, UnitScore

BEGIN: Final = "<!-- scores -->"
END: Final = "<!-- /scores -->"
RESAMPLES: Final = 1000
SIZES: Final = ((1.0, 1.5), (1.5, 2.5), (2.5, float("inf")))
"""Classes of size, in multiples of the declared size."""

Measure = Callable[[Sequence[UnitScore]], float]


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with a 95 % interval over scenarios; NaN where there is nothing to count."""

    value: float
    low: float
    high: float
    places: int = 2

    def __str__(self) -> str:
        if np.isnan(self.value):
            return "–"
        return f"{self.value:.{self.places}f} ({self.low:.{self.places}f}–{self.high:.{self.places}f})"


def plants(scores: Sequence[UnitScore], keep: Callable[[PlantScore], bool]) -> list[PlantScore]:
    """The plants of all units that are kept."""
    return [plant for score in scores for plant in score.plants if keep(plant)]


def share(items: Sequence[bool]) -> float:
    """Share that is true; NaN of nothing."""
    return sum(items) / len(items) if items else float("nan")


def found(keep: Callable[[PlantScore], bool]) -> Measure:
    """Share of some plants that is found."""
    return lambda scores: share([plant.found for plant in plants(scores, keep)])


def precision(scores: Sequence[UnitScore]) -> float:
    """First tellings of all findings."""
    findings = sum(score.findings for score in scores)
    return sum(score.first for score in scores) / findings if findings else float("nan")


def false_alarms(scores: Sequence[UnitScore]) -> float:
    """Findings that tell of nothing planted, per unit and month."""
    return sum(len(score.false) for score in scores) / len(scores) if scores else float("nan")


def mean_rank(scores: Sequence[UnitScore]) -> float:
    """Mean rank of the tellings of the plants that count."""
    ranks = [plant.rank for plant in plants(scores, lambda plant: plant.counts) if plant.rank is not None]
    return sum(ranks) / len(ranks) if ranks else float("nan")


def right_kind(scores: Sequence[UnitScore]) -> float:
    """Share of the found plants that count whose telling has a right kind."""
    return share([plant.right for plant in plants(scores, lambda plant: plant.counts and plant.found)])


def told_again(scores: Sequence[UnitScore]) -> float:
    """Findings beyond the first of a plant, per unit and month."""
    return sum(score.again for score in scores) / len(scores) if scores else float("nan")


def _within(low: float, high: float) -> Measure:
    return found(lambda plant: low <= plant.size < high)


MEASURES: Final[Mapping[str, tuple[Measure, int]]] = {
    "recall, declared size or larger": (found(lambda plant: plant.counts), 2),
    **{
        f"– {low:g} to {high:g} times" if np.isfinite(high) else f"– {low:g} times or more": (_within(low, high), 2)
        for low, high in SIZES
    },
    "found, below the declared size": (found(lambda plant: not plant.counts), 2),
    "precision": (precision, 2),
    "false alarms per unit and month": (false_alarms, 2),
    "told again per unit and month": (told_again, 2),
    "mean rank": (mean_rank, 1),
    "right kind": (right_kind, 2),
}


def figure(scores: Sequence[UnitScore], measure: Measure, places: int = 2) -> Figure:
    """The measure, and its 95 % interval from drawing scenarios again (with a fixed seed)."""
    by_seed: dict[int, list[UnitScore]] = {}
    for score in scores:
        by_seed.setdefault(score.seed, []).append(score)
    groups = list(by_seed.values())
    rng = np.random.default_rng(95)
    drawn = [
        measure([score for at in rng.integers(0, len(groups), len(groups)) for score in groups[at]])
        for _ in range(RESAMPLES)
    ]
    kept = [value for value in drawn if not np.isnan(value)]
    low, high = np.quantile(kept, (0.025, 0.975)) if kept else (float("nan"), float("nan"))
    return Figure(measure(scores), float(low), float(high), places)


def table(by_method: Mapping[str, Sequence[UnitScore]], *, seeds: range, command: str) -> str:
    """The text between the markers: what was run, the figures of every method, and recall and kind by plant."""
    methods = list(by_method)
    some = by_method[methods[0]]
    counted = plants(some, lambda plant: plant.counts)
    small = len(plants(some, lambda plant: not plant.counts))
    lines = [
        "",
        (
            f"`{command}`: seeds {seeds.start}–{seeds.stop - 1}, {len(seeds)} scenarios, {len(some)} units and months, "
            f"{len(counted)} planted deviations of the declared size or larger and {small} smaller. "
            "In brackets a 95 % interval, from drawing the scenarios again."
        ),
        "",
        f"| | {' | '.join(methods)} |",
        f"|---|{'---|' * len(methods)}",
    ]
    for label, (measure, places) in MEASURES.items():
        cells = [str(figure(by_method[method], measure, places)) for method in methods]
        lines.append(f"| {label} | {' | '.join(cells)} |")
    lines += [
        "",
        "Found of those of the declared size or larger, by what was planted, and right kind of those that were found:",
        "",
        f"| planted | number | {' | '.join(methods)} | right kind, {methods[0]} |",
        f"|---|---|{'---|' * len(methods)}---|",
    ]
    for name in sorted({plant.name for plant in counted}):
        cells = []
        for method in methods:
            ours = plants(by_method[method], lambda plant, name=name: plant.counts and plant.name == name)  # type: ignore[misc]
            cells.append(f"{share([plant.found for plant in ours]):.2f}")
        ours = plants(by_method[methods[0]], lambda plant, name=name: plant.counts and plant.name == name)  # type: ignore[misc]
        right = share([plant.right for plant in ours if plant.found])
        last = "–" if np.isnan(right) else f"{right:.2f}"
        lines.append(f"| {name} | {len(ours)} | {' | '.join(cells)} | {last} |")
    return "\n".join([*lines, ""])


def put(file: Path, text: str) -> None:
    """Write the table between the markers of a page; a page without them gets them at its end."""
    page = file.read_text(encoding="utf-8") if file.exists() else "# The finder of deviations\n"
    if BEGIN not in page:
        page += f"\n{BEGIN}\n{END}\n"
    before, rest = page.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    file.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
