from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_frames import absent, cells, data, employed, months, scope, worked

from analytics.measures import registry
from analytics.measures.scope import Data, collect
from analytics.measures.spells import sick_hours_by_spell
from analytics.periods import PeriodRange

ALWAYS = months("2017-01", "2018-02")
FILLER = [
    absent("filler", date(year, month, 1), date(year, month, 1), 0.0, absence_group="03")
    for year, month in ((2016, 11), (2016, 12), (2017, 1), (2017, 2), (2017, 11), (2017, 12), (2018, 1), (2018, 2))
]


def spell_days(*parts: dict[str, object], history: str = "2017-01") -> list[tuple[str, int]]:
    """(period, length of the spell) of the rows in January–February 2018."""
    tables = data(absence=list(parts))
    found = sick_hours_by_spell(tables, scope(), scope().staff_range, known=months(history, "2018-02"))
    return sorted(collect(found).select("period", "spell_days").rows())


def test_parts_that_touch_over_month_ends_and_the_start_of_the_range_are_one_spell() -> None:
    assert spell_days(
        absent("a", date(2017, 11, 20), date(2017, 11, 30), 50.0),
        absent("a", date(2017, 12, 1), date(2017, 12, 31), 160.0),
        absent("a", date(2018, 1, 1), date(2018, 1, 18), 90.0),
    ) == [("2018-01", 60)]


def test_one_free_day_ends_the_spell() -> None:
    assert spell_days(
        absent("a", date(2017, 12, 1), date(2017, 12, 30), 160.0),
        absent("a", date(2018, 1, 1), date(2018, 1, 31), 160.0),
        absent("a", date(2018, 2, 1), date(2018, 2, 10), 40.0),
    ) == [("2018-01", 41), ("2018-02", 41)]


def test_overlapping_and_nested_parts_are_counted_once() -> None:
    assert spell_days(
        absent("a", date(2018, 1, 1), date(2018, 1, 31), 80.0),
        absent("a", date(2018, 1, 5), date(2018, 1, 8), 20.0),
        absent("a", date(2018, 1, 20), date(2018, 1, 31), 20.0),
        absent("a", date(2018, 2, 1), date(2018, 2, 2), 20.0),
    ) == [("2018-01", 33)] * 3 + [("2018-02", 33)]


def test_part_that_still_runs_lasts_to_the_end_of_its_month() -> None:
    assert spell_days(absent("a", date(2018, 1, 10), None, 80.0), absent("a", date(2018, 2, 1), None, 80.0)) == [
        ("2018-01", 50),
        ("2018-02", 50),
    ]


def test_persons_other_absence_and_later_months_do_not_join() -> None:
    assert spell_days(
        absent("a", date(2018, 2, 1), date(2018, 2, 28), 80.0),
        absent("b", date(2018, 1, 1), date(2018, 1, 31), 80.0),
        absent("a", date(2018, 1, 1), date(2018, 1, 31), 80.0, absence_group="03"),
        absent("a", date(2018, 3, 1), date(2018, 3, 31), 80.0),
    ) == [("2018-01", 31), ("2018-02", 28)]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 20)), min_size=1, max_size=12))
def test_spells_are_the_runs_of_days_covered(parts: list[tuple[int, int]]) -> None:
    origin, last_day = date(2017, 1, 1), date(2018, 2, 28)
    spans = [(origin + timedelta(start), min(origin + timedelta(start + more), last_day)) for start, more in parts]
    rows = [absent("a", start, end, 1.0) for start, end in spans]
    covered = {start + timedelta(step) for start, end in spans for step in range((end - start).days + 1)}

    def run_length(day: date) -> int:
        first = last = day
        while first - timedelta(1) in covered:
            first -= timedelta(1)
        while last + timedelta(1) in covered:
            last += timedelta(1)
        return (last - first).days + 1

    expected = sorted((f"{start:%Y-%m}", run_length(start)) for start, _ in spans if start.year == 2018)
    assert spell_days(*rows) == expected


