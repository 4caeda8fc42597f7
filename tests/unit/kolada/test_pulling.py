"""A pull leaves one whole delivery or none, and what it leaves is read as observations."""

from __future__ import annotations

import dataclasses
import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from kolada_server import KoladaServer, half, send, status

from analytics import intake
from analytics import settings as settings_module
from analytics.errors import ServiceError, StorageError, UsageError
from analytics.kolada import pull, pulling
from analytics.kolada.client import Clock
from analytics.processed import Store

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2018, 4, 15, 12, tzinfo=UTC)
FIRST = "kolada/kolada_201804.json"


@pytest.fixture(params=["v2", "v3"])
def server(request):
    with KoladaServer(version=request.param) as running:
        yield running


def settings_for(tmp_path, server, **changed):
    loaded = settings_module.load(ROOT)
    chosen = {
        "enabled": True,
        "base_url": server.address,
        "version": server.version,
        "kpis": ("N00945", "N79001"),
        "municipalities": ("0010", "1080"),
        "attempts": 2,
    }
    paths = dataclasses.replace(loaded.paths, raw=tmp_path / "raw", processed=tmp_path / "processed")
    return dataclasses.replace(loaded, paths=paths, kolada=dataclasses.replace(loaded.kolada, **chosen | changed))


def pulled(settings, now=NOW):
    return pull(settings, now=now, clock=Clock(sleep=lambda _: None), answer_seconds=5.0)


def files(tmp_path):
    return sorted(str(file.relative_to(tmp_path / "raw")) for file in (tmp_path / "raw").rglob("*") if file.is_file())


def test_a_pull_writes_one_delivery_that_cannot_be_changed(tmp_path, server):
    report = pulled(settings_for(tmp_path, server))
    assert files(tmp_path) == [FIRST]
    assert stat.S_IMODE(report.file.stat().st_mode) == 0o444
    document = json.loads(report.file.read_text(encoding="utf-8"))
    assert document["notice"] == "Källa: Kolada (RKA)"
    assert document["kpis"][0] == {"id": "N00945", "title": "Invånare totalt, antal"}
    assert document["count"] == len(document["values"]) == report.records == 4
    assert str(report).endswith("Källa: Kolada (RKA).")
    assert report.as_record()["attribution"] == "Källa: Kolada (RKA)"


def test_the_same_again_is_not_written_twice(tmp_path, server):
    settings = settings_for(tmp_path, server)
    pulled(settings)
    report = pulled(settings, now=NOW.replace(day=20))
    assert not report.written
    assert "nothing written" in str(report)
    assert files(tmp_path) == [FIRST]


def test_changed_figures_are_a_new_version_and_the_old_one_stands(tmp_path, server):
    pulled(settings_for(tmp_path, server))
    before = (tmp_path / "raw" / FIRST).read_bytes()
    report = pulled(settings_for(tmp_path, server, municipalities=("0010",)))
    assert report.file.name == "kolada_201804_v2.json"
    assert (tmp_path / "raw" / FIRST).read_bytes() == before
    assert files(tmp_path) == [FIRST, "kolada/kolada_201804_v2.json"]


def test_what_was_pulled_is_loaded_with_text_ids_and_missing_values_told(tmp_path, server):
    settings = settings_for(tmp_path, server)
    pulled(settings)
    report = intake.load(settings, secret=b"x" * 32, now=NOW)
    rows = (
        Store(settings.paths.processed).scan("indicators").collect().sort("indicator", "observed_unit", "period", "sex")
    )
    assert [result.failures for result in report.results if result.table == "indicators"] == [()]
    found = rows.select(
        "period", "indicator", "observed_unit", "observed_label", "sex", "value", "missing_status"
    ).rows()
    assert found == [
        ("2016-12", "kolada:N00945", "0010", "Region Blekinge", "K", 78_000.0, None),
        ("2016-12", "kolada:N00945", "0010", "Region Blekinge", "M", 79_500.0, None),
        ("2016-12", "kolada:N00945", "0010", "Region Blekinge", "T", 157_500.0, None),
        ("2017-12", "kolada:N00945", "0010", "Region Blekinge", "K", 78_342.0, None),
        ("2017-12", "kolada:N00945", "0010", "Region Blekinge", "M", 80_111.0, None),
        ("2017-12", "kolada:N00945", "0010", "Region Blekinge", "T", 158_453.0, None),
        ("2017-12", "kolada:N00945", "1080", "Karlskrona", "T", 66_262.5, None),
        ("2017-12", "kolada:N79001", "0010", "Region Blekinge", "T", None, "Missing"),
    ]
    assert set(rows["administration"]) == {""}
    assert set(rows["indicator_label"]) == {"Invånare totalt, antal", "Väntetid, andel (%)"}


