"""The reviewed reference tables in ``data/raw/reference``: accounts, groups and codes, read once and checked.

They are semicolon-separated UTF-8 with a header row and are edited by a person. Every code is text.
"""

from __future__ import annotations

import csv
import hashlib
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Literal

from analytics.errors import Location, SettingsError
from analytics.periods import Period

_AID_COLUMNS = ("aid_label", "personnel_group", "label", "valid_from", "valid_to")
_ORDINARY_CODE = re.compile(r"[0-9A-Za-zÅÄÖåäö_][0-9A-Za-zÅÄÖåäö_.-]*")
"""Codes become names of folders and files: no separators, and no dot first."""


def _is_day(text: str) -> bool:
    try:
        return not text or date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


_FORMS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "valid_from": (_is_day, "a day as YYYY-MM-DD, or nothing"),
    "valid_to": (_is_day, "a day as YYYY-MM-DD, or nothing"),
    "is_project": (("0", "1").__contains__, "0 or 1"),
    "is_sick_leave": (("0", "1").__contains__, "0 or 1"),
    "order": (str.isdecimal, "a whole number"),
    "ownership": (("public", "private").__contains__, "public or private"),
    "care_unit": (lambda text: _ORDINARY_CODE.fullmatch(text) is not None, "a code of letters and digits"),
    "code": (lambda text: _ORDINARY_CODE.fullmatch(text) is not None, "a code of letters and digits"),
}


