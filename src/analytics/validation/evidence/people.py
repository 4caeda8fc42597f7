"""Evidence over the whole store about persons, a month at a time so that memory does not grow with history.

One month also makes the joins small and lets the Parquet files of other months go unread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from analytics.validation.evidence.facts import Facts, scan

Frames = Mapping[str, pl.LazyFrame]
REGION = "alla förvaltningar"
_PERSON = "employee_key"


def _by_month(frames: Frames, *tables: str) -> Iterator[tuple[str, list[pl.LazyFrame]]]:
    """Each month that any of the tables has, with the rows of that month."""
    found: set[str] = set()
    for table in tables:
        found |= set(scan(frames, table).select("period").unique().collect(engine="streaming")["period"])
    for month in sorted(found):
        yield month, [scan(frames, table).filter(pl.col("period") == month) for table in tables]


def orphans(frames: Frames, facts: Facts) -> pl.DataFrame:  # noqa: ARG001
    """One row per table and month: its rows, those without an employment, and those without one at the cost centre."""
    counts = dict.fromkeys(("rows", "without_employment", "elsewhere"), pl.Int64)
    parts = [pl.DataFrame(schema={"table": pl.String, "period": pl.String, **counts})]
    for month, (time, absence, employments) in _by_month(frames, "time", "absence", "employments"):
        places = employments.select(_PERSON, "cost_centre").unique().with_columns(placed=pl.lit(value=True))
        people = places.select(_PERSON).unique().with_columns(employed=pl.lit(value=True))
        time_rows = time.group_by(_PERSON, "cost_centre").len("rows").join(people, on=_PERSON, how="left")
        time_rows = time_rows.join(places, on=[_PERSON, "cost_centre"], how="left")
        # Absence has no cost centre of its own, so it cannot be elsewhere.
        absence_rows = absence.group_by(_PERSON).len("rows").join(people, on=_PERSON, how="left")
        absence_rows = absence_rows.with_columns(placed="employed")
        for table, rows in (("time", time_rows), ("absence", absence_rows)):
            unknown, elsewhere = pl.col("employed").is_null(), pl.col("placed").is_null()
            parts.append(
                rows.select(
                    pl.lit(table).alias("table"),
                    pl.lit(month).alias("period"),
                    pl.col("rows").sum().cast(pl.Int64),
                    pl.col("rows").filter(unknown).sum().cast(pl.Int64).alias("without_employment"),
                    pl.col("rows").filter(~unknown & elsewhere).sum().cast(pl.Int64).alias("elsewhere"),
                ).collect(engine="streaming")
            )
    return pl.concat(parts).filter(pl.col("rows") > 0).sort("table", "period")


def persons(frames: Frames, facts: Facts) -> pl.DataFrame:  # noqa: ARG001
    """One row: persons, and how many of them are given different sexes or birth years in different months."""
    return (
        scan(frames, "employments")
        .group_by("employee_key")
        .agg(
            (pl.col("sex").min() != pl.col("sex").max()).alias("sexes"),
            (pl.col("birth_year").min() != pl.col("birth_year").max()).alias("years"),
        )
        .select(
            pl.len().cast(pl.Int64).alias("persons"),
            pl.col("sexes").sum().cast(pl.Int64).alias("several_sexes"),
            pl.col("years").sum().cast(pl.Int64).alias("several_birth_years"),
        )
        .collect(engine="streaming")
    )


def person_months(frames: Frames, facts: Facts) -> pl.DataFrame:
    """One row per month, over all deliveries: persons with time, with too many hours, and with fewer than none."""
    limit = facts.settings.validation.max_hours_per_month
    counts = dict.fromkeys(("persons", "above", "below"), pl.Int64)
    parts = [pl.DataFrame(schema={"period": pl.String, **counts})]
    parts += [
        time.group_by(_PERSON)
        .agg(pl.col("hours").sum())
        .select(
            pl.lit(month).alias("period"),
            pl.len().cast(pl.Int64).alias("persons"),
            (pl.col("hours") > limit).sum().cast(pl.Int64).alias("above"),
            # A correction in decimal hours may leave dust behind.
            (pl.col("hours") < -0.005).sum().cast(pl.Int64).alias("below"),
        )
        .collect(engine="streaming")
        for month, (time,) in _by_month(frames, "time")
    ]
    return pl.concat(parts).sort("period")


def sick_leave(frames: Frames, facts: Facts) -> pl.DataFrame:
    """One row per year for the region and each administration: sick leave as % of ordinary time.

    ``total_pct`` is made without regard to sex, ``women_pct`` and ``men_pct`` after joining the sex of each person, and
    ``mean_pct`` is the mean of the two weighted by ordinary time: so a person lost in a join shows as a difference.
    """
    hours = dict.fromkeys(("ordinary", "sick"), pl.Float64)
    parts = [pl.DataFrame(schema={"year": pl.String, "administration": pl.String, "sex": pl.String, **hours})]
    is_sick = pl.col("absence_group").is_in(sorted(facts.reference.sick_leave_groups))
    for month, (time, absence, employments) in _by_month(frames, "time", "absence", "employments"):
        main = (
            employments.sort("is_main", descending=True)
            .unique(_PERSON, keep="first")
            .select(_PERSON, "sex", pl.col("administration").alias("home"))
        )
        ordinary = time.filter(pl.col("time_type") == "ordinary")
        sick = absence.filter(is_sick).with_columns(administration=pl.lit(None, dtype=pl.String))
        found = [_hours(ordinary, main, "ordinary"), _hours(sick, main, "sick")]
        parts += [frame.with_columns(year=pl.lit(month[:4])) for frame in found]
    every = pl.concat(parts, how="diagonal").with_columns(pl.col("ordinary", "sick").fill_null(0.0))
    region = every.with_columns(administration=pl.lit(REGION))
    return pl.concat([_percentages(every), _percentages(region)]).sort("year", "administration")


def _hours(frame: pl.LazyFrame, main: pl.LazyFrame, name: str) -> pl.DataFrame:
    """Hours by administration (of the row, else of the person's main employment) and sex (empty where unknown)."""
    return (
        frame.group_by(_PERSON, "administration")
        .agg(pl.col("hours").sum())
        .join(main, on=_PERSON, how="left")
        .with_columns(pl.coalesce("administration", "home").alias("administration"))
        .group_by("administration", "sex")
        .agg(pl.col("hours").sum().alias(name))
        .collect(engine="streaming")
    )


def _percentages(hours: pl.DataFrame) -> pl.DataFrame:
    women, men = pl.col("sex") == "K", pl.col("sex") == "M"
    sick, ordinary = pl.col("sick"), pl.col("ordinary")

    def pct(part: pl.Expr) -> pl.Expr:
        above, below = sick.filter(part).sum(), ordinary.filter(part).sum()
        # Sick leave of a sex that has no time in the unit (lent out, say) has no percentage; it is no upper bound.
        return pl.when(below > 0).then(above / below * 100).when(above > 0).then(float("inf"))

    known = women | men
    total = pl.when(ordinary.sum() > 0).then(sick.sum() / ordinary.sum() * 100)
    weight = ordinary.filter(known).sum()
    return (
        hours.drop_nulls("administration")
        .group_by("year", "administration")
        .agg(
            total.alias("total_pct"),
            pct(women).alias("women_pct"),
            pct(men).alias("men_pct"),
            pl.when(weight > 0).then(sick.filter(known).sum() / weight * 100).alias("mean_pct"),
        )
        .drop_nulls("total_pct")
    )
