"""The only door to Great Expectations: one evidence frame and its expectations in, plain findings out.

Importing this module takes seconds, so :class:`analytics.validation.Validator` does it at its first use.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import polars as pl

from analytics.errors import SettingsError
from analytics.validation.results import Finding
from analytics.validation.suites import Expectation


@contextmanager
def _hidden(package: str) -> Iterator[None]:
    """Make a package seem not installed while something else is imported that would bring it in."""
    loaded = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == package}
    for name in loaded:
        del sys.modules[name]
    sys.modules[package] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[package]
        sys.modules.update(loaded)


# The library reports its use over the network unless this stands before its import.
os.environ["GX_ANALYTICS_ENABLED"] = "false"
# PySpark costs seconds, warns of pandas and may even end the process, and no batch here is Spark's.
with _hidden("pyspark"), warnings.catch_warnings():
    # Its dependency pyparsing imports modules that Python has deprecated; nothing here can change that.
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    import great_expectations as gx
    from great_expectations.core.expectation_suite import ExpectationSuite
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.exceptions.exceptions import GreatExpectationsError

    from analytics.validation import expectations as _own  # noqa: F401 (defining the classes registers them)

# Counts only: the failing values themselves stay out of every result.
RESULT_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0}
# The only expectation for which an empty cell is a cell that was checked.
NOT_NULL = "expect_column_values_to_not_be_null"


class Engine:
    """One ephemeral context, used for all batches."""

    def __init__(self) -> None:
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        source = context.data_sources.add_pandas("evidence")
        self._batches = source.add_dataframe_asset("frame").add_batch_definition_whole_dataframe("whole")

    def try_all(self, evidence: pl.DataFrame, expectations: Sequence[Expectation]) -> dict[str, Finding]:
        """Findings by the name of the expectation. Raises SettingsError if one cannot be evaluated."""
        entries = [
            {
                "type": expectation.type,
                "kwargs": dict(expectation.parameters),
                "severity": expectation.severity,
                "meta": {"name": expectation.name},
            }
            for expectation in expectations
        ]
        try:
            suite = ExpectationSuite(name=expectations[0].evidence, expectations=entries)
        except (TypeError, ValueError, GreatExpectationsError) as error:
            names = ", ".join(expectation.name for expectation in expectations)
            raise SettingsError(
                f"one of the expectations {names} is not understood ({type(error).__name__})",
                action="Check type and kwargs against docs/validation.md.",
            ) from error
        batch = self._batches.get_batch({"dataframe": _to_pandas(evidence)})
        result = batch.validate(suite, result_format=RESULT_FORMAT)
        findings = {}
        for entry in result.results:
            configuration = entry.expectation_config
            if configuration is None:
                raise SettingsError(f"a result on the evidence {expectations[0].evidence!r} names no expectation")
            name = configuration.meta["name"]
            if entry.exception_info.get("raised_exception") is not False:
                # The message of the exception may quote values, so only the place is told.
                raise SettingsError(
                    f"expectation {name!r} could not be evaluated on the evidence {expectations[0].evidence!r}",
                    action="Check its kwargs: a column that the evidence lacks is the usual cause.",
                )
            findings[name] = _finding(configuration.type, passed=bool(entry.success), result=entry.result)
        return findings


def _finding(kind: str, *, passed: bool, result: dict[str, object]) -> Finding:
    details = result.get("details")
    if isinstance(details, dict) and "checked" in details:
        return Finding(passed, details["checked"], details["unexpected"], details["examples"])
    checked, unexpected = result.get("element_count"), result.get("unexpected_count")
    missing = result.get("missing_count")
    if isinstance(checked, int) and isinstance(missing, int) and kind != NOT_NULL:
        checked -= missing
    return Finding(
        passed,
        checked if isinstance(checked, int) else None,
        unexpected if isinstance(unexpected, int) else None,
        "",
    )


def _to_pandas(evidence: pl.DataFrame) -> object:
    """Text as categories: a code of a million rows is stored and compared once."""
    text = [name for name, kind in evidence.schema.items() if kind == pl.String]
    if evidence.height > 10_000:
        evidence = evidence.with_columns(pl.col(text).cast(pl.Categorical))
    return evidence.to_pandas()
