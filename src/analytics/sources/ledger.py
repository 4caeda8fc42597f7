"""P4: outcome, budget and forecast (Raindance), amounts in öre; every account belongs to one report line."""

from __future__ import annotations

import polars as pl

from analytics.errors import CellValueError, CodeError, LayoutError, Location
from analytics.periods import Period
from analytics.reference import Reference
from analytics.sources import cells, checks, codes, personal, places
from analytics.sources.model import LINE, Context, Layout, RawRows, Reading
from analytics.sources.problems import Problems

_KINDS = {
    "raindance_saldo": {"UTFALL": "outcome"},
    "raindance_budget": {"BUDGET": "budget", "BUDGETOMF": "budget_revised"},
    "raindance_prognos": {"PROGNOS": "forecast"},
}
_ORIGINS = {"E": "external", "I": "internal"}
_AGAIN = "Ask the supplier for a new export; the rows and their sums must agree."


def read(raw: RawRows, layout: Layout, context: Context) -> Reading:
    """Ledger rows. Proves that the report lines together equal the file and that the sum rows equal their rows.

    Raises the DeliveryError of the first kind of problem, with the others told in it.
    """
    period = raw.delivery.period
    kinds = _KINDS[layout.name]
    problems = Problems(raw.delivery.name, raw.frame.height)
    personal.check(raw.frame, layout.text_columns, problems)
    frame = _months(raw.frame, layout, period, problems)
    frame = places.by_cost_centre(frame, context.organisation, problems)
    codes.check(frame, "Konto", context.reference.accounts.keys(), problems, what="account", file="accounts.csv")
    codes.check(frame, "Typ", kinds.keys(), problems, what=f"type of a row in {layout.name}", file="")
    problems.flag(
        frame,
        ~pl.col("Motpart").str.contains(r"^[EI][0-9A-Z]{0,10}$"),
        CodeError,
        "the counterparty is not E (external) or I (internal), alone or before a code",
        column="Motpart",
        action=checks.CORRECT,
    )
    frame = checks.typed(
        frame,
        {
            "amount_ore": ("Belopp", cells.ore("Belopp")),
            "posting_date": ("Verdatum", cells.day("Verdatum")),
            "registration_date": ("Registreringsdatum", cells.day("Registreringsdatum")),
        },
        problems,
        optional=("Verdatum", "Registreringsdatum"),
    )
    days = {"posting_date": "Verdatum", "registration_date": "Registreringsdatum"}
    checks.days_near(frame, days, period, problems)
    problems.raise_if_any()
    _check_sum_rows(frame, raw)
    frame = frame.with_columns(
        pl.lit(str(period)).alias("delivery"),
        pl.col("Typ").replace_strict(kinds, return_dtype=pl.String).alias("kind"),
        pl.col("Ansvar").alias("cost_centre"),
        pl.col("Konto").alias("account"),
        pl.col("Konto").str.slice(0, 1).alias("account_class"),
        pl.col("Konto").str.slice(0, 2).alias("account_group"),
        pl.col("Motpart").str.slice(0, 1).replace_strict(_ORIGINS, return_dtype=pl.String).alias("origin"),
        pl.col("Motpart").alias("counterparty"),
        cells.text_or_null("Projekt").alias("project"),
        cells.text_or_null("Aktivitet").alias("activity"),
    )
    frame = _with_report_lines(frame, context.reference)
    total = prove(frame, raw)
    return Reading(frame, (*raw.taken, f"the report lines together equal the file: {total} öre"))


def _months(frame: pl.DataFrame, layout: Layout, period: Period, problems: Problems) -> pl.DataFrame:
    if layout.name == "raindance_budget":
        allowed = list(period.full_year)
        return checks.row_months(frame, allowed, problems).with_columns(pl.lit("month").alias("period_kind"))
    special = {1: ("00", "opening"), 12: ("13", "closing")}
    if layout.name == "raindance_prognos" or period.month not in special:
        return checks.row_months(frame, [period], problems).with_columns(pl.lit("month").alias("period_kind"))
    suffix, kind = special[period.month]
    is_special = pl.col("Period") == f"{period.year:04d}{suffix}"
    marked = frame.with_columns(
        pl.when(is_special).then(pl.lit(kind)).otherwise(pl.lit("month")).alias("period_kind"),
        pl.when(is_special).then(pl.lit(period.compact)).otherwise(pl.col("Period")).alias("Period"),
    )
    return checks.row_months(marked, [period], problems)


def _with_report_lines(frame: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    accounts = frame["account"].unique()
    lines = {account: reference.report_line_of(account) for account in accounts}
    return frame.with_columns(
        pl.col("account").replace_strict(lines, default=None, return_dtype=pl.String).alias("report_line")
    )


def prove(frame: pl.DataFrame, raw: RawRows) -> int:
    """The total in öre after proving that the sums of the report lines give it exactly."""
    by_line = frame.group_by("report_line").agg(pl.col("amount_ore").sum())
    total = int(frame["amount_ore"].sum())
    in_lines = int(by_line.filter(pl.col("report_line").is_not_null())["amount_ore"].sum())
    delivered = int(raw.frame.select(cells.ore("Belopp").sum()).item())
    if not total == in_lines == delivered or by_line["report_line"].null_count():
        raise CellValueError(
            f"the sum of the report lines is {in_lines} öre, the file says {delivered} öre",
            where=Location(raw.delivery.name, column="Belopp"),
            action="Check data/raw/reference/account_intervals.csv: every account belongs to exactly one report line.",
        )
    return total


def _check_sum_rows(frame: pl.DataFrame, raw: RawRows) -> None:
    if raw.sums.is_empty():
        return
    texts = pl.concat_str([pl.col(name) for name in raw.sums.columns if name not in (LINE, "Belopp")], separator=" ")
    sums = raw.sums.with_columns(
        texts.str.extract(r"\b(\d{5})\b", 1).alias("account"),
        cells.ore("Belopp").alias("said"),
        texts.str.extract(r"\b(UTFALL|BUDGETOMF|BUDGET|PROGNOS)\b", 1).alias("type"),
    )
    by_account = frame.group_by(pl.col("Konto").alias("account")).agg(pl.col("amount_ore").sum().alias("rows_all"))
    by_type = frame.group_by(pl.col("Konto").alias("account"), pl.col("Typ").alias("type")).agg(
        pl.col("amount_ore").sum().alias("rows_of_type")
    )
    compared = sums.join(by_account, on="account", how="left").join(by_type, on=["account", "type"], how="left")
    rows = pl.when(pl.col("type").is_null()).then(pl.col("rows_all")).otherwise(pl.col("rows_of_type"))
    wrong = compared.filter((pl.col("said") != rows).fill_null(value=True)).sort(LINE)
    if not wrong.is_empty():
        account = wrong["account"][0]
        raise LayoutError(
            f"the sum row of account {account or '(none)'} does not equal the rows of that account",
            where=Location(raw.delivery.name, int(wrong[LINE][0]), "Belopp", wrong.height),
            action=_AGAIN,
        )
