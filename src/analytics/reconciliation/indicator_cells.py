"""Printed tables of indicators against the register and the loaded observations: every printed text and number.

A cell that is one number is compared with the number that was read from it; any other is a text and is compared as one.
Baselines and targets are those of the register, whatever the report; outcomes are those of the plan and the month that
were published, from the observations of the unit.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from analytics import swedish
from analytics.errors import DeliveryUnreadableError, LayoutError, Location
from analytics.goals import Indicator, Register, Threshold, Unread
from analytics.goals.numerals import clean
from analytics.periods import Period
from analytics.reconciliation import printed
from analytics.reconciliation.comparison import Compared

_AREA = {"goal area": "goal_area", "goal": "goal"}
_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "2015": {
        **_AREA, "superior goal": "ls_goal", "name": "measure", "baseline": "baseline_text", "target": "target_text",
        "frequency": "reporting_and_source", "source": "reporting_and_source",
    },
    "2018": {
        **_AREA, "name": "indicator", "baseline": "baseline_text", "target": "target_text", "outcome": "outcome_text",
    },
    "2019": {
        "goal area": "perspective", "goal": "goal", "name": "indicator", "baseline": "baseline_text",
        "target": "target_text", "frequency": "frequency_text", "source": "source_text", "footnote": "footnote_text",
    },
    "2024": {"goal area": "goal", "goal": "area", "name": "what_to_follow_up", "target": "threshold_value"},
}  # fmt: skip
_KEPT: Mapping[str, Callable[[Indicator], str]] = {
    "goal area": lambda indicator: indicator.goal_area,
    "superior goal": lambda indicator: indicator.superior_goal,
    "goal": lambda indicator: indicator.goal,
    "frequency": lambda indicator: indicator.frequency_text,
    "source": lambda indicator: indicator.source_text,
    "footnote": lambda indicator: indicator.footnote,
}
"""What is compared as a text, whatever stands in it."""
"""Plan generation → what is compared → column of its printed table."""
OUTCOMES = {"2018": Period(2018, 3)}
"""The month whose outcomes a printed table holds (002:146-535)."""
PARTS = {"PV": "20", "BLS": "10", "PSH": "30"}
"""Administrations as one printed outcome abbreviates them; its parts stand between bars (002:177-179)."""
ABSENT = "not in the register"
NO_OUTCOME = "no outcome is loaded"
NOT_READ = "no number was read"
BLANK = "blank"


@dataclass(frozen=True, slots=True)
class _Line:
    """One printed row with its indicator."""

    file: str
    number: int
    record: Mapping[str, str]
    indicator: Indicator | None

    def compared(self, what: str, text: str, package: str, *, same: bool) -> Compared:
        named = self.indicator.id if self.indicator else ABSENT
        where = f"rad {self.number}: {named} · {what}, källrad {self.record['seed_line']}"
        is_text = bool(text) and printed.parse(clean(text)) is None
        return Compared(
            file=self.file,
            location=where,
            printed=text or BLANK,
            package=package,
            verdict="matched" if same else "differs",
            proof="",
            blank=not text,
            protected=False,
            text=is_text,
        )


def compare(
    folder: Path, register: Register, observations: pl.LazyFrame, *, period: Period, unit: str
) -> tuple[Compared, ...]:
    """Compare the printed tables of indicators that the folder holds.

    Args:
        folder: published tables; ``indicators_<generation>.csv`` are looked at.
        register: the indicators as the package knows them.
        observations: the processed table ``indicators``.
        period: the report month; outcomes are compared only where they were published for it.
        unit: administration code; outcomes are compared only for the unit that they were published for.

    Raises:
        DeliveryUnreadableError, LayoutError: a file cannot be read or lacks its columns.
    """
    cells: list[Compared] = []
    for generation, columns in _COLUMNS.items():
        file = folder / f"indicators_{generation}.csv"
        if not file.is_file():
            continue
        of_month = (
            observations.filter((pl.col("delivery") == str(period)) & (pl.col("period") == str(period)))
            .collect()
            .to_dicts()
            if OUTCOMES.get(generation) == period
            else []
        )
        for line in _lines(file, register.of(generation), tuple(columns.values())):
            cells += _declared(line, columns)
            is_published = OUTCOMES.get(generation) == period and line.indicator is not None
            if is_published and line.indicator is not None and line.indicator.responsible == unit:
                cells += _observed(line, line.record[columns["outcome"]], of_month, unit)
    return tuple(cells)


def _lines(file: Path, indicators: Sequence[Indicator], columns: tuple[str, ...]) -> Iterator[_Line]:
    """The printed rows, each with the indicator that the register takes from the same lines of the document."""
    try:
        reader = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline=""))
    except (OSError, UnicodeDecodeError):
        raise DeliveryUnreadableError(
            "the published table cannot be read", where=Location(file), action="Save it as CSV UTF-8."
        ) from None
    missing = [name for name in (*columns, "seed_line") if name not in (reader.fieldnames or ())]
    if missing:
        raise LayoutError(
            f"the file lacks {', '.join(missing)}", where=Location(file), action="Use the published columns."
        )
    by_source: dict[str, list[Indicator]] = defaultdict(list)
    for indicator in indicators:
        by_source[indicator.source_lines.partition(":")[2]].append(indicator)
    for number, record in enumerate(reader, start=2):
        texts = {name: (value or "").strip() for name, value in record.items() if isinstance(value, str | None)}
        # Two rows of one passage come in the same order in both.
        waiting = by_source[texts["seed_line"].replace(";", ",")]
        yield _Line(file.name, number, texts, waiting.pop(0) if waiting else None)


def _declared(line: _Line, columns: Mapping[str, str]) -> Iterator[Compared]:
    for what, column in columns.items():
        if what == "outcome":
            continue
        text = line.record[column]
        if line.indicator is None:
            yield line.compared(what, text, ABSENT, same=False)
            continue
        if what == "name":
            # A goal that is printed without a measure is followed up under its own words.
            text = text or line.record["goal"]
            same = clean(text) == clean(line.indicator.name)
            yield line.compared(what, text, line.indicator.name or BLANK, same=same)
            continue
        if what in _KEPT:
            kept = _KEPT[what](line.indicator)
            yield line.compared(what, text, kept or BLANK, same=clean(text) == clean(kept))
            continue
        figure = printed.parse(clean(text))
        held = _number(line.indicator, what)
        if figure is not None:
            package = NOT_READ if held is None else _written(held)
            yield line.compared(what, text, package, same=held == Fraction(figure.value))
        elif line.indicator.generation == "2024":
            # A blank in the column of values: the sentence gives none.
            yield line.compared(what, text, BLANK if held is None else _written(held), same=held is None)
        else:
            kept = line.indicator.baseline_text if what == "baseline" else line.indicator.target_text
            yield line.compared(what, text, kept or BLANK, same=clean(text) == clean(kept))


def _number(indicator: Indicator, what: str) -> Fraction | None:
    """The one number that was read from the baseline or the target."""
    if what == "target":
        return indicator.target.value if isinstance(indicator.target, Threshold) else None
    baseline = indicator.baseline
    return baseline.known[0].value if not isinstance(baseline, Unread) and len(baseline.known) == 1 else None


def _observed(line: _Line, text: str, observations: Sequence[Mapping[str, Any]], unit: str) -> Iterator[Compared]:
    indicator = line.indicator.id if line.indicator else ""
    found = {row["observed_unit"]: row for row in observations if row["indicator"] == indicator and row["sex"] == "T"}
    own = found.get(unit)
    said = (own["forecast"] or own["state"] or "") if own else ""
    yield line.compared("outcome", text, said or NO_OUTCOME, same=bool(own) and clean(said) == clean(text))
    for part in text.split(" | ") if " | " in text else ():
        name, _, outcome = part.partition(" ")
        row = found.get(PARTS.get(name, ""))
        figure = printed.parse(outcome)
        if row is None:
            yield line.compared(f"outcome {name}", outcome, NO_OUTCOME, same=False)
        elif figure is None:
            yield line.compared(f"outcome {name}", outcome, row["state"] or NO_OUTCOME, same=row["state"] == outcome)
        else:
            value = row["value"]
            same = value is not None and Fraction(str(value)) == Fraction(figure.value)
            yield line.compared(f"outcome {name}", outcome, NO_OUTCOME if value is None else _written(value), same=same)


def _written(value: Fraction | float) -> str:
    exact = Fraction(str(value)) if isinstance(value, float) else value
    decimals = next((places for places in range(4) if exact * 10**places % 1 == 0), 4)
    return swedish.number(float(exact), decimals)
