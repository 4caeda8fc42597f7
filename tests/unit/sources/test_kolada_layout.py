"""The file of a pull: read as observations, or refused when it is not what a pull leaves."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analytics import settings as configuration
from analytics import snapshots
from analytics.errors import CellValueError, DeliveryPeriodError, DeliveryUnreadableError, LayoutError
from analytics.kolada import Named, Snapshot
from analytics.organisation import Organisation
from analytics.reference import Reference
from analytics.sources import Context, read_delivery

ROOT = Path(__file__).parents[3]
REFERENCE = ROOT / "data/raw/reference"
NOW = datetime(2018, 4, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def context():
    return Context(configuration.load(ROOT), Reference(REFERENCE), Organisation.read(REFERENCE), b"", NOW)


@pytest.fixture
def read(tmp_path, context):
    def reading(content):
        file = tmp_path / "kolada_201803.json"
        file.write_bytes(content)
        snapshot = snapshots.register(
            file, layout="kolada", supplier="kolada", period="2018-03", store=tmp_path / "store", now=NOW
        )
        return read_delivery(snapshot, context)

    return reading


def value(gender="T", number=58.25, **changed):
    return {"gender": gender, "value": number, "status": "", "count": 1} | changed


def record(*values, **changed):
    return {"kpi": "N00945", "municipality": "0010", "period": 2017, "values": list(values or [value()])} | changed


def snapshot(*records, **changed):
    document = Snapshot(
        version="v3",
        address="https://api.kolada.se",
        fetched="2018-04-10T08:00:00+00:00",
        kpis=(Named("N00945", "Invånare, antal"),),
        municipalities=(Named("0010", "Region Blekinge"),),
        values=records or (record(),),
    )
    return json.dumps(json.loads(document.render()) | changed).encode()


def test_ids_are_text_and_a_year_stands_in_its_december(read):
    [row] = read(snapshot()).frame.rows(named=True)
    assert {name: value for name, value in row.items() if value is not None} == {
        "delivery": "2018-03",
        "period": "2017-12",
        "source": "kolada",
        "indicator": "kolada:N00945",
        "indicator_label": "Invånare, antal",
        "administration": "",
        "observed_unit": "0010",
        "observed_label": "Region Blekinge",
        "sex": "T",
        "value": 58.25,
    }


def test_a_missing_value_keeps_its_status(read):
    values = (value("K", None, status="Missing"), value("M", None, status=None), value("T", 0))
    frame = read(snapshot(record(*values))).frame
    assert frame.select("sex", "value", "missing_status").rows() == [
        ("K", None, "Missing"),
        ("M", None, "Kolada anger inget skäl"),
        ("T", 0.0, None),
    ]


def test_a_deleted_value_is_left_out_and_counted(read):
    reading = read(snapshot(record(value("K", 1.0, isdeleted=True), value("T", 2.0, isdeleted=False))))
    assert reading.frame["sex"].to_list() == ["T"]
    assert "values that Kolada has deleted, left out: 1" in reading.taken


def test_a_year_may_come_as_text_and_be_that_of_the_delivery(read):
    assert read(snapshot(record(period="2018"))).frame["period"].to_list() == ["2018-12"]


@pytest.mark.parametrize(
    ("records", "error", "line", "says"),
    [
        ([record(), record(value("F"), period=2016)], CellValueError, 2, "none of K, M and T"),
        ([record(), record(value(number="58,2"), period=2016)], CellValueError, 2, "cannot be read"),
        ([record(), record(value(number=True), period=2016)], CellValueError, 2, "cannot be read"),
        ([record(), record(value(number=float("nan")), period=2016)], CellValueError, 2, "no number"),
        ([record(), record(period="2017K1")], CellValueError, 2, "cannot be read"),
        ([record(), record(period=2019)], DeliveryPeriodError, 2, "future"),
        ([record(), record()], CellValueError, 1, "two values"),
        ([record(), record(kpi="N1")], LayoutError, 2, "does not name"),
        ([record(), record(municipality=10)], LayoutError, 2, "does not name"),
        ([record(), {"kpi": "N00945"}], LayoutError, 2, "lacks kpi, municipality"),
        ([record(), record(values=[{"gender": "T"}])], LayoutError, 2, "lacks gender or value"),
        ([record(), record(values={})], LayoutError, 2, "lacks kpi, municipality"),
    ],
)
def test_a_wrong_record_is_refused_with_its_position(read, records, error, line, says):
    with pytest.raises(error, match=says) as refused:
        read(snapshot(*records))
    assert refused.value.where.line == line
    assert refused.value.action


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        (snapshot()[:-40], DeliveryUnreadableError, "no JSON"),
        (b"[]", LayoutError, "lacks parts"),
        (b'{"values": []}', LayoutError, "lacks parts"),
        (snapshot(count=2), LayoutError, "more or fewer records"),
        (snapshot(values=[], count=0), DeliveryUnreadableError, "no values"),
        (snapshot(kpis=[{"id": 945, "title": "x"}]), LayoutError, "leading zeros"),
        (snapshot(municipalities=["0010"]), LayoutError, "id and title"),
    ],
)
def test_another_file_is_refused(read, content, error, says):
    with pytest.raises(error, match=says):
        read(content)
