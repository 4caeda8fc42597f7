"""``docs/indicators.md``: what was read from each indicator's texts, from the register (``python -m`` this module)."""

from __future__ import annotations

import sys
from pathlib import Path

from analytics import swedish
from analytics.goals import Baseline, Indicator, Register, Relative, State, Threshold, Unread, rule_of, written
from analytics.goals.frequency import months_measured
from analytics.periods import MONTH_NAMES

INTRODUCTION = """# Indicators

Written from `data/raw/reference/indicators.csv` by `python -m analytics.goals.document`; change it there.

Every indicator of the four plan generations with its printed texts (first line of a cell), what was read from them
(second line), which way is better, its unit and the rule it is judged by. A text that is not read whole is not read at
all; the reason stands in its place, and the indicator is then *kan inte bedömas*. A target that is not reached is *på
väg* if the line from where it started (a dated baseline, else the first outcome) to the latest outcome, drawn on,
reaches it before the year of the report ends, otherwise *ej uppfyllt*; see `decisions/009-goals-are-read-strictly.md`.
Where no month is said, an outcome is never called late.
"""
_RELATIONS = {
    "not_worse": "minst ingångsvärdet",
    "better": "högre än ingångsvärdet",
    "higher": "högre än ingångsvärdet",
    "lower": "lägre än ingångsvärdet",
    "reduced_by": "lägre än ingångsvärdet med minst",
    "budget": "inte sämre än budget (judged by the ledger)",
    "budget_costs": "kostnadsutveckling inte högre än budget",
}
_DIRECTIONS = {"higher": "higher", "lower": "lower", "state": "a word", "none": "no target"}


def document(register: Register) -> str:
    """The whole file: one section per generation, one row per indicator."""
    parts = [INTRODUCTION]
    for generation in register.generations:
        rows = register.of(generation.code)
        unread = sum(isinstance(each.target, Unread) for each in rows)
        parts.append(
            f"## {generation.label}\n\n{len(rows)} indicators; {len(rows) - unread} targets read, {unread} not.\n\n"
            "| id | indicator | better, unit | target | baseline | measured in | rule |\n"
            "|---|---|---|---|---|---|---|\n" + "\n".join(_row(each) for each in rows) + "\n"
        )
    names = {each.id: each.name for each in register.indicators}
    parts.append(
        "## Crosswalk\n\nReviewed by hand in `data/raw/reference/indicator_crosswalk.csv`. Outcomes of two that are "
        "the *same* become one series; *similar* and *replaced* ones are never joined. An indicator without a row has "
        "no counterpart.\n\n| earlier | later | kind | reason |\n|---|---|---|---|\n"
        + "\n".join(
            f"| {link.earlier} {_cell(names[link.earlier])} | {link.later} {_cell(names[link.later])} | {link.kind} "
            f"| {_cell(link.reason)} |"
            for link in register.links
        )
    )
    return "\n".join(parts).rstrip("\n") + "\n"


def _row(indicator: Indicator) -> str:
    printed = indicator.target_text or "(in the sentence)" if indicator.generation == "2024" else indicator.target_text
    measured = sorted(months_measured(indicator.frequency_text))
    months = (
        ", ".join(MONTH_NAMES[month - 1] for month in measured) if len(measured) < len(MONTH_NAMES) else "every month"
    )
    cells = (
        indicator.id,
        _cell(indicator.name),
        f"{_DIRECTIONS[indicator.direction]}{f', {_cell(indicator.unit)}' if indicator.unit else ''}",
        f"{_cell(printed) or '(blank)'}<br>→ {_cell(_target(indicator))}",
        f"{_cell(indicator.baseline_text) or '(blank)'}<br>→ {_cell(_baseline(indicator.baseline))}",
        months or "not said",
        _cell(rule_of(indicator)),
    )
    return f"| {' | '.join(cells)} |"


def _target(indicator: Indicator) -> str:
    target = indicator.target
    if isinstance(target, Unread):
        return f"not read: {target.reason}"
    if isinstance(target, State):
        return f"state {target.word}"
    if isinstance(target, Threshold):
        return f"{target.comparison} {written(target.value, target.unit or indicator.unit)}"
    return _relation(target)


def _relation(target: Relative) -> str:
    share = f" {written(target.percent, '%')}" if target.percent is not None else ""
    year = f" {target.year}" if target.year else ""
    return f"{_RELATIONS[target.relation]}{year}{share}"


def _baseline(baseline: Baseline | Unread) -> str:
    if isinstance(baseline, Unread):
        return f"not read: {baseline.reason}"
    known = [(each.year, written(each.value, each.unit)) for each in baseline.known]
    parts = [f"{year}: {text}" if year else text for year, text in known]
    parts += [f"state {baseline.state}"] if baseline.state else []
    parts += [f"the outcome of {baseline.deferred_to}"] if baseline.deferred_to else []
    return "; ".join(parts) or baseline.absent


def _cell(text: str) -> str:
    """Text that cannot break the table: no pipes, markup signs or line breaks of its own."""
    plain = " ".join(text.split()).replace(swedish.HARD_SPACE, " ")
    return "".join(f"\\{sign}" if sign in "\\|<>*_`[]" else sign for sign in plain)


def main(target: Path, reference: Path) -> None:
    """Write the file."""
    target.write_text(document(Register.read(reference)), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/indicators.md"), Path("data/raw/reference"))
