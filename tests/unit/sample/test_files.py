"""The layouts as files: encoding, line ends, trailers, marks."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.sample.amounts import chances, split, uneven
from analytics.sample.files import LedgerRow, LedgerStyle, is_synthetic, write_ledger_file, write_semicolon

PLAIN = LedgerStyle()


def row(account: str, ore: int) -> LedgerRow:
    return ("17", "171", "1310", account, "Text", "E", "", "", "201803", "UTFALL", ore, "2018-03-05", "2018-03-06")


def test_semicolon_file_byte_for_byte(tmp_path: Path) -> None:
    file = tmp_path / "heroma" / "heroma_tid_201803.csv"
    count = write_semicolon(
        file, title="Tid mars 2018", header=("Anstnr", "Tidart"), rows=iter([("001", "ÖT-KVAL"), ("002", "ORD")])
    )
    assert count == 2
    assert file.read_bytes() == (
        "Tid mars 2018 – SYNTETISKA DATA – demonstrationsregion\r\nAnstnr;Tidart;\r\n"
        "001;ÖT-KVAL;\r\n002;ORD;\r\nAntal rader: 2\r\n"
    ).encode("cp1252")


def test_ledger_file_has_titles_header_sums_and_trailer(tmp_path: Path) -> None:
    file = tmp_path / "raindance_saldo_201803.txt"
    count = write_ledger_file(
        file, title="Saldo", style=PLAIN, rows=[row("40110", 1_234_567_89), row("40110", -50), row("91110", 5)]
    )
    lines = file.read_bytes().decode("cp1252").split("\r\n")
    assert count == 3
    assert lines[:3] == ["Saldo", "SYNTETISKA DATA – demonstrationsregion", "Belopp i kronor, intäkter negativa"]
    assert lines[3].split("\t")[0] == "Förvaltning"
    assert len(lines[3].split("\t")) == 13
    assert lines[4].split("\t")[10] == "1\u00a0234\u00a0567,89"
    assert lines[5].split("\t")[10] == "-0,50"
    assert lines[6].split("\t")[:4] == ["Summa konto", "", "", "40110"]
    assert lines[6].split("\t")[10] == "1\u00a0234\u00a0567,39"
    assert lines[8].split("\t")[3] == "91110"
    assert lines[9:] == ["Antal rader: 3", ""]


def test_an_empty_ledger_file_has_no_sum_row(tmp_path: Path) -> None:
    file = tmp_path / "raindance_saldo_201803.txt"
    assert write_ledger_file(file, title="Saldo", style=PLAIN, rows=[]) == 0
    assert file.read_bytes().decode("cp1252").split("\r\n")[4:] == ["Antal rader: 0", ""]


@pytest.mark.parametrize(
    ("style", "amount", "mark"),
    [
        (LedgerStyle(), "-1\u00a0257\u00a0342,50", b""),
        (LedgerStyle(trailing_minus=True), "1257342,50-", b""),
        (LedgerStyle(web_client=True), "\u22121\u00a0257\u00a0342,50", b"\xef\xbb\xbf"),
    ],
)
def test_the_forms_of_amounts(tmp_path: Path, style: LedgerStyle, amount: str, mark: bytes) -> None:
    assert style.amount(-1_257_342_50) == amount
    file = tmp_path / "raindance_saldo_201803.txt"
    write_ledger_file(file, title="Saldo", style=style, rows=[row("40110", -1_257_342_50)])
    assert file.read_bytes().startswith(mark + b"Saldo\r\n")
    assert is_synthetic(file)


@given(st.integers(-(10**13), 10**13), st.booleans(), st.booleans())
def test_an_amount_can_be_read_back(ore: int, web_client: bool, trailing_minus: bool) -> None:  # noqa: FBT001
    text = LedgerStyle(web_client=web_client, trailing_minus=trailing_minus).amount(ore)
    plain = text.replace("\u00a0", "").replace("\u2212", "-").replace(",", ".")
    value = -Decimal(plain[:-1]) if plain.endswith("-") else Decimal(plain)
    assert value * 100 == ore


def test_nothing_is_left_of_a_file_that_was_not_finished(tmp_path: Path) -> None:
    def broken() -> list[tuple[str, ...]]:
        raise OSError("the disk is full")

    file = tmp_path / "heroma_tid_201803.csv"
    file.write_text("earlier", encoding="utf-8")
    with pytest.raises(OSError, match="disk is full"):
        write_semicolon(file, title="Tid", header=("Anstnr",), rows=(cells for cells in broken()))
    assert file.read_text(encoding="utf-8") == "earlier"


def test_real_extracts_are_not_taken_for_synthetic(tmp_path: Path) -> None:
    file = tmp_path / "heroma_tid_201803.csv"
    file.write_bytes("Tid mars 2018\r\nAnstnr;\r\n1;\r\nAntal rader: 1\r\n".encode("cp1252"))
    assert not is_synthetic(file)


@given(st.integers(-(10**12), 10**12), st.lists(st.floats(0.01, 100), min_size=1, max_size=30))
def test_parts_sum_to_the_total(total: int, weights: list[float]) -> None:
    parts = split(total, weights)
    assert sum(parts) == total
    assert len(parts) == len(weights)
    whole = sum(weights)
    assert all(abs(part - total * weight / whole) < 2 for part, weight in zip(parts, weights, strict=True))


def test_the_same_words_give_the_same_chances() -> None:
    assert uneven(chances(1, "a"), 5) == uneven(chances(1, "a"), 5)
    assert uneven(chances(1, "a"), 5) != uneven(chances(2, "a"), 5)
    assert all(0.5 <= weight <= 1.5 for weight in uneven(chances(3), 100))
