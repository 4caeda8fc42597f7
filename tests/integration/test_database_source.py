"""Deliveries out of a real PostgreSQL: asked for, written as delivered, read by the usual reader; nothing leaks."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import polars as pl
import postgres
import pytest
from small_region import AGENCY, NOW, SmallRegion

from analytics import connections
from analytics.credentials import Credentials
from analytics.errors import SettingsError
from analytics.settings import DatabaseSource, Sources

QUERY = """
SELECT leverantor AS "Leverantör", forvaltning AS "Förvaltning", yrke AS "Yrke", vecka AS "Vecka",
       timmar AS "Timmar", fakturadatum AS "Fakturadatum", belopp AS "Belopp", version AS "Version"
FROM inhyrd WHERE manad = :month ORDER BY vecka
"""
SECRET = {"inhyrd_password": postgres.PASSWORD}


@pytest.fixture(scope="module")
def server():
    if postgres.programs() is None:
        if os.environ.get("ANALYTICS_REQUIRE_DATABASE") == "1":
            pytest.fail("PostgreSQL is not installed and ANALYTICS_REQUIRE_DATABASE=1")
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    # Not below the folder of the tests: the server's own user may not enter that.
    folder = Path(tempfile.mkdtemp(prefix="analytics-postgres-"))
    folder.chmod(0o755)
    try:
        with postgres.started(folder / "server") as made:
            yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def table(server):
    server.execute(
        "DROP TABLE IF EXISTS inhyrd",
        "CREATE TABLE inhyrd (manad text, leverantor text, forvaltning text, yrke text, vecka text, "
        "timmar numeric(8,2), fakturadatum date, belopp numeric(12,2), version int)",
        "INSERT INTO inhyrd VALUES "
        "('201803', 'Bemanning Ett AB', '10', 'LÄK', '2018-V01', -8.00, '2018-03-10', -9600.00, 2), "
        "('201803', 'Bemanning Ett AB', '10', 'LÄK', '2018-V09', 40.00, '2018-03-10', 48000.50, 1)",
    )
    return server


def region_of(tmp_path, server, query=QUERY, **changes):
    region = SmallRegion(tmp_path / "region")
    (region.root / "inhyrd.sql").write_text(query, encoding="utf-8")
    source = replace(DatabaseSource("vendor", "inhyrd", server.url, "inhyrd_password", "inhyrd.sql", 1), **changes)
    region.settings = replace(region.settings, sources=Sources((), (), (source,)))
    return region


def pull(region, **secrets):
    return connections.pull(region.settings, credentials=Credentials(secrets or SECRET), now=NOW)


def everything_below(folder):
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def test_an_answer_becomes_a_delivery_that_is_read_like_any_other(tmp_path, table):
    region = region_of(tmp_path, table)
    report = pull(region)
    assert report.taken == ("inhyrd_201803.csv",)
    report.raise_if_failed()
    loaded = region.load()
    assert [taken.rows for taken in loaded.taken] == [2]
    frame = region.store.scan("agency").collect().sort("hours")
    assert frame["hours"].to_list() == [-8.0, 40.0]
    assert frame["amount_ore"].to_list() == [-960_000, 4_800_050]
    assert region.raw.joinpath(".snapshots/inhyrd/2018-03/v001").is_dir()
    assert postgres.PASSWORD.encode() not in everything_below(region.root)


def test_the_same_answer_is_no_new_delivery_and_a_correction_is_a_new_version(tmp_path, table):
    region = region_of(tmp_path, table)
    pull(region)
    region.load()
    assert pull(region).sources[0].unchanged == 1
    table.execute("UPDATE inhyrd SET timmar = 44 WHERE version = 1")
    assert pull(region).taken == ("inhyrd_201803.csv",)
    region.load()
    assert region.store.scan("agency").select(pl.col("hours").max()).collect().item() == 44.0
    assert region.raw.joinpath(".snapshots/inhyrd/2018-03/v002").is_dir()


def test_a_delivered_month_that_is_suddenly_empty_is_a_problem_and_changes_nothing(tmp_path, table):
    region = region_of(tmp_path, table, layout="heroma_tid", query=QUERY)
    query = """SELECT '1' AS "Anstnr", manad AS "Period", '1310' AS "Ansvar", 'ORD' AS "Tidart",
               timmar AS "Timmar", belopp AS "Belopp" FROM inhyrd WHERE manad = :month"""
    (region.root / "inhyrd.sql").write_text(query, encoding="utf-8")
    assert pull(region).taken == ("heroma_tid_201803.csv",)
    before = everything_below(region.raw)
    table.execute("DELETE FROM inhyrd")
    report = pull(region)
    assert "delivered before" in report.failed[0].problem
    assert everything_below(region.raw) == before


def test_a_month_without_rows_yet_waits(tmp_path, table):
    region = region_of(tmp_path, table, layout="heroma_tid")
    query = """SELECT '1' AS "Anstnr", manad AS "Period", '1310' AS "Ansvar", 'ORD' AS "Tidart",
               timmar AS "Timmar", belopp AS "Belopp" FROM inhyrd WHERE manad = 'none'"""
    (region.root / "inhyrd.sql").write_text(query, encoding="utf-8")
    result = pull(region).sources[0]
    assert (result.taken, result.problem) == ((), "")
    assert "no rows yet" in result.waiting[0]
    assert not list((region.raw / "heroma").iterdir())


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (QUERY.replace('AS "Yrke"', 'AS "Yrken"'), "other columns than the layout"),
        (QUERY.replace("leverantor AS", "leverantor || ';x' AS"), "separator or line break"),
        (QUERY.replace("fakturadatum AS", "fakturadatum + interval '1 hour' AS"), "datetime"),
        (QUERY.replace("timmar AS", "timmar::float8 AS"), "float"),
        (QUERY.replace("timmar AS", "leverantor::int AS"), "SQLSTATE 22P02"),
        (QUERY.replace("FROM inhyrd", "FROM nowhere"), "SQLSTATE 42P01"),
    ],
)
def test_what_cannot_be_a_delivery_is_refused_without_quoting_a_row(tmp_path, table, query, said):
    region = region_of(tmp_path, table, query=query)
    problem = pull(region).failed[0].problem
    assert said in problem
    assert "Bemanning" not in problem
    assert not list(region.raw.rglob("inhyrd_*"))


def test_a_wrong_password_or_a_server_that_is_gone_passes_later_and_shows_no_secret(tmp_path, table):
    region = region_of(tmp_path, table)
    wrong = pull(region, inhyrd_password="fel lösen/ord").failed[0]
    gone = pull(region_of(tmp_path / "b", table, url="postgresql+psycopg://analys@127.0.0.1:1/postgres")).failed[0]
    assert wrong.passing
    assert gone.passing
    for problem in (wrong.problem, gone.problem):
        assert "fel lösen" not in problem
        assert "fel%20l" not in problem
        assert postgres.PASSWORD not in problem


def test_a_missing_credential_is_said_and_does_not_stop_other_sources(tmp_path, table):
    region = region_of(tmp_path, table)
    source = region.settings.sources.database[0]
    region.settings = replace(
        region.settings, sources=Sources((), (), (replace(source, id="other", credential="none_given"), source))
    )
    report = pull(region)
    assert "'none_given' is not given" in report.failed[0].problem
    assert report.taken == (Path(AGENCY).name,)
    with pytest.raises(SettingsError):
        Credentials({}).get("none_given")
