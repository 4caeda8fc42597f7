"""Staff, time and absence extracts (P1–P3) of the demonstration region, January 2016 to February 2018.

Administration 17 is calibrated to published figures (`staff_stab_posts`, `staff_stab_rows`); the other administrations
are only plausible. Nothing here describes a real person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from analytics.organisation import Organisation
from analytics.periods import Period
from analytics.progress import Progress
from analytics.reference import Reference
from analytics.sample.files import write_semicolon
from analytics.sample.staff_absence import long_rows, long_spells, short_rows, within_schedule
from analytics.sample.staff_calendar import STAFF_RANGE
from analytics.sample.staff_cells import (
    ABSENCE_HEADER,
    STOCK_HEADER,
    TIME_HEADER,
    absence_cells,
    stock_cells,
    time_cells,
)
from analytics.sample.staff_keys import employee_numbers, identity_numbers
from analytics.sample.staff_posts import region_posts
from analytics.sample.staff_published import read_published
from analytics.sample.staff_stab_rows import StabStaff, stab_staff
from analytics.sample.staff_time import posts_of, time_of
from analytics.settings import Settings

FOLDER = "heroma"
CORRECTED_SHARE = 0.012
"""Share of the time rows that are first reported too high and taken down one or two months later."""
DELIVERED_AGAIN = Period(2017, 11)
_STREAM = 1_997
"""Keeps the random numbers of staff apart from those of the ledger with the same seed."""


@dataclass(frozen=True)
class Staff:
    """Everything the months are made from. Rows of ``stab`` replace drawn rows in its calibrated months."""

    posts: pl.DataFrame
    long_spells: pl.DataFrame
    stab: StabStaff


def write_staff(  # noqa: PLR0913
    out: Path,
    *,
    settings: Settings,
    reference: Reference,
    organisation: Organisation,
    scale: int,
    seed: int,
    progress: Progress,
) -> None:
    """Write ``heroma/heroma_{anstallning,tid,franvaro}_ÅÅÅÅMM.csv`` below ``out``.

    Args:
        out: Folder of the raw extracts.
        settings: For the published figures and the hours of a full-time equivalent.
        reference: Personnel groups with their AID labels.
        organisation: Cost centres of all administrations.
        scale: Number of copies of the whole staff, each with keys of its own.
        seed: The same seed gives the same files.
        progress: One step per month.

    Raises:
        SettingsError: The published figures are missing or cannot be reached.
    """
    staff = make_staff(settings=settings, reference=reference, organisation=organisation, seed=seed)
    writer = _Writer(out / FOLDER, staff.posts, scale)
    pending: dict[Period, list[pl.DataFrame]] = {}
    progress.start(len(STAFF_RANGE), "Personal, tid och frånvaro")
    for step, period in enumerate(STAFF_RANGE):
        rng = np.random.default_rng([seed, _STREAM, step])
        valid = posts_of(staff.posts, period).sort("person", "cost_centre", "start")
        writer.stock(period, valid)
        time = _month_time(staff, valid, period, rng)
        reported, corrections = _first_reported(time, period, rng)
        for later, rows in corrections.items():
            pending.setdefault(later, []).append(rows)
        writer.time(period, pl.concat([reported, *pending.pop(period, [])]), rng)
        writer.absence(period, _month_absence(staff, valid, period, rng))
        progress.step(period.label)


def make_staff(*, settings: Settings, reference: Reference, organisation: Organisation, seed: int) -> Staff:
    """All employments and long spells of the region. Raises SettingsError as `write_staff`."""
    stab = stab_staff(
        read_published(settings.paths.published),
        reference=reference,
        organisation=organisation,
        hours_per_year=settings.staff.hours_per_year,
        rng=np.random.default_rng([seed, _STREAM, 1_017]),
    )
    rng = np.random.default_rng([seed, _STREAM, 1_000])
    others = region_posts(reference=reference, organisation=organisation, rng=rng)
    return Staff(
        posts=pl.concat([stab.posts, others]),
        long_spells=pl.concat([stab.long_spells, long_spells(others, rng)]),
        stab=stab,
    )


def _month_time(staff: Staff, valid: pl.DataFrame, period: Period, rng: np.random.Generator) -> pl.DataFrame:
    if period not in staff.stab.time:
        return time_of(valid, period, rng)
    return pl.concat([staff.stab.time[period], time_of(valid.filter(~pl.col("calibrated")), period, rng)])


def _month_absence(staff: Staff, valid: pl.DataFrame, period: Period, rng: np.random.Generator) -> pl.DataFrame:
    drawn = valid.filter(~pl.col("calibrated")) if period in staff.stab.absence else valid
    present = drawn.filter(pl.col("is_main")).select("person")
    long = staff.long_spells.join(present, on="person", how="semi", maintain_order="left")
    rows = within_schedule(pl.concat([long_rows(long, drawn, period), short_rows(drawn, period, rng)]), drawn)
    return pl.concat([staff.stab.absence[period], rows]) if period in staff.stab.absence else rows


def _first_reported(
    time: pl.DataFrame, period: Period, rng: np.random.Generator
) -> tuple[pl.DataFrame, dict[Period, pl.DataFrame]]:
    """What the month's own delivery says, and the negative rows that later deliveries bring; their sum is right."""
    rows = time.with_columns(period=pl.lit(period.compact))
    draw = pl.Series(rng.random(rows.height))
    too_much = pl.Series(rng.integers(2, 33, rows.height) / 4)
    marked = rows.with_columns(draw=draw, too_much=too_much).with_columns(
        wrong=(pl.col("draw") < CORRECTED_SHARE) & (pl.col("hours") >= 20)
    )
    columns = ["person", "period", "cost_centre", "time_type", "hours"]
    corrections = {}
    last_lag = min(2, len(STAFF_RANGE) - 1 - list(STAFF_RANGE).index(period))
    if last_lag == 0:
        return rows.select(columns), {}
    for lag in range(1, last_lag + 1):
        late = pl.col("draw") < CORRECTED_SHARE / 3
        when = late if lag == 2 else ~late | (last_lag == 1)
        chosen = marked.filter(pl.col("wrong") & when)
        corrections[period.plus(lag)] = chosen.with_columns(hours=-pl.col("too_much")).select(columns)
    high = pl.when(pl.col("wrong")).then(pl.col("hours") + pl.col("too_much")).otherwise(pl.col("hours"))
    return marked.with_columns(hours=high).select(columns), corrections


