"""The indicators that a unit is followed up on, each judged: by rule, and by a person where one has."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.errors import Location, MissingDataError, SettingsError
from analytics.goals import (
    INDICATORS,
    Generation,
    Indicator,
    Judgement,
    PersonsJudgement,
    Register,
    Relative,
    Status,
    judge,
    judge_budget,
    read_judgements,
)
from analytics.measures import report_form
from analytics.measures.indicators.observed import Reported, has_outcome, reported, series_of, smallest
from analytics.measures.scope import Data, Scope
from analytics.periods import Period

ELSEWHERE = "Andra enheter har rapporterat utfall, se jämförelsen."
_BUDGET = Relative("budget")


@dataclass(frozen=True, slots=True)
class Standing:
    """One indicator of one unit: the computed status, the unit's own words and a person's judgement, if any.

    ``n`` is the smallest group that the reason tells of: of the outcome, and of the one that its limit comes from.
    """

    indicator: Indicator
    computed: Judgement
    latest: Reported | None
    own_words: str
    person: PersonsJudgement | None
    n: int

    @property
    def status(self) -> Status:
        """What holds: a person's judgement before the computed status."""
        return self.person.status if self.person else self.computed.status


def followed(scope: Scope, outcomes: dict[str, list[Reported]]) -> list[tuple[Generation, Indicator]]:
    """The indicators of the plans in force that the unit answers for, has reported on or is judged on, as printed.

    It answers for those of its base units too. Raises SettingsError for an indicator that nobody answers for: it would
    be in no report.
    """
    register = Register.read(scope.reference.folder)
    own = _own_units(scope, register)
    judged = {each.indicator for each in _judgements(scope, register)}
    return [
        (generation, indicator)
        for generation in register.in_force(scope.period)
        for indicator in register.of(generation.code)
        if indicator.responsible in own
        or indicator.id in judged
        or any(each.unit == scope.unit for each in outcomes.get(indicator.id, []))
    ]


def _own_units(scope: Scope, register: Register) -> set[str]:
    """The administration and its base units in the month."""
    known = {code for level in ("administration", "base_unit") for code in scope.organisation.codes(level)}
    for indicator in register.indicators:
        if indicator.responsible not in known:
            raise SettingsError(
                f"the unit that answers for the indicator {indicator.id} is not in organisation.csv",
                where=Location(scope.reference.folder / INDICATORS, column="responsible"),
                action="Give the code of an administration or a base unit.",
            )
    parts = scope.organisation.at("base_unit", scope.period)
    return {scope.unit, *(part.code for part in parts if part.parent == scope.unit)}


def standings(data: Data, scope: Scope) -> list[Standing]:
    """How every indicator of the unit stands in the report month (:func:`analytics.goals.judge`).

    A target that is the budget is judged by the ledger. Where an earlier plan has the same indicator, its outcomes are
    where this one started.
    """
    outcomes, register = reported(data, scope), Register.read(scope.reference.folder)
    judged = {each.indicator: each for each in _judgements(scope, register)}
    found = []
    for generation, indicator in followed(scope, outcomes):
        since = Period(generation.first_year, 1)
        measured = series_of(register, outcomes, indicator, scope.unit)
        computed = _by_ledger(indicator, data, scope) or judge(
            indicator, [each.seen for each in measured], scope.period, since=since
        )
        held = [each for each in outcomes.get(indicator.id, []) if each.seen.period >= since]
        if computed.status is Status.NOT_MEASURED and any(
            has_outcome(each) for each in held if each.unit != scope.unit
        ):
            computed = computed.adding(ELSEWHERE)
        latest = next((each for each in reversed(measured) if each.seen is computed.latest), None)
        if latest is None and computed.latest is not None:
            latest = Reported(scope.unit, scope.unit_label, computed.latest, "")
        start = next((each for each in measured if each.seen is computed.start), None)
        n = smallest(latest.n if latest else 0, start.n if start else 0)
        words = _words([each for each in held if each.unit == scope.unit], scope.period)
        found.append(Standing(indicator, computed, latest, words, judged.get(indicator.id), n))
    return found


def _judgements(scope: Scope, register: Register) -> list[PersonsJudgement]:
    """Those of the unit and the report month."""
    every = read_judgements(
        scope.reference.folder, register, administrations=scope.organisation.codes("administration")
    )
    return [each for each in every if (each.administration, each.period) == (scope.unit, scope.period)]


def _words(own: list[Reported], period: Period) -> str:
    """The latest words of the unit; the month stands with them if it is not that of the report."""
    said = next((each for each in reversed(own) if each.own_words), None)
    if said is None:
        return ""
    return said.own_words if said.seen.period == period else f"{said.own_words} ({said.seen.period.label})"


def _by_ledger(indicator: Indicator, data: Data, scope: Scope) -> Judgement | None:
    """The status against budget; None for other targets, and where the ledger lacks the year so far or its budget."""
    if indicator.target != _BUDGET:
        return None
    try:
        frame = report_form.fr1_summary(data, scope).frame
    except MissingDataError:
        return None
    net = frame.filter(frame["report_line"] == report_form.NET)
    deviations = dict(net.select("column", "value").rows())
    so_far = deviations["outcome_vs_budget"]
    if so_far is None:
        return None
    return judge_budget(indicator, deviation=so_far, forecast=deviations["forecast_vs_budget"], period=scope.period)
