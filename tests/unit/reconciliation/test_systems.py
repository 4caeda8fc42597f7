"""Contradictions that show only when all roundings are taken together."""

from __future__ import annotations

from decimal import Decimal

from analytics.reconciliation import systems
from analytics.reconciliation.identities import Identity
from analytics.reconciliation.printed import Figure
from analytics.reconciliation.published import Cell


def cell(line: int, value: str) -> Cell:
    figure = Figure(Decimal(value), 0)
    return Cell("t.csv", line, "", f"r{line}", "", "outcome", f"rad {line}", value, figure, value, Decimal(1), True)


def test_each_relation_within_rounding_but_not_all_together() -> None:
    # a ≤ 0.5 and b ≤ 0.5 give a + b ≤ 1, printed 1; the sum once more with b gives at most 1.5, printed 3.
    a, b, c, d = cell(1, "0"), cell(2, "0"), cell(3, "1"), cell(4, "2")
    first = Identity("sum", c, ((1, a), (1, b)), "c = a + b")
    second = Identity("sum", d, ((1, c), (1, b)), "d = c + b")
    assert [first.verdict, second.verdict] == ["rounding", "rounding"]
    results = list(systems.check([first, second]))
    findings = [result.finding for result in results if result.finding]
    assert len(findings) == 1
    assert findings[0].verdict == "contradiction"
    assert "t.csv rad 4" in findings[0].location


def test_what_can_be_true_gives_no_finding() -> None:
    a, b, c = cell(1, "1"), cell(2, "1"), cell(3, "3")
    results = list(systems.check([Identity("sum", c, ((1, a), (1, b)), "c = a + b")]))
    assert [result.finding for result in results] == [None]


def test_a_contradicting_relation_is_left_to_its_own_finding() -> None:
    a, b = cell(1, "1"), cell(2, "9")
    assert list(systems.check([Identity("same", a, ((1, b),), "a = b")])) == []
