"""P6: care units to long form, and everything that must be refused, with file, line, column and count."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from analytics import settings
from analytics.care_follow_up import QUANTITIES, SHARES
from analytics.errors import CellValueError, CodeError, DeliveryError, LayoutError, SettingsError
from analytics.organisation import Organisation
from analytics.periods import Period
from analytics.reference import Reference
from analytics.sources import LAYOUTS, Context, Delivery
from analytics.sources.rows import split

ROOT = Path(__file__).parents[3]
LAYOUT = LAYOUTS["halsoval"]
HEADER = ";".join(LAYOUT.columns) + ";"
NAMES = {"V01": "Vårdcentral Asken", "V08": "Läkarhuset Tallen"}
GOOD = "8000;2000;900;1700;2700;600;400;330;4400;60;50;7;1 000 000,25;400000,50;2200;1900;600;550"
REGISTER = """care_unit;label;ownership;administration;base_unit;valid_from;valid_to
V01;Vårdcentral Asken;public;17;225;2015-01-01;
V08;Läkarhuset Tallen;private;17;225;2015-01-01;
V09;Familjeläkarna Boken;private;17;225;2018-04-01;
"""


@pytest.fixture
def context(tmp_path: Path) -> Context:
    folder = tmp_path / "reference"
    shutil.copytree(ROOT / "data/raw/reference", folder)
    (folder / "care_units.csv").write_text(REGISTER, encoding="utf-8")
    return Context(
        settings=settings.load(ROOT),
        reference=Reference(folder),
        organisation=Organisation.read(folder),
        secret=bytes(32),
        now=datetime(2018, 4, 15, tzinfo=UTC),
    )


def unit(code: str, ownership: str, counts: str = GOOD) -> list[str]:
    return [code, NAMES.get(code, "Okänd"), ownership, *counts.split(";")]


def good() -> list[list[str]]:
    return [unit("V01", "Offentlig"), unit("V08", "PRIVAT")]


def read(rows: list[list[str]], context: Context) -> pl.DataFrame:
    lines = ["Hälsoval", HEADER, *(";".join(row) + ";" for row in rows), f"Antal rader: {len(rows)}"]
    delivery = Delivery(Path("x"), Path("halsoval_201803.csv"), Period(2018, 3))
    raw = split("\r\n".join(lines).encode("cp1252"), LAYOUT, delivery)
    return LAYOUT.read(raw, LAYOUT, context).frame


def put(row: int, column: str, value: str) -> Callable[[list[list[str]]], None]:
    def spoil(rows: list[list[str]]) -> None:
        rows[row][LAYOUT.columns.index(column)] = value

    return spoil


def test_every_quantity_of_every_unit_is_a_row_and_nothing_else_is(context: Context) -> None:
    frame = read(good(), context)
    assert frame.height == 2 * len(QUANTITIES)
    values = {(row["care_unit"], row["quantity"]): row["value"] for row in frame.iter_rows(named=True)}
    assert values["V01", "listed"] == 8000
    assert values["V08", "assessments_3_days"] == 550
    assert values["V01", "medicine_cost"] == 1_000_000.25
    assert dict(frame.select("care_unit", "ownership").unique().rows()) == {"V01": "public", "V08": "private"}
    assert set(frame["period"]) == set(frame["delivery"]) == {"2018-03"}
    assert set(frame["administration"]) == {"17"}


def test_every_share_has_its_numerator_and_denominator_in_the_file() -> None:
    columns = {quantity.code: quantity.column for quantity in QUANTITIES}
    for share in SHARES:
        assert {columns[share.numerator], columns[share.denominator]} <= set(LAYOUT.columns)
    assert not [column for column in LAYOUT.columns if "%" in column or "andel" in column.lower()]


@pytest.mark.parametrize(
    ("spoil", "error", "message", "place"),
    [
        (put(1, "Vårdenhet", "V99"), CodeError, "unknown care unit V99", (4, "Vårdenhet")),
        (put(1, "Vårdenhet", "V09"), CodeError, "unknown care unit V09", (4, "Vårdenhet")),
        (put(0, "NDR-registrerade", "401"), CellValueError, "numerator above denominator", (3, "NDR-registrerade")),
        (put(1, "Kontakt samma dag", "2201"), CellValueError, "numerator above denominator", (4, "Kontakt samma dag")),
        (put(1, "Listade 75+", "2001"), CellValueError, "Listade 75+ is higher than Listade 65+", (4, "Listade 75+")),
        (put(1, "Listade 65+", "8001"), CellValueError, "Listade 65+ is higher than Listade", (4, "Listade 65+")),
        (put(0, "Influensavaccinerade 75+", "85 %"), CellValueError, "cannot be read", (3, "Influensavaccinerade 75+")),
        (put(0, "Fast läkarkontakt", "0,55"), CellValueError, "cannot be read", (3, "Fast läkarkontakt")),
        (put(0, "Listade", "-8000"), CellValueError, "cannot be read", (3, "Listade")),
        (put(0, "SIP", ""), CellValueError, "cannot be read", (3, "SIP")),
        (put(0, "Läkemedelskostnad", "1000000.25"), CellValueError, "cannot be read", (3, "Läkemedelskostnad")),
        (
            put(1, "Vårdenhetens namn", "vårdcentral  ASKEN"),
            CodeError,
            "code and name belong to different care units",
            (4, "Vårdenhetens namn"),
        ),
        (put(0, "Driftform", "Privat"), CodeError, "contradicts the register", (3, "Driftform")),
        (put(1, "Driftform", "stiftelse"), CodeError, "neither offentlig nor privat", (4, "Driftform")),
        (lambda rows: rows.append(unit("V01", "Offentlig")), CodeError, "stands twice", (3, "Vårdenhet")),
        (lambda rows: rows.pop(), CodeError, "units of the register are missing: V08", (3, "Vårdenhet")),
    ],
)
def test_bad_input_is_refused_where_it_stands(
    context: Context,
    spoil: Callable[[list[list[str]]], None],
    error: type[DeliveryError],
    message: str,
    place: tuple[int, str],
) -> None:
    line, column = place
    rows = good()
    spoil(rows)
    with pytest.raises(error) as raised:
        read(rows, context)
    said = str(raised.value)
    assert message in said
    assert "halsoval_201803.csv" in said
    assert f"line {line}" in said
    assert column in said


def test_a_unit_that_is_called_otherwise_than_in_the_register_is_taken(context: Context) -> None:
    rows = good()
    put(0, "Vårdenhetens namn", "Vårdcentralen Asken")(rows)
    assert read(rows, context).height == 2 * len(QUANTITIES)


def test_a_column_of_shares_is_no_column_of_the_layout(context: Context) -> None:
    rows = [[*row, "85"] for row in good()]
    with pytest.raises(LayoutError):
        read(rows, context)


def test_an_identity_number_in_a_name_is_refused_and_not_shown(context: Context) -> None:
    rows = good()
    put(0, "Vårdenhetens namn", "19121212-1212")(rows)
    with pytest.raises(DeliveryError) as raised:
        read(rows, context)
    assert "1212-1212" not in str(raised.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("V08;Läkarhuset Tallen;private;17;225", "V08;Läkarhuset Tallen;private;17;999", "base unit 999"),
        ("V08;Läkarhuset Tallen;private;17;225", "V08;Läkarhuset Tallen;private;88;225", "administration 88"),
        ("V08;Läkarhuset Tallen;private", "V08;Läkarhuset Tallen;privat", "public or private"),
        ("V08;Läkarhuset", "V01;Läkarhuset", "stands twice"),
    ],
)
def test_a_wrong_register_is_told_as_a_wrong_register(context: Context, old: str, new: str, message: str) -> None:
    file = context.reference.folder / "care_units.csv"
    file.write_text(REGISTER.replace(old, new), encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        read(good(), context)
