"""The status of an indicator, computed from its rule, its observations and their trend.

Rules: a target that is reached is *uppfyllt*. One that is not is *på väg* if the line from where it started to the
latest outcome, drawn on, reaches the target before the year of the report ends; otherwise *ej uppfyllt*. What cannot be
compared is *kan inte bedömas*, with the reason; what has no outcome is *ej mätt*. Own definition: the plans give no
rule for what is on track (docs/decisions/009-goals-are-read-strictly.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from analytics.goals import frequency
from analytics.goals.model import Indicator, Judgement, Observation, Relative, State, Status, Threshold, Unread
from analytics.goals.start import Start, in_december, limit_of, start_of
from analytics.goals.writing import reaches, written, written_beside
from analytics.periods import Period

_SAME_STATE = {
    "framtaget": "framtagen", "fastställda": "fastställd", "genomförd": "genomfört", "genomförda": "genomfört",
    "införd": "infört",
}  # fmt: skip
_UNDER_WAY = {"delvis", "påbörjat", "påbörjad", "pågår"}
_NOT_YET = {
    "nej", "ej infört", "saknas", "befintlig", "ej genomfört", "ej framtagen", "ej fastställd", "ej påbörjat",
}  # fmt: skip
_UNMEASURED = re.compile(r"(?:uppföljning )?saknas|ej mätt|(?:utfall|utgångsvärde) 20\d\d", re.IGNORECASE)
_SIGNS = {">=": "minst", ">": "över", "<=": "högst", "<": "under"}
_YEAR = 12
_NOTHING = "Inget utfall är inrapporterat."


def judge(
    indicator: Indicator, observations: Sequence[Observation], period: Period, *, since: Period | None = None
) -> Judgement:
    """How an indicator stands in a month.

    Args:
        indicator: with its target and baseline as read.
        observations: outcomes of one unit in any order; those after ``period`` are not looked at.
        period: the report month.
        since: the first month that the plan is followed up; an older outcome is where it started and no outcome of
            the plan. If it is not given, every outcome is the plan's, and the first one is due in the report's year.
    """
    rule, target = rule_of(indicator), indicator.target
    held = [each for each in observations if each.period <= period]
    latest = _latest([each for each in held if since is None or each.period >= since])
    if isinstance(target, Unread):
        return Judgement(Status.NOT_ASSESSABLE, rule, target.reason, latest)
    if target == Relative("budget_costs"):
        return Judgement(Status.NOT_ASSESSABLE, rule, str(limit_of(indicator, held, period)), latest)
    if latest is None:
        return Judgement(Status.NOT_MEASURED, rule, _when(indicator, since or Period(period.year, 1), period))
    if _says_unmeasured(latest, target):
        said = f"Inget utfall: ”{latest.state.strip()}”."
        return Judgement(Status.NOT_MEASURED, rule, said, latest)
    late = frequency.missing_since(indicator.frequency_text, latest.period, period)
    if isinstance(target, State):
        judgement = _by_state(target, latest, rule)
    else:
        judgement = _by_value(_Case(indicator, target, tuple(held), latest, period, is_late=late is not None), rule)
    return judgement.adding(f"Utfallet för {late.label} saknas.") if late else judgement


def rule_of(indicator: Indicator) -> str:  # noqa: PLR0911 - one form after another
    """The rule as a Swedish sentence, as it is printed beside the status."""
    target = indicator.target
    if isinstance(target, Unread):
        return "Ingen regel: målet kan inte jämföras med ett utfall."
    if isinstance(target, State):
        return f"Uppfyllt när svaret är ”{target.word}”."
    if isinstance(target, Threshold):
        return f"Uppfyllt när utfallet är {_SIGNS[target.comparison]} {written(target.value, indicator.unit)}."
    year = f" {target.year}" if target.year else ""
    if target.relation == "budget":
        return (
            "Uppfyllt när resultatet hittills i år är lika med eller bättre än budget; på väg när förvaltningens "
            "helårsprognos är det."
        )
    if target.relation == "budget_costs":
        return "Ingen regel: planen säger inte hur kostnadsutvecklingen ska mätas mot budget."
    if target.relation == "not_worse":
        return "Uppfyllt när utfallet är lika med eller högre än ingångsvärdet."
    if target.relation == "reduced_by":
        share = written(target.percent or Fraction(0), "%")
        return f"Uppfyllt när utfallet är minst {share} lägre än ingångsvärdet."
    falls = target.relation == "lower" or (target.relation == "better" and indicator.direction == "lower")
    return f"Uppfyllt när utfallet är {'lägre' if falls else 'högre'} än ingångsvärdet{year}."


@dataclass(frozen=True, slots=True)
class _Case:
    """What one judgement by a value looks at."""

    indicator: Indicator
    target: Threshold | Relative
    held: tuple[Observation, ...]
    latest: Observation
    period: Period
    is_late: bool


def _latest(observations: Sequence[Observation]) -> Observation | None:
    return max(observations, key=lambda each: each.period, default=None)


def _when(indicator: Indicator, since: Period, period: Period) -> str:
    """Why there is no outcome: it is measured later, or is late."""
    due = frequency.last_measured(indicator.frequency_text, period)
    following = frequency.next_measured(indicator.frequency_text, period.plus(1) if due == period else period)
    if due is None or following is None:
        return _NOTHING
    coming = f"Mäts nästa gång i {following.label}."
    if due < since:
        return coming
    return f"Inget utfall är inrapporterat, fast indikatorn skulle ha mätts i {due.label}. {coming}"


def _says_unmeasured(latest: Observation, target: Threshold | Relative | State) -> bool:
    """Whether the outcome is a word for none. ``Saknas`` is an answer where a thing is to be made."""
    said = latest.state.strip()
    if isinstance(target, State) and said.casefold() in _NOT_YET:
        return False
    return _UNMEASURED.fullmatch(said) is not None


def _by_state(target: State, latest: Observation, rule: str) -> Judgement:
    said = latest.state.strip().casefold()
    if not said:
        return Judgement(Status.NOT_ASSESSABLE, rule, "Utfallet är inte ett svar i ord.", latest)
    answer = f"Svaret är ”{latest.state.strip()}”."
    if _SAME_STATE.get(said, said) == _SAME_STATE.get(target.word, target.word):
        return Judgement(Status.MET, rule, answer, latest)
    if said in _UNDER_WAY:
        return Judgement(Status.ON_TRACK, rule, answer, latest)
    if said in _NOT_YET:
        return Judgement(Status.NOT_MET, rule, answer, latest)
    return Judgement(Status.NOT_ASSESSABLE, rule, f"{answer} Det är inget av de ord som regeln känner.", latest)


def _by_value(case: _Case, rule: str) -> Judgement:
    latest, value, unit = case.latest, case.latest.exact, case.indicator.unit
    if value is None:
        said = f" ”{latest.state.strip()}”" if latest.state.strip() else ""
        return Judgement(Status.NOT_ASSESSABLE, rule, f"Utfallet{said} är inte ett tal som kan jämföras.", latest)
    limit = limit_of(case.indicator, case.held, case.period)
    if isinstance(limit, str):
        return Judgement(Status.NOT_ASSESSABLE, rule, limit, latest)
    printed = written_beside(value, limit, unit)
    said = f"Utfallet är {printed}, målet {_SIGNS[limit.comparison]} {written(limit.value, unit)}."
    status = Status.MET if reaches(value, limit) else Status.NOT_MET
    end = None if status is Status.MET or _is_old(case) else in_december(case.indicator, case.held, latest, case.period)
    if end is not None:
        status = Status.ON_TRACK if reaches(end, limit) else Status.NOT_MET
        word = "nås det" if status is Status.ON_TRACK else "nås det inte"
        said = f"{said} Med samma takt {word} före årets slut."
    start = start_of(case.indicator, case.held, case.period) if isinstance(case.target, Relative) else ""
    source = start.observation if isinstance(start, Start) else None
    return Judgement(status, rule, said, latest, printed=printed, start=source)


def _is_old(case: _Case) -> bool:
    """Whether the latest outcome is too old to draw a line from: a later one is due, or it is a year old."""
    return case.is_late or case.latest.period <= case.period.plus(-_YEAR)
