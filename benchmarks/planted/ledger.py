"""The ledger of the made region: amounts per account, month and cost centre, and the postings they are made of.

Noise as in the demonstration region (``likeness`` measures both): an account of an administration varies by ±5 % from
month to month, and by ±50 % in how it falls on the cost centres; small accounts fall on a few of them at random.
Budgets miss by ±3 % per account. Two things differ on purpose: budgets are not 1,5 % too low on average and stand on
the cost centre where the cost is, for a budget that is wrong everywhere is itself a deviation; and a forecast is the
budget of the year and what has deviated so far, but for lines where it is the budget alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.processed import schema_of
from analytics.sample.ledger_region import COST_GROWTH
from analytics.sample.ledger_rows import CLOSING_SHARE, EXTERNAL_PARTIES, LATE_SHARE
from benchmarks.planted.staff import PAY_SHARE, pay_of
from benchmarks.planted.world import (
    BUDGET_YEARS,
    CENTRES,
    CENTRES_OF,
    LAST_YEAR_ENDS,
    MONTHS,
    PLACES,
    REPORT,
    YEAR,
    Floats,
    Leaf,
    season,
)

ACCOUNT_NOISE: Final = 0.05
CENTRE_NOISE: Final = 0.5
BUDGET_NOISE: Final = 0.03
KR_OF_A_CENTRE: Final = 20_000
"""An account falls on one cost centre more for every so many kr of a month."""
LEAST_SPLIT: Final = 500
EVEN: Final = np.sqrt(1 / 3)
"""Standard deviation of an even spread of ±1."""
USUAL_ACCOUNT: Final = ACCOUNT_NOISE * EVEN
USUAL_CENTRE: Final = CENTRE_NOISE * EVEN
USUAL_BUDGET: Final = BUDGET_NOISE * EVEN


@dataclass(frozen=True, slots=True)
class Timing:
    """Postings of some cells of one month that came otherwise: ``missing``, ``doubled``, or in another month."""

    leaf: int
    centres: tuple[int, ...]
    month: int
    to: int | None
    """Position of the month they came in; None for not at all; the month itself for twice in it."""


@dataclass(slots=True)
class Ledger:
    """Amounts in kr by leaf, month and cost centre, open for planting; costs positive, income negative.

    ``usual`` is what is expected of a month without noise; ``outcome`` what is posted; ``budget`` has the twelve months
    of each budget year; ``plan`` the same before anything was planted in it.
    """

    leaves: Sequence[Leaf]
    usual: Floats
    outcome: Floats
    budget: Floats
    plan: Floats
    seasonal: bool
    pay_share: Floats
    """Kr posted per kr of pay, by leaf, month and cost centre; 0 for accounts that do not follow the people."""
    timings: list[Timing]
    one_offs: list[tuple[int, int, int, float]]
    foreseen: list[tuple[int, int, float]]
    """What the unit foresees besides: leaf, cost centre, kr of the year."""
    as_budgeted: set[int] = field(default_factory=set)
    """Leaves whose forecast is the budget of the year, whatever has come so far."""


def make_ledger(leaves: Sequence[Leaf], posts: pl.DataFrame, rng: np.random.Generator, *, seasonal: bool) -> Ledger:
    """A ledger without deviations. ``posts``: what pay follows; ``seasonal``: how budgets are spread."""
    years = np.array([month.year for month in MONTHS])
    in_year = np.array([month.month - 1 for month in MONTHS])
    growth = COST_GROWTH ** (years - BUDGET_YEARS[0])
    weights = {place.code: rng.uniform(0.6, 1.4, CENTRES) for place in PLACES}
    pay = {place.code: pay_of(posts, place.code) for place in PLACES}
    size = (len(leaves), len(MONTHS), CENTRES)
    usual, share, level = np.zeros(size), np.zeros(size), np.zeros((len(leaves), len(BUDGET_YEARS), CENTRES))
    for row, leaf in enumerate(leaves):
        place = next(place for place in PLACES if place.code == leaf.administration)
        spread = weights[leaf.administration] / weights[leaf.administration].sum()
        year_growth = COST_GROWTH ** np.arange(len(BUDGET_YEARS))
        if leaf.is_pay:
            per_krona = leaf.level * YEAR / (place.million * 1e6 * PAY_SHARE)
            share[row] = (per_krona * season(leaf.account)[in_year])[:, None]
            usual[row] = share[row] * pay[leaf.administration]
            level[row] = per_krona * pay[leaf.administration][::YEAR][: len(BUDGET_YEARS)]
        else:
            usual[row] = leaf.level * (growth * season(leaf.account)[in_year])[:, None] * spread
            level[row] = leaf.level * year_growth[:, None] * spread
    factor = _noise(usual, rng, always=np.array([leaf.account.startswith("4") for leaf in leaves]))
    budget = _budget(leaves, level, rng, seasonal=seasonal)
    return Ledger(leaves, usual, usual * factor, budget, budget.copy(), seasonal, share * factor, [], [], [])


def _noise(usual: Floats, rng: np.random.Generator, *, always: npt.NDArray[np.bool_]) -> Floats:
    """Outcome over usual per cell: the account's month, and how it falls on cost centres within it."""
    months = rng.uniform(1 - ACCOUNT_NOISE, 1 + ACCOUNT_NOISE, usual.shape[:2])
    total = np.abs(usual.sum(axis=2) * months)
    factors = rng.uniform(1 - CENTRE_NOISE, 1 + CENTRE_NOISE, usual.shape)
    chosen = np.argsort(np.argsort(rng.random(usual.shape), axis=2), axis=2) < 1 + total[:, :, None] // KR_OF_A_CENTRE
    chosen |= always[:, None, None]
    weighted = np.abs(usual) * factors * chosen
    sums = weighted.sum(axis=2, keepdims=True)
    spread = np.divide(weighted, sums, out=np.zeros_like(weighted), where=sums > 0) * total[:, :, None]
    factor: Floats = np.divide(spread, np.abs(usual), out=np.zeros_like(spread), where=usual != 0)
    return factor


