"""P1: employment stock of a month (Heroma)."""

from __future__ import annotations

from typing import Literal

import polars as pl

from analytics import pseudonyms
from analytics.errors import CellValueError, CodeError, LayoutError
from analytics.periods import Period
from analytics.sources import cells, checks, codes, personal, places
from analytics.sources.model import LINE, Context, Layout, RawRows, Reading
from analytics.sources.problems import Problems

_SEX = {"K": "K", "M": "M", "1": "M", "2": "K", "Kvinna": "K", "Man": "M"}
_FORMS = {"T": "permanent", "V": "temporary", "TIM": "hourly"}
_LEAVES = {"Extern": "external", "Intern": "internal", "Pension": "pension", "Avliden": "death"}
_OPEN = "9999-12-31"
_LONGEST_WEEK = 48
_YOUNGEST = 14
_OLDEST = 100


def read(raw: RawRows, layout: Layout, context: Context) -> Reading:
    """Employments with keyed employee numbers; ``Pnr`` is checked for agreement and left behind.

    Raises the DeliveryError of the first kind of problem, with the others told in it.
    """
    period = raw.delivery.period
    problems = Problems(raw.delivery.name, raw.frame.height)
    frame = raw.frame.with_columns(
        pl.lit(str(period)).alias("period"),
        pl.when(pl.col("Tom") == _OPEN).then(pl.lit("")).otherwise(pl.col("Tom")).alias("Tom"),
    )
    personal.check(frame, layout.text_columns, problems)
    checks.employee_numbers(frame, problems)
    frame = places.by_cost_centre(frame, context.organisation, problems)
    _check_codes(frame, period, context, problems)
    frame = checks.typed(
        frame,
        {
            "birth_year": ("Födelseår", cells.integer("Födelseår")),
            "employment_rate_pct": ("Sysselsättningsgrad", cells.number("Sysselsättningsgrad")),
            "full_time_hours": ("Heltidsmått", cells.number("Heltidsmått")),
            "start_date": ("From", cells.day("From")),
            "end_date": ("Tom", cells.day("Tom")),
        },
        problems,
        optional=("Tom",),
    ).with_columns(
        pl.col("Kön").replace_strict(_SEX, default=None, return_dtype=pl.String).alias("sex"),
        pl.col("Anstform").replace_strict(_FORMS, default=None, return_dtype=pl.String).alias("employment_form"),
        pl.col("Avgångstyp").replace_strict(_LEAVES, default=None, return_dtype=pl.String).alias("leave_kind"),
    )
    _check_values(frame, raw, problems)
    _check_persons(frame, problems)
    problems.raise_if_any()
    main_first = [pl.col("employment_rate_pct"), pl.col("start_date"), pl.col("Ansvar"), pl.col(LINE)]
    frame = frame.with_columns(
        pl.lit(str(period)).alias("delivery"),
        pseudonyms.employee_keys(frame["Anstnr"], context.secret).alias("employee_key"),
        pl.col("Ansvar").alias("cost_centre"),
        pl.col("AID-etikett").alias("aid_label"),
        pl.col("Personalgrupp").alias("personnel_group"),
    ).sort("employee_key", *main_first, descending=[False, True, False, False, False])
    frame = frame.with_columns((pl.int_range(pl.len()).over("employee_key") == 0).alias("is_main"))
    forms = sorted(frame["Kön"].unique().to_list())
    return Reading(frame, (*raw.taken, f"sex written as {', '.join(forms)}"))


def _check_codes(frame: pl.DataFrame, period: Period, context: Context, problems: Problems) -> None:
    reference = context.reference
    codes.check(
        frame,
        "Personalgrupp",
        reference.personnel_groups.keys(),
        problems,
        what="personnel group",
        file="personnel_groups.csv",
    )
    codes.check(frame, "AID-etikett", reference.aid_labels.keys(), problems, what="AID label", file="aid_labels.csv")
    tables: tuple[tuple[str, Literal["personnel_groups", "aid_labels"], str], ...] = (
        ("Personalgrupp", "personnel_groups", "personnel group"),
        ("AID-etikett", "aid_labels", "AID label"),
    )
    for column, table, what in tables:
        problems.flag(
            frame,
            pl.col(column).is_in(reference.expired(table, period)),
            CodeError,
            f"{what} that is not valid on any day of {period}",
            column=column,
            action=f"Correct the delivery, or the days of the code in data/raw/reference/{table}.csv.",
        )
    group_of_label = pl.col("AID-etikett").replace_strict(reference.aid_labels, default=None, return_dtype=pl.String)
    problems.flag(
        frame,
        pl.col("Personalgrupp").is_in(list(reference.personnel_groups)) & (group_of_label != pl.col("Personalgrupp")),
        CodeError,
        "the AID label belongs to another personnel group than the row says",
        column="Personalgrupp",
        action="Ask the supplier which is right, or correct data/raw/reference/aid_labels.csv.",
    )
    for column, known in (("Kön", _SEX), ("Anstform", _FORMS), ("Avgångstyp", {**_LEAVES, "": ""})):
        problems.flag(
            frame,
            ~pl.col(column).is_in(list(known)),
            CodeError,
            f"unknown code (known: {', '.join(code for code in known if code)})",
            column=column,
            action=checks.CORRECT,
        )


def _check_values(frame: pl.DataFrame, raw: RawRows, problems: Problems) -> None:
    period = raw.delivery.period
    checks.within(frame, "employment_rate_pct", "Sysselsättningsgrad", (0, 100), problems)
    checks.within(frame, "full_time_hours", "Heltidsmått", (1, _LONGEST_WEEK), problems)
    checks.within(frame, "birth_year", "Födelseår", (period.year - _OLDEST, period.year - _YOUNGEST), problems)
    outside = f"the employment was not valid on any day of {period}"
    checks.spell(frame, "employment", period, problems, outside=outside)
    problems.flag(
        frame,
        pl.col("start_date").dt.year() < period.year - _OLDEST + _YOUNGEST,
        CellValueError,
        f"the employment begins more than {_OLDEST - _YOUNGEST} years ago",
        column="From",
        action=checks.CORRECT,
    )
    problems.flag(
        raw.frame,
        pl.col("Avgångsorsak").str.contains(r"^\d{4}-\d{2}-\d{2}$"),
        LayoutError,
        "a date stands where the reason should be: the contents of Tom and Avgångsorsak are probably swapped",
        column="Avgångsorsak",
        action="Ask the supplier for a file whose columns stand in the agreed order.",
    )


def _check_persons(frame: pl.DataFrame, problems: Problems) -> None:
    for column, name in (("Pnr", "Pnr"), ("Kön", "sex"), ("Födelseår", "birth_year")):
        several = frame.group_by("Anstnr").agg(pl.col(name).n_unique().alias("n")).filter(pl.col("n") > 1)
        problems.note_lines(
            frame.join(several, on="Anstnr", how="semi")[LINE],
            CellValueError,
            "rows with the same employee number differ in what belongs to the person",
            column=column,
            action=checks.CORRECT,
        )
