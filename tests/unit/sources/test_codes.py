"""Codes that a spreadsheet has damaged are told from unknown ones."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import CodeError
from analytics.sources import codes
from analytics.sources.model import LINE
from analytics.sources.problems import Problems

GROUPS = {"1.1", "1.2", "3.0", "4.0"}
CENTRES = {"0110", "0111", "1310"}
ABSENCE = {f"{number:02d}" for number in range(1, 11)}


@pytest.mark.parametrize(
    ("code", "known", "how"),
    [
        ("3,0", GROUPS, "comma"),
        ("3", GROUPS, "decimal lost"),
        ("1-feb", GROUPS, "date"),
        ("2018-02-01", GROUPS, "date"),
        ("110", CENTRES, "zero lost"),
        ("1310,0", CENTRES, "decimal added"),
        ("1,31E+03", CENTRES, "scientific"),
        ("1", ABSENCE, "zero lost"),
    ],
)
def test_damage_is_recognised(code, known, how):
    assert how in codes.damage(code, known)


@pytest.mark.parametrize(("code", "known"), [("9.9", GROUPS), ("9999", CENTRES), ("", GROUPS), ("NATT", {"ORD"})])
def test_unknown_codes_are_not_called_damaged(code, known):
    assert codes.damage(code, known) == ""


@given(centre=st.integers(0, 9999))
def test_a_lost_zero_is_always_recognised(centre):
    known = {f"{centre:04d}"}
    shortened = str(centre)
    assert bool(codes.damage(shortened, known)) == (shortened not in known)


def test_one_problem_of_each_kind_with_its_first_line_and_count():
    frame = pl.DataFrame({LINE: [3, 4, 5, 6], "Ansvar": ["110", "0110", "9999", "8888"]})
    problems = Problems(Path("x.csv"), 100)
    codes.check(frame, "Ansvar", CENTRES, problems, what="cost centre", file="organisation.csv")
    with pytest.raises(CodeError) as raised:
        problems.raise_if_any()
    text = str(raised.value)
    assert "x.csv, line 3, column 'Ansvar', 1 row: cost centre 110: a spreadsheet has probably damaged" in text
    assert "Also x.csv, line 5, column 'Ansvar', 2 rows: unknown cost centre 9999, 8888" in text


@given(value=st.text(min_size=6, max_size=40) | st.sampled_from(["8501011234", "ANDERSSON", "Anna", "anna"]))
def test_what_could_be_personal_is_never_shown(value):
    problems = Problems(Path("x.csv"), 10)
    frame = pl.DataFrame({LINE: [3], "Ansvar": [value]})
    codes.check(frame, "Ansvar", CENTRES, problems, what="cost centre", file="organisation.csv")
    with pytest.raises(CodeError) as raised:
        problems.raise_if_any()
    assert raised.value.problem == "unknown cost centre (not shown: no code)"
