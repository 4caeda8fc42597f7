"""Sample and load of the demonstration region: time, memory and growth with the number of rows."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from benchmarks.measure import BIN, PROJECT, measure


def run(scales: tuple[int, ...]) -> list[str]:
    """One row per scale; the last column is seconds per row as a multiple of scale 1."""
    rows = []
    first = None
    for scale in scales:
        with tempfile.TemporaryDirectory(dir=PROJECT / ".make") as folder:
            root = Path(folder)
            shutil.copy(PROJECT / "analytics.toml", root)
            shutil.copytree(PROJECT / "expectations", root / "expectations")
            for part in ("reference", "published"):
                shutil.copytree(PROJECT / "data/raw" / part, root / "data/raw" / part)
            env = {"ANALYTICS_SECRET_FILE": str(root.with_suffix(".key"))}
            made = measure(BIN / "analytics", "--root", root, "sample", "--scale", str(scale), env=env)
            taken = measure(BIN / "analytics", "--root", root, "load", env=env)
            again = measure(BIN / "analytics", "--root", root, "load", env=env)
            count = _rows(root)
            root.with_suffix(".key").unlink()
        per_row = taken.cpu / count
        first = first or per_row
        rows += [
            f"scale {scale:>3}: sample           {made}",
            f"scale {scale:>3}: load             {taken}   {count:>11,} rows, {per_row / first:4.2f} × CPU per row",
            f"scale {scale:>3}: load, unchanged  {again}",
        ]
    return rows


def _rows(root: Path) -> int:
    catalog = json.loads((root / "data/processed/catalog.json").read_text(encoding="utf-8"))
    return sum(entry["rows"] for entry in catalog["entries"])
