"""Goals and indicators: the register of four plan generations, strict reading of their texts, and judgement by rule."""

from __future__ import annotations

from analytics.goals.judgement import judge, rule_of
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
    "Register",
    "Relative",
    "State",
    "Status",
    "Target",
    "Threshold",
    "Unread",
    "judge",
    "rule_of",
]
