"""Last year, other ranges of months and the organisation below: the same definitions, and what makes no sense says so."""

from dataclasses import replace

import polars as pl
import pytest
from made_store import fill, new_project

import analytics
from analytics.comments import scheduled
from analytics.errors import (
    AnalyticsError,
    CommentError,
    DisclosureError,
    MissingDataError,
    UnknownItemError,
    UnknownNameError,
    UsageError,
)
from analytics.measures import registry
from analytics.measures.catalogue import TABLES
from analytics.measures.scope import Data, of_part
from analytics.periods import SPANS, Period
from analytics.processed import Catalog, Store
from analytics.workbench import asked


@pytest.fixture(scope="module")
def years(tmp_path_factory):
    """The same data in one delivery a month."""
    made = new_project(tmp_path_factory.mktemp("years") / "project")
    fill(made)
    store = Store(made / "data/processed")
    entries, names = [], []
    for entry in store.catalog().entries:
        rows = pl.read_parquet(store.folder / entry.file)
        for month in rows["period"].unique().sort():
            # A budget is delivered before its year.
            part = rows.filter(pl.col("period") == month)
            name = f"{entry.table}/{month}.parquet"
            store.stage(name, part)
            names.append(name)
            source = replace(entry.snapshot, layout=f"{entry.table}-{month}")
            delivery = min(month, "2018-03")
            entries.append(replace(entry, delivery=delivery, file=name, rows=part.height, snapshot=source))
    store.commit(Catalog(tuple(entries)), names)
    return made


def total(bench, table_id, column="current", **keys):
    keys = {"row_type": "total", "sex": "T", **keys}
    return bench.table(table_id).frame.filter(pl.col("column") == column, **keys)["value"].item()


def line(bench, column):
    frame = bench.table("fr1_outcome").frame
    return frame.filter(report_line="net", origin="total", column=column)["value"].item()


def test_every_range_is_that_of_periods(wb):
    for name in SPANS:
        bench = wb.range(name)
        assert bench.scope.ledger_range == Period(2018, 3).span(name)
        assert bench.scope.staff_range == Period(2018, 2).span(name)
        assert bench.table("fr1_outcome").period_label == Period(2018, 3).span(name).label
        assert bench.table("worked_fte").period_label == Period(2018, 2).span(name).label


def test_months_of_a_range_add_up_and_its_headings_say_which_they_are(wb):
    month, quarter = wb.range("month"), wb.range("quarter")
    posted = dict(wb.table("net_monthly").frame.filter(series="outcome").select("period", "value").rows())
    assert line(month, "outcome") == pytest.approx(posted["2018-03"])
    assert line(quarter, "outcome") == pytest.approx(sum(posted[f"2018-0{number}"] for number in (1, 2, 3)))
    last_year = [f"2017-{number:02d}" for number in range(4, 13)]
    rolling = sum(posted[name] for name in (*last_year, "2018-01", "2018-02", "2018-03"))
    assert line(wb.range("rolling12"), "outcome") == pytest.approx(rolling)
    assert line(quarter, "outcome") == line(wb, "outcome")
    assert month.table("worked_fte").headings["current"] == "Februari 2018"
    assert month.table("worked_fte").headings["previous"] == "Februari 2017"
    assert month.table("fr1_outcome").headings["outcome"] == "Utfall"
    assert wb.table("fr1_outcome").headings["outcome"] == "Utfall hittills"
    assert total(month, "headcount") == total(wb, "headcount")


def test_series_are_the_same_and_what_has_no_meaning_for_a_range_says_so(wb):
    quarter = wb.range("quarter")
    assert quarter.table("net_monthly").frame.equals(wb.table("net_monthly").frame)
    assert quarter.table("worked_fte_monthly").frame.equals(wb.table("worked_fte_monthly").frame)
    with pytest.raises(UsageError, match="has its own months"):
        quarter.forecast.forecast_methods.frame  # noqa: B018
    with pytest.raises(UsageError, match="is in two"):
        wb.range("rolling12").table("seasonal_budget")
    for table_id in TABLES:
        if not asked.follows_range(table_id) and not asked.is_monthly(table_id):
            with pytest.raises(UsageError, match="has its own months"):
                quarter.table(table_id)


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [("kvartal", 'wb.range("quarter")'), ("quartr", "Did you mean quarter?"), ("year", 'wb.range("rolling12")')],
)
def test_an_unknown_range_gets_the_right_ones(wb, wrong, advice):
    with pytest.raises(UsageError) as caught:
        wb.range(wrong)
    assert advice in caught.value.action