class _Writer:
    """Writes one month's files for all copies of the region, one copy at a time."""

    def __init__(self, folder: Path, posts: pl.DataFrame, scale: int) -> None:
        self._folder = folder
        self._scale = scale
        persons = posts.select("person", "sex", "birth_year").unique("person", maintain_order=True).sort("person")
        same = ["sex", "birth_year"]
        self._persons = persons.with_columns(
            running=pl.int_range(pl.len()).over(same), alike=pl.len().over(same).cast(pl.Int64)
        )

    def stock(self, period: Period, valid: pl.DataFrame) -> None:
        cells = stock_cells(valid, period).join(self._persons, on="person", maintain_order="left", suffix="_true")
        self._write(f"heroma_anstallning_{period.compact}.csv", "Anställningar", STOCK_HEADER, cells, with_pnr=True)

    def time(self, period: Period, rows: pl.DataFrame, rng: np.random.Generator) -> None:
        ordered = rows.sort("person", "period", "cost_centre", "time_type", maintain_order=True)
        name = f"heroma_tid_{period.compact}"
        if period == DELIVERED_AGAIN:
            # The first delivery was wrong for some; the declared re-delivery replaces the month as a whole.
            slip = pl.Series(np.where(rng.random(ordered.height) < 0.02, 1.5, 0.0))
            first = time_cells(ordered.with_columns(hours=pl.col("hours") + slip), period)
            self._write(f"{name}.csv", "Tidredovisning", TIME_HEADER, first)
            name += "_v2"
        self._write(f"{name}.csv", "Tidredovisning", TIME_HEADER, time_cells(ordered, period))

    def absence(self, period: Period, rows: pl.DataFrame) -> None:
        ordered = rows.sort("person", "start", "absence_group", maintain_order=True)
        cells = absence_cells(ordered, period)
        self._write(f"heroma_franvaro_{period.compact}.csv", "Frånvaro", ABSENCE_HEADER, cells)

    def _write(
        self, name: str, title: str, header: tuple[str, ...], cells: pl.DataFrame, *, with_pnr: bool = False
    ) -> None:
        rows = self._copies(cells, len(header), with_pnr=with_pnr)
        write_semicolon(self._folder / name, title=title, header=header, rows=rows)

    def _copies(self, cells: pl.DataFrame, width: int, *, with_pnr: bool) -> Iterator[tuple[str, ...]]:
        person = cells["person"]
        body = cells.select(cells.columns[: width - 1 - with_pnr])
        for copy in range(self._scale):
            keys = [employee_numbers(person, copy=copy).alias("employee")]
            if with_pnr:
                numbers = identity_numbers(
                    cells["birth_year_true"].to_numpy(),
                    (cells["sex_true"] == "K").to_numpy(),
                    (cells["running"] + copy * cells["alike"]).to_numpy(),
                )
                keys.append(numbers.alias("identity"))
            yield from pl.DataFrame([*keys, *body.get_columns()]).iter_rows()
