"""Goal follow-up (P5) of the demonstration region, 2015 to March 2018.

March 2018 holds what was published for förvaltning 17: the printed texts unchanged, and the shares printed for the
administrations behind them. Values before that are made up, except baselines printed for 2017; each starts where the
plan's own baseline stands. The snapshot of Kolada is made up throughout.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analytics import durable
from analytics.goals import Indicator, Register, Unread
from analytics.goals.frequency import months_measured
from analytics.goals.numerals import clean
from analytics.kolada import FOLDER as KOLADA_FOLDER
from analytics.kolada import Named, Snapshot
from analytics.organisation import Organisation
from analytics.periods import Period
from analytics.progress import Progress
from analytics.reference import Reference
from analytics.sample import indicator_files
from analytics.sample.files import SYNTHETIC_MARK
from analytics.settings import Settings

KPIS = (
    Named("N99901", "Demonstrationsnyckeltal: förtroende för hälso- och sjukvården, andel (%)"),
    Named("N99902", "Demonstrationsnyckeltal: nettokostnad hälso- och sjukvård, kr/inv"),
)
"""Made-up key figures under ids that Kolada does not use, so that no figure of its own is imitated."""
REGIONS = (Named("0010", "Region Blekinge"), Named("0000", "Riket"), Named("0008", "Region Kalmar"))
FOLDER = "stratsys"
OFFICE = "17"
OTHERS = ("10", "18", "20", "30", "40")
REPORTED = Period(2018, 3)
"""The month whose outcomes are published."""
FIRST_YEAR, LAST_YEAR = 2015, 2017
WORKBOOKS = (Period(2016, 12), Period(2017, 12))
"""Months that come as workbooks; the others come as text."""
PRINTED_SHARES = "2018-03"
ADMINISTRATIONS = {"PV": "20", "BLS": "10", "PSH": "30"}
"""Abbreviations of the printed outcome of one indicator: which administration each share belongs to."""
SHARED = ("2015-35", "2015-36", "2015-37", "2015-38", "2015-39", "2015-40", "2015-41", "2015-43")
"""Indicators of the plan of 2015 that every administration reports; the others are those of the office."""
YEARLY_GAIN = {"2015-38": 4.0, "2015-39": 5.0, "2015-40": 6.0, "2015-41": 1.5, "2015-42": 2.0, "2015-45": 14.0}
LEVELS = {"2015-35": 100.4, "2015-36": 2.6, "2015-37": 2.9}
WIDTHS = {"2015-35": 1.2, "2015-36": 0.8, "2015-37": 0.8}
HEADS = {"17": 20, "10": 74, "18": 18, "20": 32, "30": 38, "40": 26}
"""Made-up numbers of managers, so that one share comes with its parts."""
BASELINES_OF_2017 = {"2018-16": "57,9", "2018-17": "50 %", "2018-18": "70,1"}
"""Printed as baselines for 2017 (002:362, 363, 380)."""
MADE_UP = "Påhittat utfall för demonstrationsregionen.\nIngen verksamhet har rapporterat det."
_STREAM = 1_907


@dataclass(frozen=True, slots=True)
class _Row:
    unit: str
    indicator: Indicator
    period: Period
    outcome: str = ""
    forecast: str = ""
    comment: str = ""


def write_indicators(  # noqa: PLR0913
    out: Path,
    *,
    settings: Settings,
    reference: Reference,  # noqa: ARG001 - every writer is called alike
    organisation: Organisation,
    scale: int,  # noqa: ARG001 - the plans have so many indicators, whatever the size of the region
    seed: int,
    progress: Progress,
) -> None:
    """Write ``stratsys/stratsys_indikatorer_ÅÅÅÅMM`` (txt or xlsx) and a snapshot of Kolada below ``out``.

    Args:
        out: Folder of the raw extracts.
        settings: Where the register is.
        reference: Unused.
        organisation: Names of the administrations.
        scale: Unused.
        seed: The same seed gives the same files.
        progress: One step per file.
    """
    register = Register.read(settings.paths.reference)
    rng = np.random.default_rng([seed, _STREAM])
    history = list(_history(register, rng))
    deliveries: dict[Period, list[_Row]] = {}
    for row in history:
        deliveries.setdefault(row.period, []).append(row)
    deliveries[REPORTED] = [*_published(register), *_baselines(register, history)]
    progress.start(len(deliveries), "Måluppföljning")
    for period, rows in sorted(deliveries.items()):
        cells = [_cells(row, organisation) for row in rows]
        stem = out / FOLDER / f"stratsys_indikatorer_{period.compact}"
        if period in WORKBOOKS:
            indicator_files.write_sheet(stem.with_suffix(".xlsx"), cells)
        else:
            indicator_files.write_text(stem.with_suffix(".txt"), cells)
        progress.step(period.label)
    durable.replace(out / KOLADA_FOLDER / f"kolada_{REPORTED.compact}.json", _kolada(rng).render())


def _kolada(rng: np.random.Generator) -> Snapshot:
    """A snapshot as version 3 gives it: years as numbers, values per sex, a missing one with its status."""
    values = []
    for kpi, level, step in zip(KPIS, (58.0, 24_000.0), (0.9, 520.0), strict=True):
        for region in REGIONS:
            shift = rng.normal(0, step)
            for year in range(FIRST_YEAR - 1, LAST_YEAR + 1):
                total = level + shift + step * (year - FIRST_YEAR) + rng.normal(0, step / 3)
                is_missing = kpi is KPIS[0] and region.id == "0008" and year == LAST_YEAR
                sexes = {"K": 1.01, "M": 0.99, "T": 1.0} if kpi is KPIS[0] else {"T": 1.0}
                values.append(
                    {
                        "kpi": kpi.id,
                        "municipality": region.id,
                        "period": year,
                        "values": [
                            {
                                "gender": sex,
                                "count": 0 if is_missing else 1,
                                "status": "Missing" if is_missing else "",
                                "value": None if is_missing else round(total * factor, 1),
                                "isdeleted": False,
                            }
                            for sex, factor in sexes.items()
                        ],
                    }
                )
    return Snapshot(
        notice=SYNTHETIC_MARK,
        version="v3",
        address="https://api.kolada.se",
        fetched="2018-04-10T08:00:00+00:00",
        kpis=KPIS,
        municipalities=REGIONS,
        values=tuple(values),
    )


def _published(register: Register) -> Iterator[_Row]:
    """The outcomes of March 2018 as printed: running text is the unit's own forecast, shares are outcomes."""
    for indicator in register.of("2018"):
        yield _Row(OFFICE, indicator, REPORTED, forecast=indicator.outcome_text)
        if indicator.id == PRINTED_SHARES:
            for part in indicator.outcome_text.split(" | "):
                name, _, outcome = part.partition(" ")
                yield _Row(ADMINISTRATIONS[name], indicator, REPORTED, outcome=outcome)


