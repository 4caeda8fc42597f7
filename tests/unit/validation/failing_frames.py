"""For every expectation of every suite: what to change in the good frame so that it fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import good_frames as good
import polars as pl

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Example:
    """A frame that fails, with the control totals of the delivery before."""

    frame: pl.DataFrame
    previous: dict[str, float] = field(default_factory=dict)


def changed(table: str, **values: Any) -> Callable[[], Example]:
    """The good frame with other values in its first row."""

    def make() -> Example:
        first, *rest = good.GOOD[table]()
        return Example(good.frame(table, [first | values, *rest]))

    return make


def added(table: str, *rows: dict[str, Any]) -> Callable[[], Example]:
    return lambda: Example(good.frame(table, [*good.GOOD[table](), *rows]))


def only(table: str, *rows: dict[str, Any]) -> Callable[[], Example]:
    return lambda: Example(good.frame(table, list(rows)))


def after(table: str, **previous: float) -> Callable[[], Example]:
    return lambda: Example(good.frame(table, good.GOOD[table]()), previous)


def reshaped(table: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Callable[[], Example]:
    return lambda: Example(change(good.frame(table, good.GOOD[table]())))


def of_every_table(table: str, number: str) -> dict[str, Callable[[], Example]]:
    return {
        "columns_declared": reshaped(table, lambda frame: frame.drop("period")),
        "types_declared": reshaped(table, lambda frame: frame.with_columns(pl.col(number).cast(pl.String))),
        "nothing_missing": changed(table, delivery=None),
        "has_rows": only(table),
        "period_is_month": changed(table, period="2018-3"),
        "rows_change": after(table, rows=1000.0),
    }


def units(table: str) -> dict[str, Callable[[], Example]]:
    return {
        f"{level}_known": changed(table, **{level: "9999"}) for level in ("administration", "base_unit", "cost_centre")
    }


EMPLOYMENTS = {
    **of_every_table("employments", "birth_year"),
    **units("employments"),
    "own_month": changed("employments", delivery="2018-02"),
    "key_unique": added("employments", good.employment()),
    "sex_present": changed("employments", sex=None),
    "sex_known": changed("employments", sex="2"),
    "birth_year_present": changed("employments", birth_year=None),
    "age_possible": changed("employments", birth_year=1038),
    "age_plausible": changed("employments", birth_year=1938),
    "personnel_group_known": changed("employments", personnel_group="3"),
    "aid_label_known": changed("employments", aid_label="999999"),
    "aid_label_in_group": changed("employments", aid_label="203010"),
    "employment_form_known": changed("employments", employment_form="T"),
    "leave_kind_known": changed("employments", leave_kind="Extern"),
    "rate_in_range": changed("employments", employment_rate_pct=150.0),
    "full_time_plausible": changed("employments", full_time_hours=165.0),
    "ends_after_start": changed("employments", end_date=date(2009, 12, 31)),
    "started_in_month": changed("employments", start_date=date(2018, 2, 1)),
    "not_ended_before_month": changed("employments", end_date=date(2017, 12, 31)),
    "one_sex_per_person": added("employments", good.employment(cost_centre="0111", sex="M", is_main=False)),
    "one_birth_year_per_person": added(
        "employments", good.employment(cost_centre="0111", birth_year=1971, is_main=False)
    ),
    "at_most_one_main": added("employments", good.employment(cost_centre="0111")),
    "has_main": changed("employments", is_main=False),
}

TIME = {
    **of_every_table("time", "hours"),
    **units("time"),
    "months_back": added("time", good.worked(delivery="2018-02", period="2017-11")),
    "time_type_known": changed("time", time_type="ORD"),
    "row_hours_possible": changed("time", hours=16000.0),
    "own_month_not_negative": changed("time", hours=-4.0),
    "person_month_hours": added("time", good.worked(), good.worked()),
    "hours_change": after("time", hours=1000.0),
}

ABSENCE = {
    **of_every_table("absence", "hours"),
    "months_back": added("absence", good.absent(delivery="2018-01", period="2018-02")),
    "absence_group_known": changed("absence", absence_group="1"),
    "extent_in_range": changed("absence", extent_pct=150.0),
    "hours_in_range": changed("absence", hours=-1.0),
    "days_not_negative": changed("absence", calendar_days=-1),
    "days_in_month": changed("absence", calendar_days=32),
    "ends_after_start": changed("absence", end_date=date(2018, 1, 7)),
    "started_in_month": changed("absence", start_date=date(2018, 2, 1)),
    "not_ended_before_month": changed("absence", start_date=date(2017, 12, 1), end_date=date(2017, 12, 31)),
    "person_month_hours": added("absence", *(good.absent(hours=200.0) for _ in range(2))),
    "hours_change": after("absence", hours=1000.0),
}

LEDGER = {
    **of_every_table("ledger", "amount_ore"),
    **units("ledger"),
    "not_in_future": changed("ledger", period="2018-02", delivery="2018-01"),
    "forecast_in_own_month": added("ledger", good.posting(kind="forecast", delivery="2018-02", period="2018-01")),
    "budget_in_own_year": added("ledger", good.posting(kind="budget", delivery="2018-01", period="2019-01")),
    "kind_known": changed("ledger", kind="UTFALL"),
    "period_kind_known": changed("ledger", period_kind="13"),
    "origin_known": changed("ledger", origin="E"),
    "account_in_plan": added("ledger", good.posting(account="40999")),
    "report_line_known": changed("ledger", report_line="salaries"),
    "account_line_declared": changed("ledger", report_line="capital"),
    "account_one_line": changed("ledger", report_line="capital"),
    "account_class_and_group": changed("ledger", account_class="4"),
    "project_mark_declared": changed("ledger", is_project=True),
    "lines_equal_ledger": changed("ledger", report_line="salaries"),
    "income_negative": changed("ledger", amount_ore=900_000_00),
    "staff_cost_positive": added("ledger", good.posting(amount_ore=-9_000_000_00)),
    "internal_is_zero": added("ledger", good.posting(origin="internal", counterparty="I17", amount_ore=500_00)),
    "budget_in_twelfths": added(
        "ledger", good.posting(kind="budget", delivery="2018-01", period="2018-07", amount_ore=-400_000_00)
    ),
    "size_plausible": changed("ledger", amount_ore=-2_000_000_000_00),
    "amount_change": after("ledger", amount=1.0),
}

AGENCY = {
    **of_every_table("agency", "hours"),
    "administration_known": changed("agency", administration="9999"),
    "not_in_future": changed("agency", delivery="2017-12"),
    "no_repeated_rows": added("agency", good.invoice()),
    "profession_known": changed("agency", profession="LÄK"),
    "week_exists": changed("agency", iso_week=54),
    "week_in_period": changed("agency", iso_week=7),
    "hours_plausible": changed("agency", hours=4000.0),
    "version_valid": changed("agency", version=0),
    "invoiced_after_week": changed("agency", invoice_date=date(2018, 1, 14)),
    "price_plausible": changed("agency", amount_ore=40_00),
    "hours_change": after("agency", hours=1000.0),
    "amount_change": after("agency", amount=1.0),
}

INDICATORS = {
    # Indicators are measured at different times of the year, so their number of rows is not compared.
    **{name: make for name, make in of_every_table("indicators", "value").items() if name != "rows_change"},
    "key_unique": added("indicators", good.observation()),
    "source_known": changed("indicators", source="excel"),
    "sex_known": changed("indicators", sex="F"),
    "indicator_known": changed("indicators", indicator="2018-99"),
    "administration_known": changed("indicators", administration="99"),
    "not_in_future": changed("indicators", delivery="2017-12"),
    "share_in_range": changed("indicators", value=101.0, numerator=None, denominator=None),
    "numerator_within_denominator": changed("indicators", numerator=11.0, value=110.0),
    "numerator_not_negative": changed("indicators", numerator=-1.0, value=-10.0),
    "denominator_positive": changed("indicators", numerator=0.0, denominator=0.0),
    "parts_together": changed("indicators", numerator=None),
    "share_equals_parts": changed("indicators", value=40.0),
    "one_outcome": changed("indicators", state="Ja"),
    "missing_explained": added("indicators", good.of_kolada(value=None)),
}
CARE_UNITS = {
    **of_every_table("care_units", "value"),
    "own_month": changed("care_units", delivery="2018-02"),
    "key_unique": added("care_units", good.counted()),
    "administration_known": changed("care_units", administration="9999"),
    "care_unit_known": changed("care_units", care_unit="V99"),
    "care_units_complete": only("care_units", good.counted()),
    "ownership_known": changed("care_units", ownership="Offentlig"),
    "ownership_registered": changed("care_units", ownership="private"),
    "quantity_known": changed("care_units", quantity="vaccinated_pct"),
    "quantities_complete": reshaped("care_units", lambda frame: frame.tail(-1)),
    "counts_not_negative": changed("care_units", value=-1.0),
    "counts_whole": changed("care_units", value=8000.5),
    "parts_within_wholes": changed("care_units", value=1999.0),
    "costs_not_negative": added("care_units", good.counted(quantity="medicine_cost", value=-5.0)),
    "listed_change": changed("care_units", value=80_000.0),
}
CARE_CONTACTS = {
    **of_every_table("care_contacts", "care_days"),
    "own_month": changed("care_contacts", delivery="2018-02"),
    "key_unique": added("care_contacts", good.contact()),
    "administration_known": changed("care_contacts", administration="9999"),
    "base_unit_known": changed("care_contacts", base_unit="9999"),
    "clinic_placed": changed("care_contacts", administration="17"),
    "contact_kind_known": changed("care_contacts", contact_kind="SV"),
    "care_days_not_negative": changed("care_contacts", care_days=-1),
    "care_days_inpatient": changed("care_contacts", contact_kind="outpatient"),
    "care_days_plausible": changed("care_contacts", care_days=366),
    "contacts_per_patient_plausible": added(
        "care_contacts", *(good.contact(contact_key=f"contact-{number}") for number in range(10, 70))
    ),
}
CARE_COSTS = {
    **of_every_table("care_costs", "amount_ore"),
    **units("care_costs"),
    "own_month": changed("care_costs", delivery="2018-02"),
    "key_unique": added("care_costs", good.contact_cost()),
    "cost_kind_known": changed("care_costs", cost_kind="VPE"),
    "cost_kind_from_its_cost_centre": changed("care_costs", cost_kind="imaging"),
    "cost_centre_distributed": changed("care_costs", cost_centre="0112"),
    "contact_cost_not_negative": changed("care_costs", amount_ore=-1),
    "contact_cost_plausible": changed("care_costs", amount_ore=10_000_000_01),
    "amount_change": after("care_costs", amount=1.0),
}

TABLES = {
    "employments": EMPLOYMENTS,
    "time": TIME,
    "absence": ABSENCE,
    "ledger": LEDGER,
    "agency": AGENCY,
    "indicators": INDICATORS,
    "care_units": CARE_UNITS,
    "care_contacts": CARE_CONTACTS,
    "care_costs": CARE_COSTS,
}


def _without_month(table: str) -> Rows:
    """The good rows with February moved to March, so that a month is missing."""
    return [row | {"period": "2018-03"} if row["period"] == "2018-02" else row for row in good.GOOD[table]()]


def _first(table: str, **values: Any) -> Rows:
    first, *rest = good.GOOD[table]()
    return [first | values, *rest]


# The tables of the store that differ from the good ones.
ACROSS: dict[str, dict[str, Rows]] = {
    "periods_unbroken": {"time": _without_month("time")},
    "agency_periods_unbroken": {"agency": _without_month("agency")},
    "care_unit_periods_unbroken": {"care_units": _without_month("care_units")},
    "care_contact_periods_unbroken": {"care_contacts": _without_month("care_contacts")},
    "staff_tables_complete": {"absence": good.absence()[:2]},
    "employment_behind_rows": {"time": _first("time", employee_key="key-9")},
    "time_at_own_cost_centre": {"time": _first("time", cost_centre="0111")},
    "units_valid": {"ledger": _first("ledger", administration="17")},
    "one_sex_over_time": {"employments": _first("employments", sex="M")},
    "one_birth_year_over_time": {"employments": _first("employments", birth_year=1971)},
    "hours_not_above_limit": {"time": [*good.time(), good.worked(delivery="2018-02", period="2018-01", hours=300.0)]},
    "hours_not_negative": {"time": [*good.time(), good.worked(delivery="2018-02", period="2018-01", hours=-300.0)]},
    "sick_leave_between_parts": {"absence": [*good.absence(), good.absent(employee_key="key-9", hours=300.0)]},
    "sick_leave_is_weighted_mean": {"time": [*good.time(), good.worked(employee_key="key-9")]},
    "sick_leave_plausible": {"absence": [good.absent(hours=hours) for hours in (200.0, 150.0)]},
    "forecast_covers_booked": {
        "ledger": [
            row | {"amount_ore": 1_500_000_00} if row["kind"] == "forecast" and row["account"] == "40110" else row
            for row in good.ledger()
        ]
    },
    "cost_has_contact": {"care_contacts": good.care_contacts()[:1]},
    "contact_has_cost": {"care_costs": good.care_costs()[:1]},
    "cost_of_own_administration": {"care_costs": _first("care_costs", administration="17")},
    "contact_in_one_month": {"care_contacts": _first("care_contacts", contact_key="contact-2")},
    "distributed_within_ledger": {"care_costs": _first("care_costs", amount_ore=12_000_01)},
    "distributed_near_ledger": {"care_costs": _first("care_costs", amount_ore=4_799_99)},
}
