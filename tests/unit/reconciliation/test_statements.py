"""Statements of the text as the audit understands them."""

from __future__ import annotations

import pytest

from analytics.reconciliation.statements import understand


@pytest.mark.parametrize(
    ("text", "subjects", "measure", "direction", "origin"),
    [
        ("personal mot budget", ("staff",), "vs_budget", 0, "total"),
        ("utbildning lägre än 2017", ("focus_training",), "vs_previous", -1, "total"),
        ("ökning årsarbetare", ("worked_fte",), "vs_previous", 1, "total"),
        ("resor snitt per månad 2017", ("focus_travel",), "monthly", 0, "total"),
        ("interna driftkostnader", ("operations",), "", 0, "internal"),
        ("ackumulerat utfall mars", ("net",), "outcome", 0, "total"),
        ("högre än budget", (), "vs_budget", 1, "total"),
    ],
)
def test_what_a_statement_says(text: str, subjects: tuple[str, ...], measure: str, direction: int, origin: str) -> None:
    statement = understand(text)
    assert statement is not None
    assert (statement.subjects, statement.measure, statement.direction, statement.origin) == (
        subjects,
        measure,
        direction,
        origin,
    )


@pytest.mark.parametrize("text", ["inhyrd personal jan-feb 2017", "mot säsongsjusterad budget", "löneläge"])
def test_a_statement_with_an_unknown_word_is_not_guessed_at(text: str) -> None:
    assert understand(text) is None
