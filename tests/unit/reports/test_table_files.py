"""Tidy CSV and workbook of protected tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from analytics.disclosure import protect
from analytics.errors import DisclosureError
from analytics.exports import csv_tables, workbook
from analytics.exports.table_data import TableData, from_protected
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.settings import Audience

LIMITS = Audience("Offentlig", "", 10, 5, 5, 50)
ABOUT = workbook.About("17 Landstingsdirektörens stab", "mars 2018", "Offentlig", True, "0.1.0", "abc", 1)
NOW = datetime(2018, 4, 20, tzinfo=UTC)


def measured() -> MeasureTable:
    frame = pl.DataFrame(
        {
            "measure": ["sick", "sick", "sick"],
            "measure_label": ['=HYPERLINK("http://x")'] * 3,
            "row_type": ["row"] * 3,
            "sex": ["K", "M", "T"],
            "column": ["current", "current", "change"],
            "value": [5.123456789, 2.0, -0.0],
            "n": [400, 3, 403],
        }
    )
    headings = {"current": "2018", "change": "Förändring"}
    return MeasureTable(TABLES["sick_leave_pct"], frame, headings, "januari–februari 2018", ("+not",))


def plain() -> TableData:
    return from_protected(protect(measured(), LIMITS, ".."))


def test_csv_is_tidy_unrounded_and_protected():
    assert csv_tables.csv_text(plain()) == (
        "measure,measure_label,row_type,sex,column,value,status,unit\n"
        'sick,"=HYPERLINK(""http://x"")",row,K,current,5.123456789,ok,%\n'
        'sick,"=HYPERLINK(""http://x"")",row,M,current,,suppressed,%\n'
        'sick,"=HYPERLINK(""http://x"")",row,T,change,0.0,ok,procentenheter\n'
    )


def test_unprotected_tables_are_refused():
    with pytest.raises(DisclosureError):
        from_protected(measured())


def test_a_frame_with_another_column_or_a_value_behind_a_mark_is_refused():
    protected = protect(measured(), LIMITS, "..")
    leaking = protected.frame.with_columns(value=pl.lit(1.0))
    object.__setattr__(protected, "frame", leaking)
    with pytest.raises(DisclosureError, match="contradict"):
        from_protected(protected)
    object.__setattr__(protected, "frame", leaking.with_columns(n=pl.lit(3)))
    with pytest.raises(DisclosureError, match="columns"):
        from_protected(protected)


def test_no_text_of_the_workbook_is_a_formula_and_numbers_are_numbers(tmp_path: Path):
    evil = replace(plain(), title="=1+1", notes=("@SUM(A1)", "-1"), definition="=cmd|' /C calc'!A0")
    workbook.write(tmp_path / "t.xlsx", [evil], replace(ABOUT, unit="=2+2"), created=NOW)

    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]

    assert {cell.data_type for cell in cells} <= {"s", "n"}
    sheet = book.worksheets[1]
    assert sheet["B6"].value == '=HYPERLINK("http://x")'
    assert sheet["B6"].data_type == "s"
    headings = [cell.value for cell in sheet[5]]
    assert headings == ["Nyckeltal, kod", "Nyckeltal", "Radtyp", "Kvinna, 2018", "Man, 2018", "Total, Förändring"]
    assert sheet["D6"].value == 5.123456789
    assert sheet["D6"].number_format == "#,##0.0"
    assert sheet["E6"].value == ".."
    assert sheet.freeze_panes == "D6"


def test_the_first_sheet_says_what_the_workbook_is(tmp_path: Path):
    tables = [plain(), replace(plain(), table_id="other")]
    workbook.write(tmp_path / "t.xlsx", tables, ABOUT, created=NOW)

    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    text = " ".join(str(cell.value) for row in book["Om"].iter_rows() for cell in row if cell.value is not None)

    for part in ("17 Landstingsdirektörens stab", "mars 2018", "SYNTETISKA DATA", "Offentlig", plain().definition):
        assert part in text
    names = book.sheetnames
    assert len(names) == 3
    assert len({name.lower() for name in names}) == 3
    assert all(len(name) <= 31 for name in names)


def test_every_sheet_of_the_workbook_says_who_may_read_it(tmp_path: Path):
    label = "Intern – får inte spridas"
    workbook.write(tmp_path / "t.xlsx", (plain(),), replace(ABOUT, audience=label), created=NOW)

    for sheet in openpyxl.load_workbook(tmp_path / "t.xlsx"):
        assert any(label in str(cell.value) for row in sheet.iter_rows(max_row=6) for cell in row), sheet.title


def test_equal_tables_give_equal_files(tmp_path: Path):
    for name in ("a.xlsx", "b.xlsx"):
        workbook.write(tmp_path / name, [plain()], ABOUT, created=NOW)

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
