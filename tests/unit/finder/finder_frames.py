"""A ledger of one administration with ordinary noise, and what can happen to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from analytics import finder, schemas, settings
from analytics.finder.model import Finding
from analytics.measures.scope import Data, Scope
from analytics.organisation import Organisation
from analytics.periods import Period, PeriodRange
from analytics.reference import Reference

ROOT = Path(__file__).parents[3]
TYPES = {"text": pl.String, "integer": pl.Int64, "number": pl.Float64, "date": pl.Date, "flag": pl.Boolean}
CENTRES = {
    "2010": "201",
    "2011": "201",
    "2012": "201",
    "2020": "202",
    "2021": "202",
    "2022": "202",
    "2030": "203",
    "2031": "203",
}
ACCOUNTS = {
    "30110": -300,
    "34110": -150,
    "40110": 1500,
    "41110": 200,
    "45110": 550,
    "53110": 120,
    "60110": 400,
    "64110": 300,
    "64510": 700,
    "66110": 60,
    "68110": 15,
    "69110": 40,
    "70110": 150,
    "76110": 90,
    "81110": 80,
}
"""Account → tkr a month and cost centre."""
SIZES = dict(zip(CENTRES, (0.7, 1.3, 0.9, 1.1, 1.0, 0.8, 1.2, 1.0), strict=True))
SEASON = (1.0, 1.0, 1.05, 1.0, 1.0, 0.98, 0.8, 0.85, 1.03, 1.05, 1.1, 1.14)
SPAN = PeriodRange(Period(2016, 1), Period(2018, 3))
NOISE = 0.06
POSTINGS = 3


def scope(period: str = "2018-03", unit: str = "20") -> Scope:
    """The repository's settings and reference tables."""
    declared = settings.load(ROOT)
    return Scope(
        period=Period.parse(period),
        unit=unit,
        settings=declared,
        organisation=Organisation.read(declared.paths.reference),
        reference=Reference(declared.paths.reference),
    )


REFERENCE = scope().reference


def outcome(seed: int, *, noise: float = NOISE) -> pl.DataFrame:
    """Some postings for every cost centre, account and month; seasonal, growing, with chance in them."""
    chance = np.random.default_rng(seed)
    rows = []
    for centre, base_unit in CENTRES.items():
        for account, tkr in ACCOUNTS.items():
            for place, month in enumerate(SPAN):
                whole = tkr * 1000 * SIZES[centre] * SEASON[month.month - 1] * 1.02 ** (place / 12)
                whole *= max(0.05, 1 + noise * chance.standard_normal())
                shares = chance.dirichlet(np.full(POSTINGS, 8.0))
                for share in shares:
                    day = date(month.year, month.month, int(chance.integers(1, 28)))
                    rows.append((str(month), "outcome", base_unit, centre, account, round(whole * share * 100), day))
    return _frame(rows)


def flat_budget() -> pl.DataFrame:
    """A budget in twelfths near the usual outcome, in all three years."""
    rows = []
    usual = outcome(0, noise=0.0)
    for year in (2016, 2017, 2018):
        grown = 1.02 ** (year - 2017)
        sums = usual.filter(pl.col("period").str.starts_with("2017")).group_by("base_unit", "cost_centre", "account")
        for base_unit, centre, account, ore in sums.agg(pl.col("amount_ore").sum()).sort("account").rows():
            for month in Period(year, 1).full_year:
                day = month.first_day
                rows.append((str(month), "budget", base_unit, centre, account, round(ore * grown / 12), day))
    return _frame(rows)


def _frame(rows: list[tuple[object, ...]]) -> pl.DataFrame:
    made = pl.DataFrame(
        rows,
        schema={
            "period": pl.String,
            "kind": pl.String,
            "base_unit": pl.String,
            "cost_centre": pl.String,
            "account": pl.String,
            "amount_ore": pl.Int64,
            "posting_date": pl.Date,
        },
        orient="row",
    )
    lines = {account: REFERENCE.report_line_of(account) for account in ACCOUNTS}
    return made.with_columns(
        delivery=pl.col("period"),
        period_kind=pl.lit("month"),
        administration=pl.lit("20"),
        is_project=pl.lit(value=False),
        account_class=pl.col("account").str.slice(0, 1),
        account_group=pl.col("account").str.slice(0, 2),
        report_line=pl.col("account").replace_strict(lines),
        origin=pl.lit("external"),
        counterparty=pl.lit("E"),
        project=pl.lit(None, dtype=pl.String),
        activity=pl.lit(None, dtype=pl.String),
        registration_date=pl.col("posting_date"),
    )


def data(ledger: pl.DataFrame) -> Data:
    """The ledger alone; the other tables are empty."""
    frames = {}
    for name, table in schemas.TABLES.items():
        types = {column.name: TYPES[column.type] for column in table.columns}
        frames[name] = (ledger.select(list(types)) if name == "ledger" else pl.DataFrame(schema=types)).lazy()
    return Data(**frames)


Change = Callable[[pl.DataFrame], pl.DataFrame]


def found(seed: int, *changes: Change, period: str = "2018-03") -> tuple[Finding, ...]:
    """What the finder says of a year with these changes in it."""
    ledger = pl.concat([outcome(seed), flat_budget()])
    for change in changes:
        ledger = change(ledger)
    return finder.find(data(ledger), scope(period))


def rows(*, account: str, centre: str, month: str, kind: str = "outcome") -> pl.Expr:
    return (
        (pl.col("account") == account)
        & (pl.col("cost_centre") == centre)
        & (pl.col("period") == month)
        & (pl.col("kind") == kind)
    )
