"""How much figures vary by chance, measured the same way in the demonstration region and in the made one.

Variation of the ledger: of each series, the logarithm of a month's amount over that of the same month a year before, so
season drops out; the median absolute deviation of these, over the root of two because both months vary, as per cent.
Variation of staff: the change of worked årsarbetare in January–February from one year to the next by personnel group,
over the root of the people behind it. Administration 17 is left out: it is calibrated to published figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import polars as pl

from analytics.organisation import Organisation
from analytics.reference import Reference
from analytics.sample.ledger_calibration import UNIT
from analytics.sample.ledger_rows import Posting
from analytics.sample.staff_posts import region_posts
from benchmarks.planted.ground import staff_cells
from benchmarks.planted.scoring import HOURS_PER_YEAR
from benchmarks.planted.staff import MONTHLY_PAY, Staff, rows_of

SEED: Final = 20180331
"""The seed of the demonstration region."""
LEVELS: Final = {
    "administration": ("administration",),
    "base_unit": ("administration", "base_unit"),
    "cost_centre": ("administration", "base_unit", "cost_centre"),
}
TO_SD: Final = 1.4826


def ledger_variation(rows: pl.DataFrame) -> pl.DataFrame:
    """Columns: level, report_line, variation (per cent), series. ``rows``: outcome of the processed ledger."""
    frames = []
    for level, keys in LEVELS.items():
        sums = rows.group_by(*keys, "report_line", "period").agg(pl.col("amount_ore").sum())
        year = pl.col("period").str.head(4).cast(pl.Int32) + 1
        earlier = sums.with_columns(period=pl.concat_str(year.cast(pl.String), pl.col("period").str.slice(4)))
        pairs = sums.join(earlier, on=[*keys, "report_line", "period"], suffix="_earlier").filter(
            pl.col("amount_ore") != 0, pl.col("amount_ore_earlier") != 0
        )
        ratio = (pl.col("amount_ore").abs() / pl.col("amount_ore_earlier").abs()).log()
        changes = pairs.with_columns(ratio=ratio)
        spread = (pl.col("ratio") - pl.col("ratio").median()).abs().median() * TO_SD / np.sqrt(2) * 100
        frames.append(
            changes.group_by("report_line").agg(
                pl.lit(level).alias("level"), spread.alias("variation"), pl.len().alias("series")
            )
        )
    return pl.concat(frames).select("level", "report_line", "variation", "series").sort("level", "report_line")


def staff_variation(staff: Iterable[Staff]) -> float:
    """Standard deviation of the change of worked årsarbetare from year to year, over the root of the people."""
    changes: list[float] = []
    for each in staff:
        cells = staff_cells(each)
        keys = ["administration", "cost_centre", "personnel_group"]

        def fte(year: int, cells: pl.DataFrame = cells, keys: list[str] = keys) -> pl.DataFrame:
            months = [f"{year}-01", f"{year}-02"]
            worked = cells.filter(pl.col("family") == "worked", pl.col("period").is_in(months))
            return worked.group_by(keys).agg(pl.col("hours").sum() / 100 / (HOURS_PER_YEAR / 12) / 2)

        people = cells.filter(pl.col("family") == "headcount", pl.col("period") == "2018-01")
        both = (
            fte(2018)
            .join(fte(2017), on=keys, suffix="_earlier")
            .join(people.select(*keys, people=pl.col("hours") / 100), on=keys)
        )
        change = (pl.col("hours") - pl.col("hours_earlier")) / pl.col("people").sqrt()
        changes += both.filter(pl.col("people") > 4).select(change).to_series().to_list()
    return float(np.std(changes))


def postings_frame(postings: Iterable[Posting], reference: Reference) -> pl.DataFrame:
    """Postings of the demonstration region as :func:`ledger_variation` wants them, without unit 17 and projects."""
    rows = [
        (
            each.centre.administration,
            each.centre.base_unit,
            each.centre.code,
            reference.report_line_of(each.account),
            each.account,
            f"{each.year}-{min(each.month, 12):02d}",
            each.ore,
        )
        for each in postings
        if each.centre.administration != UNIT and each.month and not each.project
    ]
    names = ("administration", "base_unit", "cost_centre", "report_line", "account", "period", "amount_ore")
    return pl.DataFrame(rows, schema=names, orient="row")


def region_staff(reference: Reference, organisation: Organisation) -> Staff:
    """The people of the demonstration region, without unit 17, second employments, and groups that have no pay here."""
    rng = np.random.default_rng([SEED, 1_997, 1_000])
    posts = region_posts(reference=reference, organisation=organisation, rng=rng)
    known = pl.col("personnel_group").is_in(list(MONTHLY_PAY))
    return rows_of(posts.filter("is_main", known), rng)


def table(region: pl.DataFrame, made: pl.DataFrame) -> list[str]:
    """Rows of a Markdown table: variation per report line and level, region / made, per cent."""
    both = region.join(made, on=["level", "report_line"], suffix="_made").sort("report_line")
    lines = ["| report line | " + " | ".join(LEVELS) + " |", "|---|" + "---|" * len(LEVELS)]
    for line in both.get_column("report_line").unique(maintain_order=True):
        cells = []
        for level in LEVELS:
            here = both.filter(pl.col("level") == level, pl.col("report_line") == line)
            cells.append(f"{here['variation'][0]:.1f} / {here['variation_made'][0]:.1f}" if here.height else "–")
        lines.append(f"| {line} | {' | '.join(cells)} |")
    return lines
