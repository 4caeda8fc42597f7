"""Every processed table, declared once: column, type, unit, whether it may be empty and whether it is personal.

Readers, the store, the column lists of the validation suites and the documentation all come from here.
Types are named by word so that importing this module costs nothing: ``text``, ``integer``, ``number``,
``date``, ``flag``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DataType = Literal["text", "integer", "number", "date", "flag"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a processed table."""

    name: str
    type: DataType
    meaning: str
    nullable: bool = False
    unit: str = ""
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One processed table. ``key`` identifies a row within the whole table (empty: rows may repeat)."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def personal_columns(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.personal)


DELIVERY = Column("delivery", "text", "month of the delivery that the row came in, YYYY-MM")
PERIOD = Column("period", "text", "month that the row is about, YYYY-MM")
EMPLOYEE = Column("employee_key", "text", "keyed hash of the employee number", personal=True)
ADMINISTRATION = Column("administration", "text", "förvaltning, code valid in the period")
BASE_UNIT = Column("base_unit", "text", "basenhet, code valid in the period")
COST_CENTRE = Column("cost_centre", "text", "ansvar, four digits as text")

EMPLOYMENTS = Table(
    "employments",
    "employments that were valid on some day of the month (Heroma stock, layout P1)",
    (
        DELIVERY,
        PERIOD,
        EMPLOYEE,
        Column("sex", "text", "K or M", personal=True),
        Column("birth_year", "integer", "year of birth", personal=True),
        ADMINISTRATION,
        BASE_UNIT,
        COST_CENTRE,
        Column("aid_label", "text", "AID-etikett, six digits as text"),
        Column("personnel_group", "text", "personalgrupp, code as text: 3.0"),
        Column("employment_form", "text", "permanent, temporary or hourly"),
        Column("employment_rate_pct", "number", "sysselsättningsgrad", unit="%"),
        Column("full_time_hours", "number", "full-time measure of the post", unit="hours/week"),
        Column("start_date", "date", "first day of the employment", personal=True),
        Column("end_date", "date", "last day; empty while it runs", nullable=True, personal=True),
        Column("leave_kind", "text", "external, internal, pension or death", nullable=True, personal=True),
        Column("is_main", "flag", "the person's main employment of the month (highest rate, then earliest start)"),
    ),
    key=("period", "employee_key", "cost_centre"),
)

TIME = Table(
    "time",
    "hours per person, month and kind of time (Heroma time, layout P2); negative rows correct earlier months",
    (
        DELIVERY,
        PERIOD,
        EMPLOYEE,
        ADMINISTRATION,
        BASE_UNIT,
        COST_CENTRE,
        Column("time_type", "text", "ordinary, additional, overtime, on_call or hourly"),
        Column("hours", "number", "hours; ordinary time is scheduled time, not reduced by absence", unit="hours"),
    ),
)

ABSENCE = Table(
    "absence",
    "absence per person, group and month, spells split at month ends (Heroma absence, layout P3)",
    (
        DELIVERY,
        PERIOD,
        EMPLOYEE,
        Column("absence_group", "text", "frånvarohuvudgrupp 01-10 as text"),
        Column("start_date", "date", "first day of this part of the spell", personal=True),
        Column("end_date", "date", "last day; empty while it runs", nullable=True, personal=True),
        Column("extent_pct", "number", "omfattning", unit="%"),
        Column("hours", "number", "hours of absence within the period", unit="hours"),
        Column("calendar_days", "integer", "calendar days within the period", unit="days"),
    ),
)

LEDGER = Table(
    "ledger",
    "postings, budget and forecast (Raindance, layout P4); income negative, cost positive",
    (
        DELIVERY,
        PERIOD,
        Column("kind", "text", "outcome, budget, budget_revised or forecast (a forecast row holds the full year)"),
        Column("period_kind", "text", "month, opening (00) or closing (13)"),
        ADMINISTRATION,
        BASE_UNIT,
        COST_CENTRE,
        Column("is_project", "flag", "the cost centre is project-financed"),
        Column("account", "text", "konto, five digits as text"),
        Column("account_class", "text", "first digit of the account"),
        Column("account_group", "text", "first two digits of the account"),
        Column("report_line", "text", "row of FR1 that the account belongs to"),
        Column("origin", "text", "external or internal, from the counterparty"),
        Column("counterparty", "text", "motpart as delivered"),
        Column("project", "text", "projekt", nullable=True),
        Column("activity", "text", "aktivitet", nullable=True),
        Column("amount_ore", "integer", "amount in öre, so that sums are exact", unit="öre"),
        Column("posting_date", "date", "verifikationsdatum", nullable=True),
        Column("registration_date", "date", "registreringsdatum", nullable=True),
    ),
)