def _budget(leaves: Sequence[Leaf], level: Floats, rng: np.random.Generator, *, seasonal: bool) -> Floats:
    misses = rng.uniform(1 - BUDGET_NOISE, 1 + BUDGET_NOISE, level.shape[:2])
    monthly = level * misses[:, :, None]
    shape = np.stack([season(leaf.account) if seasonal else np.ones(YEAR) for leaf in leaves])
    return (monthly[:, :, None, :] * shape[:, None, :, None]).reshape(len(leaves), -1, CENTRES)


def usual_deviation(
    ledger: Ledger, leaves: Sequence[int], centres: Sequence[int], months: Sequence[int], *, of_budget: bool = False
) -> float:
    """Standard deviation in kr of the sum of some cells over some months, by chance alone.

    That of the quieter of two series: the cells themselves, or the accounts on all cost centres (how an account falls
    on cost centres is noisier than the account). ``of_budget``: of what shows against the budget alone, so its miss,
    the same in all months, is added.
    """
    amounts = np.abs(ledger.usual[np.ix_(leaves, months)])
    whole = amounts.sum(axis=2)
    inside = amounts[:, :, list(centres)]
    across = USUAL_CENTRE * np.sqrt((inside**2).sum(axis=2) * (1 - inside.sum(axis=2) / np.maximum(whole, 1e-9)))
    narrow = np.sqrt((across**2 + (USUAL_ACCOUNT * inside.sum(axis=2)) ** 2).sum())
    wide = np.sqrt(((USUAL_ACCOUNT * whole) ** 2).sum())
    missed = np.sqrt(((USUAL_BUDGET * inside.sum(axis=(1, 2))) ** 2).sum()) if of_budget else 0.0
    return float(np.hypot(min(narrow, wide), missed))


