"""Trying a suite: make each frame of evidence, ask the engine, say the outcome in Swedish."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import polars as pl

from analytics import schemas
from analytics.errors import UsageError
from analytics.organisation import Organisation
from analytics.reference import Reference
from analytics.settings import Settings
from analytics.validation import suites, wording
from analytics.validation.evidence import STORE_EVIDENCE, TABLE_EVIDENCE
from analytics.validation.evidence.declared import control_totals
from analytics.validation.evidence.facts import Facts
from analytics.validation.results import Finding, Outcome, ValidationResult

if TYPE_CHECKING:
    from analytics.validation.engine import Engine

# Without the declared columns and types no other evidence can be made.
GATE = ("header", "columns")
UNTRIED = "Inte prövad, eftersom kolumnerna inte stämmer med deklarationen."


class Validator:
    """The suites of ``expectations/``, ready to be tried. The heavy import happens at the first try.

    Raises SettingsError if a suite is missing or wrong.
    """

    def __init__(self, settings: Settings, reference: Reference, organisation: Organisation) -> None:
        self._settings = settings
        self._reference = reference
        self._organisation = organisation
        parameters = suites.Parameters(settings, reference, organisation)
        self._suites = suites.read_all(settings.paths.expectations, parameters)
        self._engine: Engine | None = None

    def table(
        self, table: str, frame: pl.DataFrame, *, previous: Mapping[str, float] | None = None
    ) -> ValidationResult:
        """Try the suite of one table on one or several deliveries of it.

        Args:
            table: a name in :data:`analytics.schemas.TABLES`.
            frame: the declared columns; several deliveries may stand after each other (column ``delivery``).
            previous: control totals of the delivery before the first of the frame, from :func:`totals_of`.

        Raises UsageError for an unknown table and SettingsError for an expectation that cannot be evaluated.
        """
        if table not in TABLE_EVIDENCE:
            raise UsageError(f"there is no table {table!r}", action=f"Tables: {', '.join(TABLE_EVIDENCE)}.")
        facts = self._facts(table, previous or {})
        makers = TABLE_EVIDENCE[table]
        return self._try(self._suites[table], lambda evidence: makers[evidence](frame, facts), set(makers))

    def across(self, frames: Mapping[str, pl.LazyFrame]) -> ValidationResult:
        """Try ``across_tables`` on the whole store: lazy frames by table, missing tables counting as empty."""
        facts = self._facts(suites.ACROSS, {})
        suite = self._suites[suites.ACROSS]
        return self._try(suite, lambda evidence: STORE_EVIDENCE[evidence](frames, facts), set(STORE_EVIDENCE))

    def _facts(self, table: str, previous: Mapping[str, float]) -> Facts:
        return Facts(table, self._settings, self._reference, self._organisation, previous)

    def _try(self, suite: suites.Suite, make: Callable[[str], pl.DataFrame], known: set[str]) -> ValidationResult:
        outcomes: dict[str, Outcome] = {}
        groups: dict[str, list[suites.Expectation]] = {}
        for expectation in suite.expectations:
            groups.setdefault(expectation.evidence, []).append(expectation)
        shut = False
        for evidence in sorted(groups, key=lambda name: GATE.index(name) if name in GATE else len(GATE)):
            if evidence not in known:
                raise UsageError(
                    f"suite {suite.name} asks for the evidence {evidence!r}",
                    action=f"Known: {', '.join(sorted(known))}.",
                )
            if shut and evidence not in GATE:
                outcomes |= {expectation.name: _untried(suite, expectation) for expectation in groups[evidence]}
                continue
            frame = make(evidence)
            findings = self._engine_ready().try_all(frame, groups[evidence])
            for expectation in groups[evidence]:
                outcomes[expectation.name] = _outcome(suite, expectation, findings[expectation.name], frame)
            if evidence in GATE:
                shut = shut or not all(outcomes[item.name].passed for item in groups[evidence] if _is_gate(item))
        return ValidationResult(suite.name, tuple(outcomes[item.name] for item in suite.expectations))

    def _engine_ready(self) -> Engine:
        if self._engine is None:
            from analytics.validation.engine import Engine  # takes seconds to import

            self._engine = Engine()
        return self._engine


def totals_of(table: str, frame: pl.DataFrame) -> dict[str, float]:
    """Control totals of the last delivery in the frame, to be given as ``previous`` for the next.

    Keys: ``rows``, ``hours`` (hours) and ``amount`` (kronor, sizes without sign), as far as the table has them. In a
    ledger they are of the outcome; empty if the frame has none.
    """
    totals = control_totals(frame, table)
    followed = totals.filter(pl.col("kind") == ("outcome" if table == "ledger" else table))
    if followed.is_empty():
        return {}
    last = followed.sort("delivery").drop("kind", "delivery").row(-1, named=True)
    return {name: float(value) for name, value in last.items()}


def _is_gate(expectation: suites.Expectation) -> bool:
    return expectation.name in ("columns_declared", "types_declared")


def _untried(suite: suites.Suite, expectation: suites.Expectation) -> Outcome:
    return _as_outcome(suite, expectation, Finding(passed=False), UNTRIED)


def _outcome(suite: suites.Suite, expectation: suites.Expectation, finding: Finding, evidence: pl.DataFrame) -> Outcome:
    checked, unexpected = finding.checked, finding.unexpected
    if finding.passed:
        detail = wording.held(checked, expectation.unit)
    elif checked is None or unexpected is None:
        detail = _described(suite, expectation, evidence)
    else:
        shown = finding.examples or _unknown_codes(expectation, evidence)
        detail = wording.counted(unexpected, checked, expectation.unit) + (f": {shown}." if shown else ".")
    return _as_outcome(suite, expectation, finding, detail)


def _as_outcome(suite: suites.Suite, expectation: suites.Expectation, finding: Finding, detail: str) -> Outcome:
    return Outcome(
        expectation=expectation.name,
        title=expectation.title,
        reason=expectation.reason,
        severity=expectation.severity,
        passed=finding.passed,
        table=suite.name,
        column=expectation.column,
        checked=finding.checked,
        unexpected=finding.unexpected,
        detail=detail,
    )


def _described(suite: suites.Suite, expectation: suites.Expectation, evidence: pl.DataFrame) -> str:
    """Of expectations about the frame as a whole: which columns are wrong, or that there are no rows."""
    wanted = expectation.parameters.get("column_list")
    if wanted is None:
        return "Stämmer inte." if evidence.height else "Leveransen har inga rader."
    missing = [name for name in wanted if name not in evidence.columns]
    extra = [name for name in evidence.columns if name not in wanted]
    parts = [f"saknas: {', '.join(missing)}"] if missing else []
    parts += [f"okända: {wording.codes(extra)}"] if extra else []
    return f"Kolumnerna i {suite.title} stämmer inte ({'; '.join(parts) or 'fel ordning'})."


def _unknown_codes(expectation: suites.Expectation, evidence: pl.DataFrame) -> str:
    """The codes that a list lacks, if the column may be shown at all."""
    column, allowed = expectation.column, expectation.parameters.get("value_set")
    if column is None or allowed is None or column in personal_columns():
        return ""
    unknown = evidence.filter(~pl.col(column).is_in(allowed))[column].unique().sort()
    return wording.codes(str(value) for value in unknown.head(wording.EXAMPLES + 1))


def personal_columns() -> frozenset[str]:
    """Every column that any table declares as personal."""
    return frozenset(name for table in schemas.TABLES.values() for name in table.personal_columns)