def test_the_whole_year_is_a_range_in_december(years):
    december = analytics.open(period="2017-12", unit="17", root=years)
    assert december.range("year").scope.ledger_range == Period(2017, 12).full_year


def test_last_year_is_the_bench_of_that_month(years):
    wb = analytics.open(period="2018-03", unit="17", root=years)
    before = wb.previous_year
    assert before.scope.period == Period(2017, 3)
    assert before.catalog.version == analytics.open(period="2017-03", unit="17", root=years).catalog.version
    assert total(before, "worked_fte") == total(wb, "worked_fte", "previous") > 0
    assert line(before, "outcome") == line(wb, "previous") != 0
    assert before.protected("worked_fte").period_label == "januari–februari 2017"
    with pytest.raises(MissingDataError, match="no delivery is loaded for 2015-03") as caught:
        before.previous_year.previous_year  # noqa: B018
    assert "2016-01" in caught.value.action


def test_children_are_the_base_units_and_theirs_the_cost_centres(wb):
    assert list(wb.children)[:2] == ["171", "172"]
    assert wb.children.labels["171"] == "Stabsledning och kansli"
    assert wb.children["Stabsledning och kansli"] is wb.children["171"]
    assert list(wb.children["171"].children) == ["1310", "1311"]
    assert "171" in wb.children._ipython_key_completions_()
    with pytest.raises(UsageError, match="no level below"):
        wb.children["171"].children["1310"].children  # noqa: B018
    with pytest.raises(UnknownItemError, match="171 Stabsledning"):
        wb.children["17l"]


def test_a_part_is_measured_on_its_own_rows_and_a_part_without_rows_has_zero(wb):
    # Everybody and every posting of the made data are in 1310.
    one, none = wb.children["171"], wb.children["172"]
    assert total(one, "worked_fte") == total(wb, "worked_fte")
    assert total(none, "worked_fte") == 0
    assert line(one, "outcome") == line(wb, "outcome")
    assert line(none, "outcome") == 0
    assert line(none, "previous") == 0
    series = none.table("net_monthly").frame.filter(pl.col("series") == "outcome")
    assert set(series["value"]) == {0.0}
    assert "171 Stabsledning och kansli" in one.table("worked_fte").spec.title
    stacked = wb.children.frame("headcount")
    assert stacked.columns[:2] == ["part", "part_label"]
    assert set(stacked["part"]) == set(wb.children)


def test_every_table_is_given_for_a_part_or_says_that_it_is_not(wb):
    part = wb.children["171"]
    for table_id in TABLES:
        if asked.exists_below(table_id):
            if table_id in wb._specs:
                assert part.table(table_id).frame.columns == wb.table(table_id).frame.columns
        else:
            with pytest.raises(UsageError, match="per administration only"):
                part.table(table_id)


def test_a_part_or_range_is_neither_protected_alone_nor_commented(wb):
    for bench in (wb.children["171"], wb.range("month")):
        with pytest.raises(DisclosureError, match="neighbours"):
            bench.protected("worked_fte")
        with pytest.raises(DisclosureError):
            bench.show("worked_fte")
        with pytest.raises(CommentError, match="part or a range"):
            bench.comment(
                about={"table": "deviations", "deviation": "budget-income"}, text="x", author_role="Controller"
            )


def test_a_run_is_about_one_month_unit_and_range(wb):
    with scheduled.run():
        for ask in (lambda: wb.children, lambda: wb.previous_year, lambda: wb.range("month")):
            with pytest.raises(DisclosureError, match="a report cannot use"):
                ask()


def test_another_engine_measures_a_part_alike(wb):
    files = Data.of(wb._store, wb.catalog, "duckdb")
    part = wb.children["171"]
    for table_id in ("worked_fte", "headcount", "fr1_outcome", "net_monthly"):
        found = registry.compute(table_id, of_part(files, "17", part.scope.part), part.scope)
        assert found.frame.equals(part.table(table_id).frame), table_id


def test_calls_with_a_parameter_that_there_is_not_say_which_there_are(wb):
    for call in (wb.range, wb.comment, wb.deviations, wb.share):
        with pytest.raises(UsageError, match="has no parameter 'rolle'") as caught:
            call(rolle="x")
        assert "There are: " in caught.value.action


def test_the_bench_says_what_it_is_about(wb):
    assert repr(wb) == "<Workbench 2018-03 unit 17, public>"
    assert "part 171 Stabsledning och kansli" in repr(wb.children["171"])
    assert "quarter" in repr(wb.range("quarter"))
    assert isinstance(UnknownNameError("x"), AnalyticsError)