def frame_of(ledger: Ledger, rng: np.random.Generator) -> pl.DataFrame:
    """The processed table of outcome, budgets and forecasts."""
    leaf, month, centre, ore = _postings(ledger, rng)
    months = np.array(MONTHS.months)
    frames = [_rows(ledger.leaves, leaf, centre, months[month], ore, "outcome", rng, pieces=True)]
    every = np.array([f"{year}-{month:02d}" for year in BUDGET_YEARS for month in range(1, YEAR + 1)])
    amounts = np.rint(ledger.budget * 100).astype(np.int64)
    where = np.nonzero(amounts)
    frames.append(_rows(ledger.leaves, where[0], where[2], every[where[1]], amounts[where], "budget", rng))
    forecast = np.rint(forecast_of(ledger) / 1000).astype(np.int64) * 100_000
    at = np.nonzero(forecast)
    frames.append(_rows(ledger.leaves, at[0], at[1], np.full(len(at[0]), str(REPORT)), forecast[at], "forecast", rng))
    return pl.concat(frames)


def forecast_of(ledger: Ledger) -> Floats:
    """The unit's own forecast by leaf and cost centre: its plan, what has deviated so far, and what it foresees."""
    plan = ledger.plan[:, -YEAR:]
    shape = np.stack([season(leaf.account) for leaf in ledger.leaves])
    so_far = len(MONTHS) - LAST_YEAR_ENDS
    expected = plan.sum(axis=1) * (shape[:, :so_far].sum(axis=1) / YEAR)[:, None]
    posted = ledger.outcome[:, LAST_YEAR_ENDS:].sum(axis=1)
    for leaf, month, centre, kr in ledger.one_offs:
        if month >= LAST_YEAR_ENDS:
            posted[leaf, centre] += kr
    for timing in ledger.timings:
        amounts = ledger.outcome[timing.leaf, timing.month, list(timing.centres)]
        if timing.month >= LAST_YEAR_ENDS and timing.to != timing.month:
            posted[timing.leaf, list(timing.centres)] -= amounts
        if timing.to is not None and timing.to >= LAST_YEAR_ENDS:
            posted[timing.leaf, list(timing.centres)] += amounts
    forecast: Floats = plan.sum(axis=1) + posted - expected
    for leaf, centre, kr in ledger.foreseen:
        forecast[leaf, centre] += kr
    for leaf in ledger.as_budgeted:
        forecast[leaf] = ledger.budget[leaf, -YEAR:].sum(axis=0)
    return forecast


Positions = npt.NDArray[np.int64]


def _postings(ledger: Ledger, rng: np.random.Generator) -> tuple[Positions, Positions, Positions, Positions]:
    """Leaf, month, cost centre and öre of every posting, in cell order, with timings and one-offs done."""
    cells = np.rint(ledger.outcome * 100).astype(np.int64)
    leaf, month, centre = (axis.astype(np.int64) for axis in np.nonzero(cells))
    amount = cells[leaf, month, centre]
    pay = np.array([each.account.startswith("4") for each in ledger.leaves])[leaf]
    pieces = np.where(pay | (np.abs(amount) < LEAST_SPLIT * 100), 1, rng.choice((1, 1, 2, 3), len(leaf)))
    draws = rng.uniform(0.3, 1.7, (len(leaf), 3)) * (np.arange(3) < pieces[:, None])
    parts = np.rint(amount[:, None] * draws / draws.sum(axis=1, keepdims=True)).astype(np.int64)
    parts[:, 0] += amount - parts.sum(axis=1)
    keep = (np.arange(3) < pieces[:, None]) & (parts != 0)
    row, column = np.nonzero(keep)
    leaf, month, centre, ore = leaf[row], month[row], centre[row], parts[row, column]
    for timing in ledger.timings:
        hit = (leaf == timing.leaf) & (month == timing.month) & np.isin(centre, timing.centres)
        if timing.to is None:
            leaf, month, centre, ore = leaf[~hit], month[~hit], centre[~hit], ore[~hit]
        elif timing.to == timing.month:
            again = np.concatenate([np.arange(len(leaf)), np.nonzero(hit)[0]])
            leaf, month, centre, ore = leaf[again], month[again], centre[again], ore[again]
        else:
            month = np.where(hit, timing.to, month)
    extra = np.array([(a, b, c, round(kr * 100)) for a, b, c, kr in ledger.one_offs], dtype=np.int64).reshape(-1, 4)
    return (
        np.concatenate([leaf, extra[:, 0]]),
        np.concatenate([month, extra[:, 1]]),
        np.concatenate([centre, extra[:, 2]]),
        np.concatenate([ore, extra[:, 3]]),
    )


