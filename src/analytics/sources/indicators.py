"""P5: goal follow-up from Stratsys, one row per indicator, unit and day, in the names and texts of the register."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import polars as pl

from analytics.errors import CellValueError, CodeError, DeliveryError, DeliveryPeriodError
from analytics.goals import Indicator, Register
from analytics.goals.numerals import clean
from analytics.organisation import Unit
from analytics.periods import Period
from analytics.processed import schema_of
from analytics.sources import cells, checks, outcomes, personal
from analytics.sources.model import LINE, Context, Layout, RawRows, Reading
from analytics.sources.problems import Problems

_PRINTED: dict[str, Callable[[Indicator], str]] = {
    "Perspektiv/målområde": lambda indicator: indicator.goal_area,
    "Inriktningsmål": lambda indicator: indicator.goal,
    "Ingångsvärde": lambda indicator: indicator.baseline_text,
    "Målvärde": lambda indicator: indicator.target_text,
}
"""Texts that stand in the register too: blank, or the same."""


def read(raw: RawRows, layout: Layout, context: Context) -> Reading:
    """Observations of the month of the file and of earlier ones.

    Raises the DeliveryError of the first kind of problem, with the others told in it.
    """
    period = raw.delivery.period
    problems = Problems(raw.delivery.name, raw.frame.height)
    personal.check(raw.frame, layout.text_columns, problems)
    frame = checks.typed(raw.frame, {"day": ("Period", cells.day("Period"))}, problems)
    checks.days_near(frame, {"day": "Period"}, period, problems)
    problems.flag(
        frame,
        pl.col("day") > period.last_day,
        DeliveryPeriodError,
        f"the observation lies in the future: after {period}",
        column="Period",
        action="Check the date, and that the file has the right name.",
    )
    if frame.filter(pl.col("day").is_between(period.first_day, period.last_day)).is_empty():
        problems.note_lines(
            frame[LINE],
            DeliveryPeriodError,
            f"wrong period inside the file: no observation is of {period}",
            column="Period",
            action="Check that the right month was exported and that the file has the right name.",
        )
    problems.raise_if_any()
    rows = _Rows(raw, context, problems)
    found = [rows.read(row) for row in frame.iter_rows(named=True)]
    rows.tell()
    problems.raise_if_any()
    return Reading(pl.DataFrame(found, schema=schema_of(layout.table)), raw.taken)


class _Rows:
    """The rows one by one. Problems are gathered by kind, so that each is told once with its first line and count."""

    def __init__(self, raw: RawRows, context: Context, problems: Problems) -> None:
        self._delivery = raw.delivery.period
        self._organisation = context.organisation
        self._register = Register.read(context.settings.paths.reference)
        self._problems = problems
        self._wrong: dict[tuple[type[DeliveryError], str, str, str], list[int]] = defaultdict(list)
        self._seen: set[tuple[str, str, str]] = set()

    def read(self, row: dict[str, Any]) -> dict[str, Any]:
        """One row in the declared columns; what is wrong is noted, and the rest filled as far as it goes."""
        period = Period.of(row["day"])
        unit = self._unit(row, period)
        indicator = self._indicator(row, period)
        outcome = outcomes.Outcome()
        if indicator is not None:
            self._check_printed(row, indicator)
            result = outcomes.read(row["Utfall"], indicator)
            if isinstance(result, str):
                self._note(CellValueError, result, "Utfall", checks.CORRECT, row)
            else:
                outcome = result
        if indicator is not None and unit is not None:
            key = (indicator.id, unit.code, str(period))
            if key in self._seen:
                self._note(
                    CellValueError,
                    "two observations of one indicator and unit for one month",
                    "Period",
                    "Ask the supplier which one counts; a later delivery may restate an earlier month.",
                    row,
                )
            self._seen.add(key)
        return {
            "delivery": str(self._delivery),
            "period": str(period),
            "source": "stratsys",
            "indicator": indicator.id if indicator else None,
            "indicator_label": clean(row["Indikator"]),
            "administration": unit.code if unit else None,
            "observed_unit": unit.code if unit else None,
            "observed_label": unit.label if unit else None,
            "sex": "T",
            "value": outcome.value,
            "numerator": outcome.numerator,
            "denominator": outcome.denominator,
            "state": outcome.state,
            "forecast": row["Prognos"] or None,
            "reported_status": row["Status"] or None,
            "comment": row["Kommentar"] or None,
            "missing_status": None,
        }

    def tell(self) -> None:
        """Hand the problems over."""
        for (error, text, column, action), lines in self._wrong.items():
            self._problems.note_lines(pl.Series(lines), error, text, column=column, action=action)

    def _unit(self, row: dict[str, Any], period: Period) -> Unit | None:
        units = self._organisation.at("administration", period)
        name = clean(row["Enhet"])
        found = next((unit for unit in units if unit.label == name), None)
        if found is None:
            problem = "the unit is not one of the administrations of that month" if name else "the row has no unit"
            known = ", ".join(unit.label for unit in units)
            self._note(CodeError, problem, "Enhet", f"Spell it exactly as in organisation.csv: {known}.", row)
        return found

    def _indicator(self, row: dict[str, Any], period: Period) -> Indicator | None:
        """The indicator of that name in the plan of the month that is observed, else in that of the delivery."""
        name = clean(row["Indikator"])
        # A footnote digit loses its raised position when a text is copied: it then stands right after a letter.
        names = [name, name[:-1]] if name[-1:].isdigit() and name[-2:-1].isalpha() else [name]
        tried = ((each, month) for each in names for month in (period, self._delivery))
        found = next((one for each, month in tried if (one := self._register.by_name(each, month))), None)
        if found is None:
            problem = "the indicator is not in the register" if name else "the row names no indicator"
            action = "Correct the name, or add the indicator to data/raw/reference/indicators.csv."
            self._note(CodeError, problem, "Indikator", action, row)
        return found

    def _check_printed(self, row: dict[str, Any], indicator: Indicator) -> None:
        for column, text_of in _PRINTED.items():
            if row[column] and clean(row[column]).casefold() != clean(text_of(indicator)).casefold():
                self._note(
                    CodeError,
                    "the text is another than that of the indicator in the register",
                    column,
                    "Correct the delivery, or data/raw/reference/indicators.csv if the plan has been changed.",
                    row,
                )

    def _note(self, error: type[DeliveryError], text: str, column: str, action: str, row: dict[str, Any]) -> None:
        self._wrong[error, text, column, action].append(row[LINE])
