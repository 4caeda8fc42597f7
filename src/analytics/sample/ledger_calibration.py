"""Exact amounts for the calibrated administration, such that every printed figure that can be true comes out.

The published tables are read here and in no measure. Each printed cell becomes a rounded sum of leaves (account and
origin); linear programming finds amounts inside all the rounding intervals, as near as possible to plausible ones.
``docs/calibration.md`` explains the cells in ``CONTRADICTED``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from analytics.consistency import System, solve
from analytics.errors import Location, SettingsError
from analytics.reference import Reference
from analytics.sample.ledger_targets import Leaf, targets
from analytics.sample.published import TEXT_NUMBERS, published_rows

UNIT = "17"
"""The administration that the published report of March 2018 is about."""
CALIBRATED_ROOM = 0.9
"""Share of each rounding interval that may be used, so that whole öre still round as printed."""
BUDGET_MONTHS = 12

Amounts = dict[str, dict[Leaf, int]]
"""Öre by column (see ``ledger_targets.COLUMNS``) and leaf."""

COLUMN_TERMS: Mapping[str, Mapping[str, float]] = {
    "utfall_ackumulerat": {"outcome": 1},
    "budget_ackumulerat": {"budget": 0.25},
    "foreg_ar_ackumulerat": {"previous": 1},
    "utfall_jmf_budget": {"budget": 0.25, "outcome": -1},
    "utfall_jmf_foreg_ar": {"previous": 1, "outcome": -1},
    "utfall_jmf_budget_ackumulerat": {"budget": 0.25, "outcome": -1},
    "prognos_helar": {"forecast": 1},
    "budget_helar": {"budget": 1},
    "foreg_ar_helar": {"previous": 1, "rest": 1},
    "prognos_jmf_budget": {"budget": 1, "forecast": -1},
    "prognos_jmf_foreg_ar": {"previous": 1, "rest": 1, "forecast": -1},
    "prognos_jmf_budget_helar": {"budget": 1, "forecast": -1},
    "utfall_ack": {"outcome": 1},
    "budget_ack": {"budget": 0.25},
    "budget_ack_diff": {"budget": 0.25, "outcome": -1},
    "utfall_fg_ar_ack": {"previous": 1},
    "avv_ack_fg_ar": {"previous": 1, "outcome": -1},
    "snitt_2017": {"previous": 1 / 12, "rest": 1 / 12},
}
"""What a printed column is, as a combination of the calibrated columns. A quarter of the budget is three twelfths."""

REPORT_LINES: Mapping[str, tuple[str, ...]] = {
    "Intäkter": ("income",),
    "Personal": ("staff_employees", "staff_agency", "staff_other"),
    "Anställda": ("staff_employees",),
    "Inhyrda": ("staff_agency",),
    "Förbrukningsmaterial": ("operations_consumables",),
    "Resor": ("operations_travel",),
    "Information PR": ("operations_information",),
    "Köpta tjänster": ("operations_purchased",),
    "Post och tele": ("operations_telecom",),
    "Kapitalkostnad": ("capital",),
    "TOTALA INTÄKTER": ("income",),
}
"""Accounts' report lines by printed row; the rows that are not here are sums, see ``_matches_line``."""

MONTHLY_MEANS: Mapping[str, str] = {
    "utbildning": "fokus_utbildning",
    "resor": "fokus_resor",
    "konsulter": "fokus_konsulter",
}
"""Words of the report's text that state a mean per month, by the table they are about."""

FR1_TABLES = ("fr1_utfall", "fr1_prognos", "fr1_sammandrag")
PIVOT_TABLES = ("ipdk", "personal_konto", "drift_konto", "fokus_utbildning", "fokus_resor", "fokus_konsulter")

CONTRADICTED = frozenset(
    {
        "ipdk|5|Drift|utfall_fg_ar_ack",
        "ipdk|5|Drift|avv_ack_fg_ar",
        "ipdk||Totalsumma|utfall_fg_ar_ack",
        "ipdk||Totalsumma|avv_ack_fg_ar",
        "drift_konto|4|Kostnader|utfall_fg_ar_ack",
        "drift_konto|4|Kostnader|avv_ack_fg_ar",
        "drift_konto|6|Övriga verksamhetskostnader|utfall_fg_ar_ack",
        "drift_konto|6|Övriga verksamhetskostnader|avv_ack_fg_ar",
        "drift_konto||Totalsumma|utfall_fg_ar_ack",
        "drift_konto||Totalsumma|avv_ack_fg_ar",
    }
)
"""Cells that no amounts can give beside FR1: another extract of January–March 2017, 28 tkr higher."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed numeric cell: kr, half the printed unit, and the leaves it sums."""

    label: str
    column: str
    value: float
    half_width: float
    matches: Callable[[Leaf], bool]


def cells(published: Path, reference: Reference) -> list[Cell]:
    """Every numeric cell of the report's ledger tables except the projects.

    Raises:
        SettingsError: A published table is missing or has an unknown row or column.
    """
    found = [cell for name in FR1_TABLES for cell in _fr1_cells(published, name, reference)]
    found += [cell for name in PIVOT_TABLES for cell in _pivot_cells(published, name)]
    return found + list(_text_cells(published))


