"""A made finding, for tests of what is said, chosen, shown and shared of findings."""

from __future__ import annotations

from typing import Any

from analytics.finder.model import Evidence, Finding
from analytics.periods import Period, PeriodRange

MONTHS = PeriodRange(Period(2018, 1), Period(2018, 3))


def finding(number: int = 1, **given: Any) -> Finding:
    """Travel of the staff office, 400 tkr over budget in the first quarter, with what is ``given`` instead."""
    ordinary: dict[str, Any] = {
        "id": f"f{number}",
        "measure": "fr1_outcome",
        "unit": "kr",
        "keys": {"administration": "17", "report_line": "operations_travel"},
        "labels": {"administration": "Landstingsdirektörens stab", "report_line": "Resor"},
        "months": MONTHS,
        "comparison": "budget",
        "outcome": 900_000.0,
        "expected": 500_000.0,
        "deviation": -400_000.0,
        "kind": "spread",
        "parts": (),
        "history": 0,
        "p_value": 0.001,
        "persistence": 3,
        "rank": number,
        "evidence": Evidence(table="ledger", keys={}, months=MONTHS, rows=5),
        "also": {},
    }
    return Finding(**{**ordinary, **given})
