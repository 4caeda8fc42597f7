"""What is due, for people and for machines."""

from __future__ import annotations

from collections import Counter
from typing import Any

from analytics.calendar import STOCKHOLM
from analytics.schedule.due import STATE_LABELS, Due
from analytics.schedule.looking import Outlook


def record(outlook: Outlook) -> dict[str, Any]:
    """For ``--json``."""
    return {
        "at": outlook.now.isoformat(),
        "due": [each.as_record() for each in outlook.asked],
        "years_without_calendar": list(outlook.years_without_calendar),
    }


def text(outlook: Outlook) -> str:
    """One line per package that is not published, months with all packages published in one, and what is wrong."""
    lines = [f"Läget {outlook.now.astimezone(STOCKHOLM):%Y-%m-%d %H:%M} (svensk tid)"]
    for period in dict.fromkeys(each.period for each in outlook.asked):
        of_month = [each for each in outlook.asked if each.period == period]
        lines += ["", f"{period.label.capitalize()}: {_counted(of_month)}"]
        lines += [f"  {line}" for line in _grouped(of_month)]
    if not outlook.asked:
        lines += ["", "Kalendern begär inga paket ännu."]
    problem = outlook.problem()
    if problem is not None:
        lines += ["", f"Note: {problem}"]
    return "\n".join(lines)


def _counted(of_month: list[Due]) -> str:
    states = Counter(each.state for each in of_month)
    return ", ".join(f"{count} {STATE_LABELS[state]}" for state, count in states.items())


def _grouped(of_month: list[Due]) -> list[str]:
    """Units that stand alike are told together."""
    groups: dict[tuple[str, str], list[Due]] = {}
    for each in of_month:
        groups.setdefault((each.state, each.detail), []).append(each)
    lines = []
    for (_, detail), alike in groups.items():
        units = ", ".join(each.unit for each in alike)
        running = next((f" Görs just nu ({each.running})." for each in alike if each.running), "")
        lines.append(f"{units}: {detail}{running}")
    return lines