def system(published: Path, reference: Reference, *, leave_out: frozenset[str] = CONTRADICTED) -> System:
    """The printed cells as a system over leaves; variables are ``column account origin``."""
    built = System()
    leaves: dict[str, list[Leaf]] = {}
    for target in targets():
        built.add_variable(_name(target.column, target.leaf), target.lower, target.upper)
        leaves.setdefault(target.column, []).append(target.leaf)
    for cell in cells(published, reference):
        if cell.label in leave_out:
            continue
        terms = {
            _name(column, leaf): factor
            for column, factor in COLUMN_TERMS[cell.column].items()
            for leaf in leaves[column]
            if cell.matches(leaf)
        }
        built.add_printed(cell.label, terms, cell.value, cell.half_width * CALIBRATED_ROOM, weight=1e4)
    return built


def calibrate(published: Path, reference: Reference) -> Amounts:
    """Amounts in öre that print as published; budget amounts are divisible into twelve equal months.

    Raises:
        SettingsError: The published tables cannot come out (a published or reference file was changed).
    """
    built = system(published, reference)
    for target in targets():
        name = _name(target.column, target.leaf)
        # Half widths so narrow that the amounts are pulled to their plausible place, weights so light that
        # no printed cell pays for it.
        built.add_printed(f"plausible {name}", {name: 1.0}, target.amount, max(2000.0, 0.05 * abs(target.amount)), 1e-2)
    solution = solve(built)
    unmet = [label for label in solution.unmet if not label.startswith("plausible ")]
    if unmet:
        raise SettingsError(
            f"{len(unmet)} published figures cannot come out of the calibrated amounts, among them {unmet[0]!r}",
            where=Location(published),
            action="Put back the published tables and the account intervals as they were delivered.",
        )
    amounts: Amounts = {}
    for target in targets():
        kronor = solution.values[_name(target.column, target.leaf)]
        step = BUDGET_MONTHS if target.column == "budget" else 1
        amounts.setdefault(target.column, {})[target.leaf] = round(kronor * 100 / step) * step
    return amounts


def _name(column: str, leaf: Leaf) -> str:
    return f"{column} {leaf[0]} {leaf[1]}"


def _fr1_cells(published: Path, name: str, reference: Reference) -> Iterator[Cell]:
    for row in published_rows(published, f"kvartal_2018_03_{name}.csv"):
        if row["value_tkr"] == "":
            continue
        origin = row.get("origin", "totalt")
        column = row.get("column_block") or row["column"]
        yield Cell(
            label=f"{name}|{row['parent_line']}|{row['account_line']}|{column}|{origin}",
            column=column,
            value=1000.0 * float(row["value_tkr"]),
            half_width=500.0,
            matches=partial(_matches_line, row["account_line"], row["parent_line"], origin, reference),
        )


def _matches_line(line: str, parent: str, origin: str, reference: Reference, leaf: Leaf) -> bool:
    account, leaf_origin = leaf
    if origin != "totalt" and leaf_origin != {"externt": "E", "internt": "I"}[origin]:
        return False
    report_line = reference.report_line_of(account)
    match line:
        case "NETTORESULTAT":
            return True
        case "TOTALA KOSTNADER":
            return report_line != "income"
        case "Drift":
            return report_line.startswith("operations_")
        case "Övrigt" | "övrigt":
            return report_line == ("staff_other" if parent == "Personal" else "operations_other")
        case _:
            return report_line in REPORT_LINES[line]


def _pivot_cells(published: Path, name: str) -> Iterator[Cell]:
    in_kronor = name.startswith("fokus_")
    unit = 1.0 if in_kronor else 1000.0
    for row in published_rows(published, f"kvartal_2018_03_{name}.csv"):
        printed = row["value_kr" if in_kronor else "value_tkr"]
        if printed == "":
            continue
        yield Cell(
            label=f"{name}|{row['account_code']}|{row['account_label']}|{row['column']}",
            column=row["column"],
            value=unit * float(printed),
            half_width=unit / 2,
            matches=partial(_matches_code, name, row["account_code"]),
        )


def monthly_mean(published: Path, word: str, year: int) -> float:
    """The mean per month of a focus area that the report's text states, in kr."""
    for row in published_rows(published, TEXT_NUMBERS):
        if row["statement"] == f"{word} snitt per månad {year}":
            return 1000.0 * float(row["value"])
    raise SettingsError(f"no row states {word} snitt per månad {year}", where=Location(published / TEXT_NUMBERS))


def _text_cells(published: Path) -> Iterator[Cell]:
    for word, table in MONTHLY_MEANS.items():
        code = "5" if word == "resor" else ""
        yield Cell(
            label=f"text|{word}|snitt per månad 2017",
            column="snitt_2017",
            value=monthly_mean(published, word, 2017),
            half_width=500.0,
            matches=partial(_matches_code, table, code),
        )


def _matches_code(table: str, code: str, leaf: Leaf) -> bool:
    account = leaf[0]
    match table:
        case "ipdk" if code == "5":
            return account[0] in "567"
        case "ipdk" | "personal_konto":
            return account.startswith(code or ("4" if table == "personal_konto" else ""))
        case "drift_konto":
            return account[0] in "567" if code in ("", "4") else account.startswith(code)
        case "fokus_utbildning":
            return account in ("46110", "46130", "46150") and account.startswith(code)
        case "fokus_resor":
            return account.startswith("68") and (code == "5" or account.startswith(code))
        case _:
            return account in ("75510", "75564", "75590", "75610") and account.startswith(code)
