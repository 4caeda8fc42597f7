"""Tests that share a folder or a server are run one after another: their group keeps to one process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MODULE = """
import os, pathlib, pytest

@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("number", range(8))
def test_it(number):
    pathlib.Path(f"{number}.txt").write_text(os.environ["PYTEST_XDIST_WORKER"])
"""


def test_a_group_keeps_to_one_process(tmp_path: Path):
    (tmp_path / "test_grouped.py").write_text(MODULE, encoding="utf-8")
    # As `make test` calls it.
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(list(tmp_path.glob("*.txt"))) == 8
    assert len({file.read_text(encoding="utf-8") for file in tmp_path.glob("*.txt")}) == 1