def region(*absence: dict[str, object], **more: list[dict[str, object]]) -> Data:
    """Two women (25 and 60 years) and a man (40 years on 31 December 2018), 100 hours a month each."""
    people = {
        "young": {"sex": "K", "birth_year": 1993},
        "old": {"sex": "K", "birth_year": 1958},
        "man": {"sex": "M", "birth_year": 1978},
    }
    return data(
        employments=[
            *(row for key, values in people.items() for row in employed(key, periods=ALWAYS, **values)),
            *employed("filler", periods=ALWAYS, administration="10", cost_centre="0110"),
            *more.get("employments", []),
        ],
        time=[*(row for key in people for row in worked(key, 100.0, periods=ALWAYS)), *more.get("time", [])],
        absence=[*FILLER, *absence],
    )


def test_rate_is_sick_hours_in_per_cent_of_the_same_persons_ordinary_hours() -> None:
    tables = region(
        absent("young", date(2018, 1, 8), date(2018, 1, 9), 16.0),
        absent("man", date(2018, 2, 8), date(2018, 2, 9), 10.0),
        absent("man", date(2017, 2, 8), date(2017, 2, 9), 4.0),
        absent("old", date(2018, 2, 8), date(2018, 2, 9), 99.0, absence_group="03"),
    )
    table = registry.compute("sick_leave_pct", tables, scope())
    assert cells(table, "sex", "column") == {
        ("K", "current"): pytest.approx(4.0),
        ("K", "previous"): 0.0,
        ("K", "change"): pytest.approx(4.0),
        ("M", "current"): pytest.approx(5.0),
        ("M", "previous"): pytest.approx(2.0),
        ("M", "change"): pytest.approx(3.0),
        ("T", "current"): pytest.approx(26 / 6),
        ("T", "previous"): pytest.approx(4 / 6),
        ("T", "change"): pytest.approx(22 / 6),
    }
    assert cells(table, "sex", "column", column="n")["T", "current"] == 3


def test_sick_leave_of_persons_without_ordinary_time_is_outside_and_its_hours_are_not_told_for_a_few() -> None:
    absence = absent("idle", date(2018, 1, 8), date(2018, 1, 9), 17.0)
    few = region(absence, employments=employed("idle", periods=ALWAYS))
    table = registry.compute("sick_leave_pct", few, scope())
    assert cells(table, "sex", "column")["T", "current"] == 0.0
    assert "Sjukfrånvaro för några få personer utan ordinarie arbetstid ingår inte." in table.notes
    assert not any("17" in note for note in table.notes)

    idle = [f"idle{number}" for number in range(11)]
    many = region(
        *(absent(key, date(2018, 1, 8), date(2018, 1, 9), 2.0) for key in idle),
        employments=[row for key in idle for row in employed(key, periods=ALWAYS)],
    )
    notes = registry.compute("sick_leave_pct", many, scope()).notes
    assert "Utanför står 22 timmar sjukfrånvaro för 11 personer utan ordinarie arbetstid." in notes


def test_group_without_ordinary_time_has_no_rate() -> None:
    tables = data(employments=employed("a"), time=worked("a", 100.0), absence=FILLER_WITH_MAIN)
    table = registry.compute("sick_leave_pct", tables, scope())
    assert cells(table, "sex", "column")["M", "current"] is None
    assert cells(table, "sex", "column", column="n")["M", "current"] == 0


FILLER_WITH_MAIN = [{**row, "employee_key": "a"} for row in FILLER]


