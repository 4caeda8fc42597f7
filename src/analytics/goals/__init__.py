"""Goals and indicators: the register of four plan generations, strict reading of their texts, and judgement by rule."""

from __future__ import annotations

from analytics.goals.judgement import judge, limit_of, rule_of
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
from analytics.goals.register import Register

__all__ = [
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
    "State",
    "Status",
    "Target",
    "Threshold",
    "Unread",
    "judge",
    "limit_of",
    "read_judgements",
    "rule_of",
]
