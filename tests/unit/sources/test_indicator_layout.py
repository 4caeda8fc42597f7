"""P5 as text and as workbook: what is read, and what is refused with its place and what to do."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from analytics import settings as configuration
from analytics import snapshots
from analytics.errors import (
    CellValueError,
    CodeError,
    DeliveryError,
    DeliveryPeriodError,
    DeliveryUnreadableError,
    LayoutError,
    PersonalDataError,
)
from analytics.goals import Register
from analytics.organisation import Organisation
from analytics.reference import Reference
from analytics.sources import LAYOUTS, Context, read_delivery

ROOT = Path(__file__).parents[3]
REFERENCE = ROOT / "data/raw/reference"
LAYOUT = LAYOUTS["stratsys_indikatorer"]
NOW = datetime(2018, 4, 15, tzinfo=UTC)
BY_ID = {indicator.id: indicator for indicator in Register.read(REFERENCE).indicators}
OFFICE, PRIMARY = "Landstingsdirektörens stab", "Primärvården"


@pytest.fixture(scope="module")
def context():
    return Context(configuration.load(ROOT), Reference(REFERENCE), Organisation.read(REFERENCE), b"", NOW)


@pytest.fixture
def read(tmp_path, context):
    """Read a delivery of March 2018 from its bytes."""

    def reading(content, form="txt"):
        file = tmp_path / f"stratsys_indikatorer_201803.{form}"
        file.write_bytes(content)
        snapshot = snapshots.register(
            file, layout=LAYOUT.name, supplier="stratsys", period="2018-03", store=tmp_path / "store", now=NOW
        )
        return read_delivery(snapshot, context)

    return reading


def row(indicator="2018-01", unit=OFFICE, outcome="75 %", day="2018-03-31", **changed):
    """Cells of one row, with the texts of the register."""
    known = BY_ID[indicator]
    cells = {
        "Enhet": unit,
        "Perspektiv/målområde": known.goal_area,
        "Inriktningsmål": known.goal,
        "Indikator": known.name,
        "Ingångsvärde": known.baseline_text,
        "Målvärde": known.target_text,
        "Utfall": outcome,
        "Prognos": "",
        "Status": "",
        "Kommentar": "",
        "Periodicitet": "",
        "Källa": "",
        "Period": day,
    }
    return list((cells | changed).values())


def grid(*rows, columns=LAYOUT.columns, trailer=None):
    return [["Måluppföljning"], list(columns), *rows, [trailer or f"Antal rader: {len(rows)}"]]


def text(*rows, **changed):
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter="\t", lineterminator="\r\n").writerows(grid(*rows, **changed))
    return stream.getvalue().encode("utf-8-sig")


def workbook(*rows, change=None, **changed):
    book = openpyxl.Workbook()
    sheet = book.active
    for cells in grid(*rows, **changed):
        sheet.append([cell if cell != "" else None for cell in cells])
    if change:
        change(book, sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_text_with_line_breaks_and_footnotes_is_read(read):
    reading = read(
        text(
            row(outcome="45 av 60", Kommentar='Första raden\r\nandra ”raden” med "citat"', Prognos="Nås", Status="Gul"),
            row("2018-11", outcome="Infört"),
            row("2018-03", unit=PRIMARY, outcome="7,5 %"),
            row("2018-16", outcome="57,9", day="2017-12-31"),
        )
    )
    share, state, other, earlier = reading.frame.rows(named=True)
    assert share == {
        "delivery": "2018-03",
        "period": "2018-03",
        "source": "stratsys",
        "indicator": "2018-01",
        "indicator_label": "Andel strategiska initiativ som följs upp regelbundet i landstingets ledningsgrupp",
        "administration": "17",
        "observed_unit": "17",
        "observed_label": OFFICE,
        "sex": "T",
        "value": 75.0,
        "numerator": 45.0,
        "denominator": 60.0,
        "state": None,
        "forecast": "Nås",
        "reported_status": "Gul",
        "comment": 'Första raden\nandra ”raden” med "citat"',
        "missing_status": None,
    }
    assert (state["value"], state["state"]) == (None, "Infört")
    assert (other["administration"], other["value"]) == ("20", 7.5)
    assert (earlier["delivery"], earlier["period"], earlier["value"]) == ("2018-03", "2017-12", 57.9)
    assert "rows: 4, as the last line says" in reading.taken


@pytest.mark.parametrize(
    "name",
    [
        "Antal etablerade vårdprocesser enligt gemensam processmodell",
        "Antal etablerade vårdprocesser enligt gemensam processmodell²",
        "Antal etablerade vårdprocesser enligt gemensam processmodell2",
        "antal  etablerade\u00a0vårdprocesser enligt gemensam processmodell ²",
    ],
)
def test_a_name_is_the_same_without_its_footnote_mark(read, name):
    assert read(text(row("2018-02", outcome="3", Indikator=name))).frame["indicator"].to_list() == ["2018-02"]


def test_a_blank_outcome_is_kept_as_not_reported(read):
    [found] = read(text(row(outcome="", Prognos="Rapport från utvecklingsdirektören"))).frame.rows(named=True)
    assert (found["value"], found["state"], found["forecast"]) == (None, None, "Rapport från utvecklingsdirektören")


def test_a_workbook_is_read_as_it_is_seen(read):
    def change(_, sheet):
        sheet.cell(3, 7).value = 0.735
        sheet.cell(3, 7).number_format = "0.0%"
        sheet.cell(4, 7).value = 57.9
        sheet.cell(5, 7).value = 3
        sheet.cell(4, 13).value = date(2017, 12, 31)

    rows = (row(), row("2018-16"), row("2018-02"))
    frame = read(workbook(*rows, change=change), "xlsx").frame
    assert frame["value"].to_list() == [73.5, 57.9, 3.0]
    assert frame["period"].to_list() == ["2018-03", "2017-12", "2018-03"]


def test_text_and_workbook_give_the_same(read):
    rows = (row(outcome="45 av 60", Kommentar="en\ntvå"), row("2018-11", outcome="Ja"))
    assert read(text(*rows)).frame.equals(read(workbook(*rows), "xlsx").frame)


@pytest.mark.parametrize(
    ("changed", "error", "column", "says"),
    [
        ({"unit": ""}, CodeError, "Enhet", "no unit"),
        ({"unit": "Stab"}, CodeError, "Enhet", "not one of the administrations"),
        ({"unit": "Regionstaben"}, CodeError, "Enhet", "not one of the administrations"),
        ({"Indikator": ""}, CodeError, "Indikator", "names no indicator"),
        ({"Indikator": "Andel strategiska initiativ"}, CodeError, "Indikator", "not in the register"),
        ({"indicator": "2019-01"}, CodeError, "Indikator", "not in the register"),
        ({"Målvärde": "80 procent"}, CodeError, "Målvärde", "another than that"),
        ({"Inriktningsmål": "Ett annat mål"}, CodeError, "Inriktningsmål", "another than that"),
        ({"outcome": "101 %"}, CellValueError, "Utfall", "between 0 and 100"),
        ({"outcome": "61 av 60"}, CellValueError, "Utfall", "numerator is above"),
        ({"outcome": "omkring 70"}, CellValueError, "Utfall", "cannot be read"),
        ({"outcome": "70 kg"}, CellValueError, "Utfall", "another unit"),
        ({"indicator": "2018-11", "outcome": "3"}, CellValueError, "Utfall", "no unit in the register"),
        ({"day": "2018-04-01"}, DeliveryPeriodError, "Period", "future"),
        ({"day": "2018-03"}, CellValueError, "Period", "cannot be read"),
        ({"day": ""}, CellValueError, "Period", "cannot be read"),
        ({"day": "1918-03-31"}, CellValueError, "Period", "10 years"),
        ({"Kommentar": "Se 19121212-1212"}, PersonalDataError, "Kommentar", "personal identity number"),
    ],
)
@pytest.mark.parametrize("form", [text, workbook])
def test_a_wrong_cell_is_refused_with_its_line(  # noqa: PLR0917 - a fixture, two forms and a case
    read, form, changed, error, column, says
):
    with pytest.raises(error, match=says) as refused:
        read(form(row("2018-02", outcome="3"), row(**changed)), "txt" if form is text else "xlsx")
    assert (refused.value.where.line, refused.value.where.column, refused.value.where.count) == (4, column, 1)
    assert refused.value.action
    assert "1212" not in str(refused.value)


def test_two_observations_of_one_month_are_refused(read):
    with pytest.raises(CellValueError, match="two observations") as refused:
        read(text(row(outcome="70 %", day="2018-03-01"), row(outcome="75 %")))
    assert refused.value.where.line == 4


def test_another_unit_or_month_is_another_observation(read):
    rows = (row("2018-03"), row("2018-03", unit=PRIMARY), row("2018-03", day="2018-02-28"))
    assert read(text(*rows)).frame.height == 3


def test_a_file_of_another_month_is_refused(read):
    with pytest.raises(DeliveryPeriodError, match="no observation is of 2018-03"):
        read(text(row(day="2018-02-28")))


@pytest.mark.parametrize(
    ("spoil", "line", "says"),
    [
        # A quote that opens and is never closed.
        (lambda content: content.replace(b"75 %", b'"75 %'), 3, "quote is broken"),
        (lambda content: content.replace(b"75 %", b'"75" %'), 3, "quote is broken"),
        (lambda content: content.replace(b"75 %\t", b"75 %"), 3, "13 cells"),
        (lambda content: content.replace(b"75 %\t", b"75 %\t\tx\t"), 3, "13 cells"),
        (lambda content: content.replace(b"Utfall\t", b"Resultat\t"), 2, "missing columns: Utfall"),
        (lambda content: content.replace(b"rader: 2", b"rader: 3"), 5, "rows are missing or added"),
        (lambda content: content[: content.rindex(b"Antal")], 4, "cut off"),
        (lambda content: content.replace(b"Antal rader", b"\r\nAntal rader"), 5, "13 cells"),
        (lambda content: content.replace(b"75 %", b"7" * 9000), 3, "longer than"),
    ],
)
def test_a_broken_text_is_refused(read, spoil, line, says):
    with pytest.raises(LayoutError, match=says) as refused:
        read(spoil(text(row(), row("2018-02", outcome="3"))))
    assert refused.value.where.line == line


def test_a_text_without_rows_is_refused(read):
    with pytest.raises(DeliveryUnreadableError, match="no rows"):
        read(text())


def test_another_encoding_is_refused(read):
    with pytest.raises(DeliveryUnreadableError, match="encoding"):
        read(text(row()).decode("utf-8-sig").encode("utf-16"))


def formula(_, sheet):
    sheet["G3"] = "=1+1"


def error_value(_, sheet):
    sheet["G3"] = "#N/A"
    sheet["G3"].data_type = "e"


def truth(_, sheet):
    sheet["G3"] = True


def moment(_, sheet):
    sheet["M3"] = datetime(2018, 3, 31, 12, 30)  # noqa: DTZ001 - a workbook knows no zones


@pytest.mark.parametrize(
    ("change", "column", "says"),
    [
        (formula, "G", "a formula"),
        (error_value, "G", "an error value"),
        (truth, "G", "true or false"),
        (moment, "M", "a time of day"),
    ],
)
def test_a_cell_that_is_no_value_is_refused(read, change, column, says):
    with pytest.raises(CellValueError, match=says) as refused:
        read(workbook(row(), change=change), "xlsx")
    assert (refused.value.where.line, refused.value.where.column) == (3, column)


def test_two_sheets_are_refused(read):
    with pytest.raises(LayoutError, match="2 sheets"):
        read(workbook(row(), change=lambda book, _: book.create_sheet("Gammal")), "xlsx")


def with_part(content, name, data):
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as container:
        container.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda content: text(row()), "not a workbook"),  # noqa: ARG005
        (lambda content: content[: len(content) // 2], "not a workbook"),
        (lambda content: with_part(content, "xl/vbaProject.bin", b"macro"), "macros"),
        (lambda content: with_part(b"PK\x05\x06" + bytes(18), "x.txt", b"x"), "not a workbook that can be read"),  # noqa: ARG005
        (lambda content: content.replace(b"sheet1.xml", b"sheet7.xml"), "workbook"),
    ],
)
def test_what_is_no_plain_workbook_is_refused(read, make, says):
    with pytest.raises(DeliveryUnreadableError, match=says):
        read(make(workbook(row())), "xlsx")


def test_a_workbook_that_unpacks_to_too_much_is_refused(read, monkeypatch):
    monkeypatch.setattr("analytics.sources.sheet._MOST_BYTES", 1_000)
    with pytest.raises(DeliveryUnreadableError, match="larger than any"):
        read(workbook(row()), "xlsx")


def test_all_problems_are_told_at_once(read):
    with pytest.raises(DeliveryError) as refused:
        read(text(row(outcome="101 %"), row("2018-02", outcome="3", unit="Stab"), row("2018-06", Målvärde="1 %")))
    assert str(refused.value).count("Also ") == 2
