"""The status of an indicator, computed from its rule, its observations and their trend.

Rules: a target that is reached is *uppfyllt*. One that is not is *på väg* if the line from the first known value to
the latest, drawn on, reaches the target before the year of the latest observation ends; otherwise *ej uppfyllt*.
What cannot be compared is *kan inte bedömas*, with the reason; what has no observation is *ej mätt*. Own definition:
the plans give no rule for what is on track (docs/decisions/009-goals-are-read-strictly.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from analytics import swedish
from analytics.goals import frequency
from analytics.goals.model import (
    Baseline,
    Indicator,
    Judgement,
    Known,
    Observation,
    Relative,
    State,
    Status,
    Threshold,
    Unread,
)
from analytics.periods import Period

_SAME_STATE = {
    "framtaget": "framtagen", "fastställda": "fastställd", "genomförd": "genomfört", "genomförda": "genomfört",
    "införd": "infört",
}  # fmt: skip
_UNDER_WAY = {"delvis", "påbörjat", "påbörjad", "pågår"}
_NOT_YET = {"nej", "ej infört", "saknas", "befintlig", "ej genomfört", "ej framtagen", "ej fastställd"}
_SIGNS = {">=": "minst", ">": "över", "<=": "högst", "<": "under"}
_DECEMBER = 12


def judge(
    indicator: Indicator, observations: Sequence[Observation], period: Period, *, since: Period | None = None
) -> Judgement:
    """How an indicator stands in a month.

    Args:
        indicator: with its target and baseline as read.
        observations: outcomes of one unit in any order; those after ``period`` are not looked at.
        period: the report month.
        since: the first month that the plan is followed up; an older outcome is where it started and no outcome of
            the plan.
    """
    rule = rule_of(indicator)
    latest = _latest([each for each in observations if since is None or each.period >= since], period)
    if isinstance(indicator.target, Unread):
        return Judgement(Status.NOT_ASSESSABLE, rule, indicator.target.reason, latest)
    if latest is None:
        return Judgement(Status.NOT_MEASURED, rule, _when(indicator, period))
    if isinstance(indicator.target, State):
        return _by_state(indicator.target, latest, rule)
    value = latest.exact
    if value is None:
        return Judgement(Status.NOT_ASSESSABLE, rule, "Utfallet är inte ett tal som kan jämföras.", latest)
    limit = limit_of(indicator, observations, period)
    if isinstance(limit, str):
        return Judgement(Status.NOT_ASSESSABLE, rule, limit, latest)
    return _by_value(indicator, limit, _History(tuple(observations), latest, value, rule, period))


def rule_of(indicator: Indicator) -> str:  # noqa: PLR0911 - one form after another
    """The rule as a Swedish sentence, as it is printed beside the status."""
    target = indicator.target
    if isinstance(target, Unread):
        return "Ingen regel: målet kan inte jämföras med ett utfall."
    if isinstance(target, State):
        return f"Uppfyllt när svaret är ”{target.word}”."
    if isinstance(target, Threshold):
        return f"Uppfyllt när utfallet är {_SIGNS[target.comparison]} {_written(target.value, target.unit)}."
    year = f" {target.year}" if target.year else ""
    if target.relation == "budget":
        return "Uppfyllt när resultatet är lika med eller bättre än budget."
    if target.relation == "not_worse":
        return "Uppfyllt när utfallet är lika med eller högre än ingångsvärdet."
    if target.relation == "reduced_by":
        share = _written(target.percent or Fraction(0), "%")
        return f"Uppfyllt när utfallet är minst {share} lägre än ingångsvärdet."
    word = "lägre" if target.relation == "lower" else "högre"
    return f"Uppfyllt när utfallet är {word} än ingångsvärdet{year}."


class _History:
    """The observations of one judgement."""

    def __init__(
        self, observations: tuple[Observation, ...], latest: Observation, value: Fraction, rule: str, period: Period
    ) -> None:
        self.observations = observations
        self.latest = latest
        self.value = value
        self.rule = rule
        self.period = period


def _latest(observations: Sequence[Observation], period: Period) -> Observation | None:
    return max((each for each in observations if each.period <= period), key=lambda each: each.period, default=None)


def _when(indicator: Indicator, period: Period) -> str:
    following = frequency.next_measured(indicator.frequency_text, period)
    if following is None:
        return "Inget utfall är inrapporterat."
    if not frequency.expected_in(indicator.frequency_text, period):
        return f"Mäts nästa gång i {following.label}."
    return f"Inget utfall är inrapporterat, fast indikatorn ska ha mätts. Mäts nästa gång i {following.label}."


def _by_state(target: State, latest: Observation, rule: str) -> Judgement:
    said = latest.state.strip().casefold()
    if not said:
        return Judgement(Status.NOT_ASSESSABLE, rule, "Utfallet är inte ett svar i ord.", latest)
    if _SAME_STATE.get(said, said) == _SAME_STATE.get(target.word, target.word):
        return Judgement(Status.MET, rule, f"Svaret är ”{latest.state.strip()}”.", latest)
    if said in _UNDER_WAY:
        return Judgement(Status.ON_TRACK, rule, f"Svaret är ”{latest.state.strip()}”.", latest)
    if said in _NOT_YET:
        return Judgement(Status.NOT_MET, rule, f"Svaret är ”{latest.state.strip()}”.", latest)
    return Judgement(Status.NOT_ASSESSABLE, rule, "Svaret är inget av de ord som regeln känner.", latest)


def limit_of(  # noqa: PLR0911 - one form after another
    indicator: Indicator, observations: Sequence[Observation], period: Period
) -> Threshold | str:
    """The value to reach by the target and, where it is relative, the baseline; or why there is none, in Swedish."""
    target = indicator.target
    if isinstance(target, Threshold):
        return target
    if isinstance(target, Unread):
        return target.reason
    if isinstance(target, State):
        return "Målet är ett svar i ord."
    if target.relation == "budget":
        return "Jämförs med budget i rapporten Ekonomi och inte med ett inrapporterat utfall."
    start = _start(indicator.baseline, target, observations, period)
    if start is None:
        return "Ingångsvärdet är inte känt."
    if target.relation == "not_worse":
        return Threshold(">=", start, indicator.unit)
    if target.relation == "reduced_by":
        return Threshold("<=", start * (100 - (target.percent or 0)) / 100, indicator.unit)
    return Threshold("<" if target.relation == "lower" else ">", start, indicator.unit)


def _start(
    baseline: Baseline | Unread, target: Relative, observations: Sequence[Observation], period: Period
) -> Fraction | None:
    """The value that a relative target is compared with: of the year it names, else the latest known one."""
    if isinstance(baseline, Unread):
        return None
    year = target.year or baseline.deferred_to
    if year is not None:
        of_year = [each for each in observations if each.period.year == year and each.period <= period]
        last = max(of_year, key=lambda each: each.period, default=None)
        if last is not None:
            return last.exact
        known = next((each for each in baseline.known if each.year == year), None)
        return known.value if known else None
    return baseline.known[-1].value if baseline.known else None


def _by_value(indicator: Indicator, limit: Threshold, history: _History) -> Judgement:
    value, latest, rule = history.value, history.latest, history.rule
    wanted = f"{_SIGNS[limit.comparison]} {_written(limit.value, indicator.unit)}"
    said = f"Utfallet är {_written(value, indicator.unit)}, målet {wanted}."
    if _reaches(value, limit):
        return Judgement(Status.MET, rule, said, latest)
    end = _at_end_of_year(indicator, history)
    if end is None:
        return Judgement(Status.NOT_MET, rule, said, latest)
    if _reaches(end, limit):
        return Judgement(Status.ON_TRACK, rule, f"{said} Med samma takt nås det före årets slut.", latest)
    return Judgement(Status.NOT_MET, rule, f"{said} Med samma takt nås det inte före årets slut.", latest)


def _reaches(value: Fraction, limit: Threshold) -> bool:
    return {
        ">=": value >= limit.value,
        ">": value > limit.value,
        "<=": value <= limit.value,
        "<": value < limit.value,
    }[limit.comparison]


def _at_end_of_year(indicator: Indicator, history: _History) -> Fraction | None:
    """The value in December of the latest observation's year, if the change since the first known value goes on."""
    first = _first_known(indicator, history)
    if first is None:
        return None
    (start, began), now = first, history.latest.period
    months = (now.year - began.year) * 12 + now.month - began.month
    if months <= 0:
        return None
    return history.value + (history.value - start) / months * (_DECEMBER - now.month)


def _first_known(indicator: Indicator, history: _History) -> tuple[Fraction, Period] | None:
    """The first value: a dated one of the baseline (at the end of its year), else the first observation before."""
    baseline = indicator.baseline
    dated: list[Known] = [] if isinstance(baseline, Unread) else [each for each in baseline.known if each.year]
    points = [(each.value, Period(each.year or 0, _DECEMBER)) for each in dated[-1:]]
    points += [
        (each.exact, each.period)
        for each in history.observations
        if each.exact is not None and each.period < history.latest.period
    ]
    return min(points, key=lambda point: point[1], default=None)


def _written(value: Fraction, unit: str) -> str:
    decimals = next((places for places in range(3) if value * 10**places % 1 == 0), 1)
    text = swedish.number(float(value), decimals)
    return text if unit in ("", "antal", "index") else f"{text}{swedish.HARD_SPACE}{unit}"