@pytest.mark.parametrize(
    ("path", "fault", "says"),
    [
        ("data/kpi/N79001/municipality/0010,1080", status(500), "HTTP 500"),
        ("data/kpi/N79001/municipality/0010,1080", half(b'{"count": 0, "values": []}'), "cut off"),
        ("kpi/N79001", send(b"<html>", kind="text/html"), "instead of JSON"),
    ],
)
def test_a_failed_pull_leaves_nothing(tmp_path, server, path, fault, says):
    server.faults[f"/{server.version}/{path}"] = [fault] * 2
    with pytest.raises(ServiceError, match=says):
        pulled(settings_for(tmp_path, server))
    assert not (tmp_path / "raw").exists()


def test_many_municipalities_are_asked_for_in_several_questions(tmp_path, server, monkeypatch):
    monkeypatch.setattr(pulling, "_IDS_AT_ONCE", 1)
    report = pulled(settings_for(tmp_path, server, kpis=("N00945",)))
    asked = [path for path in server.asked if "/data/" in path]
    assert [path.rpartition("/")[2] for path in asked] == ["0010", "1080"]
    assert report.records == 3


def test_a_failed_pull_leaves_the_earlier_delivery(tmp_path, server):
    settings = settings_for(tmp_path, server)
    pulled(settings)
    before = (tmp_path / "raw" / FIRST).read_bytes()
    server.faults[f"/{server.version}/municipality"] = [status(503)] * 2
    with pytest.raises(ServiceError):
        pulled(settings)
    assert files(tmp_path) == [FIRST]
    assert (tmp_path / "raw" / FIRST).read_bytes() == before


def test_an_unknown_key_figure_is_refused(tmp_path, server):
    with pytest.raises(ServiceError, match=r"kpi/N12345: HTTP 404"):
        pulled(settings_for(tmp_path, server, kpis=("N00945", "N12345")))
    assert not (tmp_path / "raw").exists()


def test_an_unknown_key_figure_that_is_answered_with_nothing_is_refused(tmp_path, server):
    server.faults[f"/{server.version}/kpi/N12345"] = [send(b'{"count": 0, "values": []}')]
    with pytest.raises(ServiceError, match="no key figure 'N12345'"):
        pulled(settings_for(tmp_path, server, kpis=("N12345",)))


def test_a_municipality_that_lost_its_zeros_is_refused(tmp_path, server):
    with pytest.raises(ServiceError, match="no municipality '10'") as refused:
        pulled(settings_for(tmp_path, server, municipalities=("10",)))
    assert "leading zeros" in str(refused.value)


def test_nothing_is_fetched_unless_it_is_enabled(tmp_path, server):
    with pytest.raises(UsageError, match="not enabled"):
        pulled(settings_for(tmp_path, server, enabled=False))
    assert server.asked == []


def test_nothing_to_fetch_is_told(tmp_path, server):
    with pytest.raises(UsageError, match="no key figures"):
        pulled(settings_for(tmp_path, server, kpis=()))
    assert server.asked == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path, server):
    (tmp_path / "raw").write_text("a file stands here")
    with pytest.raises(StorageError, match="cannot be written"):
        pulled(settings_for(tmp_path, server))


def test_the_settings_of_the_project_fetch_nothing():
    assert not settings_module.load(ROOT).kolada.enabled
