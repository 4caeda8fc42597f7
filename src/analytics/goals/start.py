"""Where an indicator started, the value that it is to reach, and the line from the one on to December."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from analytics.goals import frequency
from analytics.goals.model import Indicator, Observation, Relative, State, Threshold, Unread
from analytics.periods import Period

_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Start:
    """A baseline: its value, its month where the text says the year, and the observation it was taken from, if any."""

    value: Fraction
    period: Period | None
    observation: Observation | None = None


def limit_of(indicator: Indicator, observations: Sequence[Observation], period: Period) -> Threshold | str:
    """The value to reach by the target and, where it is relative, the baseline; or why there is none, in Swedish."""
    target = indicator.target
    if isinstance(target, Threshold):
        return target
    if isinstance(target, Unread):
        return target.reason
    if isinstance(target, State):
        return "Målet är ett svar i ord."
    if target.relation in _AGAINST_BUDGET:
        return _AGAINST_BUDGET[target.relation]
    start = start_of(indicator, observations, period)
    return start if isinstance(start, str) else _limit(target, start, indicator)


_AGAINST_BUDGET = {
    "budget": "Jämförs med budget i rapporten Ekonomi och inte med ett inrapporterat utfall.",
    "budget_costs": "Kostnader och budget står i rapporten Ekonomi.",
}


def _limit(target: Relative, start: Start, indicator: Indicator) -> Threshold:
    if target.relation == "not_worse":
        return Threshold(">=", start.value, indicator.unit)
    if target.relation == "reduced_by":
        return Threshold("<=", start.value * (100 - (target.percent or 0)) / 100, indicator.unit)
    falls = target.relation == "lower" or (target.relation == "better" and indicator.direction == "lower")
    return Threshold("<" if falls else ">", start.value, indicator.unit)


def start_of(indicator: Indicator, observations: Sequence[Observation], period: Period) -> Start | str:
    """The value that a relative target is compared with, or why it is not known, in Swedish.

    Of the year that the target or the baseline names: the last outcome of it, unless that is one along the way (a
    half-year's is not the year's). Else the latest value that the baseline has.
    """
    baseline, target = indicator.baseline, indicator.target
    if isinstance(baseline, Unread):
        return baseline.reason
    year = (target.year if isinstance(target, Relative) else None) or baseline.deferred_to
    if year is None:
        return _known(indicator) or baseline.absent or "Ingångsvärdet är inte känt."
    of_year = [each for each in observations if each.period.year == year and each.period <= period]
    last = max(of_year, key=lambda each: each.period, default=None)
    if last is None:
        return _known(indicator, year) or f"Ingångsvärdet är inte känt: utfallet för {year} saknas."
    if frequency.is_along_the_way(indicator.frequency_text, last.period):
        return f"Ingångsvärdet är inte känt: utfallet för hela {year} saknas."
    if last.exact is None:
        return f"Ingångsvärdet är inte känt: utfallet för {year} är inte ett tal."
    return Start(last.exact, last.period, last)


def _known(indicator: Indicator, year: int | None = None) -> Start | None:
    """The latest value printed in the baseline, or that of a year; a dated one stands at the end of its year."""
    if isinstance(indicator.baseline, Unread):
        return None
    held = [each for each in indicator.baseline.known if year in (None, each.year)]
    return Start(held[-1].value, Period(held[-1].year, _DECEMBER) if held[-1].year else None) if held else None


def in_december(
    indicator: Indicator, observations: Sequence[Observation], latest: Observation, period: Period
) -> Fraction | None:
    """The value in December of the report's year, if the change from where it started to the latest outcome goes on.

    It started at the plan's dated baseline, else at the first outcome. None without two points in time, and when the
    latest outcome is that of December: then there is nothing more to come.
    """
    first = _first_before(indicator, observations, latest)
    left = (period.year - latest.period.year) * 12 + _DECEMBER - latest.period.month
    if first is None or first.period is None or latest.exact is None or left <= 0:
        return None
    months = (latest.period.year - first.period.year) * 12 + latest.period.month - first.period.month
    return latest.exact + (latest.exact - first.value) / months * left


def _first_before(indicator: Indicator, observations: Sequence[Observation], latest: Observation) -> Start | None:
    start = start_of(indicator, observations, latest.period)
    if isinstance(start, Start) and start.period is not None and start.period < latest.period:
        return start
    earlier = [
        Start(each.exact, each.period)
        for each in observations
        if each.exact is not None and each.period < latest.period
    ]
    return min(earlier, key=lambda each: each.period or latest.period, default=None)
