"""Goals and indicators: the register of four plan generations, strict reading of their texts, and judgement by rule."""

from __future__ import annotations

from analytics.goals.budget import judge_budget
from analytics.goals.judgement import judge, rule_of
from analytics.goals.judgements import PersonsJudgement, read_judgements
from analytics.goals.model import (
    STATUS_LABELS,
    Baseline,
    Generation,
    Indicator,
    Judgement,
    Known,
    Observation,
    Relative,
    State,
    Status,
    Target,
    Threshold,
    Unread,
)
from analytics.goals.register import INDICATORS, SENTENCES, Register
from analytics.goals.start import Start, limit_of, start_of
from analytics.goals.writing import written

__all__ = [
    "INDICATORS",
    "SENTENCES",
    "STATUS_LABELS",
    "Baseline",
    "Generation",
    "Indicator",
    "Judgement",
    "Known",
    "Observation",
    "PersonsJudgement",
    "Register",
    "Relative",
    "Start",
    "State",
    "Status",
    "Target",
    "Threshold",
    "Unread",
    "judge",
    "judge_budget",
    "limit_of",
    "read_judgements",
    "rule_of",
    "start_of",
    "written",
]
