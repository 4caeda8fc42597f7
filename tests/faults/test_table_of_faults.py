"""Every test that docs/faults.md names exists."""

from __future__ import annotations

import re
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def test_every_row_names_tests_that_exist():
    text = (PROJECT / "docs/faults.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| fault")]
    assert len(rows) >= 15
    for row in rows:
        named = re.findall(r"`(tests/[^`]+)`", row.rsplit("|", 2)[1])
        assert named, row
        for name in named:
            file, _, test = name.partition("::")
            content = (PROJECT / file).read_text(encoding="utf-8")
            assert f"def {test}(" in content if test else "def test_" in content, name
