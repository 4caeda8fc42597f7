"""Sick leave in per cent of ordinary time, and the seven key figures of the statutory disclosure."""

from __future__ import annotations

import narwhals as nw
import polars as pl

from analytics import swedish
from analytics.measures import comparisons, staff
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.scope import MILLIONTHS, Data, Scope, Slices, collect, exact, lazy, refuse_unattributed
from analytics.measures.spells import missing_history, sick_hours_by_spell
from analytics.periods import Period

MEASURES = {
    "sick_leave_pct": ("sick_leave", "Sjukfrånvaro i % av ordinarie arbetstid"),
    "turnover_pct": ("turnover", "Externa avgångar"),
}


def ordinary_persons(data: Data, scope: Scope, slices: Slices) -> pl.DataFrame:
    """Ordinary hours per person of the unit, with sex and birth year; only persons with ordinary time.

    Ordinary time is scheduled time, not reduced by absence. Unit: hours. Columns: slice, employee_key, sex,
    birth_year, ordinary. Raises MissingDataError if rows lack their employment.
    """
    rows = staff.attributed_time(data, scope, slices, time_types=("ordinary",))
    persons = collect(
        rows.group_by("slice", "employee_key", "sex").agg(
            exact("hours").sum().alias("ordinary"), nw.col("birth_year").max(), nw.len().alias("rows")
        )
    )
    unattributed = int(persons.filter(pl.col("sex").is_null()).get_column("rows").sum())
    refuse_unattributed(unattributed, table="time", what="employment at their cost centre")
    return persons.drop("rows").filter(pl.col("ordinary") > 0)


def sick_persons(data: Data, scope: Scope, slices: Slices) -> pl.DataFrame:
    """Sick hours per person whose main employment is in the unit. Columns: slice, employee_key, sick, has_sick."""
    groups = sorted(scope.reference.sick_leave_groups)
    rows = staff.attributed_absence(data, scope, slices).filter(nw.col("absence_group").is_in(groups))
    persons = staff.per_person(rows, groups=(), table="absence", what="main employment")
    return persons.group_by("slice", "employee_key").agg(
        pl.col("amount").sum().alias("sick"), pl.col("counts").any().alias("has_sick")
    )


