"""Places the rows of a delivery in the organisation as it was in the period of each row."""

from __future__ import annotations

import polars as pl

from analytics.errors import CodeError
from analytics.organisation import Organisation, Unit
from analytics.periods import Period
from analytics.sources import codes
from analytics.sources.model import LINE
from analytics.sources.problems import Problems

_PLACED = {
    "Ansvar": pl.String,
    "period": pl.String,
    "administration": pl.String,
    "base_unit": pl.String,
    "is_project": pl.Boolean,
}


def by_cost_centre(frame: pl.DataFrame, organisation: Organisation, problems: Problems) -> pl.DataFrame:
    """Add ``administration``, ``base_unit`` and ``is_project`` from ``Ansvar`` and ``period``.

    Notes cost centres that are unknown or not valid in the period, and delivered Förvaltning or Basenhet (where the
    layout has them) that the cost centre does not belong to.
    """
    pairs = frame.select("Ansvar", "period").unique().sort("Ansvar", "period").rows()
    paths: dict[tuple[str, str], tuple[Unit, Unit, Unit]] = {}
    known: set[str] = set()
    periods = {period: Period.parse(period) for _, period in pairs if period is not None}
    for period in periods.values():
        known.update(unit.code for unit in organisation.at("cost_centre", period))
    for code, period in pairs:
        path = organisation.path_of(code, periods[period]) if period is not None else None
        if path is not None:
            paths[code, period] = path
    codes.check(frame, "Ansvar", known, problems, what="cost centre", file="organisation.csv")
    mapping = pl.DataFrame(
        [
            (code, period, top.code, middle.code, bottom.is_project)
            for (code, period), (top, middle, bottom) in paths.items()
        ],
        schema=_PLACED,
        orient="row",
    )
    placed = frame.join(mapping, on=["Ansvar", "period"], how="left", maintain_order="left")
    problems.flag(
        placed,
        pl.col("administration").is_null() & pl.col("Ansvar").is_in(list(known)) & pl.col("period").is_not_null(),
        CodeError,
        "the cost centre is not valid in the period of the row",
        column="Ansvar",
        action="Check the dates in data/raw/reference/organisation.csv, or ask the supplier to correct the code.",
    )
    for column, level in (("Förvaltning", "administration"), ("Basenhet", "base_unit")):
        if column in frame.columns:
            _check_delivered(placed, column, level, organisation, problems)
    return placed


def _check_delivered(
    placed: pl.DataFrame, column: str, level: str, organisation: Organisation, problems: Problems
) -> None:
    periods = [Period.parse(period) for period in placed["period"].drop_nulls().unique()]
    known = {unit.code for period in periods for unit in organisation.at(level, period)}
    codes.check(placed, column, known, problems, what=level.replace("_", " "), file="organisation.csv")
    problems.flag(
        placed,
        pl.col(column).is_in(list(known)) & (pl.col(column) != pl.col(level)),
        CodeError,
        f"the cost centre does not belong to the {level.replace('_', ' ')} of the row in that period",
        column=column,
        action="Ask the supplier which is right, or correct data/raw/reference/organisation.csv.",
    )


def check_administration(frame: pl.DataFrame, period: Period, organisation: Organisation, problems: Problems) -> None:
    """Note codes in ``Förvaltning`` that no administration had in the period."""
    known = {unit.code for unit in organisation.at("administration", period)}
    codes.check(
        frame.select(LINE, "Förvaltning"),
        "Förvaltning",
        known,
        problems,
        what="administration",
        file="organisation.csv",
    )


def check_base_unit(frame: pl.DataFrame, period: Period, organisation: Organisation, problems: Problems) -> None:
    """Note codes in ``Förvaltning`` and ``Basenhet`` that none had in the period, and base units of another one."""
    check_administration(frame, period, organisation, problems)
    parents = {unit.code: unit.parent for unit in organisation.at("base_unit", period)}
    codes.check(frame, "Basenhet", parents.keys(), problems, what="base unit", file="organisation.csv")
    problems.flag(
        frame,
        pl.col("Basenhet").replace_strict(parents, default=None, return_dtype=pl.String) != pl.col("Förvaltning"),
        CodeError,
        "the base unit does not belong to the administration of the row in that period",
        column="Basenhet",
        action="Ask the supplier which is right, or correct data/raw/reference/organisation.csv.",
    )
