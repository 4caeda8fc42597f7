"""The reviewed list of budget transfers, ``budget_transfers.csv``: dated, within one unit and year, and net zero."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from analytics.errors import Location, SettingsError, UsageError
from analytics.organisation import Organisation
from analytics.periods import Period
from analytics.reference import Reference, read_rows

FILE_NAME = "budget_transfers.csv"
COLUMNS = ("transfer", "administration", "from_month", "account", "kr", "decision", "remark")
_AMOUNT = re.compile(r"-?\d+(?:\.\d{2})?")
_ONE = ("administration", "from_month", "decision", "remark")
"""What is the same in every row of a transfer."""
LEAST_ROWS = 2


@dataclass(frozen=True, slots=True)
class Leg:
    """What one account gets (positive) or gives up, in öre over the rest of the year."""

    account: str
    report_line: str
    ore: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """Budget moved between accounts of one unit, from a month to the end of its year. The legs sum to zero."""

    code: str
    administration: str
    valid_from: Period
    decision: str
    remark: str
    legs: tuple[Leg, ...]

    @property
    def moved(self) -> int:
        """Öre that change place, counted once."""
        return sum(leg.ore for leg in self.legs if leg.ore > 0)

    def effect(self, period: Period) -> Fraction:
        """The share of the amount that falls on the months up to ``period``; equal in each month of the rest."""
        if period.year != self.valid_from.year or period < self.valid_from:
            return Fraction(0)
        return Fraction(period.month - self.valid_from.month + 1, 12 - self.valid_from.month + 1)


def read_transfers(reference: Reference, organisation: Organisation) -> tuple[Transfer, ...]:
    """Every transfer of the list, in its order.

    Columns: transfer (its rows stand together), administration, from_month (YYYY-MM), account, kr (change of the
    budget over the rest of the year; ``-3000000`` or ``-3000000.00``), decision, remark. Raises SettingsError with
    the line of an unknown unit or account, a wrong month or amount, or a transfer that is not net zero.
    """
    file = reference.folder / FILE_NAME
    rows = [(line, row) for line, row in enumerate(read_rows(file, COLUMNS, unique=False), start=2)]
    found: list[Transfer] = []
    for code, group in groupby(rows, key=lambda numbered: numbered[1]["transfer"]):
        numbered = list(group)
        line = numbered[0][0]
        if not code or any(code == earlier.code for earlier in found):
            raise _wrong(reference, line, "transfer", "the rows of one transfer must stand together under one code")
        found.append(_transfer(numbered, reference, organisation))
    return tuple(found)


def _transfer(rows: list[tuple[int, dict[str, str]]], reference: Reference, organisation: Organisation) -> Transfer:
    first_line, first = rows[0]
    for line, row in rows:
        for column in _ONE:
            if row[column] != first[column]:
                raise _wrong(reference, line, column, f"differs from line {first_line} of the same transfer")
    if not first["decision"]:
        raise _wrong(reference, first_line, "decision", "who decided it, and when, is not said")
    try:
        valid_from = Period.parse(first["from_month"])
    except UsageError:
        raise _wrong(reference, first_line, "from_month", "the cell must be a month as YYYY-MM") from None
    if organisation.find("administration", first["administration"], valid_from) is None:
        raise _wrong(reference, first_line, "administration", f"there is no such unit in {valid_from}")
    legs = tuple(_leg(line, row, reference) for line, row in rows)
    total = sum(leg.ore for leg in legs)
    if total or len(legs) < LEAST_ROWS:
        last = rows[-1][0]
        problem = f"the transfer is not net zero: its rows (lines {first_line}-{last}) sum to {total / 100:.2f} kr"
        raise _wrong(reference, last, "kr", problem, "What one account gets, others must give up; correct the rows.")
    return Transfer(first["transfer"], first["administration"], valid_from, first["decision"], first["remark"], legs)


def _leg(line: int, row: dict[str, str], reference: Reference) -> Leg:
    if row["account"] not in reference.accounts:
        raise _wrong(reference, line, "account", f"account {row['account']} is not in accounts.csv")
    if not _AMOUNT.fullmatch(row["kr"]):
        raise _wrong(reference, line, "kr", "the cell must be kronor as 3000000 or -3000000.00")
    ore = int(Fraction(row["kr"]) * 100)
    if ore == 0:
        raise _wrong(reference, line, "kr", "a row that moves nothing does not belong in a transfer")
    return Leg(row["account"], reference.report_line_of(row["account"]), ore)


def _wrong(reference: Reference, line: int, column: str, problem: str, action: str = "") -> SettingsError:
    where = Location(reference.folder / FILE_NAME, line=line, column=column)
    return SettingsError(problem, where=where, action=action or "Correct the row.")
