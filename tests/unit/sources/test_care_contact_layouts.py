"""K1 and K2: care contacts and their costs with keyed numbers, and everything that must be refused where it stands."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from analytics import settings
from analytics.errors import (
    CellValueError,
    CodeError,
    DeliveryError,
    DeliveryPeriodError,
    LayoutError,
    PersonalDataError,
    SettingsError,
)
from analytics.organisation import Organisation
from analytics.periods import Period
from analytics.reference import Reference
from analytics.sources import LAYOUTS, Context, Delivery
from analytics.sources.rows import split

ROOT = Path(__file__).parents[3]
CONTACTS, COSTS = LAYOUTS["kpp_kontakter"], LAYOUTS["kpp_kostnader"]
SECRET = bytes(range(32))
GOOD = {
    "kpp_kontakter": [
        "K001;P77001;201803;10;102;SV;4",
        "K002;P77001;201803;10;102;ÖV;0",
        "K003;P77002;201803;10;106;DV;0",
    ],
    "kpp_kostnader": [
        "K001;201803;VPE;0120;12 000,50",
        "K001;201803;LAB;0150;300,00",
        "K002;201803;VPE;0122;1500,00",
        "K003;201803;VPE;0121;-50,00",
        "K003;201803;LAK;0121;50,00",
    ],
}


@pytest.fixture
def context(tmp_path: Path) -> Context:
    folder = tmp_path / "reference"
    shutil.copytree(ROOT / "data/raw/reference", folder)
    return Context(
        settings=settings.load(ROOT),
        reference=Reference(folder),
        organisation=Organisation.read(folder),
        secret=SECRET,
        now=datetime(2018, 4, 15, tzinfo=UTC),
    )


def read(name: str, rows: list[str], context: Context) -> pl.DataFrame:
    layout = LAYOUTS[name]
    header = ";".join(layout.columns) + ";"
    lines = ["Titel", header, *(f"{row};" for row in rows), f"Antal rader: {len(rows)}"]
    delivery = Delivery(Path("x"), Path(f"{name}_201803.csv"), Period(2018, 3))
    raw = split("\r\n".join(lines).encode("cp1252"), layout, delivery)
    return layout.read(raw, layout, context).frame


def put(row: int, column: int, value: str) -> Callable[[list[str]], None]:
    def spoil(rows: list[str]) -> None:
        cells = rows[row].split(";")
        cells[column] = value
        rows[row] = ";".join(cells)

    return spoil


def test_contacts_come_in_with_keys_in_place_of_numbers(context: Context) -> None:
    frame = read("kpp_kontakter", GOOD["kpp_kontakter"], context)
    assert frame.select("administration", "base_unit", "contact_kind", "care_days").rows() == [
        ("10", "102", "inpatient", 4),
        ("10", "102", "outpatient", 0),
        ("10", "106", "other", 0),
    ]
    contacts, patients = frame["contact_key"].to_list(), frame["patient_key"].to_list()
    assert len(set(contacts)) == 3
    assert patients[0] == patients[1] != patients[2]
    assert all(len(key) == 32 and "77001" not in key for key in (*contacts, *patients))
    assert set(frame["period"]) == set(frame["delivery"]) == {"2018-03"}


def test_costs_come_in_in_ore_with_the_unit_that_they_come_from(context: Context) -> None:
    frame = read("kpp_kostnader", GOOD["kpp_kostnader"], context)
    assert frame.select("base_unit", "cost_centre", "cost_kind", "amount_ore").rows() == [
        ("102", "0120", "nursing", 12_000_50),
        ("105", "0150", "laboratory", 300_00),
        ("102", "0122", "nursing", 1_500_00),
        ("106", "0121", "nursing", -50_00),
        ("106", "0121", "doctors", 50_00),
    ]


def test_the_key_of_a_contact_is_the_same_in_both_layouts(context: Context) -> None:
    contacts = read("kpp_kontakter", GOOD["kpp_kontakter"], context)
    costs = read("kpp_kostnader", GOOD["kpp_kostnader"], context)
    assert set(contacts["contact_key"]) == set(costs["contact_key"])


@pytest.mark.parametrize(
    ("spoil", "error", "message", "place"),
    [
        (put(1, 3, "77"), CodeError, "unknown administration 77", (4, "Förvaltning")),
        (put(1, 4, "199"), CodeError, "unknown base unit 199", (4, "Basenhet")),
        (put(1, 4, "171"), CodeError, "does not belong to the administration", (4, "Basenhet")),
        (put(1, 5, "HV"), CodeError, "unknown kind of contact HV", (4, "Kontakttyp")),
        (put(0, 6, "-1"), CellValueError, "days of care are negative", (3, "Vårddagar")),
        (put(0, 6, "1,5"), CellValueError, "no whole number", (3, "Vårddagar")),
        (put(0, 6, "4000"), CellValueError, "more than 1500", (3, "Vårddagar")),
        (put(0, 6, "fyra"), CellValueError, "cannot be read", (3, "Vårddagar")),
        (put(1, 6, "2"), CellValueError, "contact that is not inpatient", (4, "Vårddagar")),
        (put(2, 2, "201802"), DeliveryPeriodError, "wrong period inside the file: 201802", (5, "Period")),
        (put(2, 0, "K001"), CodeError, "the contact stands twice", (3, "Kontaktnr")),
        (put(2, 0, "k001"), CodeError, "the contact stands twice", (3, "Kontaktnr")),
        (put(0, 0, ""), CellValueError, "contact number is blank or no number", (3, "Kontaktnr")),
        (put(0, 0, "1,2E+9"), CodeError, "damaged the contact number", (3, "Kontaktnr")),
        (put(0, 1, "Anna"), CellValueError, "patient number is blank or no number", (3, "Patientnr")),
        (put(0, 0, "19121212-1212"), PersonalDataError, "personal identity number", (3, "Kontaktnr")),
        (put(2, 1, "121212-1212"), PersonalDataError, "personal identity number", (5, "Patientnr")),
    ],
)
def test_bad_contacts_are_refused_where_they_stand(
    context: Context,
    spoil: Callable[[list[str]], None],
    error: type[DeliveryError],
    message: str,
    place: tuple[int, str],
) -> None:
    refused("kpp_kontakter", context, spoil, error=error, message=message, place=place)


@pytest.mark.parametrize(
    ("spoil", "error", "message", "place"),
    [
        (put(0, 2, "XXX"), CodeError, "unknown kind of cost XXX", (3, "Kostnadsslag")),
        (put(0, 3, "9999"), CodeError, "unknown cost centre 9999", (3, "Ansvar")),
        (put(0, 3, "120"), CodeError, "leading zero lost", (3, "Ansvar")),
        (put(1, 3, "0120"), CodeError, "LAB comes from another cost centre than 0150", (4, "Ansvar")),
        (put(0, 3, "0112"), CodeError, "declared as not distributed", (3, "Ansvar")),
        (put(0, 3, "1771"), CodeError, "project cost centre", (3, "Ansvar")),
        (put(0, 1, "201804"), DeliveryPeriodError, "wrong period inside the file: 201804", (3, "Period")),
        (put(4, 4, "49,99"), CellValueError, "less than nothing together", (6, "Belopp")),
        (put(0, 4, "12000.50"), CellValueError, "cannot be read", (3, "Belopp")),
        (put(0, 4, ""), CellValueError, "cannot be read", (3, "Belopp")),
        (put(4, 2, "VPE"), CodeError, "stand twice", (6, "Kontaktnr")),
        (put(0, 0, "19121212-1212"), PersonalDataError, "personal identity number", (3, "Kontaktnr")),
    ],
)
def test_bad_costs_are_refused_where_they_stand(
    context: Context,
    spoil: Callable[[list[str]], None],
    error: type[DeliveryError],
    message: str,
    place: tuple[int, str],
) -> None:
    refused("kpp_kostnader", context, spoil, error=error, message=message, place=place)


def refused(
    name: str,
    context: Context,
    spoil: Callable[[list[str]], None],
    *,
    error: type[DeliveryError],
    message: str,
    place: tuple[int, str],
) -> None:
    line, column = place
    rows = list(GOOD[name])
    spoil(rows)
    with pytest.raises(error) as raised:
        read(name, rows, context)
    said = str(raised.value)
    assert message in said
    assert f"{name}_201803.csv" in said
    assert f"line {line}" in said
    assert column in said
    assert not [number for number in ("P7700", "1212-1212", "Anna", "12 000") if number in said]


def test_kinds_are_refused_outside_their_days(context: Context) -> None:
    for name, file, code in (
        ("kpp_kontakter", "contact_kinds.csv", "SV"),
        ("kpp_kostnader", "cost_kinds.csv", "VPE"),
    ):
        path = context.reference.folder / file
        text = path.read_text(encoding="utf-8")
        rows = [f"{line}2018-02-28" if line.startswith(f"{code};") else line for line in text.splitlines()]
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
        with pytest.raises(CodeError, match=f"unknown kind of co.* {code}"):
            read(name, GOOD[name], context)


def test_a_column_too_many_is_refused(context: Context) -> None:
    with pytest.raises(LayoutError):
        read("kpp_kontakter", [f"{row};extra" for row in GOOD["kpp_kontakter"]], context)


def test_a_kind_of_cost_from_a_cost_centre_that_is_not_there_is_told_as_a_wrong_table(context: Context) -> None:
    file = context.reference.folder / "cost_kinds.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("0150", "0159"), encoding="utf-8")
    with pytest.raises(SettingsError, match="cost centre 0159, which does not exist"):
        read("kpp_kostnader", GOOD["kpp_kostnader"], context)
