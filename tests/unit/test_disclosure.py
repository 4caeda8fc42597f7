from __future__ import annotations

import dataclasses
import pickle

import polars as pl
import pytest
from made_tables import PUBLIC

from analytics.disclosure import ProtectedTable, protect
from analytics.errors import DisclosureError
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.settings import Audience

LOOSE = Audience(
    label="Intern",
    folder="internal",
    sick_leave_at_most=0,
    staff_fewer_than=0,
    patients_fewer_than=0,
    largest_patient_pct=100,
)


def headcount(**cells: tuple[float | None, int]) -> MeasureTable:
    """A headcount table of one row; the cells are its columns ``current``, ``previous`` and ``change``."""
    rows = [("1.2", "Handläggare", "row", "K", column, value, n) for column, (value, n) in cells.items()]
    spec = TABLES["headcount"]
    frame = pl.DataFrame(rows, schema=[*spec.keys, "value", "n"], orient="row")
    return MeasureTable(spec, frame, {"current": "2018"}, "2018-02-28", ("Not",))


def sick_leave(*numbers: int) -> MeasureTable:
    spec = TABLES["sick_leave_pct_monthly"]
    rows = [(f"2018-{month:02d}", "K", 4.25, n) for month, n in enumerate(numbers, start=1)]
    return MeasureTable(spec, pl.DataFrame(rows, schema=[*spec.keys, "value", "n"], orient="row"), {}, "2018")


def shown(table: MeasureTable, audience: Audience = PUBLIC) -> list[tuple[float | None, str]]:
    return protect(table, audience, "..").frame.select("value", "status").rows()


@pytest.mark.parametrize(
    ("n", "status"), [(0, "ok"), (1, "suppressed"), (4, "suppressed"), (5, "ok"), (10, "ok"), (11, "ok")]
)
def test_staff_figures_need_at_least_the_limit(n: int, status: str) -> None:
    assert shown(headcount(current=(7.0, n))) == [(7.0 if status == "ok" else None, status)]


@pytest.mark.parametrize(
    ("n", "status"), [(0, "ok"), (1, "suppressed"), (5, "suppressed"), (10, "suppressed"), (11, "ok")]
)
def test_sick_leave_needs_more_than_the_limit(n: int, status: str) -> None:
    assert shown(sick_leave(n)) == [(4.25 if status == "ok" else None, status)]


def test_single_person_is_never_shown_whatever_the_limits() -> None:
    assert shown(headcount(current=(1.0, 1)), LOOSE) == [(None, "suppressed")]
    assert shown(headcount(current=(2.0, 2)), LOOSE) == [(2.0, "ok")]
    assert shown(sick_leave(1, 2), LOOSE) == [(None, "suppressed"), (4.25, "ok")]


def test_change_is_suppressed_if_either_year_is() -> None:
    hidden_year = headcount(current=(9.0, 9), previous=(4.0, 4), change=(5.0, 9))
    assert [status for _, status in shown(hidden_year)] == ["ok", "suppressed", "suppressed"]
    none_before = headcount(current=(9.0, 9), previous=(0.0, 0), change=(9.0, 9))
    assert [status for _, status in shown(none_before)] == ["ok", "ok", "ok"]
    own_n = headcount(current=(9.0, 9), previous=(8.0, 8), change=(1.0, 3))
    assert [status for _, status in shown(own_n)] == ["ok", "ok", "suppressed"]


def test_hidden_year_of_one_row_leaves_other_rows_alone() -> None:
    small, large = headcount(current=(2.0, 2), change=(2.0, 2)), headcount(current=(20.0, 20), change=(1.0, 20))
    both = dataclasses.replace(small, frame=pl.concat([small.frame, large.frame.with_columns(sex=pl.lit("M"))]))
    assert [status for _, status in shown(both)] == ["suppressed", "suppressed", "ok", "ok"]


def test_missing_and_suppressed_are_different() -> None:
    assert shown(headcount(current=(None, 0), previous=(None, 3))) == [(None, "missing"), (None, "suppressed")]
    assert shown(headcount(current=(float("nan"), 9))) == [(None, "missing")]


def test_number_of_persons_never_leaves() -> None:
    protected = protect(headcount(current=(7.0, 7)), PUBLIC, "..")
    assert protected.frame.columns == [*TABLES["headcount"].keys, "value", "status"]
    assert (protected.mark, protected.audience_label, protected.notes) == ("..", "Offentlig", ("Not",))
    assert (protected.period_label, protected.headings) == ("2018-02-28", {"current": "2018"})


def test_ledger_tables_pass_unchanged() -> None:
    spec = TABLES["net_monthly"]
    frame = pl.DataFrame(
        [("2018-01", "outcome", 1.5), ("2018-02", "outcome", None)], schema=[*spec.keys, "value"], orient="row"
    )
    assert shown(MeasureTable(spec, frame, {}, "2018")) == [(1.5, "ok"), (None, "missing")]


@pytest.mark.parametrize("n", [None, -1])
def test_unknown_number_of_persons_is_refused(n: int | None) -> None:
    table = headcount(current=(7.0, 7))
    broken = dataclasses.replace(table, frame=table.frame.with_columns(n=pl.lit(n, dtype=pl.Int64)))
    with pytest.raises(DisclosureError, match="how many persons"):
        protect(broken, PUBLIC, "..")
    with pytest.raises(DisclosureError, match="how many persons"):
        protect(dataclasses.replace(table, frame=table.frame.drop("n")), PUBLIC, "..")


def test_only_protect_makes_a_protected_table() -> None:
    protected = protect(headcount(current=(2.0, 2)), PUBLIC, "..")
    fields = {field.name: getattr(protected, field.name) for field in dataclasses.fields(protected)}
    with pytest.raises(DisclosureError):
        ProtectedTable(**fields)
    with pytest.raises(DisclosureError):
        ProtectedTable(**fields, seal=object())
    with pytest.raises((DisclosureError, ValueError)):
        dataclasses.replace(protected, frame=headcount(current=(2.0, 2)).frame)
    with pytest.raises(dataclasses.FrozenInstanceError):
        protected.frame = pl.DataFrame()  # type: ignore[misc]
    with pytest.raises(DisclosureError):
        protect(protected, PUBLIC, "..")  # type: ignore[arg-type]


def test_nothing_renders_a_value() -> None:
    table = headcount(current=(4711.0, 4711), previous=(2.0, 2))
    protected = protect(table, PUBLIC, "..")
    for text in (repr(table), str(table), repr(protected), str(protected), protected._repr_html_()):
        assert "4711" not in text
    assert "1 suppressed" in repr(protected)
    assert (protected.suppressed, protected.missing) == (1, 0)


def test_input_is_not_changed() -> None:
    table = headcount(current=(2.0, 2))
    before = pickle.dumps(table.frame.rows())
    protect(table, PUBLIC, "..")
    assert pickle.dumps(table.frame.rows()) == before