def _rows(  # noqa: PLR0913, PLR0917 - the fields of a posting
    leaves: Sequence[Leaf],
    leaf: npt.NDArray[np.intp] | Positions,
    centre: npt.NDArray[np.intp] | Positions,
    months: npt.NDArray[np.str_],
    ore: Positions,
    kind: str,
    rng: np.random.Generator,
    *,
    pieces: bool = False,
) -> pl.DataFrame:
    """Rows of the processed table; ``pieces``: single postings with parties, activities and dates."""
    count = len(ore)
    month = pl.Series(months.astype(object), dtype=pl.String)
    about = pl.DataFrame(
        {
            "administration": [each.administration for each in leaves],
            "account": [each.account for each in leaves],
            "report_line": [each.line for each in leaves],
            "origin": [{"E": "external", "I": "internal"}[each.origin] for each in leaves],
        }
    )
    frame = about[leaf.astype(np.int64)]
    places = pl.DataFrame(
        [
            (place.code, number, base_unit, code)
            for place in PLACES
            for number, (base_unit, code) in enumerate(CENTRES_OF[place.code])
        ],
        schema={"administration": pl.String, "at": pl.Int64, "base_unit": pl.String, "cost_centre": pl.String},
        orient="row",
    )
    frame = frame.with_columns(at=pl.Series(centre.astype(np.int64)), period=month, amount_ore=pl.Series(ore)).join(
        places, on=["administration", "at"], how="left", maintain_order="left"
    )
    party = rng.integers(0, len(EXTERNAL_PARTIES), count) if pieces else np.zeros(count, dtype=np.int64)
    activity = rng.integers(0, 5, count) if pieces else np.zeros(count, dtype=np.int64)
    closing = (rng.random(count) < CLOSING_SHARE) if pieces else np.zeros(count, dtype=np.bool_)
    day = rng.integers(0, 28, count)
    wait = np.where(rng.random(count) < LATE_SHARE, 28, rng.integers(0, 3, count))
    internal = pl.col("origin") == "internal"
    in_closing = pl.Series(closing) & month.str.ends_with("-12")
    first = pl.concat_str("period", pl.lit("-01")).str.to_date("%Y-%m-%d")
    delivery = month.str.head(4) + "-01" if kind == "budget" else month
    made = frame.with_columns(day=pl.Series(day), wait=pl.Series(wait)).with_columns(
        delivery=delivery,
        kind=pl.lit(kind),
        period_kind=pl.when(in_closing).then(pl.lit("closing")).otherwise(pl.lit("month")),
        is_project=pl.lit(value=False),
        account_class=pl.col("account").str.head(1),
        account_group=pl.col("account").str.head(2),
        counterparty=pl.when(internal).then(pl.lit("I18")).otherwise(pl.Series(np.array(EXTERNAL_PARTIES)[party])),
        project=pl.lit(None, dtype=pl.String),
        activity=pl.Series(np.array(["", "", "", "100", "210"])[activity]).replace("", None),
        posting_date=first + pl.duration(days=pl.col("day")),
        registration_date=first + pl.duration(days=pl.col("day") + pl.col("wait")),
    )
    return made.select(pl.col(name).cast(kind) for name, kind in schema_of("ledger").items())
