from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_frames import absent, cells, data, employed, scope, worked

from analytics.errors import MissingDataError, UsageError
from analytics.measures import registry, turnover
from analytics.measures.catalogue import TABLES
from analytics.periods import Period, PeriodRange

JANUARY, FEBRUARY = date(2018, 1, 10), date(2018, 2, 5)


def every_month_has_absence() -> list[dict[str, object]]:
    """Absence of somebody in another unit, so that no month of the table is missing."""
    return [
        absent("other", date(year, month, 2), date(year, month, 2), 1.0) for year in (2017, 2018) for month in (1, 2)
    ]


def test_worked_time_is_all_time_minus_absence_as_full_time_equivalents() -> None:
    tables = data(
        employments=[
            *employed("a"),
            *employed("b", sex="M", personnel_group="3.0"),
            *employed("other", administration="10", cost_centre="0110", base_unit="101"),
        ],
        time=[
            *worked("a", 100.0),
            *worked("a", 10.0, periods=["2018-02"], time_type="overtime"),
            *worked("a", 4.0, periods=["2018-02"], time_type="additional"),
            *worked("a", 6.0, periods=["2018-01"], time_type="on_call"),
            *worked("b", 50.0, time_type="hourly"),
            *worked("other", 100.0, administration="10", cost_centre="0110", base_unit="101"),
        ],
        absence=[*every_month_has_absence(), absent("a", JANUARY, JANUARY, 40.0, absence_group="03")],
    )
    table = registry.compute("worked_fte", tables, scope())
    assert cells(table, "personnel_group", "sex", "column") == {
        ("1.2", "K", "current"): 0.9,  # (100 + 100 + 10 + 4 + 6 - 40) / 200
        ("1.2", "K", "previous"): 1.0,
        ("1.2", "K", "change"): pytest.approx(-0.1),
        ("1.2", "M", "current"): 0.0,
        ("1.2", "M", "previous"): 0.0,
        ("1.2", "M", "change"): 0.0,
        ("1.2", "T", "current"): 0.9,
        ("1.2", "T", "previous"): 1.0,
        ("1.2", "T", "change"): pytest.approx(-0.1),
        ("3.0", "K", "current"): 0.0,
        ("3.0", "K", "previous"): 0.0,
        ("3.0", "K", "change"): 0.0,
        ("3.0", "M", "current"): 0.5,
        ("3.0", "M", "previous"): 0.5,
        ("3.0", "M", "change"): 0.0,
        ("3.0", "T", "current"): 0.5,
        ("3.0", "T", "previous"): 0.5,
        ("3.0", "T", "change"): 0.0,
        ("", "K", "current"): 0.9,
        ("", "K", "previous"): 1.0,
        ("", "K", "change"): pytest.approx(-0.1),
        ("", "M", "current"): 0.5,
        ("", "M", "previous"): 0.5,
        ("", "M", "change"): 0.0,
        ("", "T", "current"): 1.4,
        ("", "T", "previous"): 1.5,
        ("", "T", "change"): pytest.approx(-0.1),
    }
    assert table.frame.columns == [*TABLES["worked_fte"].keys, "value", "n"]
    assert table.frame.get_column("personnel_group_label").unique(maintain_order=True).to_list() == [
        "Handläggare- och administratörsarbete",
        "Tandvårdsarbete",
        "Total",
    ]
    assert table.headings == {"current": "2018", "previous": "2017", "change": "Förändring"}
    assert table.period_label == "januari–februari 2018"
    assert any("1\u00a0200 timmar" in note for note in table.notes)


def test_time_counts_in_the_group_of_its_own_cost_centre_and_absence_in_the_main_employment() -> None:
    second = {"cost_centre": "1311", "personnel_group": "3.0", "is_main": False}
    tables = data(
        employments=[*employed("a"), *employed("a", **second)],
        time=[*worked("a", 100.0), *worked("a", 20.0, cost_centre="1311")],
        absence=[absent("a", day, day, 10.0) for day in (JANUARY, FEBRUARY, date(2017, 1, 3), date(2017, 2, 3))],
    )
    values = cells(registry.compute("worked_fte", tables, scope()), "personnel_group", "sex", "column")
    assert values["1.2", "K", "current"] == 0.9
    assert values["3.0", "K", "current"] == 0.2


