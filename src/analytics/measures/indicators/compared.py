"""How indicators have moved, and how other units stand on the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from analytics.goals import Indicator, Register, Start, Threshold, limit_of, start_of, written
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.indicators import regions
from analytics.measures.indicators.observed import Reported, has_outcome, in_words, numbers_of, reported, series_of
from analytics.measures.indicators.standing import followed
from analytics.measures.scope import Data, Scope
from analytics.periods import Period

LEAST_POINTS = 2
Cell = tuple[str, str, float | None, int]
"""Column, text, value and n."""


def indicator_history(data: Data, scope: Scope) -> MeasureTable:
    """Outcomes over time of every indicator with at least two, with the value that is the target, if it is one.

    Outcomes of an earlier plan's indicator that the reviewed crosswalk calls the same are part of the series, each
    beside the target of the plan that was in force; the target of today stands in the report month. Columns:
    indicator, indicator_label, period, column (outcome, target), text (as printed, with unit), value, n (the smallest
    group that the outcome tells of, and that the target was computed from). Source: 002:361-363.
    """
    outcomes, register = reported(data, scope), Register.read(scope.reference.folder)
    records: list[tuple[str, str, str, str, str, float | None, int]] = []
    joined = []
    for _, indicator in followed(scope, outcomes):
        series = {each.seen.period: each for each in numbers_of(series_of(register, outcomes, indicator, scope.unit))}
        if len(series) < LEAST_POINTS:
            continue
        chain = register.same_as(indicator.id)
        if len(chain) > 1:
            joined.append(indicator.title)
        for period in sorted({*series, scope.period}):
            cells = _told(series.get(period), indicator)
            cells += _aim(chain, register, list(series.values()), period)
            records += [(indicator.id, indicator.title, str(period), *cell) for cell in cells]
    notes = [f"Utfall från en tidigare plans likadana indikator ingår för: {'; '.join(joined)}."] if joined else []
    return _table("indicator_history", records, scope, notes)


def _told(each: Reported | None, indicator: Indicator) -> list[Cell]:
    return [] if each is None else [("outcome", in_words(each, indicator.unit), each.number, each.n)]


def _aim(chain: Sequence[Indicator], register: Register, series: Sequence[Reported], period: Period) -> list[Cell]:
    """The target of the plan in force in a month, if it is a value; it tells of the outcome that it comes from."""
    indicator = next((each for each in chain if register.generation_of(each).is_valid_in(period)), None)
    if indicator is None:
        return []
    seen = [each.seen for each in series]
    limit = limit_of(indicator, seen, period)
    if not isinstance(limit, Threshold):
        return []
    start = None if isinstance(indicator.target, Threshold) else start_of(indicator, seen, period)
    source = start.observation if isinstance(start, Start) else None
    n = next((each.n for each in series if each.seen is source), 0)
    return [("target", written(limit.value, indicator.unit), float(limit.value), n)]


def indicator_units(data: Data, scope: Scope) -> MeasureTable:
    """The latest outcome of every unit that has reported the same indicator as the unit, and of regions from Kolada.

    Columns: indicator, indicator_label, observed_unit, observed_unit_label, column (outcome, women, men, when), text,
    value, n (the smallest group that the outcome tells of). Women and men stand where Kolada divides by sex. An
    indicator that no other unit has reported is left out. Source: 002:177-179 (outcome per administration in one cell).
    """
    register, outcomes = Register.read(scope.reference.folder), reported(data, scope)
    records: list[tuple[str, str, str, str, str, str, float | None, int]] = []
    for _, indicator in followed(scope, outcomes):
        codes = [each.id for each in register.same_as(indicator.id)]
        units = sorted({each.unit for code in codes for each in outcomes.get(code, []) if has_outcome(each)})
        if len(units) < LEAST_POINTS:
            continue
        for unit in units:
            each = series_of(register, outcomes, indicator, unit)[-1]
            key = (indicator.id, indicator.title, unit, each.label)
            records.append((*key, "outcome", in_words(each, indicator.unit), each.number, each.n))
            records.append((*key, "when", each.seen.period.label, None, 0))
    found = regions.key_figures(data, scope)
    for code, (name, held) in found.items():
        for region in held:
            key = (code, name, region.code, region.label)
            records += [(*key, *cell, 0) for cell in regions.cells(region)]
    return _table("indicator_units", records, scope, [regions.NOTE] if found else [])


def _table(table_id: str, records: Sequence[tuple[Any, ...]], scope: Scope, notes: Sequence[str]) -> MeasureTable:
    spec = TABLES[table_id]
    schema = {**dict.fromkeys((*spec.keys, "text"), pl.String), "value": pl.Float64, "n": pl.Int64}
    frame = pl.DataFrame(records, schema=schema, orient="row")
    return MeasureTable(spec, frame, dict(spec.labels), scope.period.label, tuple(notes))