AGENCY = Table(
    "agency",
    "hours and cost of agency staff by invoice (layout P7); later versions replace earlier ones",
    (
        DELIVERY,
        PERIOD,
        Column("supplier", "text", "leverantör"),
        ADMINISTRATION,
        Column("profession", "text", "yrke: doctor or nurse"),
        Column("iso_year", "integer", "year of the ISO week"),
        Column("iso_week", "integer", "ISO week; its Thursday decides the month"),
        Column("hours", "number", "hours worked", unit="hours"),
        Column("invoice_date", "date", "fakturadatum"),
        Column("amount_ore", "integer", "invoiced amount in öre", unit="öre"),
        Column("version", "integer", "1 for the first statement of a row, higher for revisions"),
    ),
)

INDICATORS = Table(
    "indicators",
    "observations of indicators: goal follow-up (layout P5) and Kolada",
    (
        DELIVERY,
        Column("period", "text", "month that the observation is about, YYYY-MM: the month of its date"),
        Column("source", "text", "stratsys or kolada"),
        Column("indicator", "text", "indicator of the register (docs/indicators.md), or kolada:<KPI id>"),
        Column("indicator_label", "text", "the indicator as its source names it in words, without footnote marks"),
        Column("administration", "text", "förvaltning, code valid in the period; empty for a municipality of Kolada"),
        Column("observed_unit", "text", "the unit as its source names it by code: förvaltning, or Kolada id as text"),
        Column("observed_label", "text", "the unit as its source names it in words"),
        Column("sex", "text", "K, M or T"),
        Column("value", "number", "the outcome; a share is in per cent", nullable=True),
        Column("numerator", "number", "those counted, where the outcome is a share", nullable=True),
        Column("denominator", "number", "all, where the outcome is a share", nullable=True),
        Column("state", "text", "an outcome in words (Ja, Infört, Framtagen …)", nullable=True),
        Column("forecast", "text", "the unit's own forecast in words", nullable=True),
        Column("reported_status", "text", "the unit's own judgement, as reported", nullable=True),
        Column("comment", "text", "the unit's own comment", nullable=True),
        Column("missing_status", "text", "why Kolada gives no value", nullable=True),
    ),
    key=("delivery", "period", "indicator", "observed_unit", "sex"),
)

CARE_UNITS = Table(
    "care_units",
    "monthly counts and costs of the care units within Hälsoval (layout P6)",
    (
        DELIVERY,
        PERIOD,
        ADMINISTRATION,
        Column("care_unit", "text", "vårdenhet, code as text"),
        Column("ownership", "text", "public or private"),
        Column("quantity", "text", "what is counted: a quantity of the layout, e.g. listed, diabetes, medicine_cost"),
        Column("value", "number", "persons, contacts, visits, or kronor for costs"),
    ),
    key=("period", "care_unit", "quantity"),
)

CARE_CONTACTS = Table(
    "care_contacts",
    "care contacts that ended in the month, for cost per patient (layout K1)",
    (
        DELIVERY,
        PERIOD,
        Column("contact_key", "text", "keyed hash of the contact number", personal=True),
        Column("patient_key", "text", "keyed hash of the patient number", personal=True),
        ADMINISTRATION,
        Column("base_unit", "text", "clinic (basenhet) that had the contact, code valid in the period"),
        Column("contact_kind", "text", "inpatient, outpatient or other"),
        Column("care_days", "integer", "days of care of an inpatient contact; 0 otherwise", unit="days", personal=True),
    ),
    key=("period", "contact_key"),
)

CARE_COSTS = Table(
    "care_costs",
    "cost of care contacts by kind of cost and where in the ledger it comes from (layout K2)",
    (
        DELIVERY,
        PERIOD,
        Column("contact_key", "text", "keyed hash of the contact number", personal=True),
        ADMINISTRATION,
        Column("base_unit", "text", "basenhet whose cost is distributed, code valid in the period"),
        COST_CENTRE,
        Column("cost_kind", "text", "kind of cost of cost_kinds.csv, e.g. nursing, medicines"),
        Column("amount_ore", "integer", "cost in öre", unit="öre"),
    ),
    key=("period", "contact_key", "cost_kind", "cost_centre"),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        EMPLOYMENTS,
        TIME,
        ABSENCE,
        LEDGER,
        AGENCY,
        INDICATORS,
        CARE_UNITS,
        CARE_CONTACTS,
        CARE_COSTS,
    )
}
