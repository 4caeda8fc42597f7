"""Write deliveries as the source systems do: P1–P3 and P7 as semicolon files, P4 as ledger text files.

Everything is streamed to a temporary name and renamed when complete, so a killed run leaves no half delivery. Every
file says in its title lines that it is synthetic; `is_synthetic` is how that is recognised again.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

SYNTHETIC_MARK = "SYNTETISKA DATA – demonstrationsregion"
NOTICE_NAME = "SYNTETISKA_DATA.txt"
NBSP = "\u00a0"
MINUS = "\u2212"
TEMPORARY_SUFFIX = ".part"
SUM_ROW = "Summa konto"
LEDGER_HEADER = (
    "Förvaltning",
    "Basenhet",
    "Ansvar",
    "Konto",
    "Kontotext",
    "Motpart",
    "Projekt",
    "Aktivitet",
    "Period",
    "Typ",
    "Belopp",
    "Verdatum",
    "Registreringsdatum",
)
_BUFFER = 1 << 20


def write_semicolon(file: Path, *, title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Layouts P1–P3 and P7: cp1252, CRLF, title with the synthetic mark, trailing ``;`` on header and rows, trailer.

    Args:
        file: Final name; its folder is created.
        title: What the extract is; the mark is added.
        header: Column names.
        rows: Cells as text, already with decimal comma.

    Returns:
        Number of rows.
    """
    count = 0
    temporary = _temporary(file)
    with temporary.open("w", encoding="cp1252", newline="", buffering=_BUFFER) as stream:
        stream.write(f"{title} – {SYNTHETIC_MARK}\r\n")
        stream.write(";".join(header) + ";\r\n")
        for row in rows:
            stream.write(";".join(row) + ";\r\n")
            count += 1
        stream.write(f"Antal rader: {count}\r\n")
    temporary.replace(file)
    return count


@dataclass(frozen=True, slots=True)
class LedgerStyle:
    """How one ledger file is written.

    Attributes:
        web_client: UTF-8 with byte order mark and U+2212 as minus, as the web client exports; else cp1252.
        trailing_minus: ``1257342,50-`` instead of ``-1 257 342,50`` with hard spaces.
    """

    web_client: bool = False
    trailing_minus: bool = False

    def amount(self, ore: int) -> str:
        """An amount in kronor with two decimals, in this file's form."""
        kronor, rest = divmod(abs(ore), 100)
        if self.trailing_minus:
            return f"{kronor},{rest:02d}{'-' if ore < 0 else ''}"
        minus = (MINUS if self.web_client else "-") if ore < 0 else ""
        return f"{minus}{kronor:,}".replace(",", NBSP) + f",{rest:02d}"


LedgerRow = tuple[str, str, str, str, str, str, str, str, str, str, int, str, str]
"""The cells of ``LEDGER_HEADER``; the amount in öre."""


def write_ledger_file(file: Path, *, title: str, style: LedgerStyle, rows: Iterable[LedgerRow]) -> int:
    """Layout P4: tab, CRLF, three title lines with the synthetic mark, header on line 4, sum rows, trailer.

    Args:
        file: Final name; its folder is created.
        title: What the extract is.
        style: Encoding and form of amounts.
        rows: Sorted by account, so that each account gets one sum row.

    Returns:
        Number of rows that are not sum rows.
    """
    count = 0
    total = 0
    account = ""
    temporary = _temporary(file)
    encoding = "utf-8-sig" if style.web_client else "cp1252"
    with temporary.open("w", encoding=encoding, newline="", buffering=_BUFFER) as stream:
        stream.write(f"{title}\r\n{SYNTHETIC_MARK}\r\nBelopp i kronor, intäkter negativa\r\n")
        stream.write("\t".join(LEDGER_HEADER) + "\r\n")
        for row in rows:
            if row[3] != account:
                if account:
                    stream.write(_sum_row(account, total, style))
                account, total = row[3], 0
            total += row[10]
            count += 1
            stream.write("\t".join((*row[:10], style.amount(row[10]), row[11], row[12])) + "\r\n")
        if account:
            stream.write(_sum_row(account, total, style))
        stream.write(f"Antal rader: {count}\r\n")
    temporary.replace(file)
    return count


def _sum_row(account: str, total: int, style: LedgerStyle) -> str:
    cells = [""] * len(LEDGER_HEADER)
    cells[0] = SUM_ROW
    cells[3] = account
    cells[10] = style.amount(total)
    return "\t".join(cells) + "\r\n"


def is_synthetic(file: Path) -> bool:
    """Whether a delivery carries the synthetic mark in its first lines, or a workbook among its properties."""
    if file.suffix == ".xlsx":
        try:
            with zipfile.ZipFile(file) as container:
                return SYNTHETIC_MARK.encode() in container.read("docProps/core.xml")
        except (zipfile.BadZipFile, KeyError):
            return False
    with file.open("rb") as stream:
        start = stream.read(400)
    return any(SYNTHETIC_MARK.encode(encoding) in start for encoding in ("cp1252", "utf-8"))


def _temporary(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    return file.with_name(file.name + TEMPORARY_SUFFIX)
