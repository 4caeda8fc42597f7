"""The findings in the documentation are those of the audit."""

from __future__ import annotations

from pathlib import Path

from analytics.reconciliation import audit
from analytics.reconciliation.document import BEGIN, END, markdown

ROOT = Path(__file__).parents[3]


def test_the_documented_findings_are_the_present_ones() -> None:
    text = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    generated = text[text.index(BEGIN) : text.index(END) + len(END)]
    assert generated == markdown(audit(ROOT / "data" / "raw" / "published"))


def test_every_check_is_described() -> None:
    report = audit(ROOT / "data" / "raw" / "published")
    rules = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8").split(BEGIN)[0]
    assert [check for check in report.made if check not in rules] == []
