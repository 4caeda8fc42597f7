"""Disclosure control of costs of patients: dominance, cells that tell each other, and tables side by side."""

from __future__ import annotations

import dataclasses

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tables import PUBLIC

from analytics.disclosure import protect
from analytics.errors import DisclosureError
from analytics.measures.catalogue import TABLES, MeasureTable

CLINICS, KINDS = TABLES["kpp_clinics"], TABLES["kpp_cost_kinds"]
CONTACT_KINDS = ("inpatient", "outpatient", "other")
Cells = dict[tuple[str, str], tuple[int, float]]
"""(clinic, kind) → patients and cost."""


def with_sums(cells: Cells) -> Cells:
    found = dict(cells)
    for code in {code for code, _ in cells}:
        own = [cell for key, cell in cells.items() if key[0] == code]
        found[code, "all"] = (sum(n for n, _ in own), sum(cost for _, cost in own))
    for kind in (*CONTACT_KINDS, "all"):
        own = [cell for key, cell in found.items() if key[1] == kind]
        if own:
            found["", kind] = (sum(n for n, _ in own), sum(cost for _, cost in own))
    return found


def table(cells: Cells, *, largest: dict[tuple[str, str], float] | None = None) -> MeasureTable:
    """The number of contacts is that of patients; every column of a row has the same persons behind it."""
    rows = []
    for (code, kind), (n, cost) in with_sums(cells).items():
        for column in CLINICS.together:
            value = cost if column == "cost" else float(n)
            rows.append((code, code, kind, kind, "row", column, None, value, n, (largest or {}).get((code, kind), 0.0)))
    frame = pl.DataFrame(
        rows,
        schema=[*CLINICS.keys, "text", "value", "n", "largest"],
        orient="row",
        schema_overrides={"text": pl.String},
    )
    return MeasureTable(CLINICS, frame, {}, "2018")


def hidden(made: MeasureTable) -> set[tuple[str, ...]]:
    frame = protect(made, PUBLIC, "..").frame
    keys = [key for key in ("base_unit", "contact_kind", "column") if key in made.spec.keys]
    return set(frame.filter(pl.col("status") == "suppressed").select(keys).rows())


EVEN: Cells = {(code, kind): (30, 900.0) for code in ("1", "2", "3") for kind in CONTACT_KINDS}


@pytest.mark.parametrize(("largest", "is_hidden"), [(50.0, False), (50.001, True), (99.0, True)])
def test_more_than_the_limit_of_one_patient_hides_however_many_there_are(largest: float, *, is_hidden: bool) -> None:
    found = hidden(table({**EVEN, ("1", "other"): (1000, 900.0)}, largest={("1", "other"): largest}))
    assert (("1", "other", "cost") in found) == is_hidden


def test_nobody_has_nothing_to_reveal_and_a_missing_share_is_refused() -> None:
    made = table({**EVEN, ("1", "other"): (0, 0.0)}, largest={("1", "other"): 100.0})
    assert hidden(made) == set()
    for frame in (made.frame.drop("largest"), made.frame.with_columns(largest=pl.lit(None, dtype=pl.Float64))):
        with pytest.raises(DisclosureError, match="what one person has"):
            protect(dataclasses.replace(made, frame=frame), PUBLIC, "..")


def test_a_row_is_hidden_whole_if_any_of_its_cells_must_be() -> None:
    made = table(EVEN)
    small = (
        (pl.col("base_unit") == "2")
        & (pl.col("contact_kind") == "other")
        & (pl.col("column") == "per_patient_previous")
    )
    few = dataclasses.replace(made, frame=made.frame.with_columns(n=pl.when(small).then(3).otherwise("n")))
    rows = {key[:2] for key in hidden(few)}
    assert ("2", "other") in rows
    assert len(rows) == 4
    assert hidden(few) == {(*row, column) for row in rows for column in CLINICS.together}


def test_a_row_that_is_hidden_beside_is_hidden_here_and_the_whole_of_the_missing_key_decides() -> None:
    clinics = {("1", "inpatient"): (2, 10.0), ("2", "inpatient"): (40, 900.0), ("3", "inpatient"): (50, 900.0)}
    beside = table(clinics)
    assert {key[0] for key in hidden(beside) if key[1] == "all"} == {"1", "2"}
    rows = [
        (code, code, "row", kind, 100.0, 40, 0.0)
        for code in ("1", "2", "3", "")
        for kind in ("nursing", "doctors", "all")
    ]
    frame = pl.DataFrame(rows, schema=[*KINDS.keys, "value", "n", "largest"], orient="row")
    alone = MeasureTable(KINDS, frame, {}, "2018")
    assert hidden(alone) == set()
    assert {key[0] for key in hidden(dataclasses.replace(alone, beside=beside))} == {"1", "2"}
    # Only kinds of contact are hidden: the clinics' own rows stand.
    parts = table({**EVEN, ("1", "other"): (2, 30.0)})
    assert hidden(dataclasses.replace(alone, beside=parts)) == set()


def solvable(made: MeasureTable) -> set[tuple[str, str]]:
    """Hidden costs that the shown ones determine: adding the cell's own equation does not raise the rank."""
    frame = protect(made, PUBLIC, "..").frame.filter(pl.col("column") == "cost")
    cells = frame.select("base_unit", "contact_kind").rows()
    unknown = [cell for cell, status in zip(cells, frame["status"].to_list(), strict=True) if status == "suppressed"]
    codes, kinds = ({cell[place] for cell in cells} for place in (0, 1))
    equations = [
        {**{(code, kind): 1 for kind in kinds - {"all"} if (code, kind) in cells}, (code, "all"): -1} for code in codes
    ]
    equations += [
        {**{(code, kind): 1 for code in codes - {""} if (code, kind) in cells}, ("", kind): -1} for kind in kinds
    ]
    if not unknown:
        return set()
    matrix = np.array([[line.get(cell, 0) for cell in unknown] for line in equations], dtype=float)
    rank = np.linalg.matrix_rank(matrix)
    identity = np.eye(len(unknown))
    return {
        cell
        for index, cell in enumerate(unknown)
        if np.linalg.matrix_rank(np.vstack([matrix, identity[index]])) == rank
    }


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(*(st.tuples(st.integers(0, 14), st.integers(1, 500)) for _ in CONTACT_KINDS)), min_size=1, max_size=6
    )
)
def test_no_small_group_of_patients_can_be_worked_out_from_the_sums(rows: list[tuple[tuple[int, int], ...]]) -> None:
    cells: Cells = {
        (str(number), kind): (n, float(cost))
        for number, row in enumerate(rows, start=1)
        for kind, (n, cost) in zip(CONTACT_KINDS, row, strict=True)
        if n
    }
    if not cells:
        return
    everyone = with_sums(cells)
    for cell in solvable(table(cells)):
        assert everyone[cell][0] >= 5, cell


def test_a_clinic_in_no_sum_hides_nothing_beside_it() -> None:
    made = table(EVEN)
    apart = made.frame.filter(pl.col("base_unit") == "1", pl.col("contact_kind") == "all").with_columns(
        base_unit=pl.lit("9"),
        row_type=pl.lit("apart"),
        n=pl.lit(2, dtype=pl.Int64),
        value=pl.lit(None, dtype=pl.Float64),
    )
    both = dataclasses.replace(made, frame=pl.concat([made.frame, apart]))
    assert {key[0] for key in hidden(both)} == {"9"}
