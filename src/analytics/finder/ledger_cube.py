"""The ledger as cubes: outcome by cost centre, account and month; budget and forecast on the same leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.finder.axes import Axis, Step
from analytics.finder.cube import Cube, dense, organisation_axis
from analytics.measures import ledger
from analytics.measures.catalogue.model import ORIGINS
from analytics.measures.report_form import INCOME, NET, TOTAL_COST, TOTAL_INCOME
from analytics.measures.scope import Data, Scope, collect
from analytics.periods import Period, PeriodRange

MEASURE = "fr1_outcome"
ORE_PER_TKR = 100_000


@dataclass(frozen=True)
class LedgerCube:
    """Outcome as a cube, and on the same leaves the budget of the report year's months and the forecast of the year.

    Unit: öre, income negative. ``budget`` and ``forecast`` are None where the data lack them. ``past_budget`` is of the
    months of the cube, zero where there was none.
    """

    outcome: Cube
    budget: NDArray[np.int64] | None
    forecast: NDArray[np.int64] | None
    past_budget: NDArray[np.int64]


def ledger_cube(data: Data, scope: Scope) -> LedgerCube:
    """The unit's outcome over the months without a gap up to the report month, as the ledger's measures count it.

    Raises MissingDataError if a month of the accumulated range is missing.
    """
    found = ledger.parts(data, scope)
    first = scope.period.plus(-(scope.settings.finder.history_months + scope.period.month - 1))
    span = PeriodRange(first, Period(scope.period.year, 12))
    rows = ledger.counted(data, scope, projects=False).filter(nw.col("period").is_in(span.months))
    grouped = collect(
        rows.group_by("kind", "period", "base_unit", "cost_centre", "report_line", "account", "origin").agg(
            nw.col("amount_ore").sum().alias("amount")
        )
    )
    outcome = grouped.filter(pl.col("kind") == "outcome", pl.col("period") <= str(scope.period))
    months = _unbroken(set(outcome["period"]), scope.period, first)
    forecast_month = str(found.columns["forecast"].months.first)
    relevant = grouped.filter(
        ((pl.col("kind") == "outcome") & pl.col("period").is_in(months.months))
        | (pl.col("kind") == "budget")
        | ((pl.col("kind") == "forecast") & (pl.col("period") == forecast_month))
    )
    newest = relevant.sort("period", "base_unit", "report_line")
    centres = dict(newest.select("cost_centre", "base_unit").rows())
    lines = dict(newest.select("account", "report_line").rows())
    centres = {code: centres[code] for code in sorted(centres)}
    both = _from_both(relevant.filter(pl.col("kind") == "outcome"))
    relevant = relevant.with_columns(
        origin=pl.when(pl.col("account").is_in(both)).then(pl.col("origin")).otherwise(pl.lit(""))
    ).with_columns(column=pl.concat_str("account", "origin", separator=" "))
    leaves = {
        column: (account, origin)
        for column, account, origin in relevant.select("column", "account", "origin").unique().sort("column").rows()
    }
    keyed = relevant.rename({"cost_centre": "row"})

    def of(kind: str, names: list[str]) -> NDArray[np.int64]:
        picked = keyed.filter(pl.col("kind") == kind, pl.col("period").is_in(names))
        array: NDArray[np.int64] = dense(picked, rows=list(centres), columns=list(leaves), months=names)
        return array

    cube = Cube(
        measure=MEASURE,
        unit="kr",
        per_unit=ledger.ORE,
        least=float(scope.settings.finder.amount_tkr * 1000),
        organisation=organisation_axis(scope, centres),
        detail=account_axis(scope, [(*leaf, lines[leaf[0]]) for leaf in leaves.values()]),
        months=months,
        values=of("outcome", months.months),
    )
    year = scope.period.full_year.months
    return LedgerCube(
        outcome=cube,
        budget=of("budget", year) if {"budget", "budget_year"} <= found.held else None,
        forecast=of("forecast", [forecast_month])[:, :, 0] if "forecast" in found.held else None,
        past_budget=of("budget", months.months),
    )


def _unbroken(present: set[str], last: Period, first: Period) -> PeriodRange:
    """The months up to the last without one missing."""
    start = last
    while str(start.plus(-1)) in present and start.plus(-1) >= first:
        start = start.plus(-1)
    return PeriodRange(start, last)


def _from_both(outcome: pl.DataFrame) -> list[str]:
    """The accounts whose outcome is both external and internal; the others are not divided."""
    origins = outcome.group_by("account").agg(pl.col("origin").n_unique())
    return sorted(origins.filter(pl.col("origin") > 1)["account"])


def account_axis(scope: Scope, leaves: Sequence[tuple[str, str, str]]) -> Axis:
    """Net → income or cost → staff, operations … → line → account group → account → external or internal.

    ``leaves``: account, origin (empty for an account that is not divided) and line of FR1.
    """
    form, names = scope.reference.report_lines, scope.reference.accounts
    groups = scope.reference.account_group_labels
    whole = Step("", "", form[NET].label.capitalize())
    paths = []
    for account, origin, line in leaves:
        own = form[line]
        path = [whole]
        if line != INCOME:
            path.append(Step("report_line", TOTAL_COST, form[TOTAL_COST].label.capitalize()))
        else:
            path.append(Step("report_line", TOTAL_INCOME, form[TOTAL_INCOME].label.capitalize()))
        if own.parent:
            path.append(Step("report_line", own.parent, form[own.parent].label))
        label = f"{form[own.parent].label}: {own.label}" if own.parent else own.label
        path.append(Step("report_line", line, label))
        group = account[:2]
        path.append(Step("account_group", group, f"{group} {groups.get(group, '')}".strip()))
        path.append(Step("account", account, f"{account} {names.get(account, '')}".strip()))
        if origin:
            path.append(Step("origin", origin, ORIGINS[origin].lower()))
        paths.append(path)
    return Axis.of(paths)
