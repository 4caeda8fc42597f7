"""The store: what the catalog lists, and what happens when it cannot be written."""

from __future__ import annotations

import errno
import json
from dataclasses import replace

import polars as pl
import pytest

from analytics import durable, processed
from analytics.errors import MissingDataError, StorageError
from analytics.periods import Period
from analytics.processed import Catalog, Entry, Source, Store, schema_of
from analytics.schemas import TABLES

FRAME = pl.DataFrame(
    [("2018-02", "2018-02", "a" * 32, "17", "171", "1310", "ordinary", 8.0)], schema=schema_of("time"), orient="row"
)


def entry(name: str, delivery: str = "2018-02", key: str = "k1") -> Entry:
    source = Source("heroma_tid", "heroma", 1, "0" * 64, "2018-04-15T12:00:00+00:00", "heroma_tid_201802.csv")
    return Entry("time", delivery, f"time/{name}.parquet", 1, key, source, 1, "r", ("encoding cp1252",), "")


def ledger_entry(delivery: str) -> Entry:
    source = Source("raindance_saldo", "raindance", 1, "1" * 64, "2018-04-15T12:00:00+00:00", "raindance_saldo.txt")
    return Entry("ledger", delivery, f"ledger/{delivery}.parquet", 1, f"l{delivery}", source, 1, "r", (), "")


def put(store: Store, *entries: Entry) -> None:
    previous = tuple(sorted(store.catalog().files))
    names = [one.file for one in entries if not (store.folder / one.file).exists()]
    for name in names:
        store.stage(name, FRAME)
    store.commit(Catalog(entries, previous), names)
    store.sweep()


def test_what_is_committed_is_read_back(tmp_path):
    store = Store(tmp_path / "processed")
    with store.locked():
        put(store, entry("a"))
    assert store.scan("time").collect().equals(FRAME)
    assert store.catalog().entries == (entry("a"),)
    assert store.catalog().find("heroma_tid", "2018-02") == entry("a")
    assert store.catalog().find("heroma_tid", "2018-03") is None


def test_what_was_known_when_a_month_closed_does_not_change_with_the_next_delivery():
    march = Period(2018, 3)
    known = Catalog((entry("a"), ledger_entry("2018-03")))
    later = Catalog((*known.entries, entry("b", delivery="2018-03", key="k2"), ledger_entry("2018-04")))
    corrected = Catalog((entry("c", key="k3"), *later.entries[1:]))
    assert later.version != known.version
    assert later.until(march, staff_lag=1) == known
    assert later.until(march, staff_lag=1).version == known.version
    assert corrected.until(march, staff_lag=1).version != known.version
    # Staff of the month itself counts where it comes with the month's ledger.
    assert {one.delivery for one in later.until(march, staff_lag=0).of_table("time")} == {"2018-02", "2018-03"}
    assert later.until(Period(2018, 1), staff_lag=1).entries == ()


def test_readers_see_only_what_the_catalog_lists(tmp_path):
    store = Store(tmp_path / "processed")
    with store.locked():
        put(store, entry("a"))
        store.stage("time/b.parquet", FRAME)
        (store.folder / "time/stray.parquet").write_bytes(b"")
    assert store.scan("time").collect().height == 1


def test_files_live_one_catalog_longer(tmp_path):
    store = Store(tmp_path / "processed")
    with store.locked():
        put(store, entry("a"))
        put(store, entry("b", key="k2"))
        assert (store.folder / "time/a.parquet").exists()
        put(store, entry("c", key="k3"))
    assert sorted(file.name for file in (store.folder / "time").iterdir()) == ["b.parquet", "c.parquet"]


def test_version_follows_the_keys_alone(tmp_path):
    first = Catalog((entry("a"), entry("b", "2018-01")))
    assert first.version == Catalog(tuple(reversed(first.entries)), ("x",), "validation/y.json").version
    assert first.version != Catalog((replace(entry("a"), key="k2"), entry("b", "2018-01"))).version
    store = Store(tmp_path)
    assert store.catalog().version == Catalog().version


def test_damaged_catalog(tmp_path):
    (tmp_path / "catalog.json").write_text("{")
    with pytest.raises(StorageError, match="damaged"):
        Store(tmp_path).catalog()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"table": "time"', '"table": "spacetime"'),
        ('"file": "time/', '"file": "../time/'),
        ('"key": "k1"', '"key": "k2"'),
    ],
)
def test_catalog_changed_by_hand(tmp_path, old, new):
    store = Store(tmp_path)
    put(store, entry("a"))
    catalog = tmp_path / "catalog.json"
    catalog.write_text(catalog.read_text().replace(old, new))
    with pytest.raises(StorageError, match="changed by hand"):
        store.catalog()


def test_missing_validation_record(tmp_path):
    with pytest.raises(MissingDataError):
        Store(tmp_path).validation_record("validation/none.json")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_failed_write_is_said_and_leaves_the_old_catalog(tmp_path, monkeypatch, code):
    store = Store(tmp_path / "processed")
    with store.locked():
        put(store, entry("a"))
        before = {file: file.read_bytes() for file in store.folder.rglob("*") if file.is_file()}

        def refuse(_: int) -> None:
            raise OSError(code, "played")

        monkeypatch.setattr(durable.os, "fsync", refuse)
        with pytest.raises(StorageError, match="cannot be written: played"):
            put(store, entry("b", key="k2"))
        monkeypatch.undo()
        store.sweep()
    assert {file: file.read_bytes() for file in store.folder.rglob("*") if file.is_file()} == before


def test_failed_rename_takes_back_what_was_placed(tmp_path, monkeypatch):
    store = Store(tmp_path / "processed")
    with store.locked():
        put(store, entry("a"))
        store.stage("time/b.parquet", FRAME)

        def refuse(_: object) -> None:
            raise OSError(errno.ENOSPC, "played")

        monkeypatch.setattr(durable, "sync_folder", refuse)
        with pytest.raises(StorageError):
            store.commit(Catalog((entry("b", key="k2"),)), ["time/b.parquet"])
    assert not (store.folder / "time/b.parquet").exists()
    assert store.catalog().entries == (entry("a"),)


def test_two_loads_do_not_run_at_once(tmp_path):
    store = Store(tmp_path / "processed")
    with store.locked(), pytest.raises(StorageError, match="another load is running"), Store(store.folder).locked():
        pass
    with store.locked():
        put(store, entry("a"))
    assert store.catalog().entries == (entry("a"),)


def test_who_reads_the_catalog_during_a_commit_reads_the_old_one(tmp_path):
    store = Store(tmp_path / "processed")
    with store.locked():
        put(store, entry("a"))
        with (store.folder / "catalog.json").open(encoding="utf-8") as reader:
            put(store, entry("b", key="k2"))
            assert [one["file"] for one in json.load(reader)["entries"]] == ["time/a.parquet"]
    assert store.catalog().entries == (entry("b", key="k2"),)


def test_every_table_has_typed_columns():
    for table in TABLES:
        frame = Store(processed.Path("/nonexistent")).scan(table).collect()
        assert frame.schema == pl.Schema(schema_of(table))
