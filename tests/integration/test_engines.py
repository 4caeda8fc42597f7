"""Every measure gives the same table on polars, DuckDB and PySpark, for the demonstration region."""

from __future__ import annotations

import os
import shutil
from dataclasses import fields
from datetime import date

import narwhals as nw
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics import engines, settings
from analytics.errors import MissingDataError, SettingsError
from analytics.measures import registry
from analytics.measures.catalogue import READS
from analytics.measures.catalogue.focus import table_ids as focus_tables
from analytics.measures.scope import Data, Scope
from analytics.measures.spells import day_number, days_of, month_end
from analytics.organisation import Organisation
from analytics.periods import Period
from analytics.processed import Store
from analytics.reference import Reference
from analytics.schemas import TABLES

UNITS = ("17", "10")


@pytest.fixture(scope="module")
def spark():
    if shutil.which("java") is None:
        if os.environ.get("ANALYTICS_REQUIRE_JAVA") == "1":
            pytest.fail("Java is not installed and ANALYTICS_REQUIRE_JAVA=1")
        pytest.skip("Java is not installed (Debian: apt-get install default-jre-headless)")
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.adaptive.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def scopes(region):
    loaded = settings.load(region.root)
    return {
        unit: Scope(
            period=Period(2018, 3),
            unit=unit,
            settings=loaded,
            organisation=Organisation.read(loaded.paths.reference),
            reference=Reference(loaded.paths.reference),
        )
        for unit in UNITS
    }


def data_of(scope, engine):
    store = Store(scope.settings.paths.processed)
    return Data.of(store, store.catalog().until(scope.period, staff_lag=scope.settings.staff.lag_months), engine)


def computed(scope, data):
    """Every table that the unit has, or the message that says why it has not."""
    found = {}
    for table_id in (*registry.TABLE_IDS, *focus_tables(scope.settings.focus)):
        try:
            found[table_id] = registry.compute(table_id, data, scope)
        except MissingDataError as error:
            found[table_id] = str(error)
    return found


@pytest.fixture(scope="module")
def expected(scopes):
    return {unit: computed(scope, data_of(scope, "polars")) for unit, scope in scopes.items()}


def assert_same(found, expected):
    assert found.keys() == expected.keys()
    measured = 0
    for table_id, table in expected.items():
        if isinstance(table, str):
            assert found[table_id] == table, table_id
            continue
        assert found[table_id].notes == table.notes, table_id
        # Sums are of integers, so they are the same to the last bit; means may differ in the last place.
        assert_frame_equal(found[table_id].frame, table.frame, check_exact=False, rel_tol=1e-12, abs_tol=0)
        measured += 1
    assert measured > 30


@pytest.mark.parametrize("unit", UNITS)
def test_duckdb_gives_what_polars_gives(unit, scopes, expected):
    assert_same(computed(scopes[unit], data_of(scopes[unit], "duckdb")), expected[unit])


@pytest.mark.xdist_group("spark")
# PySpark 4.3 says this of pandas 3 whenever it imports it; nothing here goes through pandas.
@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
def test_pyspark_gives_what_polars_gives(scopes, expected, spark):  # noqa: ARG001 - the session of the process
    read = data_of(scopes["17"], "pyspark")
    # Read once: the measures ask for the same files many times.
    kept = {field.name: getattr(read, field.name).coalesce(1).cache() for field in fields(read)}
    assert_same(computed(scopes["17"], Data(**kept)), expected["17"])


@pytest.mark.parametrize(
    "day",
    [date(1969, 12, 31), date(1970, 1, 1), date(2000, 2, 29), date(2016, 12, 31), date(2018, 3, 1), date(2100, 3, 1)],
)
def test_a_day_has_the_same_number_by_the_calendar_and_by_python(day):
    frame = nw.from_native(pl.LazyFrame({"day": [day]})).select(number=days_of("day"))
    assert engines.collect(frame).item() == day_number(day)


def test_the_last_day_of_every_month_is_the_one_python_knows():
    months = [Period(year, month) for year in (1999, 2000, 2016, 2018, 2100) for month in range(1, 13)]
    frame = nw.from_native(pl.LazyFrame({"period": [str(month) for month in months]})).select(number=month_end())
    assert engines.collect(frame)["number"].to_list() == [day_number(month.last_day) for month in months]


def test_every_measure_that_reads_tables_is_among_them():
    assert {name for names in READS.values() for name in names} <= set(TABLES)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_table_without_deliveries_has_its_columns_and_no_rows(engine):
    frame = engines.collect(registry_frame(engine))
    assert frame.columns == [column.name for column in TABLES["time"].columns]
    assert frame.is_empty()


def registry_frame(engine):
    return nw.from_native(engines.scan(engine, "time", []))


def test_an_engine_that_is_not_installed_is_said(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(SettingsError, match="duckdb, which is not installed"):
        engines.scan("duckdb", "time", [])
