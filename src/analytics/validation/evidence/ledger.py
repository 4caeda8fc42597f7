"""Evidence about the ledger: accounts, report lines, control totals, internal postings and budget twelfths."""

from __future__ import annotations

import polars as pl

from analytics.errors import SettingsError, UsageError
from analytics.organisation import Organisation
from analytics.periods import Period
from analytics.reference import Reference
from analytics.validation.evidence.facts import Facts


def rows(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:  # noqa: ARG001
    """Codes and the size of each posting in kronor."""
    return frame.select(
        "kind",
        "period_kind",
        "origin",
        "administration",
        "base_unit",
        "cost_centre",
        "account",
        "report_line",
        (pl.col("amount_ore").abs() / 100).alias("size_kr"),
    )


def accounts(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """One row per account and report line, with the line, class and group that follow from the account."""
    found = frame.group_by("account", "report_line", "account_class", "account_group").agg(pl.len().alias("rows"))
    lines = {account: _line_of(account, facts.reference) for account in found["account"].unique()}
    return found.with_columns(
        pl.col("account").replace_strict(lines, default=None, return_dtype=pl.String).alias("declared_line"),
        (pl.col("account_class") + "/" + pl.col("account_group")).alias("class_and_group"),
        (pl.col("account").str.slice(0, 1) + "/" + pl.col("account").str.slice(0, 2)).alias("declared_class_and_group"),
        (pl.col("report_line").n_unique().over("account") - 1).alias("other_lines"),
    ).sort("account", "report_line")


def _line_of(account: str, reference: Reference) -> str:
    try:
        return reference.report_line_of(account)
    except SettingsError:
        return "(ingen)"


def cost_centres(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """One row per month and cost centre: marked as a project or not, here and in the organisation."""
    found = frame.group_by("period", "cost_centre", "is_project").agg(pl.len().alias("rows"))
    declared = [
        _project_mark(centre, period, marked=marked, organisation=facts.organisation)
        for period, centre, marked in found.select("period", "cost_centre", "is_project").iter_rows()
    ]
    return found.with_columns(
        pl.when("is_project").then(pl.lit("projekt")).otherwise(pl.lit("linje")).alias("marked"),
        pl.Series("declared", declared, dtype=pl.String),
    ).sort("period", "cost_centre")


def _project_mark(centre: str, period: str, *, marked: bool, organisation: Organisation) -> str:
    try:
        unit = organisation.find("cost_centre", centre, Period.parse(period))
    except UsageError:
        unit = None
    # A cost centre or month that is unknown is the business of other expectations.
    is_project = marked if unit is None else unit.is_project
    return "projekt" if is_project else "linje"


def line_totals(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """One row per delivery and kind: the whole ledger, and the sum of the rows of FR1 that have accounts (öre)."""
    known = pl.col("report_line").is_in(list(facts.reference.report_lines))
    return (
        frame.group_by("delivery", "kind")
        .agg(
            pl.col("amount_ore").sum().alias("ledger"),
            pl.col("amount_ore").filter(known).sum().alias("lines"),
        )
        .sort("delivery", "kind")
    )


def line_signs(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:  # noqa: ARG001
    """One row per delivery, kind and administration: income and staff cost (öre); income should be negative."""
    line = pl.col("report_line")
    return (
        frame.group_by("delivery", "kind", "administration")
        .agg(
            pl.col("amount_ore").filter(line == "income").sum().alias("income"),
            pl.col("amount_ore").filter(line.str.starts_with("staff")).sum().alias("staff"),
        )
        .sort("delivery", "kind", "administration")
    )


def internal(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:  # noqa: ARG001
    """One row per delivery and month: the internal postings of the whole region (öre), which should cancel out."""
    return (
        frame.filter((pl.col("kind") == "outcome") & (pl.col("origin") == "internal"))
        .group_by("delivery", "period")
        .agg(pl.col("amount_ore").sum().alias("internal"))
        .with_columns(pl.lit(0, dtype=pl.Int64).alias("expected"))
        .sort("delivery", "period")
    )


def budget_rows(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:  # noqa: ARG001
    """One row per budget line and year: how many months it has, and its lowest and highest month (öre)."""
    key = ["delivery", "administration", "base_unit", "cost_centre", "account", "counterparty", "project", "activity"]
    return (
        frame.filter(pl.col("kind") == "budget")
        .with_columns(pl.col("period").str.slice(0, 4).alias("year"))
        .group_by(*key, "year", "period")
        .agg(pl.col("amount_ore").sum())
        .group_by(*key, "year")
        .agg(
            pl.len().cast(pl.Int64).alias("months"),
            pl.col("amount_ore").min().alias("lowest"),
            pl.col("amount_ore").max().alias("highest"),
        )
        .select("year", "administration", "cost_centre", "account", "months", "lowest", "highest")
        .sort("year", "cost_centre", "account")
    )
