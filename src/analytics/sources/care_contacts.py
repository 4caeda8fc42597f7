"""K1: care contacts that ended in the month, one row per contact, for cost per patient."""

from __future__ import annotations

import polars as pl

from analytics import pseudonyms
from analytics.errors import CellValueError, CodeError
from analytics.patient_costs import CONTACT_KINDS, INPATIENT, PatientCosts
from analytics.sources import cells, checks, codes, personal, places
from analytics.sources.model import Context, Layout, RawRows, Reading
from analytics.sources.problems import Problems

CONTACT = "Kontaktnr"
PATIENT = "Patientnr"
KIND = "Kontakttyp"
DAYS = "Vårddagar"
COLUMNS = (CONTACT, PATIENT, "Period", "Förvaltning", "Basenhet", KIND, DAYS)
_MOST_DAYS = 1_500
"""About four years: a longer stay is a mistyped number."""


def read(raw: RawRows, layout: Layout, context: Context) -> Reading:
    """Care contacts with keyed contact and patient numbers.

    Raises the DeliveryError of the first kind of problem, with the others told in it; SettingsError if the table of
    kinds of contact is wrong.
    """
    period = raw.delivery.period
    problems = Problems(raw.delivery.name, raw.frame.height)
    personal.check(raw.frame, layout.text_columns, problems)
    checks.running_numbers(raw.frame, CONTACT, "contact number", problems)
    checks.running_numbers(raw.frame, PATIENT, "patient number", problems)
    frame = checks.row_months(raw.frame, [period], problems)
    places.check_base_unit(frame, period, context.organisation, problems)
    kinds = {
        code: kind
        for code, kind in PatientCosts.read(context.reference.folder).contact_kinds.items()
        if kind.is_valid_in(period)
    }
    codes.check(frame, KIND, kinds.keys(), problems, what="kind of contact", file=CONTACT_KINDS)
    frame = checks.typed(frame, {"days": (DAYS, cells.number(DAYS))}, problems).with_columns(
        pl.col(KIND)
        .replace_strict({code: kind.code for code, kind in kinds.items()}, default=None, return_dtype=pl.String)
        .alias("contact_kind")
    )
    _check_days(frame, problems)
    _check_repeated(frame, problems)
    problems.raise_if_any()
    frame = frame.with_columns(
        pl.lit(str(period)).alias("delivery"),
        pseudonyms.contact_keys(frame[CONTACT], context.secret).alias("contact_key"),
        pseudonyms.patient_keys(frame[PATIENT], context.secret).alias("patient_key"),
        pl.col("Förvaltning").alias("administration"),
        pl.col("Basenhet").alias("base_unit"),
        pl.col("days").cast(pl.Int64).alias("care_days"),
    )
    return Reading(frame, raw.taken)


def _check_days(frame: pl.DataFrame, problems: Problems) -> None:
    days = pl.col("days")
    for bad, said in (
        (days < 0, "the days of care are negative"),
        (days != days.round(0), "the days of care are no whole number"),
        (days > _MOST_DAYS, f"the days of care are more than {_MOST_DAYS}"),
        (
            (days > 0) & (pl.col("contact_kind") != INPATIENT),
            "there are days of care in a contact that is not inpatient",
        ),
    ):
        problems.flag(frame, bad, CellValueError, said, column=DAYS, action=checks.CORRECT)


def _check_repeated(frame: pl.DataFrame, problems: Problems) -> None:
    problems.flag(
        frame,
        checks.normalised(CONTACT).is_duplicated() & ~cells.is_blank(CONTACT),
        CodeError,
        "the contact stands twice: it and its cost would be counted twice",
        column=CONTACT,
        action=checks.CORRECT,
    )
