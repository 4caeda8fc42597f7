"""A run that is killed before any of its steps on the disk leaves the old version or the new one, whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("ways", "may_be_gone"), [(("exchange", "links"), 0), (("links",), 1), (("exchange",), 0), ((), 1)]
)
def test_publishing_may_be_killed_at_every_step(tmp_path: Path, ways: tuple[str, ...], may_be_gone: int):
    """Only without the exchange of folders there is one step before which the address is empty, until the next run."""
    done = subprocess.run(
        [sys.executable, HERE / "killed_publishing.py", tmp_path, *ways],
        env={**os.environ, "PYTHONPATH": str(HERE)},
        capture_output=True,
        text=True,
        check=True,
    )
    result = json.loads(done.stdout)

    assert result["found"] == []
    assert result["moments"] >= 30
    assert result["gone"] == may_be_gone
