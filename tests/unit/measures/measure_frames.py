"""Small processed tables by hand: rows as dicts, with ordinary values where a test does not care."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import polars as pl

from analytics import schemas, settings
from analytics.measures.catalogue import MeasureTable
from analytics.measures.scope import Data, Scope
from analytics.organisation import Organisation
from analytics.periods import Period, PeriodRange
from analytics.reference import Reference

ROOT = Path(__file__).parents[3]
TYPES = {"text": pl.String, "integer": pl.Int64, "number": pl.Float64, "date": pl.Date, "flag": pl.Boolean}
HOURS_PER_YEAR = 1200.0
"""So that one full-time equivalent over two months is 200 hours."""

Row = Mapping[str, object]

DEFAULTS: dict[str, dict[str, object]] = {
    "employments": {
        "sex": "K",
        "birth_year": 1970,
        "administration": "17",
        "base_unit": "171",
        "cost_centre": "1310",
        "aid_label": "151010",
        "personnel_group": "1.2",
        "employment_form": "permanent",
        "employment_rate_pct": 100.0,
        "full_time_hours": 40.0,
        "start_date": date(2010, 1, 1),
        "is_main": True,
    },
    "time": {"administration": "17", "base_unit": "171", "cost_centre": "1310", "time_type": "ordinary"},
    "absence": {"absence_group": "01", "extent_pct": 100.0, "calendar_days": 1},
    "ledger": {
        "kind": "outcome",
        "period_kind": "month",
        "administration": "17",
        "base_unit": "171",
        "cost_centre": "1310",
        "is_project": False,
        "origin": "external",
        "counterparty": "E",
    },
    "agency": {"supplier": "S1", "administration": "10", "profession": "nurse", "version": 1},
    "care_units": {"administration": "17", "ownership": "public"},
    "care_contacts": {"administration": "17", "base_unit": "171", "contact_kind": "outpatient", "care_days": 0},
    "care_costs": {"administration": "17", "base_unit": "171", "cost_centre": "1310", "cost_kind": "nursing"},
}


def frame(table: str, rows: Iterable[Row]) -> pl.LazyFrame:
    """Rows of one processed table with its declared columns and types."""
    columns = schemas.TABLES[table].columns
    unknown = {key for row in rows for key in row} - {column.name for column in columns}
    assert not unknown, unknown
    filled = [{**DEFAULTS.get(table, {}), "delivery": row.get("period"), **row} for row in rows]
    types = {column.name: TYPES[column.type] for column in columns}
    return pl.DataFrame([{name: row.get(name) for name in types} for row in filled], schema=types).lazy()


def data(**tables: list[dict[str, object]]) -> Data:
    """Processed tables; those not named are empty."""
    return Data(**{name: frame(name, tables.get(name, [])) for name in schemas.TABLES})


def scope(period: str = "2018-03", unit: str = "17") -> Scope:
    """The repository's settings and reference tables, with a divisor that gives round numbers."""
    declared = settings.load(ROOT)
    staff = dataclasses.replace(declared.staff, hours_per_year=HOURS_PER_YEAR, lag_months=1)
    return Scope(
        period=Period.parse(period),
        unit=unit,
        settings=dataclasses.replace(declared, staff=staff),
        organisation=Organisation.read(declared.paths.reference),
        reference=Reference(declared.paths.reference),
    )


def months(first: str, last: str) -> list[str]:
    return PeriodRange(Period.parse(first), Period.parse(last)).months


YEARS = [*months("2017-01", "2017-02"), *months("2018-01", "2018-02")]


def employed(key: str, *, periods: list[str] = YEARS, **values: object) -> list[dict[str, object]]:
    """The same employment in every month."""
    return [{"employee_key": key, "period": period, **values} for period in periods]


def worked(key: str, hours: float, *, periods: list[str] = YEARS, **values: object) -> list[dict[str, object]]:
    """The same hours in every month."""
    return [{"employee_key": key, "period": period, "hours": hours, **values} for period in periods]


def absent(key: str, first: date, last: date | None, hours: float, **values: object) -> dict[str, object]:
    """One part of a spell, in the month that it begins in."""
    return {
        "employee_key": key,
        "period": str(Period.of(first)),
        "start_date": first,
        "end_date": last,
        "hours": hours,
        **values,
    }


def cells(table: MeasureTable, *keys: str, column: str = "value") -> dict[object, object]:
    """The table as {key values: value}; a single key stands for itself."""
    rows = table.frame.select(*keys, column).rows()
    return {(row[0] if len(keys) == 1 else row[:-1]): row[-1] for row in rows}


REFERENCE = scope().reference


def posting(account: str, period: str, kr: float, **values: object) -> dict[str, object]:
    """One posting on an account, outcome unless told otherwise."""
    return {
        "account": account,
        "account_class": account[:1],
        "account_group": account[:2],
        "report_line": REFERENCE.report_line_of(account),
        "period": period,
        "amount_ore": round(kr * 100),
        **values,
    }


CARE_UNIT = {
    "listed": 1000.0,
    "listed_65": 200.0,
    "listed_75": 100.0,
    "visits_primary": 180.0,
    "visits_all": 300.0,
    "vaccinated_75": 70.0,
    "diabetes": 50.0,
    "diabetes_register": 40.0,
    "doctor": 550.0,
    "nursing_home": 20.0,
    "nursing_home_doctor": 12.0,
    "care_plans": 6.0,
    "medicine_cost": 80_000.0,
    "service_cost": 40_000.0,
    "contacts": 400.0,
    "contacts_same_day": 360.0,
    "assessments": 100.0,
    "assessments_3_days": 90.0,
}


def care_unit(code: str, *, periods: list[str], ownership: str = "public", **changed: float) -> list[dict[str, object]]:
    """Every quantity of a care unit in every month; the same where nothing else is said."""
    return [
        {"care_unit": code, "ownership": ownership, "period": period, "quantity": quantity, "value": value}
        for period in periods
        for quantity, value in (CARE_UNIT | changed).items()
    ]


def contacts(
    *spent: tuple[str, float],
    clinic: str = "171",
    kind: str = "outpatient",
    period: str = "2018-03",
    days: int = 0,
    **cost: object,
) -> dict[str, list[dict[str, object]]]:
    """Contacts of (patient, kronor), each with one row of cost; as the two tables of cost per patient."""
    made = [(f"{clinic}-{kind}-{period}-{place}-{patient}", patient, kr) for place, (patient, kr) in enumerate(spent)]
    shared = {"period": period, "base_unit": clinic}
    return {
        "care_contacts": [
            {**shared, "contact_key": key, "patient_key": patient, "contact_kind": kind, "care_days": days}
            for key, patient, _ in made
        ],
        "care_costs": [{**shared, "contact_key": key, "amount_ore": round(kr * 100), **cost} for key, _, kr in made],
    }


def together(*tables: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
    """Rows of several calls as one."""
    found: dict[str, list[dict[str, object]]] = {}
    for each in tables:
        for name, rows in each.items():
            found.setdefault(name, []).extend(rows)
    return found


def budget(account: str, kr_per_month: float, year: int = 2018, **values: object) -> list[dict[str, object]]:
    return [
        posting(account, month, kr_per_month, kind="budget", **values) for month in months(f"{year}-01", f"{year}-12")
    ]
