"""Header, separator, trailer and sum rows are found by rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.errors import DeliveryUnreadableError, LayoutError
from analytics.periods import Period
from analytics.sources import LAYOUTS, Delivery
from analytics.sources.model import LINE
from analytics.sources.rows import split

TIME = LAYOUTS["heroma_tid"]
DELIVERY = Delivery(Path("x"), Path("heroma_tid_201802.csv"), Period(2018, 2))
HEADER = "Anstnr;Period;Ansvar;Tidart;Timmar;Belopp;"


def lines(*rows: str) -> bytes:
    return "\r\n".join(rows).encode("cp1252")


def test_rows_come_with_their_line_numbers_and_stripped_cells():
    raw = split(lines("Tid", HEADER, "1; 201802;1310;ORD;1,0;\u00a05,0;", "Antal rader: 1", "", " "), TIME, DELIVERY)
    assert raw.frame.row(0, named=True) == {
        LINE: 3,
        "Anstnr": "1",
        "Period": "201802",
        "Ansvar": "1310",
        "Tidart": "ORD",
        "Timmar": "1,0",
        "Belopp": "5,0",
    }
    assert raw.taken == ("encoding cp1252", "separator semicolon", "header on line 2", "rows: 1, as the last line says")


def test_separator_and_line_of_the_header_are_taken_from_the_header():
    header = HEADER.replace(";", "\t").rstrip("\t")
    raw = split(lines(header, "1\t201802\t1310\tORD\t1,0\t", "Antal rader: 1"), TIME, DELIVERY)
    assert "separator tab" in raw.taken
    assert "header on line 1" in raw.taken
    assert raw.frame["Belopp"].to_list() == [""]


@pytest.mark.parametrize("trailer", ["Antal rader: 1", "Antal rader: 1;;;;;;", "antal rader 1 ", "Antal rader:\u00a01"])
def test_forms_of_the_trailer(trailer):
    assert split(lines("Tid", HEADER, "1;201802;1310;ORD;1,0;;", trailer), TIME, DELIVERY).frame.height == 1


def test_thousands_in_the_trailer():
    rows = ["1;201802;1310;ORD;1,0;;"] * 1234
    assert split(lines("Tid", HEADER, *rows, "Antal rader: 1 234"), TIME, DELIVERY).frame.height == 1234


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (("Tid", HEADER, "1;201802;1310;ORD;1,0;;"), "cut off"),
        (("Tid", HEADER, "1;201802;1310;ORD;1,0;;", "Antal rader: 2"), "says 2 rows, the file holds 1"),
        (("Tid", HEADER, "1;201802;1310;ORD;1,0;;", "Antal rader: x"), "cut off"),
        (("Tid", HEADER, "1;201802;1310;ORD", "Antal rader: 1"), "3 separators instead of 6"),
        (("Tid", HEADER, "", "1;201802;1310;ORD;1,0;;", "Antal rader: 1"), "0 separators instead of 6"),
        (("Tid", HEADER.replace("Timmar", "Tid"), "Antal rader: 0"), "missing columns: Timmar; extra columns: Tid"),
        (("Tid", HEADER.replace("Ansvar;", "Period;"), "Antal rader: 0"), "missing columns: Ansvar"),
        (("Tid", HEADER + "Timmar;", "Antal rader: 0"), "repeated columns: Timmar"),
        (("Tid", HEADER, "Totalt;;;;1,0;;", "Antal rader: 1"), "sum row"),
        (("Tid", HEADER, "1;201802;Summa 1310;;1,0;;", "Antal rader: 1"), "sum row"),
        (("Tid", HEADER, "Slutsumma;201802;1310;ORD;1,0;;", "Antal rader: 1"), "sum row"),
        (("Tid", HEADER, "Sum;201802;1310;ORD;1,0;;", "Antal rader: 1"), "sum row"),
        (("Tid", HEADER, '"Grand Total";;;;1,0;;', "Antal rader: 1"), "sum row"),
        (("Tid", HEADER, f"1{'x' * 5000};201802;1310;ORD;1,0;;", "Antal rader: 1"), "longer than 5000 characters"),
    ],
)
def test_refused(rows, says):
    with pytest.raises(LayoutError, match=says) as raised:
        split(lines(*rows), TIME, DELIVERY)
    assert raised.value.action


def test_values_of_a_file_without_header_are_not_shown():
    with pytest.raises(LayoutError) as raised:
        split(lines("Tid", "Anna Andersson;201802;1310;ORD;1,0;;", "Antal rader: 1"), TIME, DELIVERY)
    assert "Anna" not in str(raised.value)


def test_a_name_that_begins_like_a_sum_is_no_sum_row():
    agency = LAYOUTS["inhyrd"]
    header = ";".join(agency.columns) + ";"
    raw = split(
        lines("Inhyrd", header, "Total Bemanning AB;10;SSK;2018-V09;1,0;2018-03-10;5,0;1;", "Antal rader: 1"),
        agency,
        DELIVERY,
    )
    assert raw.frame.height == 1


def test_agency_file_may_hold_no_rows():
    agency = LAYOUTS["inhyrd"]
    content = lines("Inhyrd", ";".join(agency.columns) + ";", "Antal rader: 0")
    assert split(content, agency, DELIVERY).frame.is_empty()
    with pytest.raises(DeliveryUnreadableError, match="holds no rows"):
        split(lines("Tid", HEADER, "Antal rader: 0"), TIME, DELIVERY)
