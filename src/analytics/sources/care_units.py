"""P6: counts and costs per care unit and month, turned to one row per unit and quantity.

Shares are never delivered: every share of the follow-up has its numerator and its denominator as columns of their own,
and a cell with a per cent sign cannot be read as a number.
"""

from __future__ import annotations

import polars as pl

from analytics.care_follow_up import OWNERSHIPS, PARTS, QUANTITIES
from analytics.errors import CellValueError, CodeError, Location, SettingsError
from analytics.periods import Period
from analytics.reference import CareUnit
from analytics.sources import cells, checks, codes, personal
from analytics.sources.model import LINE, Context, Layout, RawRows, Reading
from analytics.sources.problems import Problems

UNIT = "Vårdenhet"
NAME = "Vårdenhetens namn"
OWNERSHIP = "Driftform"
COLUMNS = (UNIT, NAME, OWNERSHIP, *(quantity.column for quantity in QUANTITIES))
FILE = "care_units.csv"


def read(raw: RawRows, layout: Layout, context: Context) -> Reading:
    """Care units in long form: care_unit, ownership, quantity, value (a count, or kronor for costs).

    A unit of the register that is missing in the delivery is an error: sums and comparisons would be wrong without a
    trace. So is a unit that the register does not have in that month, or has with another ownership.

    Raises the DeliveryError of the first kind of problem, with the others told in it; SettingsError if the register
    names an administration or base unit that does not exist.
    """
    period = raw.delivery.period
    problems = Problems(raw.delivery.name, raw.frame.height)
    personal.check(raw.frame, layout.text_columns, problems)
    valid = {code: unit for code, unit in context.reference.care_units.items() if unit.is_valid_in(period)}
    _check_register(valid, period, context)
    codes.check(raw.frame, UNIT, valid.keys(), problems, what="care unit", file=FILE)
    _check_units(raw.frame, valid, problems)
    frame = checks.typed(
        raw.frame,
        {
            quantity.code: (
                quantity.column,
                cells.number(quantity.column)
                if quantity.is_cost
                else cells.integer(quantity.column).cast(pl.Float64, strict=False),
            )
            for quantity in QUANTITIES
        },
        problems,
    )
    _check_parts(frame, problems)
    problems.raise_if_any()
    administration = {code: unit.administration for code, unit in valid.items()}
    long = frame.with_columns(
        pl.lit(str(period)).alias("delivery"),
        pl.lit(str(period)).alias("period"),
        pl.col(UNIT).replace_strict(administration, return_dtype=pl.String).alias("administration"),
        pl.col(UNIT).alias("care_unit"),
        pl.col(OWNERSHIP).str.to_lowercase().replace_strict(OWNERSHIPS, return_dtype=pl.String).alias("ownership"),
    ).unpivot(
        on=[quantity.code for quantity in QUANTITIES],
        index=["delivery", "period", "administration", "care_unit", "ownership"],
        variable_name="quantity",
        value_name="value",
    )
    return Reading(long, (*raw.taken, f"care units: {raw.frame.height}, quantities of each: {len(QUANTITIES)}"))


def _check_register(units: dict[str, CareUnit], period: Period, context: Context) -> None:
    for unit in units.values():
        for level, code in (("administration", unit.administration), ("base_unit", unit.base_unit)):
            if context.organisation.find(level, code, period) is None:
                what = level.replace("_", " ")
                raise SettingsError(
                    f"care unit {unit.code} belongs to {what} {code}, which does not exist in {period}",
                    where=Location(context.reference.folder / FILE, column=level),
                    action="Correct care_units.csv or organisation.csv.",
                )


def _check_units(frame: pl.DataFrame, units: dict[str, CareUnit], problems: Problems) -> None:
    problems.flag(
        frame,
        pl.col(UNIT).is_duplicated() & ~cells.is_blank(UNIT),
        CodeError,
        "the care unit stands twice: its figures would be counted twice",
        column=UNIT,
        action=checks.CORRECT,
    )
    missing = sorted(set(units) - set(frame[UNIT]))
    if missing:
        problems.note_lines(
            frame[LINE].tail(1),
            CodeError,
            f"care units of the register are missing: {', '.join(missing)}",
            column=UNIT,
            action=f"Ask for a complete file, or give the unit its last day (valid_to) in data/raw/reference/{FILE}.",
        )
    # A unit may be called otherwise over the years; with the name of another, its figures are in the wrong row.
    known = {_plain(unit.label): code for code, unit in units.items()}
    named = pl.col(NAME).map_elements(_plain, return_dtype=pl.String).replace_strict(known, default=None)
    problems.flag(
        frame,
        named.is_not_null() & (named != pl.col(UNIT)) & pl.col(UNIT).is_in(list(units)),
        CodeError,
        "code and name belong to different care units",
        column=NAME,
        action=f"Ask the supplier whose figures they are, or correct data/raw/reference/{FILE}.",
    )
    word = pl.col(OWNERSHIP).str.to_lowercase()
    problems.flag(
        frame,
        ~word.is_in(list(OWNERSHIPS)),
        CodeError,
        "the ownership is neither offentlig nor privat",
        column=OWNERSHIP,
        action=checks.CORRECT,
    )
    registered = pl.col(UNIT).replace_strict(
        {code: unit.ownership for code, unit in units.items()}, default=None, return_dtype=pl.String
    )
    delivered = word.replace_strict(OWNERSHIPS, default=None, return_dtype=pl.String)
    problems.flag(
        frame,
        registered != delivered,
        CodeError,
        "the ownership contradicts the register of care units",
        column=OWNERSHIP,
        action=f"Ask the supplier which is right, or correct data/raw/reference/{FILE}.",
    )


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _check_parts(frame: pl.DataFrame, problems: Problems) -> None:
    columns = {quantity.code: quantity.column for quantity in QUANTITIES}
    for part, whole in PARTS:
        problems.flag(
            frame,
            pl.col(part) > pl.col(whole),
            CellValueError,
            f"numerator above denominator: {columns[part]} is higher than {columns[whole]}, which it is a part of",
            column=columns[part],
            action=checks.CORRECT,
        )
