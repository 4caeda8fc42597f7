"""Agency staff corrected for invoices that have not come yet, by how late they came in earlier months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from analytics import swedish
from analytics.measures.agency import STATEMENT
from analytics.measures.catalogue import SERIES, TABLES, MeasureTable
from analytics.measures.comparisons import Printed, finish
from analytics.measures.scope import Data, Scope, Slices, collect, incomplete, lazy
from analytics.periods import Period, PeriodRange, day_label

TABLE = "agency_lag_fte"
MONTHLY = "agency_fte_monthly"
CORRECTED = "Beräknat slutligt är rättat för fakturor som inte har kommit; äldre månader är desamma som de fakturerade."
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
    # In the order of the rows: sums of floats depend on it.
    return latest.group_by("period", maintain_order=True).agg(pl.col("hours").sum())


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
    state = state_of(data, scope)
    shares = {month: state.share(month) for month in scope.staff_range.months}
    records: list[tuple[str, str, str, float | None]] = []
    for month, share in shares.items():
        known = state.fte(month, scope)
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
        printed=Printed(spec.labels, scope.staff_range.label, _notes(shares, state.reached)),
    )


def agency_fte_monthly(data: Data, scope: Scope) -> MeasureTable:
    """Årsarbetare of agency staff from January up to each month, since January two years before the report year.

    Accumulated, as the published figure is: hours belong to whole weeks, so a single month of five weeks stands higher
    than one of four. Columns: period, series (invoiced; likely: the year that the report's staff figures are of,
    corrected as in :func:`agency_lag_fte`), value (årsarbetare; null if a month of the year so far has no rows, or
    earlier months are too few for a correction). The whole region, the same for every unit. Raises MissingDataError as
    that one. Source: 002:82-88.
    """
    slices = Slices({"current": scope.staff_range})
    incomplete(lazy(data.agency), slices=slices, required=frozenset({"current"}), table="agency", unit=None)
    state, last = state_of(data, scope), scope.staff_range.last
    known = {month: state.fte(month, scope) for month in state.hours}
    divisors = {month: state.share(month) for month in scope.staff_range.months}
    likely = {month: known[month] / share.mean for month, share in divisors.items() if share is not None}
    records: list[tuple[str, str, float | None]] = []
    for month in PeriodRange(min(scope.first_month, last), last):
        records.append((str(month), "invoiced", _mean(known, month)))
        if month.year == last.year:
            records.append((str(month), "likely", _mean(likely, month)))
    spec = TABLES[MONTHLY]
    first = min((month for month, _, value in records if value is not None), default=str(last))
    return finish(
        pl.DataFrame(records, schema={**dict.fromkeys(spec.keys, pl.String), "value": pl.Float64}, orient="row"),
        spec=spec,
        order={"series": tuple(SERIES)},
        printed=Printed(SERIES, PeriodRange(Period.parse(first), last).label, [_reached(state.reached), CORRECTED]),
    )


def _mean(of_months: Mapping[str, float], last: Period) -> float | None:
    """The mean of the months from January to one of them; None if one is missing."""
    months = last.accumulated.months
    if any(month not in of_months for month in months):
        return None
    return sum(of_months[month] for month in months) / len(months)


@dataclass(frozen=True, slots=True)
class State:
    """What is invoiced so far: hours per month, the months taken as final, and the day of the latest invoice.

    ``rows`` has STATEMENT, period, hours, invoice_date and version.
    """

    rows: pl.DataFrame
    hours: dict[str, float]
    final: list[str]
    reached: date

    def fte(self, month: str, scope: Scope) -> float:
        return self.hours[month] / (scope.settings.staff.hours_per_year / 12)

    def share(self, month: str) -> Completeness | None:
        """How complete a month is likely to be by now; None where earlier months are too few to tell."""
        if month in self.final:
            return FINAL
        days = (self.reached - Period.parse(month).last_day).days
        return completeness(self.rows, final=self.final, days=days)


def state_of(data: Data, scope: Scope) -> State:
    """All statements of the data, and how far the invoices have come. Rows are in a fixed order."""
    rows = collect(lazy(data.agency).select(*STATEMENT, "period", "hours", "invoice_date", "version")).sort(pl.all())
    reached: date = rows.select(pl.col("invoice_date").max()).item()
    oldest = reached - timedelta(days=scope.settings.staff.agency_final_after_days)
    final = [month for month in sorted(set(rows["period"].to_list())) if Period.parse(month).last_day <= oldest]
    return State(rows, dict(_known(rows, pl.col("invoice_date").max()).rows()), final, reached)


def _divisors(share: Completeness | None) -> dict[str, float | None]:
    if share is None:
        return {"likely": None, "lowest": None, "highest": None}
    return {"likely": share.mean, "lowest": share.highest, "highest": share.lowest}


def _notes(shares: dict[str, Completeness | None], reached: date) -> list[str]:
    notes = [_reached(reached)]
    old = [Period.parse(month) for month, share in shares.items() if share is FINAL]
    if old:
        months = PeriodRange(old[0], old[-1]).label.capitalize()
        notes.append(f"{months} är så långt tillbaka att fakturorna räknas som kompletta.")
    for month, share in shares.items():
        label = Period.parse(month).label
        if share is None:
            notes.append(f"{label.capitalize()}: de tidigare månaderna är för få för en beräkning.")
        elif share is not FINAL:
            known = swedish.percent(share.mean * 100, 1)
            notes.append(
                f"{label.capitalize()}: lika långt efter månadens slut var i genomsnitt {known} av timmarna kända, "
                f"prövat på {share.months} tidigare månader."
            )
    weeks = "Timmarna hör till hela veckor, så en månad med fem veckor blir högre än en med fyra."
    return [*notes, weeks, "Summan är genomsnittet av månaderna, även för lägsta och högsta."]


def _reached(reached: date) -> str:
    return f"Alla förvaltningar. Senaste fakturadatum i underlaget är den {day_label(reached)}."
