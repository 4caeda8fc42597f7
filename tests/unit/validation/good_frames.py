"""Small frames that every expectation holds for; the failing examples change one thing each."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from analytics import schemas
from analytics.validation.evidence.facts import POLARS_TYPES

UNIT = {"administration": "10", "base_unit": "101", "cost_centre": "0110"}
CLINIC = {"administration": "10", "base_unit": "102", "cost_centre": "0120"}
MONTHS = ("2018-01", "2018-02")


def frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    columns = schemas.TABLES[table].columns
    return pl.DataFrame(
        [{column.name: row[column.name] for column in columns} for row in rows],
        schema={column.name: POLARS_TYPES[column.type] for column in columns},
    )


def employment(**changed: Any) -> dict[str, Any]:
    row = {
        "delivery": changed.get("period", "2018-01"),
        "period": "2018-01",
        "employee_key": "key-1",
        "sex": "K",
        "birth_year": 1970,
        **UNIT,
        "aid_label": "206010",
        "personnel_group": "2.4",
        "employment_form": "permanent",
        "employment_rate_pct": 100.0,
        "full_time_hours": 38.25,
        "start_date": date(2010, 1, 1),
        "end_date": None,
        "leave_kind": None,
        "is_main": True,
    }
    return row | changed


def worked(**changed: Any) -> dict[str, Any]:
    row = {
        "delivery": changed.get("period", "2018-01"),
        "period": "2018-01",
        "employee_key": "key-1",
        **UNIT,
        "time_type": "ordinary",
        "hours": 160.0,
    }
    return row | changed


def absent(**changed: Any) -> dict[str, Any]:
    month = changed.get("period", "2018-01")
    start = date(int(month[:4]), int(month[5:]), 8)
    row = {
        "delivery": month,
        "period": month,
        "employee_key": "key-1",
        "absence_group": "01",
        "start_date": start,
        "end_date": start.replace(day=9),
        "extent_pct": 100.0,
        "hours": 16.0,
        "calendar_days": 2,
    }
    return row | changed


def posting(**changed: Any) -> dict[str, Any]:
    account = changed.get("account", "40110")
    row = {
        "delivery": changed.get("period", "2018-01"),
        "period": "2018-01",
        "kind": "outcome",
        "period_kind": "month",
        **UNIT,
        "is_project": False,
        "account": account,
        "account_class": account[:1],
        "account_group": account[:2],
        "report_line": "income" if account.startswith("3") else "staff_employees",
        "origin": "external",
        "counterparty": "E",
        "project": None,
        "activity": None,
        "amount_ore": -500_000_00 if account.startswith("3") else 1_000_000_00,
        "posting_date": date(2018, 1, 31),
        "registration_date": date(2018, 1, 31),
    }
    return row | changed


def invoice(**changed: Any) -> dict[str, Any]:
    row = {
        "delivery": changed.get("period", "2018-01"),
        "period": "2018-01",
        "supplier": "Bemanning A",
        "administration": "10",
        "profession": "doctor",
        "iso_year": 2018,
        "iso_week": 3,
        "hours": 40.0,
        "invoice_date": date(2018, 1, 31),
        "amount_ore": 40_000_00,
        "version": 1,
    }
    return row | changed


def employments() -> list[dict[str, Any]]:
    return [
        employment(period=month, employee_key=key, sex=sex, birth_year=year)
        for month in MONTHS
        for key, sex, year in (("key-1", "K", 1970), ("key-2", "M", 1985))
    ]


def time() -> list[dict[str, Any]]:
    rows = [worked(period=month, employee_key=key) for month in MONTHS for key in ("key-1", "key-2")]
    overtime = {"period": "2018-01", "time_type": "overtime"}
    return [*rows, worked(**overtime, hours=4.0), worked(**overtime, delivery="2018-02", hours=-4.0)]


def absence() -> list[dict[str, Any]]:
    return [
        absent(period=month, employee_key=key, hours=hours)
        for month in MONTHS
        for key, hours in (("key-1", 16.0), ("key-2", 8.0))
    ]


def ledger() -> list[dict[str, Any]]:
    booked = [posting(period=month, account="30110") for month in MONTHS]
    booked += [
        posting(period=month, **place, amount_ore=amount)
        for month in MONTHS
        for place, amount in ((UNIT, 988_000_00), (CLINIC, 12_000_00))
    ]
    internal = [
        posting(period=month, origin="internal", counterparty=party, account=account, amount_ore=amount)
        for month in MONTHS
        for account, party, amount in (("33110", "I10", -10_000_00), ("40110", "I17", 10_000_00))
    ]
    budget = [
        posting(kind="budget", delivery="2018-01", period=f"2018-{month:02d}", amount_ore=900_000_00)
        for month in range(1, 13)
    ]
    return [*booked, *internal, *budget, *forecast()]


def forecast() -> list[dict[str, Any]]:
    year = {"kind": "forecast", "period": "2018-02"}
    return [
        posting(**year, amount_ore=12_000_000_00),
        posting(**year, account="30110", amount_ore=-6_000_000_00),
        posting(**year, account="33110", origin="internal", amount_ore=-120_000_00),
        posting(**year, origin="internal", amount_ore=120_000_00),
    ]


def agency() -> list[dict[str, Any]]:
    return [invoice(), invoice(period="2018-02", iso_week=7, invoice_date=date(2018, 2, 28))]


def observation(**changed: Any) -> dict[str, Any]:
    row = {
        "delivery": changed.get("period", "2018-01"),
        "period": "2018-01",
        "source": "stratsys",
        "indicator": "2018-01",
        "indicator_label": "Andel strategiska initiativ",
        "administration": "17",
        "observed_unit": "17",
        "observed_label": "Landstingsdirektörens stab",
        "sex": "T",
        "value": 50.0,
        "numerator": 5.0,
        "denominator": 10.0,
        "state": None,
        "forecast": None,
        "reported_status": None,
        "comment": None,
        "missing_status": None,
    }
    return row | changed


def of_kolada(**changed: Any) -> dict[str, Any]:
    row = {
        "delivery": "2018-02",
        "period": "2018-12",
        "source": "kolada",
        "indicator": "kolada:N00001",
        "administration": "",
        "observed_unit": "0010",
        "observed_label": "Region Blekinge",
        "numerator": None,
        "denominator": None,
    }
    return observation(**row) | changed


def indicators() -> list[dict[str, Any]]:
    return [
        observation(),
        observation(period="2018-02"),
        of_kolada(),
        of_kolada(sex="K", value=None, missing_status="Missing"),
    ]


def counted(**changed: Any) -> dict[str, Any]:
    row = {
        "delivery": changed.get("period", "2018-01"),
        "period": "2018-01",
        "administration": "17",
        "care_unit": "V01",
        "ownership": "public",
        "quantity": "listed",
        "value": 8000.0,
    }
    return row | changed


PRIVATE_UNITS = ("V08", "V09", "V10", "V11", "V12")
COUNTS = {
    "listed": 8000.0,
    "listed_65": 2000.0,
    "listed_75": 900.0,
    "visits_primary": 1700.0,
    "visits_all": 2700.0,
    "vaccinated_75": 600.0,
    "diabetes": 400.0,
    "diabetes_register": 330.0,
    "doctor": 4400.0,
    "nursing_home": 60.0,
    "nursing_home_doctor": 50.0,
    "care_plans": 7.0,
    "medicine_cost": 1_000_000.25,
    "service_cost": 400_000.5,
    "contacts": 2200.0,
    "contacts_same_day": 1900.0,
    "assessments": 600.0,
    "assessments_3_days": 550.0,
}


def care_units() -> list[dict[str, Any]]:
    """Every unit of the register, each with every quantity."""
    codes = [f"V{number:02d}" for number in range(1, 13)]
    return [
        counted(
            period=month,
            care_unit=code,
            ownership="private" if code in PRIVATE_UNITS else "public",
            quantity=quantity,
            value=value,
        )
        for month in MONTHS
        for code in codes
        for quantity, value in COUNTS.items()
    ]


def contact(**changed: Any) -> dict[str, Any]:
    row = {
        "delivery": changed.get("period", "2018-01"),
        "period": "2018-01",
        "contact_key": "contact-1",
        "patient_key": "patient-1",
        "administration": "10",
        "base_unit": "102",
        "contact_kind": "inpatient",
        "care_days": 3,
    }
    return row | changed


def care_contacts() -> list[dict[str, Any]]:
    return [contact(), contact(period="2018-02", contact_key="contact-2")]


def contact_cost(**changed: Any) -> dict[str, Any]:
    row = {
        "delivery": changed.get("period", "2018-01"),
        "period": "2018-01",
        "contact_key": "contact-1",
        **CLINIC,
        "cost_kind": "nursing",
        "amount_ore": 12_000_00,
    }
    return row | changed


def care_costs() -> list[dict[str, Any]]:
    return [contact_cost(), contact_cost(period="2018-02", contact_key="contact-2")]


GOOD = {
    "employments": employments,
    "time": time,
    "absence": absence,
    "ledger": ledger,
    "agency": agency,
    "indicators": indicators,
    "care_units": care_units,
    "care_contacts": care_contacts,
    "care_costs": care_costs,
}


def store(**changed: list[dict[str, Any]]) -> dict[str, pl.LazyFrame]:
    """All tables, some with other rows."""
    return {table: frame(table, changed.get(table, make())).lazy() for table, make in GOOD.items()}
