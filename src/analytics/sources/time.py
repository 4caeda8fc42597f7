"""P2: hours per person, month, cost centre and kind of time (Heroma); rows may correct the two months before."""

from __future__ import annotations

import polars as pl

from analytics import pseudonyms
from analytics.errors import CellValueError, DeliveryPeriodError
from analytics.periods import Period
from analytics.sources import cells, checks, codes, personal, places
from analytics.sources.model import LINE, Context, Layout, RawRows, Reading
from analytics.sources.problems import Problems

_MONTHS_CORRECTED = 2


def read(raw: RawRows, layout: Layout, context: Context) -> Reading:
    """Hours with keyed employee numbers; ``Belopp`` is checked and left behind.

    Raises the DeliveryError of the first kind of problem, with the others told in it.
    """
    period = raw.delivery.period
    allowed = [period.plus(-back) for back in range(_MONTHS_CORRECTED, -1, -1)]
    problems = Problems(raw.delivery.name, raw.frame.height)
    personal.check(raw.frame, layout.text_columns, problems)
    checks.employee_numbers(raw.frame, problems)
    frame = checks.row_months(raw.frame, allowed, problems)
    if frame.filter(pl.col("period") == str(period)).is_empty():
        problems.note_lines(
            frame[LINE],
            DeliveryPeriodError,
            f"wrong period inside the file: no row is of {period}, all of them correct earlier months",
            column="Period",
            action="Check that the right month was exported and that the file has the right name.",
        )
    frame = places.by_cost_centre(frame, context.organisation, problems)
    kinds = context.reference.time_types
    codes.check(frame, "Tidart", kinds.keys(), problems, what="time type", file="time_types.csv")
    frame = checks.typed(
        frame,
        {"hours": ("Timmar", cells.hours("Timmar")), "paid_ore": ("Belopp", cells.ore("Belopp"))},
        problems,
        optional=("Belopp",),
    )
    _check_hours(frame, period, allowed, context.settings.validation.max_hours_per_month, problems)
    problems.raise_if_any()
    clock = frame.select(pl.col("Timmar").str.contains(":", literal=True).sum()).item()
    corrections = frame.select((pl.col("period") != str(period)).sum()).item()
    taken = (*raw.taken, f"rows with hours as HH:MM: {clock}", f"rows that correct earlier months: {corrections}")
    frame = frame.with_columns(
        pl.lit(str(period)).alias("delivery"),
        pseudonyms.employee_keys(frame["Anstnr"], context.secret).alias("employee_key"),
        pl.col("Ansvar").alias("cost_centre"),
        pl.col("Tidart").replace_strict(kinds, default=None, return_dtype=pl.String).alias("time_type"),
    )
    return Reading(frame, taken)


def _check_hours(frame: pl.DataFrame, period: Period, allowed: list[Period], limit: float, problems: Problems) -> None:
    in_month = pl.col("period").replace_strict(
        {str(month): checks.whole_hours_of(month) for month in allowed}, default=None, return_dtype=pl.Float64
    )
    impossible = pl.col("hours").abs() > in_month
    problems.flag(
        frame,
        impossible,
        CellValueError,
        "impossible hours: more than the month has",
        column="Timmar",
        action=checks.CORRECT,
    )
    totals = frame.group_by("Anstnr", "period").agg(pl.col("hours").sum().alias("total"), pl.col(LINE).min())
    problems.flag(
        totals,
        pl.col("total") > limit,
        CellValueError,
        f"impossible hours: one person has more than {limit:g} in a month (all rows together)",
        column="Timmar",
        action=f"{checks.CORRECT} The limit stands in analytics.toml, validation.max_hours_per_month.",
    )
    by_kind = frame.group_by("Anstnr", "period", "Tidart").agg(pl.col("hours").sum().alias("total"), pl.col(LINE).min())
    problems.flag(
        by_kind,
        (pl.col("total") < -1e-6) & (pl.col("period") == str(period)),
        CellValueError,
        "impossible hours: the total of one person and kind of time is negative in the month of the file, "
        "which corrects nothing",
        column="Timmar",
        action=checks.CORRECT,
    )
