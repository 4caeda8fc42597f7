"""What cost per patient is made of: kinds of contact, kinds of cost, and the costs that are not distributed.

Three reviewed tables in ``data/raw/reference``: ``contact_kinds.csv``, ``cost_kinds.csv`` and
``undistributed_costs.csv``. The region planned cost per patient (000:1774-1790) but has published no layout: these are
a proposal (decision 016).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from analytics.errors import Location, SettingsError
from analytics.periods import Period
from analytics.reference import CodedLabel, day_or, read_rows

CONTACT_KINDS = "contact_kinds.csv"
COST_KINDS = "cost_kinds.csv"
UNDISTRIBUTED = "undistributed_costs.csv"
INPATIENT = "inpatient"
ContactKindCode = Literal["inpatient", "outpatient", "other"]
CONTACT_KIND_CODES: tuple[ContactKindCode, ...] = ("inpatient", "outpatient", "other")
COST_CLASSES = ("4", "5", "6", "7", "8", "9")
"""Account classes that are costs; class 3 is income."""
_ACCOUNT = re.compile(r"\d{5}")
_CODE = re.compile(r"[a-z][a-z_]*")


@dataclass(frozen=True, slots=True)
class CostKind(CodedLabel):
    """A kind of cost. ``cost_centres`` are the only ones that it may come from; empty means any."""

    cost_centres: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Undistributed:
    """Costs in the ledger that are not distributed to contacts: an interval of accounts, a cost centre, or both.

    ``first_account`` and ``last_account`` (ends included) are empty where every account is meant, ``cost_centre`` where
    every cost centre is.
    """

    reason: str
    label: str
    first_account: str
    last_account: str
    cost_centre: str
    valid_from: date
    valid_to: date

    def is_valid_in(self, period: Period) -> bool:
        """Whether the rule holds for a month: it must hold on its last day."""
        return self.valid_from <= period.last_day <= self.valid_to

    def holds(self, account: str, cost_centre: str) -> bool:
        """Whether a posting of the account and cost centre stays outside."""
        by_account = not self.first_account or self.first_account <= account <= self.last_account
        return by_account and self.cost_centre in ("", cost_centre)


@dataclass(frozen=True, slots=True)
class PatientCosts:
    """The three tables; kinds are by their code in the source (``SV``, ``VPE``), in printed order."""

    contact_kinds: Mapping[str, CodedLabel]
    cost_kinds: Mapping[str, CostKind]
    undistributed: tuple[Undistributed, ...]

    @classmethod
    def read(cls, folder: Path) -> PatientCosts:
        """Read the tables. Raises SettingsError with file, line and column for a cell that cannot be what it says."""
        return cls(_contact_kinds(folder), _cost_kinds(folder), _undistributed(folder))

    @property
    def contact_labels(self) -> dict[str, str]:
        """Kind of contact → Swedish label."""
        return {kind.code: kind.label for kind in self.contact_kinds.values()}

    @property
    def cost_labels(self) -> dict[str, str]:
        """Kind of cost → Swedish label."""
        return {kind.code: kind.label for kind in self.cost_kinds.values()}

    def closed_centres(self, period: Period) -> frozenset[str]:
        """Cost centres none of whose costs are distributed in a month."""
        rules = (rule for rule in self.undistributed if rule.is_valid_in(period))
        return frozenset(rule.cost_centre for rule in rules if rule.cost_centre and not rule.first_account)

    def reason_of(self, account: str, cost_centre: str, period: Period) -> str:
        """Why a posting stays outside; empty if it is to be distributed. The first rule that holds decides."""
        rules = (rule for rule in self.undistributed if rule.is_valid_in(period))
        return next((rule.reason for rule in rules if rule.holds(account, cost_centre)), "")

    @property
    def reason_labels(self) -> dict[str, str]:
        """Reason → Swedish label, in the order of the file."""
        return {rule.reason: rule.label for rule in self.undistributed}


def _contact_kinds(folder: Path) -> dict[str, CodedLabel]:
    file = folder / CONTACT_KINDS
    rows = read_rows(file, ("source_code", "contact_kind", "label", "valid_from", "valid_to"))
    for line, row in enumerate(rows, start=2):
        if row["contact_kind"] not in CONTACT_KIND_CODES:
            known = ", ".join(CONTACT_KIND_CODES)
            raise SettingsError(f"the kind of contact is one of {known}", where=Location(file, line, "contact_kind"))
    return {
        row["source_code"]: CodedLabel(row["contact_kind"], row["label"], *_days(row))
        for row in _agreeing(rows, file, "contact_kind")
    }


def _cost_kinds(folder: Path) -> dict[str, CostKind]:
    file = folder / COST_KINDS
    rows = read_rows(file, ("source_code", "cost_kind", "label", "cost_centres", "valid_from", "valid_to"))
    for line, row in enumerate(rows, start=2):
        if not _CODE.fullmatch(row["cost_kind"]) or row["cost_kind"] == "all":
            raise SettingsError("a code is small letters, and not all", where=Location(file, line, "cost_kind"))
    return {
        row["source_code"]: CostKind(row["cost_kind"], row["label"], *_days(row), tuple(row["cost_centres"].split()))
        for row in _agreeing(rows, file, "cost_kind")
    }


def _days(row: Mapping[str, str]) -> tuple[date, date]:
    return day_or(row["valid_from"], date.min), day_or(row["valid_to"], date.max)


def _agreeing(rows: list[dict[str, str]], file: Path, column: str) -> list[dict[str, str]]:
    """The rows, after a check that one code of ours has one label."""
    labels: dict[str, str] = {}
    for line, row in enumerate(rows, start=2):
        if not row["label"].strip():
            raise SettingsError("the label is blank", where=Location(file, line, "label"))
        if labels.setdefault(row[column], row["label"]) != row["label"]:
            raise SettingsError(f"{row[column]} has two labels", where=Location(file, line, "label"))
    return rows


def _undistributed(folder: Path) -> tuple[Undistributed, ...]:
    file = folder / UNDISTRIBUTED
    columns = ("reason", "label", "from_account", "to_account", "cost_centre", "valid_from", "valid_to")
    rows = read_rows(file, columns, unique=False)
    for line, row in enumerate(_agreeing(rows, file, "reason"), start=2):
        interval = (row["from_account"], row["to_account"])
        if any(interval) and (not all(map(_ACCOUNT.fullmatch, interval)) or interval[0] > interval[1]):
            raise SettingsError(
                "an interval is two accounts of five digits, the lower first",
                where=Location(file, line, "from_account"),
            )
        if not any(interval) and not row["cost_centre"]:
            raise SettingsError(
                "a row names accounts or a cost centre: this one would keep every cost out",
                where=Location(file, line, "from_account"),
            )
        if not row["reason"]:
            raise SettingsError("the reason is blank", where=Location(file, line, "reason"))
    return tuple(
        Undistributed(
            row["reason"],
            row["label"],
            row["from_account"],
            row["to_account"],
            row["cost_centre"],
            *_days(row),
        )
        for row in rows
    )