def read_rows(file: Path, columns: Iterable[str], *, unique: bool = True) -> list[dict[str, str]]:
    """Rows of one reference file, edited by a person, so every cell with a form is checked.

    Raises SettingsError if the file is missing, its columns are not the expected, a cell has the wrong form, or two
    rows have the same first cell (unless ``unique`` is false): the second would silently replace the first.
    """
    expected = list(columns)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SettingsError(f"reference file cannot be read: {error.strerror}", where=Location(file)) from None
    except UnicodeDecodeError:
        raise SettingsError(
            "reference file is not UTF-8", where=Location(file), action="Save the file as UTF-8."
        ) from None
    reader = csv.DictReader(text.splitlines(), delimiter=";", strict=True)
    if reader.fieldnames != expected:
        raise SettingsError(f"columns are {reader.fieldnames}, expected {expected}", where=Location(file, line=1))
    rows = list(reader)
    seen: set[str] = set()
    for line, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise SettingsError("the row has too many or too few cells", where=Location(file, line=line))
        for column, text in row.items():
            holds, form = _FORMS.get(column, (None, ""))
            if holds is not None and not holds(text):
                raise SettingsError(f"the cell must be {form}", where=Location(file, line=line, column=column))
        code = row[expected[0]]
        if unique and code in seen:
            raise SettingsError("the code stands twice", where=Location(file, line=line, column=expected[0]))
        seen.add(code)
    return rows


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One row of FR1. ``parent`` is empty on the first level; the totals have no accounts of their own."""

    code: str
    label: str
    level: int
    parent: str
    order: int


@dataclass(frozen=True, slots=True)
class CodedLabel:
    """A code with its Swedish label and the days between which it may be used."""

    code: str
    label: str
    valid_from: date = date.min
    valid_to: date = date.max

    def is_valid_in(self, period: Period) -> bool:
        """Whether the code may be used on any day of a month."""
        return self.valid_from <= period.last_day and self.valid_to >= period.first_day


@dataclass(frozen=True, slots=True)
class CareUnit(CodedLabel):
    """A care unit within Hälsoval: who runs it and which administration and base unit follow it up."""

    ownership: str = ""
    administration: str = ""
    base_unit: str = ""


@dataclass(frozen=True)
class Reference:
    """All reference tables of one folder."""

    folder: Path

    @cached_property
    def accounts(self) -> dict[str, str]:
        """Account (five digits) → label."""
        return {row["account"]: row["label"] for row in read_rows(self.folder / "accounts.csv", ("account", "label"))}

    @cached_property
    def account_group_labels(self) -> dict[str, str]:
        """Account class (1 digit) or group (2 or 3 digits) → label."""
        file = self.folder / "account_groups.csv"
        return {row["code"]: row["label"] for row in read_rows(file, ("code", "label"))}

    @cached_property
    def report_lines(self) -> dict[str, ReportLine]:
        """FR1 rows by code, in printed order."""
        file = self.folder / "report_lines.csv"
        rows = read_rows(file, ("report_line", "label", "level", "parent", "order"))
        if any(row["level"] not in ("1", "2") for row in rows):
            raise SettingsError("the level of a row is 1 or 2", where=Location(file, column="level"))
        lines = [
            ReportLine(row["report_line"], row["label"], int(row["level"]), row["parent"], int(row["order"]))
            for row in rows
        ]
        return {line.code: line for line in sorted(lines, key=lambda line: line.order)}

    @cached_property
    def _intervals(self) -> list[tuple[str, str, str]]:
        file = self.folder / "account_intervals.csv"
        rows = read_rows(file, ("from_account", "to_account", "report_line"))
        intervals = sorted((row["from_account"], row["to_account"], row["report_line"]) for row in rows)
        for (_, end, _), (start, _, _) in pairwise(intervals):
            if start <= end:
                raise SettingsError(f"account intervals overlap at {start}", where=Location(file))
        for start, end, line in intervals:
            if line not in self.report_lines or end < start:
                raise SettingsError(f"interval {start}-{end} names no row of report_lines.csv", where=Location(file))
        return intervals

    def report_line_of(self, account: str) -> str:
        """The one FR1 row that an account belongs to. Raises SettingsError if no interval holds it."""
        position = bisect_right([start for start, _, _ in self._intervals], account) - 1
        if position >= 0:
            start, end, line = self._intervals[position]
            if start <= account <= end:
                return line
        raise SettingsError(
            f"account {account} is in no interval of account_intervals.csv",
            action="Add the interval with its row of FR1; every account must belong to exactly one.",
        )

    @cached_property
    def personnel_groups(self) -> dict[str, CodedLabel]:
        """Personnel group as text (``3.0``) → label with validity."""
        return self._coded("personnel_groups.csv", ("personnel_group", "label", "valid_from", "valid_to"))

    @cached_property
    def aid_labels(self) -> dict[str, str]:
        """AID label (six digits) → personnel group."""
        return {
            row["aid_label"]: row["personnel_group"] for row in read_rows(self.folder / "aid_labels.csv", _AID_COLUMNS)
        }

    def expired(self, name: Literal["personnel_groups", "aid_labels"], period: Period) -> list[str]:
        """Known codes of a table that are valid on no day of a month."""
        coded = self.personnel_groups if name == "personnel_groups" else self._coded("aid_labels.csv", _AID_COLUMNS)
        return [code for code, label in coded.items() if not label.is_valid_in(period)]

    @cached_property
    def absence_groups(self) -> dict[str, str]:
        """Absence group 01–10 as text → label."""
        columns = ("absence_group", "label", "is_sick_leave")
        return {row["absence_group"]: row["label"] for row in read_rows(self.folder / "absence_groups.csv", columns)}

    @cached_property
    def sick_leave_groups(self) -> frozenset[str]:
        """The absence groups that count as sick leave."""
        columns = ("absence_group", "label", "is_sick_leave")
        rows = read_rows(self.folder / "absence_groups.csv", columns)
        return frozenset(row["absence_group"] for row in rows if row["is_sick_leave"] == "1")

    @cached_property
    def time_types(self) -> dict[str, str]:
        """Code in the source (``ÖT-KVAL``) → time type (``overtime``)."""
        columns = ("source_code", "time_type", "label")
        return {row["source_code"]: row["time_type"] for row in read_rows(self.folder / "time_types.csv", columns)}

    @cached_property
    def professions(self) -> dict[str, CodedLabel]:
        """Code in the source (``LÄK``) → profession (code ``doctor``, Swedish label)."""
        columns = ("source_code", "profession", "label")
        rows = read_rows(self.folder / "professions.csv", columns)
        return {row["source_code"]: CodedLabel(row["profession"], row["label"]) for row in rows}

    @cached_property
    def care_units(self) -> dict[str, CareUnit]:
        """Care unit → label, validity, ownership (public or private), administration and base unit."""
        file = self.folder / "care_units.csv"
        columns = ("care_unit", "label", "ownership", "administration", "base_unit", "valid_from", "valid_to")
        return {
            row["care_unit"]: CareUnit(
                code=row["care_unit"],
                label=row["label"],
                valid_from=day_or(row["valid_from"], date.min),
                valid_to=day_or(row["valid_to"], date.max),
                ownership=row["ownership"],
                administration=row["administration"],
                base_unit=row["base_unit"],
            )
            for row in read_rows(file, columns)
        }

    @cached_property
    def checksum(self) -> str:
        """SHA-256 over all reference files: changes when a mapping changes, so dependents are redone."""
        digest = hashlib.sha256()
        for file in sorted(self.folder.glob("*.csv")):
            digest.update(file.name.encode())
            digest.update(file.read_bytes())
        return digest.hexdigest()

    def _coded(self, name: str, columns: tuple[str, ...]) -> dict[str, CodedLabel]:
        return {
            row[columns[0]]: CodedLabel(
                row[columns[0]], row["label"], day_or(row["valid_from"], date.min), day_or(row["valid_to"], date.max)
            )
            for row in read_rows(self.folder / name, columns)
        }


def day_or(text: str, otherwise: date) -> date:
    """An ISO date, or the given day where the cell is blank."""
    return date.fromisoformat(text) if text else otherwise
