"""All packages of a month against the loop "papermill CLI, then jupyter nbconvert CLI" over the same notebooks.

Both read the same processed data. The loop is measured twice: as installed, and with the one slow import hidden that
only some installations have (``rfc3987_syntax``, a grammar that jsonschema builds at import), so that the ratio does
not rest on it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from benchmarks.measure import BIN, NOTHING, PROJECT, Usage, measure

PERIOD = "2018-03"
WITHOUT_SLOW_IMPORT = "import sys\nsys.modules['rfc3987_syntax'] = None\n"


def run(units: tuple[str, ...]) -> list[str]:
    """One row per way, with its CPU as a multiple of ours."""
    chosen = units or units_with_packages()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        (scratch / "sitecustomize.py").write_text(WITHOUT_SLOW_IMPORT, encoding="utf-8")
        ours = _ours(chosen)
        made = [(unit, report) for unit in chosen for report in _reports(unit)]
        plain = _loop(made, scratch, {})
        lean = _loop(made, scratch, {"PYTHONPATH": str(scratch)})
    return [
        f"{len(made)} notebooks: whole packages of {len(chosen)} units",
        f"{'analytics run':<44} {ours}   1.0",
        f"{'papermill CLI + nbconvert CLI':<44} {plain} {plain.cpu / ours.cpu:5.1f}",
        f"{'the same without the slow import':<44} {lean} {lean.cpu / ours.cpu:5.1f}",
        "goal: at least 4.0 times the CPU of analytics run",
    ]


def units_with_packages() -> tuple[str, ...]:
    """All units; their packages are made if they are not there."""
    packages = sorted((PROJECT / "reports" / PERIOD).glob("*/manifest.json"))
    if not packages:
        subprocess.run([BIN / "analytics", "run", PERIOD], cwd=PROJECT, check=True)
        packages = sorted((PROJECT / "reports" / PERIOD).glob("*/manifest.json"))
    return tuple(json.loads(file.read_text(encoding="utf-8"))["unit"] for file in packages)


def _reports(unit: str) -> list[str]:
    """The reports that the unit's package holds; a unit has those that it has data for."""
    return sorted(file.stem for file in (PROJECT / "reports" / PERIOD / unit / "notebooks").glob("*.ipynb"))


def _ours(units: tuple[str, ...]) -> Usage:
    options = [part for unit in units for part in ("--unit", unit)]
    return measure(BIN / "analytics", "run", PERIOD, *options)


def _loop(made: list[tuple[str, str]], scratch: Path, env: dict[str, str]) -> Usage:
    total = NOTHING
    for unit, report in made:
        source = PROJECT / "notebooks" / f"{report}.ipynb"
        executed = scratch / f"{report}-{unit}.ipynb"
        papermill = shutil.which("papermill", path=str(BIN)) or "papermill"
        total += measure(
            papermill, source, executed, "-r", "period", PERIOD, "-r", "unit", unit, "--cwd", PROJECT, env=env
        )
        total += measure(BIN / "jupyter", "nbconvert", "--to", "html", "--no-input", executed, env=env)
    return total
