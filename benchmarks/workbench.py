"""How long the door takes: ``analytics.open`` and the first table, in a kernel that is new and in one that is not."""

from __future__ import annotations

import json
import sys

from benchmarks.measure import PROJECT, read

ROUNDS = 5
OPENING = """
import json, time
begun = time.perf_counter()
import analytics
wb = analytics.open(period="2018-03", unit="17")
opened = time.perf_counter()
wb.fr1_outcome.frame
table = time.perf_counter()
again = time.perf_counter()
wb = analytics.open(period="2018-03", unit="10")
wb.fr1_outcome.frame
print(json.dumps([opened - begun, table - begun, time.perf_counter() - again]))
"""
KERNEL = "import IPython, ipykernel.kernelapp"


def run() -> list[str]:
    """The best of some rounds each, because a busy machine only adds. Needs loaded data in the project."""
    rounds = [json.loads(read(sys.executable, "-c", KERNEL + OPENING)) for _ in range(ROUNDS)]
    opened, table, warm = (min(each) for each in zip(*rounds, strict=True))
    return [
        f"in a new kernel: open {opened:.2f} s, and the first table {table:.2f} s   (goal 4 s)",
        f"in a warm kernel: open another unit and its first table {warm:.2f} s   (goal 1.5 s)",
        f"data: {PROJECT.name}, processed tables as loaded",
    ]
