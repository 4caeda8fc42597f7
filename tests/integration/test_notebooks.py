"""The notebooks of the repository run anew, cell by cell, against the outputs that are stored in them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def test_stored_outputs_are_those_of_the_demonstration_region(region):
    """nbval compares every output; only what truly varies is sanitised (tests/nbval_sanitize.cfg)."""
    folder = region.root / "notebooks_nbval"
    shutil.copytree(PROJECT / "notebooks", folder, ignore=shutil.ignore_patterns("explore", ".ipynb_checkpoints"))
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "--nbval", "--nbval-sanitize-with", PROJECT / "tests/nbval_sanitize.cfg",
            "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", folder, "-q", folder,
        ],
        cwd=folder,
        env=region.environment,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert " passed" in done.stdout


def test_stored_outputs_say_that_they_are_synthetic():
    notebooks = list((PROJECT / "notebooks").glob("*.ipynb"))
    assert {notebook.stem for notebook in notebooks} >= {"personal", "ekonomi"}
    for notebook in notebooks:
        content = json.loads(notebook.read_text(encoding="utf-8"))
        outputs = json.dumps([cell.get("outputs", []) for cell in content["cells"]], ensure_ascii=False)
        assert "SYNTETISKA DATA" in outputs, notebook
        assert all(cell.get("execution_count") for cell in content["cells"] if cell["cell_type"] == "code"), notebook
        assert "papermill" not in json.dumps(content["metadata"])
