"""The cube of staff measures holds the figures of the reports, and no group that is too small to be seen."""

from __future__ import annotations

import polars as pl
import pytest
from measure_frames import data, months, scope

from analytics.explore import staff_cubes, staff_view
from analytics.explore.staff_cubes import MEASURES, SEVERAL, SMALL
from analytics.measures import registry

MONTHS = [*months("2017-01", "2018-02")]
PLACES = {"171": "1310", "172": "1315"}


def region(sizes: dict[tuple[str, str], tuple[int, int]]) -> dict[str, list[dict[str, object]]]:
    """Unit and group → how many women and men, all at work every month with some of everything."""
    tables: dict[str, list[dict[str, object]]] = {"employments": [], "time": [], "absence": []}
    for (unit, group), (women, men) in sizes.items():
        place = {"base_unit": unit, "cost_centre": PLACES[unit]}
        for number, sex in enumerate("K" * women + "M" * men):
            who = {"employee_key": f"{unit}-{group}-{number}"}
            for month in MONTHS:
                tables["employments"].append({**who, **place, "period": month, "sex": sex, "personnel_group": group})
                for kind, hours in (("ordinary", 150.0 + number), ("overtime", 2.0 + int(month[5:])), ("hourly", 1.0)):
                    tables["time"].append({**who, **place, "period": month, "time_type": kind, "hours": hours})
                tables["absence"].append({**who, "period": month, "absence_group": "01", "hours": 8.0})
    return tables


LARGE = {("171", "1.2"): (14, 13), ("172", "1.2"): (12, 15)}


@pytest.mark.parametrize("name", [name for name in MEASURES if name != "additional_fte"])
def test_sums_over_the_cube_are_the_figures_of_the_reports(name):
    given = data(**region(LARGE))
    cube = staff_cubes.staff_cube(name, given, scope())
    total = staff_view.summed(cube, {})
    rows = registry.compute(name, given, scope()).frame.filter(sex="T")
    rows = rows.filter(row_type="total") if "total" in rows["row_type"].to_list() else rows
    printed = dict(rows.select("column", "value").rows())
    assert total.current == pytest.approx(printed["current"])
    assert total.previous == pytest.approx(printed["previous"])
    by_sex = staff_view.lines(cube, {}, by="sex")
    assert {line.code for line in by_sex} == {"K", "M"}


def test_a_small_group_is_merged_with_others_until_they_are_many_enough_and_no_hour_is_lost():
    given = data(**region({**LARGE, ("171", "1.1"): (2, 0), ("172", "1.1"): (0, 2)}))
    cube = staff_cubes.staff_cube("worked_fte", given, scope())
    groups = set(cube.frame.select("base_unit", "group").unique().rows())
    # Two and two are too few each in their unit, and four together are enough.
    assert groups == {("171", "1.2"), ("172", "1.2"), (SEVERAL, SMALL)}
    printed = registry.compute("worked_fte", given, scope()).frame.filter(sex="T", row_type="total", column="current")
    assert staff_view.summed(cube, {}).current == pytest.approx(printed["value"].item())
    assert any("färre än 3" in note for note in cube.own_notes)


def test_a_lone_small_group_takes_the_smallest_other_with_it():
    given = data(**region({**LARGE, ("171", "1.1"): (1, 0)}))
    cube = staff_cubes.staff_cube("worked_fte", given, scope())
    assert set(cube.frame.select("base_unit", "group").unique().rows()) == {("172", "1.2"), (SEVERAL, SMALL)} or set(
        cube.frame.select("base_unit", "group").unique().rows()
    ) == {("171", "1.2"), (SEVERAL, SMALL)}


def test_a_single_man_in_a_group_is_told_with_the_women():
    given = data(**region({("171", "1.2"): (14, 1), ("172", "1.2"): (12, 15)}))
    frame = staff_cubes.staff_cube("worked_fte", given, scope()).frame
    assert set(frame.filter(base_unit="171")["sex"]) == {"T"}
    assert set(frame.filter(base_unit="172")["sex"]) == {"K", "M"}


def test_sick_leave_has_the_limit_of_the_law():
    given = data(**region({("171", "1.2"): (10, 0), ("172", "1.2"): (12, 15)}))
    assert set(staff_cubes.staff_cube("worked_fte", given, scope()).frame["base_unit"]) == {"171", "172"}
    # Ten are at most ten, so they stand with the others.
    assert set(staff_cubes.staff_cube("sick_leave_pct", given, scope()).frame["base_unit"]) == {SEVERAL}


def test_too_few_altogether_give_nothing():
    cube = staff_cubes.staff_cube("overtime_fte", data(**region({("171", "1.2"): (1, 1)})), scope())
    assert cube.frame.is_empty()


def test_no_code_of_the_frame_is_about_persons():
    frame = staff_cubes.staff_cube("worked_fte", data(**region(LARGE)), scope()).frame
    assert not [column for column in frame.columns if "employee" in column or column == "birth_year"]


def test_no_part_goes_the_same_way_as_a_whole_that_has_not_changed():
    cube = staff_cubes.staff_cube("headcount", data(**region(LARGE)), scope())
    parts = [staff_view.StaffLine("1.1", "Ledning", 6.0, 5.0), staff_view.StaffLine("1.2", "Handläggare", 4.0, 5.0)]
    assert "Störst bidrag" not in staff_view.said(cube, "Hela", staff_view.StaffLine("", "Summa", 10.0, 10.0), parts)
    assert "Störst bidrag åt samma håll: Ledning (+1)" in staff_view.said(
        cube, "Hela", staff_view.StaffLine("", "Summa", 11.0, 10.0), parts
    )


def test_the_sentence_tells_level_change_and_largest_parts():
    cube = staff_cubes.staff_cube("overtime_fte", data(**region(LARGE)), scope())
    said = staff_view.tell(cube, {"base_unit": ("171",)}, scope()).replace("\u00a0", " ")
    persons = cube.frame.filter(pl.col("base_unit") == "171")["current"].sum() / 2
    assert f"{persons:.2f}".replace(".", ",") in said
    assert said.startswith("Övertid, 171 Stabsledning och kansli, januari–februari 2018:")
