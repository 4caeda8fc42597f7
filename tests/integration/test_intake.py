"""Intake from the inbox to the catalog: versions, dependencies, what is kept and what is redone."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from small_region import ABSENCE, LEDGER, NOW, SECRET, STAFF, TIME, AcceptAll, SmallRegion

from analytics.errors import CodeError, MissingDataError, StorageError
from analytics.intake import validate_processed
from analytics.reference import Reference
from analytics.schemas import TABLES


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    made = SmallRegion(tmp_path_factory.mktemp("loaded") / "region")
    made.write()
    made.load()
    return made


@pytest.fixture
def region(loaded, tmp_path):
    shutil.copytree(loaded.root, tmp_path / "region")
    return SmallRegion(tmp_path / "region")


def change(region: SmallRegion, name: str, old: str, new: str) -> None:
    region.files[name] = [line.replace(old, new) for line in region.files[name]]
    region.write(name)


def test_snapshot_is_the_delivery_byte_for_byte_and_cannot_be_written(region):
    folder = region.raw / ".snapshots/heroma_tid/2018-02/v001"
    copy = folder / "heroma_tid_201802.csv"
    assert copy.read_bytes() == (region.raw / TIME).read_bytes()
    assert copy.stat().st_mode & 0o777 == 0o444
    record = json.loads((folder / "delivery.json").read_text())
    assert record["supplier"] == "heroma"
    assert record["period"] == "2018-02"
    assert record["received"] == NOW.isoformat()
    assert record["size"] == len(copy.read_bytes())
    assert record["status"] == "taken"


def test_loading_again_does_nothing(region):
    before = region.checksums()
    catalog = region.settings.paths.processed / "catalog.json"
    stamp = catalog.stat().st_mtime_ns
    gate = AcceptAll()
    report = region.load(validate=gate, now=datetime(2018, 4, 20, tzinfo=UTC))
    assert report.as_record()["taken"] == []
    assert len(report.unchanged) == 7
    assert gate.calls == []
    assert region.checksums() == before
    assert catalog.stat().st_mtime_ns == stamp


def test_changed_bytes_are_a_new_version_and_only_they_are_redone(region):
    before = {entry.snapshot.layout: entry for entry in region.store.catalog().entries}
    change(region, TIME, "160,00", "152:15")
    report = region.load()
    after = {entry.snapshot.layout: entry for entry in region.store.catalog().entries}
    assert [one.layout for one in report.taken] == ["heroma_tid"]
    assert after["heroma_tid"].snapshot.version == 2
    assert after["heroma_tid"].file != before["heroma_tid"].file
    assert {name for name in after if after[name] != before[name]} == {"heroma_tid"}
    assert region.store.scan("time").collect()["hours"].sum() == 365.75 - 160 + 152.25
    assert (region.settings.paths.processed / before["heroma_tid"].file).exists(), "a running reader still needs it"
    change(region, ABSENCE, "24,00", "16,00")
    region.load()
    assert not (region.settings.paths.processed / before["heroma_tid"].file).exists()


def test_report_says_what_was_detected(region):
    change(region, TIME, "160,00", "150,00")
    report = region.load()
    assert "Read heroma_tid: encoding cp1252, separator semicolon, header on line 2 (1 files)" in str(report)
    assert report.as_record()["taken"][0]["detected"][3:] == (
        "rows: 6, as the last line says",
        "rows with hours as HH:MM: 1",
        "rows that correct earlier months: 1",
    )


def test_data_version_depends_on_the_data_and_not_on_the_time(region, tmp_path):
    other = SmallRegion(tmp_path / "other")
    other.write()
    other.load(now=datetime(2018, 4, 30, tzinfo=UTC))
    assert other.store.catalog().version == region.store.catalog().version
    change(other, TIME, "160,00", "160,25")
    other.load()
    assert other.store.catalog().version != region.store.catalog().version


def test_declared_redelivery_supersedes(region):
    name = TIME.replace(".csv", "_v2.csv")
    region.files[name] = [line.replace("160,00", "150,00") for line in region.files[TIME]]
    region.write(name)
    report = region.load()
    assert [(one.file, one.version) for one in report.taken] == [("heroma_tid_201802_v2.csv", 2)]
    assert report.notes == ("heroma_tid_201802.csv is superseded by heroma_tid_201802_v2.csv",)
    assert region.load().taken == ()


def test_same_content_twice_is_taken_once_and_said(region):
    shutil.copy(region.raw / TIME, region.raw / "heroma/heroma_tid_201802 (1).csv")
    report = region.load()
    assert report.taken == ()
    assert report.notes == ("heroma_tid_201802 (1).csv has the same content as heroma_tid_201802.csv: taken once",)


def test_changed_reference_redoes_what_depends_on_it(region):
    file = region.settings.paths.reference / "report_lines.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("Resor", "Tjänsteresor"), encoding="utf-8")
    report = region.load()
    assert len(report.taken) == 7
    assert region.store.catalog().entries[0].reference == Reference(region.settings.paths.reference).checksum


@pytest.mark.parametrize(
    ("name", "column"), [("personnel_groups.csv", "Personalgrupp"), ("aid_labels.csv", "AID-etikett")]
)
def test_a_code_that_is_no_longer_valid_is_refused(region, name, column):
    file = region.settings.paths.reference / name
    file.write_text(file.read_text(encoding="utf-8").replace(";2008-01-01;", ";2008-01-01;2018-01-31"), "utf-8")
    with pytest.raises(CodeError, match="not valid on any day of 2018-02") as raised:
        region.load()
    assert raised.value.as_record()["column"] == column
    assert name in raised.value.action


def test_another_secret_redoes_what_holds_employee_keys(region):
    keys = set(region.store.scan("time").collect()["employee_key"])
    report = region.load(secret=bytes(32))
    assert sorted(one.table for one in report.taken) == ["absence", "employments", "time"]
    assert not keys & set(region.store.scan("time").collect()["employee_key"])


def test_keys_join_the_staff_tables(region):
    staff = set(region.store.scan("employments").collect()["employee_key"])
    assert len(staff) == 3
    assert set(region.store.scan("time").collect()["employee_key"]) == staff
    assert set(region.store.scan("absence").collect()["employee_key"]) < staff


def test_snapshots_are_the_memory_when_the_inbox_is_emptied(region):
    before = {table: region.store.scan(table).collect().rows() for table in TABLES}
    for folder in ("heroma", "raindance", "inhyrd"):
        shutil.rmtree(region.raw / folder)
    assert region.load().taken == ()
    shutil.rmtree(region.settings.paths.processed)
    assert len(region.load().taken) == 7
    assert {table: region.store.scan(table).collect().rows() for table in TABLES} == before


def test_refused_version_is_never_used_later(region):
    change(region, TIME, "1310", "9999")
    with pytest.raises(Exception, match="unknown cost centre"):
        region.load()
    record = json.loads((region.raw / ".snapshots/heroma_tid/2018-02/v002/delivery.json").read_text())
    assert record["status"] == "refused"
    (region.raw / TIME).unlink()
    shutil.rmtree(region.settings.paths.processed)
    region.load()
    assert region.store.catalog().find("heroma_tid", "2018-02").snapshot.version == 1


def test_only_the_chosen_layouts_are_looked_at(region):
    change(region, TIME, "160,00", "150,00")
    change(region, ABSENCE, "24,00", "16,00")
    report = region.load(only=("heroma_franvaro",))
    assert [one.layout for one in report.taken] == ["heroma_franvaro"]
    assert len(region.store.catalog().entries) == 7


def test_one_load_at_a_time(region):
    descriptor = os.open(region.settings.paths.processed, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with pytest.raises(StorageError, match="another load is running"):
            region.load()
    finally:
        os.close(descriptor)
    assert region.load().taken == ()


def test_changed_snapshot_is_noticed(region):
    copy = region.raw / ".snapshots/heroma_tid/2018-02/v001/heroma_tid_201802.csv"
    copy.chmod(0o644)
    copy.write_bytes(copy.read_bytes().replace(b"160,00", b"999,00"))
    shutil.rmtree(region.settings.paths.processed)
    with pytest.raises(StorageError, match="not what was registered"):
        region.load()


def test_missing_partition_is_an_error_to_readers_and_remade_by_a_load(region):
    entry = region.store.catalog().of_table("time")[0]
    rows = region.store.scan("time").collect().rows()
    (region.settings.paths.processed / entry.file).unlink()
    with pytest.raises(MissingDataError, match="listed in the catalog but gone"):
        region.store.scan("time")
    assert [one.table for one in region.load().taken] == ["time"]
    assert region.store.scan("time").collect().rows() == rows


def test_nothing_personal_stands_in_any_processed_file(region):
    content = b"".join(file.read_bytes() for file in region.settings.paths.processed.rglob("*") if file.is_file())
    tables = " ".join(
        str(region.store.scan(table).collect().select(pl.col(pl.String)).to_dict(as_series=False)) for table in TABLES
    )
    for number in ("10001", "10002", "10003", "197001010003", "19700101-0003", "Sjuk dag"):
        assert number.encode() not in content
        assert f"'{number}'" not in tables


def test_main_employment_is_the_one_with_the_highest_rate(region):
    frame = region.store.scan("employments").collect()
    assert frame.filter("is_main")["cost_centre"].sort().to_list() == ["0110", "1310", "1310"]
    assert frame.group_by("employee_key").agg(pl.col("is_main").sum())["is_main"].to_list() == [1, 1, 1]


def test_every_posting_belongs_to_one_report_line_and_the_lines_equal_the_file(region):
    frame = region.store.scan("ledger").collect().filter(kind="outcome")
    lines = dict(frame.group_by("report_line").agg(pl.col("amount_ore").sum()).rows())
    assert lines == {"income": -125734250, "staff_employees": 90010025, "operations_travel": -175000}
    taken = region.store.catalog().find("raindance_saldo", "2018-03").taken
    assert f"the report lines together equal the file: {sum(lines.values())} öre" in taken


def test_opening_and_closing_periods_belong_to_january_and_december(region):
    for month, special, kind in (("201701", "201700", "opening"), ("201712", "201713", "closing")):
        name = LEDGER.replace("201803", month)
        region.files[name] = [line.replace("\t201803\t", f"\t{month}\t") for line in region.files[LEDGER]]
        region.files[name][4] = region.files[name][4].replace(f"\t{month}\t", f"\t{special}\t")
        region.write(name)
        region.load()
        frame = region.store.scan("ledger").collect().filter(pl.col("period_kind") == kind)
        assert frame["period"].to_list() == [f"{month[:4]}-{month[4:]}"]
        assert frame["amount_ore"].to_list() == [-125734250]


def test_projects_and_origin_come_from_the_organisation_and_the_counterparty(region):
    frame = region.store.scan("ledger").collect().filter(kind="outcome")
    assert frame.filter("is_project")["cost_centre"].to_list() == ["1321"]
    assert frame.filter(pl.col("origin") == "internal")["counterparty"].to_list() == ["I17"]
    assert frame["posting_date"].to_list()[0] == date(2018, 3, 5)


def test_agency_month_is_that_of_the_thursday(region):
    frame = region.store.scan("agency").collect()
    assert frame.select("period", "iso_week").rows() == [("2018-03", 9), ("2018-01", 1)]


def test_empty_store_gives_empty_tables_with_their_columns(tmp_path):
    region = SmallRegion(tmp_path / "region")
    for table in TABLES.values():
        frame = region.store.scan(table.name).collect()
        assert frame.is_empty()
        assert tuple(frame.columns) == table.column_names


def test_many_deliveries_are_validated_in_few_batches(region):
    for month in ("201710", "201711", "201712", "201801"):
        name = TIME.replace("201802", month)
        region.files[name] = [line.replace(";201802;", f";{month};") for line in region.files[TIME]]
        region.files[name][5] = region.files[name][4].replace("114,75", "1,00")
        region.write(name)
    gate = AcceptAll()
    report = region.load(validate=gate)
    assert len(report.taken) == 4
    assert gate.calls == [("time", 24), ("across", len(TABLES))]


def test_stored_validation_and_what_is_in_force_can_be_judged_again(region):
    entry = region.store.catalog().of_table("time")[0]
    assert region.store.validation_record(entry.validation)["table"] == "time"
    assert region.store.validation_record(region.store.catalog().across)["table"] == "across_tables"
    report = validate_processed(region.settings, validate=AcceptAll())
    delivered = [name for name in TABLES if region.store.catalog().of_table(name)]
    assert {"employments", "time", "absence", "ledger", "agency"} <= set(delivered)
    assert [result.table for result in report.results] == [*delivered, "across_tables"]
    report.raise_if_critical()


def test_synthetic_notes_are_not_deliveries(region):
    (region.raw / "SYNTETISKA_DATA.txt").write_text("x")
    (region.raw / "heroma/README.md").write_text("x")
    (region.raw / "heroma/.gitkeep").write_text("")
    assert region.load().taken == ()


def test_employment_file_may_come_first_and_alone(tmp_path):
    region = SmallRegion(tmp_path / "region")
    region.write(STAFF)
    report = region.load(secret=SECRET)
    assert [(one.table, one.rows) for one in report.taken] == [("employments", 4)]
    assert Path(region.settings.paths.processed / region.store.catalog().entries[0].file).is_file()
