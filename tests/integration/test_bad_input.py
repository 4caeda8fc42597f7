"""Bad deliveries: one clear error each (file, line, column, count, what to do), and what was in force stays as it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from small_region import (
    ABSENCE,
    AGENCY,
    BUDGET,
    FORECAST,
    LEDGER,
    SECRET,
    STAFF,
    TIME,
    AcceptAll,
    SmallRegion,
)

from analytics.errors import (
    AnalyticsError,
    CellValueError,
    CodeError,
    DeliveryPeriodError,
    DeliveryUnreadableError,
    LayoutError,
    PersonalDataError,
    StorageError,
    ValidationFailedError,
)
from analytics.validation import Outcome, ValidationResult

PERSONAL = ("10001", "10002", "10003", "0101-0003", "0202-0006", "0303-0009", "121212", "701063", "850101")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A small region whose correct deliveries have been taken. Never changed."""
    made = SmallRegion(tmp_path_factory.mktemp("loaded") / "region")
    made.write()
    made.load()
    (made.settings.paths.reports / "2018-02").mkdir(parents=True)
    (made.settings.paths.reports / "2018-02/personal.html").write_text("published before")
    return made


@pytest.fixture
def region(loaded, tmp_path):
    """A copy of it to spoil."""
    shutil.copytree(loaded.root, tmp_path / "region")
    return SmallRegion(tmp_path / "region")


def cell(region: SmallRegion, name: str, line: int, number: int, value: str) -> None:
    """Put ``value`` into one cell (counted from 1) of one line."""
    separator = "\t" if name.endswith(".txt") else ";"
    cells = region.files[name][line - 1].split(separator)
    cells[number - 1] = value
    region.files[name][line - 1] = separator.join(cells)


def set_cell(name: str, line: int, number: int, value: str) -> Callable[[SmallRegion], None]:
    def spoil(region: SmallRegion) -> None:
        cell(region, name, line, number, value)
        region.write(name)

    return spoil


def set_line(name: str, line: int, text: str) -> Callable[[SmallRegion], None]:
    def spoil(region: SmallRegion) -> None:
        region.files[name][line - 1] = text
        region.write(name)

    return spoil


def insert(name: str, line: int, text: str, *, counted: bool) -> Callable[[SmallRegion], None]:
    def spoil(region: SmallRegion) -> None:
        region.files[name].insert(line - 1, text)
        if counted:
            rows = int(region.files[name][-1].split(": ")[1]) + 1
            region.files[name][-1] = f"Antal rader: {rows}"
        region.write(name)

    return spoil


def replace_header(name: str, old: str, new: str) -> Callable[[SmallRegion], None]:
    def spoil(region: SmallRegion) -> None:
        line = 3 if name.endswith(".txt") else 1
        region.files[name][line] = region.files[name][line].replace(old, new)
        region.write(name)

    return spoil


def as_bytes(name: str, make: Callable[[bytes], bytes]) -> Callable[[SmallRegion], None]:
    def spoil(region: SmallRegion) -> None:
        file = region.raw / name
        file.write_bytes(make(file.read_bytes()))

    return spoil


def swap_contents(name: str, first: int, second: int) -> Callable[[SmallRegion], None]:
    """Swap two columns (counted from 1) in the rows but not in the header."""

    def spoil(region: SmallRegion) -> None:
        lines = region.files[name]
        for index, line in enumerate(lines[2:-1], start=2):
            cells = line.split(";")
            cells[first - 1], cells[second - 1] = cells[second - 1], cells[first - 1]
            lines[index] = ";".join(cells)
        region.write(name)

    return spoil


def second_copy(name: str, copy: str) -> Callable[[SmallRegion], None]:
    def spoil(region: SmallRegion) -> None:
        content = (region.raw / name).read_bytes()
        region.write_bytes(copy, content.replace(b"30 000,00", b"31 000,00"))

    return spoil


def make_directory(name: str) -> Callable[[SmallRegion], None]:
    def spoil(region: SmallRegion) -> None:
        (region.raw / name).unlink()
        (region.raw / name).mkdir()

    return spoil


