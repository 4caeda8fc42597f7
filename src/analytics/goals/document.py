"""``docs/indicators.md``: what was read from each indicator's texts, from the register (``python -m`` this module)."""

from __future__ import annotations

import sys
from pathlib import Path

from analytics import swedish
from analytics.goals import Baseline, Indicator, Register, Relative, State, Threshold, Unread, rule_of
from analytics.goals.frequency import months_measured
from analytics.goals.model import Known
from analytics.periods import MONTH_NAMES

INTRODUCTION = """# Indicators

Written from `data/raw/reference/indicators.csv` by `python -m analytics.goals.document`; change it there.

Every indicator of the four plan generations with its printed texts (first line of a cell), what was read from them
(second line) and the rule it is judged by. A text that is not read whole is not read at all; the reason stands in its
place, and the indicator is then *kan inte bedömas*. A target that is not reached is *på väg* if the line from the first
known value to the latest, drawn on, reaches it before the year ends, otherwise *ej uppfyllt*.
"""
_RELATIONS = {
    "not_worse": "minst ingångsvärdet",
    "better": "högre än ingångsvärdet",
    "higher": "högre än ingångsvärdet",
    "lower": "lägre än ingångsvärdet",
    "reduced_by": "lägre än ingångsvärdet med minst",
    "budget": "inte sämre än budget",
}


def document(register: Register) -> str:
    """The whole file: one section per generation, one row per indicator."""
    parts = [INTRODUCTION]
    for generation in register.generations:
        rows = register.of(generation.code)
        unread = sum(isinstance(each.target, Unread) for each in rows)
        parts.append(
            f"## {generation.label}\n\n{len(rows)} indicators; {len(rows) - unread} targets read, {unread} not.\n\n"
            "| id | indicator | target | baseline | measured in | rule |\n|---|---|---|---|---|---|\n"
            + "\n".join(_row(each) for each in rows)
            + "\n"
        )
    parts.append("## Crosswalk\n\n| earlier | later | kind | reason |\n|---|---|---|---|\n")
    parts[-1] += "\n".join(
        f"| {link.earlier} | {link.later} | {link.kind} | {_cell(link.reason)} |" for link in register.links
    )
    return "\n".join(parts).rstrip("\n") + "\n"


def _row(indicator: Indicator) -> str:
    printed = indicator.target_text or "(in the sentence)" if indicator.generation == "2024" else indicator.target_text
    months = ", ".join(MONTH_NAMES[month - 1] for month in sorted(months_measured(indicator.frequency_text)))
    cells = (
        indicator.id,
        _cell(indicator.name),
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
        return f"{target.comparison} {_written(Known(target.value, target.unit or indicator.unit))}"
    return _relation(target)


def _relation(target: Relative) -> str:
    share = f" {_written(Known(target.percent, '%'))}" if target.percent is not None else ""
    year = f" {target.year}" if target.year else ""
    return f"{_RELATIONS[target.relation]}{year}{share}"


def _baseline(baseline: Baseline | Unread) -> str:
    if isinstance(baseline, Unread):
        return f"not read: {baseline.reason}"
    parts = [f"{each.year}: {_written(each)}" if each.year else _written(each) for each in baseline.known]
    parts += [f"state {baseline.state}"] if baseline.state else []
    parts += [f"the outcome of {baseline.deferred_to}"] if baseline.deferred_to else []
    return "; ".join(parts) or baseline.absent


def _written(known: Known) -> str:
    decimals = next((places for places in range(3) if known.value * 10**places % 1 == 0), 1)
    text = swedish.number(float(known.value), decimals)
    return text if known.unit in ("", "antal", "index") else f"{text} {known.unit}"


def _cell(text: str) -> str:
    """Text that cannot break the table: no pipes, markup signs or line breaks of its own."""
    plain = " ".join(text.split()).replace(swedish.HARD_SPACE, " ")
    return "".join(f"\\{sign}" if sign in "\\|<>*_`[]" else sign for sign in plain)


def main(target: Path, reference: Path) -> None:
    """Write the file."""
    target.write_text(document(Register.read(reference)), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/indicators.md"), Path("data/raw/reference"))
