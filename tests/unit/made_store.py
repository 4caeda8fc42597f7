"""A store with a few made months of one administration, as a load would leave it."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import polars as pl

from analytics.periods import Period, PeriodRange
from analytics.processed import Catalog, Entry, Source, Store, schema_of

PROJECT = Path(__file__).parents[2]
MONTHS = PeriodRange(Period(2016, 1), Period(2018, 2)).months
LEDGER_MONTHS = PeriodRange(Period(2016, 1), Period(2018, 3)).months
ACCOUNTS = (
    ("30110", "income", -90_000_00),
    ("40110", "staff_employees", 500_000_00),
    ("46110", "staff_other", 20_000_00),
    ("68110", "operations_travel", 10_000_00),
    ("75590", "operations_purchased", 30_000_00),
)
PEOPLE = 24


def new_project(root: Path) -> Path:
    """Settings and reference tables, and nothing loaded."""
    (root / "data" / "raw").mkdir(parents=True)
    shutil.copy(PROJECT / "analytics.toml", root)
    shutil.copytree(PROJECT / "data/raw/reference", root / "data/raw/reference")
    return root


def fill(root: Path, unit: str = "17", cost_centre: str = "1310", base_unit: str = "171") -> None:
    """Load the made months: 24 persons, steady postings, a forecast and two agency invoices a month."""
    place = {"administration": unit, "base_unit": base_unit, "cost_centre": cost_centre}
    people = [
        {"employee_key": f"p{index}", "sex": "KM"[index % 2], "birth_year": 1960 + index, **place}
        for index in range(PEOPLE)
    ]
    frames = {
        "employments": [
            {
                **person,
                "period": month,
                "aid_label": "151010",
                "personnel_group": "1.2" if index % 3 else "1.1",
                "employment_form": "permanent",
                "employment_rate_pct": 100.0,
                "full_time_hours": 40.0,
                "start_date": date(2010, 1, 1),
                "is_main": True,
            }
            for month in MONTHS
            for index, person in enumerate(people)
        ],
        "time": [
            {"period": month, "employee_key": person["employee_key"], **place, "time_type": kind, "hours": hours}
            for month in MONTHS
            for person in people
            for kind, hours in (("ordinary", 150.0), ("overtime", 2.0))
        ],
        "absence": [
            {
                "period": month,
                "employee_key": person["employee_key"],
                "absence_group": group,
                "start_date": Period.parse(month).first_day,
                "end_date": Period.parse(month).first_day,
                "extent_pct": 100.0,
                "hours": 8.0,
                "calendar_days": 1,
            }
            for month in MONTHS
            for person in people
            for group in ("01", "03")
        ],
        "ledger": [*_postings(place), *_plans(place)],
        "agency": [
            {
                "period": month,
                "supplier": "S",
                "administration": "10",
                "profession": profession,
                "iso_year": int(month[:4]),
                "iso_week": 4 * int(month[5:]),
                "hours": 400.0,
                "invoice_date": Period.parse(month).last_day,
                "amount_ore": 30_000_000,
                "version": 1,
            }
            for month in MONTHS
            for profession in ("doctor", "nurse")
        ],
    }
    store = Store(root / "data/processed")
    names, entries = ["validation/made.json"], []
    check = {
        "table": "time",
        "title": "Timmarna är rimliga",
        "reason": "Annars är underlaget fel.",
        "severity": "warning",
    }
    record = {
        "version": 1,
        "table": "time",
        "outcomes": [{**check, "passed": passed} for passed in (True, False, True)],
    }
    store.stage_bytes("validation/made.json", json.dumps(record).encode())
    for table, rows in frames.items():
        schema = schema_of(table)
        filled = [{"delivery": row["period"], **row} for row in rows]
        frame = pl.DataFrame([{name: row.get(name) for name in schema} for row in filled], schema=schema)
        name = f"{table}/made.parquet"
        store.stage(name, frame)
        names.append(name)
        source = Source(table, "made", 1, "0" * 64, "2018-04-12T08:00:00+00:00", f"{table}.csv")
        entries.append(
            Entry(table, "2018-02", name, frame.height, table, source, 1, "reference", (), "validation/made.json")
        )
    store.commit(Catalog(tuple(entries)), names)


def _posting(place: dict[str, str], month: str, account: tuple[str, str, int], kind: str) -> dict[str, object]:
    code, line, amount = account
    return {
        **place,
        "period": month,
        "kind": kind,
        "period_kind": "month",
        "is_project": False,
        "account": code,
        "account_class": code[0],
        "account_group": code[:2],
        "report_line": line,
        "origin": "external",
        "counterparty": "E",
        "amount_ore": amount,
    }


def _postings(place: dict[str, str]) -> list[dict[str, object]]:
    return [
        _posting(place, month, (code, line, amount + 1_000_00 * int(month[5:])), "outcome")
        for month in LEDGER_MONTHS
        for code, line, amount in ACCOUNTS
    ]


def _plans(place: dict[str, str]) -> list[dict[str, object]]:
    budget = [
        _posting(place, month, account, "budget") for month in Period(2018, 1).full_year.months for account in ACCOUNTS
    ]
    forecast = [_posting(place, "2018-03", (code, line, 12 * amount), "forecast") for code, line, amount in ACCOUNTS]
    return [*budget, *forecast]