def test_change_is_taken_from_unrounded_values_and_counts_the_smaller_year() -> None:
    tables = data(
        employments=[*employed("a"), *employed("b")],
        time=[
            *worked("a", 100.0),
            *worked("a", 0.9, periods=["2018-01"], time_type="overtime"),
            *worked("b", 0.9, periods=["2018-01"], time_type="overtime"),
            *worked("a", 1.1, periods=["2017-01"], time_type="overtime"),
        ],
    )
    table = registry.compute("overtime_fte", tables, scope())
    values, n = (cells(table, "row_type", "sex", "column", column=name) for name in ("value", "n"))
    assert values["total", "T", "current"] == 0.009
    assert values["total", "T", "previous"] == 0.0055
    assert values["total", "T", "change"] == pytest.approx(0.0035, abs=1e-12)
    assert [n["total", "T", column] for column in ("current", "previous", "change")] == [2, 1, 1]
    assert [n["total", "M", column] for column in ("current", "previous", "change")] == [0, 0, 0]


def test_corrections_that_cancel_keep_the_row_as_zero() -> None:
    tables = data(
        employments=employed("a"),
        time=[
            *worked("a", 100.0),
            *worked("a", 3.0, periods=["2018-01"], time_type="overtime"),
            *worked("a", -3.0, periods=["2018-01"], time_type="overtime"),
        ],
    )
    table = registry.compute("overtime_fte", tables, scope())
    assert cells(table, "personnel_group", "sex", "column")["1.2", "K", "current"] == 0.0
    assert cells(table, "personnel_group", "sex", "column", column="n")["1.2", "K", "current"] == 1


def test_table_that_nobody_is_in_has_only_its_total_row() -> None:
    tables = data(employments=employed("a"), time=worked("a", 100.0))
    table = registry.compute("hourly_fte", tables, scope())
    assert set(table.frame.get_column("row_type")) == {"total"}
    assert set(table.frame.get_column("value")) == {0.0}


def test_rows_without_employment_are_counted_and_refused() -> None:
    ghost = [*worked("ghost", 1.0), *worked("ghost", 1.0, periods=["2018-01"], time_type="hourly")]
    tables = data(employments=employed("a"), time=[*worked("a", 100.0), *ghost], absence=every_month_has_absence())
    with pytest.raises(MissingDataError, match="1 rows of time") as caught:
        registry.compute("hourly_fte", tables, scope())
    assert caught.value.where is not None
    assert caught.value.where.count == 1
    assert "ghost" not in str(caught.value)
    with pytest.raises(MissingDataError, match="4 rows of time"):
        registry.compute("sick_leave_pct", tables, scope())


def test_absence_without_main_employment_is_refused() -> None:
    tables = data(
        employments=[*employed("a")],
        time=worked("a", 100.0),
        absence=[absent("a", day, day, 1.0) for day in (JANUARY, FEBRUARY, date(2017, 1, 3), date(2017, 2, 3))]
        + [absent("b", JANUARY, JANUARY, 5.0)],
    )
    with pytest.raises(MissingDataError, match="1 rows of absence have no main employment"):
        registry.compute("absence_fte", tables, scope())


def test_missing_month_is_named_and_a_missing_last_year_is_empty() -> None:
    only_january = data(employments=employed("a"), time=worked("a", 1.0, periods=["2018-01"]))
    with pytest.raises(MissingDataError, match="table time has no rows for unit 17 in 2018-02"):
        registry.compute("overtime_fte", only_january, scope())
    this_year = data(
        employments=employed("a"),
        time=[*worked("a", 200.0, periods=["2018-01", "2018-02", "2017-02"], time_type="hourly")],
    )
    table = registry.compute("hourly_fte", this_year, scope())
    assert cells(table, "personnel_group", "sex", "column")["1.2", "K", "previous"] is None
    assert cells(table, "personnel_group", "sex", "column")["1.2", "K", "change"] is None
    assert cells(table, "personnel_group", "sex", "column")["1.2", "K", "current"] == 2.0
    assert "Uppgifter saknas för januari–februari 2017; cellerna är tomma, inte noll." in table.notes


