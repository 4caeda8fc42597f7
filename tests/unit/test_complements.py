"""Secondary suppression: hidden cells cannot be worked out from the table that is shown."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tables import PUBLIC

from analytics.disclosure import protect
from analytics.measures.catalogue import TABLES, MeasureTable

HEADCOUNT, RATE = TABLES["headcount"], TABLES["sick_leave_pct"]


def headcount(rows: dict[str, tuple[int, int]], *, before: dict[str, tuple[int, int]] | None = None) -> MeasureTable:
    """Women and men of each group, this year and (the same, if nothing else is said) last year."""
    years = {"current": rows, "previous": before or rows}
    counted = {
        (group, sex, column): count
        for column, groups in years.items()
        for group, (women, men) in groups.items()
        for sex, count in (("K", women), ("M", men), ("T", women + men))
    }
    cells = [(group, group, "row", sex, column, float(count), count) for (group, sex, column), count in counted.items()]
    for column, groups in years.items():
        women, men = (sum(pair[index] for pair in groups.values()) for index in (0, 1))
        for sex, count in (("K", women), ("M", men), ("T", women + men)):
            cells.append(("", "Total", "total", sex, column, float(count), count))
    now = {(cell[0], cell[3]): cell for cell in cells if cell[4] == "current"}
    then = {(cell[0], cell[3]): cell for cell in cells if cell[4] == "previous"}
    for key, cell in now.items():
        smaller = min((count for count in (cell[6], then[key][6]) if count), default=0)
        cells.append((*cell[:4], "change", cell[5] - then[key][5], smaller))
    frame = pl.DataFrame(cells, schema=[*HEADCOUNT.keys, "value", "n"], orient="row")
    return MeasureTable(HEADCOUNT, frame, {}, "2018")


def hidden(table: MeasureTable) -> set[tuple[str, str, str]]:
    frame = protect(table, PUBLIC, "..").frame
    return set(frame.filter(pl.col("status") == "suppressed").select("personnel_group", "sex", "column").rows())


def test_a_single_small_cell_takes_the_corner_cells_of_a_rectangle_with_it() -> None:
    found = {cell[:2] for cell in hidden(headcount({"1.1": (9, 3), "1.2": (20, 7), "1.3": (30, 30)}))}
    assert found == {("1.1", "M"), ("1.1", "K"), ("1.2", "K"), ("1.2", "M")}


def test_totals_stay_while_other_cells_can_do() -> None:
    found = hidden(headcount({"1.1": (9, 3), "1.2": (20, 7), "1.3": (30, 30)}))
    assert not {cell for cell in found if cell[0] == "" or cell[1] == "T"}


def test_a_table_without_small_groups_is_left_alone() -> None:
    assert hidden(headcount({"1.1": (9, 8), "1.2": (20, 7), "1.3": (0, 12)})) == set()


def test_two_small_groups_whose_sum_is_small_take_a_third() -> None:
    # 1.1 and 1.2 are two and two men: their sum, 4, would be known from the total.
    found = {cell[0] for cell in hidden(headcount({"1.1": (0, 2), "1.2": (0, 2), "1.3": (0, 9), "1.4": (0, 40)}))}
    assert found == {"1.1", "1.2", "1.3"}


def test_a_change_goes_with_either_of_its_years_and_stays_with_both() -> None:
    found = hidden(headcount({"1.1": (9, 8), "1.2": (20, 9)}, before={"1.1": (9, 3), "1.2": (20, 9)}))
    assert ("1.1", "M", "previous") in found
    assert ("1.1", "M", "change") in found
    assert ("1.1", "M", "current") not in found
    assert ("1.1", "T", "change") not in found


@pytest.mark.parametrize(("women", "men"), [(40, 8), (8, 40)])
def test_a_rate_of_one_sex_is_not_left_beside_the_rate_of_all(women: int, men: int) -> None:
    rows = [
        ("sick", "Sjuk", "row", sex, column, 5.0, n)
        for sex, n in (("K", women), ("M", men), ("T", women + men))
        for column in ("current", "previous", "change")
    ]
    table = MeasureTable(RATE, pl.DataFrame(rows, schema=[*RATE.keys, "value", "n"], orient="row"), {}, "2018")
    frame = protect(table, PUBLIC, "..").frame
    assert set(frame.filter(pl.col("status") == "suppressed")["sex"]) == {"K", "M"}


def known_by_the_sums(table: MeasureTable, column: str) -> set[tuple[str, str]]:
    """Hidden cells that the shown ones determine: adding the cell's own equation does not raise the rank."""
    frame = protect(table, PUBLIC, "..").frame.filter(pl.col("column") == column)
    cells = frame.select("personnel_group", "sex").rows()
    unknown = [cell for cell, status in zip(cells, frame["status"].to_list(), strict=True) if status == "suppressed"]
    groups = sorted({group for group, _ in cells})
    equations = [{(group, "K"): 1, (group, "M"): 1, (group, "T"): -1} for group in groups]
    equations += [{**{(group, sex): 1 for group in groups if group}, ("", sex): -1} for sex in "KMT"]
    matrix = np.array([[line.get(cell, 0) for cell in unknown] for line in equations], dtype=float)
    if not unknown:
        return set()
    rank = np.linalg.matrix_rank(matrix)
    return {
        cell
        for index, cell in enumerate(unknown)
        if np.linalg.matrix_rank(np.vstack([matrix, np.eye(len(unknown))[index]])) == rank
    }


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=7))
def test_no_small_group_can_be_worked_out_from_the_table(pairs: list[tuple[int, int]]) -> None:
    rows = {f"{number}.0": pair for number, pair in enumerate(pairs, start=1)}
    table = headcount(rows)
    women, men = (sum(pair[index] for pair in pairs) for index in (0, 1))
    everyone = {**rows, "": (women, men)}
    of_sex = {"K": 0, "M": 1}
    for group, sex in known_by_the_sums(table, "current"):
        counts = everyone[group]
        count = sum(counts) if sex == "T" else counts[of_sex[sex]]
        assert count == 0 or count >= 5, (group, sex, count)  # nobody is revealed by nobody
