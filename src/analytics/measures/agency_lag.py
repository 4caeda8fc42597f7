"""Agency staff corrected for invoices that have not come yet, by how late they came in earlier months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from analytics import swedish
from analytics.measures.agency import STATEMENT
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.comparisons import Printed, finish
from analytics.measures.scope import Data, Scope, Slices, incomplete, lazy
from analytics.periods import Period

TABLE = "agency_lag_fte"
LEAST_MONTHS = 6
"""Fewer earlier months than this, and no correction is made."""


@dataclass(frozen=True, slots=True)
class Completeness:
    """What share of a month's final hours was known some days after it ended: all months, lowest and highest month."""

    mean: float
    lowest: float
    highest: float
    months: int


_HOURS = ("hours", "hours_then")
FINAL = Completeness(1.0, 1.0, 1.0, 0)


def _known(rows: pl.DataFrame, until: pl.Expr) -> pl.DataFrame:
    """Hours per worked month as they stood when only the invoices up to a day had come."""
    seen = rows.filter(pl.col("invoice_date") <= until)
    latest = seen.filter(pl.col("version") == pl.col("version").max().over(STATEMENT))
    return latest.group_by("period").agg(pl.col("hours").sum())


def completeness(rows: pl.DataFrame, *, final: list[str], days: int) -> Completeness | None:
    """How complete the months of ``final`` were ``days`` after their end; None if they are too few to tell.

    Formula: hours known then / hours known now, summed over the months. A later version may also lower the hours, so
    a share can be above 1. Columns of ``rows``: STATEMENT, period, hours, invoice_date, version.
    """
    of_final = rows.filter(pl.col("period").is_in(final))
    cutoffs = {month: Period.parse(month).last_day + timedelta(days=days) for month in final}
    then = _known(of_final, pl.col("period").replace_strict(cutoffs, return_dtype=pl.Date))
    now = _known(of_final, pl.col("invoice_date").max())
    pairs = now.join(then, on="period", how="left", suffix="_then").filter(pl.col("hours") > 0)
    hours: list[tuple[float, float]] = [(now or 0.0, then or 0.0) for now, then in pairs.select(*_HOURS).rows()]
    shares = [then / now for now, then in hours]
    if len(shares) < LEAST_MONTHS or min(shares) <= 0:
        return None
    mean = sum(then for _, then in hours) / sum(now for now, _ in hours)
    return Completeness(mean, min(shares), max(shares), len(shares))


def agency_lag_fte(data: Data, scope: Scope) -> MeasureTable:
    """Invoiced årsarbetare of agency staff per month, and what the month is likely to end at.

    Formula: likely = invoiced so far / the share of the final hours that was known equally many days after earlier
    months (:func:`completeness`); lowest and highest by the earlier month that was most and least complete. Earlier
    months are those that ended at least ``[staff] agency_final_after_days`` before the latest invoice; a month that
    old is taken as it is. The total is the mean of the months. The whole region, the same for every unit. Columns:
    period, row_type, column, value (årsarbetare; null where earlier months are too few). Raises MissingDataError if a
    month of the range has no rows. Source: 002:82-88.
    """
    slices = Slices({"current": scope.staff_range})
    incomplete(lazy(data.agency), slices=slices, required=frozenset({"current"}), table="agency", unit=None)
    rows = data.agency.select(*STATEMENT, "period", "hours", "invoice_date", "version").collect()
    reached: date = rows.select(pl.col("invoice_date").max()).item()
    oldest = reached - timedelta(days=scope.settings.staff.agency_final_after_days)
    final = [month for month in sorted(set(rows["period"].to_list())) if Period.parse(month).last_day <= oldest]
    hours: dict[str, float] = dict(_known(rows, pl.col("invoice_date").max()).rows())
    shares = {
        month: FINAL
        if month in final
        else completeness(rows, final=final, days=(reached - Period.parse(month).last_day).days)
        for month in scope.staff_range.months
    }
    per_month = scope.settings.staff.hours_per_year / 12
    records: list[tuple[str, str, str, float | None]] = []
    for month, share in shares.items():
        known = hours[month] / per_month
        records.append((month, "row", "known", known))
        for column, divisor in _divisors(share).items():
            records.append((month, "row", column, None if divisor is None else known / divisor))
    for column in TABLES[TABLE].labels:
        values = [value for _, _, each, value in records if each == column]
        whole = sum(value for value in values if value is not None) / len(values)
        records.append(("", "total", column, None if None in values else whole))
    spec = TABLES[TABLE]
    frame = pl.DataFrame(records, schema={**dict.fromkeys(spec.keys, pl.String), "value": pl.Float64}, orient="row")
    return finish(
        frame,
        spec=spec,
        order={"column": tuple(spec.labels)},
        printed=Printed(spec.labels, scope.staff_range.label, _notes(shares, reached)),
    )


def _divisors(share: Completeness | None) -> dict[str, float | None]:
    if share is None:
        return {"likely": None, "lowest": None, "highest": None}
    return {"likely": share.mean, "lowest": share.highest, "highest": share.lowest}


def _notes(shares: dict[str, Completeness | None], reached: date) -> list[str]:
    notes = [f"Hela regionen. Senaste fakturadatum i underlaget är {reached.isoformat()}."]
    for month, share in shares.items():
        label = Period.parse(month).label
        if share is None:
            notes.append(f"{label.capitalize()}: de tidigare månaderna är för få för en beräkning.")
        elif share.months:
            known = swedish.percent(share.mean * 100, 1)
            notes.append(
                f"{label.capitalize()}: lika långt efter månadens slut var i genomsnitt {known} av timmarna kända, "
                f"prövat på {share.months} tidigare månader."
            )
        else:
            notes.append(f"{label.capitalize()} är så gammal att fakturorna räknas som kompletta.")
    return [*notes, "Summan är genomsnittet av månaderna, även för lägsta och högsta."]
