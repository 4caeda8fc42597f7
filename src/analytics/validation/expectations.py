"""Expectations of our own: rules about totals, months and forecasts that the library does not have.

Each is tried on a small frame of evidence, one row per thing that the rule is about. Importing this module imports
Great Expectations; only :mod:`analytics.validation.engine` does.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

import pandas as pd
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

from analytics.validation import wording


class EvidenceFrame(TableMetricProvider):
    """The metric that our rules depend on: the frame itself."""

    metric_name = "table.evidence"

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(
        cls,  # noqa: N805 (the library calls it with the class)
        execution_engine: PandasExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],  # noqa: ARG002
        metrics: dict[str, Any],  # noqa: ARG002
        runtime_configuration: dict[str, Any],  # noqa: ARG002
    ) -> pd.DataFrame:
        frame, _, _ = execution_engine.get_compute_domain(
            domain_kwargs=metric_domain_kwargs, domain_type=MetricDomainTypes.TABLE
        )
        return frame


class RowRule(BatchExpectation):
    """A rule that each row of the evidence keeps or breaks.

    ``example`` is a template for the first broken rows; it may name columns of codes and totals only.
    """

    example: str = ""

    metric_dependencies: ClassVar[tuple[str, ...]] = ("table.evidence",)
    domain_keys: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def broken(self, frame: pd.DataFrame) -> pd.Series:
        """True where a row breaks the rule."""

    def counts(self, frame: pd.DataFrame, broken: pd.Series) -> tuple[int, int]:
        """How many were checked and how many of them are wrong."""
        return len(frame), int(broken.sum())

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,  # noqa: ARG002
        execution_engine: object = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        frame = metrics["table.evidence"]
        broken = self.broken(frame)
        checked, unexpected = self.counts(frame, broken)
        rows = frame[broken].head(wording.EXAMPLES).to_dict("records") if self.example else []
        return {
            "success": not bool(broken.any()),
            "result": {
                "observed_value": None,
                "details": {
                    "checked": checked,
                    "unexpected": unexpected,
                    "examples": wording.examples(self.example, rows),
                },
            },
        }


class ExpectNothingCounted(RowRule):
    """A column of counts holds only zeros; ``total`` names the column that says how many were checked."""

    column: str
    total: str

    def broken(self, frame: pd.DataFrame) -> pd.Series:
        return frame[self.column] != 0

    def counts(self, frame: pd.DataFrame, broken: pd.Series) -> tuple[int, int]:  # noqa: ARG002
        return int(frame[self.total].sum()), int(frame[self.column].sum())


class ExpectTextsToAgree(RowRule):
    """Two text columns say the same in every row."""

    first: str
    second: str

    def broken(self, frame: pd.DataFrame) -> pd.Series:
        return frame[self.first].astype(str) != frame[self.second].astype(str)


class ExpectTotalsToAgree(RowRule):
    """A total equals what it is made of, within a tolerance in the unit of the column."""

    total: str
    parts: str
    tolerance: float = 0

    def broken(self, frame: pd.DataFrame) -> pd.Series:
        difference = frame[self.total] - frame[self.parts]
        # One side missing is a difference; both missing is not.
        one_sided = frame[self.total].isna() != frame[self.parts].isna()
        return (difference.abs() > self.tolerance) | one_sided


class ExpectTotalBetweenParts(RowRule):
    """A total lies between its lowest and its highest part."""

    total: str
    parts: list[str]
    tolerance: float = 0

    def broken(self, frame: pd.DataFrame) -> pd.Series:
        parts = frame[self.parts]
        total = frame[self.total]
        return (total < parts.min(axis=1) - self.tolerance) | (total > parts.max(axis=1) + self.tolerance)


class ExpectPeriodsUnbroken(RowRule):
    """Every group has each month after its first: ``gap`` counts the months missing just before a row."""

    group: str
    period: str
    groups: list[str]

    def broken(self, frame: pd.DataFrame) -> pd.Series:
        year = frame[self.period].str.slice(0, 4).astype(int)
        number = year * 12 + frame[self.period].str.slice(5, 7).astype(int)
        order = number.sort_values(kind="stable").index
        step = number.loc[order].groupby(frame[self.group].loc[order]).diff().reindex(frame.index)
        return (step > 1) & frame[self.group].isin(self.groups)

    def counts(self, frame: pd.DataFrame, broken: pd.Series) -> tuple[int, int]:
        return int(frame[self.group].isin(self.groups).sum()), int(broken.sum())


class ExpectEqualTwelfths(RowRule):
    """A budget row is spread over twelve months with equal amounts, within a tolerance for rounding."""

    months: str
    lowest: str
    highest: str
    tolerance: float = 0

    def broken(self, frame: pd.DataFrame) -> pd.Series:
        uneven = (frame[self.highest] - frame[self.lowest]) > self.tolerance
        return (frame[self.months] != 12) | uneven


class ExpectForecastToCoverBooked(RowRule):
    """A full-year forecast is at least as large as what is booked, unless a marker states a reversal."""

    forecast: str
    booked: str
    marks: str
    reversal_markers: list[str]
    tolerance: float = 0

    def broken(self, frame: pd.DataFrame) -> pd.Series:
        forecast, booked = frame[self.forecast], frame[self.booked]
        below = forecast.abs() + self.tolerance < booked.abs()
        stated = frame[self.marks].map(lambda marks: any(marker in marks for marker in self.reversal_markers))
        return below & (forecast * booked.clip(-1, 1) >= 0) & ~stated.astype(bool)


class ExpectChangeWithin(RowRule):
    """A control total has not changed more than so many percent; rows without a predecessor are not checked."""

    value: str
    previous: str
    max_change_pct: float

    def broken(self, frame: pd.DataFrame) -> pd.Series:
        change = (frame[self.value] - frame[self.previous]).abs()
        return frame[self.previous].notna() & (change > frame[self.previous].abs() * self.max_change_pct / 100)

    def counts(self, frame: pd.DataFrame, broken: pd.Series) -> tuple[int, int]:
        return int(frame[self.previous].notna().sum()), int(broken.sum())
