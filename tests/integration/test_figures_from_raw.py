"""The figures of the packages, recomputed plainly from the raw extracts: nothing of the product takes part."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import product
from types import SimpleNamespace

import pytest
from raw_extracts import Raw, Row, day, month_end, number

Cells = dict[tuple[str, ...], float]

PERIOD = "2018-03"
HOURS_PER_YEAR = 1760
YEAR_COLUMNS = {"current": 2018, "previous": 2017}
MONTHS = ("01", "02")
WORKED = ("ORD", "MERTID", "ÖT-ENKEL", "ÖT-KVAL", "JOUR", "BEREDSKAP", "TIM")
CLASSES = {"3": ("3",), "4": ("4",), "5": ("5", "6", "7"), "8": ("8",), "9": ("9",), "": ("",)}
QUARTER = ("01", "02", "03")
STAFF_LINES = ("staff_employees", "staff_agency", "staff_other")


def main_unit(raw: Raw, row: Row) -> str:
    return raw.main[row["Anstnr"], row["Period"]]["Förvaltning"]


def with_change(cells: Cells) -> Cells:
    """Both years → with their difference; a cell without hours in a year is 0."""
    keys = {key[:-1] for key in cells}
    full: Cells = {(*key, column): cells.get((*key, column), 0.0) for key in keys for column in YEAR_COLUMNS}
    return full | {(*key, "change"): full[*key, "current"] - full[*key, "previous"] for key in keys}


def hours_table(raw: Raw, unit: str, *, types: Iterable[str], absence: bool = False, rows: bool = True) -> Cells:
    """Hours by personnel group (or absence group), sex and year, as full-time equivalents."""
    per = HOURS_PER_YEAR * len(MONTHS) / 12
    cells: Cells = defaultdict(float)
    column_of = {f"{year}{month}": column for column, year in YEAR_COLUMNS.items() for month in MONTHS}

    def put(group: str, sex: str, month: str, hours: float) -> None:
        for keys in product(((group, "row"), ("", "total")), (sex, "T")):
            cells[*keys[0], keys[1], column_of[month]] += hours / per

    for row in raw.time:
        if row["Period"] in column_of and row["Tidart"] in types and raw.unit_of[row["Ansvar"]] == unit:
            post = raw.at_centre[row["Anstnr"], row["Period"], row["Ansvar"]]
            put(post["Personalgrupp"], post["sex"], row["Period"], number(row["Timmar"]))
    for row in raw.absence if absence else ():
        if row["Period"] in column_of and main_unit(raw, row) == unit:
            post = raw.main[row["Anstnr"], row["Period"]]
            hours = number(row["Frånvarotimmar"])
            if rows:
                put(post["Personalgrupp"], post["sex"], row["Period"], -hours)
            else:
                put(row["Frånvarogrupp"], post["sex"], row["Period"], hours)
    return with_change(cells)


def sick_leave(raw: Raw, unit: str) -> tuple[Cells, Cells]:
    """Sick leave in per cent by sex, and the seven figures of the disclosure."""
    pct: Cells = {}
    seven: Cells = {}
    for column, year in YEAR_COLUMNS.items():
        months = [f"{year}{month}" for month in MONTHS]
        ordinary: dict[str, float] = defaultdict(float)
        person: dict[str, Row] = {}
        for row in raw.time:
            if row["Period"] in months and row["Tidart"] == "ORD" and raw.unit_of[row["Ansvar"]] == unit:
                ordinary[row["Anstnr"]] += number(row["Timmar"])
                person[row["Anstnr"]] = raw.at_centre[row["Anstnr"], row["Period"], row["Ansvar"]]
        sick: dict[str, float] = defaultdict(float)
        long: dict[str, float] = defaultdict(float)
        for row, days in sick_rows(raw, months):
            if main_unit(raw, row) == unit and ordinary.get(row["Anstnr"], 0) > 0:
                sick[row["Anstnr"]] += number(row["Frånvarotimmar"])
                long[row["Anstnr"]] += number(row["Frånvarotimmar"]) if days >= 60 else 0
        ages = {who: year - int(row["Födelseår"]) for who, row in person.items()}

        def rate(rule: Callable[[str], bool]) -> float:
            who = [one for one, hours in ordinary.items() if hours > 0 and rule(one)]  # noqa: B023
            return sum(sick.get(one, 0) for one in who) / sum(ordinary[one] for one in who) * 100  # noqa: B023

        figures = {
            "total": rate(lambda _: True),
            "long": sum(long.values()) / sum(sick.values()) * 100,
            "women": rate(lambda one: person[one]["sex"] == "K"),  # noqa: B023
            "men": rate(lambda one: person[one]["sex"] == "M"),  # noqa: B023
            "age_0_29": rate(lambda one: ages[one] <= 29),  # noqa: B023
            "age_30_49": rate(lambda one: 30 <= ages[one] <= 49),  # noqa: B023
            "age_50": rate(lambda one: ages[one] >= 50),  # noqa: B023
        }
        seven |= {(measure, "row", column): value for measure, value in figures.items()}
        for sex, measure in (("K", "women"), ("M", "men"), ("T", "total")):
            pct["sick_leave", "row", sex, column] = figures[measure]
    return with_change(pct), with_change(seven)


def sick_rows(raw: Raw, months: list[str]) -> list[tuple[Row, int]]:
    """Sick leave of the months, each row with the days of its unbroken spell up to the end of the last month."""
    last = month_end(months[-1])
    parts = defaultdict(list)
    for row in raw.absence:
        if row["Frånvarogrupp"] == "01" and row["Period"] <= months[-1]:
            until = min(day(row["Tom"]) or month_end(row["Period"]), last)
            parts[row["Anstnr"]].append((date.fromisoformat(row["From"]), until, row))
    found = []
    for own in parts.values():
        spells: list[tuple[date, date, list[Row]]] = []
        for start, until, row in sorted(own, key=lambda part: part[:2]):
            if spells and start <= spells[-1][1] + timedelta(days=1):
                spells[-1] = (spells[-1][0], max(spells[-1][1], until), [*spells[-1][2], row])
            else:
                spells.append((start, until, [row]))
        found += [
            (row, (until - start).days + 1) for start, until, rows in spells for row in rows if row["Period"] in months
        ]
    return found


def employed(raw: Raw, unit: str, month: str, on: date, forms: str) -> dict[str, Row]:
    """Persons whose main employment in the unit is of one of these forms and valid on the day."""
    return {
        who: row
        for (who, of), row in raw.main.items()
        if of == month and row["Förvaltning"] == unit and row["Anstform"] in forms
        if row["From"] <= on.isoformat() and (day(row["Tom"]) or on) >= on
    }


def headcount(raw: Raw, unit: str) -> Cells:
    cells: Cells = defaultdict(float)
    for column, year in YEAR_COLUMNS.items():
        month = f"{year}{MONTHS[-1]}"
        for row in employed(raw, unit, month, month_end(month), "TV").values():
            for keys in product(((row["Personalgrupp"], "row"), ("", "total")), (row["sex"], "T")):
                cells[*keys[0], keys[1], column] += 1
    return with_change(cells)


def turnover(raw: Raw, unit: str) -> Cells:
    cells: Cells = {}
    for column, year in YEAR_COLUMNS.items():
        months = [f"{year}{month}" for month in MONTHS]
        first, last = date(year, int(MONTHS[0]), 1), month_end(months[-1])
        stock = [employed(raw, unit, months[0], first, "T"), employed(raw, unit, months[-1], last, "T")]
        left = {
            who: row
            for (who, of), row in raw.main.items()
            if of in months and row["Förvaltning"] == unit and row["Anstform"] == "T" and row["Avgångstyp"] == "Extern"
            if (day(row["Tom"]) or date.max) <= last and row["Tom"] >= first.isoformat()
        }
        for sex in ("K", "M", "T"):
            mean = sum(row["sex"] in (sex if sex != "T" else "KM") for one in stock for row in one.values()) / 2
            gone = sum(row["sex"] in (sex if sex != "T" else "KM") for row in left.values())
            cells["turnover", "row", sex, column] = gone / mean * 100
    return with_change(cells)


def deviations(amounts: dict[str, int], measured: str, budget: str, previous: str) -> Cells:
    """Kronor of one row of a ledger table and its two deviations, comparator − measured."""
    sums = {name: amounts.get(name, 0) / 100 for name in (measured, budget, previous)}
    shown: Cells = {(measured,): sums[measured], ("budget",): sums[budget], ("previous",): sums[previous]}
    return shown | {("vs_budget",): sums[budget] - sums[measured], ("vs_previous",): sums[previous] - sums[measured]}


def ledger_tables(raw: Raw, unit: str) -> dict[str, Cells]:
    """FR1 outcome and forecast (first-level lines), the result by class and the net result per month."""
    parts = {
        "outcome": ("UTFALL", {f"2018{month}" for month in QUARTER}),
        "budget": ("BUDGET", {f"2018{month}" for month in QUARTER}),
        "previous": ("UTFALL", {f"2017{month}" for month in QUARTER}),
        "forecast": ("PROGNOS", {"201803"}),
        "budget_year": ("BUDGET", {f"2018{month:02d}" for month in range(1, 13)}),
        "previous_year": ("UTFALL", {f"2017{month:02d}" for month in range(1, 13)}),
    }
    lines: dict[tuple[str, ...], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    classes: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    net: Cells = defaultdict(float)
    for kind, month, centre, account, side, ore in raw.ledger:
        if raw.unit_of[centre] != unit or centre in raw.projects:
            continue
        if kind == "UTFALL" or (kind == "BUDGET" and month.startswith("2018")):
            net[f"{month[:4]}-{month[4:]}", {"UTFALL": "outcome", "BUDGET": "budget"}[kind]] += ore / 100
        line = raw.line(account)
        level = "staff" if line in STAFF_LINES else "operations" if line.startswith("operations") else line
        above = ("total_income",) if line == "income" else ("total_cost",)
        origin = {"E": "external", "I": "internal"}[side]
        for part, (of, months) in parts.items():
            if kind == of and month in months:
                for key in product({line, level, *above, "net"}, (origin, "total")):
                    lines[key][part] += ore
                for code, prefixes in CLASSES.items():
                    classes[code][part] += ore if account.startswith(prefixes) else 0

    def table(rows: dict[tuple[str, ...], dict[str, int]], columns: tuple[str, str, str]) -> Cells:
        return {
            (*key, *column): value for key, row in rows.items() for column, value in deviations(row, *columns).items()
        }

    by_class: dict[tuple[str, ...], dict[str, int]] = {
        (code, "total" if not code else "row"): row for code, row in classes.items()
    }
    return {
        "fr1_outcome": table(lines, ("outcome", "budget", "previous")),
        "fr1_forecast": table(lines, ("forecast", "budget_year", "previous_year")),
        "result_by_class": table(by_class, ("outcome", "budget", "previous")),
        "net_monthly": net,
    }


def recomputed(raw: Raw, unit: str) -> dict[str, Cells]:
    pct, seven = sick_leave(raw, unit)
    return {
        "worked_fte": hours_table(raw, unit, types=WORKED, absence=True),
        "overtime_fte": hours_table(raw, unit, types=("ÖT-ENKEL", "ÖT-KVAL")),
        "additional_fte": hours_table(raw, unit, types=("MERTID",)),
        "hourly_fte": hours_table(raw, unit, types=("TIM",)),
        "absence_fte": hours_table(raw, unit, types=(), absence=True, rows=False),
        "headcount": headcount(raw, unit),
        "sick_leave_pct": pct,
        "sick_leave_disclosure": seven,
        "turnover_pct": turnover(raw, unit),
        **ledger_tables(raw, unit),
    }


KEYS = {
    "sick_leave_pct": ("measure", "row_type", "sex", "column"),
    "turnover_pct": ("measure", "row_type", "sex", "column"),
    "sick_leave_disclosure": ("measure", "row_type", "column"),
    "absence_fte": ("absence_group", "row_type", "sex", "column"),
    "fr1_outcome": ("report_line", "origin", "column"),
    "fr1_forecast": ("report_line", "origin", "column"),
    "result_by_class": ("code", "row_type", "column"),
    "net_monthly": ("period", "series"),
}
GROUP_KEYS = ("personnel_group", "row_type", "sex", "column")


DUST = 1e-6


def must_be_zero(key: tuple[str, ...]) -> bool:
    """All but what is left out on purpose: the seasonal budget, and the months of a series before those read."""
    return "seasonal" not in key and not key[0].startswith("2016-")


@pytest.fixture(scope="module")
def raw(region: SimpleNamespace) -> Raw:
    """Enough months before 2017 for spells of sixty days."""
    return Raw(region.root, since="201611")


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["17", "10"])
def test_published_figures_are_those_of_the_raw_extracts(region: SimpleNamespace, raw: Raw, unit: str) -> None:
    wrong: list[object] = []
    for table_id, expected in recomputed(raw, unit).items():
        path = region.reports / PERIOD / unit / "tables" / f"{table_id}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            printed = {tuple(row[name] for name in KEYS.get(table_id, GROUP_KEYS)): row for row in csv.DictReader(file)}
        wrong += [(table_id, key) for key, value in expected.items() if abs(value) > DUST and key not in printed]
        shown = {key: float(row["value"]) for key, row in printed.items() if row["status"] == "ok" and key in expected}
        assert shown, f"nothing of {table_id} could be compared"
        wrong += [
            (table_id, key, value, expected[key])
            for key, value in shown.items()
            if value != pytest.approx(expected[key], rel=1e-9, abs=DUST)
        ]
        # A row that the extracts give no hours, persons or amounts can only be printed as zero.
        wrong += [
            (table_id, key, row["value"])
            for key, row in printed.items()
            if key not in expected and row["status"] == "ok" and must_be_zero(key) and float(row["value"]) != 0
        ]
    assert not wrong, wrong[:10]
