"""Many scenarios under several methods, on several processes."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Mapping, Sequence

from analytics.finder.model import Finding
from analytics.measures.scope import Data, Scope
from benchmarks.planted import plain
from benchmarks.planted.scenario import make
from benchmarks.planted.scoring import UnitScore, score_unit

Method = Callable[[Data, Scope], Sequence[Finding]]


def methods() -> dict[str, Method]:
    """The finder and the two plain methods, by the name that the table prints."""
    from analytics import finder

    return {"finder": finder.find, "threshold": plain.threshold, "z-score": plain.z_score}


def score_seed(seed: int) -> dict[str, list[UnitScore]]:
    """One scenario under every method."""
    scenario = make(seed)
    return {
        name: [score_unit(scenario, unit, method(scenario.data, scope)) for unit, scope in scenario.scopes.items()]
        for name, method in methods().items()
    }


def score(seeds: Sequence[int], *, jobs: int | None = None) -> Mapping[str, list[UnitScore]]:
    """All scenarios under every method, in the order of the seeds however many processes share them."""
    jobs = jobs or os.cpu_count() or 1
    if jobs == 1:
        parts = [score_seed(seed) for seed in seeds]
    else:
        os.environ["POLARS_MAX_THREADS"] = "1"  # one process for each core is faster than threads in each
        with multiprocessing.get_context("spawn").Pool(jobs) as pool:
            parts = pool.map(score_seed, seeds, chunksize=2)
    gathered: dict[str, list[UnitScore]] = {name: [] for name in parts[0]}
    for part in parts:
        for name, scores in part.items():
            gathered[name] += scores
    return gathered
