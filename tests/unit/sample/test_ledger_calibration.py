"""The ledger files of administration 17, read with a parser of their own, print what the report printed.

Nothing of the product's readers or measures is used: a row is split on tabs, an amount is cleaned by hand, and each
printed cell is recomputed from the rows and rounded half away from zero.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from analytics.organisation import Organisation
from analytics.progress import Progress
from analytics.reference import Reference
from analytics.sample.ledger import write_ledger
from analytics.sample.ledger_calibration import CONTRADICTED
from analytics.settings import Settings, load

ROOT = Path(__file__).parents[3]
PROJECTS = {"1321", "1771", "1778"}


@dataclass(frozen=True)
class Row:
    centre: str
    account: str
    origin: str
    period: str
    kind: str
    ore: int


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load(ROOT)


@pytest.fixture(scope="module")
def rows(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    out = tmp_path_factory.mktemp("raw")
    write_ledger(
        out,
        settings=settings,
        reference=Reference(settings.paths.reference),
        organisation=Organisation.read(settings.paths.reference),
        scale=1,
        seed=20180331,
        progress=Progress(),
        units=["17"],
    )
    files = {file.name: file for file in (out / "raindance").iterdir()}
    del files["raindance_saldo_201711.txt"]  # replaced by its second version
    return [row for file in files.values() for row in parse(file)]


def parse(file: Path) -> Iterator[Row]:
    content = file.read_bytes()
    text = content.decode("utf-8-sig") if content.startswith(b"\xef\xbb\xbf") else content.decode("cp1252")
    lines = text.split("\r\n")
    assert lines[1] == "SYNTETISKA DATA – demonstrationsregion"
    assert lines.pop() == ""
    count = 0
    for line in lines[4:-1]:
        cells = line.split("\t")
        if cells[0] == "Summa konto":
            continue
        count += 1
        assert cells[0] == "17"
        amount = cells[10].replace("\u00a0", "").replace("\u2212", "-").replace(",", "")
        ore = -int(amount[:-1]) if amount.endswith("-") else int(amount)
        yield Row(cells[2], cells[3], cells[5][0], cells[8], cells[9], ore)
    assert lines[-1] == f"Antal rader: {count}"


def published(settings: Settings, name: str) -> list[dict[str, str]]:
    with (settings.paths.published / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def printed(ore: int | Decimal, unit_ore: int) -> int:
    return int((Decimal(ore) / unit_ore).quantize(Decimal(1), rounding=ROUND_HALF_UP))


OUTCOME_2018 = {"UTFALL": {f"2018{month:02d}" for month in range(4)}}
OUTCOME_QUARTER_2017 = {"UTFALL": {f"2017{month:02d}" for month in range(4)}}
OUTCOME_2017 = {"UTFALL": {f"2017{month:02d}" for month in range(14)}}
BUDGET_QUARTER = {"BUDGET": {"201801", "201802", "201803"}}
BUDGET_2018 = {"BUDGET": {f"2018{month:02d}" for month in range(1, 13)}}
FORECAST = {"PROGNOS": {"201803"}}
COLUMNS = {
    "utfall_ackumulerat": (OUTCOME_2018,),
    "utfall_ack": (OUTCOME_2018,),
    "budget_ackumulerat": (BUDGET_QUARTER,),
    "budget_ack": (BUDGET_QUARTER,),
    "foreg_ar_ackumulerat": (OUTCOME_QUARTER_2017,),
    "utfall_fg_ar_ack": (OUTCOME_QUARTER_2017,),
    "utfall_jmf_budget": (BUDGET_QUARTER, OUTCOME_2018),
    "utfall_jmf_budget_ackumulerat": (BUDGET_QUARTER, OUTCOME_2018),
    "budget_ack_diff": (BUDGET_QUARTER, OUTCOME_2018),
    "utfall_jmf_foreg_ar": (OUTCOME_QUARTER_2017, OUTCOME_2018),
    "avv_ack_fg_ar": (OUTCOME_QUARTER_2017, OUTCOME_2018),
    "prognos_helar": (FORECAST,),
    "budget_helar": (BUDGET_2018,),
    "foreg_ar_helar": (OUTCOME_2017,),
    "prognos_jmf_budget": (BUDGET_2018, FORECAST),
    "prognos_jmf_budget_helar": (BUDGET_2018, FORECAST),
    "prognos_jmf_foreg_ar": (OUTCOME_2017, FORECAST),
}
LINES = {
    "Intäkter": "3",
    "TOTALA INTÄKTER": "3",
    "Personal": "4",
    "Anställda": "40 41 43 44 45",
    "Inhyrda": "42",
    "Drift": "5 6 7 9",
    "Förbrukningsmaterial": "64 65",
    "Resor": "68",
    "Information PR": "72",
    "Köpta tjänster": "50 51 52 53 54 74",
    "Post och tele": "69",
    "Kapitalkostnad": "8",
    "TOTALA KOSTNADER": "4 5 6 7 8 9",
    "NETTORESULTAT": "3 4 5 6 7 8 9",
}
OTHER_STAFF = "46"
OTHER_OPERATIONS = "55 56 57 58 59 60 61 62 63 66 67 70 71 73 75 76 77 78 79 9"


def column(rows: list[Row], name: str, wanted: Callable[[Row], bool]) -> tuple[int, bool]:
    """Öre of a printed column, and whether anything was posted for it."""
    total, posted = 0, False
    for sign, part in zip((1, -1), COLUMNS[name], strict=False):
        for row in rows:
            if row.period in part.get(row.kind, ()) and row.centre not in PROJECTS and wanted(row):
                total += sign * row.ore
                posted = True
    return total, posted


def by_leaf(rows: list[Row]) -> list[Row]:
    """The rows summed to one per account, origin, period and type: what the cells need, and fast."""
    sums: dict[tuple[str, str, str, str, str], int] = defaultdict(int)
    for row in rows:
        centre = row.centre if row.centre in PROJECTS else ""
        sums[centre, row.account, row.origin, row.period, row.kind] += row.ore
    return [Row(*key, ore) for key, ore in sums.items()]


@pytest.mark.parametrize(("table", "cells"), [("fr1_utfall", 240), ("fr1_prognos", 240), ("fr1_sammandrag", 96)])
def test_every_cell_of_fr1_comes_out(rows: list[Row], settings: Settings, table: str, cells: int) -> None:
    leaves = by_leaf(rows)
    wrong = []
    found = published(settings, f"kvartal_2018_03_{table}.csv")
    for cell in found:
        line = cell["account_line"]
        accounts = LINES.get(line) or (OTHER_STAFF if cell["parent_line"] == "Personal" else OTHER_OPERATIONS)
        prefixes = tuple(accounts.split())
        origin = {"externt": "E", "internt": "I"}.get(cell.get("origin", ""), "EI")
        name = cell.get("column_block") or cell["column"]
        ore, _ = column(leaves, name, lambda row, p=prefixes, o=origin: row.account.startswith(p) and row.origin in o)
        if printed(ore, 100_000) != int(cell["value_tkr"]):
            wrong.append((line, cell["parent_line"], name, cell.get("origin"), cell["value_tkr"], ore))
    assert len(found) == cells
    assert wrong == []


PIVOTS = {
    "ipdk": lambda code: tuple("567") if code == "5" else (code,),
    "personal_konto": lambda code: (code or "4",),
    "drift_konto": lambda code: tuple("567") if code in ("", "4") else (code,),
    "fokus_utbildning": lambda code: tuple(a for a in ("46110", "46130", "46150") if a.startswith(code)),
    "fokus_resor": lambda code: ("68",) if code in ("", "5") else (code,),
    "fokus_konsulter": lambda code: tuple(a for a in ("75510", "75564", "75590", "75610") if a.startswith(code)),
}


def test_every_pivot_cell_comes_out_but_the_contradicted(rows: list[Row], settings: Settings) -> None:
    leaves = by_leaf(rows)
    differing, posted_blanks, compared = set(), [], 0
    for table, prefixes_of in PIVOTS.items():
        unit = "value_kr" if table.startswith("fokus") else "value_tkr"
        for cell in published(settings, f"kvartal_2018_03_{table}.csv"):
            prefixes = prefixes_of(cell["account_code"])
            ore, posted = column(leaves, cell["column"], lambda row, p=prefixes: row.account.startswith(p))
            label = f"{table}|{cell['account_code']}|{cell['account_label']}|{cell['column']}"
            value = printed(ore, 100 if unit == "value_kr" else 100_000)
            if cell[unit] == "":
                # Blank: no posting; for a difference also a difference that is printed as nothing.
                if value or (posted and cell["column"] in ("utfall_ack", "budget_ack", "utfall_fg_ar_ack")):
                    posted_blanks.append(label)
                continue
            compared += 1
            if value != int(cell[unit]):
                differing.add(label)
    assert compared == 175
    assert differing == CONTRADICTED
    assert posted_blanks == []


def test_every_project_cell_comes_out(rows: list[Row], settings: Settings) -> None:
    wrong = []
    found = published(settings, "projekt_2018_03.csv")
    for cell in found:
        centres = {cell["ansvar_code"]} if cell["ansvar_code"] else PROJECTS
        classes = {"": "3456789", "5": "567"}.get(cell["ipdk_code"], cell["ipdk_code"])
        part = OUTCOME_2018 if cell["column"] == "utfall_ack_2018_03" else FORECAST
        ore = sum(
            row.ore
            for row in rows
            if row.centre in centres and row.account[0] in classes and row.period in part.get(row.kind, ())
        )
        if printed(ore, 100_000) != int(cell["value_tkr"]):
            wrong.append((cell, ore))
    assert len(found) == 32
    assert wrong == []


def test_projects_balance_to_zero_every_year(rows: list[Row]) -> None:
    for year in ("2016", "2017"):
        for centre in PROJECTS:
            own = [row.ore for row in rows if row.centre == centre and row.kind == "UTFALL" and row.period[:4] == year]
            assert own
            assert sum(own) == 0


def months(rows: list[Row], year: str, accounts: tuple[str, ...]) -> dict[int, int]:
    totals = dict.fromkeys(range(1, 13), 0)
    for row in rows:
        wanted = row.kind == "UTFALL" and row.period[:4] == year and row.centre not in PROJECTS
        if wanted and row.account.startswith(accounts):
            totals[min(max(int(row.period[4:]), 1), 12)] += row.ore
    return totals


FOCUS = {
    "utbildning": ("46110", "46130", "46150"),
    "resor": ("68",),
    "konsulter": ("75510", "75564", "75590", "75610"),
}


@pytest.mark.parametrize(
    ("area", "year", "mean", "extremes"),
    [
        ("utbildning", "2016", 250, ({1}, {10, 11, 12})),
        ("utbildning", "2017", 202, ({7, 8}, {10, 11, 12})),
        ("resor", "2016", 192, ({1, 3}, None)),
        ("resor", "2017", 167, ({7, 8}, None)),
        ("konsulter", "2016", 327, (None, {12})),
        ("konsulter", "2017", 180, (None, {12})),
    ],
)
def test_focus_areas_follow_the_text(
    rows: list[Row], area: str, year: str, mean: int, extremes: tuple[set[int] | None, set[int] | None]
) -> None:
    lowest, highest = extremes
    totals = months(rows, year, FOCUS[area])
    ranked = sorted(totals, key=lambda month: totals[month])
    assert printed(Decimal(sum(totals.values())) / 12, 100_000) == mean
    assert lowest is None or set(ranked[: len(lowest)]) == lowest
    assert highest is None or set(ranked[-len(highest) :]) == highest


def test_the_seasonal_budget_deviates_as_the_text_says(rows: list[Row]) -> None:
    everything = tuple("3456789")
    shares = []
    for year in ("2016", "2017"):
        net = months(rows, year, everything)
        shares.append(Decimal(net[1] + net[2] + net[3]) / sum(net.values()))
        summer = [net[6], net[7], net[8]]
        assert max(summer) < min(amount for month, amount in net.items() if month not in (6, 7, 8))
    budget = sum(row.ore for row in rows if row.kind == "BUDGET" and row.period[:4] == "2018")
    outcome = sum(months(rows, "2018", everything).values())
    assert printed(budget * sum(shares) / 2 - outcome, 10_000_000) == 6  # +0,6 mnkr
    assert printed(outcome, 10_000_000) == 301


def test_training_and_travel_are_below_the_two_years_before(rows: list[Row]) -> None:
    def first_quarter(year: str) -> int:
        totals = months(rows, year, FOCUS["utbildning"] + FOCUS["resor"])
        return totals[1] + totals[2] + totals[3]

    before = Decimal(first_quarter("2016") + first_quarter("2017")) / 2
    assert printed(before - first_quarter("2018"), 10_000_000) == 2  # 0,2 mnkr


def test_budget_is_twelve_equal_months_in_ore(rows: list[Row]) -> None:
    sums: dict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        if row.kind == "BUDGET":
            sums[row.centre, row.account, row.origin][row.period] += row.ore
    by_year = defaultdict(set)
    for leaf, periods in sums.items():
        for period, ore in periods.items():
            by_year[leaf, period[:4]].add(ore)
        for year in {period[:4] for period in periods}:
            assert len([period for period in periods if period.startswith(year)]) == 12
    assert by_year
    assert all(len(amounts) == 1 for amounts in by_year.values())
