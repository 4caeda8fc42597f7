import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import SettingsError
from analytics.periods import Period
from analytics.reference import Reference

FOLDER = Path(__file__).parents[2] / "data/raw/reference"
REFERENCE = Reference(FOLDER)


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(FOLDER, tmp_path / "reference"))


@given(st.integers(30000, 99999).map(str))
def test_every_account_of_the_income_statement_has_exactly_one_row_of_fr1(account):
    line = REFERENCE.report_line_of(account)
    assert REFERENCE.report_lines[line].level in (1, 2)
    assert line not in ("total_income", "total_cost", "net")


def test_every_listed_account_has_a_row():
    assert len(REFERENCE.accounts) > 40
    assert all(REFERENCE.report_line_of(account) for account in REFERENCE.accounts)


def test_an_account_outside_the_intervals_is_refused():
    with pytest.raises(SettingsError, match="15110"):
        REFERENCE.report_line_of("15110")


def test_overlapping_intervals_are_refused(folder):
    with (folder / "account_intervals.csv").open("a", encoding="utf-8") as stream:
        stream.write("46500;46600;staff_other\n")
    with pytest.raises(SettingsError, match="overlap"):
        Reference(folder).report_line_of("46550")


def test_an_interval_without_a_row_of_fr1_is_refused(folder):
    with (folder / "account_intervals.csv").open("a", encoding="utf-8") as stream:
        stream.write("20000;20999;nowhere\n")
    with pytest.raises(SettingsError, match="names no row"):
        Reference(folder).report_line_of("20100")


def test_a_row_with_a_cell_too_few_is_told_with_its_line(folder):
    with (folder / "accounts.csv").open("a", encoding="utf-8") as stream:
        stream.write("99999\n")
    with pytest.raises(SettingsError) as caught:
        _ = Reference(folder).accounts
    assert caught.value.where.line == len((folder / "accounts.csv").read_text(encoding="utf-8").splitlines())


def test_renamed_columns_and_a_missing_file_are_refused(folder):
    (folder / "professions.csv").write_text("kod;profession;label\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="columns"):
        _ = Reference(folder).professions
    (folder / "time_types.csv").unlink()
    with pytest.raises(SettingsError, match="cannot be read"):
        _ = Reference(folder).time_types


def test_the_checksum_follows_the_content(folder):
    before = Reference(folder).checksum
    assert before == Reference(folder).checksum == REFERENCE.checksum
    with (folder / "accounts.csv").open("a", encoding="utf-8") as stream:
        stream.write("99999;Ett nytt konto\n")
    assert Reference(folder).checksum != before


def test_codes_stay_text():
    assert REFERENCE.personnel_groups["3.0"].label == "Tandvårdsarbete"
    assert REFERENCE.sick_leave_groups == frozenset({"01"})
    assert set(REFERENCE.aid_labels.values()) <= set(REFERENCE.personnel_groups)


@pytest.mark.parametrize(
    ("name", "row", "message"),
    [
        ("absence_groups.csv", "11;Sjukersättning;ja\n", "0 or 1"),
        ("personnel_groups.csv", "9.0;Ny grupp;2018-13-01;\n", "YYYY-MM-DD"),
        ("aid_labels.csv", "999999;3.0;Ny;2008-01-01;20180331\n", "YYYY-MM-DD"),
        ("absence_groups.csv", "01;Sjuk en gång till;0\n", "stands twice"),
        ("report_lines.csv", "extra;Extra;1;;sist\n", "whole number"),
        ("report_lines.csv", "extra;Extra;ett;;99\n", "level"),
    ],
)
def test_a_cell_that_would_be_misread_is_refused(folder, name, row, message):
    with (folder / name).open("a", encoding="utf-8") as stream:
        stream.write(row)
    reference = Reference(folder)
    with pytest.raises(SettingsError, match=message):
        _ = (reference.absence_groups, reference.personnel_groups, reference.aid_labels, reference.report_lines)


def test_a_code_expires_after_its_last_day(folder):
    file = folder / "personnel_groups.csv"
    file.write_text(file.read_text(encoding="utf-8") + "9.0;Gammal grupp;2008-01-01;2018-01-31\n", encoding="utf-8")
    reference = Reference(folder)
    assert reference.expired("personnel_groups", Period(2018, 1)) == []
    assert reference.expired("personnel_groups", Period(2018, 2)) == ["9.0"]
    assert reference.expired("aid_labels", Period(2018, 2)) == []
    assert "101010" in reference.expired("aid_labels", Period(2007, 12))
