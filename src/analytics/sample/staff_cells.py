"""The cells of staff, time and absence extracts as text, with the habits of the source system.

Every function returns a frame of text columns in the order of its layout, with the person number last instead of the
keys: those differ between the copies of the region and are put in while the file is written.
"""

from __future__ import annotations

import polars as pl

from analytics.periods import Period
from analytics.sample.staff_posts import OPEN

STOCK_HEADER = (
    "Anstnr",
    "Pnr",
    "Kön",
    "Födelseår",
    "Förvaltning",
    "Basenhet",
    "Ansvar",
    "AID-etikett",
    "Personalgrupp",
    "Anstform",
    "Sysselsättningsgrad",
    "Heltidsmått",
    "From",
    "Tom",
    "Avgångsorsak",
    "Avgångstyp",
)
TIME_HEADER = ("Anstnr", "Period", "Ansvar", "Tidart", "Timmar", "Belopp")
ABSENCE_HEADER = (
    "Anstnr",
    "Frånvarogrupp",
    "Orsak",
    "From",
    "Tom",
    "Omfattning",
    "Frånvarotimmar",
    "Kalenderdagar",
    "Period",
)
SEX_AS_NUMBER = frozenset({Period(2016, 4), Period(2017, 7)})
SEX_AS_WORD = frozenset({Period(2016, 11), Period(2017, 9)})
HOURS_AND_MINUTES = frozenset({Period(2016, 6), Period(2016, 9), Period(2017, 5), Period(2017, 10)})
"""Deliveries whose hours are written 152:15. The calibrated months keep their hundredths."""
LEAVE_REASONS = {
    "Extern": "Egen begäran",
    "Pension": "Ålderspension",
    "Intern": "Övergång till annan tjänst",
    "Avliden": "Avliden",
    "": "",
}
TEMPORARY_ENDED = "Tidsbegränsad anställning upphör"
ABSENCE_REASONS = {
    "01": "Sjukdom",
    "02": "Tillfällig vård av barn",
    "03": "Semester",
    "04": "Föräldraledighet",
    "05": "Studier",
    "06": "Fackligt uppdrag",
    "07": "Ledighet med lön",
    "08": "Ledighet utan lön",
    "09": "Flexledighet",
    "10": "Semester i timmar",
}
HOURLY_PAY = {"ORD": 212, "MERTID": 212, "ÖT-ENKEL": 382, "ÖT-KVAL": 509, "JOUR": 340, "BEREDSKAP": 255, "TIM": 238}


def decimal_comma(amount: pl.Expr) -> pl.Expr:
    """Two decimals with a comma: ``-7,50``."""
    hundredths = (amount * 100).round().cast(pl.Int64)
    whole = hundredths.abs() // 100
    rest = (hundredths.abs() % 100).cast(pl.String).str.zfill(2)
    return pl.concat_str(_minus(hundredths), whole.cast(pl.String), pl.lit(","), rest)


def hours_and_minutes(amount: pl.Expr) -> pl.Expr:
    """Hours as ``152:15``."""
    minutes = (amount * 60).round().cast(pl.Int64)
    rest = (minutes.abs() % 60).cast(pl.String).str.zfill(2)
    return pl.concat_str(_minus(minutes), (minutes.abs() // 60).cast(pl.String), pl.lit(":"), rest)


def _minus(number: pl.Expr) -> pl.Expr:
    return pl.when(number < 0).then(pl.lit("-")).otherwise(pl.lit(""))


def _day(ordinal: pl.Expr) -> pl.Expr:
    # Day 719163 of the calendar is 1970-01-01.
    return (ordinal - 719_163).cast(pl.Int32).cast(pl.Date).dt.strftime("%Y-%m-%d")


def stock_cells(valid: pl.DataFrame, period: Period) -> pl.DataFrame:
    """P1 without its keys: the posts that are valid in the month."""
    last = period.last_day.toordinal()
    known = (pl.col("end") <= last) | ((pl.col("form") == "V") & (pl.col("end") < OPEN))
    left = pl.col("end") <= last
    # Both ways of saying "open" stand side by side in the source.
    open_end = pl.when(pl.col("person") % 3 == period.month % 3).then(pl.lit("9999-12-31")).otherwise(pl.lit(""))
    sexes = {"K": "K", "M": "M"}
    if period in SEX_AS_NUMBER:
        sexes = {"K": "2", "M": "1"}
    elif period in SEX_AS_WORD:
        sexes = {"K": "Kvinna", "M": "Man"}
    reason = (
        pl.when(pl.col("form") == "V")
        .then(pl.lit(TEMPORARY_ENDED))
        .otherwise(pl.col("leave_kind").replace_strict(LEAVE_REASONS))
    )
    return valid.select(
        pl.col("sex").replace_strict(sexes),
        pl.col("birth_year").cast(pl.String),
        "administration",
        "base_unit",
        "cost_centre",
        "aid_label",
        "personnel_group",
        "form",
        decimal_comma(pl.col("rate")).alias("rate"),
        decimal_comma(pl.col("full_time")).alias("full_time"),
        _day(pl.col("start")).alias("start"),
        pl.when(known).then(_day(pl.min_horizontal("end", pl.lit(last + 3_000)))).otherwise(open_end).alias("end"),
        pl.when(left & (pl.col("leave_kind") != "")).then(reason).otherwise(pl.lit("")).alias("reason"),
        pl.when(left).then(pl.col("leave_kind")).otherwise(pl.lit("")).alias("leave_kind"),
        "person",
    )


def time_cells(rows: pl.DataFrame, delivery: Period) -> pl.DataFrame:
    """P2 without its key. ``rows``: person, period (ÅÅÅÅMM), cost_centre, time_type, hours."""
    hours = pl.col("hours")
    pay = pl.col("time_type").replace_strict(HOURLY_PAY, return_dtype=pl.Float64)
    return rows.select(
        "period",
        "cost_centre",
        "time_type",
        (hours_and_minutes(hours) if delivery in HOURS_AND_MINUTES else decimal_comma(hours)).alias("hours"),
        decimal_comma(hours * pay).alias("amount"),
        "person",
    )


def absence_cells(rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    """P3 without its key. A few of the spells that go on have no last day yet."""
    running = pl.col("goes_on") & (pl.col("person") % 10 == period.month % 10)
    return rows.select(
        "absence_group",
        pl.col("absence_group").replace_strict(ABSENCE_REASONS).alias("reason"),
        _day(pl.col("start")).alias("first_day"),
        pl.when(running).then(pl.lit("")).otherwise(_day(pl.col("end"))).alias("last_day"),
        decimal_comma(pl.col("extent")).alias("extent"),
        decimal_comma(pl.col("hours")).alias("hours"),
        (pl.col("end") - pl.col("start") + 1).cast(pl.String).alias("calendar_days"),
        pl.lit(period.compact).alias("period"),
        "person",
    )
