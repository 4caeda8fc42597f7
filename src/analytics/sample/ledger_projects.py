"""The project-financed cost centres: calibrated for January–March 2018 and the forecast, balanced to 0 every year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analytics.sample.amounts import split
from analytics.sample.ledger_patterns import WHOLE_YEAR
from analytics.sample.ledger_targets import Leaf
from analytics.sample.published import published_rows

INTEREST_MONTH = 45_50
"""Öre of interest a month: so little that the report prints 0."""
INTEREST_YEAR = 400_00

_ACCOUNTS: Mapping[str, Mapping[str, float]] = {
    "3": {"34110": 0.8, "36110": 0.2},
    "4": {"40110": 0.58, "41110": 0.1, "45110": 0.3, "46110": 0.02},
    "5": {"53110": 0.3, "68110": 0.05, "64110": 0.1, "70110": 0.15, "76110": 0.4},
}
_LEVELS = {2016: 0.9, 2017: 0.96}


@dataclass(frozen=True, slots=True)
class Project:
    """One project cost centre: öre by class (3, 4, 5) for January–March 2018 and for the year."""

    centre: str
    quarter: Mapping[str, int]
    year: Mapping[str, int]


def projects(published: Path) -> list[Project]:
    """The published project cost centres, by code."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for row in published_rows(published, "projekt_2018_03.csv"):
        if row["ansvar_code"] and row["ipdk_code"] in ("3", "4", "5"):
            columns = found.setdefault(row["ansvar_code"], {})
            columns.setdefault(row["column"], {})[row["ipdk_code"]] = round(float(row["value_tkr"]) * 100_000)
    return [
        Project(code, columns["utfall_ack_2018_03"], columns["prognos_2018"]) for code, columns in sorted(found.items())
    ]


def project_outcome(project: Project, year: int, month: int) -> dict[Leaf, int]:
    """Öre by leaf in a month. Before 2018 each year balances to 0 in December; interest is taken from operations."""
    if year == 2018:
        leaves = _leaves({code: split(total, (30, 33, 37))[month - 1] for code, total in project.quarter.items()})
    else:
        amounts = {
            code: split(round(total * _LEVELS[year]), WHOLE_YEAR["income" if code == "3" else "pay"])
            for code, total in project.year.items()
        }
        # Rounding leaves up to a few öre; the balancing income of December takes them.
        left = sum(sum(parts) for parts in amounts.values())
        amounts["3"][11] -= left
        leaves = _leaves({code: parts[month - 1] for code, parts in amounts.items()})
    leaves["76110", "E"] -= INTEREST_MONTH
    leaves["91110", "E"] = INTEREST_MONTH
    return leaves


def project_forecast(project: Project) -> dict[Leaf, int]:
    """Öre by leaf for the full year."""
    leaves = _leaves(project.year)
    leaves["76110", "E"] -= INTEREST_YEAR
    leaves["91110", "E"] = INTEREST_YEAR
    return leaves


def _leaves(by_class: Mapping[str, int]) -> dict[Leaf, int]:
    leaves: dict[Leaf, int] = {}
    for code, total in by_class.items():
        accounts = _ACCOUNTS[code]
        for account, part in zip(accounts, split(total, list(accounts.values())), strict=True):
            leaves[account, "E"] = part
    return leaves