def test_january_reports_the_whole_year_before() -> None:
    assert scope("2018-01").staff_range.months[0] == "2017-01"
    assert len(scope("2018-01").staff_range) == 12


def test_headcount_counts_persons_on_the_last_day_once() -> None:
    tables = data(
        employments=[
            *employed("a"),
            *employed("a", cost_centre="1311", is_main=False),
            *employed("b", sex="M", employment_form="temporary"),
            *employed("c", employment_form="hourly"),
            *employed("left", end_date=date(2018, 2, 27)),
            *employed("last day", end_date=date(2018, 2, 28)),
            *employed("not yet", periods=["2018-02"], start_date=date(2018, 3, 1)),
        ]
    )
    table = registry.compute("headcount", tables, scope())
    values = cells(table, "row_type", "sex", "column")
    assert [values["total", sex, "current"] for sex in "KMT"] == [2.0, 1.0, 3.0]
    assert [values["total", sex, "previous"] for sex in "KMT"] == [3.0, 1.0, 4.0]
    assert cells(table, "row_type", "sex", "column", column="n")["total", "K", "current"] == 2
    assert table.period_label == "28 februari 2018"


def test_turnover_counts_external_leavers_of_permanent_staff() -> None:
    tables = data(
        employments=[
            *employed("a"),
            *employed("b"),
            *employed("m", sex="M"),
            *employed("gone", periods=["2018-01"], end_date=date(2018, 1, 31), leave_kind="external"),
            *employed("pensioner", periods=["2018-01"], end_date=date(2018, 1, 31), leave_kind="pension"),
            *employed(
                "temp",
                periods=["2018-01"],
                end_date=date(2018, 1, 5),
                leave_kind="external",
                employment_form="temporary",
            ),
        ]
    )
    table = registry.compute("turnover_pct", tables, scope())
    values, n = (cells(table, "sex", "column", column=name) for name in ("value", "n"))
    assert values["K", "current"] == pytest.approx(100 / 3)  # 1 / ((4 + 2) / 2)
    assert values["T", "current"] == pytest.approx(25.0)
    assert values["M", "current"] == 0.0
    assert (n["K", "current"], n["M", "current"], n["K", "previous"]) == (1, 1, 2)


def test_those_who_start_are_new_to_the_employer() -> None:
    march = {"start_date": date(2018, 2, 10), "periods": ["2018-02"]}
    tables = data(
        employments=[
            *employed("a"),
            *employed("new", **march),
            *employed("late", start_date=date(2018, 1, 15), periods=["2018-02"]),
            *employed("mover", **march),
            *employed("mover", periods=["2018-01"], administration="10", end_date=date(2018, 1, 31)),
            *employed("hourly", **march),
            *employed("hourly", periods=["2018-01"], employment_form="hourly"),
            *employed("temp", employment_form="temporary", **march),
            *employed("again", periods=["2017-02"], end_date=date(2017, 2, 20)),
            *employed("again", **march),
        ]
    )
    found = turnover.started(tables, "17", PeriodRange(Period(2018, 1), Period(2018, 2)))
    assert sorted(found["employee_key"]) == ["again", "late", "new"]


