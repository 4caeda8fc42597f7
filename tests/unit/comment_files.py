"""Comment files by hand: a good one, changed in one place where a test is about that place."""

from __future__ import annotations

from pathlib import Path

from analytics.comments import reading
from analytics.comments.model import Comment

GOOD = """---
about:
  table: deviations
  deviation: budget-income
period: 2018-03
unit: 17
kind: comment
author_role: Controller
date: 2018-04-20
state: approved
figure: "−1 200 tkr"
---

Intäkterna har **inte** kommit.
"""


def put(folder: Path, content: str | bytes = GOOD, name: str = "a.md") -> Path:
    place = folder / "2018-03" / "17"
    place.mkdir(parents=True, exist_ok=True)
    file = place / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def read(folder: Path, content: str | bytes = GOOD) -> Comment:
    return reading.read(put(folder, content), period="2018-03", unit="17")