def test_disclosure_has_seven_key_figures() -> None:
    tables = region(
        # 60 days: 2 December 2017 to 30 January 2018; 40 of the sick hours lie in the range.
        absent("old", date(2017, 12, 2), date(2017, 12, 31), 80.0),
        absent("old", date(2018, 1, 1), date(2018, 1, 30), 40.0),
        absent("young", date(2018, 2, 5), date(2018, 2, 6), 8.0),
        absent("man", date(2018, 2, 5), date(2018, 2, 6), 12.0),
    )
    table = registry.compute("sick_leave_disclosure", tables, scope())
    current = table.frame.filter(table.frame["column"] == "current")
    assert dict(current.select("measure", "value").rows()) == {
        "total": pytest.approx(10.0),  # 60 / 600
        "long": pytest.approx(200 / 3),  # 40 / 60
        "women": pytest.approx(12.0),  # 48 / 400
        "men": pytest.approx(6.0),
        "age_0_29": pytest.approx(4.0),
        "age_30_49": pytest.approx(6.0),
        "age_50": pytest.approx(20.0),
    }
    n = dict(current.select("measure", "n").rows())
    assert n == {"total": 3, "long": 1, "women": 2, "men": 1, "age_0_29": 1, "age_30_49": 1, "age_50": 1}
    assert current.get_column("measure").to_list() == list(n)
    assert any("lag (1997:614)" in note for note in table.notes)


def test_without_sick_leave_the_share_of_long_spells_is_empty() -> None:
    values = cells(registry.compute("sick_leave_disclosure", region(), scope()), "measure", "column")
    assert values["long", "current"] is None
    assert values["total", "current"] == 0.0


@pytest.mark.parametrize("gone", ["2016-11", "2016-12"])
def test_share_of_long_spells_is_empty_where_a_long_spell_could_not_be_seen(gone: str) -> None:
    everything = region(
        absent("old", date(2017, 1, 1), date(2017, 1, 31), 80.0), absent("old", date(2018, 1, 1), date(2018, 1, 9), 8.0)
    )
    table = registry.compute("sick_leave_disclosure", everything, scope())
    assert cells(table, "measure", "column")["long", "previous"] == 0.0
    cut = replace(everything, absence=everything.absence.filter(pl.col("period") != gone))
    table = registry.compute("sick_leave_disclosure", cut, scope())
    values = cells(table, "measure", "column")
    assert values["long", "previous"] is None
    assert values["long", "change"] is None
    assert values["long", "current"] == 0.0
    assert values["total", "previous"] == pytest.approx(80 / 6)
    month = {"2016-11": "november 2016", "2016-12": "december 2016"}[gone]
    assert (
        "Andelen i perioder om minst 60 dagar saknas för januari–februari 2017: den kräver frånvaro även för "
        f"{month}. Cellen är tom, inte noll."
    ) in table.notes


def test_history_before_the_range_comes_only_from_the_months_known() -> None:
    tables = data(absence=[absent("a", date(2018, 1, 1), date(2018, 1, 31), 1.0)])
    january = PeriodRange(scope().staff_range.first, scope().staff_range.first)
    found = collect(sick_hours_by_spell(tables, scope(), january, known=["2018-01", "2018-02"]))
    assert found.get_column("spell_days").to_list() == [31]


def test_rate_that_one_person_makes_alone_is_about_one_person_however_large_the_group() -> None:
    tables = region(
        absent("young", date(2018, 1, 8), date(2018, 1, 9), 16.0),
        absent("old", date(2018, 1, 8), date(2018, 1, 9), 8.0),
        absent("old", date(2018, 1, 8), date(2018, 1, 9), -8.0),  # corrected away: the figure is young's alone
        absent("old", date(2017, 1, 8), date(2017, 1, 9), 8.0),
        absent("young", date(2017, 1, 8), date(2017, 1, 9), 8.0),
    )
    n = cells(registry.compute("sick_leave_pct", tables, scope()), "sex", "column", column="n")
    assert (n["K", "current"], n["T", "current"]) == (1, 1)
    assert (n["K", "previous"], n["T", "previous"]) == (2, 3)
    assert n["T", "change"] == 1
    monthly = cells(registry.compute("sick_leave_pct_monthly", tables, scope()), "period", "sex", column="n")
    assert (monthly["2018-01", "T"], monthly["2018-02", "T"]) == (1, 3)  # nobody was sick in February
    figures = cells(registry.compute("sick_leave_disclosure", tables, scope()), "measure", "column", column="n")
    assert (figures["total", "current"], figures["women", "current"]) == (1, 1)
    # No spell is long: that too is a statement about the only person who was sick.
    assert (figures["long", "current"], figures["long", "previous"]) == (1, 3)
