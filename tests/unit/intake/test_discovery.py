"""Which files in the inbox are deliveries, and which one of a month counts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import DeliveryPeriodError, DeliveryUnreadableError, LayoutError, PersonalDataError
from analytics.intake.discovery import discover
from analytics.periods import Period
from analytics.sources import LAYOUTS

NOW = datetime(2018, 4, 15, tzinfo=UTC)


def put(raw, *names: str, content: str | None = None) -> None:
    for name in names:
        file = raw / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content or name)


def test_versions_in_order_and_the_last_one_counts(tmp_path):
    names = ("heroma_tid_201802_v10.csv", "heroma_tid_201802.csv", "heroma_tid_201802_v2.csv")
    put(tmp_path, *(f"heroma/{name}" for name in names))
    found = discover(tmp_path, now=NOW)
    assert [item.declared for item in found.files] == [1, 2, 10]
    assert found.newest()["heroma_tid", "2018-02"].file.name == "heroma_tid_201802_v10.csv"
    assert not found.errors


def test_folders_that_hold_no_deliveries(tmp_path):
    put(tmp_path, "reference/x.csv", "published/x.csv", ".snapshots/heroma_tid/x.csv", "README.md", ".gitkeep")
    put(tmp_path, "heroma/.DS_Store", "heroma/SYNTETISKA_DATA.txt")
    found = discover(tmp_path, now=NOW)
    assert (found.files, found.errors) == ([], [])


def test_missing_folder(tmp_path):
    assert discover(tmp_path / "none", now=NOW).files == []


@pytest.mark.parametrize("name", ["other/x.csv", "heroma/anställning.xlsx", "x.csv", "heroma/heroma_tid_2018.csv"])
def test_strange_files_are_errors_with_advice(tmp_path, name):
    put(tmp_path, name)
    (error,) = discover(tmp_path, now=NOW).errors
    assert isinstance(error, LayoutError)
    assert "heroma/heroma_tid_ÅÅÅÅMM.csv" in error.action


def test_all_errors_are_found_at_once(tmp_path):
    put(tmp_path, "heroma/heroma_tid_201805.csv", "heroma/x", "heroma/heroma_tid_201801.csv")
    found = discover(tmp_path, now=NOW)
    assert {type(error) for error in found.errors} == {DeliveryPeriodError, LayoutError}
    assert [item.file.name for item in found.files] == ["heroma_tid_201801.csv"]


def test_budget_may_come_before_its_year_and_others_may_not(tmp_path):
    put(tmp_path, "raindance/raindance_budget_201901.txt")
    assert len(discover(tmp_path, now=NOW).files) == 1
    put(tmp_path, "raindance/raindance_budget_202001.txt", "raindance/raindance_saldo_201805.txt")
    assert len(discover(tmp_path, now=NOW).errors) == 2


def test_redelivery_under_the_same_version_is_told_its_right_name(tmp_path):
    put(tmp_path, "heroma/heroma_tid_201802.csv", "heroma/heroma_tid_201802_v2.csv", "heroma/heroma_tid_201802 (1).csv")
    (error,) = discover(tmp_path, now=NOW).errors
    assert "heroma_tid_201802_v3.csv" in error.action


def test_only_some_layouts(tmp_path):
    put(tmp_path, "heroma/heroma_tid_201802.csv", "raindance/raindance_saldo_201803.txt")
    found = discover(tmp_path, now=NOW, only=("raindance_saldo",))
    assert [item.layout.name for item in found.files] == ["raindance_saldo"]


@given(
    layout=st.sampled_from(list(LAYOUTS.values())),
    year=st.integers(1990, 2100),
    month=st.integers(1, 12),
    version=st.integers(1, 999),
)
def test_names_that_are_given_are_understood(layout, year, month, version):
    match = layout.pattern.fullmatch(layout.file_name(Period(year, month), version))
    assert match is not None
    assert (match["period"], int(match["version"] or 1)) == (f"{year}{month:02d}", version)


@pytest.mark.parametrize("number", ["121212-1212", "191212121212"])
def test_identity_number_in_a_file_name_is_refused_and_not_repeated(tmp_path, number):
    put(tmp_path, f"heroma/heroma_tid_201802 {number}.csv")
    found = discover(tmp_path, now=NOW)
    assert [type(error) for error in found.errors] == [PersonalDataError]
    assert str(found.errors[0]).startswith("heroma: the name of a file in this folder")
    assert number not in str(found.errors[0].as_record())


def test_a_folder_among_the_deliveries_is_refused(tmp_path):
    put(tmp_path, "heroma/nya/heroma_tid_201802.csv")
    found = discover(tmp_path, now=NOW)
    assert [type(error) for error in found.errors] == [DeliveryUnreadableError]
    assert "a folder stands among the deliveries in heroma/" in str(found.errors[0])


def test_a_file_name_of_another_encoding_is_said(tmp_path):
    folder = tmp_path / "heroma"
    folder.mkdir()
    (folder / "heroma_tid_201802 \udce5.csv").write_text("x")
    found = discover(tmp_path, now=NOW)
    assert "not in UTF-8" in str(found.errors[0])
    assert str(found.errors[0]).encode()
