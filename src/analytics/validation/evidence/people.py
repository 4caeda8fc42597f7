"""Evidence over the whole store about persons, a year at a time so that memory does not grow with history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from analytics.validation.evidence.facts import Facts, scan

Frames = Mapping[str, pl.LazyFrame]
_PERSON_MONTH = ["period", "employee_key"]
REGION = "hela regionen"


def _years(frames: Frames, *tables: str) -> list[str]:
    found: set[str] = set()
    for table in tables:
        year = pl.col("period").str.slice(0, 4).alias("year")
        found |= set(scan(frames, table).select(year).unique().collect(engine="streaming")["year"])
    return sorted(found)


def _year(frames: Frames, table: str, year: str) -> pl.LazyFrame:
    return scan(frames, table).filter(pl.col("period").is_between(pl.lit(f"{year}-01"), pl.lit(f"{year}-12")))


def _by_year(frames: Frames, *tables: str) -> Iterator[tuple[str, list[pl.LazyFrame]]]:
    for year in _years(frames, *tables):
        yield year, [_year(frames, table, year) for table in ("employments", *tables)]


def orphans(frames: Frames, facts: Facts) -> pl.DataFrame:  # noqa: ARG001
    """One row per table and month: its rows, those without an employment, and those without one at the cost centre."""
    parts = [_orphan_schema()]
    for _, (employments, time, absence) in _by_year(frames, "time", "absence"):
        people = employments.select(_PERSON_MONTH).unique().with_columns(pl.lit(value=True).alias("employed"))
        places = employments.select(*_PERSON_MONTH, "cost_centre").unique()
        places = places.with_columns(pl.lit(value=True).alias("placed"))
        for table, frame in (("time", time), ("absence", absence)):
            joined = frame.join(people, on=_PERSON_MONTH, how="left")
            placed = pl.lit(value=True)
            if table == "time":
                joined = joined.join(places, on=[*_PERSON_MONTH, "cost_centre"], how="left")
                placed = pl.col("placed")
            parts.append(
                joined.group_by("period")
                .agg(
                    pl.len().cast(pl.Int64).alias("rows"),
                    pl.col("employed").is_null().sum().cast(pl.Int64).alias("without_employment"),
                    (pl.col("employed").is_not_null() & placed.is_null()).sum().cast(pl.Int64).alias("elsewhere"),
                )
                .select(pl.lit(table).alias("table"), "period", "rows", "without_employment", "elsewhere")
                .collect(engine="streaming")
            )
    return pl.concat(parts).sort("table", "period")


def _orphan_schema() -> pl.DataFrame:
    counts = dict.fromkeys(("rows", "without_employment", "elsewhere"), pl.Int64)
    return pl.DataFrame(schema={"table": pl.String, "period": pl.String, **counts})


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
        time.group_by(_PERSON_MONTH)
        .agg(pl.col("hours").sum())
        .group_by("period")
        .agg(
            pl.len().cast(pl.Int64).alias("persons"),
            (pl.col("hours") > limit).sum().cast(pl.Int64).alias("above"),
            # A correction in decimal hours may leave dust behind.
            (pl.col("hours") < -0.005).sum().cast(pl.Int64).alias("below"),
        )
        .collect(engine="streaming")
        for _, (_, time) in _by_year(frames, "time")
    ]
    return pl.concat(parts).sort("period")


def sick_leave(frames: Frames, facts: Facts) -> pl.DataFrame:
    """One row per year for the region and each administration: sick leave as % of ordinary time.

    ``total_pct`` is made without regard to sex, ``women_pct`` and ``men_pct`` after joining the sex of each person, and
    ``mean_pct`` is the mean of the two weighted by ordinary time: so a person lost in a join shows as a difference.
    """
    numbers = dict.fromkeys(("total_pct", "women_pct", "men_pct", "mean_pct"), pl.Float64)
    parts = [pl.DataFrame(schema={"year": pl.String, "administration": pl.String, **numbers})]
    for year, (employments, time, absence) in _by_year(frames, "time", "absence"):
        main = (
            employments.sort("is_main", descending=True)
            .unique(_PERSON_MONTH, keep="first")
            .select(*_PERSON_MONTH, "sex", pl.col("administration").alias("home"))
        )
        is_sick = pl.col("absence_group").is_in(sorted(facts.reference.sick_leave_groups))
        ordinary = _hours(time.filter(pl.col("time_type") == "ordinary"), main, "ordinary")
        sick = _hours(
            absence.filter(is_sick).with_columns(pl.lit(None, pl.String).alias("administration")), main, "sick"
        )
        both = pl.concat([ordinary, sick], how="diagonal").with_columns(pl.col("ordinary", "sick").fill_null(0.0))
        parts += [_percentages(both, year), _percentages(both.with_columns(administration=pl.lit(REGION)), year)]
    return pl.concat(parts).sort("year", "administration")


def _hours(frame: pl.LazyFrame, main: pl.LazyFrame, name: str) -> pl.DataFrame:
    """Hours by administration (of the row, else of the person's main employment) and sex (empty where unknown)."""
    return (
        frame.group_by(*_PERSON_MONTH, "administration")
        .agg(pl.col("hours").sum())
        .join(main, on=_PERSON_MONTH, how="left")
        .with_columns(pl.coalesce("administration", "home").alias("administration"))
        .group_by("administration", "sex")
        .agg(pl.col("hours").sum().alias(name))
        .collect(engine="streaming")
    )


def _percentages(hours: pl.DataFrame, year: str) -> pl.DataFrame:
    women, men = pl.col("sex") == "K", pl.col("sex") == "M"
    sick, ordinary = pl.col("sick"), pl.col("ordinary")

    def pct(part: pl.Expr | None = None) -> pl.Expr:
        above, below = (sick, ordinary) if part is None else (sick.filter(part), ordinary.filter(part))
        return pl.when(below.sum() > 0).then(above.sum() / below.sum() * 100)

    known = women | men
    weights = ordinary.filter(known).sum()
    mean = pct(women).fill_null(0) * ordinary.filter(women).sum() + pct(men).fill_null(0) * ordinary.filter(men).sum()
    return (
        hours.drop_nulls("administration")
        .group_by("administration")
        .agg(
            pct().alias("total_pct"),
            pct(women).alias("women_pct"),
            pct(men).alias("men_pct"),
            pl.when(weights > 0).then(mean / weights).alias("mean_pct"),
        )
        .drop_nulls("total_pct")
        .select(pl.lit(year).alias("year"), "administration", "total_pct", "women_pct", "men_pct", "mean_pct")
    )