def make_fifo(name: str) -> Callable[[SmallRegion], None]:
    def spoil(region: SmallRegion) -> None:
        (region.raw / name).unlink()
        os.mkfifo(region.raw / name)

    return spoil


def dangling_link(name: str) -> Callable[[SmallRegion], None]:
    def spoil(region: SmallRegion) -> None:
        (region.raw / name).unlink()
        (region.raw / name).symlink_to(region.root / "nowhere")

    return spoil


@dataclass(frozen=True)
class Case:
    name: str
    spoil: Callable[[SmallRegion], None]
    error: type[AnalyticsError]
    says: str
    file: str
    line: int | None = None
    column: str | None = None
    count: int | None = None


FEBRUARY = STAFF.rpartition("/")[2]
CASES = [
    Case(
        "UTF-8 saved as cp1252",
        as_bytes(TIME, lambda raw: raw.decode("cp1252").encode().decode("cp1252").encode()),
        DeliveryUnreadableError,
        "wrong encoding",
        "heroma_tid_201802.csv",
        4,
        count=1,
    ),
    Case(
        "cp850",
        as_bytes(TIME, lambda raw: raw.decode("cp1252").replace("–", "-").replace("ÖT", "kön").encode("cp850")),
        DeliveryUnreadableError,
        "wrong encoding",
        "heroma_tid_201802.csv",
        4,
    ),
    Case(
        "UTF-16",
        as_bytes(LEDGER, lambda raw: raw.decode("cp1252").encode("utf-16")),
        DeliveryUnreadableError,
        "UTF-16",
        "raindance_saldo_201803.txt",
        1,
    ),
    Case(
        "bytes of no encoding",
        as_bytes(ABSENCE, lambda raw: raw.replace("Frånvarogrupp".encode("cp1252"), b"Fr\x81nvarogrupp")),
        DeliveryUnreadableError,
        "neither UTF-8 nor cp1252",
        "heroma_franvaro_201802.csv",
        2,
    ),
    Case(
        "missing column",
        replace_header(TIME, "Tidart;", ""),
        LayoutError,
        "missing columns: Tidart",
        "heroma_tid_201802.csv",
        2,
        "Tidart",
    ),
    Case(
        "extra column",
        replace_header(LEDGER, "Typ\t", "Typ\tAttest\t"),
        LayoutError,
        "extra columns: Attest",
        "raindance_saldo_201803.txt",
        4,
        "Attest",
    ),
    Case(
        "swapped columns",
        replace_header(ABSENCE, "From;Tom", "Tom;From"),
        LayoutError,
        "columns swapped or moved: Tom, From",
        "heroma_franvaro_201802.csv",
        2,
        "Tom, From",
    ),
    Case(
        "swapped contents",
        swap_contents(TIME, 3, 4),
        LayoutError,
        "probably swapped",
        "heroma_tid_201802.csv",
        3,
        "Ansvar, Tidart",
        6,
    ),
    Case(
        "no header",
        lambda region: (region.files[TIME].pop(1), region.write(TIME)),
        LayoutError,
        "no header row",
        "heroma_tid_201802.csv",
        2,
    ),
    Case(
        "wrong period in time",
        set_cell(TIME, 5, 2, "201711"),
        DeliveryPeriodError,
        "wrong period inside the file: 201711",
        "heroma_tid_201802.csv",
        5,
        "Period",
        1,
    ),
    Case(
        "later period in time",
        set_cell(TIME, 5, 2, "201803"),
        DeliveryPeriodError,
        "wrong period inside the file: 201803",
        "heroma_tid_201802.csv",
        5,
        "Period",
        1,
    ),
    Case(
        "wrong period in absence",
        set_cell(ABSENCE, 4, 9, "201801"),
        DeliveryPeriodError,
        "wrong period inside the file: 201801",
        "heroma_franvaro_201802.csv",
        4,
        "Period",
        1,
    ),
    Case(
        "wrong period in the ledger",
        set_cell(LEDGER, 6, 9, "201802"),
        DeliveryPeriodError,
        "wrong period inside the file: 201802",
        "raindance_saldo_201803.txt",
        6,
        "Period",
        1,
    ),
    Case(
        "opening period outside January",
        set_cell(LEDGER, 6, 9, "201800"),
        DeliveryPeriodError,
        "wrong period inside the file: 201800",
        "raindance_saldo_201803.txt",
        6,
        "Period",
        1,
    ),
    Case(
        "budget of another year",
        set_cell(BUDGET, 7, 9, "201901"),
        DeliveryPeriodError,
        "wrong period inside the file: 201901",
        "raindance_budget_201801.txt",
        7,
        "Period",
        1,
    ),
    Case(
        "forecast of another month",
        set_cell(FORECAST, 5, 9, "201802"),
        DeliveryPeriodError,
        "wrong period inside the file: 201802",
        "raindance_prognos_201803.txt",
        5,
        "Period",
        1,
    ),
    Case(
        "employment outside the month",
        set_cell(STAFF, 5, 14, "2018-01-31"),
        DeliveryPeriodError,
        "not valid on any day of 2018-02",
        "heroma_anstallning_201802.csv",
        5,
        "From",
        1,
    ),
    Case(
        "agency week after the month",
        set_cell(AGENCY, 3, 4, "2018-V14"),
        DeliveryPeriodError,
        "wrong period inside the file",
        "inhyrd_201803.csv",
        3,
        "Vecka",
        1,
    ),
    Case(
        "cut off between rows",
        as_bytes(TIME, lambda raw: b"\r\n".join(raw.split(b"\r\n")[:5]) + b"\r\n"),
        LayoutError,
        "cut off",
        "heroma_tid_201802.csv",
        5,
    ),
    Case(
        "cut off within a row",
        as_bytes(LEDGER, lambda raw: raw[: raw.index(b"Biljetter") + 4]),
        LayoutError,
        "cut off",
        "raindance_saldo_201803.txt",
        8,
    ),
    Case(
        "row cut off inside the file",
        set_line(TIME, 4, "10001;201802;13"),
        LayoutError,
        "2 separators instead of 6",
        "heroma_tid_201802.csv",
        4,
        count=1,
    ),
    Case(
        "trailer does not match",
        set_line(TIME, 9, "Antal rader: 8"),
        LayoutError,
        "says 8 rows, the file holds 6",
        "heroma_tid_201802.csv",
        9,
        count=2,
    ),
    Case(
        "empty file",
        as_bytes(STAFF, lambda _: b""),
        DeliveryUnreadableError,
        "empty",
        "heroma_anstallning_201802.csv",
    ),
    Case(
        "blank file",
        as_bytes(STAFF, lambda _: b"\r\n \r\n"),
        DeliveryUnreadableError,
        "empty",
        "heroma_anstallning_201802.csv",
    ),
    Case(
        "no rows",
        lambda region: region.write_bytes(
            TIME, "\r\n".join([*region.files[TIME][:2], "Antal rader: 0"]).encode("cp1252")
        ),
        DeliveryUnreadableError,
        "holds no rows",
        "heroma_tid_201802.csv",
        3,
    ),
    *(
        Case(
            f"delivered twice as {copy}",
            second_copy(TIME, f"heroma/{copy}"),
            DeliveryPeriodError,
            "heroma_tid_201802.csv and " + copy,
            copy,
        )
        for copy in (
            "heroma_tid_201802 (1).csv",
            "heroma_tid_201802_2.csv",
            "heroma_tid_201802.CSV",
            "heroma_tid_201802_v1.csv",
            "Kopia av heroma_tid_201802.csv",
        )
    ),
    Case(
        "unknown account",
        set_cell(LEDGER, 6, 4, "40999"),
        CodeError,
        "unknown account 40999",
        "raindance_saldo_201803.txt",
        6,
        "Konto",
        1,
    ),
    Case(
        "unknown cost centre",
        set_cell(TIME, 5, 3, "9999"),
        CodeError,
        "unknown cost centre 9999",
        "heroma_tid_201802.csv",
        5,
        "Ansvar",
        1,
    ),
    Case(
        "cost centre of another administration",
        set_cell(STAFF, 3, 5, "10"),
        CodeError,
        "does not belong to the administration",
        "heroma_anstallning_201802.csv",
        3,
        "Förvaltning",
        1,
    ),
    Case(
        "unknown personnel group",
        set_cell(STAFF, 3, 9, "9.9"),
        CodeError,
        "unknown personnel group 9.9",
        "heroma_anstallning_201802.csv",
        3,
        "Personalgrupp",
        1,
    ),
    Case(
        "name in place of a code",
        set_cell(STAFF, 3, 9, "Anna Andersson"),
        CodeError,
        "unknown personnel group (not shown: no code)",
        "heroma_anstallning_201802.csv",
        3,
        "Personalgrupp",
        1,
    ),
    Case(
        "unknown absence group",
        set_cell(ABSENCE, 3, 2, "11"),
        CodeError,
        "unknown absence group 11",
        "heroma_franvaro_201802.csv",
        3,
        "Frånvarogrupp",
        1,
    ),
    Case(
        "unknown time type",
        set_cell(TIME, 3, 4, "NATT"),
        CodeError,
        "unknown time type NATT",
        "heroma_tid_201802.csv",
        3,
        "Tidart",
        1,
    ),
    Case(
        "point of a code turned into a comma",
        set_cell(STAFF, 4, 9, "2,4"),
        CodeError,
        "personnel group 2,4: a spreadsheet has probably damaged the code",
        "heroma_anstallning_201802.csv",
        4,
        "Personalgrupp",
        1,
    ),
    Case(
        "code turned into a date",
        set_cell(STAFF, 3, 9, "1-feb"),
        CodeError,
        "turned into a date",
        "heroma_anstallning_201802.csv",
        3,
        "Personalgrupp",
        1,
    ),
    Case(
        "leading zero of a cost centre lost",
        set_cell(TIME, 5, 3, "110"),
        CodeError,
        "a leading zero lost",
        "heroma_tid_201802.csv",
        5,
        "Ansvar",
        1,
    ),
    Case(
        "leading zero of an absence group lost",
        set_cell(ABSENCE, 3, 2, "1"),
        CodeError,
        "a leading zero lost",
        "heroma_franvaro_201802.csv",
        3,
        "Frånvarogrupp",
        1,
    ),
    Case(
        "employee number in scientific notation",
        set_cell(TIME, 3, 1, "1,0001E+04"),
        CodeError,
        "scientific notation",
        "heroma_tid_201802.csv",
        3,
        "Anstnr",
        1,
    ),
    Case(
        "more hours than the month has",
        set_cell(TIME, 3, 5, "700,00"),
        CellValueError,
        "impossible hours: more than the month has",
        "heroma_tid_201802.csv",
        3,
        "Timmar",
        1,
    ),
    Case(
        "more hours of one person than the limit",
        set_cell(TIME, 4, 5, "300:00"),
        CellValueError,
        "impossible hours: one person has more than 400",
        "heroma_tid_201802.csv",
        3,
        "Timmar",
        1,
    ),
    Case(
        "negative hours that correct nothing",
        set_cell(TIME, 5, 5, "-114,75"),
        CellValueError,
        "impossible hours: the total of one person and kind of time is negative",
        "heroma_tid_201802.csv",
        5,
        "Timmar",
        1,
    ),
    Case(
        "negative absence",
        set_cell(ABSENCE, 3, 7, "-8,00"),
        CellValueError,
        "impossible hours",
        "heroma_franvaro_201802.csv",
        3,
        "Frånvarotimmar",
        1,
    ),
    Case(
        "hours that are no number",
        set_cell(TIME, 3, 5, "12:75"),
        CellValueError,
        "cannot be read",
        "heroma_tid_201802.csv",
        3,
        "Timmar",
        1,
    ),
    Case(
        "amount with a decimal point",
        set_cell(LEDGER, 6, 11, "900000.25"),
        CellValueError,
        "cannot be read",
        "raindance_saldo_201803.txt",
        6,
        "Belopp",
        1,
    ),
    Case(
        "day that does not exist",
        set_cell(ABSENCE, 3, 5, "2018-02-30"),
        CellValueError,
        "cannot be read",
        "heroma_franvaro_201802.csv",
        3,
        "Tom",
        1,
    ),
    Case(
        "week that does not exist",
        set_cell(AGENCY, 3, 4, "2017-V53"),
        CellValueError,
        "cannot be read",
        "inhyrd_201803.csv",
        3,
        "Vecka",
        1,
    ),
    Case(
        "one employee number, two birth years",
        set_cell(STAFF, 6, 4, "1991"),
        CellValueError,
        "differ in what belongs to the person",
        "heroma_anstallning_201802.csv",
        5,
        "Födelseår",
        2,
    ),
    Case(
        "one employee number, two sexes",
        set_cell(STAFF, 6, 3, "Kvinna"),
        CellValueError,
        "differ in what belongs to the person",
        "heroma_anstallning_201802.csv",
        5,
        "Kön",
        2,
    ),
    Case(
        "future period",
        lambda region: region.write_bytes("heroma/heroma_tid_201805.csv", (region.raw / TIME).read_bytes()),
        DeliveryPeriodError,
        "future period: 2018-05",
        "heroma_tid_201805.csv",
    ),
    Case(
        "month that does not exist",
        lambda region: region.write_bytes("heroma/heroma_tid_201813.csv", (region.raw / TIME).read_bytes()),
        DeliveryPeriodError,
        "201813 in the file name is not a month",
        "heroma_tid_201813.csv",
    ),
    Case(
        "sum row in time",
        insert(TIME, 9, "Summa;;;;365,75;67 500,50;", counted=True),
        LayoutError,
        "a sum row stands among the data",
        "heroma_tid_201802.csv",
        9,
        count=1,
    ),
    Case(
        "sum row in staff",
        insert(STAFF, 7, ";;;;;;;;Totalt;;250,00;;;;;;", counted=True),
        LayoutError,
        "a sum row stands among the data",
        "heroma_anstallning_201802.csv",
        7,
        count=1,
    ),
    Case(
        "sum row of another kind in the ledger",
        insert(LEDGER, 10, "Summa ansvar\t\t1310\t\t\t\t\t\t\t\t900 000,25\t\t", counted=False),
        LayoutError,
        "a sum row stands among the data",
        "raindance_saldo_201803.txt",
        10,
        count=1,
    ),
    Case(
        "sum row that does not agree",
        set_cell(LEDGER, 10, 11, "900 100,26"),
        LayoutError,
        "sum row of account 40110 does not equal",
        "raindance_saldo_201803.txt",
        10,
        "Belopp",
        1,
    ),
    *(
        Case(
            f"personal identity number as {number} in {column}",
            set_cell(name, line, position, f"Ersättning {number} enl avtal"),
            PersonalDataError,
            "a personal identity number",
            name.rpartition("/")[2],
            line,
            column,
            1,
        )
        for name, line, position, column, number in (
            (ABSENCE, 3, 3, "Orsak", "121212-1212"),
            (ABSENCE, 3, 3, "Orsak", "121212+1212"),
            (ABSENCE, 3, 3, "Orsak", "121212 1212"),
            (ABSENCE, 3, 3, "Orsak", "1212121212"),
            (LEDGER, 7, 5, "Kontotext", "191212121212"),
            (LEDGER, 7, 8, "Aktivitet", "19121212-1212"),
            (AGENCY, 3, 1, "Leverantör", "701063-2391"),
            (STAFF, 5, 15, "Avgångsorsak", "850101-T123"),
        )
    ),
    Case(
        "personal identity number in place of a code",
        set_cell(TIME, 5, 3, "1212121212"),
        PersonalDataError,
        "a personal identity number",
        "heroma_tid_201802.csv",
        5,
        "Ansvar",
        1,
    ),
    *(
        Case(
            f"{value} in {column} of {name}",
            set_cell(name, line, position, value),
            error,
            says,
            name.rpartition("/")[2],
            line,
            column,
            1,
        )
        for name, line, position, column, value, error, says in (
            (LEDGER, 6, 12, "Verdatum", "2999-01-01", CellValueError, "more than 10 years from 2018-03"),
            (LEDGER, 6, 13, "Registreringsdatum", "1899-12-30", CellValueError, "more than 10 years from 2018-03"),
            (LEDGER, 6, 6, "Motpart", "Ekonomi", CodeError, "the counterparty is not E"),
            (AGENCY, 3, 5, "Timmar", "999999", CellValueError, "impossible hours: more than 16800"),
            (AGENCY, 3, 8, "Version", "0", CellValueError, "counted from 1"),
            (TIME, 4, 5, "Timmar", "-8:30", CellValueError, "one person and kind of time is negative"),
            (AGENCY, 3, 6, "Fakturadatum", "2081-03-10", CellValueError, "more than 10 years from 2018-03"),
            (STAFF, 3, 13, "From", "1018-02-01", CellValueError, "more than 86 years ago"),
            (STAFF, 3, 15, "Avgångsorsak", "9999-12-31", LayoutError, "probably swapped"),
            (TIME, 3, 1, "Anstnr", "Deltotal", CellValueError, "blank or no number"),
        )
    ),
    Case(
        "time of other months only",
        lambda region: (
            [cell(region, TIME, line, 2, "201801") for line in range(3, 9)],
            region.write(TIME),
        ),
        DeliveryPeriodError,
        "no row is of 2018-02",
        "heroma_tid_201802.csv",
        3,
        "Period",
        6,
    ),
    Case(
        "agency staff of another month",
        lambda region: region.write_bytes("inhyrd/inhyrd_201804.csv", (region.raw / AGENCY).read_bytes()),
        DeliveryPeriodError,
        "no week and no invoice is of 2018-04",
        "inhyrd_201804.csv",
        3,
        "Fakturadatum",
        2,
    ),
    Case(
        "directory in place of a file",
        make_directory(TIME),
        DeliveryUnreadableError,
        "a directory stands in place of the file",
        "heroma_tid_201802.csv",
    ),
    Case(
        "pipe in place of a file",
        make_fifo(TIME),
        DeliveryUnreadableError,
        "not an ordinary file",
        "heroma_tid_201802.csv",
    ),
    Case("link that leads nowhere", dangling_link(TIME), DeliveryUnreadableError, "cannot be read", TIME[7:]),
    Case(
        "file of no layout",
        lambda region: region.write_bytes("heroma/löner_201802.csv", b"x"),
        LayoutError,
        "matches no layout",
        "löner_201802.csv",
    ),
    Case(
        "file in the wrong folder",
        lambda region: region.write_bytes("raindance/heroma_tid_201801.csv", b"x"),
        LayoutError,
        "belongs in heroma/",
        "heroma_tid_201801.csv",
    ),
    Case(
        "lonely copy without a version",
        lambda region: region.write_bytes("heroma/heroma_tid_201801 (1).csv", b"x"),
        LayoutError,
        "looks like a copy",
        "heroma_tid_201801 (1).csv",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_delivery_is_refused_and_nothing_changes(region, case):
    before = region.checksums()
    case.spoil(region)
    with pytest.raises(AnalyticsError) as raised:
        region.load()
    error = raised.value
    assert type(error) is case.error, error
    record = error.as_record()
    assert record["file"] == case.file
    assert case.says in error.problem
    assert (record["line"], record["column"]) == (case.line, case.column), error
    if case.count is not None:
        assert record["count"] == case.count
    assert error.action
    assert error.exit_code == 4
    assert not [value for value in PERSONAL if value in str(error)]
    assert region.checksums() == before


def test_first_load_of_a_bad_delivery_leaves_nothing(tmp_path):
    region = SmallRegion(tmp_path / "region")
    set_cell(TIME, 5, 3, "9999")(region)
    with pytest.raises(CodeError):
        region.load()
    assert region.checksums() == {}
    assert region.store.scan("time").collect().is_empty()


def test_several_problems_are_told_at_once_with_their_counts(region):
    for line in (3, 5):
        cell(region, TIME, line, 3, "9999")
    cell(region, TIME, 4, 4, "NATT")
    cell(region, TIME, 6, 5, "tre")
    region.write(TIME)
    with pytest.raises(CodeError) as raised:
        region.load()
    text = str(raised.value)
    assert "line 3, column 'Ansvar', 2 rows: unknown cost centre 9999" in text
    assert "line 4, column 'Tidart', 1 row: unknown time type NATT" in text
    assert "line 6, column 'Timmar', 1 row: the cell cannot be read" in text


def test_every_bad_delivery_is_told(region):
    set_cell(TIME, 5, 3, "9999")(region)
    as_bytes(STAFF, lambda _: b"")(region)
    with pytest.raises(DeliveryUnreadableError) as raised:
        region.load()
    assert "heroma_anstallning_201802.csv" in str(raised.value)
    assert "Also refused: heroma_tid_201802.csv, line 5, column 'Ansvar', 1 row: unknown cost centre" in str(
        raised.value
    )
    assert "Nothing was taken" in str(raised.value)


def test_partial_takes_the_good_ones_and_still_fails(region):
    before = region.store.catalog()
    set_cell(TIME, 5, 3, "9999")(region)
    cell(region, ABSENCE, 3, 7, "16,00")
    region.write(ABSENCE)
    with pytest.raises(CodeError) as raised:
        region.load(partial=True)
    assert "The other deliveries were taken." in str(raised.value)
    after = region.store.catalog()
    assert after.find("heroma_tid", "2018-02") == before.find("heroma_tid", "2018-02")
    assert region.store.scan("absence").collect()["hours"].to_list() == [16.0, 8.5]


def test_file_without_permission(region, monkeypatch):
    """Root may read everything, so the refusal of the system is played."""
    before = region.checksums()
    read = Path.read_bytes

    def refuse(self: Path) -> bytes:
        if self == region.raw / TIME:
            raise PermissionError(13, "Permission denied")
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(DeliveryUnreadableError, match="cannot be read: Permission denied") as raised:
        region.load()
    assert raised.value.as_record()["file"] == "heroma_tid_201802.csv"
    assert region.checksums() == before


CHILD = """
import resource, signal, sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from small_region import SmallRegion
from analytics.errors import AnalyticsError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
region = SmallRegion(Path({root!r}))
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
try:
    region.load()
except AnalyticsError as error:
    print(error)
    raise SystemExit(error.exit_code)
"""


def run_child(region: SmallRegion, limit: int) -> subprocess.CompletedProcess[str]:
    code = CHILD.format(tests=str(Path(__file__).parent), root=str(region.root), limit=limit)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("limit", [1, 1500, 4000])
def test_full_disk(region, limit):
    """The system itself refuses to write more: first the snapshot, then the partition, then the catalog."""
    before = region.checksums()
    cell(region, ABSENCE, 3, 7, "16,00")
    region.write(ABSENCE)
    done = run_child(region, limit)
    assert done.returncode == StorageError.exit_code, done.stdout + done.stderr
    assert "cannot be written" in done.stdout
    assert "What to do: Check free space" in done.stdout
    assert region.checksums() == before
    region.load()
    assert region.store.scan("absence").collect()["hours"].to_list() == [16.0, 8.5]


class RefuseTime(AcceptAll):
    """A gate with one critical failure in every delivery of time that has more than 300 hours."""

    def table(self, table, frame, *, previous=None):
        bad = table == "time" and frame["hours"].sum() > 500
        outcome = Outcome("hours", "Timmar är rimliga", "", "critical", not bad, table, "hours", 6, 2, "2 av 6 rader")
        return replace(super().table(table, frame, previous=previous), outcomes=(outcome,))


def test_critical_validation_finds_the_guilty_delivery(region):
    before = region.checksums()
    for period in ("201801", "201803"):
        name = TIME.replace("201802", period)
        region.files[name] = [line.replace(";201802;", f";{period};") for line in region.files[TIME]]
        region.files[name][6 - 1] = region.files[name][5 - 1].replace("114,75", "0,25")
    cell(region, TIME.replace("201802", "201803"), 5, 5, "390,00")
    region.write(*(name for name in region.files if "tid_" in name and name != TIME))
    with pytest.raises(ValidationFailedError) as raised:
        region.load(validate=RefuseTime())
    assert raised.value.as_record()["file"] == "heroma_tid_201803.csv"
    assert "heroma_tid_201801.csv" not in str(raised.value)
    assert "Timmar är rimliga: 2 av 6 rader" in str(raised.value)
    assert raised.value.exit_code == 5
    assert region.checksums() == before


class RefuseAcross(AcceptAll):
    def across(self, frames):
        frames["time"].collect()
        outcome = Outcome("persons", "Alla finns", "", "critical", passed=False, table="across_tables", column=None,
                          checked=1, unexpected=1, detail="1 av 1 rader")  # fmt: skip
        return ValidationResult("across_tables", (outcome,))


def test_critical_validation_across_tables_takes_nothing(region):
    before = region.checksums()
    cell(region, ABSENCE, 3, 7, "16,00")
    region.write(ABSENCE)
    with pytest.raises(ValidationFailedError, match="Alla finns") as raised:
        region.load(validate=RefuseAcross())
    assert raised.value.as_record()["file"] == "heroma_franvaro_201802.csv"
    assert region.checksums() == before


def test_command_line_says_what_to_do_and_fails(region):
    before = region.checksums()
    set_cell(STAFF, 4, 9, "2,4")(region)
    key = region.root.parent / "secret.key"
    key.write_text(SECRET.hex())
    key.chmod(0o600)
    done = subprocess.run(
        [sys.executable, "-m", "analytics", "--root", str(region.root), "load"],
        env={**os.environ, "ANALYTICS_SECRET_FILE": str(key)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 4
    assert "heroma_anstallning_201802.csv, line 4, column 'Personalgrupp', 1 row: personnel group 2,4" in done.stderr
    assert "What to do:" in done.stderr
    assert "Traceback" not in done.stderr
    assert region.checksums() == before


def test_all_three_minus_signs_and_hard_spaces_are_accepted(region):
    """The small region holds them all; with U+2212 as UTF-8 with a mark in front."""
    assert sorted(region.store.scan("ledger").collect().filter(kind="outcome")["amount_ore"].to_list()) == [
        -125734250,
        -150000,
        -25000,
        10000,
        90000025,
    ]
    cell(region, LEDGER, 5, 11, "\u22121\u202f257\u202f343,50")
    region.write(LEDGER, encoding="utf-8-sig")
    report = region.load()
    assert -125734350 in region.store.scan("ledger").collect()["amount_ore"].to_list()
    assert "encoding utf-8 with BOM" in report.taken[0].detected


def test_hours_and_minutes_stand_beside_decimal_hours(region):
    assert region.store.scan("time").collect()["hours"].to_list() == [160.0, 2.5, 114.75, -3.5, 80.0, 12.0]


@pytest.mark.parametrize("content", [b"", b"PAR1 not parquet PAR1"])
def test_damaged_partition_is_named(region, content):
    partition = next((region.settings.paths.processed / "time").iterdir())
    partition.write_bytes(content)
    before = region.checksums()
    cell(region, ABSENCE, 3, 7, "16,00")
    region.write(ABSENCE)

    class LookAcross(AcceptAll):
        def across(self, frames):
            frames["time"].collect()
            return super().across(frames)

    with pytest.raises(StorageError, match=f"{partition.name} is damaged") as raised:
        region.load(validate=LookAcross())
    assert "Remove catalog.json" in str(raised.value)
    assert region.checksums() == before


def test_lost_catalog_and_a_bad_delivery_leave_the_partitions(region):
    (region.settings.paths.processed / "catalog.json").unlink()
    before = region.checksums()
    set_cell(TIME, 5, 3, "9999")(region)
    with pytest.raises(CodeError):
        region.load()
    assert region.checksums() == before
