"""Reads raw extracts the plainest way, for recomputing figures beside the product: nothing of it takes part."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

Row = dict[str, str]


def number(text: str) -> float:
    """``−7 020 369,66``, ``38,40`` or ``7:30`` (hours and minutes)."""
    plain = "".join(text.split()).replace("−", "-").replace(",", ".")
    if ":" in plain:
        hours, minutes = plain.split(":")
        return float(hours) + float(f"-{minutes}" if hours.startswith("-") else minutes) / 60
    return float(f"-{plain[:-1]}" if plain.endswith("-") else plain)


def day(text: str) -> date | None:
    return None if text in ("", "9999-12-31") else date.fromisoformat(text)


def month_end(month: str) -> date:
    return (date(int(month[:4]), int(month[4:]), 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def lines_of(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


class Raw:
    """The extracts of a region from one month on, as dictionaries of text."""

    def __init__(self, root: Path, *, since: str) -> None:
        self.since = since
        self.folder = root / "data" / "raw"
        reference = self.folder / "reference"
        places = list(csv.DictReader(lines_of(reference / "organisation.csv"), delimiter=";"))
        above = {(row["level"], row["code"]): row["parent"] for row in places}
        centres = [row for row in places if row["level"] == "cost_centre"]
        self.unit_of = {row["code"]: above["base_unit", row["parent"]] for row in centres}
        self.projects = {row["code"] for row in centres if row["is_project"] == "1"}
        intervals = csv.DictReader(lines_of(reference / "account_intervals.csv"), delimiter=";")
        self.intervals = [(row["from_account"], row["to_account"], row["report_line"]) for row in intervals]

    def rows(self, kind: str) -> list[tuple[str, Row]]:
        """(Month of the delivery, row) of all deliveries of one kind; a corrected delivery replaces the first one."""
        paths = sorted((self.folder / kind.split("_", maxsplit=1)[0]).glob(f"{kind}_*"))
        files = {path.stem.removesuffix("_v2").rsplit("_", 1)[1]: path for path in paths}
        return [(month, row) for month, path in files.items() if month >= self.since for row in _read(path)]

    @cached_property
    def time(self) -> list[Row]:
        return [row for _, row in self.rows("heroma_tid")]

    @cached_property
    def absence(self) -> list[Row]:
        return [row for _, row in self.rows("heroma_franvaro")]

    @cached_property
    def employments(self) -> dict[str, list[Row]]:
        found = defaultdict(list)
        for month, row in self.rows("heroma_anstallning"):
            row["sex"] = "K" if row["Kön"] in ("K", "2", "Kvinna") else "M"
            found[month].append(row)
        return found

    @cached_property
    def at_centre(self) -> dict[tuple[str, str, str], Row]:
        return {(row["Anstnr"], month, row["Ansvar"]): row for month, rows in self.employments.items() for row in rows}

    @cached_property
    def main(self) -> dict[tuple[str, str], Row]:
        """The largest employment of a person and month, then the one that began first, then the lowest centre."""
        best: dict[tuple[str, str], Row] = {}
        for month, rows in self.employments.items():
            for row in sorted(rows, key=lambda r: (-number(r["Sysselsättningsgrad"]), r["From"], r["Ansvar"])):
                best.setdefault((row["Anstnr"], month), row)
        return best

    @cached_property
    def ledger(self) -> list[tuple[str, str, str, str, str, int]]:
        """Type, month, cost centre, account, E or I, öre; opening balances left out, closing entries in December."""
        found = []
        for kind in ("raindance_saldo", "raindance_budget", "raindance_prognos"):
            for _, row in self.rows(kind):
                # Sum rows have no cost centre; period 00 is the opening balance, period 13 belongs to December.
                if row["Ansvar"] and not row["Period"].endswith("00"):
                    month = f"{row['Period'][:4]}12" if row["Period"].endswith("13") else row["Period"]
                    ore = round(number(row["Belopp"]) * 100)
                    found.append((row["Typ"], month, row["Ansvar"], row["Konto"], row["Motpart"][0], ore))
        return found

    def line(self, account: str) -> str:
        return next(line for low, high, line in self.intervals if low <= account <= high)


def _read(path: Path) -> list[Row]:
    raw = path.read_bytes()
    text = raw.decode("utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "cp1252")
    mark = "\t" if path.suffix == ".txt" else ";"
    lines = [line for line in text.splitlines() if line.count(mark) > 2]
    return list(csv.DictReader(lines, delimiter=mark))
