"""Shares month by month with the limits of a control chart, and the signals found in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analytics.care_follow_up import SHARE_OF, SHARES, Share
from analytics.measures.care_units import control
from analytics.measures.care_units.control import Chart, Rule
from analytics.measures.care_units.counts import Counts
from analytics.measures.care_units.tables import Cell, finish, row, unit_head
from analytics.measures.catalogue import MeasureTable
from analytics.measures.catalogue.care_units import MISSING_MONTHS, SERIES
from analytics.measures.scope import Data, Scope
from analytics.periods import Period, PeriodRange

RECENT = 12
"""Months in which a signal is still worth telling."""
NO_SIGNAL = "ingen signal"
TOO_SHORT = "för få månader"


@dataclass(frozen=True, slots=True)
class Series:
    """One share of one unit by month, its chart (None with too few months) and the smallest group of any month.

    The mean of the months would give a hidden month away, so a series is shown whole or not at all: ``n`` is the same
    for every month. ``lacking`` are months between the first and the last that the series does not have.
    """

    months: tuple[str, ...]
    values: tuple[float, ...]
    n: int
    chart: Chart | None
    lacking: tuple[str, ...] = ()


def series_of(counts: Counts, share: Share, unit: str) -> Series:
    """The months in which the unit has the share."""
    parts = [(month, counts.part(share, unit, [month])) for month in counts.months_of(unit)]
    found = [(month, part) for month, part in parts if part is not None and part.denominator]
    values = tuple(part.numerator / part.denominator * 100 for _, part in found)
    n = min((part.n for _, part in found if part.n), default=0)
    months = tuple(month for month, _ in found)
    span = PeriodRange(Period.parse(months[0]), Period.parse(months[-1])).months if months else []
    lacking = tuple(month for month in span if month not in months)
    after_gap = [place for place, (one, other) in enumerate(pairwise(months), start=1) if _apart(one, other)]
    least = counts.scope.settings.care_units.least_months
    # The year that is judged takes no part in its own limits, once the months before it are enough.
    before = sum(month < str(counts.scope.period.plus(1 - RECENT)) for month in months)
    baseline = before if before >= least else len(values)
    if len(values) < least or len([place for place in after_gap if place < baseline]) == baseline - 1:
        return Series(months, values, n, None, lacking)
    return Series(months, values, n, control.chart(values, baseline=baseline, after_gap=after_gap), lacking)


def _apart(month: str, later: str) -> bool:
    return Period.parse(month).plus(1) != Period.parse(later)


def words(rules: Sequence[Rule], value: float, chart: Chart) -> str:
    """The rules that fired at a value: ``åtta i rad under medel``."""
    side = "över" if value > chart.centre else "under"
    said: dict[Rule, str] = {
        "outside": f"{side} gränsen",
        "run": f"åtta i rad {side} medel",
        "trend": "sex i rad i samma riktning",
        "near": f"två av tre långt {side} medel",
    }
    return ", ".join(said[rule] for rule in rules)


def care_unit_series(table_id: str, data: Data, scope: Scope) -> MeasureTable:
    """One share of every unit by month, with centre line, limits and the rules that fired.

    Columns: period, care_unit, care_unit_label, column, text, value (per cent), n. Months are those delivered from two
    calendar years before the report year. Source: 003:86-211; decision 014.
    """
    share = SHARE_OF[table_id.removeprefix(SERIES)]
    counts = Counts.of(data, scope)
    rows: list[dict[str, object]] = []
    lacking: set[str] = set()
    for unit, label in counts.units.items():
        series = series_of(counts, share, unit)
        lacking |= set(series.lacking)
        for place, (month, value) in enumerate(zip(series.months, series.values, strict=True)):
            head = {"period": month, "care_unit": unit, "care_unit_label": label}
            rows += row(head, _cells(series, place, value))
    return finish(table_id, rows, period_label=_span(scope), notes=_notes(lacking))


def _cells(series: Series, place: int, value: float) -> dict[str, Cell]:
    chart = series.chart
    lines = {
        "centre": chart.centre if chart else None,
        "low": chart.low if chart else None,
        "high": chart.high if chart else None,
    }
    fired = words(chart.signals[place], value, chart) if chart and chart.signals[place] else None
    return {
        "value": Cell(value, series.n),
        **{name: Cell(line, series.n) for name, line in lines.items()},
        "signal": Cell(None, series.n, fired),
    }


def _span(scope: Scope) -> str:
    return PeriodRange(scope.first_month, scope.period).label


def _notes(lacking: Collection[str]) -> tuple[str, ...]:
    registers = (
        "Personer i register (fast läkarkontakt, vaccinerade, diabetes) är i stort sett desamma månad för månad och "
        "har därför inget sådant diagram."
    )
    whole = "En serie visas hel eller inte alls: en dold månad kunde annars räknas fram ur medelvärdet."
    if not lacking:
        return (whole, registers)
    names = ", ".join(Period.parse(month).label for month in sorted(lacking))
    return (
        whole,
        registers,
        f"{MISSING_MONTHS} {names}. Månader på var sin sida om en lucka räknas inte som månader i rad.",
    )


def care_unit_signals(data: Data, scope: Scope) -> MeasureTable:
    """The latest signal of each series within a year of the report month, with its month and rule.

    Columns: care_unit, care_unit_label, row_type, column (share), text, value (always null), n. Source: decision 014.
    """
    counts = Counts.of(data, scope)
    recent = PeriodRange(scope.period.plus(1 - RECENT), scope.period)
    rows: list[dict[str, object]] = []
    lacking: set[str] = set()
    for unit, label in counts.units.items():
        cells = {}
        for share in SHARES:
            if share.is_summed:
                series = series_of(counts, share, unit)
                lacking |= set(series.lacking)
                cells[share.code] = Cell(None, series.n, _latest(series, recent.months)) if series.values else Cell()
        rows += row(unit_head(unit, label), cells)
    return finish("care_unit_signals", rows, period_label=recent.label, notes=_notes(lacking))


def _latest(series: Series, months: Sequence[str]) -> str:
    if series.chart is None:
        return TOO_SHORT
    for month, value, rules in reversed(list(zip(series.months, series.values, series.chart.signals, strict=True))):
        if rules and month in months:
            return f"{Period.parse(month).label}: {words(rules, value, series.chart)}"
    return NO_SIGNAL