def matched(ordinary: pl.DataFrame, sick: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Sick hours beside ordinary hours of the same persons; and the sick hours that are outside, by person."""
    keys = ["slice", "employee_key"]
    # A person counted under two sexes (a corrected master record) must not carry the sick hours twice.
    once = (
        ordinary.sort("sex")
        .group_by(keys, maintain_order=True)
        .agg(pl.col("sex").first(), pl.col("birth_year").max(), pl.col("ordinary").sum())
    )
    joined = once.join(sick, on=keys, how="left").with_columns(
        pl.col("sick").fill_null(0), pl.col("has_sick").fill_null(value=False)
    )
    return joined, sick.filter(pl.col("sick") != 0).join(ordinary, on=keys, how="anti")


def rate(persons: pl.DataFrame, *, by: list[str]) -> pl.DataFrame:
    """Sick hours / ordinary hours × 100 and the number of persons behind it, for each group (one row per person).

    n is the number of persons with ordinary time, but 1 if all sick hours are one person's: however large the group,
    the figure is then the sick leave of that person.
    """
    return persons.group_by(by).agg(
        (pl.col("sick").sum() / pl.col("ordinary").sum() * 100).alias("value"),
        pl.when(comparisons.behind("sick", counts="has_sick") == 1)
        .then(1)
        .otherwise(pl.col("employee_key").n_unique())
        .cast(pl.Int64)
        .alias("n"),
    )


def by_sex(persons: pl.DataFrame) -> pl.DataFrame:
    """Rates of women, men and all, per slice."""
    return rate(pl.concat([persons, persons.with_columns(sex=pl.lit("T"))]), by=["slice", "sex"])


def population_notes(scope: Scope, outside: pl.DataFrame) -> list[str]:
    """Who is counted, and how much sick leave is outside.

    Notes are printed as they are, so the amount is given only when more persons are behind it than both audiences'
    limit for sick leave.
    """
    notes = ["Månads- och timavlönade med ordinarie arbetstid i perioden; samma personer i täljare och nämnare."]
    notes.append("Ordinarie arbetstid minskas inte med frånvaro.")
    people = outside.get_column("employee_key").n_unique()
    audiences = scope.settings.disclosure
    if people > max(audiences.public.sick_leave_at_most, audiences.internal.sick_leave_at_most):
        hours = swedish.number(int(outside.get_column("sick").sum()) / MILLIONTHS)
        notes.append(f"Utanför står {hours} timmar sjukfrånvaro för {people} personer utan ordinarie arbetstid.")
    elif people:
        notes.append("Sjukfrånvaro för några få personer utan ordinarie arbetstid ingår inte.")
    return notes


def sick_leave_pct(data: Data, scope: Scope) -> MeasureTable:
    """Sick leave in per cent of ordinary time, by sex, both years and the change in percentage points.

    Columns: ``catalogue.RATE_KEYS``, value (%), n (persons with ordinary time in the group, see :func:`rate`).
    Raises MissingDataError if months are missing or rows lack their employment. Source: 002:469-475.
    """
    slices = Slices.years(scope.staff_range)
    lacking = staff.lacking_staff(data, scope, slices, required=staff.CURRENT, absence=True)
    persons, outside = matched(ordinary_persons(data, scope, slices), sick_persons(data, scope, slices))
    notes = [*population_notes(scope, outside), *staff.missing_notes(lacking, slices)]
    return rate_table("sick_leave_pct", by_sex(persons), scope, lacking=lacking, notes=notes)


def rate_table(
    table_id: str,
    cells: pl.DataFrame,
    scope: Scope,
    *,
    lacking: frozenset[str],
    notes: list[str],
) -> MeasureTable:
    """One rate by sex → the finished table. A group without anybody has no rate: null."""
    grid = pl.DataFrame({"slice": staff.YEARS}).join(pl.DataFrame({"sex": comparisons.SEX_ORDER}), how="cross")
    filled = grid.join(cells, on=["slice", "sex"], how="left").with_columns(pl.col("n").fill_null(0))
    frame = comparisons.with_change(comparisons.blank(filled, slices=lacking), keys=("sex",))
    code, text = MEASURES[table_id]
    return comparisons.finish(
        frame.with_columns(measure=pl.lit(code), measure_label=pl.lit(text), row_type=pl.lit("row")),
        spec=TABLES[table_id],
        order={"sex": comparisons.SEX_ORDER, "column": comparisons.COLUMN_ORDER},
        printed=staff.printed(table_id, scope, notes),
    )


def sick_leave_monthly(data: Data, scope: Scope) -> MeasureTable:
    """Sick leave in per cent of ordinary time per month and sex. Columns: period, sex, value (%), n."""
    slices = staff.monthly_slices(scope)
    required = frozenset(scope.staff_range.months)
    lacking = staff.lacking_staff(data, scope, slices, required=required, absence=True)
    persons, outside = matched(ordinary_persons(data, scope, slices), sick_persons(data, scope, slices))
    grid = pl.DataFrame({"slice": list(slices.ranges)}).join(pl.DataFrame({"sex": comparisons.SEX_ORDER}), how="cross")
    cells = grid.join(by_sex(persons), on=["slice", "sex"], how="left").with_columns(pl.col("n").fill_null(0))
    return comparisons.finish(
        comparisons.blank(cells, slices=lacking).rename({"slice": "period"}),
        spec=TABLES["sick_leave_pct_monthly"],
        order={"sex": comparisons.SEX_ORDER},
        printed=comparisons.Printed(
            {}, staff.series_label(scope), [*population_notes(scope, outside), *staff.missing_notes(lacking, slices)]
        ),
    )


def age_bands(scope: Scope) -> dict[str, tuple[str, int, int]]:
    """Measure code → (Swedish label, lowest age, highest age), from the declared bands (``0-29``, ``50-``)."""
    bands = {}
    for band in scope.settings.staff.age_bands:
        low, _, high = band.partition("-")
        code = f"age_{low}_{high}" if high else f"age_{low}"
        if not high:
            bands[code] = (f"{low} år eller äldre", int(low), 200)
        elif int(low) == 0:
            bands[code] = (f"{high} år eller yngre", 0, int(high))
        else:
            bands[code] = (f"{low}–{high} år", int(low), int(high))
    return bands


def _long_share(data: Data, scope: Scope, slices: Slices, persons: pl.DataFrame, *, known: list[str]) -> pl.DataFrame:
    """Sick hours in long spells / all sick hours × 100 per slice; null for the slices whose history is too short.

    n is the number of persons in long spells if there are any, else the number of employees (1 if a single person was
    sick): the figure is a statement about those persons, so it is given only when they are many enough.
    """
    limit = scope.settings.staff.long_spell_days
    short = missing_history(slices, known=known, days=limit)
    cells: list[dict[str, str | float | None]] = []
    for code, months in slices.ranges.items():
        if code in short:
            cells.append({"slice": code, "value": None, "n": 0})
            continue
        main = (
            lazy(data.employments)
            .filter(nw.col("period").is_in(months.months), nw.col("is_main"), nw.col("administration") == scope.unit)
            .select("employee_key", "period")
        )
        rows = sick_hours_by_spell(data, scope, months, known=known).join(main, on=["employee_key", "period"])
        per_person = collect(
            rows.with_columns(amount=exact("hours"))
            .with_columns(
                long=nw.when(nw.col("spell_days") >= limit).then(nw.col("amount")).otherwise(nw.lit(0)),
            )
            .group_by("employee_key")
            .agg(nw.col("amount").sum(), nw.col("long").sum())
        )
        here = persons.filter(pl.col("slice") == code)
        counted = per_person.join(here.select("employee_key"), on="employee_key", how="semi")
        total, long = (int(counted.get_column(name).sum()) for name in ("amount", "long"))
        people = counted.filter(pl.col("long") != 0).height
        sick = counted.filter(pl.col("amount") != 0).height
        value = long / total * 100 if total else None
        cells.append({"slice": code, "value": value, "n": people or (1 if sick == 1 else here.height)})
    return pl.DataFrame(cells, schema={"slice": pl.String, "value": pl.Float64, "n": pl.Int64})


def sick_leave_disclosure(data: Data, scope: Scope) -> MeasureTable:
    """The seven key figures of the statutory disclosure, both years and the change in percentage points.

    Columns: ``catalogue.DISCLOSURE_KEYS``, value (%), n (see the notes of each figure above). Measures: total, long,
    women, men and one per age band. ``long`` is a share of sick time, the others are shares of the group's ordinary
    time. Age is the age on 31 December. Source: lag 1997:614 4 kap. 1 a §; SKR, Definition av nyckeltal 2024-03-04.
    """
    slices = Slices.years(scope.staff_range)
    lacking = staff.lacking_staff(data, scope, slices, required=staff.CURRENT, absence=True)
    persons, outside = matched(ordinary_persons(data, scope, slices), sick_persons(data, scope, slices))
    bands = age_bands(scope)
    years = {code: months.last.year for code, months in slices.ranges.items()}
    age = pl.col("slice").replace_strict(years, return_dtype=pl.Int64) - pl.col("birth_year")
    persons = persons.with_columns(age=age)
    limit = scope.settings.staff.long_spell_days
    labels = {
        "total": "Total sjukfrånvaro",
        "long": f"Andel i sammanhängande perioder om minst {limit} dagar",
        "women": "Kvinnor",
        "men": "Män",
        **{code: text for code, (text, _, _) in bands.items()},
    }
    selections = {
        "total": pl.lit(value=True),
        "women": pl.col("sex") == "K",
        "men": pl.col("sex") == "M",
        **{code: pl.col("age").is_between(low, high) for code, (_, low, high) in bands.items()},
    }
    parts = [rate(persons.filter(rule), by=["slice"]).with_columns(measure=pl.lit(m)) for m, rule in selections.items()]
    known = collect(lazy(data.absence).select("period").unique()).get_column("period").sort().to_list()
    long = _long_share(data, scope, slices, persons, known=known).with_columns(measure=pl.lit("long"))
    cells = pl.concat([*parts, long.select(parts[0].columns)])
    grid = pl.DataFrame({"slice": staff.YEARS}).join(pl.DataFrame({"measure": list(labels)}), how="cross")
    filled = grid.join(cells, on=["slice", "measure"], how="left").with_columns(pl.col("n").fill_null(0))
    frame = comparisons.with_change(comparisons.blank(filled, slices=lacking), keys=("measure",))
    law, at_most = scope.settings.staff.sick_leave_law, scope.settings.disclosure.public.sick_leave_at_most
    notes = [
        *population_notes(scope, outside),
        f"Enligt {law}. Uppgift lämnas inte för grupper med högst {at_most} anställda, eller om en enda person.",
        f"Andelen i perioder om minst {limit} dagar är av sjukfrånvarotiden, övriga av gruppens ordinarie arbetstid.",
        "Perioderna bygger på all frånvaro som finns i data till och med periodens slut, även före periodens början.",
        *(
            f"Andelen i perioder om minst {limit} dagar saknas för {slices.ranges[code].label}: den kräver frånvaro "
            f"även för {' och '.join(Period.parse(month).label for month in months)}. Cellen är tom, inte noll."
            for code, months in missing_history(slices, known=known, days=limit).items()
            if code not in lacking
        ),
        "Ålder är åldern den 31 december.",
        *staff.missing_notes(lacking, slices),
    ]
    return comparisons.finish(
        frame.with_columns(comparisons.label("measure", labels).alias("measure_label"), row_type=pl.lit("row")),
        spec=TABLES["sick_leave_disclosure"],
        order={"measure": list(labels), "column": comparisons.COLUMN_ORDER},
        printed=staff.printed("sick_leave_disclosure", scope, notes),
    )
