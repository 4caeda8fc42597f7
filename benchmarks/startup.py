"""How long ``import analytics`` and ``analytics --help`` take, beside an empty Python."""

from __future__ import annotations

import sys

from benchmarks.measure import BIN, measure

ROUNDS = 5


def run() -> list[str]:
    """The best of some rounds each, because a busy machine only adds."""
    rows = []
    empty = min(measure(sys.executable, "-c", "").wall for _ in range(ROUNDS))
    for name, command in (
        ("import analytics", (sys.executable, "-c", "import analytics")),
        ("analytics --help", (BIN / "analytics", "--help")),
    ):
        best = min(measure(*command).wall for _ in range(ROUNDS))
        rows.append(f"{name:<28} {best:6.2f} s   (empty Python {empty:.2f} s; limit 0.5 s)")
    return rows