def _baselines(register: Register, history: Sequence[_Row]) -> Iterator[_Row]:
    """What the plan of 2018 is compared with: the outcomes of 2017, printed ones and the index made up above."""
    december = Period(LAST_YEAR, 12)
    wanted = (OFFICE, "2015-41", december)
    engagement = next(row for row in history if (row.unit, row.indicator.id, row.period) == wanted)
    outcomes = {**BASELINES_OF_2017, "2018-15": engagement.outcome}
    for indicator in register.of("2018"):
        if indicator.id in outcomes:
            yield _Row(OFFICE, indicator, december, outcome=outcomes[indicator.id])


def _history(register: Register, rng: np.random.Generator) -> Iterator[_Row]:
    """Made-up outcomes of the plan of 2015, in the months its frequencies say."""
    for indicator in register.of("2015"):
        months = sorted(months_measured(indicator.frequency_text) or ({12} if indicator.unit else ()))
        units = (OFFICE, *OTHERS) if indicator.id in SHARED else (OFFICE,)
        for unit in units:
            shift = 0.0 if unit == OFFICE else rng.uniform(-8.0, 6.0)
            answered = int(rng.integers(0, 9))
            for year in range(FIRST_YEAR, LAST_YEAR + 1):
                for month in months:
                    period = Period(year, month)
                    outcome = _outcome(indicator, unit, period, shift, answered, rng)
                    if outcome:
                        yield _Row(unit, indicator, period, outcome, comment=MADE_UP)


def _outcome(  # noqa: PLR0913, PLR0917 - what one made-up figure depends on
    indicator: Indicator, unit: str, period: Period, shift: float, answered: int, rng: np.random.Generator
) -> str:
    years = period.year - FIRST_YEAR + period.month / 12
    if indicator.direction == "state":
        stage = answered + 4 * (period.year - FIRST_YEAR)
        return "Ja" if stage > 7 else "Delvis" if stage > 4 else "Nej"
    if indicator.unit == "antal":
        return str(min(int(years * 1.4 + answered / 8), 6))
    if indicator.id in LEVELS:
        return f"{LEVELS[indicator.id] + rng.normal(0, WIDTHS[indicator.id]) + shift / 10:.1f}".replace(".", ",") + " %"
    if indicator.id not in YEARLY_GAIN:
        return ""
    start = _start(indicator)
    value = min(start + YEARLY_GAIN[indicator.id] * years + shift + rng.normal(0, 1.0), 100.0)
    if indicator.id == "2015-38":
        # The plan of 2018 prints half of the managers of the office as the baseline of 2017.
        share = 0.5 if (unit, period.year) == (OFFICE, LAST_YEAR) else value / 100
        return f"{round(HEADS[unit] * share)} av {HEADS[unit]}"
    return f"{value:.0f}" if indicator.unit == "index" else f"{value:.0f} %"


def _start(indicator: Indicator) -> float:
    known = () if isinstance(indicator.baseline, Unread) else indicator.baseline.known
    return float(known[-1].value)


def _cells(row: _Row, organisation: Organisation) -> tuple[str, ...]:
    indicator = row.indicator
    return (
        organisation.administration(row.unit, row.period).label,
        indicator.goal_area,
        indicator.goal,
        indicator.name,
        indicator.baseline_text,
        indicator.target_text,
        row.outcome,
        row.forecast,
        "",
        row.comment,
        clean(indicator.frequency_text),
        clean(indicator.source_text),
        row.period.last_day.isoformat(),
    )
