"""The indicator that the result shall not be worse than budget: judged by the ledger, not by a reported outcome."""

from __future__ import annotations

from fractions import Fraction

from analytics import swedish
from analytics.goals.judgement import rule_of
from analytics.goals.model import Indicator, Judgement, Observation, Status, Threshold
from analytics.goals.writing import reaches, written, written_beside
from analytics.periods import Period

_BALANCE = Threshold(">=", Fraction(0), "kr")


def judge_budget(indicator: Indicator, *, deviation: float, forecast: float | None, period: Period) -> Judgement:
    """How the result stands against budget.

    Args:
        indicator: one whose target is the budget.
        deviation: budget − result of the year so far, in kr; negative is unfavourable.
        forecast: the same of the unit's own full-year forecast; None if there is none.
        period: the report month.
    """
    so_far, rule = Fraction(str(deviation)), rule_of(indicator)
    printed = _against(so_far)
    said = f"Resultatet hittills i år är {printed}"
    latest = Observation(period, value=deviation)
    if reaches(so_far, _BALANCE):
        return Judgement(Status.MET, rule, f"{said}.", latest, printed=printed)
    if forecast is None:
        return Judgement(Status.NOT_MET, rule, f"{said}. Det finns ingen helårsprognos.", latest, printed=printed)
    whole = Fraction(str(forecast))
    status = Status.ON_TRACK if reaches(whole, _BALANCE) else Status.NOT_MET
    return Judgement(status, rule, f"{said}. Helårsprognosen är {_against(whole)}.", latest, printed=printed)


def _against(deviation: Fraction) -> str:
    """``1 738 tkr sämre än budget``; what is printed as nothing is equal, but never a result below the budget."""
    size = written_beside(deviation, _BALANCE, "kr").removeprefix(swedish.MINUS)
    if size == written(Fraction(0), "kr"):
        return "lika med budget"
    return f"{size} {'bättre' if deviation > 0 else 'sämre'} än budget"