def test_monthly_series_has_every_month_and_leaves_missing_ones_empty() -> None:
    tables = data(
        employments=employed("a"),
        time=worked("a", 100.0),
        absence=[absent("a", day, day, 10.0) for day in (JANUARY, FEBRUARY, date(2017, 1, 3), date(2017, 2, 3))],
    )
    for table_id, value in (("worked_fte_monthly", 0.9), ("sick_leave_pct_monthly", 10.0), ("headcount_monthly", 1.0)):
        values = cells(registry.compute(table_id, tables, scope()), "period", "sex")
        assert len(values) == 26 * 3
        assert values["2018-02", "K"] == pytest.approx(value)
        assert values["2016-05", "K"] is None
    absence = cells(registry.compute("absence_fte_monthly", tables, scope()), "period", "absence_group", "sex")
    assert absence["2018-01", "01", "T"] == pytest.approx(0.1)
    assert absence["2017-06", "01", "T"] is None


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("KM"),
            st.sampled_from(["1.1", "1.2", "3.0"]),
            st.floats(min_value=-50, max_value=300, allow_nan=False),
            st.floats(min_value=0, max_value=300, allow_nan=False),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_women_and_men_are_the_total_and_groups_are_the_total(people: list[tuple[str, str, float, float]]) -> None:
    rows = [(f"p{number}", *person) for number, person in enumerate(people)]
    tables = data(
        employments=[row for key, sex, group, _, _ in rows for row in employed(key, sex=sex, personnel_group=group)],
        time=[
            row
            for key, _, _, before, now in rows
            for row in (
                *worked(key, before, periods=["2017-01", "2017-02"], time_type="hourly"),
                *worked(key, now, periods=["2018-01", "2018-02"], time_type="hourly"),
            )
        ],
    )
    table = registry.compute("hourly_fte", tables, scope())
    values, n = (cells(table, "personnel_group", "sex", "column", column=name) for name in ("value", "n"))
    for group, _, column in values:
        assert values[group, "K", column] + values[group, "M", column] == pytest.approx(values[group, "T", column])
        if column != "change":
            assert n[group, "K", column] + n[group, "M", column] == n[group, "T", column]
    for sex in "KMT":
        for column in ("current", "previous", "change"):
            parts = sum(value for (group, s, c), value in values.items() if group and (s, c) == (sex, column))
            assert parts == pytest.approx(values["", sex, column], abs=1e-9)


def test_unknown_table_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="worked_fte"):
        registry.compute("worked_ftes", data(), scope())


def test_unknown_unit_is_refused() -> None:
    with pytest.raises(UsageError, match="no administration '99'"):
        registry.compute("headcount", data(), scope(unit="99"))


def test_registry_and_catalogue_agree() -> None:
    of_areas = {table_id for table_id in TABLES if table_id.startswith("focus_")}
    assert set(registry.TABLE_IDS) == set(TABLES) == set(registry._MEASURES) | of_areas


def test_person_whose_rows_cancel_out_does_not_hide_the_only_one_a_figure_is_about() -> None:
    tables = data(
        employments=[*employed("a"), *employed("b")],
        time=[
            *worked("a", 10.0, time_type="overtime"),
            *worked("b", 5.0, time_type="overtime"),
            *worked("b", -5.0, time_type="overtime"),
        ],
        absence=every_month_has_absence(),
    )
    table = registry.compute("overtime_fte", tables, scope())
    assert cells(table, "row_type", "sex", "column", column="n")["total", "T", "current"] == 1
    assert cells(table, "row_type", "sex", "column", column="n")["row", "K", "current"] == 1


def test_hours_moved_between_groups_leave_the_total_to_the_others() -> None:
    tables = data(
        employments=[
            *employed("a"),
            *employed("b"),
            *employed("b", cost_centre="1390", personnel_group="3.0", is_main=False),
        ],
        time=[
            *worked("a", 10.0, time_type="overtime"),
            *worked("b", 5.0, time_type="overtime"),
            *worked("b", -5.0, time_type="overtime", cost_centre="1390"),
        ],
        absence=every_month_has_absence(),
    )
    n = cells(registry.compute("overtime_fte", tables, scope()), "personnel_group", "sex", "column", column="n")
    assert (n["1.2", "T", "current"], n["3.0", "T", "current"], n["", "T", "current"]) == (2, 1, 1)
