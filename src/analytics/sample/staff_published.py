"""Exact amounts behind the published staff tables of administration 17.

This is one of the few places that may read ``data/raw/published``: the figures made here only steer the generated
rows. Each table is a system of rounded figures (`analytics.consistency`); its solution lies as far as possible inside
all rounding intervals, so that rows with two decimals still round to what is printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analytics.consistency import Solution, System, solve
from analytics.errors import SettingsError
from analytics.sample.published import published_rows

YEARS = (2017, 2018)
SEXES = {"Kvinna": "K", "Man": "M"}
LEAST_MARGIN = 0.02
"""Share of the half width that the amounts must stay inside; one rounded row moves a cell by far less."""

Cell = tuple[str, str, int]
"""(group, sex, year)."""


@dataclass(frozen=True)
class Published:
    """Unrounded full-time equivalents per group, sex and year, and the rates that bind the totals."""

    worked: dict[Cell, float]
    overtime: dict[Cell, float]
    additional: dict[Cell, float]
    hourly: dict[Cell, float]
    absence: dict[Cell, float]
    heads: dict[Cell, int]
    sick_leave_pct: dict[int, float]
    sick_leave_change: float


def read_published(folder: Path) -> Published:
    """Read the published staff tables. Raises SettingsError if a table cannot be true or is missing."""
    heads = {
        (row["personnel_group_code"], SEXES[row["sex"]], int(row["year"])): int(row["printed"])
        for row in published_rows(folder, "hr_anstallda_2018_02.csv")
        if row["row_type"] == "row" and row["sex"] in SEXES and row["year"].isdigit()
    }
    rates = {
        row["year"]: float(row["percent"])
        for row in published_rows(folder, "hr_sjukfranvaro_procent_2018_02.csv")
        if row["sex"] == "Total"
    }
    return Published(
        worked=_amounts(folder, "hr_fte_2018_02.csv"),
        overtime=_amounts(folder, "hr_overtid_fte_2018_02.csv"),
        additional=_amounts(folder, "hr_mertid_fte_2018_02.csv"),
        hourly=_amounts(folder, "hr_timavlonade_fte_2018_02.csv"),
        absence=_amounts(folder, "hr_franvaro_fte_2018_02.csv"),
        heads=heads,
        sick_leave_pct={year: rates[str(year)] for year in YEARS},
        sick_leave_change=rates["forandring"],
    )


def _amounts(folder: Path, name: str) -> dict[Cell, float]:
    """Unrounded amounts per row code, sex and year. Printed zeros are true zeros wherever that is possible."""
    rows = published_rows(folder, name)
    code = next(name for name in rows[0] if name.endswith("group_code"))
    solution, zeros = _solved(rows, code, frozenset()), frozenset[Cell]()
    for row in rows:
        if row["row_type"] == "row" and row["sex"] in SEXES and row["year"].isdigit() and float(row["fte"]) == 0:
            wider = zeros | {(row[code], SEXES[row["sex"]], int(row["year"]))}
            attempt = _solved(rows, code, wider)
            if not attempt.unmet and attempt.margin >= min(LEAST_MARGIN * 2, solution.margin):
                solution, zeros = attempt, wider
    if solution.unmet or solution.margin < LEAST_MARGIN:
        raise SettingsError(
            f"no amounts can be printed as {name}: {', '.join(solution.unmet) or 'the margin is too small'}",
            action="Check the published table against its source.",
        )
    found = {}
    for cell, value in solution.values.items():
        group, sex, year = cell.split("|")
        found[group, sex, int(year)] = value
    return found


def _solved(rows: list[dict[str, str]], code: str, zeros: frozenset[Cell]) -> Solution:
    system = System()
    groups = list(dict.fromkeys(row[code] for row in rows if row["row_type"] == "row"))
    for group in groups:
        for sex in SEXES.values():
            for year in YEARS:
                system.add_variable(f"{group}|{sex}|{year}", 0.0, 0.0 if (group, sex, year) in zeros else 1e6)
    for row in rows:
        members = groups if row["row_type"] == "total" else [row[code]]
        sexes = list(SEXES.values()) if row["sex"] == "Total" else [SEXES[row["sex"]]]
        signs = {int(row["year"]): 1.0} if row["year"].isdigit() else {YEARS[0]: -1.0, YEARS[1]: 1.0}
        terms = {f"{g}|{sex}|{year}": sign for g in members for sex in sexes for year, sign in signs.items()}
        decimals = len(row["printed"].partition(",")[2])
        label = f"{row['row_type']} {row[code]} {row['sex']} {row['year']}"
        system.add_printed(label, terms, float(row["fte"]), 0.5 * 10**-decimals)
    return solve(system)
